"""Running tasks: one segment every ten scaled seconds, ends, end-of-stream callbacks."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from local.doubles.agenda import Action, Agenda
from local.doubles.model import Now
from local.doubles.rooms.life import Gone
from local.doubles.scenario import Ends, Scenario, Script
from local.doubles.shumei.bodies import notices, segment_body
from local.doubles.shumei.camera import Camera
from local.doubles.shumei.codes import MESSAGES, PULL, TOKEN_DEAD, UNREACHABLE
from local.doubles.shumei.generation import V2, VIDEO, patience
from local.doubles.shumei.outbox import Outbox
from local.doubles.shumei.settings import ShumeiSettings
from local.doubles.shumei.task import Task
from local.doubles.shumei.voices import segments, slice_of


class Runner:
    """Makes accepted tasks live."""

    def __init__(
        self,
        agenda: Agenda,
        outbox: Outbox,
        settings: ShumeiSettings,
        scenario: Scenario,
        ended: Callable[[str], None],
    ) -> None:
        self._agenda, self._outbox, self._settings = agenda, outbox, settings
        self.scenario, self._ended = scenario, ended
        self.tasks: dict[str, Task] = {}
        self.running: dict[str, Task] = {}
        self._by_key: dict[Hashable, Task] = {}
        self._first: dict[str, Task] = {}
        self._edition = 0
        self._camera = Camera(agenda, outbox, settings, self.scene)

    def start(self, task: Task) -> None:
        """Take a task on; one whose token is no good ends shortly after (3005) [I]."""
        self.tasks[task.id] = task
        self.running[task.id] = task
        self._by_key[task.key] = task
        if task.pull == "ok":
            if task.audible:
                self._plan(task, 0)
            if task.generation == VIDEO:
                self._camera.start(task)
            self._plan_ends(task, task.started)
        else:
            wait = self._patience(task) if self._settings.v4_retry_bad_credential else 0.0
            due = task.started + self._settings.pull_failure_delay + wait
            self._agenda.at(due, lambda at, _: self._pull_failed(task, at))

    def play(self, scenario: Scenario, now: Now) -> None:
        """Change what is said, at once, also in running tasks; a room's "first task" is counted afresh."""
        self.scenario = scenario
        self._edition += 1
        self._first = {}
        for task in self.running.values():
            if task.pull == "ok":
                self._plan_ends(task, now.scaled)

    def twin(self, key: Hashable) -> Task | None:
        """The running task with this duplicate key."""
        return self._by_key.get(key)

    def end(self, task: Task, reason: str, error_code: int | None, at: float) -> None:
        """Stop a task. Without ``returnFinishInfo`` the end is silent [S]."""
        if not task.running:
            return
        task.ended, task.reason, task.error_code = at, reason, error_code
        self._ended(task.id)
        del self.running[task.id]
        if self._by_key.get(task.key) is task:
            del self._by_key[task.key]
        if task.asks("returnFinishInfo") and not self._silent(task, reason):
            due = at + self._settings.end_delay
            self._agenda.at(due, lambda then, _: self._notice(task, then))

    def put_out(self, task_id: str) -> Gone:
        """What a platform calls when it puts the task's recorder out: the task ends by itself."""

        def gone(reason: str, at: float) -> None:
            code = TOKEN_DEAD if reason == "expired" else self._settings.gone_code
            wait = self._settings.gone_delay
            task = self.running.get(task_id)
            if task is not None and task.generation != V2:
                task.lost = at  # nothing is heard while the vendor tries to get in again
                wait += self._patience(task) if reason != "expired" else 0.0
            self._agenda.at(at + wait, lambda then, _: self._gone(task_id, code, then))

        return gone

    def _gone(self, task_id: str, code: int, at: float) -> None:
        if task_id in self.running:
            self.end(self.running[task_id], "gone", code, at)

    def _patience(self, task: Task) -> float:
        return patience(task.generation, task.target.stream_type, self._settings)

    def _silent(self, task: Task, reason: str) -> bool:
        if reason == "pull_failed":
            return self._settings.pull_failure_notice == "code_1904" and task.generation != VIDEO
        return reason == "finished" and not self._settings.finish_triggers_end

    def _pull_failed(self, task: Task, at: float) -> None:
        bare_code = self._settings.pull_failure_notice != "end" and task.generation != VIDEO
        if task.running and bare_code:  # of video, 1904 means something else
            # "Other fields only exist with 1100" [I]: a bare code.
            bare = {"code": PULL, "message": MESSAGES[PULL], "requestId": task.id}
            self._outbox.add(task, "failure", None, bare, at)
        self.end(task, "pull_failed", TOKEN_DEAD, at)

    def _script(self, task: Task) -> Script:
        return self.scenario.find((task.target.stream, task.room, task.target.room))

    def _opener(self, task: Task) -> Task:
        """The first task that got into this one's room (itself, if nobody else was)."""
        return self._first.setdefault(f"{task.target.stream_type}/{task.target.room or task.room}", task)

    def _plan_ends(self, task: Task, since: float) -> None:
        first = self._opener(task) is task
        for ends in self._script(task).ends:
            due = task.started + ends.at
            if due >= since and (first or not ends.once):
                if ends.at == 0 and ends.error_code in UNREACHABLE and task.generation != V2:
                    self._never_there(task, ends.error_code)
                else:
                    self._agenda.at(due, self._scripted(task, ends))

    def _never_there(self, task: Task, code: int) -> None:
        """A stream that ends as it begins cannot be pulled: V4 goes on trying, whatever is posted meanwhile."""
        task.lost = task.started
        due = task.started + self._patience(task)
        self._agenda.at(due, lambda at, _: self.end(task, "scripted", code, at))

    def _scripted(self, task: Task, ends: Ends) -> Action:
        edition = self._edition

        def act(at: float, _: Now) -> None:
            if edition == self._edition:  # else another scenario has been posted since
                self.end(task, "scripted", ends.error_code, at)

        return act

    def _plan(self, task: Task, number: int) -> None:
        due = self._whole_at(task, number) + self._settings.segment_latency
        self._agenda.at(due, lambda at, now: self._segment(task, number, at, now))

    def _whole_at(self, task: Task, number: int) -> float:
        return task.started + (number + 1) * self._settings.segment_seconds

    def _segment(self, task: Task, number: int, at: float, now: Now) -> None:
        if not task.whole(self._whole_at(task, number)):
            return  # cut off before it was whole; whether the vendor judges the rest is [?]
        script, origin = self.scene(task)
        for segment in segments(task, script, slice_of(task, number, origin, now.wall, self._settings)):
            task.counts["made"] += 1
            task.see(segment.level)
            # Silence and PASS make no callback unless everything was asked for [S].
            if task.asks("returnAllText") or segment.level != "PASS":
                self._outbox.add(task, "segment", number, segment_body(task, segment, self._settings), at)
        self._plan(task, number + task.step)

    def scene(self, task: Task) -> tuple[Script, float]:
        """What goes on in a task's room, and the scaled second at which it began."""
        script = self._script(task)
        return script, self._opener(task).started if script.clock == "room" else task.started

    def _notice(self, task: Task, at: float) -> None:
        for url, answer in notices(task, self._settings):
            self._outbox.add(task, "end", None, answer, at, url)
