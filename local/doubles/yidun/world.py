"""NetEase Yidun: live audio and the live audio-video solution; calls, results to push and to poll."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial
from itertools import count

from local.doubles import admin
from local.doubles.accounts import Accounts
from local.doubles.agenda import Agenda
from local.doubles.call_faults import Played, elsewhere, judged
from local.doubles.faults import FaultBook
from local.doubles.journal import Journal
from local.doubles.model import Json, Now, Outcome, Push, Reply, Request
from local.doubles.scenario import Scenario
from local.doubles.yidun.backlog import Backlog
from local.doubles.yidun.calls import Calls
from local.doubles.yidun.codes import ROUTES
from local.doubles.yidun.desk import Desk
from local.doubles.yidun.door import Clouds
from local.doubles.yidun.fetch import Fetcher
from local.doubles.yidun.form import decode
from local.doubles.yidun.gate import Gate
from local.doubles.yidun.outbox import Outbox
from local.doubles.yidun.polling import Polls
from local.doubles.yidun.post import Post
from local.doubles.yidun.queries import Queries
from local.doubles.yidun.rates import Rates
from local.doubles.yidun.runner import Runner
from local.doubles.yidun.seal import Sealer
from local.doubles.yidun.settings import YidunSettings
from local.doubles.yidun.stopping import Stops
from local.doubles.yidun.submission import Submissions


class YidunWorld:
    """Pure logic of the Yidun double; see ``world.World`` and ``world.ReadsAnswers``."""

    name = "yidun"

    def __init__(
        self,
        accounts: Accounts,
        settings: YidunSettings | None = None,
        played: Scenario | None = None,
        entrance: Clouds | None = None,
        entropy: Callable[[int], str] = secrets.token_hex,
    ) -> None:
        """``entrance`` lets recorders into the rooms of the platforms' doubles."""
        self.settings: YidunSettings = settings or YidunSettings()
        self.faults: FaultBook = FaultBook(("submit", "poll", "finish", "query", "push", "token"))
        self.journal = Journal(lambda: accounts.secrets_of(self.name))
        s, door, numbers = self.settings, entrance or Clouds({}), count(1)
        self._agenda, self._backlog, sealer = Agenda(), Backlog(s), Sealer(accounts, s)
        spoilt = (self._agenda, self.faults, self.journal, s)
        self._outbox = Outbox(*spoilt, sealer.push, number=lambda: next(numbers))
        self._fetcher = Fetcher(*spoilt, sealer, lambda: next(numbers), entropy)
        post = Post(self._agenda, self._outbox, self._backlog, s)
        self.runner = Runner(self._agenda, post, door, self._fetcher, s, played or Scenario())
        self._desk = Desk(self.runner, post, self._backlog, s)
        rates = Rates(s)
        self._calls = Calls(
            Gate(accounts, s),
            self.runner,
            Submissions(self.runner, door, rates, s, entropy),
            Polls(self._backlog, rates, s),
            Stops(self.runner, rates, s),
            Queries(self.runner, self._outbox, s),
            s,
        )

    def handle(self, request: Request, now: Now) -> Reply:
        """Answer one call and write it down."""
        if request.path.startswith(admin.PREFIX):
            return admin.handle(self, request, now)
        # What is due by now comes before the call, whatever the server's tick.
        self._agenda.run(now)
        route, form = ROUTES.get(request.path), decode(request)
        call: Played | Outcome = elsewhere(request, route is not None)
        if route and request.method == "POST":
            run, facts = partial(self._calls.run, route, form, now), self._calls.facts(route, form)
            call = Played(route.operation, facts, run, self._calls.coder(route, form))
        outcome, said = judged(self.faults, call)
        self.journal.add(
            "call",
            now,
            operation=route.operation if route else None,
            product=route.product if route else None,
            method=request.method,
            path=request.path,
            body=request.body.decode("utf-8", "replace") if form is None else form,
            **said,
        )
        return outcome.reply

    def advance(self, now: Now) -> list[Push]:
        """Let time pass; the pushes and token fetches that are due."""
        self._agenda.run(now)
        due = self._outbox.ready + self._fetcher.ready
        self._outbox.ready, self._fetcher.ready = [], []
        return due

    def push_result(self, push: Push, status: int | None, now: Now, note: str = "") -> None:
        """What came of a push whose answer nobody has read."""
        self.push_answer(push, status, "", now, note)

    def push_answer(self, push: Push, status: int | None, body: str, now: Now, note: str = "") -> None:
        """What came of a push or of a token fetch."""
        if not self._fetcher.result(push, status, body, now, note):
            self._outbox.result(push, status, now, note, body)

    def next_due(self) -> float | None:
        """Scaled second of the next sentence, retry or end."""
        return self._agenda.next_due()

    def state(self, now: Now) -> Json:
        """All tasks with their books."""
        tasks = [task.view(now.scaled) for task in self.runner.tasks.values()]
        return admin.books(now, self.runner.speech.scenario.name, tasks) | {"backlog": self._backlog.size()}

    def admin(self, request: Request, now: Now) -> Reply | None:
        """``scenario``, ``tasks/{id}/end``, ``/review``, ``/late``, ``backlog``."""
        return self._desk.answer(request, now)
