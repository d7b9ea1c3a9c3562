"""Pushes on their way, wrapped and judged as the vendor does it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local.doubles.model import Json, Now, Push
from local.doubles.orders import Order
from local.doubles.outbox import Letter, Result, ResultOutbox
from local.doubles.slices.pace import Pace
from local.doubles.slices.task import Task

Wrap = Callable[[Task, str, Now, bool], tuple[str, Mapping[str, str]]]
"""From a body to what is sent and its headers, at the moment of sending; the flag spoils it."""
Good = Callable[[int | None, str], bool]
"""Whether an answer (status and body) acknowledges."""


@dataclass
class Delivery(Result[Task]):
    """One push."""

    body: str


@dataclass
class Outbox(ResultOutbox[Delivery]):
    """All pushes of a world."""

    wants_body = True

    pace: Pace
    wrap: Wrap
    acknowledged: Good

    def add(self, task: Task, kinds: Counter[str], number: int | None, body: Any, due: float) -> None:
        """Send a JSON body at a scaled second."""
        self.start(Delivery(task, kinds, number, json.dumps(body, ensure_ascii=False)), due)

    def letter(self, delivery: Delivery, spoilt: Order | None, now: Now) -> Letter:
        """As the vendor wraps it."""
        body, headers = self.wrap(delivery.task, delivery.body, now, spoilt is not None)
        pace, url = self.pace, delivery.task.callback
        return Letter(url, body, pace.push_content_type, pace.push_timeout, headers)

    def good(self, status: int | None, body: str) -> bool:
        """As the vendor reads it."""
        return self.acknowledged(status, body)

    def steps(self, delivery: Delivery) -> list[Any]:  # noqa: ARG002
        """Each is used once."""
        return self.pace.push_intervals

    def said(self, delivery: Delivery, push: Push) -> Json:
        """What was wrapped, and how it was sent."""
        return super().said(delivery, push) | {
            "kinds": dict(delivery.kinds),
            "data_id": delivery.task.key,
            "number": delivery.number,
            "body": json.loads(delivery.body),
            "sent": push.body,
            "headers": dict(push.headers),
        }
