"""Lifecycle step: obtain the credential for the next task."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from earshot.domain.watch import Credential, Watch
from earshot.errors import AlreadyDone
from earshot.log_codes import LogCode
from earshot.platforms.port import Minted, MintRequest, Platform
from earshot.store.port import Lifecycle
from earshot.telemetry import note


@dataclass(frozen=True)
class MintCredential:
    """See the module. ``platform`` gives a platform's client by name; ``is_needed`` by vendor and its options."""

    store: Lifecycle
    platform: Callable[[str], Platform]
    is_needed: Callable[[str, Mapping[str, Any]], bool]
    now: Callable[[], int]

    def __call__(self, watch_id: str) -> int:
        """The number under which the credential is kept; no secret leaves the table.

        Raises AlreadyDone when the room is closed, and what the platform raises.
        """
        watch = self.store.watch(watch_id)
        if watch.last_word or watch.is_over:
            raise AlreadyDone("room_closed")
        number = self.store.next_number(watch_id)
        minted = self._mint(watch, number)
        credential = Credential(watch_id, number, watch.room.platform, minted.expires_at, minted.secrets)
        self.store.put_credential(credential, self.now())
        note(LogCode.ES201, watch_id=watch_id, number=number, expires_at=minted.expires_at)
        return number

    def _mint(self, watch: Watch, number: int) -> Minted:
        if not self.is_needed(watch.plan["vendor"], watch.plan["vendor_options"]):
            return Minted({}, None)
        request = MintRequest(watch.room, watch.watch_id, number, watch.plan["platform_options"], self.now())
        return self.platform(watch.room.platform).mint(request)
