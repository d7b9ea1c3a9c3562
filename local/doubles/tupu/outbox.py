"""Callbacks on their way: signed, retried, spoilt to order."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass, field, replace

from local.doubles.agenda import Agenda
from local.doubles.faults import FaultBook
from local.doubles.journal import Journal
from local.doubles.model import Json, Now, Push
from local.doubles.orders import Order
from local.doubles.tupu.seal import Sealer
from local.doubles.tupu.settings import TupuSettings
from local.doubles.tupu.task import Task

HTTP_OK, HTTP_NOT_ANY_MORE = 200, 300


@dataclass
class Delivery:
    """One callback until it is acknowledged or given up. ``text`` is what is under its signature."""

    id: int
    task: Task
    kind: str
    number: int | None
    results: Json
    text: str = ""
    attempts: int = 0
    flying: int = 0
    done: bool = False
    order: Json | None = None


@dataclass
class Outbox:
    """All callbacks of a world."""

    agenda: Agenda
    faults: FaultBook
    journal: Journal
    settings: TupuSettings
    sealer: Sealer
    ready: list[Push] = field(default_factory=list)
    _open: dict[int, Delivery] = field(default_factory=dict)
    _held: dict[str, deque[Delivery]] = field(default_factory=dict)
    _count: int = 0

    def add(self, task: Task, kind: str, number: int | None, results: Json, due: float) -> None:
        """Call back at a scaled second."""
        self._count += 1
        delivery = Delivery(self._count, task, kind, number, results)
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
        if push.copy == 0 and self._is_good(status):
            self._close(delivery, "acknowledged")
        elif push.copy == 0:
            self._again(delivery, now.scaled)
        self._forget(delivery)

    def _is_good(self, status: int | None) -> bool:
        if self.settings.any_2xx:
            return status is not None and HTTP_OK <= status < HTTP_NOT_ANY_MORE
        return status == HTTP_OK

    def _attempt(self, delivery: Delivery, due: float, now: Now) -> None:
        order = self.faults.take("push", self._facts(delivery))
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
            delivery.task.counts[f"{delivery.kind}_pushed"] += 1
        if not delivery.text or self.settings.push_fresh_stamp:
            delivery.text = self.sealer.content(delivery.results, now)
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
        body, kind = self.sealer.callback(delivery.text, spoil)
        url, timeout = delivery.task.stream.callback, self.settings.push_timeout
        return Push(delivery.id, delivery.attempts, 0, url, body, kind, timeout, due)

    def _again(self, delivery: Delivery, at: float) -> None:
        if delivery.attempts > self.settings.push_retries:
            self._close(delivery, "given_up")
            return
        due = at + self.settings.push_interval
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

    def _facts(self, delivery: Delivery) -> dict[str, tuple[str, ...]]:
        number = () if delivery.number is None else (str(delivery.number),)
        more = {"kind": (delivery.kind,), "number": number, "attempt": (str(delivery.attempts + 1),)}
        return delivery.task.facts() | more

    def _note(self, delivery: Delivery, push: Push, status: int | str, now: Now) -> None:
        self.journal.add(
            "push",
            now,
            push=delivery.kind,
            task=delivery.task.id,
            room=delivery.task.room,
            data_id=delivery.task.stream.forum,
            number=delivery.number,
            attempt=push.attempt,
            copy=push.copy,
            url=push.url,
            status=status,
            sent_second=round(push.sent, 3),
            fault=delivery.order,
            body=json.loads(delivery.text),
            sent=push.body,
        )
