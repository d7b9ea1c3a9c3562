"""Room webhooks on their way: signed anew for each attempt, retried by the platform's ladder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from local.doubles.journal import parsed
from local.doubles.model import Json, Now, Push
from local.doubles.orders import Facts, Order
from local.doubles.outbox import Delivery, Letter, Outbox
from local.doubles.rooms.notice import Attempt, Notice, Sealed
from local.doubles.rooms.settings import WebhookSettings

Seal = Callable[[Notice, Attempt, str], Sealed]
"""Makes body and headers; the last argument spoils the signature: ``""``, ``signature`` or ``unsigned``."""


@dataclass
class Webhook(Delivery):
    """One webhook."""

    notice: Notice
    url: str
    born: Now


@dataclass
class WebhookOutbox(Outbox[Webhook]):
    """All webhooks of a world."""

    operation = "webhook"

    platform: str
    settings: WebhookSettings
    seal: Seal
    counts: Counter[str] = field(default_factory=Counter, init=False)
    _serial: int = field(default=0, init=False)

    def add(self, notice: Notice, now: Now) -> bool:
        """Take a webhook; ``False`` when nobody has given an address."""
        url = self.settings.url(notice.app_id)
        if not url:
            return False
        self.counts["made"] += 1
        self.start(Webhook(notice, url, now), now.scaled + self.settings.webhook_latency)
        return True

    def line(self, delivery: Webhook) -> str:
        """The room."""
        return delivery.notice.room

    def facts(self, delivery: Webhook) -> Facts:
        """Of what happened, and of this attempt."""
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

    def pushes(
        self, delivery: Webhook, spoilt: Order | None, copies: int, due: float, now: Now
    ) -> list[Push]:
        """A copy leaves a millisecond later, so that what is stamped at sending differs as it does in reality."""
        sent = [replace(now, wall=now.wall + copy / 1000) for copy in range(1 + copies)]
        letters = [self.letter(delivery, spoilt, then) for then in sent]
        return [self.push(delivery, letter, copy, due) for copy, letter in enumerate(letters)]

    def letter(self, delivery: Webhook, spoilt: Order | None, now: Now) -> Letter:
        """Sealed by the platform."""
        self._serial += 1
        how = spoilt.args["how"] if spoilt else ""
        attempt = Attempt(delivery.id, delivery.attempts, self._serial, delivery.born, now)
        sealed = self.seal(delivery.notice, attempt, how if how != "body" else "")
        body = sealed.body if how != "body" else sealed.body[: len(sealed.body) // 2]
        return Letter(delivery.url, body, sealed.content_type, self.settings.webhook_timeout, sealed.headers)

    def good(self, status: int | None, body: str) -> bool:  # noqa: ARG002
        """By the platform's own rule."""
        return self.settings.succeeded(status)

    def steps(self, delivery: Webhook) -> list[Any]:
        """None for an address check."""
        return [] if delivery.notice.once else self.settings.webhook_retries

    def again_at(self, delivery: Webhook, at: float) -> float | None:
        """Unless the event is too old by then."""
        due, limit = super().again_at(delivery, at), self.settings.webhook_max_age
        return None if due is None or (limit and due - delivery.born.scaled > limit) else due

    def book(self, delivery: Webhook, how: str) -> None:  # noqa: ARG002
        """For the world as a whole; that a push was made is counted before."""
        if how != "pushed":
            self.counts[how] += 1

    def said(self, delivery: Webhook, push: Push) -> Json:
        """What happened where, and what was sent of it."""
        notice = delivery.notice
        return {
            "push": "webhook",
            "event": notice.event,
            "app_id": notice.app_id,
            "room": notice.room,
            "user": notice.user,
            "headers": dict(push.headers),
            "body": parsed(push.body),
        }
