"""Tupu's speech stream: submit, close, search, and callbacks."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from functools import partial

from local.doubles import admin
from local.doubles.accounts import Accounts
from local.doubles.agenda import Agenda
from local.doubles.call_faults import Played, elsewhere, judged
from local.doubles.faults import FaultBook
from local.doubles.journal import Journal, parsed
from local.doubles.model import Json, Now, Outcome, Push, Reply, Request
from local.doubles.scenario import Scenario
from local.doubles.tupu.calls import Calls
from local.doubles.tupu.codes import route_of
from local.doubles.tupu.desk import Desk
from local.doubles.tupu.door import Clouds
from local.doubles.tupu.gate import Gate
from local.doubles.tupu.outbox import Outbox
from local.doubles.tupu.runner import Runner
from local.doubles.tupu.seal import Sealer
from local.doubles.tupu.settings import TupuSettings
from local.doubles.tupu.submission import Submissions


class TupuWorld:
    """Pure logic of the Tupu double; see ``world.World``."""

    name = "tupu"

    def __init__(
        self,
        accounts: Accounts,
        settings: TupuSettings | None = None,
        played: Scenario | None = None,
        entrance: Clouds | None = None,
        entropy: Callable[[int], str] = secrets.token_hex,
    ) -> None:
        """``entrance`` lets recorders into the rooms of ZEGO's double."""
        self.settings: TupuSettings = settings or TupuSettings()
        self.faults = FaultBook(("submit", "finish", "query", "push"))
        self.journal = Journal(lambda: accounts.secrets_of(self.name))
        s, door = self.settings, entrance or Clouds({})
        self._agenda, sealer = Agenda(), Sealer(s, entropy)
        self._outbox = Outbox(self._agenda, self.faults, self.journal, s, sealer)
        self.runner = Runner(self._agenda, self._outbox, door, s, played or Scenario())
        self._desk = Desk(self.runner)
        submissions = Submissions(self.runner, door, s, entropy)
        self._calls = Calls(Gate(accounts, s), self.runner, submissions, sealer, s)

    def handle(self, request: Request, now: Now) -> Reply:
        """Answer one call and write it down."""
        # What is due by now comes before the call, whatever the server's tick.
        self._agenda.run(now)
        if request.path.startswith(admin.PREFIX):
            return admin.handle(self, request, now)
        route, body = route_of(request.path, self.settings.zego_path), _decoded(request.body)
        call: Played | Outcome = elsewhere(request, route is not None)
        if route and request.method == "POST":
            run, facts = partial(self._calls.run, route, body, now), self._calls.facts(route, body)
            call = Played(route.operation, facts, run, self._calls.coder(now))
        outcome, said = judged(self.faults, call)
        self.journal.add(
            "call",
            now,
            operation=route.operation if route else None,
            secret_id=route.secret_id if route else None,
            method=request.method,
            path=request.path,
            body=body,
            **said,
            answered=_inside(parsed(outcome.reply.body)),
        )
        return outcome.reply

    def advance(self, now: Now) -> list[Push]:
        """Let time pass; the pushes that are due."""
        self._agenda.run(now)
        return self._outbox.drain()

    def push_result(self, push: Push, status: int | None, now: Now, note: str = "") -> None:
        """Report what the receiver answered."""
        self._outbox.result(push, status, now, note)

    def next_due(self) -> float | None:
        """Scaled second of the next slice, retry or end."""
        return self._agenda.next_due()

    def state(self, now: Now) -> Json:
        """All tasks with their books."""
        tasks = [task.view(now.scaled) for task in self.runner.tasks.values()]
        return admin.books(now, self.runner.scenario.name, tasks)

    def admin(self, request: Request, now: Now) -> Reply | None:
        """``scenario``, ``tasks/{id}/end``, ``/lose``, ``/late``."""
        return self._desk.answer(request, now)


def _decoded(raw: bytes) -> object:
    """The body as JSON whatever its content type; text that is no JSON stays text."""
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return raw.decode("utf-8", "replace")


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _inside(body: object) -> object:
    """What is under the signature of an answer."""
    text = body.get("json") if isinstance(body, dict) else None
    return parsed(text) if isinstance(text, str) else None
