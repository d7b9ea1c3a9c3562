"""What the webhook must know of a declared vendor's push. Standard library and expressions only: a cold start."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import islice, product
from typing import TYPE_CHECKING, Any

from earshot.clock import now_ms
from earshot.errors import Refused
from earshot.vendors.declared.callback import ENDED, Event
from earshot.vendors.declared.description import Description, load
from earshot.vendors.declared.parsing import stored
from earshot.vendors.declared.proofs import Pushed
from earshot.vendors.port import Delivery, Unreadable

if TYPE_CHECKING:
    from earshot.secrets import Section

MAX_SETS = 16
"""Of secrets that are tried, while several rotate at once."""
LONGEST_KEY = 400


class DeclaredDoor:
    """See :class:`earshot.vendors.port.Door`. ``now`` in epoch milliseconds, for pushes that must be fresh."""

    def __init__(self, description: Description, now: Callable[[], int] = now_ms) -> None:
        self._description, self._callback, self._now = description, description.callback, now
        self.ANSWER: Mapping[str, Any] | str | None = self._callback.ack

    def take(self, body: bytes, headers: Mapping[str, str], secrets: Callable[[], Section]) -> Delivery:
        """One push, once every proof holds."""
        self._authenticate(body, headers, secrets)
        push = self._callback.raw(body)
        if ENDED in push:
            raise Unreadable(f"{ENDED}: is not for vendors to say")
        push = self._callback.unwrapped(push)
        return self._delivery(push, body if self._callback.body == "json" else stored(push))

    def identify(self, result: bytes) -> Delivery:
        """A push of one event, or of several."""
        return self._delivery(self._callback.kept(result), result)

    def split(self, batch: bytes) -> Sequence[bytes]:
        """A push for each event of a push."""
        return self._callback.apart(self._callback.kept(batch))

    def _authenticate(self, body: bytes, headers: Mapping[str, str], secrets: Callable[[], Section]) -> None:
        for proof in self._callback.proofs:
            push = self._push(body) if proof.needs_push else None
            names = sorted(proof.secrets)
            values = [secrets().all(name) for name in names]
            sets = (dict(zip(names, one, strict=True)) for one in islice(product(*values), MAX_SETS))
            if not proof.check(Pushed(body, headers, push), sets, self._now()):
                raise Refused("not_authenticated")

    def _push(self, body: bytes) -> dict[str, Any]:
        try:
            return self._callback.raw(body)
        except Unreadable:
            raise Refused("not_authenticated") from None

    def _delivery(self, push: dict[str, Any], body: bytes) -> Delivery:
        if ENDED in push:
            return Delivery(_key(_ended(push)[0], "#ended"), is_hit=True, body=body)
        events = self._callback.listed(push)
        if len(events) > 1:
            return Delivery(
                f"batch#{hashlib.sha256(body).hexdigest()}", is_hit=True, body=body, is_batch=True
            )
        event = Event(self._callback, {"push": push, "event": events[0]})
        kind = event.kind()
        name = event.text("event_id")
        if kind == "result":
            is_hit = self._description.verdict(event.value("verdict")) != "PASS"
            return Delivery(_key(name, ""), is_hit, body, task_ref=event.text("task_ref"))
        key = _key(name or event.text("vendor_task_id"), f"#{kind}")
        return Delivery(key, kind != "status", body, task_ref=event.text("task_ref"))


def _key(name: str | None, suffix: str) -> str:
    if not name or len(name) > LONGEST_KEY or not name.isprintable():
        raise Unreadable("event_id: is missing, too long or holds characters that are none")
    return name + suffix


def _ended(push: Mapping[str, Any]) -> tuple[str, str]:
    """Task and state of a result that we made of a poll."""
    said = push[ENDED]
    task_id = said.get("task_id") if isinstance(said, Mapping) else None
    if not isinstance(task_id, str) or not task_id:
        raise Unreadable(f"{ENDED}: names no task")
    return task_id, str(said.get("state"))


@cache
def of(vendor: str) -> DeclaredDoor:
    """The door of one vendor."""
    return DeclaredDoor(load(vendor))
