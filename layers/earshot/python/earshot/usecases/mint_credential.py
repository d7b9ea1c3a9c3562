"""Lifecycle step: obtain the credential for the next task."""

from collections.abc import Callable
from dataclasses import dataclass

from earshot.domain.watch import Credential
from earshot.errors import AlreadyDone
from earshot.log_codes import LogCode
from earshot.platforms.port import MintRequest, Platform
from earshot.store.port import Lifecycle
from earshot.telemetry import note


@dataclass(frozen=True)
class MintCredential:
    """See the module. ``platform`` gives a platform's client by name."""

    store: Lifecycle
    platform: Callable[[str], Platform]
    now: Callable[[], int]

    def __call__(self, watch_id: str) -> int:
        """The number under which the credential is kept; no secret leaves the table.

        Raises AlreadyDone when the room is closed, and what the platform raises.
        """
        watch = self.store.watch(watch_id)
        if watch.last_word or watch.is_over:
            raise AlreadyDone("room_closed")
        number = self.store.next_number(watch_id)
        request = MintRequest(watch.room, watch_id, number, watch.plan["platform_options"], self.now())
        minted = self.platform(watch.room.platform).mint(request)
        credential = Credential(watch_id, number, watch.room.platform, minted.expires_at, minted.secrets)
        self.store.put_credential(credential, self.now())
        note(LogCode.ES201, watch_id=watch_id, number=number, expires_at=minted.expires_at)
        return number
