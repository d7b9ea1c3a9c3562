"""Pushes on their way: attempts, retries, and orders to spoil them."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from local.doubles.agenda import Agenda
from local.doubles.faults import FaultBook
from local.doubles.journal import Journal
from local.doubles.model import Json, Now, Push
from local.doubles.orders import Order
from local.doubles.slices.pace import Pace
from local.doubles.slices.task import Task

Wrap = Callable[[Task, str, Now, bool], tuple[str, Mapping[str, str]]]
"""From a body to what is sent and its headers, at the moment of sending; the flag spoils it."""
Good = Callable[[int | None, str], bool]
"""Whether an answer (status and body) acknowledges."""


@dataclass
class Delivery:
    """One push until it is acknowledged or given up. ``kinds``: how many ``segment`` and ``end`` are in it."""

    id: int
    task: Task
    kinds: Counter[str]
    number: int | None
    body: str
    attempts: int = 0
    flying: int = 0
    done: bool = False
    order: Json | None = None

    @property
    def kind(self) -> str:
        """``end`` if there is nothing else in it."""
        return "segment" if self.kinds["segment"] else "end"


@dataclass
class Outbox:
    """All pushes of a world."""

    agenda: Agenda
    faults: FaultBook
    journal: Journal
    pace: Pace
    wrap: Wrap
    good: Good
    ready: list[Push] = field(default_factory=list)
    _open: dict[int, Delivery] = field(default_factory=dict)
    _held: dict[str, deque[Delivery]] = field(default_factory=dict)
    _count: int = 0

    def add(self, task: Task, kinds: Counter[str], number: int | None, body: Any, due: float) -> None:
        """Send a JSON body at a scaled second."""
        self._count += 1
        delivery = Delivery(self._count, task, kinds, number, json.dumps(body, ensure_ascii=False))
        self._open[delivery.id] = delivery
        self.agenda.at(due, lambda at, now: self._attempt(delivery, at, now))

    def drain(self) -> list[Push]:
        """The attempts that are due, once."""
        due, self.ready = self.ready, []
        return due

    def result(self, push: Push, status: int | None, body: str, now: Now, note: str) -> None:
        """What came of an attempt: acknowledged, to be tried again, or given up."""
        delivery = self._open.get(push.delivery)
        if delivery is None:
            return
        delivery.flying -= 1
        self._note(delivery, push, status if status is not None else note or "no answer", now, body)
        self._release(delivery, now)
        if push.copy == 0 and self.good(status, body):
            self._close(delivery, "acknowledged")
        elif push.copy == 0:
            self._again(delivery, now.scaled)
        self._forget(delivery)

    def _attempt(self, delivery: Delivery, due: float, now: Now) -> None:
        number = () if delivery.number is None else (str(delivery.number),)
        more = {"kind": tuple(delivery.kinds), "number": number, "attempt": (str(delivery.attempts + 1),)}
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
            self._book(delivery, "pushed")
        fault = order.fault if order else ""
        push = self._push(delivery, fault == "corrupt", due, now)
        if fault == "drop":
            self._note(delivery, push, "dropped", now)
            self._again(delivery, due)
            self._forget(delivery)
            return
        copies = order.args["copies"] if order and fault == "duplicate" else 0
        delivery.flying += 1 + copies
        self.ready += [replace(push, copy=number) for number in range(1 + copies)]

    def _push(self, delivery: Delivery, spoilt: bool, due: float, now: Now) -> Push:
        body, headers = self.wrap(delivery.task, delivery.body, now, spoilt)
        place = (delivery.id, delivery.attempts, 0, delivery.task.callback)
        how = (self.pace.push_content_type, self.pace.push_timeout, due)
        return Push(*place, body, *how, headers=headers, wants_body=True)

    def _again(self, delivery: Delivery, at: float) -> None:
        """Each interval is used once, counted from the failure of the attempt before."""
        if delivery.attempts > len(self.pace.push_intervals):
            self._close(delivery, "given_up")
            return
        due = at + self.pace.push_intervals[delivery.attempts - 1]
        self.agenda.at(due, lambda then, now: self._attempt(delivery, then, now))

    def _book(self, delivery: Delivery, how: str) -> None:
        for kind, many in delivery.kinds.items():
            delivery.task.counts[f"{kind}_{how}"] += many

    def _close(self, delivery: Delivery, how: str) -> None:
        delivery.done = True
        self._book(delivery, how)

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
            kinds=dict(delivery.kinds),
            task=delivery.task.id,
            room=delivery.task.room,
            data_id=delivery.task.key,
            number=delivery.number,
            attempt=push.attempt,
            copy=push.copy,
            url=push.url,
            status=status,
            answer=answer,
            sent_second=round(push.sent, 3),
            fault=delivery.order,
            body=json.loads(delivery.body),
            sent=push.body,
            headers=dict(push.headers),
        )
