"""Pushes on their way: attempts, retries, and orders to spoil them. What is sent and when, each double says."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from local.doubles.agenda import Agenda
from local.doubles.faults import FaultBook
from local.doubles.journal import Journal
from local.doubles.model import Json, Now, Push
from local.doubles.orders import Facts, Order

HTTP_OK = 200


@dataclass(frozen=True)
class Letter:
    """What goes over the wire at one attempt; ``timeout`` is in real seconds."""

    url: str
    body: str
    content_type: str
    timeout: float
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class Delivery:
    """One push until it is acknowledged or given up. ``first``: scaled second of its first attempt."""

    id: int = 0
    attempts: int = 0
    first: float = 0.0
    flying: int = 0
    done: bool = False
    order: Json | None = None


D = TypeVar("D", bound=Delivery)


@dataclass
class Outbox(ABC, Generic[D]):
    """All pushes of a world; what is abstract is the double's own."""

    operation: ClassVar[str] = "push"
    """What fault orders call a push."""
    wants_body: ClassVar[bool] = False
    """The body of the answer matters."""
    copies_count: ClassVar[bool] = False
    """A copy that is acknowledged settles it too."""

    agenda: Agenda
    faults: FaultBook
    journal: Journal
    number: Callable[[], int] = field(default_factory=lambda: count(1).__next__, kw_only=True)
    ready: list[Push] = field(default_factory=list, init=False)
    _open: dict[int, D] = field(default_factory=dict, init=False)
    _held: dict[str, deque[D]] = field(default_factory=dict, init=False)

    @abstractmethod
    def line(self, delivery: D) -> str:
        """Among which pushes there is an order that can be spoilt."""

    @abstractmethod
    def facts(self, delivery: D) -> Facts:
        """What a fault order may match."""

    @abstractmethod
    def letter(self, delivery: D, spoilt: Order | None, now: Now) -> Letter:
        """What this attempt sends; ``spoilt`` is an order to corrupt it."""

    def good(self, status: int | None, body: str) -> bool:  # noqa: ARG002
        """Whether an answer acknowledges."""
        return status == HTTP_OK

    def steps(self, delivery: D) -> list[Any]:
        """Scaled seconds before each further attempt, each from the failure of the one before; none unless said."""
        del delivery
        return []

    def again_at(self, delivery: D, at: float) -> float | None:
        """When to try again after a failure; ``None``: it is given up."""
        steps = self.steps(delivery)
        return None if delivery.attempts > len(steps) else at + steps[delivery.attempts - 1]

    @abstractmethod
    def book(self, delivery: D, how: str) -> None:
        """Count an attempt (``attempts``), or what became of the push: ``pushed``, then one of the two ends."""

    @abstractmethod
    def said(self, delivery: D, push: Push) -> Json:
        """What the journal says besides of an attempt."""

    def start(self, delivery: D, due: float) -> None:
        """Number it, and send it at a scaled second."""
        delivery.id = self.number()
        self._open[delivery.id] = delivery
        self.agenda.at(due, lambda at, now: self._attempt(delivery, at, now))

    def drain(self) -> list[Push]:
        """The attempts that are due, once."""
        due, self.ready = self.ready, []
        return due

    def result(self, push: Push, status: int | None, now: Now, note: str, body: str = "") -> bool:
        """What came of an attempt: acknowledged, to be tried again, or given up; ``False`` for another's."""
        delivery = self._open.get(push.delivery)
        if delivery is None:
            return False
        delivery.flying -= 1
        self._note(delivery, push, status if status is not None else note or "no answer", now, body)
        self._release(delivery, now)
        decides = push.copy == 0
        if (decides or self.copies_count) and self.good(status, body):
            self._close(delivery, "acknowledged")
        elif decides:
            self._again(delivery, now.scaled)
        self._forget(delivery)
        return True

    def pushes(self, delivery: D, spoilt: Order | None, copies: int, due: float, now: Now) -> list[Push]:
        """An attempt and its copies, all alike."""
        letter = self.letter(delivery, spoilt, now)
        return [self.push(delivery, letter, copy, due) for copy in range(1 + copies)]

    def push(self, delivery: D, letter: Letter, copy: int, due: float) -> Push:
        """One of them."""
        return Push(
            delivery=delivery.id,
            attempt=delivery.attempts,
            copy=copy,
            url=letter.url,
            body=letter.body,
            content_type=letter.content_type,
            timeout=letter.timeout,
            sent=due,
            headers=letter.headers,
            wants_body=self.wants_body,
        )

    def _attempt(self, delivery: D, due: float, now: Now) -> None:
        if delivery.done:
            return  # a copy was acknowledged meanwhile
        order = self.faults.take(self.operation, self.facts(delivery))
        delivery.order = order.view() if order else None
        if order and order.fault == "delay":
            self.agenda.at(due + order.args["seconds"], lambda at, then: self._send(delivery, None, at, then))
        elif order and order.fault == "reorder":
            self._held.setdefault(self.line(delivery), deque()).append(delivery)
            self.agenda.at(due + order.args["seconds"], lambda at, then: self._let_go(delivery, at, then))
        else:
            self._send(delivery, order, due, now)

    def _send(self, delivery: D, order: Order | None, due: float, now: Now) -> None:
        if delivery.done:
            return  # acknowledged while it was held back
        delivery.attempts += 1
        self.book(delivery, "attempts")
        if delivery.attempts == 1:
            delivery.first = due
            self.book(delivery, "pushed")
        fault = order.fault if order else ""
        copies = order.args["copies"] if order and fault == "duplicate" else 0
        pushes = self.pushes(delivery, order if fault == "corrupt" else None, copies, due, now)
        if fault == "drop":
            self._note(delivery, pushes[0], "dropped", now, "")
            self._again(delivery, due)
            self._forget(delivery)
            return
        delivery.flying += len(pushes)
        self.ready += pushes

    def _again(self, delivery: D, at: float) -> None:
        if delivery.done:
            return
        due = self.again_at(delivery, at)
        if due is None:
            self._close(delivery, "given_up")
        else:
            self.agenda.at(due, lambda then, now: self._attempt(delivery, then, now))

    def _close(self, delivery: D, how: str) -> None:
        if not delivery.done:
            delivery.done = True
            self.book(delivery, how)

    def _forget(self, delivery: D) -> None:
        """Copies of a push may come back after the one that decided."""
        if delivery.done and delivery.flying == 0:
            self._open.pop(delivery.id, None)

    def _let_go(self, delivery: D, at: float, now: Now) -> None:
        waiting = self._held.get(self.line(delivery), deque())
        if delivery in waiting:
            waiting.remove(delivery)
            self._send(delivery, None, at, now)

    def _release(self, sent: D, now: Now) -> None:
        """The next push of the line has come back, so held ones really arrive after it."""
        for delivery in list(self._held.get(self.line(sent), ())):
            if delivery is not sent:
                self._let_go(delivery, now.scaled, now)

    def _note(self, delivery: D, push: Push, status: int | str, now: Now, answer: str) -> None:
        attempt = {"attempt": push.attempt, "copy": push.copy, "url": push.url, "status": status}
        if push.wants_body:
            attempt["answer"] = answer
        attempt |= {"sent_second": round(push.sent, 3), "fault": delivery.order}
        self.journal.add("push", now, **attempt, **self.said(delivery, push))


class Audit(Protocol):
    """A task that results are of."""

    @property
    def id(self) -> str:
        """Its name in the journal."""

    @property
    def counts(self) -> Counter[str]:
        """Its books."""

    @property
    def room(self) -> str:
        """Where it listens."""

    def facts(self) -> dict[str, tuple[str, ...]]:
        """What a fault order may match."""


T = TypeVar("T", bound=Audit)


@dataclass
class Result(Delivery, Generic[T]):
    """A push of a task. ``kinds``: how many ``segment``, ``end`` … are in it; ``number``: of the segment."""

    task: T
    kinds: Counter[str]
    number: int | None

    @property
    def kind(self) -> str:
        """``segment`` if there is one in it."""
        return "segment" if self.kinds["segment"] else next(iter(self.kinds))


R = TypeVar("R", bound=Result[Any])


@dataclass
class ResultOutbox(Outbox[R]):
    """Pushes of tasks, each of which keeps its books and has an order of its own."""

    def line(self, delivery: R) -> str:
        """The task."""
        return str(delivery.task.id)

    def facts(self, delivery: R) -> Facts:
        """Of the task, and of this attempt."""
        number = () if delivery.number is None else (str(delivery.number),)
        attempt = (str(delivery.attempts + 1),)
        more = {"kind": tuple(delivery.kinds), "number": number, "attempt": attempt}
        return dict(delivery.task.facts()) | more

    def book(self, delivery: R, how: str) -> None:
        """In the task's books, by kind."""
        if how == "attempts":
            delivery.task.counts[how] += 1
            return
        for kind, many in delivery.kinds.items():
            delivery.task.counts[f"{kind}_{how}"] += many

    def said(self, delivery: R, push: Push) -> Json:  # noqa: ARG002
        """Whose it is."""
        return {"push": delivery.kind, "task": delivery.task.id, "room": delivery.task.room}
