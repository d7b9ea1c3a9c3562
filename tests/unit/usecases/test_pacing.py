"""A caller and its slot: reserved, waited for here or elsewhere, lost and replaced."""

from bisect import bisect_left
from dataclasses import dataclass, field

from earshot.domain import pacing
from earshot.store.memory import MemoryStore
from earshot.usecases.pace import Pace, Slot
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.support.fakes import Clock
from tests.unit.support.makers import START
from tests.unit.support.notes import Notes

BUCKET = "submit:shumei"


@dataclass
class Runner:
    """Somebody who wants to call; ``oversleeps`` in ms, one rest after another."""

    store: MemoryStore = field(default_factory=MemoryStore)
    clock: Clock = field(default_factory=lambda: Clock(START))
    oversleeps: list[int] = field(default_factory=list)
    rests: list[float] = field(default_factory=list)

    def rest(self, seconds: float) -> None:
        self.rests.append(seconds)
        self.clock.forward(seconds)
        self.clock.now += self.oversleeps.pop(0) if self.oversleeps else 0

    @property
    def pace(self) -> Pace:
        return Pace(self.store, self.rest, self.clock)

    def slot(self, per_s: float | None = 10, held: int | None = None) -> Slot:
        return self.pace.slot(BUCKET, per_s, held)

    def within(self, patience_ms: int, per_s: float | None = 10) -> bool:
        return self.pace.within(BUCKET, per_s, patience_ms)

    def others(self, calls: int, per_s: int = 10) -> None:
        """So many have reserved."""
        for _ in range(calls):
            self.store.reserve(BUCKET, self.clock(), pacing.interval_us(per_s))

    @property
    def next_at(self) -> int:
        """Milliseconds from the start to the next free slot."""
        return self.store.reserve(BUCKET, 0, 0) - START


def test_the_first_goes_at_once() -> None:
    runner = Runner()
    assert runner.slot() == Slot(START, 0)
    assert runner.rests == []


def test_without_a_limit_everybody_goes_at_once_and_nothing_is_written() -> None:
    runner = Runner()
    assert [runner.slot(None, START + 9_000) for _ in range(9)] == [Slot(START, 0)] * 9
    assert runner.within(0, None) is True
    assert (runner.rests, runner.store._paces) == ([], {})


def test_a_slot_that_is_near_is_waited_for() -> None:
    runner = Runner()
    runner.others(5)
    assert runner.slot() == Slot(START + 536, 0)
    assert (runner.rests, runner.clock()) == ([0.536], START + 536)


def test_a_slot_that_is_far_is_kept_for_who_comes_again() -> None:
    runner = Runner()
    runner.others(50)
    slot = runner.slot()
    assert slot == Slot(START + 5_356, 5_356 - 1_500)
    assert runner.rests == []
    runner.clock.now += 4_000
    assert runner.slot(held=slot.at) == Slot(slot.at, 0)
    assert runner.clock() == slot.at
    assert runner.next_at == 5_463, "it took one slot"


def test_who_comes_again_too_early_is_sent_away_again() -> None:
    runner = Runner()
    assert runner.slot(held=START + 9_000) == Slot(START + 9_000, 7_500)
    assert runner.store._paces == {}


def test_who_comes_a_little_late_goes_at_once() -> None:
    runner = Runner()
    assert runner.slot(held=START - pacing.TOLERANCE_MS) == Slot(START - pacing.TOLERANCE_MS, 0)
    assert runner.store._paces == {}


def test_who_comes_too_late_gets_another(notes: Notes) -> None:
    runner = Runner()
    runner.others(3)
    assert runner.slot(held=START - pacing.TOLERANCE_MS - 1) == Slot(START + 322, 0)
    assert notes.of("ES231")["late_ms"] == pacing.TOLERANCE_MS + 1


def test_who_oversleeps_gets_another() -> None:
    runner = Runner(oversleeps=[200])
    runner.others(2)
    slot = runner.slot()
    assert slot == Slot(runner.clock(), 0)
    assert slot.at == START + 215 + 200 + 200, "not at once: what was late may be late again"


def test_who_always_oversleeps_is_sent_away() -> None:
    runner = Runner(oversleeps=[200] * 9)
    for _ in range(3):
        runner.others(20)
    assert runner.slot(per_s=500).wait_ms > 0


def test_who_may_not_wait_so_long_uses_up_no_slot() -> None:
    runner = Runner()
    runner.others(5)
    assert [runner.within(535) for _ in range(9)] == [False] * 9
    assert runner.next_at == 536
    assert runner.within(536) is True
    assert runner.clock() == START + 536


def test_within_its_patience_it_is_tried_again_after_oversleeping(notes: Notes) -> None:
    runner = Runner(oversleeps=[200])
    runner.others(2)
    assert runner.within(1_000) is True
    assert runner.clock() == START + 615
    assert notes.of("ES231")["bucket"] == BUCKET
    late = Runner(oversleeps=[200])
    late.others(2)
    assert late.within(400) is False, "by then its time is over"
    assert Runner(oversleeps=[]).within(0) is True


def test_patience_ends_also_for_who_always_oversleeps() -> None:
    runner = Runner(oversleeps=[200] * 9)
    runner.others(1)
    busy = iter(range(9))

    def rest(seconds: float) -> None:
        runner.rest(seconds)
        runner.others(5 + next(busy))

    assert Pace(runner.store, rest, runner.clock).within(BUCKET, 10, 60_000) is False


Callers = st.lists(
    st.tuples(st.integers(0, 3_000), st.integers(0, 200), st.integers(0, pacing.WAY_MS)),
    min_size=1,
    max_size=150,
)


@given(st.integers(1, 40), Callers)
def test_whenever_they_come_and_however_they_oversleep_no_window_is_overfull(
    per_s: int, callers: list[tuple[int, int, int]]
) -> None:
    store, arrived = MemoryStore(), []
    waiting = sorted((START + at, number, None) for number, (at, _, _) in enumerate(callers))
    todo: list[tuple[int, int, int | None]] = list(waiting)
    sleep = [[oversleeps] for _, oversleeps, _ in callers]
    while todo:
        at, number, held = todo.pop(0)
        runner = Runner(store, Clock(at), sleep[number])
        slot = runner.slot(per_s, held)
        if slot.wait_ms:
            todo = sorted([*todo, (runner.clock() + slot.wait_ms, number, slot.at)], key=lambda one: one[:2])
        else:
            arrived.append(runner.clock() + callers[number][2])
    arrived.sort()
    assert len(arrived) == len(callers)
    for number, when in enumerate(arrived):
        assert bisect_left(arrived, when + 1_000) - number <= per_s
        assert bisect_left(arrived, when + pacing.BLINK_MS) - number <= max(1, pacing.BLINK_SHARE * per_s)
