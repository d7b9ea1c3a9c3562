"""Watches that nobody looks after, whatever the happy path has missed: found within a minute, mended, reported.

Every look reads all live watches, the names of the executions that run, and the records of the rooms. What is wrong
with a watch is mended by what is safe beside a healthy one: a signal that stands already, a token that may be spent,
another generation beside which the older one steps aside, a finish that is repeated.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from earshot.domain import ids
from earshot.domain.ears import unfinished
from earshot.domain.orphans import (
    HOUR_MS,
    MOMENTARY,
    Orphan,
    OrphanKind,
    Price,
    Running,
    Suspicion,
    execution_name,
    is_ending,
    orphans,
    over_since,
    places_of,
    suspicions,
)
from earshot.domain.watch import Signal, SignalName, Watch
from earshot.errors import EarshotError
from earshot.log_codes import LogCode
from earshot.store.live import LiveWatches
from earshot.store.port import Lifecycle, Rooms
from earshot.telemetry import note
from earshot.usecases.start_watch import Starter

LOOK_MS = 15_000
"""Between two looks. What needs two in a row, which are of one run, is found within three."""
LOST_MS = 120_000
"""So long after a signal its token is taken for one that belongs to nobody: another execution is started."""

CODES = {
    OrphanKind.ROOM_OVER: LogCode.ES701,
    OrphanKind.UNDRIVEN: LogCode.ES702,
    OrphanKind.UNDELIVERED: LogCode.ES703,
    OrphanKind.STUCK: LogCode.ES704,
    OrphanKind.LEFT_RUNNING: LogCode.ES705,
}


class ReapStore(Lifecycle, Rooms, LiveWatches, Protocol):
    """What this use case needs of the store."""


class Machine(Protocol):
    """See :class:`earshot.usecases.executions.Executions`."""

    def running(self) -> Running:
        """Executions that run."""

    def ended(self, names: Collection[str]) -> Mapping[str, int]:
        """When those of these names that failed did, as far as that is known."""


@dataclass
class Run:
    """What one run knows. ``suspected``: by the look before; ``mended``: watches that this run has dealt with;
    ``called``: watches that were told that their vendor has room for them, None before the line was looked at."""

    live: int = 0
    suspected: frozenset[Suspicion] = frozenset()
    mended: set[str] = field(default_factory=set)
    called: int | None = None
    found: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class ReapWatches:
    """See the module. ``wake`` hands a token back, ``price`` of a vendor's hour (None: unknown), ``call``
    tells who waits for a vendor's streams of those that are free, ``tell`` puts what was found on the bus, ``rest``
    waits seconds."""

    store: ReapStore
    machine: Machine
    start: Starter
    wake: Callable[[str], None]
    price: Callable[[str], Price | None]
    call: Callable[[str], int]
    tell: Callable[[Sequence[Orphan]], None]
    rest: Callable[[float], None]
    now: Callable[[], int]

    def __call__(self, until: int) -> Run:
        """Looks again and again until ``until`` (epoch ms)."""
        run = Run()
        while True:
            began = self.now()
            try:
                self._look(run, until)
            except EarshotError as error:
                note(LogCode.ES706, reason=error.reason)
                run.suspected = frozenset()
            if began + LOOK_MS >= until:
                break
            self.rest(max(0, began + LOOK_MS - self.now()) / 1000)
        note(LogCode.ES707, live=run.live, called=run.called, **run.found)
        return run

    def _look(self, run: Run, until: int) -> None:
        """The executions first: a watch that is claimed meanwhile is young, but one that hands over is not."""
        running = self.machine.running()
        live = self.store.live_watches()
        run.live = len(live)
        open_ = [one.watch for one in live if not one.watch.is_over and one.watch.last_word is None]
        held = self.store.latest_sessions([place.key for watch in open_ for place in places_of(watch)])
        found = [each for one in live for each in suspicions(one, running, held, self.now())]
        sure = [each for each in found if each in run.suspected or each.kind not in MOMENTARY]
        run.suspected = frozenset(found)
        watches: Mapping[str, Watch] = {one.watch.watch_id: one.watch for one in live}
        due = [each for each in sorted(sure, key=_rank) if each.watch_id not in run.mended]
        mended: list[Suspicion] = []
        for each in due:
            if self.now() >= until:
                break
            mended += [each] if self._is_mended(each, watches[each.watch_id]) else []
        run.mended |= {each.watch_id for each in mended}
        run.found.update(each.kind for each in mended)
        self._report(mended, watches)
        if run.called is None:
            run.called = self._call(watches.values())

    def _call(self, watches: Iterable[Watch]) -> int:
        """Once a run: the signal that a stream is free may have been lost."""
        queued = [watch for watch in watches if watch.queued_at is not None and not watch.is_over]
        called = 0
        for vendor in sorted({vendor for watch in queued for vendor in watch.order}):
            try:
                called += self.call(vendor)
            except EarshotError as error:
                note(LogCode.ES706, vendor=vendor, reason=error.reason)
        return called

    def _is_mended(self, found: Suspicion, seen: Watch) -> bool:
        """False if there was nothing to mend after all, or it failed: one watch must not cost the others."""
        try:
            return self._mend(found, seen)
        except EarshotError as error:
            note(LogCode.ES706, watch_id=found.watch_id, reason=error.reason)
            return False

    def _mend(self, found: Suspicion, seen: Watch) -> bool:
        """False if there was nothing to mend after all."""
        if found.kind is OrphanKind.ROOM_OVER:
            return self._close(seen, found.reason)
        if found.kind is OrphanKind.UNDELIVERED:
            return self._deliver(found)
        if found.kind is OrphanKind.LEFT_RUNNING:
            return self._finish(seen)
        if found.kind is OrphanKind.STUCK and not self._is_stuck(seen):
            return False
        return self.store.restart(found.watch_id, found.generation)

    def _close(self, seen: Watch, reason: str) -> bool:
        """Says what an event would have said. A last word is never taken back: the records are read once more, and
        this time as they are."""
        if over_since(seen, {place.key: self.store.room(place).latest for place in places_of(seen)}) is None:
            return False
        signal_id = ids.digest(seen.watch_id, SignalName.ROOM_CLOSED)
        signal = Signal(signal_id, SignalName.ROOM_CLOSED, self.now(), reason)
        return self.store.signal(seen.watch_id, signal)

    def _deliver(self, found: Suspicion) -> bool:
        """To whom the token belongs; if that did not help, to an execution of its own."""
        watch = self.store.watch(found.watch_id)
        if watch.signal is None or watch.signal.signal_id != found.reason:
            return False
        if self.now() - found.since > LOST_MS:
            return self.store.restart(found.watch_id, found.generation)
        token = self.store.token(found.watch_id)
        if token is None:
            return False
        self.wake(token)
        return True

    def _finish(self, seen: Watch) -> bool:
        """Once an hour: the name says which."""
        if not unfinished(self.store.tasks(seen.watch_id)):
            return False
        closed_at = seen.closed_at if seen.closed_at is not None else seen.status_at
        hour = (self.now() - closed_at) // HOUR_MS
        look_s = int(seen.plan["look_s"])
        return self.start(seen.watch_id, look_s=look_s, begin="finish", suffix=f"-reap-{hour}")

    def _is_stuck(self, seen: Watch) -> bool:
        """It has not moved meanwhile; and if it is ending, nobody has asked the vendor to stop: one that does not
        obey is asked again by whoever asked first."""
        fresh = self.store.watch(seen.watch_id)
        if fresh.moved_at != seen.moved_at or self.store.token(seen.watch_id) is not None:
            return False
        left = unfinished(self.store.tasks(seen.watch_id)) if is_ending(fresh) else []
        return not is_ending(fresh) or any(task.finish_calls == 0 for task in left)

    def _report(self, mended: Sequence[Suspicion], watches: Mapping[str, Watch]) -> None:
        """To the log whatever was wrong; to the bus, of a watch with two faults, the first: its cost counts once."""
        if not mended:
            return
        told: dict[str, list[Orphan]] = {}
        try:
            ended = self._ended(mended, watches)
            for found in mended:
                seen, tasks = watches[found.watch_id], self.store.tasks(found.watch_id)
                prices = {
                    vendor: self._price(vendor) for vendor in {task.vendor for task in unfinished(tasks)}
                }
                exact = replace(found, since=ended.get(found.watch_id, found.since))
                many = orphans(exact, seen, tasks, prices, self.now())
                for orphan in many:
                    _note(orphan, found)
                told.setdefault(found.watch_id, many)
            self.tell([orphan for many in told.values() for orphan in many])
        except EarshotError as error:
            note(LogCode.ES708, reason=error.reason, mended=len(mended))

    def _ended(self, mended: Sequence[Suspicion], watches: Mapping[str, Watch]) -> dict[str, int]:
        """When those that nobody drove lost their execution, by watch."""
        lost = [each.watch_id for each in mended if each.kind is OrphanKind.UNDRIVEN]
        names = {execution_name(watches[watch_id]): watch_id for watch_id in lost}
        return {names[name]: at for name, at in self.machine.ended(names).items()} if names else {}

    def _price(self, vendor: str) -> Price | None:
        """A price that is misspelt costs the price."""
        try:
            return self.price(vendor)
        except EarshotError as error:
            note(LogCode.ES708, reason=error.reason, vendor=vendor)
            return None


def _rank(found: Suspicion) -> int:
    return list(OrphanKind).index(found.kind)


def _note(orphan: Orphan, found: Suspicion) -> None:
    fields: dict[str, Any] = {"reason": found.reason} if found.kind is OrphanKind.ROOM_OVER else {}
    if orphan.cost is not None and orphan.price is not None:
        fields |= {"cost": orphan.cost, "currency": orphan.price.currency}
    code = CODES[orphan.kind]
    note(
        code,
        watch_id=orphan.watch.watch_id,
        vendor=orphan.vendor,
        task_ref=orphan.task_ref,
        task_id=orphan.task_id,
        seconds=orphan.seconds,
        **fields,
    )
