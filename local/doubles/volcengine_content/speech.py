"""From a script to the slices and frames of one task."""

from __future__ import annotations

from dataclasses import dataclass

from local.doubles.scenario import Line, Script
from local.doubles.volcengine_content.task import AUDIO, Slice, Task

RANK = {"PASS": 0, "REVIEW": 1, "REJECT": 2}


@dataclass(frozen=True)
class Window:
    """The same seconds on two clocks: of the task, and of the script (``offset`` later)."""

    number: int
    media: str
    starts: float
    ends: float
    offset: float


def slices(task: Task, script: Script, window: Window) -> list[Slice]:
    """One per user of a room, silent ones included, or one of everybody for an address."""
    span = (window.starts + window.offset, window.ends + window.offset)
    lines = script.lines if window.media == AUDIO else script.images
    said = [x for x in lines if x.heard_in(*span)]
    return [
        _slice(task, window, user, [x for x in said if not user or x.speaker == user])
        for user in _users(task, script)
    ]


def _users(task: Task, script: Script) -> list[str]:
    """``UserId`` says that rooms are split by user [I]; whose an address is nobody can tell."""
    if not task.target.platform:
        return [""]
    voices = script.voices()
    wanted = task.target.stream_id
    return [one for one in voices if script.stream_of(one) == wanted] or [""] if wanted else voices


def _slice(task: Task, window: Window, user: str, said: list[Line]) -> Slice:
    worst = max(said, key=lambda line: RANK[line.risk_level], default=None)
    text = "，".join(line.text for line in said if line.text)
    name = "-".join([task.id, window.media, *([user] if user else []), str(window.number)])
    return Slice(window.number, name, window.media, user, window.starts, window.ends, text, worst)
