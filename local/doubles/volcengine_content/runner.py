"""Tasks from submission to end: entering, slices, losing the room, closing."""

from __future__ import annotations

from local.doubles.agenda import Action, Agenda
from local.doubles.model import Now
from local.doubles.rooms.entrance import OK
from local.doubles.rooms.life import Gone
from local.doubles.scenario import Ends, Scenario, Script
from local.doubles.volcengine.pushing import PushOutbox
from local.doubles.volcengine_content import results, speech
from local.doubles.volcengine_content.codes import VIDEO
from local.doubles.volcengine_content.door import Clouds
from local.doubles.volcengine_content.settings import ContentSettings
from local.doubles.volcengine_content.speech import Window
from local.doubles.volcengine_content.task import AUDIO, IMAGE, Key, Slice, Task


class Runner:
    """Makes accepted tasks live. Nobody is told of an end: there is no notice of it."""

    def __init__(
        self, agenda: Agenda, outbox: PushOutbox, door: Clouds, settings: ContentSettings, played: Scenario
    ) -> None:
        self._agenda, self._outbox, self._door, self._settings = agenda, outbox, door, settings
        self.scenario = played
        self.tasks: list[Task] = []
        self._latest: dict[Key, Task] = {}
        self._first: dict[str, Task] = {}
        self._edition = 0

    def start(self, task: Task, now: Now) -> None:
        """Take a task on; one that cannot get in ends shortly after."""
        before = self._latest.get(task.key)
        task.run = before.run + 1 if before else 1
        self.tasks.append(task)
        self._latest[task.key] = task
        task.pull = self._door.enter(task.target, task.visitor, now, self._put_out(task))
        if task.pull != OK:
            due = now.scaled + self._settings.pull_failure_delay
            self._agenda.at(due, lambda at, then: self.end(task, "pull_failed", at, then))
            return
        task.entered = now.scaled
        for media in (AUDIO, IMAGE) if task.key[1] == VIDEO else (AUDIO,):
            self._plan(task, media, 0)
        self._plan_ends(task, task.started)
        if self._settings.longest_task:
            due = task.started + self._settings.longest_task
            self._agenda.at(due, lambda at, then: self.end(task, "limit", at, then))

    def latest(self, key: Key, now: Now) -> Task | None:
        """The newest task under a key, unless it has been forgotten since its end."""
        task, kept = self._latest.get(key), self._settings.retention
        if task and task.ended is not None and kept and now.scaled > task.ended + kept:
            return None
        return task

    def named(self, data_id: str) -> list[Task]:
        """Tasks by the caller's id alone, the newest last."""
        return [task for task in self.tasks if task.id == data_id]

    def play(self, scenario: Scenario, now: Now) -> None:
        """Change what is said, at once, also in running tasks; a room's "first task" is counted afresh."""
        self.scenario = scenario
        self._edition += 1
        self._first = {}
        for task in self.tasks:
            if task.running and task.entered is not None:
                self._plan_ends(task, now.scaled)

    def end(self, task: Task, why: str, at: float, now: Now) -> None:
        """End a task."""
        if task.running:
            task.ended, task.reason = at, why
            self._door.leave(task.visitor, now)

    def _put_out(self, task: Task) -> Gone:
        """What a platform calls when it puts the recorder out."""

        def gone(_: str, at: float) -> None:
            task.lost = at
            due = at + self._settings.gone_delay
            self._agenda.at(due, lambda then, now: self.end(task, "gone", then, now))

        return gone

    def _script(self, task: Task) -> Script:
        target = task.target
        names = (target.stream_id, task.id, target.room_id, target.room)
        return self.scenario.find(name or None for name in names)

    def _opener(self, task: Task) -> Task:
        """The first task that got into this one's room (itself, if nobody else was)."""
        return self._first.setdefault(f"{task.target.platform}/{task.room}", task)

    def _plan_ends(self, task: Task, since: float) -> None:
        first = self._opener(task) is task
        for ends in self._script(task).ends:
            due = task.started + ends.at
            if due >= since and (first or not ends.once):
                self._agenda.at(due, self._scripted(task, ends))

    def _scripted(self, task: Task, _: Ends) -> Action:
        edition = self._edition

        def act(at: float, now: Now) -> None:
            if edition == self._edition:  # else another scenario has been posted since
                self.end(task, "scripted", at, now)

        return act

    def _plan(self, task: Task, media: str, number: int) -> None:
        due = task.started + self._ends(media, number) + self._settings.result_latency
        self._agenda.at(due, lambda _, now: self._listen(task, media, number, now))

    def _ends(self, media: str, number: int) -> float:
        length = self._settings.slice_seconds if media == AUDIO else self._settings.frame_seconds
        return (number + 1) * length

    def _listen(self, task: Task, media: str, number: int, now: Now) -> None:
        starts, ends = self._ends(media, number - 1), self._ends(media, number)
        heard_until = min(x for x in (task.ended, task.lost, now.scaled) if x is not None)
        if task.started + ends > heard_until:
            return  # cut off before it was whole; whether the vendor judges the rest is [?]
        script = self._script(task)
        offset = task.started - self._opener(task).started if script.clock == "room" else 0.0
        for one in speech.slices(task, script, Window(number, media, starts, ends, offset)):
            if one.line or self._settings.quiet_slices:
                task.slices.append(one)
                self._push(task, one, now)
        self._plan(task, media, number + 1)

    def _push(self, task: Task, one: Slice, now: Now) -> None:
        s = self._settings
        if task.callback and (s.push_passes or one.level != "PASS"):
            data = results.data(task, task.slices if s.push_whole else [one], s)
            self._outbox.add(task, one.number, task.callback, data, now)
