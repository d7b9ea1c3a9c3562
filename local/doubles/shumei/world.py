"""Shumei's audio stream v2 and V4 and its video stream V4: submit, finish, and callbacks."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial

from local.doubles import admin, scenario
from local.doubles.accounts import Accounts
from local.doubles.agenda import Agenda
from local.doubles.call_faults import Played, elsewhere, judged
from local.doubles.faults import FaultBook
from local.doubles.journal import Journal
from local.doubles.model import Json, Now, Outcome, Push, Reply, Request
from local.doubles.scenario import Scenario
from local.doubles.settings import BadField
from local.doubles.shumei.calls import Calls
from local.doubles.shumei.codes import END_CODES
from local.doubles.shumei.door import Door, Redeem, Tokens, any_token_once
from local.doubles.shumei.gate import Gate, decode, place
from local.doubles.shumei.outbox import Outbox
from local.doubles.shumei.runner import Runner
from local.doubles.shumei.settings import ShumeiSettings


class ShumeiWorld:
    """Pure logic of the Shumei double; see ``model.World``."""

    name = "shumei"

    def __init__(
        self,
        accounts: Accounts,
        settings: ShumeiSettings | None = None,
        redeem: Redeem | None = None,
        played: Scenario | None = None,
        entropy: Callable[[int], str] = secrets.token_hex,
        entrance: Door | None = None,
    ) -> None:
        """``entrance`` (``Clouds``) lets recorders into rooms; without it ``redeem`` judges IdentifyTokens only."""
        self.settings: ShumeiSettings = settings or ShumeiSettings()
        self.faults = FaultBook(("submit", "finish", "push"))
        self.journal = Journal()
        self._agenda = Agenda()
        self._outbox = Outbox(self._agenda, self.faults, self.journal, self.settings)
        self._over: list[str] = []
        played = played or Scenario()
        self.runner = Runner(self._agenda, self._outbox, self.settings, played, self._over.append)
        self._door = entrance or Tokens(redeem or any_token_once())
        self._calls = Calls(Gate(accounts, self.settings), self.runner, self._door, entropy)

    def handle(self, request: Request, now: Now) -> Reply:
        """Answer one call and write it down."""
        reply = self._handle(request, now)
        self._leave_rooms(now)
        return reply

    def _leave_rooms(self, now: Now) -> None:
        """Recorders of tasks that have ended meanwhile."""
        while self._over:
            self._door.leave(self._over.pop(0), now)

    def _handle(self, request: Request, now: Now) -> Reply:
        if request.path.startswith(admin.PREFIX):
            return admin.handle(self, request, now)
        where = place(request, self.settings.video_clusters)
        body = decode(request.body)
        known = where.operation is not None
        call: Played | Outcome = elsewhere(request, known, f" on cluster {where.cluster!r}")
        if where.operation is not None and request.method == "POST":
            run, facts = partial(self._calls.run, where, body, now), self._calls.facts(where, body)
            call = Played(where.operation, facts, run, self._calls.coded)
        outcome, said = judged(self.faults, call)
        self.journal.add(
            "call",
            now,
            operation=where.operation,
            cluster=where.cluster,
            generation=where.generation,
            method=request.method,
            path=request.path,
            body=body,
            **said,
        )
        return outcome.reply

    def advance(self, now: Now) -> list[Push]:
        """Let time pass; the pushes that are due."""
        self._agenda.run(now)
        self._leave_rooms(now)
        return self._outbox.drain()

    def push_result(self, push: Push, status: int | None, now: Now, note: str = "") -> None:
        """Report what the receiver answered."""
        self._outbox.result(push, status, now, note)

    def next_due(self) -> float | None:
        """Scaled second of the next segment, retry or end."""
        return self._agenda.next_due()

    def state(self, now: Now) -> Json:
        """All tasks with their books."""
        tasks = [task.view(now.scaled) for task in self.runner.tasks.values()]
        return admin.books(now, self.runner.scenario.name, tasks)

    def admin(self, request: Request, now: Now) -> Reply | None:
        """``POST /_double/scenario`` and ``POST /_double/tasks/{id}/end``."""
        parts = request.path.removeprefix(admin.PREFIX).split("/")
        match request.method, *parts:
            case "POST", "scenario":
                self.runner.play(scenario.parse(admin.read_yaml(request)), now)
                return Reply.of({"ok": True, "scenario": self.runner.scenario.name})
            case "POST", "tasks", task_id, "end":
                return self._end(task_id, admin.read(request), now)
        return None

    def _end(self, task_id: str, body: object, now: Now) -> Reply:
        code = body.get("errorCode") if isinstance(body, dict) else None
        if code is not None and code not in END_CODES:
            raise BadField("errorCode", f"must be null or one of {list(END_CODES)}")
        task = self.runner.tasks.get(task_id)
        if task is None:
            return Reply.of({"error": "no such task", "field": "id"}, 404)
        self.runner.end(task, "admin", code, now.scaled)
        return Reply.of(task.view(now.scaled))
