"""Room webhooks on their way: signed anew for each attempt, retried by the platform's ladder, spoilt to order."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from local.doubles.agenda import Agenda
from local.doubles.faults import FaultBook
from local.doubles.journal import Journal, parsed
from local.doubles.model import Json, Now, Push
from local.doubles.orders import Order
from local.doubles.rooms.notice import Attempt, Notice, Sealed
from local.doubles.rooms.settings import WebhookSettings

Seal = Callable[[Notice, Attempt, str], Sealed]
"""Makes body and headers; the last argument spoils the signature: ``""``, ``signature`` or ``unsigned``."""


@dataclass
class Delivery:
    """One webhook until it is acknowledged or given up."""

    id: int
    notice: Notice
    url: str
    born: Now
    attempts: int = 0
    flying: int = 0
    done: bool = False
    order: Json | None = None


@dataclass
class WebhookOutbox:
    """All webhooks of a world."""

    platform: str
    agenda: Agenda
    faults: FaultBook
    journal: Journal
    settings: WebhookSettings
    seal: Seal
    counts: Counter[str] = field(default_factory=Counter)
    _ready: list[Push] = field(default_factory=list)
    _open: dict[int, Delivery] = field(default_factory=dict)
    _held: dict[str, deque[Delivery]] = field(default_factory=dict)
    _serial: int = 0

    def add(self, notice: Notice, now: Now) -> bool:
        """Take a webhook; ``False`` when nobody has given an address."""
        url = self.settings.url(notice.app_id)
        if not url:
            return False
        self.counts["made"] += 1
        delivery = Delivery(self.counts["made"], notice, url, now)
        self._open[delivery.id] = delivery
        due = now.scaled + self.settings.webhook_latency
        self.agenda.at(due, lambda at, then: self._attempt(delivery, at, then))
        return True

    def drain(self) -> list[Push]:
        """The attempts that are due, once."""
        due, self._ready = self._ready, []
        return due

    def result(self, push: Push, status: int | None, now: Now, note: str) -> None:
        """What came of an attempt."""
        delivery = self._open.get(push.delivery)
        if delivery is None:
            return
        delivery.flying -= 1
        self._note(delivery, push, status if status is not None else note or "no answer", now)
        self._release(delivery, now)
        if push.copy == 0 and self.settings.succeeded(status):
            self._close(delivery, "acknowledged")
        elif push.copy == 0:
            self._again(delivery, now.scaled)
        self._forget(delivery)

    def _attempt(self, delivery: Delivery, due: float, now: Now) -> None:
        order = self.faults.take("webhook", self._facts(delivery))
        delivery.order = order.view() if order else None
        if order and order.fault == "delay":
            self.agenda.at(due + order.args["seconds"], lambda at, then: self._send(delivery, None, at, then))
        elif order and order.fault == "reorder":
            self._held.setdefault(delivery.notice.room, deque()).append(delivery)
            self.agenda.at(due + order.args["seconds"], lambda at, then: self._let_go(delivery, at, then))
        else:
            self._send(delivery, order, due, now)

    def _send(self, delivery: Delivery, order: Order | None, due: float, now: Now) -> None:
        delivery.attempts += 1
        self.counts["attempts"] += 1
        fault = order.fault if order else ""
        first = self._push(delivery, order if fault == "corrupt" else None, 0, due, now)
        if fault == "drop":
            self._note(delivery, first, "dropped", now)
            self._again(delivery, due)
            self._forget(delivery)
            return
        pushes = [first]
        if order and fault == "duplicate":
            pushes += [self._push(delivery, None, n + 1, due, now) for n in range(order.args["copies"])]
        delivery.flying += len(pushes)
        self._ready += pushes

    def _push(self, delivery: Delivery, corrupt: Order | None, copy: int, due: float, now: Now) -> Push:
        self._serial += 1
        how = corrupt.args["how"] if corrupt else ""
        # A copy leaves a millisecond later, so that what is stamped at sending differs as it does in reality.
        sent = replace(now, wall=now.wall + copy / 1000)
        attempt = Attempt(delivery.id, delivery.attempts, self._serial, delivery.born, sent)
        sealed = self.seal(delivery.notice, attempt, how if how != "body" else "")
        body = sealed.body if how != "body" else sealed.body[: len(sealed.body) // 2]
        return Push(
            delivery=delivery.id,
            attempt=delivery.attempts,
            copy=copy,
            url=delivery.url,
            body=body,
            content_type=sealed.content_type,
            timeout=self.settings.webhook_timeout,
            sent=due,
            headers=sealed.headers,
        )

    def _again(self, delivery: Delivery, at: float) -> None:
        steps = () if delivery.notice.once else self.settings.webhook_retries
        if delivery.attempts > len(steps):
            self._close(delivery, "given_up")
            return
        due, limit = at + steps[delivery.attempts - 1], self.settings.webhook_max_age
        if limit and due - delivery.born.scaled > limit:
            self._close(delivery, "given_up")
            return
        self.agenda.at(due, lambda then, now: self._attempt(delivery, then, now))

    def _close(self, delivery: Delivery, how: str) -> None:
        delivery.done = True
        self.counts[how] += 1

    def _forget(self, delivery: Delivery) -> None:
        if delivery.done and delivery.flying == 0:
            del self._open[delivery.id]

    def _let_go(self, delivery: Delivery, at: float, now: Now) -> None:
        waiting = self._held.get(delivery.notice.room, deque())
        if delivery in waiting:
            waiting.remove(delivery)
            self._send(delivery, None, at, now)

    def _release(self, sent: Delivery, now: Now) -> None:
        """A later webhook of the room has come back, so held ones really arrive after it."""
        for delivery in list(self._held.get(sent.notice.room, ())):
            if delivery is not sent:
                self._let_go(delivery, now.scaled, now)

    def _facts(self, delivery: Delivery) -> dict[str, tuple[str, ...]]:
        notice = delivery.notice
        return {
            "platform": (self.platform,),
            "app_id": (notice.app_id,),
            "room": (notice.room,),
            "event": (notice.event,),
            "kind": (notice.kind,),
            "user": (notice.user,),
            "attempt": (str(delivery.attempts + 1),),
        }

    def _note(self, delivery: Delivery, push: Push, status: int | str, now: Now) -> None:
        notice = delivery.notice
        self.journal.add(
            "push",
            now,
            push="webhook",
            event=notice.event,
            app_id=notice.app_id,
            room=notice.room,
            user=notice.user,
            attempt=push.attempt,
            copy=push.copy,
            url=push.url,
            headers=dict(push.headers),
            status=status,
            sent_second=round(push.sent, 3),
            fault=delivery.order,
            body=parsed(push.body),
        )
