"""Pushes on their way: signed, retried for a day (page "主动回调说明")."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from local.doubles.model import Json, Now, Push
from local.doubles.orders import Order
from local.doubles.outbox import Letter, Result, ResultOutbox
from local.doubles.yidun.seal import acknowledged, corrupted
from local.doubles.yidun.settings import YidunSettings
from local.doubles.yidun.task import Task

Seal = Callable[[Task, str, bool], str]
"""Makes the form of a push of ``callbackData``; the flag spoils the signature."""


@dataclass
class Delivery(Result[Task]):
    """One push."""

    data: str


@dataclass
class Outbox(ResultOutbox[Delivery]):
    """All pushes of a world."""

    wants_body = True

    settings: YidunSettings
    seal: Seal

    def add(self, task: Task, kind: str, number: int | None, data: Json | list[Json], due: float) -> None:
        """Send ``callbackData`` at a scaled second."""
        self.start(Delivery(task, Counter([kind]), number, json.dumps(data, ensure_ascii=False)), due)

    def open_of(self, task: Task) -> int:
        """Pushes of a task that are still on their way."""
        return sum(delivery.task is task for delivery in self._open.values())

    def letter(self, delivery: Delivery, spoilt: Order | None, now: Now) -> Letter:  # noqa: ARG002
        """A form."""
        s, task = self.settings, delivery.task
        spoil = s.corrupt_how if spoilt else ""
        body = corrupted(self.seal(task, delivery.data, spoil == "signature"), spoil)
        return Letter(task.callback_url, body, s.push_content_type, s.push_timeout)

    def good(self, status: int | None, body: str) -> bool:
        """By the code in the answer too."""
        return acknowledged(status, body, self.settings.strict_ack)

    def again_at(self, delivery: Delivery, at: float) -> float | None:
        """At equal intervals, for so long from the first."""
        due = at + self.settings.push_interval
        return None if due - delivery.first > self.settings.push_for else due

    def said(self, delivery: Delivery, push: Push) -> Json:
        """The data, and the form around it."""
        return super().said(delivery, push) | {
            "data_id": delivery.task.form.get("dataId", ""),
            "number": delivery.number,
            "body": json.loads(delivery.data),
            "form": push.body,
        }
