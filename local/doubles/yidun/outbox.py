"""Pushes on their way: signed, retried for a day, spoilt to order (page "主动回调说明")."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from local.doubles.agenda import Agenda
from local.doubles.faults import FaultBook
from local.doubles.journal import Journal
from local.doubles.model import Json, Now, Push
from local.doubles.orders import Order
from local.doubles.yidun.seal import acknowledged, corrupted
from local.doubles.yidun.settings import YidunSettings
from local.doubles.yidun.task import Task

Seal = Callable[[Task, str, bool], str]
"""Makes the form of a push of ``callbackData``; the flag spoils the signature."""


@dataclass
class Delivery:
    """One push until it is acknowledged or given up."""

    id: int
    task: Task
    kind: str
    number: int | None
    data: str
    attempts: int = 0
    first: float = 0.0
    flying: int = 0
    done: bool = False
    order: Json | None = None


@dataclass
class Outbox:
    """All pushes of a world."""

    agenda: Agenda
    faults: FaultBook
    journal: Journal
    settings: YidunSettings
    seal: Seal
    number: Callable[[], int]
    ready: list[Push] = field(default_factory=list)
    _open: dict[int, Delivery] = field(default_factory=dict)
    _held: dict[str, deque[Delivery]] = field(default_factory=dict)

    def add(self, task: Task, kind: str, number: int | None, data: Json | list[Json], due: float) -> None:
        """Send ``callbackData`` at a scaled second."""
        delivery = Delivery(self.number(), task, kind, number, json.dumps(data, ensure_ascii=False))
        self._open[delivery.id] = delivery
        self.agenda.at(due, lambda at, now: self._attempt(delivery, at, now))

    def open_of(self, task: Task) -> int:
        """Pushes of a task that are still on their way."""
        return sum(delivery.task is task for delivery in self._open.values())

    def result(self, push: Push, status: int | None, body: str, now: Now, note: str) -> bool:
        """What came of an attempt; ``False`` for somebody else's."""
        delivery = self._open.get(push.delivery)
        if delivery is None:
            return False
        delivery.flying -= 1
        good = acknowledged(status, body, self.settings.strict_ack)
        self._note(delivery, push, status if status is not None else note or "no answer", now, body)
        self._release(delivery, now)
        if push.copy == 0 and good:
            self._close(delivery, "acknowledged")
        elif push.copy == 0:
            self._again(delivery, now.scaled)
        self._forget(delivery)
        return True

    def _attempt(self, delivery: Delivery, due: float, now: Now) -> None:
        number = () if delivery.number is None else (str(delivery.number),)
        more = {"kind": (delivery.kind,), "number": number, "attempt": (str(delivery.attempts + 1),)}
        order = self.faults.take("push", delivery.task.facts() | more)
        delivery.order = order.view() if order else None
        if order and order.fault == "delay":
            self.agenda.at(due + order.args["seconds"], lambda at, then: self._send(delivery, None, at, then))
        elif order and order.fault == "reorder":
            self._held.setdefault(delivery.task.id, deque()).append(delivery)
            self.agenda.at(due + order.args["seconds"], lambda at, then: self._let_go(delivery, at, then))
        else:
            self._send(delivery, order, due, now)

    def _send(self, delivery: Delivery, order: Order | None, due: float, now: Now) -> None:
        delivery.attempts += 1
        delivery.task.counts["attempts"] += 1
        if delivery.attempts == 1:
            delivery.first = due
            delivery.task.counts[f"{delivery.kind}_pushed"] += 1
        fault = order.fault if order else ""
        push = self._push(delivery, self.settings.corrupt_how if fault == "corrupt" else "", due)
        if fault == "drop":
            self._note(delivery, push, "dropped", now)
            self._again(delivery, due)
            self._forget(delivery)
            return
        copies = order.args["copies"] if order and fault == "duplicate" else 0
        delivery.flying += 1 + copies
        self.ready += [replace(push, copy=number) for number in range(1 + copies)]

    def _push(self, delivery: Delivery, spoil: str, due: float) -> Push:
        s, task = self.settings, delivery.task
        body = corrupted(self.seal(task, delivery.data, spoil == "signature"), spoil)
        place = (delivery.id, delivery.attempts, 0, task.callback_url)
        return Push(*place, body, s.push_content_type, s.push_timeout, due, wants_body=True)

    def _again(self, delivery: Delivery, at: float) -> None:
        due = at + self.settings.push_interval
        if due - delivery.first > self.settings.push_for:
            self._close(delivery, "given_up")
        else:
            self.agenda.at(due, lambda then, now: self._attempt(delivery, then, now))

    def _close(self, delivery: Delivery, how: str) -> None:
        delivery.done = True
        delivery.task.counts[f"{delivery.kind}_{how}"] += 1

    def _forget(self, delivery: Delivery) -> None:
        """Copies of a push may come back after the one that decided."""
        if delivery.done and delivery.flying == 0:
            del self._open[delivery.id]

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

    def _note(self, delivery: Delivery, push: Push, status: int | str, now: Now, answer: str = "") -> None:
        self.journal.add(
            "push",
            now,
            push=delivery.kind,
            task=delivery.task.id,
            room=delivery.task.room,
            data_id=delivery.task.form.get("dataId", ""),
            number=delivery.number,
            attempt=push.attempt,
            copy=push.copy,
            url=push.url,
            status=status,
            answer=answer,
            sent_second=round(push.sent, 3),
            fault=delivery.order,
            body=json.loads(delivery.data),
            form=push.body,
        )
