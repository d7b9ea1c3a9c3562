"""Running tasks: slices one after the other, and the ways in which a task ends."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from local.doubles.agenda import Action, Agenda
from local.doubles.model import Now
from local.doubles.rooms.life import Gone
from local.doubles.scenario import Ends, Scenario, Script
from local.doubles.slices.pace import Pace
from local.doubles.slices.slice import Slice, slices_of
from local.doubles.slices.task import Task

Say = Callable[[Task, list[Slice], float], None]
"""Takes what was heard, and the scaled second at which it is told."""
Over = Callable[[Task, float], None]
"""Takes a task that has ended, at the second of its notice."""
Leave = Callable[[str, Now], None]


class Runner:
    """Makes accepted tasks live. Reasons of ends: ``finished`` by the caller, ``pull_failed`` (never in), ``gone``
    and ``expired`` (put out), ``silent``, ``scripted``, ``admin``."""

    def __init__(
        self, agenda: Agenda, pace: Pace, played: Scenario, say: Say, over: Over, leave: Leave | None = None
    ) -> None:
        self._agenda, self._pace, self.scenario = agenda, pace, played
        self._say, self._over, self._leave = say, over, leave
        self.tasks: dict[str, Task] = {}
        self.running: dict[str, Task] = {}
        self._by_key: dict[Hashable, Task] = {}
        self._first: dict[str, Task] = {}
        self._edition = 0

    def start(self, task: Task, failure_delay: float = 0.0) -> None:
        """Take a task on; one that did not get in ends after ``failure_delay`` scaled seconds."""
        self.tasks[task.id] = self.running[task.id] = self._by_key[task.twin_key] = task
        task.last_heard = task.started
        if task.pull == "ok":
            self._plan(task, 0)
            self._plan_ends(task, task.started)
        else:
            due = task.started + failure_delay
            self._agenda.at(due, lambda at, now: self.end(task, "pull_failed", None, at, now))

    def play(self, scenario: Scenario, now: Now) -> None:
        """Change what is said, at once, also in running tasks; a room's "first task" is counted afresh."""
        self.scenario, self._first = scenario, {}
        self._edition += 1
        for task in self.running.values():
            if task.pull == "ok":
                self._plan_ends(task, now.scaled)

    def twin(self, key: Hashable) -> Task | None:
        """The running task of this owner with this id of the caller's."""
        return self._by_key.get(key)

    def end(self, task: Task, reason: str, code: int | None, at: float, now: Now) -> None:
        """Stop a task: it hears and costs nothing more; its notice comes later."""
        if not task.running:
            return
        task.ended, task.reason, task.code = at, reason, code
        del self.running[task.id]
        if self._by_key.get(task.twin_key) is task:
            del self._by_key[task.twin_key]
        if self._leave:
            self._leave(task.id, now)
        self._agenda.at(at + self._pace.end_delay, lambda then, _: self._over(task, then))

    def put_out(self, task_id: str) -> Gone:
        """What a platform calls when it puts the task's recorder out."""

        def gone(reason: str, at: float) -> None:
            self._agenda.at(at, lambda then, now: self._gone(task_id, reason, then, now))

        return gone

    def _gone(self, task_id: str, reason: str, at: float, now: Now) -> None:
        if task_id in self.running:
            self.end(self.running[task_id], "expired" if reason == "expired" else "gone", None, at, now)

    def _script(self, task: Task) -> Script:
        return self.scenario.find(task.names)

    def _opener(self, task: Task) -> Task:
        """The first task that got into this one's room (itself, if nobody else was)."""
        return self._first.setdefault(f"{task.platform}/{task.room}", task)

    def _plan_ends(self, task: Task, since: float) -> None:
        first = self._opener(task) is task
        for ends in self._script(task).ends:
            due = task.started + ends.at
            if due >= since and (first or not ends.once):
                self._agenda.at(due, self._scripted(task, ends))

    def _scripted(self, task: Task, ends: Ends) -> Action:
        edition = self._edition

        def act(at: float, now: Now) -> None:
            if edition == self._edition:  # else another scenario has been posted since
                self.end(task, "scripted", ends.error_code, at, now)

        return act

    def _whole_at(self, task: Task, number: int) -> float:
        return task.started + (number + 1) * self._pace.segment_seconds

    def _plan(self, task: Task, number: int) -> None:
        self._agenda.at(self._whole_at(task, number), lambda at, now: self._slice(task, number, at, now))

    def _slice(self, task: Task, number: int, at: float, now: Now) -> None:
        if task.ended is not None and at > task.ended:
            return  # a slice that the end cuts short is not judged
        script = self._script(task)
        origin = self._opener(task).started if script.clock == "room" else task.started
        found = slices_of(task, script, number, origin, self._pace.segment_seconds)
        task.counts["made"] += len(found)
        self._say(task, found, at + self._pace.segment_latency)
        if any(one.lines for one in found):
            task.last_heard = at
        limit = self._pace.silence_limit
        if limit and at - task.last_heard >= limit:
            self.end(task, "silent", None, at, now)
        else:
            self._plan(task, number + 1)
