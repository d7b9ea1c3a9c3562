"""From a script to the segments that one task hears."""

from __future__ import annotations

from dataclasses import dataclass

from local.doubles.scenario import Line, Script
from local.doubles.shumei.segment import Segment
from local.doubles.shumei.settings import ShumeiSettings
from local.doubles.shumei.task import Task


@dataclass(frozen=True)
class Slice:
    """The same ten seconds on three clocks: number in the stream, seconds of the script, Unix seconds."""

    number: int
    script_starts: float
    length: float
    wall_ends: float


def slice_of(task: Task, number: int, origin: float, wall: float, settings: ShumeiSettings) -> Slice:
    """``origin`` is the scaled second at which the script began, ``wall`` the real time now."""
    length = settings.segment_seconds
    ends = task.wall + (number + 1) * length if settings.timeline == "task" else wall
    return Slice(number, task.started - origin + number * length, length, ends)


def segments(task: Task, script: Script, cut: Slice) -> list[Segment]:
    """One segment of everything, or in split mode one per voice, silent voices included."""
    return [_segment(task, cut, *heard) for heard in perceived(task, script, cut, script.lines)]


def perceived(
    task: Task, script: Script, cut: Slice, everything: tuple[Line, ...]
) -> list[tuple[list[Line], tuple[str | None, str | None]]]:
    """What the task gets of some lines during a slice: per user and stream, or of everybody together."""
    target = task.target
    end = cut.script_starts + cut.length
    lines = [x for x in everything if target.hears(x.speaker) and x.heard_in(cut.script_starts, end)]
    if target.split:
        users = [user for user in script.voices() if target.hears(user)][: task.most_users]
        return [
            ([x for x in lines if x.speaker == user], (user, _stream(task, script, user))) for user in users
        ]
    if target.stream and target.stream in map(script.stream_of, script.voices()):
        # A script of the whole room, a task for one stream of it.
        lines = [x for x in lines if script.stream_of(x.speaker) == target.stream]
    return [(lines, (None, target.stream))]


def _stream(task: Task, script: Script, user: str) -> str:
    """Only ZEGO has stream ids; elsewhere a user is the stream [S by the TRTC sample]."""
    return script.stream_of(user) if task.target.stream_type == "ZEGO" else user


def _segment(task: Task, cut: Slice, lines: list[Line], voice: tuple[str | None, str | None]) -> Segment:
    user, stream = voice
    segment = Segment(
        number=cut.number,
        starts=cut.wall_ends - cut.length,
        ends=cut.wall_ends,
        lines=tuple(lines),
        user=user,
        stream=stream,
        before=task.last_text.get(stream, ""),
        loud=tuple((line.speaker,) for line in lines[:10]),
    )
    task.last_text[stream] = segment.text
    return segment
