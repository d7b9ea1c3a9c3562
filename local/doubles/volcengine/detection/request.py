"""What a start says (page "StartDetection")."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from local.doubles.model import Json, Request
from local.doubles.volcengine.detection.settings import DetectionSettings

FRAMES, SOUND, BOTH = 1, 2, 3
RANGES = {"Interval": (100, 600_000, 2000), "Duration": (1000, 600_000, 20_000), "IdleSec": (1, 10_800, 180)}
"""Least, most, default; the first two in milliseconds, the last in seconds."""


class Wrong(Exception):
    """A refusal of the RTC service itself: a ``Code`` and no ``CodeN``."""

    def __init__(self, field: str, message: str, code: str = "InvalidParameter") -> None:
        super().__init__(f"{field}: {message}")
        self.field, self.message, self.code = field, message, code


@dataclass(frozen=True)
class Target:
    """A room, or one user of it (``user`` set)."""

    app_id: str
    room_id: str
    user: str


@dataclass(frozen=True)
class Wish:
    """One start, judged. ``interval`` and ``duration`` in seconds; ``callback`` empty: nothing is delivered."""

    target: Target
    callback: str
    everything: bool
    media: int
    interval: float
    duration: float
    idle: float


def body_of(request: Request) -> Json:
    """The JSON object of a POST."""
    try:
        found = json.loads(request.body)
    except ValueError:
        raise Wrong("body", "is not JSON") from None
    if not isinstance(found, dict):
        raise Wrong("body", "is not a JSON object")
    return found


def target_of(said: Json) -> Target:
    """``AppId``, ``RoomId`` and perhaps ``UserId``."""
    for name in ("AppId", "RoomId", "UserId"):
        value = said.get(name, "")
        if not isinstance(value, str):
            raise Wrong(name, "must be a string")
        if not value and name != "UserId":
            raise Wrong(name, "is missing")
    return Target(said["AppId"], said["RoomId"], said.get("UserId", ""))


def wish_of(said: Json, settings: DetectionSettings, warnings: list[str]) -> Wish:
    """Judge a start; raises Wrong."""
    target = target_of(said)
    kind = _whole(said, "CallbackType", 0)
    media = _whole(said, "MediaType", BOTH)
    for name, value, allowed in (("CallbackType", kind, (0, 1)), ("MediaType", media, (1, 2, 3))):
        if value not in allowed:
            raise Wrong(name, f"must be one of {list(allowed)}")
    times = {name: _time(said, name, settings) for name in RANGES}
    return Wish(
        target,
        _callback(said, settings, warnings),
        kind == 1,
        media,
        times["Interval"] / 1000,
        times["Duration"] / 1000,
        float(times["IdleSec"]),
    )


def _whole(said: Json, name: str, default: int) -> int:
    value: Any = said.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Wrong(name, "must be an integer")
    return value


def _time(said: Json, name: str, settings: DetectionSettings) -> int:
    least, most, default = RANGES[name]
    value = _whole(said, name, default)
    clamped = min(max(value, least), most)
    if value != clamped and settings.detection_out_of_range == "refuse":
        raise Wrong(name, f"must be between {least} and {most}")
    return clamped


def _callback(said: Json, settings: DetectionSettings, warnings: list[str]) -> str:
    """An address that is none is no error: the audit runs and nothing is delivered."""
    text = said.get("Callback", "")
    if not isinstance(text, str):
        raise Wrong("Callback", "must be a string")
    if not text:
        text = settings.console_callback
        warnings += [] if text else ["Callback is empty: nothing will be delivered"]
        return text
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme in ("http", "https") and parts.hostname:
        return text
    warnings.append("Callback is no address: nothing will be delivered")
    return ""
