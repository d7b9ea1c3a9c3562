"""A vendor that runs only so many streams: who may have one, who waits, and who is told."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from earshot.domain.watch import Signal, SignalName, Watch
from earshot.errors import RetryLater
from earshot.limits import Limits
from earshot.store.memory import MemoryStore
from earshot.usecases.stream_slots import HandOn, StreamSlots
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.support import makers
from tests.unit.support.fakes import Clock
from tests.unit.support.makers import START
from tests.unit.support.notes import Notes
from tests.unit.support.world import limits

VENDOR = "shumei"


@dataclass
class Hall:
    """A vendor with three streams of which new rooms may have two; ``gone``: watches that can be told nothing."""

    limits: Limits = field(default_factory=lambda: limits(shumei={"streams": 3}))
    store: MemoryStore = field(default_factory=MemoryStore)
    clock: Clock = field(default_factory=lambda: Clock(START))
    told: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)

    @property
    def slots(self) -> StreamSlots:
        return StreamSlots(self.store, self.limits, self.clock)

    @property
    def hand_on(self) -> HandOn:
        return HandOn(self.slots, self, self.clock)

    def watch(self, name: str, priority: int = 5) -> Watch:
        return makers.watch(watch_id=name, plan={"priority": priority})

    def take(self, name: str, priority: int = 5, *, renews: bool = False) -> bool:
        self.clock.now += 1
        return self.slots.take(VENDOR, f"ref-of-{name}", self.watch(name, priority), renews=renews)

    def end(self, name: str) -> list[str]:
        """Who was told."""
        self.told.clear()
        self.hand_on(VENDOR, f"ref-of-{name}")
        return self.told

    def signal(self, watch_id: str, signal: Signal) -> bool:
        assert signal.name is SignalName.SLOT_FREE
        assert not signal.is_last
        if watch_id in self.gone:
            return False
        self.told.append(watch_id)
        return True

    @property
    def waiting(self) -> list[str]:
        return self.store.waiting_streams(VENDOR, 99)


def test_new_rooms_leave_a_stream_for_a_renewal() -> None:
    hall = Hall()
    assert [hall.take(name) for name in "abc"] == [True, True, False]
    assert hall.take("a2", renews=True) is True
    assert hall.take("b2", renews=True) is False
    assert hall.waiting == ["b2", "c"], "a renewal comes first"


def test_where_there_is_no_limit_everything_is_allowed_and_nothing_written() -> None:
    hall = Hall(limits())
    assert [hall.take(name) for name in "abc"] == [True] * 3
    assert hall.end("a") == hall.slots.next(VENDOR) == hall.slots.free(VENDOR, "ref-of-b") == []
    hall.slots.leave(VENDOR, "c")
    assert hall.hand_on.again(VENDOR) == 0
    assert (hall.store._holders, hall.store._waiting) == ({}, {})


def test_whoever_comes_first_is_told_when_a_stream_is_free(notes: Notes) -> None:
    hall = Hall()
    assert [hall.take(name) for name in "abcd"] == [True, True, False, False]
    assert hall.end("a") == ["c"]
    assert notes.of("ES232")["watch_id"] == "c"
    assert hall.take("c") is True
    assert hall.waiting == ["d"]
    assert hall.end("b") == ["d"]


def test_a_better_priority_comes_first_whenever_it_came() -> None:
    hall = Hall()
    for name in "ab":
        hall.take(name)
    assert not hall.take("c", 7)
    assert not hall.take("d", 5)
    assert not hall.take("e", 0)
    assert hall.end("a") == ["e"]


def test_nobody_goes_past_one_that_waits_and_comes_first() -> None:
    hall = Hall()
    for name in "abc":
        hall.take(name)
    hall.end("a")
    assert hall.take("late") is False, "the free stream is c's"
    assert hall.take("urgent", 1) is True, "that one comes before c"
    assert hall.waiting == ["c", "late"]


def test_the_same_watch_asks_again_and_keeps_its_place() -> None:
    hall = Hall()
    for name in "abcd":
        hall.take(name)
    assert not hall.take("c")
    assert hall.waiting == ["c", "d"]


def test_a_stream_that_is_freed_while_the_watch_gets_into_line_is_not_missed() -> None:
    class Freed(MemoryStore):
        def await_stream(self, vendor: str, watch_id: str, priority: int, now: int) -> None:
            self.free_stream(vendor, "ref-of-a")
            super().await_stream(vendor, watch_id, priority, now)

    hall = Hall(store=Freed())
    assert [hall.take(name) for name in "abc"] == [True] * 3
    assert hall.waiting == []


def test_who_has_ended_leaves_the_line_and_the_next_is_told() -> None:
    hall = Hall()
    for name in "abcdef":
        hall.take(name)
    hall.gone = {"c", "d"}
    assert hall.end("a") == ["e"]
    assert hall.waiting == ["e", "f"]


def test_when_nobody_is_left_the_line_is_empty() -> None:
    hall = Hall()
    for name in "abcd":
        hall.take(name)
    hall.gone = {"c", "d"}
    assert hall.end("a") == []
    assert hall.waiting == []


def test_as_many_are_told_as_there_are_streams() -> None:
    hall = Hall(limits(shumei={"streams": 40}))
    names = [f"room-{number:02}" for number in range(50)]
    assert sum(hall.take(name) for name in names) == 38
    for name in names[:4]:
        hall.store.free_stream(VENDOR, f"ref-of-{name}")
    assert hall.end(names[4]) == names[38:43]
    assert hall.hand_on.again(VENDOR) == 5, "whatever became of the signals"


def test_of_what_is_kept_for_renewals_one_is_told_at_a_time() -> None:
    hall = Hall()
    for name in "ab":
        hall.take(name)
    hall.take("a2", renews=True)
    assert not hall.take("b2", renews=True)
    assert hall.end("a") == ["b2"]
    assert hall.take("b2", renews=True) is True
    assert hall.waiting == []


def test_a_stream_is_freed_once_and_the_line_told_again() -> None:
    hall = Hall()
    for name in "abc":
        hall.take(name)
    assert hall.end("a") == ["c"]
    assert hall.end("a") == ["c"], "the first time may have died in the middle"
    assert hall.store.streams_held(VENDOR) == 1
    assert hall.end("nobody") == ["c"]


def test_who_goes_elsewhere_leaves() -> None:
    hall = Hall()
    for name in "abcd":
        hall.take(name)
    hall.slots.leave(VENDOR, "c")
    assert hall.end("a") == ["d"]


def test_a_plan_without_a_priority_is_in_the_middle() -> None:
    hall = Hall()
    for name in "ab":
        hall.take(name)
    hall.take("c", 6)
    assert not hall.slots.take(VENDOR, "ref-of-d", makers.watch(watch_id="d", plan={}))
    assert not hall.take("e", 4)
    assert hall.waiting == ["e", "d", "c"]


def test_a_table_that_is_busy_is_the_callers_matter() -> None:
    class Busy(MemoryStore):
        def free_stream(self, vendor: str, holder: str) -> bool:
            raise RetryLater("table_busy")

    with pytest.raises(RetryLater):
        Hall(store=Busy()).end("a")


Acts = st.lists(st.tuples(st.sampled_from(["take", "renew", "end"]), st.integers(0, 9), st.integers(0, 9)))


@given(st.integers(1, 6), Acts)
def test_never_more_than_there_are_and_nobody_waits_for_ever(
    streams: int, acts: list[tuple[str, int, int]]
) -> None:
    hall = Hall(limits(shumei={"streams": streams}))
    running: set[str] = set()
    does: dict[str, Callable[[str, int], bool]] = {
        "take": hall.take,
        "renew": lambda name, _: hall.take(name, renews=True),
    }
    for act, number, priority in acts:
        name = f"room-{number}"
        if act == "end":
            hall.end(name)
            running.discard(name)
        elif name not in running and does[act](name, priority):
            running.add(name)
        assert hall.store.streams_held(VENDOR) == len(running) <= streams
    for name in sorted(running):
        hall.end(name)
    while due := hall.slots.next(VENDOR):
        assert hall.take(due[0]) is True
        hall.end(due[0])
    assert hall.waiting == []
