"""Talks to the admin routes of a vendor double (local/doubles/README.md)."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class DoubleAdmin:
    """One double, by its address in ``stack.json``."""

    address: str

    def get(self, what: str) -> Json:
        """``state``, ``journal``, ``settings`` …"""
        return self._ask(urllib.request.Request(f"{self.address}/_double/{what}"))

    def post(self, what: str, body: Any) -> Json:
        """``faults``, ``scenario``, ``tasks/{id}/end`` …"""
        return self._ask(urllib.request.Request(f"{self.address}/_double/{what}", json.dumps(body).encode()))

    def delete(self, what: str) -> Json:
        """``faults``, ``journal``."""
        return self._ask(urllib.request.Request(f"{self.address}/_double/{what}", method="DELETE"))

    def _ask(self, request: urllib.request.Request) -> Json:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)  # type: ignore[no-any-return]
