"""Callbacks on their way.

Page "智能音频流识别产品API文档", "回调策略": success is HTTP 200 exactly, else at most 12 pushes (V4: 20). Intervals
are not stated there; the ladder is that of the video stream document [I].
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from local.doubles.journal import parsed
from local.doubles.model import Json, Now, Push
from local.doubles.orders import Order
from local.doubles.outbox import Letter, Result, ResultOutbox
from local.doubles.shumei.codes import MALFORMED
from local.doubles.shumei.generation import V2, push_policy
from local.doubles.shumei.settings import ShumeiSettings
from local.doubles.shumei.task import Task


@dataclass
class Delivery(Result[Task]):
    """One callback."""

    body: str
    url: str


@dataclass
class Outbox(ResultOutbox[Delivery]):
    """All deliveries of a world."""

    copies_count = True

    settings: ShumeiSettings

    def add(
        self, task: Task, kind: str, number: int | None, body: Json, due: float, url: str | None = None
    ) -> None:
        """Send a callback at a scaled second, to the task's address unless another is named."""
        text = json.dumps(body, ensure_ascii=False)
        self.start(Delivery(task, Counter([kind]), number, text, url or task.callback), due)

    def letter(self, delivery: Delivery, spoilt: Order | None, now: Now) -> Letter:  # noqa: ARG002
        """Bare: nothing is signed."""
        body, s = _spoilt(delivery) if spoilt else delivery.body, self.settings
        return Letter(delivery.url, body, s.push_content_type, s.push_timeout)

    def again_at(self, delivery: Delivery, at: float) -> float | None:
        """The last interval is for all further attempts, and there are so many."""
        most, intervals = push_policy(delivery.task.generation, self.settings)
        if delivery.attempts >= most:
            return None
        steps = intervals or [0]
        return at + steps[min(delivery.attempts, len(steps)) - 1]

    def said(self, delivery: Delivery, push: Push) -> Json:
        """What was sent, spoilt or not."""
        body = parsed(push.body)
        request_id = body.get("requestId") if isinstance(body, dict) else None
        return super().said(delivery, push) | {"request_id": request_id, "body": body}


def _spoilt(delivery: Delivery) -> str:
    """The page's malformed sample; V4's pages have none, so half of the body."""
    return MALFORMED if delivery.task.generation == V2 else delivery.body[: len(delivery.body) // 2]
