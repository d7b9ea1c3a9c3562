"""A reaper beside a world whose executions are names in a list."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from earshot.domain.orphans import Orphan, Price, Running
from earshot.domain.room import Occurrence
from earshot.domain.watch import Signal, SignalName, Task, TaskState, Watch
from earshot.store.memory import MemoryStore
from earshot.usecases.reap_watches import ReapWatches, Run

from tests.unit.support import makers
from tests.unit.support.fakes import Clock, Starter

MINUTE = 60_000
EURO = Price(1.8, "EUR")


@dataclass
class Machine:
    """``names`` run; ``stopped``: when others did."""

    names: list[str] = field(default_factory=list)
    stopped: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    failures: list[Exception | None] = field(default_factory=list)

    def running(self) -> Running:
        failure = self.failures.pop(0) if self.failures else None
        if failure is not None:
            raise failure
        return Running(self.names)

    def ended(self, names: Collection[str]) -> dict[str, int]:
        self.asked += names
        return {name: at for name, at in self.stopped.items() if name in names}


@dataclass
class Reaper:
    """``meanwhile`` happens at each rest, in order."""

    store: MemoryStore = field(default_factory=MemoryStore)
    clock: Clock = field(default_factory=lambda: Clock(makers.START))
    machine: Machine = field(default_factory=Machine)
    starter: Starter = field(default_factory=Starter)
    woken: list[str] = field(default_factory=list)
    told: list[Orphan] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    free: dict[str, int] = field(default_factory=dict)
    prices: dict[str, Price] = field(default_factory=lambda: {"shumei": EURO})
    refuses: list[Exception] = field(default_factory=list)
    meanwhile: list[Callable[[], object]] = field(default_factory=list)
    rests: list[float] = field(default_factory=list)

    def run(self, for_s: float = 50, *, after_s: float = 0) -> Run:
        """One run; all that it takes is its rests."""
        self.clock.forward(after_s)
        reap = ReapWatches(
            self.store,
            self.machine,
            self.starter,
            self.woken.append,
            self.prices.get,
            self._call,
            self._tell,
            self._rest,
            self.clock,
        )
        return reap(self.clock() + round(for_s * 1000))

    def _call(self, vendor: str) -> int:
        self.called.append(vendor)
        return self.free.get(vendor, 0)

    def _tell(self, many: Sequence[Orphan]) -> None:
        if self.refuses:
            raise self.refuses.pop(0)
        self.told += many

    def _rest(self, seconds: float) -> None:
        self.rests.append(seconds)
        self.clock.forward(seconds)
        if self.meanwhile:
            self.meanwhile.pop(0)()

    # states

    def listening(self, **changes: object) -> Watch:
        """A watch in an open room, with a task, parked; its execution runs."""
        watch = makers.watch(**changes)
        self.open_room(watch)
        self.machine.names.append(watch.watch_id)
        self.store._tokens[watch.watch_id] = "token"
        self.add_task(watch)
        return watch

    def open_room(self, watch: Watch) -> None:
        record = Occurrence(watch.session_id, opened_at=makers.START, last_open_at=makers.START)
        self.store.claim(watch.room, record, 0, [watch])

    def add_task(self, watch: Watch, number: int = 1, **changes: object) -> Task:
        ref = f"{watch.watch_id}-{number}a"
        task = replace(makers.task(number), task_ref=ref, watch_id=watch.watch_id, state=TaskState.RUNNING)
        self.store._tasks[ref] = replace(task, **changes)  # type: ignore[arg-type]
        return self.store._tasks[ref]

    def close_room(self, watch: Watch, at: int) -> None:
        """On the record alone: nobody was told."""
        held = self.store.room(watch.room)
        assert held.latest
        self.store.amend_room(watch.room, replace(held.latest, closed_at=at), held.version)

    def signal(
        self, watch: Watch, name: SignalName = SignalName.ROOM_CLOSED, at: int | None = None
    ) -> Signal:
        signal = makers.signal(name, self.clock() if at is None else at)
        assert self.store.signal(watch.watch_id, signal)
        return signal

    def change(self, watch: Watch, **changes: object) -> Watch:
        """As if the machine had written it."""
        fresh = replace(self.store.watch(watch.watch_id), **changes)  # type: ignore[arg-type]
        self.store._watches[watch.watch_id] = fresh
        return fresh


def is_left_alone(reaper: Reaper, watch: Watch) -> None:
    """A run finds nothing, and changes nothing."""
    before = reaper.store.watch(watch.watch_id)
    assert reaper.run().found == {}
    assert reaper.store.watch(watch.watch_id) == before
    assert (reaper.woken, reaper.starter.names, reaper.told) == ([], [], [])
