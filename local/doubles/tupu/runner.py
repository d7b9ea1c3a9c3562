"""Tasks from submission to end: one slice every ten scaled seconds, the loss of the stream, closing."""

from __future__ import annotations

from local.doubles.agenda import Action, Agenda
from local.doubles.model import Json, Now
from local.doubles.rooms.entrance import OK
from local.doubles.rooms.life import Gone
from local.doubles.scenario import Ends, Scenario, Script
from local.doubles.tupu import slices
from local.doubles.tupu.door import Clouds
from local.doubles.tupu.outbox import Outbox
from local.doubles.tupu.settings import TupuSettings
from local.doubles.tupu.slices import Slice
from local.doubles.tupu.task import Task

ALL_RULES, END_STATUS = "always", 2


class Runner:
    """Makes accepted tasks live."""

    def __init__(
        self, agenda: Agenda, outbox: Outbox, door: Clouds, settings: TupuSettings, played: Scenario
    ) -> None:
        self._agenda, self._outbox, self._door = agenda, outbox, door
        self._settings, self.scenario = settings, played
        self.tasks: dict[str, Task] = {}
        self.running: dict[str, Task] = {}
        self._first: dict[str, Task] = {}
        self._edition = 0

    def start(self, task: Task) -> None:
        """Take a task on; one whose credential is no good hears nothing, ever."""
        self.tasks[task.id] = self.running[task.id] = task
        if task.pull != OK:
            self.lose(task, "pull_failed", task.started)
            return
        self._plan(task, 0)
        self._plan_ends(task, task.started)

    def play(self, scenario: Scenario, now: Now) -> None:
        """Change what is said, at once, also in running tasks; a room's "first task" is counted afresh."""
        self.scenario = scenario
        self._edition += 1
        self._first = {}
        for task in self.running.values():
            self._plan_ends(task, now.scaled)

    def crowd(self, secret_id: str) -> int:
        """Running tasks of an account."""
        return sum(task.secret_id == secret_id for task in self.running.values())

    def twin(self, secret_id: str, source: str) -> Task | None:
        """A running task of the same stream."""
        running = self.running.values()
        return next((t for t in running if (t.secret_id, t.stream.source) == (secret_id, source)), None)

    def of(self, secret_id: str, request_id: object) -> Task | None:
        """A task of this account."""
        task = self.tasks.get(request_id) if isinstance(request_id, str) else None
        return task if task and task.secret_id == secret_id else None

    def close(self, task: Task, now: Now) -> None:
        """The customer closes it; it ends a little later."""
        due = now.scaled + self._settings.close_delay
        self._agenda.at(due, lambda at, then: self.end(task, "finished", at, then))

    def end(self, task: Task, reason: str, at: float, now: Now) -> None:
        """End a task."""
        if not task.running:
            return
        task.ended, task.reason = at, reason
        del self.running[task.id]
        self._door.leave(task.id, now)
        self._flush(task, at)
        self._cut_short(task, at)
        if self._notices(task):
            due = at + self._settings.end_delay
            self._agenda.at(due, lambda then, _: self._notice(task, then))

    def lose(self, task: Task, why: str, at: float) -> None:
        """The stream is no more. What Tupu does then is not known, hence ``dead_stream``."""
        if not task.running or task.lost is not None:
            return
        task.lost, task.lost_by = at, why
        self._flush(task, at)
        if self._settings.dead_stream == "ends":
            due = at + self._settings.dead_stream_seconds
            self._agenda.at(due, lambda then, now: self.end(task, why, then, now))

    def put_out(self, task: Task) -> Gone:
        """What a platform calls when it puts the task's recorder out."""
        return lambda _, at: self._agenda.at(at, lambda then, __: self.lose(task, "gone", then))

    def late(self, task: Task, now: Now) -> Slice:
        """The slice in which a task is, or in which it ended or lost its stream, comes now and whole."""
        length = self._settings.slice_seconds
        heard = min(x for x in (task.ended, task.lost, now.scaled) if x is not None) - task.started
        return self._judge(task, int(heard // length), length, now.scaled, now)

    def _script(self, task: Task) -> Script:
        return self.scenario.find((task.room, task.place, task.stream.name))

    def _opener(self, task: Task) -> Task:
        """The first task of this one's room (itself, if there was no other)."""
        return self._first.setdefault(task.place, task)

    def _plan_ends(self, task: Task, since: float) -> None:
        first = self._opener(task) is task
        for ends in self._script(task).ends:
            due = task.started + ends.at
            if due >= since and (first or not ends.once):
                self._agenda.at(due, self._scripted(task, ends))

    def _scripted(self, task: Task, ends: Ends) -> Action:
        edition = self._edition

        def act(at: float, _: Now) -> None:
            if edition == self._edition:  # else another scenario has been posted since
                why = "scripted" if ends.error_code is None else f"scripted {ends.error_code}"
                self.lose(task, why, at)

        return act

    def _whole_at(self, task: Task, number: int) -> float:
        return task.started + (number + 1) * self._settings.slice_seconds

    def _plan(self, task: Task, number: int) -> None:
        due = self._whole_at(task, number) + self._settings.slice_latency
        self._agenda.at(due, lambda at, now: self._whole(task, number, at, now))

    def _whole(self, task: Task, number: int, at: float, now: Now) -> None:
        whole = self._whole_at(task, number)
        if not task.hears(whole) or (task.ended is not None and whole > task.ended):
            return
        self._judge(task, number, self._settings.slice_seconds, at, now)
        self._plan(task, number + 1)

    def _cut_short(self, task: Task, ended: float) -> None:
        """Whether the last, shorter slice comes is a setting."""
        number, rest = divmod(ended - task.started, self._settings.slice_seconds)
        if self._settings.late_after and rest and task.hears(ended):
            due = ended + self._settings.late_after
            self._agenda.at(due, lambda at, now: self._rest(task, int(number), rest, at, now))

    def _rest(self, task: Task, number: int, length: float, at: float, now: Now) -> None:
        self._judge(task, number, length, at, now)

    def _judge(self, task: Task, number: int, length: float, at: float, now: Now) -> Slice:
        script, begun = self._script(task), number * self._settings.slice_seconds
        origin = self._opener(task).started if script.clock == "room" else task.started
        starts = task.started + begun - origin
        lines = tuple(line for line in script.lines if line.heard_in(starts, starts + length))
        ends = task.wall + begun + length if self._settings.timeline == "task" else now.wall
        cut = Slice(number, begun, length, ends, lines)
        task.counts["made"] += 1
        self._tell(task, cut, at)
        return cut

    def _tell(self, task: Task, cut: Slice, at: float) -> None:
        found = slices.results(task, cut, self._settings)
        if found:
            task.untold.append((cut.number, found))
        if not task.running or len(task.untold) >= self._settings.slices_per_callback:
            self._flush(task, at)

    def _flush(self, task: Task, at: float) -> None:
        """Call back with what has gathered; nothing waits for a task that is over."""
        if not task.untold:
            return
        number, found = task.untold[-1][0], slices.together(results for _, results in task.untold)
        task.untold.clear()
        apart = self._settings.callbacks == "apart"
        for results in [{name: result} for name, result in found.items()] if apart else [found]:
            self._outbox.add(task, "segment", number, results, at)

    def _notices(self, task: Task) -> bool:
        wanted = self._settings.end_notice
        return wanted == ALL_RULES or (wanted == "rule_2" and task.stream.rules == END_STATUS)

    def _notice(self, task: Task, at: float) -> None:
        """Nobody knows what it looks like: invented."""
        notice: Json = {"requestId": task.id} | task.stream.echoed | {"endStatus": 1}
        self._outbox.add(task, "end", None, notice, at)
