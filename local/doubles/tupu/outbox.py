"""Callbacks on their way: signed anew or once for all attempts, as the settings say."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from local.doubles.model import Json, Now, Push
from local.doubles.orders import Order
from local.doubles.outbox import HTTP_OK, Letter, Result, ResultOutbox
from local.doubles.tupu.seal import Sealer
from local.doubles.tupu.settings import TupuSettings
from local.doubles.tupu.task import Task

HTTP_NOT_ANY_MORE = 300


@dataclass
class Delivery(Result[Task]):
    """One callback. ``text`` is what is under its signature."""

    results: Json
    text: str = ""


@dataclass
class Outbox(ResultOutbox[Delivery]):
    """All callbacks of a world."""

    settings: TupuSettings
    sealer: Sealer

    def add(self, task: Task, kind: str, number: int | None, results: Json, due: float) -> None:
        """Call back at a scaled second."""
        self.start(Delivery(task, Counter([kind]), number, results), due)

    def letter(self, delivery: Delivery, spoilt: Order | None, now: Now) -> Letter:
        """Under a signature, to the stream's own address."""
        s = self.settings
        if not delivery.text or s.push_fresh_stamp:
            delivery.text = self.sealer.content(delivery.results, now)
        body, kind = self.sealer.callback(delivery.text, s.corrupt_how if spoilt else "")
        return Letter(delivery.task.stream.callback, body, kind, s.push_timeout)

    def good(self, status: int | None, body: str) -> bool:
        """200, or all that are near it."""
        if self.settings.any_2xx:
            return status is not None and HTTP_OK <= status < HTTP_NOT_ANY_MORE
        return super().good(status, body)

    def steps(self, delivery: Delivery) -> list[Any]:  # noqa: ARG002
        """Equal ones."""
        return [self.settings.push_interval] * self.settings.push_retries

    def said(self, delivery: Delivery, push: Push) -> Json:
        """What was signed, and how it was sent."""
        return super().said(delivery, push) | {
            "data_id": delivery.task.stream.forum,
            "number": delivery.number,
            "body": json.loads(delivery.text),
            "sent": push.body,
        }
