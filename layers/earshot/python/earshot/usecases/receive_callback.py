"""A vendor's push: prove it, keep it, say 200. What it means is found out behind the door."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from earshot import callback_url
from earshot.domain import ids
from earshot.errors import BadInput, Refused, TooLarge
from earshot.log_codes import LogCode
from earshot.store.port import Inbox, Segment
from earshot.telemetry import note
from earshot.vendors import registry
from earshot.vendors.port import Delivery, Unreadable

MAX_BODY_BYTES = 1_572_864
"""1.5 MiB: Shumei may echo 1 MB of request beside its findings."""
REFRESH_AFTER_MS = 10_000
"""How stale the keys may be when a MAC does not fit, before they are read once more."""


@dataclass(frozen=True)
class ReceiveCallback:
    """See the module. ``keys`` gives the callback keys in use, no older than its argument (ms)."""

    inbox: Inbox
    keys: Callable[[int | None], tuple[str, ...]]
    now: Callable[[], int]

    def __call__(self, vendor: str, task_ref: str, mac: str, body: bytes) -> dict[str, str]:
        """What to answer with a 200. Raises Refused, BadInput, TooLarge or RetryLater."""
        self._authenticate(vendor, task_ref, mac)
        if not body or len(body) > MAX_BODY_BYTES:
            note(LogCode.ES304, task_ref=task_ref, size=len(body))
            if not body:
                raise BadInput("body", "is empty")
            raise TooLarge("body", f"is {len(body)} bytes, at most {MAX_BODY_BYTES} are taken")
        try:
            delivery = registry.door(vendor).identify(body)
        except Unreadable as problem:
            return self._quarantine(vendor, task_ref, body, str(problem))
        if ids.keeps_hits_only(task_ref) and not delivery.is_hit:
            return {"status": "skipped"}
        return {"status": self._keep(vendor, task_ref, delivery, body)}

    def _authenticate(self, vendor: str, task_ref: str, mac: str) -> None:
        if vendor in registry.VENDORS and (
            callback_url.is_genuine(self.keys(None), vendor, task_ref, mac)
            or callback_url.is_genuine(self.keys(REFRESH_AFTER_MS), vendor, task_ref, mac)
        ):
            return
        note(LogCode.ES301)
        raise Refused("not_authenticated")

    def _keep(self, vendor: str, task_ref: str, delivery: Delivery, body: bytes) -> str:
        fresh = self.inbox.put_segment(Segment(task_ref, delivery.key, vendor, body, self.now()))
        return "stored" if fresh else "duplicate"

    def _quarantine(self, vendor: str, task_ref: str, body: bytes, problem: str) -> dict[str, str]:
        """Genuine but not understood: repeating it would change nothing, so it is kept and acknowledged."""
        key = f"quarantine-{hashlib.sha256(body).hexdigest()}"
        self.inbox.put_segment(Segment(task_ref, key, vendor, body, self.now(), problem))
        note(LogCode.ES302, task_ref=task_ref, problem=problem)
        return {"status": "quarantined", "error": problem}
