"""Volcengine content security: submit, result and close of live audio and live video."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from functools import partial

from local.doubles import admin, scenario
from local.doubles.accounts import Accounts
from local.doubles.agenda import Agenda
from local.doubles.call_faults import Played, elsewhere, judged
from local.doubles.faults import FaultBook
from local.doubles.journal import Journal, parsed
from local.doubles.model import Json, Now, Outcome, Push, Reply, Request
from local.doubles.scenario import Scenario
from local.doubles.volcengine.pushing import PushOutbox, Terms
from local.doubles.volcengine_content.calls import NAME, Calls
from local.doubles.volcengine_content.codes import ACTIONS
from local.doubles.volcengine_content.door import Clouds
from local.doubles.volcengine_content.runner import Runner
from local.doubles.volcengine_content.settings import ContentSettings


class ContentWorld:
    """Pure logic of the double of Volcengine content security; see ``world.World``."""

    name = NAME

    def __init__(
        self,
        accounts: Accounts,
        settings: ContentSettings | None = None,
        played: Scenario | None = None,
        entrance: Clouds | None = None,
        entropy: Callable[[int], str] = secrets.token_hex,
    ) -> None:
        """``entrance`` lets recorders into the rooms of the platforms' doubles."""
        self.settings: ContentSettings = settings or ContentSettings()
        self.faults = FaultBook(("submit", "poll", "finish", "push"))
        self.journal = Journal(lambda: accounts.secrets_of(self.name))
        s, door = self.settings, entrance or Clouds({})
        self._agenda = Agenda()
        self._outbox = PushOutbox(
            self._agenda,
            self.faults,
            self.journal,
            lambda: Terms(s.push_retries, s.push_timeout, s.push_content_type),
            lambda delivery, _: json.dumps(delivery.data, ensure_ascii=False),
        )
        self.runner = Runner(self._agenda, self._outbox, door, s, played or Scenario())
        self._calls = Calls(accounts, self.runner, door, s, entropy)

    def handle(self, request: Request, now: Now) -> Reply:
        """Answer one call and write it down."""
        if request.path.startswith(admin.PREFIX):
            return admin.handle(self, request, now)
        # What is due by now comes before the call, whatever the server's tick.
        self._agenda.run(now)
        action = ACTIONS.get(request.params().get("Action", ""))
        facts = self._calls.facts(request)
        call: Played | Outcome = elsewhere(request)
        if request.path == "/":  # no order is for what is no action
            run, operation = partial(self._calls.run, request, now), action.operation if action else ""
            call = Played(operation, facts, run, self._calls.coder(request))
        outcome, said = judged(self.faults, call)
        said |= {"operation": action.operation, "service": action.service} if action else {"operation": None}
        said |= {"task": facts["task"][0], "room": next(iter(facts["room"]), "")}
        self._note(request, said, now)
        return outcome.reply

    def _note(self, request: Request, said: Json, now: Now) -> None:
        self.journal.add(
            "call",
            now,
            method=request.method,
            path=request.path,
            query=request.params(),
            body=parsed(request.body.decode("utf-8", "replace")) if request.body else None,
            **said,
        )

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
        tasks = [task.view(now.scaled) for task in self.runner.tasks]
        return admin.books(now, self.runner.scenario.name, tasks)

    def admin(self, request: Request, now: Now) -> Reply | None:
        """``POST /_double/scenario`` and ``POST /_double/tasks/{data_id}/end``."""
        match request.method, *request.path.removeprefix(admin.PREFIX).split("/"):
            case "POST", "scenario":
                self.runner.play(scenario.parse(admin.read_yaml(request)), now)
                return Reply.of({"ok": True, "scenario": self.runner.scenario.name})
            case "POST", "tasks", data_id, "end":
                known = self.runner.named(data_id)
                if not known:
                    return Reply.of({"error": "no such task", "field": "id"}, 404)
                for task in known:
                    self.runner.end(task, "admin", now.scaled, now)
                return Reply.of(known[-1].view(now.scaled))
        return None
