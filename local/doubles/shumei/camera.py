"""Frames of video tasks: one per camera every ``detectFrequency`` scaled seconds."""

from __future__ import annotations

import math
from collections.abc import Callable

from local.doubles.agenda import Agenda
from local.doubles.model import Now
from local.doubles.scenario import Script
from local.doubles.shumei.body_video import frame_body
from local.doubles.shumei.outbox import Outbox
from local.doubles.shumei.segment import Segment
from local.doubles.shumei.settings import ShumeiSettings
from local.doubles.shumei.task import Task
from local.doubles.shumei.voices import Slice, perceived

DEFAULT_SECONDS, FASTEST, SLOWEST = 3, 1, 60
Scene = Callable[[Task], tuple[Script, float]]


def seconds_between(task: Task) -> int:
    """``detectFrequency``: 1 to 60, decimals cut off, less than 1 is 1."""
    asked = task.data.get("detectFrequency")
    return DEFAULT_SECONDS if asked is None else min(max(math.floor(asked), FASTEST), SLOWEST)


class Camera:
    """Takes the frames. What is shown is in the first frame after it appeared."""

    def __init__(self, agenda: Agenda, outbox: Outbox, settings: ShumeiSettings, scene: Scene) -> None:
        self._agenda, self._outbox, self._settings, self._scene = agenda, outbox, settings, scene

    def start(self, task: Task) -> None:
        """From the task's first second on."""
        self._plan(task, 0)

    def _taken_at(self, task: Task, number: int) -> float:
        return task.started + (number + 1) * seconds_between(task)

    def _plan(self, task: Task, number: int) -> None:
        due = self._taken_at(task, number) + self._settings.segment_latency
        self._agenda.at(due, lambda at, now: self._take(task, number, at, now))

    def _take(self, task: Task, number: int, at: float, now: Now) -> None:
        if not task.whole(self._taken_at(task, number)):
            return
        # ``detectStep`` leaves out so many frames between audited ones, like ``audioDetectStep`` [I].
        skipped = number % (1 + int(task.data.get("detectStep") or 0)) != 0
        for frame in self._frames(task, number, now.wall):
            task.counts["frames"] += 1
            level = "PASS" if skipped else frame.level
            task.look(level)
            body = frame_body(task, frame, self._settings, skipped)
            if task.asks("returnAllImg") or level != "PASS":
                self._outbox.add(task, "frame", number, body, at, task.image_callback)
        self._plan(task, number + 1)

    def _frames(self, task: Task, number: int, wall: float) -> list[Segment]:
        script, origin = self._scene(task)
        length = float(seconds_between(task))
        taken = task.wall + (number + 1) * length if self._settings.timeline == "task" else wall
        cut = Slice(number, task.started - origin + number * length, length, taken)
        return [
            Segment(number, taken - length, taken, tuple(lines), user, stream)
            for lines, (user, stream) in perceived(task, script, cut, script.images)
        ]
