"""Lifecycle step: choose who is to listen, and obtain the credential for the next task."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from earshot.domain import ids
from earshot.domain.ears import current_task, is_due
from earshot.domain.lifecycle import Next
from earshot.domain.watch import Credential, Task, Watch
from earshot.errors import AlreadyDone
from earshot.log_codes import LogCode
from earshot.platforms.port import Minted, MintRequest, Platform
from earshot.store.port import Lifecycle
from earshot.telemetry import note
from earshot.usecases.pace import Pace
from earshot.usecases.start_watch import next_state
from earshot.usecases.stream_slots import StreamSlots
from earshot.usecases.thrift import cut_for
from earshot.usecases.vendor_health import VendorHealth

QUEUE_LOOK_S = 300
"""Who waits for a stream is signalled when one is free; this often it looks for itself."""
State = Mapping[str, Any]


@dataclass(frozen=True)
class MintCredential:
    """See the module. ``platform`` gives a platform's client by name; ``is_needed`` by vendor and its options;
    ``per_s``: how often a platform lets an app mint (None: as often as it likes); ``luck`` in [0, 1) is the
    jitter."""

    store: Lifecycle
    platform: Callable[[str], Platform]
    is_needed: Callable[[str, Mapping[str, Any]], bool]
    health: VendorHealth
    pace: Pace
    per_s: Callable[[str], float | None]
    streams: StreamSlots
    now: Callable[[], int]
    luck: Callable[[], float]

    def __call__(self, state: State) -> dict[str, object]:
        """The machine's state for its next step: submission with a credential that is kept under a number (no secret
        leaves the table), or waiting, for a vendor, a turn at the platform, or a free stream.

        Raises AlreadyDone when the room is closed, and what the platform raises.
        """
        watch = self.store.watch(state["watch_id"])
        if watch.last_word or watch.is_over or state.get("generation", 0) < watch.generation:
            raise AlreadyDone("room_closed")
        tasks = self.store.tasks(watch.watch_id)
        ear = current_task(watch, tasks)
        ear = ear if ear is not None and ear.is_live else None
        vendor = state.get("vendor") if state.get("slot") else None
        if not vendor:
            choice = self.health.choose(watch, tasks, self.luck())
            if choice.vendor is None:
                return self._wait(state, ear, choice.wait_ms)
            vendor = choice.vendor
        slot = self._slot(watch, vendor, state)
        if slot.wait_ms:
            return self._wait(state, ear, slot.wait_ms, slot=slot.at, vendor=vendor)
        keep = cut_for(watch, vendor, watch.level).keep
        ref = ids.task_ref(watch.watch_id, watch.credentials + 1, hits_only=keep == "hits")
        if not self.streams.take(vendor, ref, watch, renews=ear is not None):
            return self._queue(state, watch, vendor, ear)
        return self._minted(state, watch, vendor)

    def _wait(self, state: State, ear: Task | None, wait_ms: int, **turn: object) -> dict[str, object]:
        """Beside an ear parked, for the room may close meanwhile; else paused. ``turn``: the slot and for whom, which
        come back with the machine."""
        wait_s = -(-wait_ms // 1000)
        note(LogCode.ES221, watch_id=state["watch_id"], wait_s=wait_s)
        if ear is not None:
            return next_state(state, Next.WATCH.value, max(2, wait_s), **turn)
        return next_state(state, Next.MINT.value, QUEUE_LOOK_S, wait_s=wait_s, **turn)

    def _queue(self, state: State, watch: Watch, vendor: str, ear: Task | None) -> dict[str, object]:
        """The vendor has no room for another stream. An ear whose time is up makes room for its own successor; the
        gap is short, and the ledger's."""
        note(LogCode.ES222, watch_id=watch.watch_id)
        if ear is not None and is_due(ear, self.now()):
            self.store.lose_task(ear.task_ref, self.now())
            return next_state(state, Next.MINT.value, QUEUE_LOOK_S, release=True)
        if ear is None:
            self.store.queue_watch(watch.watch_id, self.now())
        else:
            self.streams.leave(vendor, watch.watch_id)  # it is heard, and holds up nobody
        return next_state(state, Next.WATCH.value, QUEUE_LOOK_S)

    def _slot(self, watch: Watch, vendor: str, state: State) -> Any:
        bucket = f"mint:{watch.room.platform}:{watch.room.app_id}"
        per_s = self.per_s(watch.room.platform) if self.is_needed(vendor, watch.options(vendor)) else None
        return self.pace.slot(bucket, per_s, state.get("slot") or None)

    def _minted(self, state: State, watch: Watch, vendor: str) -> dict[str, object]:
        number = self.store.next_number(watch.watch_id)
        minted = self._mint(watch, vendor, number)
        ends_ear = bool(watch.plan["platform_options"].get("renew_before_expiry", True))
        credential = Credential(
            watch.watch_id,
            number,
            watch.room.platform,
            minted.expires_at,
            minted.secrets,
            vendor=vendor,
            ends_ear=ends_ear,
        )
        self.store.put_credential(credential, self.now())
        note(LogCode.ES201, watch_id=watch.watch_id, number=number, expires_at=minted.expires_at)
        return next_state(state, Next.SUBMIT.value, QUEUE_LOOK_S, number=number, vendor=vendor)

    def _mint(self, watch: Watch, vendor: str, number: int) -> Minted:
        if not self.is_needed(vendor, watch.options(vendor)):
            return Minted({}, None)
        request = MintRequest(watch.room, watch.watch_id, number, watch.plan["platform_options"], self.now())
        return self.platform(watch.room.platform).mint(request)
