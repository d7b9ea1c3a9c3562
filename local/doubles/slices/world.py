"""A vendor's double but for its own rules: answers calls, plays tasks, pushes, keeps the journal."""

from __future__ import annotations

from typing import Any, Protocol

from local.doubles import admin, scenario
from local.doubles.agenda import Agenda
from local.doubles.call_faults import Played, elsewhere, judged
from local.doubles.faults import FaultBook
from local.doubles.journal import Journal
from local.doubles.model import Json, Now, Outcome, Push, Reply, Request
from local.doubles.orders import Facts
from local.doubles.settings import BadField, Settings
from local.doubles.slices.call import Call, Place, decode
from local.doubles.slices.outbox import Outbox
from local.doubles.slices.runner import Runner


class Rules(Protocol):
    """What one vendor says about its calls."""

    end_codes: tuple[int, ...]

    def place(self, request: Request) -> Place | None:
        """Where a call went; ``None`` for a path that does not exist, no operation for a wrong method."""

    def facts(self, place: Place, body: Any) -> Facts:
        """What a fault order may match, read from a body that nobody has checked yet."""

    def run(self, call: Call) -> Outcome:
        """Judge and carry out."""

    def coded(self, code: int, message: str) -> Reply:
        """An answer with a code and nothing behind it."""


class SliceWorld:
    """Pure logic; see ``world.World`` and ``world.ReadsAnswers``. A vendor's world fills in the parts."""

    name: str
    settings: Settings
    faults: FaultBook
    journal: Journal
    runner: Runner
    agenda: Agenda
    outbox: Outbox
    rules: Rules

    def handle(self, request: Request, now: Now) -> Reply:
        """Answer one call and write it down."""
        if request.path.startswith(admin.PREFIX):
            return admin.handle(self, request, now)
        # What is due by now comes before the call, whatever the server's tick.
        self.agenda.run(now)
        place, body = self.rules.place(request), decode(request.body) if request.body else None
        call: Played | Outcome = elsewhere(request, place is not None)
        if place and place.operation:
            at = place
            facts, coded = self.rules.facts(at, body), self.rules.coded
            call = Played(
                at.operation,
                facts,
                lambda forget: self.rules.run(Call(at, request, body, now, forget, [])),
                coded,
            )
        outcome, said = judged(self.faults, call)
        self.journal.add(
            "call",
            now,
            operation=place.operation or None if place else None,
            method=request.method,
            path=request.path,
            task=place.task_id if place else "",
            body=body,
            **said,
        )
        return outcome.reply

    def advance(self, now: Now) -> list[Push]:
        """Let time pass; the pushes that are due."""
        self.agenda.run(now)
        return self.outbox.drain()

    def push_result(self, push: Push, status: int | None, now: Now, note: str = "") -> None:
        """What came of a push whose answer nobody has read."""
        self.push_answer(push, status, "", now, note)

    def push_answer(self, push: Push, status: int | None, body: str, now: Now, note: str = "") -> None:
        """What came of a push."""
        self.outbox.result(push, status, now, note, body)

    def next_due(self) -> float | None:
        """Scaled second of the next slice, retry or end."""
        return self.agenda.next_due()

    def state(self, now: Now) -> Json:
        """All tasks with their books."""
        tasks = [task.view(now.scaled) for task in self.runner.tasks.values()]
        return admin.books(now, self.runner.scenario.name, tasks)

    def admin(self, request: Request, now: Now) -> Reply | None:
        """``POST /_double/scenario`` and ``POST /_double/tasks/{id}/end``."""
        match request.method, *request.path.removeprefix(admin.PREFIX).split("/"):
            case "POST", "scenario":
                self.runner.play(scenario.parse(admin.read_yaml(request)), now)
                return Reply.of({"ok": True, "scenario": self.runner.scenario.name})
            case "POST", "tasks", task_id, "end":
                return self._end(task_id, admin.read_object(request) if request.body else {}, now)
        return None

    def _end(self, task_id: str, body: Json, now: Now) -> Reply:
        code = body.get("end_code")
        if code is not None and code not in self.rules.end_codes:
            raise BadField("end_code", f"must be null or one of {list(self.rules.end_codes)}")
        task = self.runner.tasks.get(task_id)
        if task is None:
            return Reply.of({"error": "no such task", "field": "id"}, 404)
        self.runner.end(task, "admin", code, now.scaled, now)
        return Reply.of(task.view(now.scaled))
