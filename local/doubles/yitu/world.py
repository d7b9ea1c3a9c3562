"""Yitu: streams by address, judged in slices; answers, callbacks and the close call are invented."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

from local.doubles.accounts import Accounts
from local.doubles.agenda import Agenda
from local.doubles.faults import FaultBook
from local.doubles.journal import Journal
from local.doubles.model import Now
from local.doubles.scenario import Scenario
from local.doubles.slices.outbox import Outbox
from local.doubles.slices.runner import Runner
from local.doubles.slices.task import Task
from local.doubles.slices.world import SliceWorld
from local.doubles.yitu.callbacks import Callbacks
from local.doubles.yitu.calls import Calls
from local.doubles.yitu.gate import Gate
from local.doubles.yitu.settings import NOTICE, YituSettings

HTTP_OK = 200


class YituWorld(SliceWorld):
    """Pure logic of the Yitu double; see ``world.World`` and ``world.ReadsAnswers``."""

    name = "yitu"

    def __init__(
        self,
        accounts: Accounts,
        settings: YituSettings | None = None,
        played: Scenario | None = None,
        entropy: Callable[[int], str] = secrets.token_hex,
    ) -> None:
        self.settings: YituSettings = settings or YituSettings()
        self.faults = FaultBook(("submit", "finish", "push"))
        self.journal = Journal(lambda: accounts.secrets_of(self.name))
        s, self.agenda = self.settings, Agenda()
        self.outbox = Outbox(self.agenda, self.faults, self.journal, s, _wrap, _acknowledged)
        callbacks = Callbacks(self.outbox, s)
        self.runner = Runner(self.agenda, s, played or Scenario(), callbacks.heard, callbacks.ended)
        self.rules = Calls(Gate(accounts, s), self.runner, s, entropy)


def _wrap(task: Task, body: str, now: Now, spoilt: bool) -> tuple[str, Mapping[str, str]]:  # noqa: ARG001
    """No authentication of callbacks is known, so none is played; the header says whose idea the shape is."""
    return body[: len(body) // 2] if spoilt else body, {"X-Double-Notice": NOTICE}


def _acknowledged(status: int | None, body: str) -> bool:  # noqa: ARG001
    """What Yitu takes for an acknowledgement is not known: 200, whatever the body."""
    return status == HTTP_OK
