"""The use cases around one in-memory store, with everything outside faked."""

from dataclasses import dataclass, field
from typing import Any

from earshot import callback_url
from earshot.contract.plan import Plan
from earshot.domain.room import Move
from earshot.domain.watch import Task, Watch
from earshot.store.memory import MemoryStore
from earshot.store.port import Segment
from earshot.usecases.advise_watch import AdviseWatch
from earshot.usecases.bus import Event
from earshot.usecases.close_watch import CloseWatch
from earshot.usecases.finish_stream import FinishStream
from earshot.usecases.mint_credential import MintCredential
from earshot.usecases.read_segment import ReadSegment
from earshot.usecases.receive_callback import ReceiveCallback
from earshot.usecases.submit_stream import SubmitStream
from earshot.usecases.track_room import TrackRoom
from earshot.vendors import registry

from tests.unit.support import makers
from tests.unit.support.fakes import Clock, Platform, Starter, Vendor

KEY = "callback-key"
BASE = "https://api.example.com"
NO_ERROR = {"Error": "", "Cause": ""}


@dataclass
class World:
    """One deployment."""

    clock: Clock = field(default_factory=lambda: Clock(makers.START))
    store: MemoryStore = field(default_factory=MemoryStore)
    vendor: Vendor = field(default_factory=Vendor)
    platform: Platform = field(default_factory=Platform)
    starter: Starter = field(default_factory=Starter)
    plans: dict[str, Plan] = field(default_factory=lambda: {"default": Plan()})
    luck: float = 0.0

    def track(self, kind: str = "RoomOpened", **detail: Any) -> Move:
        """One room event."""
        tracked = TrackRoom(self.store, self.starter, lambda: self.plans, self.clock)
        return tracked(makers.event(kind, **detail))

    def mint(self, watch: Watch) -> int:
        return MintCredential(self.store, lambda _: self.platform, self.clock)(watch.watch_id)

    def submit(self, watch: Watch, number: int) -> str:
        submit = SubmitStream(self.store, lambda _: self.vendor, BASE, lambda: KEY, self.clock)
        return submit(watch.watch_id, number)

    def advise(self, watch: Watch, error: str = "", cause: str = "") -> dict[str, Any]:
        advise = AdviseWatch(self.store, self.clock, lambda: self.luck)
        return advise(watch.watch_id, {"Error": error, "Cause": cause})

    def finish(self, watch: Watch, *, release: bool = False) -> int:
        return FinishStream(self.store, lambda _: self.vendor, self.clock)(watch.watch_id, release=release)

    def close(self, watch: Watch, *, abandoned: bool = False) -> dict[str, bool]:
        return CloseWatch(self.store, self.clock)(watch.watch_id, abandoned=abandoned)

    def receive(self, ref: str, body: bytes, *, mac: str | None = None, vendor: str = "shumei") -> str:
        """One push; the status of its 200."""
        proof = callback_url.mac(KEY, vendor, ref) if mac is None else mac
        return ReceiveCallback(self.store, lambda _: (KEY,), self.clock)(vendor, ref, proof, body)["status"]

    def read(self, ref: str, body: bytes, key: str = "k") -> list[Event]:
        """What a stored push comes to."""
        segment = Segment(ref, key, "shumei", body, self.clock())
        return ReadSegment(self.store, registry.reader, self.starter)(segment)

    # states

    def opened(self, **detail: Any) -> Watch:
        """A room with a watch that nobody listens for yet."""
        self.track(**detail)
        return self.only_watch()

    def listening(self, **detail: Any) -> Watch:
        """A room that the vendor listens to."""
        watch = self.opened(**detail)
        self.submit(watch, self.mint(watch))
        return self.fresh(watch)

    def only_watch(self) -> Watch:
        (watch,) = self.store._watches.values()
        return watch

    def fresh(self, watch: Watch) -> Watch:
        return self.store.watch(watch.watch_id)

    def tasks(self, watch: Watch) -> list[Task]:
        return self.store.tasks(watch.watch_id)

    def close_room(self, after_s: float = 60, **detail: Any) -> Move:
        """The room's end, by both clocks."""
        self.clock.now = max(self.clock.now, makers.START + round(after_s * 1000))
        return self.track("RoomClosed", occurred_at=makers.at(after_s), **detail)
