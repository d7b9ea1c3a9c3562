"""The real use cases over a table whose every call may be interrupted, with an outbox that may be late."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, cast

from earshot.contract.plan import Plan
from earshot.domain.orphans import Running
from earshot.domain.spending import NO_LIMITS
from earshot.domain.watch import Watch
from earshot.limits import Limits
from earshot.store.memory import MemoryStore
from earshot.store.port import Change, Segment, SegmentChange, WatchChange
from earshot.usecases.advise_watch import AdviseWatch
from earshot.usecases.close_watch import CloseWatch
from earshot.usecases.finish_stream import FinishStream
from earshot.usecases.keep_books import KeepBooks
from earshot.usecases.mint_credential import MintCredential
from earshot.usecases.pace import Pace
from earshot.usecases.read_segment import ReadSegment
from earshot.usecases.reap_watches import ReapWatches
from earshot.usecases.relay_changes import RelayChanges
from earshot.usecases.start_watch import machine_state
from earshot.usecases.stop_queue import StopQueue
from earshot.usecases.stream_slots import HandOn, StreamSlots
from earshot.usecases.submit_stream import SubmitStream
from earshot.usecases.track_room import TrackRoom
from earshot.usecases.vendor_health import VendorHealth
from earshot.usecases.watch_spending import WatchSpending
from earshot.vendors import registry

from tests.unit.model.executions import Execution
from tests.unit.model.recorders import PushReader, Recorders, Tokens
from tests.unit.support import makers
from tests.unit.support.fakes import Clock, SlipDoor
from tests.unit.support.world import BASE, KEY


class Table(MemoryStore):
    """The in-memory twin, and the machine's own write."""

    def park(self, watch_id: str, driver: int, token: str) -> bool:
        """The parked state's token, on the condition that the machine's definition sets."""
        watch = self.watch(watch_id)
        if watch.signal is not None or watch.generation != driver:
            return False
        self._tokens[watch_id] = token
        return True


class Seam:
    """A table before each call of which something may happen, and whose changes are put into the outbox."""

    def __init__(self, table: Table, before: Callable[[], None], changed: Callable[[], None]) -> None:
        self._table, self._before, self._changed = table, before, changed

    def __getattr__(self, name: str) -> Any:
        part = getattr(self._table, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            self._before()
            try:
                return part(*args, **kwargs)
            finally:
                self._changed()

        return call


@dataclass
class Deployment:
    """``interruption``: after how many effects more of this step what happens."""

    clock: Clock
    vendors: dict[str, Recorders]
    platform: Tokens
    plan: Plan
    limits: Limits
    luck: float = 0.0
    version: str = "machine-1"
    table: Table = field(default_factory=Table)
    executions: dict[str, Execution] = field(default_factory=dict)
    outbox: list[Change] = field(default_factory=list)
    history: list[WatchChange] = field(default_factory=list)
    interruption: tuple[int, Callable[[], None]] | None = None
    _seen: dict[str, tuple[Watch, str | None]] = field(default_factory=dict)
    _kept: int = 0

    def __post_init__(self) -> None:
        self.store = cast(Table, Seam(self.table, self.effect, self._record))
        for vendor in self.vendors.values():
            vendor.meanwhile = self.effect
        self.health = VendorHealth(self.store, self.clock)
        self.hand_on = HandOn(StreamSlots(self.store, self.limits, self.clock), self.store, self.clock)

    def effect(self) -> None:
        """One call to the table or to a vendor is about to be made."""
        if self.interruption is None:
            return
        left, action = self.interruption
        self.interruption = (left - 1, action) if left else None
        if not left:
            action()

    def _record(self) -> None:
        for watch_id, watch in self.table._watches.items():
            token = self.table._tokens.get(watch_id)
            was, token_was = self._seen.get(watch_id, (None, None))
            if was is not watch or token != token_was:
                self._seen[watch_id] = (watch, token)
                change = WatchChange(was, watch, token, token_was)
                self.outbox.append(change)
                self.history.append(change)
        if len(self.table._segments) > self._kept:
            for segment in list(self.table._segments.values())[self._kept :]:
                self.outbox.append(SegmentChange(_loading(segment)))
            self._kept = len(self.table._segments)

    # the functions

    def track(self, kind: str, **detail: Any) -> None:
        track = TrackRoom(self.store, self.start, lambda: {"default": self.plan}, self.clock)
        track(makers.event(kind, **detail))

    def start(
        self, watch_id: str, *, look_s: int, begin: str = "mint", suffix: str = "", generation: int = 0
    ) -> bool:
        name = f"{watch_id}{suffix}"
        if name in self.executions:
            return False
        round_ = -1 if begin == "look" else 0
        state = machine_state(watch_id, begin, look_s, generation=generation, round=round_)
        self.executions[name] = Execution(self, name, state, self.version)
        return True

    def mint(self, state: dict[str, Any]) -> dict[str, Any]:
        mint = MintCredential(
            store=self.store,
            platform=lambda _: self.platform,
            is_needed=registry.needs_credential,
            health=self.health,
            pace=self._pace(),
            per_s=self.limits.mints_per_s,
            streams=self.hand_on.slots,
            now=self.clock,
            luck=lambda: self.luck,
        )
        return mint(state)

    def submit(self, state: dict[str, Any]) -> dict[str, Any]:
        submit = SubmitStream(
            store=self.store,
            vendor=self.vendors.__getitem__,
            callback_base=BASE,
            callback_key=lambda: KEY,
            health=self.health,
            pace=self._pace(),
            per_s=self.limits.submits_per_s,
            hand_on=self.hand_on,
            now=self.clock,
        )
        return submit(state)

    def advise(self, state: dict[str, Any], version: str) -> dict[str, Any]:
        advise = AdviseWatch(
            store=self.store,
            health=self.health,
            spending=WatchSpending(self.store, lambda: NO_LIMITS, self.clock),
            books=KeepBooks(self.store, self.clock),
            version=self.version,
            now=self.clock,
            luck=lambda: self.luck,
        )
        return advise(state, version)

    def finish(self, watch_id: str, *, release: bool) -> int:
        stop = StopQueue(self.store, lambda *_: None, self.clock.forward, self.clock, hand_on=self.hand_on)
        finish = FinishStream(self.store, self.vendors.__getitem__, stop, self.hand_on, self.clock)
        return finish(watch_id, release=release)

    def close(self, watch_id: str, *, abandoned: bool) -> None:
        CloseWatch(self.store, self.clock)(watch_id, abandoned=abandoned)

    def relay(self, many: int = 1_000_000) -> None:
        """So many changes are told, in their order."""
        read = ReadSegment(self.store, lambda _: SlipDoor(), lambda _: PushReader(), self.start, self._beat)
        relay = RelayChanges(
            parse=lambda record: record["change"],
            read_segment=read,
            publish=lambda _: [],
            wake=self._wake,
            start=self.start,
            bury=_buried,
        )
        while self.outbox and many > 0:
            many -= 1
            change = self.outbox.pop(0)
            relay([{"dynamodb": {"SequenceNumber": "1"}, "change": change}])

    def reap(self, seconds: float = 20) -> None:
        reap = ReapWatches(
            store=self.store,
            machine=self,
            start=self.start,
            wake=self._wake,
            price=lambda _: None,
            call=self.hand_on.again,
            tell=lambda _: None,
            rest=self.clock.forward,
            now=self.clock,
        )
        reap(self.clock() + round(seconds * 1000))

    # what the functions see of the machine

    def running(self) -> Running:
        return Running([one.name for one in self.executions.values() if one.at is not None])

    def ended(self, names: Collection[str]) -> dict[str, int]:
        del names
        return {}

    def _wake(self, token: str) -> None:
        for one in list(self.executions.values()):
            one.woken(token)

    def _beat(self, token: str) -> None:
        for one in list(self.executions.values()):
            one.beaten(token)

    def _pace(self) -> Pace:
        return Pace(self.store, self.clock.forward, self.clock)


def _loading(segment: Segment) -> Callable[[], Segment]:
    return lambda: segment


def _buried(record: Any, error: Exception) -> None:
    raise AssertionError(f"{record} could not be told") from error
