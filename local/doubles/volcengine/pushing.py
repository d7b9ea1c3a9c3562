"""Results of audits on their way: attempts, retries, and orders to spoil them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from local.doubles.agenda import Agenda
from local.doubles.faults import FaultBook
from local.doubles.journal import Journal, parsed
from local.doubles.model import Json, Now, Push
from local.doubles.orders import Order

HTTP_OK = 200


class Audit(Protocol):
    """The task that heard something."""

    @property
    def id(self) -> str:
        """Its name in the journal."""

    @property
    def counts(self) -> Counter[str]:
        """Its books."""

    @property
    def room(self) -> str:
        """Where it was heard."""

    def facts(self) -> dict[str, tuple[str, ...]]:
        """What a fault order may match."""


@dataclass(frozen=True)
class Terms:
    """How a push is sent. ``retries``: scaled seconds before each further attempt; ``timeout`` is real seconds.

    ``spoil``: what the fault ``corrupt`` does: a wrong ``signature``, none (``unsigned``), half a ``body``.
    """

    retries: list[Any]
    timeout: float
    content_type: str
    spoil: str = "body"


@dataclass
class Delivery:
    """One result until it is acknowledged or given up. ``born``: when it was made."""

    id: int
    task: Audit
    number: int
    url: str
    data: Json
    born: Now
    attempts: int = 0
    flying: int = 0
    done: bool = False
    order: Json | None = None


@dataclass
class PushOutbox:
    """All results that a world pushes. ``seal`` makes the text; its second argument spoils the signature."""

    agenda: Agenda
    faults: FaultBook
    journal: Journal
    terms: Callable[[], Terms]
    seal: Callable[[Delivery, str], str]
    number: Callable[[], int]
    ready: list[Push] = field(default_factory=list)
    _open: dict[int, Delivery] = field(default_factory=dict)
    _held: dict[str, deque[Delivery]] = field(default_factory=dict)

    def add(self, task: Audit, number: int, url: str, data: Json, now: Now) -> None:
        """Send ``data``, the result of segment ``number``, now."""
        delivery = Delivery(self.number(), task, number, url, data, now)
        self._open[delivery.id] = delivery
        self.agenda.at(now.scaled, lambda at, then: self._attempt(delivery, at, then))

    def drain(self) -> list[Push]:
        """The attempts that are due, once."""
        due, self.ready = self.ready, []
        return due

    def result(self, push: Push, status: int | None, now: Now, note: str) -> bool:
        """What came of an attempt; ``False`` for somebody else's."""
        delivery = self._open.get(push.delivery)
        if delivery is None:
            return False
        delivery.flying -= 1
        self._note(delivery, push, status if status is not None else note or "no answer", now)
        self._release(delivery, now)
        if push.copy == 0 and status == HTTP_OK:
            self._close(delivery, "acknowledged")
        elif push.copy == 0:
            self._again(delivery, now.scaled)
        self._forget(delivery)
        return True

    def _attempt(self, delivery: Delivery, due: float, now: Now) -> None:
        facts = {"number": (str(delivery.number),), "attempt": (str(delivery.attempts + 1),)}
        order = self.faults.take("push", delivery.task.facts() | facts | {"kind": ("segment",)})
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
            delivery.task.counts["segment_pushed"] += 1
        fault = order.fault if order else ""
        push = self._push(delivery, fault == "corrupt", due)
        if fault == "drop":
            self._note(delivery, push, "dropped", now)
            self._again(delivery, due)
            self._forget(delivery)
            return
        copies = order.args["copies"] if order and fault == "duplicate" else 0
        delivery.flying += 1 + copies
        self.ready += [replace(push, copy=number) for number in range(1 + copies)]

    def _push(self, delivery: Delivery, corrupt: bool, due: float) -> Push:
        terms = self.terms()
        spoil = terms.spoil if corrupt else ""
        body = self.seal(delivery, spoil if spoil != "body" else "")
        if spoil == "body":
            body = body[: len(body) // 2]
        place = (delivery.id, delivery.attempts, 0, delivery.url)
        return Push(*place, body, terms.content_type, terms.timeout, due)

    def _again(self, delivery: Delivery, at: float) -> None:
        steps = self.terms().retries
        if delivery.attempts > len(steps):
            self._close(delivery, "given_up")
            return
        due = at + steps[delivery.attempts - 1]
        self.agenda.at(due, lambda then, now: self._attempt(delivery, then, now))

    def _close(self, delivery: Delivery, how: str) -> None:
        delivery.done = True
        delivery.task.counts[f"segment_{how}"] += 1

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

    def _note(self, delivery: Delivery, push: Push, status: int | str, now: Now) -> None:
        self.journal.add(
            "push",
            now,
            push="segment",
            task=delivery.task.id,
            room=delivery.task.room,
            number=delivery.number,
            attempt=push.attempt,
            copy=push.copy,
            url=push.url,
            status=status,
            sent_second=round(push.sent, 3),
            fault=delivery.order,
            data=delivery.data,
            body=parsed(push.body),
        )


def pushes_of(counts: Counter[str]) -> dict[str, int]:
    """What became of a task's pushes, for its books."""
    return {how: counts[f"segment_{how}"] for how in ("pushed", "acknowledged", "given_up")}
