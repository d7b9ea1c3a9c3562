"""What passes between a world (pure logic) and the HTTP server that drives it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any, Literal

Json = dict[str, Any]
JSON_TYPE = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Now:
    """One instant on both clocks.

    ``wall`` is Unix seconds and is never scaled: signatures and rate limits live on it.
    ``scaled`` is seconds since the double started, times the time scale: segments, retries and bills.
    """

    wall: float
    scaled: float


@dataclass(frozen=True)
class Request:
    """One HTTP request, bodies unparsed."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = attribute(default_factory=dict)
    body: bytes = b""

    def header(self, name: str) -> str:
        """Value of a header, whatever its case; empty when absent."""
        return next((v for k, v in self.headers.items() if k.lower() == name.lower()), "")

    def params(self) -> dict[str, str]:
        """The query with the first value of each name (names are case-sensitive)."""
        found: dict[str, str] = {}
        for name, value in self.query:
            found.setdefault(name, value)
        return found


@dataclass(frozen=True)
class Reply:
    """What to send back: after ``hold`` real seconds, and nothing at all when ``cut`` is set."""

    status: int = 200
    body: str = ""
    content_type: str = JSON_TYPE
    hold: float = 0.0
    cut: Literal["", "close", "reset"] = ""

    @staticmethod
    def of(payload: Any, status: int = 200) -> Reply:
        """A JSON answer; non-ASCII text stays readable, as in the vendors' samples."""
        return Reply(status, json.dumps(payload, ensure_ascii=False))


@dataclass
class Verdict:
    """What a double thought of a call; for the journal only. ``ok`` None: it was not looked at."""

    ok: bool | None = True
    code: int | None = None
    field: str | None = None
    message: str = ""
    warnings: list[str] = attribute(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    """An answer with the reasons for it."""

    reply: Reply
    verdict: Verdict


@dataclass(frozen=True)
class Push:
    """One attempt to deliver one callback. ``copy`` > 0 marks a duplicate whose result decides nothing.

    ``timeout`` is in real seconds, ``sent`` the scaled second of sending. ``wants_body``: the world reads what the
    receiver answers (``world.ReadsAnswers``).
    """

    delivery: int
    attempt: int
    copy: int
    url: str
    body: str
    content_type: str
    timeout: float
    sent: float
    headers: Mapping[str, str] = attribute(default_factory=dict)
    wants_body: bool = False
