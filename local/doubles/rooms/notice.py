"""A webhook before and after it is signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from local.doubles.model import Json, Now


@dataclass(frozen=True)
class Notice:
    """What a webhook says. ``event`` is the platform's name of it, ``once``: an address check, never repeated."""

    event: str
    app_id: str
    content: Json
    kind: str = ""
    room: str = ""
    user: str = ""
    once: bool = False


@dataclass(frozen=True)
class Attempt:
    """Which attempt of which webhook it is, for clouds that stamp each afresh. ``serial`` never repeats."""

    delivery: int
    number: int
    serial: int
    first: Now
    now: Now


@dataclass(frozen=True)
class Sealed:
    """What goes over the wire."""

    body: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
