"""Results that are had by asking: every live task in its turn, each result once, whatever breaks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from earshot.contract.plan import Plan
from earshot.domain.watch import Task, Watch
from earshot.errors import EarshotError, GiveUp, RetryLater
from earshot.store.memory import MemoryStore
from earshot.usecases.ask_vendors import LEASE_MS, LOOK_MS, AskVendors
from earshot.vendors.port import Asker

from tests.unit.support.fakes import Clock, SlipDoor, slip
from tests.unit.support.makers import START
from tests.unit.support.meddling import dies_at
from tests.unit.support.world import World


@dataclass
class Knowing:
    """Tells all that it knows of a task each time it is asked; ``failures`` first."""

    clock: Clock
    every_ms: int = 5_000
    knows: dict[str, list[bytes]] = field(default_factory=dict)
    failures: list[EarshotError] = field(default_factory=list)
    asked: list[tuple[str, int]] = field(default_factory=list)
    answers: bool = True

    def asks(self, options: Mapping[str, Any]) -> bool:
        return self.answers

    def ask(self, vendor_task_id: str, endpoint: str | None, options: Mapping[str, Any]) -> Sequence[bytes]:
        self.asked.append((vendor_task_id, self.clock() - START))
        if self.failures:
            raise self.failures.pop(0)
        return list(self.knows.get(vendor_task_id, []))


class Asking:
    """A room that is listened to, its vendor asked; ``limit`` is how many questions may still go."""

    def __init__(self, **world: Any) -> None:
        self.world = World(**world)
        self.clock = self.world.clock
        self.watch = self.opens("room-1001")
        self.clock.now = START
        self.knowing = Knowing(self.clock)
        self.limit: int | None = None
        self.numbers = count()
        self.ask = self.process()

    def opens(self, room_id: str) -> Watch:
        """One more room, listened to."""
        self.world.track(room_id=room_id)
        watch = next(one for one in self.store._watches.values() if one.room.room_id == room_id)
        self.world.submit(watch, self.world.mint(watch))
        return self.world.fresh(watch)

    @property
    def store(self) -> MemoryStore:
        return self.world.store

    @property
    def task(self) -> Task:
        return self.world.tasks(self.watch)[-1]

    def process(self, askers: Mapping[str, Asker] | None = None) -> AskVendors:
        known = {"shumei": self.knowing} if askers is None else askers
        return AskVendors(
            store=self.store,
            askers=lambda: known,
            door=lambda _: SlipDoor(),
            may_ask=self.may_ask,
            new_id=lambda: f"id-{next(self.numbers)}",
            rest=self.clock.forward,
            now=self.clock,
        )

    def may_ask(self, vendor: str, patience_ms: int) -> bool:
        if self.limit is None:
            return True
        self.limit -= 1
        return self.limit >= 0

    def tell(self, *keys: str, hit: bool = True) -> None:
        known = self.knowing.knows.setdefault(str(self.task.vendor_task_id), [])
        known += [slip(self.task.task_ref, key, hit=hit) for key in keys]

    def run(self, seconds: float = 57) -> int:
        return self.ask(self.clock() + round(seconds * 1000))

    @property
    def kept(self) -> list[str]:
        return sorted(key for _, key in self.store._segments)


@pytest.fixture
def here() -> Asking:
    return Asking()


def test_what_a_vendor_tells_again_and_again_is_kept_once(here: Asking) -> None:
    here.tell("a", "b")
    assert here.run(20) == 2
    here.tell("c")
    assert here.run(20) == 1
    assert here.kept == ["a", "b", "c"]


def test_each_task_is_asked_about_as_often_as_its_vendor_says(here: Asking) -> None:
    here.run(20)
    assert [at for _, at in here.knowing.asked] == [0, 5_000, 10_000, 15_000]


def test_another_process_keeps_anew_what_the_table_has(here: Asking) -> None:
    here.tell("a")
    here.run(5)
    here.ask = here.process()
    here.tell("b")
    assert here.run(5) == 1
    assert here.kept == ["a", "b"]


def test_a_hits_only_task_keeps_hits() -> None:
    here = Asking(plans={"default": Plan(keep="hits")})
    here.tell("pass", hit=False)
    here.tell("hit")
    here.run(5)
    assert here.kept == ["hit"]


def test_a_task_that_is_pushed_is_not_asked_about(here: Asking) -> None:
    here.knowing.answers = False
    here.run(20)
    assert here.knowing.asked == []


def test_a_room_that_opens_during_a_run_is_asked_about(here: Asking) -> None:
    ask, before = here.ask, here.watch
    here.watch = here.opens("another")
    assert ask(here.clock() + LOOK_MS) == 0
    assert {name for name, _ in here.knowing.asked} == {
        str(here.world.tasks(one)[-1].vendor_task_id) for one in (before, here.watch)
    }


def test_a_room_that_is_over_is_not_asked_about_any_more(here: Asking) -> None:
    here.run(5)
    here.world.close_room(5)
    here.world.finish(here.watch)
    here.world.close(here.world.fresh(here.watch))
    asked = len(here.knowing.asked)
    here.run(20)
    assert len(here.knowing.asked) == asked


@pytest.mark.parametrize("failure", [RetryLater("vendor_5xx"), GiveUp("vendor_1003")])
def test_a_question_that_fails_is_asked_again_in_its_turn(here: Asking, failure: EarshotError) -> None:
    here.knowing.failures.append(failure)
    here.tell("a")
    assert here.run(10) == 1
    assert [at for _, at in here.knowing.asked] == [0, 5_000]


def test_the_vendors_limit_is_kept_and_nobody_is_forgotten(here: Asking) -> None:
    here.opens("another")
    here.limit = 1
    here.run(4)
    here.limit = 1
    here.run(4)
    assert len({name for name, _ in here.knowing.asked}) == 2


def test_one_run_asks_at_a_time(here: Asking) -> None:
    here.store.lease_poll("ask:shumei", "another", START, START + LEASE_MS, "x")
    assert here.run(20) == 0
    assert here.knowing.asked == []
    here.clock.now = START + LEASE_MS
    here.tell("a")
    assert here.run(5) == 1


def test_a_run_that_dies_before_it_keeps_is_made_up_for(here: Asking) -> None:
    here.tell("a")
    dies_at(here.store, "put_segments")
    with pytest.raises(ConnectionError):
        here.run(5)
    here.clock.forward(5)
    assert here.run(5) == 1


def test_without_a_vendor_that_is_asked_the_run_is_over_at_once(here: Asking) -> None:
    here.ask = here.process({})
    assert here.run() == 0
    assert here.clock() == START
