"""Lyrebird, an invented vendor: start, stop, ask, and signed batches of events."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping

from local.doubles.accounts import Accounts
from local.doubles.agenda import Agenda
from local.doubles.faults import FaultBook
from local.doubles.journal import Journal
from local.doubles.lyrebird import signing
from local.doubles.lyrebird.calls import Calls
from local.doubles.lyrebird.door import Clouds
from local.doubles.lyrebird.events import Batches
from local.doubles.lyrebird.gate import SIGNATURE, Gate
from local.doubles.lyrebird.settings import LyrebirdSettings
from local.doubles.model import Now
from local.doubles.scenario import Scenario
from local.doubles.slices.outbox import Outbox
from local.doubles.slices.runner import Runner
from local.doubles.slices.task import Task
from local.doubles.slices.world import SliceWorld

HTTP_OK = 200
STALE = 601
WRONG = "0" * 64


class LyrebirdWorld(SliceWorld):
    """Pure logic of the Lyrebird double; see ``world.World`` and ``world.ReadsAnswers``."""

    name = "lyrebird"

    def __init__(
        self,
        accounts: Accounts,
        settings: LyrebirdSettings | None = None,
        played: Scenario | None = None,
        entrance: Clouds | None = None,
        entropy: Callable[[int], str] = secrets.token_hex,
    ) -> None:
        """``entrance`` lets recorders into the rooms of the platforms' doubles."""
        self._accounts = accounts
        self.settings: LyrebirdSettings = settings or LyrebirdSettings()
        self.faults = FaultBook(("submit", "finish", "query", "push"))
        self.journal = Journal(lambda: accounts.secrets_of(self.name))
        s, door, self.agenda = self.settings, entrance or Clouds({}), Agenda()
        self.outbox = Outbox(self.agenda, self.faults, self.journal, s, self._seal, acknowledged)
        batches = Batches(self.agenda, self.outbox, s)
        self.runner = Runner(self.agenda, s, played or Scenario(), batches.heard, batches.ended, door.leave)
        self.rules = Calls(Gate(accounts, s), self.runner, door, s, entropy)

    def _seal(self, task: Task, body: str, now: Now, spoilt: bool) -> tuple[str, Mapping[str, str]]:
        """Signed anew at every attempt, with the newest secret."""
        how = self.settings.corrupt_how if spoilt else ""
        stamp = int(now.wall) - (STALE if how == "stale" else 0)
        secret = self._accounts.secret(self.name, task.owner, "webhook_secret")[0]
        value = signing.of_push(stamp, body.encode(), secret)
        if how == "signature":
            value = f"t={stamp},v1={WRONG}"
        headers = {} if how == "unsigned" else {SIGNATURE: value}
        return body[: len(body) // 2] if how == "body" else body, headers


def acknowledged(status: int | None, body: str) -> bool:
    """200 with JSON whose ``code`` is the number 0."""
    try:
        answer = json.loads(body)
    except ValueError:
        return False
    code = answer.get("code") if isinstance(answer, dict) else None
    return status == HTTP_OK and type(code) is int and code == 0
