"""One call, and why it is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any

from local.doubles.model import Json, Now, Request


@dataclass(frozen=True, eq=False)
class Refusal(Exception):
    """A code, the field it is about if there is one, and what the answer tells beside them."""

    code: int
    message: str = ""
    field: str | None = None
    data: Json = attribute(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where a call went: an operation of fault orders, and the task that the path names."""

    operation: str
    task_id: str = ""


@dataclass
class Call:
    """``forget``: answer as if it had been done, and leave no trace."""

    place: Place
    request: Request
    body: Any
    now: Now
    forget: bool
    warnings: list[str]


def decode(raw: bytes) -> Any:
    """The body as JSON whatever its content type; text that is no JSON stays text."""
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return raw.decode("utf-8", "replace")


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
