"""Audits from start to end: slices and frames, silence, stops."""

from __future__ import annotations

from local.doubles.agenda import Agenda
from local.doubles.model import Now
from local.doubles.rooms.engine import Rooms
from local.doubles.scenario import Scenario, Script
from local.doubles.volcengine.detection import listening, results
from local.doubles.volcengine.detection.listening import Heard, Span
from local.doubles.volcengine.detection.request import FRAMES, SOUND, Target, Wish
from local.doubles.volcengine.detection.settings import DetectionSettings
from local.doubles.volcengine.detection.task import Task
from local.doubles.volcengine.pushing import PushOutbox


class Runner:
    """Makes accepted starts live. Nobody is told of an end: there is no notice of it."""

    def __init__(
        self, agenda: Agenda, outbox: PushOutbox, rooms: Rooms, settings: DetectionSettings, played: Scenario
    ) -> None:
        self._agenda, self._outbox, self._rooms, self._settings = agenda, outbox, rooms, settings
        self.scenario = played
        self.tasks: list[Task] = []
        self._warm_from: dict[str, float] = {}
        self._first: dict[str, Task] = {}
        self._edition = 0

    def start(self, wish: Wish, media: set[int], now: Now) -> None:
        """Take a start on; the app's first one warms up."""
        target = wish.target
        warm = self._warm_from.setdefault(target.app_id, now.scaled + self._settings.detection_warm_up)
        runs = sum((one.wish.target, one.wish.media) == (target, wish.media) for one in self.tasks)
        task = Task(wish, runs + 1, set(media), now.scaled, now.wall, max(warm, now.scaled))
        self.tasks.append(task)
        self._opener(task)
        for one in media:
            self._plan(task, one, 0)
        self._plan_ends(task, now.scaled)
        self._watch(task, now.scaled + wish.idle)

    def of(self, app_id: str, room_id: str) -> list[Task]:
        """Audits of a room, ended ones included."""
        return [x for x in self.tasks if (x.wish.target.app_id, x.room) == (app_id, room_id)]

    def running(self, target: Target) -> list[Task]:
        """Running audits of exactly this room or this user."""
        return [x for x in self.of(target.app_id, target.room_id) if x.running and x.wish.target == target]

    def take_over(self, target: Target, media: set[int], now: Now) -> None:
        """The audit of a room replaces those of its users, each kind of media for itself."""
        for task in self.of(target.app_id, target.room_id):
            if task.running and task.wish.target.user:
                task.media -= media
                if not task.media:
                    self.end(task, "replaced", now.scaled)

    def end(self, task: Task, why: str, at: float) -> None:
        """End an audit."""
        if task.running:
            task.ended, task.reason = at, why

    def play(self, scenario: Scenario, now: Now) -> None:
        """Change what is said, at once, also in running audits; a room's "first task" is counted afresh."""
        self.scenario = scenario
        self._edition += 1
        self._first = {}
        for task in self.tasks:
            if task.running:
                self._plan_ends(task, now.scaled)

    def _script(self, task: Task) -> Script:
        return self.scenario.find((task.room,))

    def _opener(self, task: Task) -> Task:
        target = task.wish.target
        return self._first.setdefault(f"{target.app_id}/{target.room_id}", task)

    def _plan_ends(self, task: Task, since: float) -> None:
        first, edition = self._opener(task) is task, self._edition
        for ends in self._script(task).ends:
            due = task.started + ends.at
            if due >= since and (first or not ends.once):
                self._agenda.at(due, lambda at, _: self._scripted(task, edition, at))

    def _scripted(self, task: Task, edition: int, at: float) -> None:
        if edition == self._edition:  # else another scenario has been posted since
            self.end(task, "scripted", at)

    def _watch(self, task: Task, due: float) -> None:
        self._agenda.at(due, lambda at, _: self._look(task, at))

    def _look(self, task: Task, at: float) -> None:
        """``IdleSec`` without media ends it."""
        if not task.running:
            return
        last = listening.last_sound(self._rooms, task.wish.target, task.started, at)
        if at >= last + task.wish.idle:
            self.end(task, "idle", at)
        else:
            self._watch(task, last + task.wish.idle)

    def _length(self, task: Task, media: int) -> float:
        return task.wish.duration if media == SOUND else task.wish.interval

    def _plan(self, task: Task, media: int, number: int) -> None:
        due = task.started + (number + 1) * self._length(task, media)
        self._agenda.at(due, lambda at, now: self._listen(task, media, number, at, now))

    def _listen(self, task: Task, media: int, number: int, at: float, now: Now) -> None:
        """Slices and frames are counted from the start of the audit [I]."""
        if media not in task.media:
            return
        length = self._length(task, media)
        starts = task.started + number * length
        ends = at if task.ended is None else min(at, task.ended)
        if starts >= ends:
            return
        if media == _billed_by(task) and self._published(task, starts, ends):
            task.billed += length  # the last one is rounded up
        if ends < at:
            return  # cut off before it was whole: whether the vendor judges the rest is [?]
        script = self._script(task)
        origin = self._opener(task).started if script.clock == "room" else task.started
        streams = self._published(task, max(starts, task.hears_from), ends)
        for heard in listening.heard(streams, script, media, (starts, ends), origin):
            self._tell(task, heard, number, now)
        self._plan(task, media, number + 1)

    def _published(self, task: Task, starts: float, ends: float) -> dict[str, list[Span]]:
        most = self._settings.detection_streams
        return listening.published(self._rooms, task.wish.target, (starts, ends), most)

    def _tell(self, task: Task, heard: Heard, number: int, now: Now) -> None:
        task.counts["made"] += 1
        if task.wish.callback and (task.wish.everything or heard.level != "PASS"):
            data = results.event_data(task, heard, number, self._settings)
            self._outbox.add(task, number, task.wish.callback, data, now)


def _billed_by(task: Task) -> int:
    """Sound where there is any: one clock for the books, though both are sold [I]."""
    return SOUND if SOUND in task.media else FRAMES
