"""A vendor's push: prove it, keep it, say 200. What it means is found out behind the door."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from earshot import callback_url
from earshot.errors import BadInput, Refused, TooLarge
from earshot.log_codes import LogCode
from earshot.store.port import Inbox
from earshot.telemetry import note
from earshot.usecases.results import kept, quarantined
from earshot.vendors import registry
from earshot.vendors.port import Delivery, Door, Unreadable

if TYPE_CHECKING:
    from earshot.secrets import Section

MAX_BODY_BYTES = 4_000_000
"""What fits one write (4 MB), and in base64 a Lambda event (6 MB). Shumei may echo 1 MB of request."""
REFRESH_AFTER_MS = 10_000
"""How stale the keys may be when a proof does not fit, before they are read once more."""


@dataclass(frozen=True)
class Push:
    """What came, as it came."""

    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class ReceiveCallback:
    """See the module. ``keys`` gives the callback keys in use, no older than its argument (ms), ``secrets`` a
    vendor's section of the settings likewise."""

    inbox: Inbox
    keys: Callable[[int | None], tuple[str, ...]]
    secrets: "Callable[[str, int | None], Section]"
    now: Callable[[], int]

    def __call__(
        self, vendor: str, task_ref: str, mac: str, body: bytes, headers: Mapping[str, str]
    ) -> Mapping[str, Any] | str:
        """What to answer with a 200, JSON or text; ``headers`` have lower-case names.

        Raises Refused, BadInput, TooLarge, Misconfigured or RetryLater.
        """
        self._authenticate(vendor, task_ref, mac)
        if not body or len(body) > MAX_BODY_BYTES:
            note(LogCode.ES304, task_ref=task_ref, size=len(body))
            if not body:
                raise BadInput("body", "is empty")
            raise TooLarge("body", f"is {len(body)} bytes, at most {MAX_BODY_BYTES} are taken")
        door = registry.door(vendor)
        status = self._keep(door, vendor, task_ref, Push(body, headers))
        return status if door.ANSWER is None else door.ANSWER

    def _authenticate(self, vendor: str, task_ref: str, mac: str) -> None:
        if registry.known(vendor) and (
            callback_url.is_genuine(self.keys(None), vendor, task_ref, mac)
            or callback_url.is_genuine(self.keys(REFRESH_AFTER_MS), vendor, task_ref, mac)
        ):
            return
        note(LogCode.ES301)
        raise Refused("not_authenticated")

    def _keep(self, door: Door, vendor: str, task_ref: str, push: Push) -> dict[str, str]:
        try:
            segment = kept(vendor, task_ref, self._taken(door, vendor, push), self.now())
        except Unreadable as problem:
            segment = quarantined(vendor, task_ref, push.body, self.now(), str(problem))
        if segment is None:
            return {"status": "skipped"}
        fresh = self.inbox.put_segment(segment)
        if segment.problem is not None:
            return {"status": "quarantined", "error": segment.problem}
        return {"status": "stored" if fresh else "duplicate"}

    def _taken(self, door: Door, vendor: str, push: Push) -> Delivery:
        """A secret that has just been rotated is read once more before the vendor's own signature is refused."""
        try:
            return door.take(push.body, push.headers, lambda: self.secrets(vendor, None))
        except Refused:
            pass
        try:
            return door.take(push.body, push.headers, lambda: self.secrets(vendor, REFRESH_AFTER_MS))
        except Refused:
            note(LogCode.ES306, vendor=vendor)
            raise
