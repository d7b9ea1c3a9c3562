"""Lifecycle step: choose who is to listen, and obtain the credential for the next task."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from earshot.domain import ids
from earshot.domain.ears import current_task, is_due, is_silent, refs_of
from earshot.domain.lifecycle import Next, unheard_in_s
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
RENEWAL_LOOK_S = 20
"""Who finds none for its next ear: others that replace theirs have two for about so long."""
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
        ear, renews = _ear(watch, tasks)
        vendor = state.get("vendor") if state.get("slot") else None
        if not vendor:
            choice = self.health.choose(watch, tasks, self.luck())
            if choice.vendor is None:
                return self._wait_for_vendor(state, watch, ear, choice.wait_ms)
            vendor = choice.vendor
        slot = self._slot(watch, vendor, state)
        if slot.wait_ms:
            return self._wait(state, ear, slot.wait_ms, slot=slot.at, vendor=vendor)
        if watch.credentials:
            # The last one may have come to nothing: the platform failed, or the credential was never taken.
            self.streams.unused(watch, tasks, watch.credentials)
        keep = cut_for(watch, vendor, watch.level).keep
        ref = ids.task_ref(watch.watch_id, watch.credentials + 1, hits_only=keep == "hits")
        if not self.streams.take(vendor, ref, watch, renews=renews):
            return self._queue(state, watch, vendor, ear, tasks)
        return self._minted(state, watch, vendor)

    def _wait_for_vendor(
        self, state: State, watch: Watch, ear: Task | None, wait_ms: int
    ) -> dict[str, object]:
        """For a vendor that is well: that may take long, and an app that is to know by then is told first."""
        left_s = unheard_in_s(watch, self.now()) if ear is None else None
        if left_s is None or left_s * 1000 > wait_ms:
            return self._wait(state, ear, wait_ms)
        note(LogCode.ES221, watch_id=watch.watch_id, wait_s=left_s)
        return next_state(state, Next.WATCH.value, max(2, left_s))

    def _wait(self, state: State, ear: Task | None, wait_ms: int, **turn: object) -> dict[str, object]:
        """Beside an ear parked, for the room may close meanwhile; else paused. ``turn``: the slot and for whom, which
        come back with the machine."""
        wait_s = -(-wait_ms // 1000)
        note(LogCode.ES221, watch_id=state["watch_id"], wait_s=wait_s)
        if ear is not None:
            return next_state(state, Next.WATCH.value, max(2, wait_s), **turn)
        return next_state(state, Next.MINT.value, QUEUE_LOOK_S, wait_s=wait_s, **turn)

    def _queue(
        self, state: State, watch: Watch, vendor: str, ear: Task | None, tasks: Sequence[Task]
    ) -> dict[str, object]:
        """The vendor has no room for another stream. An ear whose time is all but up makes room for its own
        successor, and so does one that may be dead; the gap is short, and the ledger's."""
        note(LogCode.ES222, watch_id=watch.watch_id)
        if ear is not None:
            renewal = is_due(ear, self.now())
            is_mute = is_silent(ear, self.now())
            if is_mute or (renewal and self.now() >= _patience_until(watch, ear)):
                for ref in refs_of(tasks, ear):
                    self.store.lose_task(ref, ear.last_sign if is_mute else self.now())
                return next_state(state, Next.MINT.value, QUEUE_LOOK_S, release=True)
            self.streams.leave(vendor, watch.watch_id)  # it is heard, and holds up nobody
            return next_state(state, Next.WATCH.value, RENEWAL_LOOK_S if renewal else QUEUE_LOOK_S)
        self.store.queue_watch(watch.watch_id, self.now())
        left_s = unheard_in_s(watch, self.now())
        look_s = QUEUE_LOOK_S if left_s is None else max(2, min(QUEUE_LOOK_S, left_s))
        return next_state(state, Next.WATCH.value, look_s)

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


def _ear(watch: Watch, tasks: Sequence[Task]) -> tuple[Task | None, bool]:
    """The ear that listens, and whether the next one is its successor: also of one that was given up to make room."""
    last = current_task(watch, tasks)
    if last is not None and last.is_live:
        return last, True
    return None, last is not None and last.lost_at is not None


def _patience_until(watch: Watch, ear: Task) -> int:
    """Until half of the time is over that an ear has left when it is due, epoch ms."""
    due_at, began = ear.renew_at or 0, ear.accepted_at or ear.submitted_at
    return due_at + min(int(watch.plan["renew_before_s"]) * 1000, due_at - began) // 2
