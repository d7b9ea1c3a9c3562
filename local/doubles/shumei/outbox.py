"""Callbacks on their way: attempts, retries, and orders to spoil them.

Page "智能音频流识别产品API文档", "回调策略": success is HTTP 200 exactly, else at most 12 pushes (V4: 20). Intervals
are not stated there; the ladder is that of the video stream document [I].
"""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass, field

from local.doubles.agenda import Agenda
from local.doubles.faults import FaultBook
from local.doubles.journal import Journal, parsed
from local.doubles.model import Json, Now, Push
from local.doubles.orders import Order
from local.doubles.shumei.codes import MALFORMED
from local.doubles.shumei.generation import V2, push_policy
from local.doubles.shumei.settings import ShumeiSettings
from local.doubles.shumei.task import Task

HTTP_OK = 200


@dataclass
class Delivery:
    """One callback until it is acknowledged or given up."""

    id: int
    task: Task
    kind: str
    number: int | None
    body: str
    url: str
    attempts: int = 0
    flying: int = 0
    done: bool = False
    order: Json | None = None


@dataclass
class Outbox:
    """All deliveries of a world."""

    agenda: Agenda
    faults: FaultBook
    journal: Journal
    settings: ShumeiSettings
    ready: list[Push] = field(default_factory=list)
    _open: dict[int, Delivery] = field(default_factory=dict)
    _held: dict[str, deque[Delivery]] = field(default_factory=dict)
    _count: int = 0

    def add(
        self, task: Task, kind: str, number: int | None, body: Json, due: float, url: str | None = None
    ) -> None:
        """Send a callback at a scaled second, to the task's address unless another is named."""
        self._count += 1
        text = json.dumps(body, ensure_ascii=False)
        delivery = Delivery(self._count, task, kind, number, text, url or task.callback)
        self._open[delivery.id] = delivery
        self.agenda.at(due, lambda at, now: self._attempt(delivery, at, now))

    def drain(self) -> list[Push]:
        """The attempts that are due, once."""
        due, self.ready = self.ready, []
        return due

    def result(self, push: Push, status: int | None, now: Now, note: str) -> None:
        """What came of an attempt: acknowledged, to be tried again, or given up."""
        delivery = self._open.get(push.delivery)
        if delivery is None:
            return
        delivery.flying -= 1
        self._note(delivery, push, status if status is not None else note or "no answer", now)
        self._release(delivery, now)
        if status == HTTP_OK:
            self._close(delivery, "acknowledged")  # a copy's 200 too: what was taken is not sent again
        elif push.copy == 0:
            self._again(delivery, now.scaled)
        self._forget(delivery)

    def _attempt(self, delivery: Delivery, due: float, now: Now) -> None:
        if delivery.done:
            return  # a copy was acknowledged meanwhile
        order = self.faults.take("push", self._facts(delivery))
        delivery.order = order.view() if order else None
        if order and order.fault == "delay":
            self.agenda.at(due + order.args["seconds"], lambda at, then: self._send(delivery, None, at, then))
        elif order and order.fault == "reorder":
            self._hold(delivery, order, due)
        else:
            self._send(delivery, order, due, now)

    def _send(self, delivery: Delivery, order: Order | None, due: float, now: Now) -> None:
        if delivery.done:
            return  # acknowledged while it was held back
        delivery.attempts += 1
        delivery.task.counts["attempts"] += 1
        if delivery.attempts == 1:
            delivery.task.counts[f"{delivery.kind}_pushed"] += 1
        body = _spoilt(delivery) if order and order.fault == "corrupt" else delivery.body
        pushes = [self._push(delivery, body, 0, due)]
        if order and order.fault == "drop":
            self._note(delivery, pushes[0], "dropped", now)
            self._again(delivery, due)
            self._forget(delivery)
            return
        if order and order.fault == "duplicate":
            pushes += [self._push(delivery, body, copy + 1, due) for copy in range(order.args["copies"])]
        delivery.flying += len(pushes)
        self.ready += pushes

    def _push(self, delivery: Delivery, body: str, copy: int, due: float) -> Push:
        s = self.settings
        attempt = delivery.attempts
        return Push(delivery.id, attempt, copy, delivery.url, body, s.push_content_type, s.push_timeout, due)

    def _again(self, delivery: Delivery, at: float) -> None:
        if delivery.done:
            return
        most, intervals = push_policy(delivery.task.generation, self.settings)
        if delivery.attempts >= most:
            self._close(delivery, "given_up")
            return
        steps = intervals or [0]
        wait = steps[min(delivery.attempts, len(steps)) - 1]
        self.agenda.at(at + wait, lambda due, now: self._attempt(delivery, due, now))

    def _close(self, delivery: Delivery, how: str) -> None:
        if delivery.done:
            return
        delivery.done = True
        delivery.task.counts[f"{delivery.kind}_{how}"] += 1

    def _forget(self, delivery: Delivery) -> None:
        """Copies of a push may come back after the one that decided."""
        if delivery.done and delivery.flying == 0:
            self._open.pop(delivery.id, None)

    def _hold(self, delivery: Delivery, order: Order, due: float) -> None:
        self._held.setdefault(delivery.task.id, deque()).append(delivery)
        self.agenda.at(due + order.args["seconds"], lambda at, now: self._let_go(delivery, at, now))

    def _let_go(self, delivery: Delivery, at: float, now: Now) -> None:
        waiting = self._held.get(delivery.task.id, deque())
        if delivery in waiting:
            waiting.remove(delivery)
            self._send(delivery, None, at, now)

    def _release(self, sent: Delivery, now: Now) -> None:
        """The next push of the task has come back, so held ones really arrive after it."""
        for delivery in list(self._held.get(sent.task.id, ())):
            if delivery is not sent:
                self._let_go(delivery, now.scaled, now)

    def _facts(self, delivery: Delivery) -> dict[str, tuple[str, ...]]:
        number = () if delivery.number is None else (str(delivery.number),)
        more = {"kind": (delivery.kind,), "number": number, "attempt": (str(delivery.attempts + 1),)}
        return delivery.task.facts() | more

    def _note(self, delivery: Delivery, push: Push, status: int | str, now: Now) -> None:
        body = parsed(push.body)
        self.journal.add(
            "push",
            now,
            task=delivery.task.id,
            room=delivery.task.room,
            push=delivery.kind,
            request_id=body.get("requestId") if isinstance(body, dict) else None,
            attempt=push.attempt,
            copy=push.copy,
            url=push.url,
            status=status,
            sent_second=round(push.sent, 3),
            fault=delivery.order,
            body=body,
        )


def _spoilt(delivery: Delivery) -> str:
    """The page's malformed sample; V4's pages have none, so half of the body."""
    return MALFORMED if delivery.task.generation == V2 else delivery.body[: len(delivery.body) // 2]
