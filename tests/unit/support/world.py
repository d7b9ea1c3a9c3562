"""The use cases around one in-memory store, with everything outside faked."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from earshot import callback_url
from earshot.contract.plan import Plan
from earshot.domain.room import Move
from earshot.domain.spending import NO_LIMITS, DayLimits
from earshot.domain.watch import Task, Watch
from earshot.errors import EarshotError
from earshot.limits import Limits
from earshot.secrets import Section
from earshot.store.memory import MemoryStore
from earshot.store.port import Segment, WaitingStop
from earshot.usecases.advise_watch import AdviseWatch
from earshot.usecases.bus import Event
from earshot.usecases.close_watch import CloseWatch
from earshot.usecases.finish_stream import FinishStream
from earshot.usecases.keep_books import KeepBooks
from earshot.usecases.mint_credential import MintCredential
from earshot.usecases.pace import Pace
from earshot.usecases.poll_results import PollResults
from earshot.usecases.read_segment import ReadSegment
from earshot.usecases.receive_callback import ReceiveCallback
from earshot.usecases.reconcile_tasks import first_check
from earshot.usecases.start_watch import machine_state
from earshot.usecases.stop_queue import StopQueue
from earshot.usecases.stream_slots import HandOn, StreamSlots
from earshot.usecases.submit_stream import SubmitStream
from earshot.usecases.track_room import TrackRoom
from earshot.usecases.vendor_health import VendorHealth
from earshot.usecases.watch_spending import WatchSpending
from earshot.vendors import registry
from earshot.vendors.port import Ending, Poller

from tests.unit.support import makers
from tests.unit.support.fakes import Clock, Platform, Shelf, SlipDoor, Starter, Vendor
from tests.unit.support.shumei_calls import keyring

UNLIMITED = {
    "zego": {"mints_per_s": None},
    "shumei": {"submits_per_s": None},
    "yidun": {"submits_per_s": None},
}


def limits(**said: Any) -> Limits:
    """What the settings say of limits."""
    return Limits(keyring({"limits": said}))


PATIENCE_MS = 4_000
KEY = "callback-key"
BASE = "https://api.example.com"
VERSION = "machine-1"
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
    state: dict[str, object] = field(default_factory=dict)
    """What the last step told the machine."""
    vendors: dict[str, Vendor] = field(default_factory=dict)
    """Others than the one that everybody else is."""
    limits: Limits = field(default_factory=lambda: limits(**UNLIMITED))
    day_limits: DayLimits = NO_LIMITS
    beats: list[str] = field(default_factory=list)
    """Tokens of parked watches whose ears were heard."""

    def track(self, kind: str = "RoomOpened", **detail: Any) -> Move:
        """One room event."""
        tracked = TrackRoom(self.store, self.starter, lambda: self.plans, self.clock)
        return tracked(makers.event(kind, **detail))

    def health(self) -> VendorHealth:
        return VendorHealth(self.store, self.clock)

    def pace(self) -> Pace:
        return Pace(self.store, self.clock.forward, self.clock)

    def streams(self) -> StreamSlots:
        return StreamSlots(self.store, self.limits, self.clock)

    def minting(self) -> MintCredential:
        return MintCredential(
            store=self.store,
            platform=lambda _: self.platform,
            is_needed=registry.needs_credential,
            health=self.health(),
            pace=self.pace(),
            per_s=self.limits.mints_per_s,
            streams=self.streams(),
            now=self.clock,
            luck=lambda: self.luck,
        )

    def mint(self, watch: Watch) -> int:
        """The number of the credential, where one was minted."""
        self.state = self.minting()(self.machine(watch))
        return int(str(self.state["number"]))

    def submit(self, watch: Watch, number: int, vendor: str = "") -> str:
        """The ref of the task that listens from now on."""
        submit = SubmitStream(
            store=self.store,
            vendor=lambda name: self.vendors.get(name, self.vendor),
            callback_base=BASE,
            callback_key=lambda: KEY,
            health=self.health(),
            pace=self.pace(),
            per_s=self.limits.submits_per_s,
            hand_on=HandOn(self.streams(), self.store, self.clock),
            now=self.clock,
        )
        self.state = submit(self.machine(watch, number=number, vendor=vendor))
        return str(self.fresh(watch).current_task)

    def advise(self, watch: Watch, error: str = "", cause: str = "", **state: Any) -> dict[str, Any]:
        advise = AdviseWatch(
            store=self.store,
            health=self.health(),
            spending=WatchSpending(self.store, lambda: self.day_limits, self.clock),
            books=KeepBooks(self.store, self.clock),
            version=VERSION,
            now=self.clock,
            luck=lambda: self.luck,
        )
        version = state.pop("version", VERSION)
        return advise(self.machine(watch, error={"Error": error, "Cause": cause}, **state), version)

    @staticmethod
    def machine(watch: Watch, **more: Any) -> dict[str, Any]:
        """What an execution knows."""
        return machine_state(watch.watch_id, "mint", 3_600, **more)

    def finish(self, watch: Watch, *, release: bool = False) -> int:
        return self.finish_with(self.stop_queue(), watch, release=release)

    def finish_with(self, stop: StopQueue, watch: Watch, *, release: bool = False) -> int:
        """The same, with a queue of the test's own."""
        hand_on = HandOn(self.streams(), self.store, self.clock)
        finish = FinishStream(self.store, lambda _: self.vendor, stop, hand_on, self.clock)
        return finish(watch.watch_id, release=release)

    def stop_queue(self) -> StopQueue:
        return StopQueue(self.store, first_check, self.clock.forward, self.clock)

    def close(self, watch: Watch, *, abandoned: bool = False) -> dict[str, bool]:
        return CloseWatch(self.store, self.clock)(watch.watch_id, abandoned=abandoned)

    def receive(self, ref: str, body: bytes, *, mac: str | None = None, vendor: str = "shumei") -> str:
        """One push; the status of its 200."""
        proof = callback_url.mac(KEY, vendor, ref) if mac is None else mac
        receive = ReceiveCallback(self.store, lambda _: (KEY,), self.no_secrets, self.clock)
        answer = receive(vendor, ref, proof, body, {})
        assert not isinstance(answer, str)
        return str(answer["status"])

    def read(self, ref: str, body: bytes, key: str = "k") -> list[Event]:
        """What a stored push comes to."""
        segment = Segment(ref, key, "shumei", body, self.clock())
        read = ReadSegment(self.store, registry.door, registry.reader, self.starter, self.beats.append)
        return read(segment)

    @staticmethod
    def no_secrets(vendor: str, max_age_ms: int | None) -> Section:
        raise AssertionError(f"{vendor} signs nothing, and was asked for a secret ({max_age_ms})")

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


STOPS = "yidun:sh"
"""The queue of a desk."""


@dataclass
class Desk:
    """One vendor that takes ``finish_batch`` tasks in a call a second, and who stands in line for it."""

    vendor: Vendor = field(default_factory=lambda: Vendor(finish_batch=100, finish_every_ms=1_000))
    store: MemoryStore = field(default_factory=MemoryStore)
    clock: Clock = field(default_factory=lambda: Clock(makers.START))
    rests: list[float] = field(default_factory=list)
    meanwhile: list[Callable[[], object]] = field(default_factory=list)
    """What others do while somebody rests."""

    def stop(self, name: str, endpoint: str | None = "sh", *, known: bool = False) -> EarshotError | None:
        queue = StopQueue(self.store, first_check, self._rest, self.clock)
        ending = Ending(name, endpoint, {"any": "option"}, known)
        return queue("yidun", self.vendor, ending, [f"ref-of-{name}"], PATIENCE_MS)

    def _rest(self, seconds: float) -> None:
        self.rests.append(seconds)
        self.clock.forward(seconds)
        if self.meanwhile:
            self.meanwhile.pop(0)()

    def ask(self, *names: str, queue: str = STOPS) -> None:
        """Other watches have asked, and rest."""
        for name in names:
            self.store.ask_stop(queue, WaitingStop(name, False, (f"ref-of-{name}",)), self.clock())

    def waiting(self, queue: str = STOPS) -> list[str]:
        return [stop.vendor_task_id for stop in self.store.waiting_stops(queue, "", 1_000)]


@dataclass
class Polling:
    """A vendor that is polled, and the table."""

    clock: Clock = field(default_factory=lambda: Clock(makers.START))
    store: MemoryStore = field(default_factory=MemoryStore)
    shelf: Shelf = field(init=False)
    numbers: Iterator[int] = field(default_factory=count)
    rests: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shelf = Shelf(self.clock)

    def run(self, seconds: float = 57, pollers: Mapping[str, Poller] | None = None) -> int:
        known = {"fake": self.shelf} if pollers is None else pollers
        poll = PollResults(
            store=self.store,
            pollers=lambda: known,
            door=lambda _: SlipDoor(),
            new_id=lambda: f"id-{next(self.numbers)}",
            rest=self.rest,
            now=self.clock,
        )
        return poll(self.clock() + round(seconds * 1000))

    def rest(self, seconds: float) -> None:
        self.rests.append(seconds)
        self.clock.forward(seconds)

    def put(self, *results: bytes) -> None:
        self.shelf.waiting["shelf"] += results

    @property
    def kept(self) -> list[Segment]:
        return list(self.store._segments.values())

    @property
    def bodies(self) -> list[bytes]:
        return [segment.body for segment in self.kept]
