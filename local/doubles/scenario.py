"""Scripted speech: who says what, when, and how the vendor would judge it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped, unused-ignore]

from local.doubles.model import Json
from local.doubles.settings import BadField

MEDIA = ("audio", "image")
LEVELS = ("PASS", "REVIEW", "REJECT")
NUMBER = (int, float)


@dataclass(frozen=True)
class Line:
    """Something said ``at`` seconds after the task (or the room) began, again ``every`` so many seconds.

    ``media`` image: something shown instead, which only frames of a video see; its ``text`` is what can be read.
    """

    at: float
    speaker: str = "user-1"
    text: str = ""
    risk_level: str = "PASS"
    risk_type: int | None = None
    score: int | None = None
    every: float | None = None
    risk_desc: str | None = None
    matched_item: str | None = None
    matched_list: str | None = None
    risk_source: int | None = None
    sing: bool = False
    language: int = 0
    detail: Json = field(default_factory=dict)
    media: str = "audio"

    def heard_in(self, start: float, end: float) -> bool:
        """Whether it is said in [start, end)."""
        if self.every is None or start <= self.at:
            return start <= self.at < end
        # First repetition that is not before the window.
        rounds = -(-(start - self.at) // self.every)
        return self.at + rounds * self.every < end


@dataclass(frozen=True)
class Ends:
    """The stream ends by itself, for every task or only for the room's first."""

    at: float
    error_code: int | None = None
    once: bool = False


@dataclass(frozen=True)
class Script:
    """What goes on in one room or stream: what is said (``lines``) and what is shown (``images``).

    ``speakers`` maps users to their stream ids.
    """

    lines: tuple[Line, ...] = ()
    ends: tuple[Ends, ...] = ()
    speakers: dict[str, str] = field(default_factory=dict)
    clock: str = "task"
    images: tuple[Line, ...] = ()

    def stream_of(self, speaker: str) -> str:
        """The stream a user publishes."""
        return self.speakers.get(speaker, f"stream-{speaker}")

    def voices(self) -> list[str]:
        """Everybody with a stream, silent ones included; somebody always is there."""
        named = dict.fromkeys([*self.speakers, *(line.speaker for line in self.lines + self.images)])
        return list(named) or ["user-1"]


SILENCE = Script()


@dataclass(frozen=True)
class Scenario:
    """Scripts by room id, stream id or ``*``."""

    name: str = "silence"
    rooms: dict[str, Script] = field(default_factory=dict)

    def find(self, names: Iterable[str | None]) -> Script:
        """The script of the first name that has one, else ``*``, else silence."""
        for name in (*names, "*"):
            if name is not None and name in self.rooms:
                return self.rooms[name]
        return SILENCE


def parse(document: Any) -> Scenario:
    """From YAML or JSON already decoded; raises BadField."""
    _object("scenario", document, {"name": str, "rooms": dict, "description": str})
    rooms = document.get("rooms", {})
    scripts = {str(name): _script(f"rooms.{name}", script) for name, script in rooms.items()}
    return Scenario(document.get("name", "unnamed"), scripts)


def load(path: Path) -> Scenario:
    """From a file."""
    return parse(yaml.safe_load(path.read_text("utf-8")))


def _script(where: str, script: Any) -> Script:
    _object(where, script, {"lines": list, "ends": (dict, list), "speakers": dict, "clock": str})
    clock = script.get("clock", "task")
    if clock not in ("task", "room"):
        raise BadField(f"{where}.clock", "must be task or room")
    ends = script.get("ends", [])
    many = ends if isinstance(ends, list) else [ends]
    lines = [_line(f"{where}.lines[{i}]", line) for i, line in enumerate(script.get("lines", []))]
    return Script(
        tuple(line for line in lines if line.media == "audio"),
        tuple(_ends(f"{where}.ends[{i}]", end) for i, end in enumerate(many)),
        {str(user): str(stream) for user, stream in script.get("speakers", {}).items()},
        clock,
        tuple(line for line in lines if line.media == "image"),
    )


def _line(where: str, line: Any) -> Line:
    kinds: dict[str, Any] = {f.name: str for f in dataclasses.fields(Line)}
    kinds |= {"at": NUMBER, "every": NUMBER, "speaker": (str, int), "sing": bool, "detail": dict}
    kinds |= dict.fromkeys(("risk_type", "score", "risk_source", "language"), int)
    _object(where, line, kinds)
    if "at" not in line:
        raise BadField(f"{where}.at", "is required")
    if line.get("every", 1) <= 0:
        raise BadField(f"{where}.every", "must be positive")
    level = line.get("risk_level", "PASS")
    if level not in LEVELS:
        raise BadField(f"{where}.risk_level", f"must be one of {list(LEVELS)}")
    if "score" in line and level != "REJECT":
        raise BadField(f"{where}.score", "exists for REJECT only")
    if line.get("media", "audio") not in MEDIA:
        raise BadField(f"{where}.media", f"must be one of {list(MEDIA)}")
    return Line(**(line | {"speaker": str(line.get("speaker", "user-1"))}))


def _ends(where: str, ends: Any) -> Ends:
    _object(where, ends, {"at": NUMBER, "error_code": (int, type(None)), "once": bool})
    if "at" not in ends:
        raise BadField(f"{where}.at", "is required")
    return Ends(**ends)


def _object(where: str, value: Any, kinds: dict[str, Any]) -> None:
    if not isinstance(value, dict):
        raise BadField(where, "must be an object")
    for name, entry in value.items():
        if name not in kinds:
            raise BadField(f"{where}.{name}", f"unknown; known are {sorted(kinds)}")
        if not isinstance(entry, kinds[name]) or (isinstance(entry, bool) and kinds[name] is not bool):
            raise BadField(f"{where}.{name}", "has the wrong type")
