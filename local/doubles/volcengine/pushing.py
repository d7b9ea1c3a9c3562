"""Results of audits on their way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.doubles.journal import parsed
from local.doubles.model import Json, Now, Push
from local.doubles.orders import Order
from local.doubles.outbox import Audit, Letter, Result, ResultOutbox


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
class Delivery(Result[Audit]):
    """One result. ``born``: when it was made."""

    url: str
    data: Json
    born: Now


@dataclass
class PushOutbox(ResultOutbox[Delivery]):
    """All results that a world pushes. ``seal`` makes the text; its second argument spoils the signature."""

    terms: Callable[[], Terms]
    seal: Callable[[Delivery, str], str]

    def add(self, task: Audit, number: int, url: str, data: Json, now: Now) -> None:
        """Send ``data``, the result of segment ``number``, now."""
        self.start(Delivery(task, Counter(segment=1), number, url, data, now), now.scaled)

    def letter(self, delivery: Delivery, spoilt: Order | None, now: Now) -> Letter:  # noqa: ARG002
        """The sealed text."""
        terms = self.terms()
        spoil = terms.spoil if spoilt else ""
        body = self.seal(delivery, spoil if spoil != "body" else "")
        if spoil == "body":
            body = body[: len(body) // 2]
        return Letter(delivery.url, body, terms.content_type, terms.timeout)

    def steps(self, delivery: Delivery) -> list[Any]:  # noqa: ARG002
        """By the terms of the moment."""
        return self.terms().retries

    def said(self, delivery: Delivery, push: Push) -> Json:
        """What was heard, and what was made of it."""
        more = {"number": delivery.number, "data": delivery.data, "body": parsed(push.body)}
        return super().said(delivery, push) | more


def pushes_of(counts: Counter[str]) -> dict[str, int]:
    """What became of a task's pushes, for its books."""
    return {how: counts[f"segment_{how}"] for how in ("pushed", "acknowledged", "given_up")}
