"""Finishing under limits: calls that take one task each are paced, and what an ended task held goes to who waits."""

from dataclasses import dataclass, field

import pytest
from earshot.domain import pacing
from earshot.errors import EarshotError, RetryLater
from earshot.store.memory import MemoryStore
from earshot.usecases.pace import Pace
from earshot.usecases.reconcile_tasks import first_check
from earshot.usecases.stop_queue import QUEUED, StopQueue
from earshot.usecases.stream_slots import HandOn, StreamSlots
from earshot.vendors.port import Ending

from tests.unit.support import makers
from tests.unit.support.counter import Counter, token
from tests.unit.support.fakes import Clock, Vendor
from tests.unit.support.makers import START
from tests.unit.support.world import limits

BUCKET = "finish:shumei"


@dataclass
class Office:
    """A vendor that takes ten finishes a second and runs four streams."""

    vendor: Vendor = field(default_factory=Vendor)
    store: MemoryStore = field(default_factory=MemoryStore)
    clock: Clock = field(default_factory=lambda: Clock(START))

    def stop(self, name: str, patience_ms: int = 300) -> EarshotError | None:
        known = limits(shumei={"finishes_per_s": 10, "streams": 4})
        pace = Pace(self.store, self.clock.forward, self.clock)
        queue = StopQueue(
            self.store,
            first_check,
            self.clock.forward,
            self.clock,
            lambda vendor, ms: pace.within(f"finish:{vendor}", known.finishes_per_s(vendor), ms),
            HandOn(StreamSlots(self.store, known, self.clock), self.store, self.clock),
        )
        return queue("shumei", self.vendor, Ending(name, "sh"), [f"ref-of-{name}"], patience_ms)

    def hold(self, *names: str) -> None:
        for name in names:
            assert self.store.take_stream("shumei", f"ref-of-{name}", 4, self.clock())

    def await_stream(self, *watch_ids: str) -> None:
        for watch_id in watch_ids:
            self.store.add_watch(makers.watch(watch_id=watch_id))
            self.store.await_stream("shumei", watch_id, 5, self.clock())


def test_finishes_are_as_far_apart_as_the_limit_wants_them() -> None:
    office = Office()
    assert [office.stop(name) for name in "abc"] == [None] * 3
    assert office.clock() == START + pacing.slot_ms(2 * pacing.interval_us(10))


def test_who_would_wait_too_long_is_told_to_come_again_and_uses_up_nothing() -> None:
    office = Office()
    for _ in range(4):
        office.store.reserve(BUCKET, START, pacing.interval_us(10))
    for _ in range(20):
        error = office.stop("a")
        assert isinstance(error, RetryLater)
        assert error.reason == QUEUED
    assert office.vendor.calls == []
    assert office.stop("a", 4_000) is None
    assert office.clock() == START + pacing.slot_ms(4 * pacing.interval_us(10))


def test_submissions_do_not_hold_a_finish_up() -> None:
    office = Office()
    for _ in range(1_000):
        office.store.reserve("submit:shumei", START, pacing.interval_us(10))
    assert office.stop("a") is None
    assert office.clock() == START


def test_the_stream_of_a_finished_task_goes_to_who_waits() -> None:
    office = Office()
    office.hold("a", "b", "c")
    office.await_stream("first", "second")
    assert office.stop("a") is None
    assert office.store.streams_held("shumei") == 2
    signal = office.store.watch("first").signal
    assert signal
    assert signal.name == "slot_free"
    assert office.store.watch("second").signal is None


def test_a_task_that_is_not_finished_keeps_its_stream() -> None:
    office = Office(Vendor(finishes={"a": [RetryLater("busy")]}))
    office.hold("a")
    assert isinstance(office.stop("a"), RetryLater)
    assert office.store.streams_held("shumei") == 1


def test_a_stream_that_could_not_be_freed_leaves_the_task_to_be_finished_again() -> None:
    class Busy(MemoryStore):
        fails = True

        def free_stream(self, vendor: str, holder: str) -> bool:
            if self.fails:
                raise RetryLater("table_busy")
            return super().free_stream(vendor, holder)

    store = Busy()
    office = Office(store=store)
    office.hold("a")
    store._tasks["ref-of-a"] = makers.task(task_ref="ref-of-a")
    with pytest.raises(RetryLater):
        office.stop("a")
    task = store.task("ref-of-a")
    assert task
    assert task.finished_at is None
    store.fails = False
    assert office.stop("a") is None
    assert store.streams_held("shumei") == 0


# a token in the middle of a room


def test_a_token_has_its_turn_at_the_platform_with_all_others() -> None:
    counter = Counter()
    counter.world.limits = limits()
    counter.listening()
    bucket = "mint:zego:1234567890"
    before = counter.world.clock()
    for _ in range(30):
        counter.world.store.reserve(bucket, before, pacing.interval_us(100))
    assert counter.ask(taskId="task-1") == token(1)
    assert before < counter.world.clock() <= before + 400


def test_a_platform_whose_turn_is_far_away_is_not_asked() -> None:
    counter = Counter()
    counter.world.limits = limits()
    counter.listening()
    bucket = "mint:zego:1234567890"
    for _ in range(60):
        counter.world.store.reserve(bucket, counter.world.clock(), pacing.interval_us(100))
    minted = len(counter.world.platform.minted)
    with pytest.raises(RetryLater) as error:
        counter.ask(taskId="task-1")
    assert error.value.reason == "busy"
    assert len(counter.world.platform.minted) == minted
