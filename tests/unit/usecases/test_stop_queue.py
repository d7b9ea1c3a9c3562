"""Many tasks in one call, and few calls: whoever has the turn finishes for all, and nobody is forgotten."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from earshot.errors import EarshotError, GiveUp, RetryLater
from earshot.store.memory import MemoryStore
from earshot.store.port import WaitingStop
from earshot.vendors.port import Ending

from tests.unit.support.fakes import Vendor
from tests.unit.support.makers import START
from tests.unit.support.world import STOPS, Desk

BUSY = RetryLater("yidun_411")


def unhurried() -> Desk:
    return Desk(Vendor(finish_batch=1, finish_every_ms=0))


# a vendor without an interval


def test_where_calls_are_free_everybody_calls_at_once() -> None:
    desk = unhurried()
    assert [desk.stop("a"), desk.stop("b")] == [None, None]
    assert desk.vendor.calls == [["a"], ["b"]]
    assert (desk.rests, desk.store._stops, desk.store._turns) == ([], {}, {}), "nothing is written for it"


def test_where_calls_are_free_an_error_is_the_answer_whether_it_is_returned_or_raised() -> None:
    desk = unhurried()
    desk.vendor.finishes = {"a": [BUSY]}
    desk.vendor.outage = GiveUp("yidun_401")
    assert desk.stop("a") is desk.vendor.outage
    desk.vendor.outage = None
    assert desk.stop("a") is BUSY


@pytest.mark.parametrize(("endpoint", "called"), [("gg", "gg"), (None, "sh")])
def test_a_task_is_finished_where_it_was_accepted_or_where_the_plan_sends_it(
    endpoint: str | None, called: str
) -> None:
    for desk in (unhurried(), Desk()):
        desk.stop("a", endpoint, known=True)
        assert desk.vendor.finished == [("a", called, True)]


# a vendor with an interval


def test_the_first_does_not_wait() -> None:
    desk = Desk()
    assert desk.stop("a") is None
    assert (desk.vendor.calls, desk.rests, desk.waiting()) == ([["a"]], [], [])


def test_two_within_a_second_share_a_call() -> None:
    desk = Desk()
    desk.ask("b")
    assert desk.stop("a") is None
    assert desk.vendor.calls == [["a", "b"]]
    assert desk.waiting() == []


def test_the_one_whose_stop_is_settled_by_somebody_else_makes_no_call() -> None:
    desk = Desk()
    desk.stop("early")
    desk.meanwhile = [lambda: desk.stop("c")]
    assert desk.stop("b") is None
    assert desk.vendor.calls == [["early"], ["c", "b"]]


def test_one_that_is_settled_between_its_turn_and_its_call_makes_none() -> None:
    class Quicker(MemoryStore):
        def waiting_stops(self, queue: str, first: str, limit: int) -> list[WaitingStop]:
            self.settle_stop(queue, "b")
            return super().waiting_stops(queue, first, limit)

    desk = Desk(store=Quicker())
    desk.ask("a", "c")
    assert desk.stop("b") is None
    assert desk.vendor.calls == [["c", "a"]], "the turn is not wasted"
    assert desk.waiting() == []


def test_the_second_waits_for_its_turn_and_no_longer() -> None:
    desk = Desk()
    desk.stop("a")
    desk.clock.forward(0.3)
    assert desk.stop("b") is None
    assert (desk.vendor.calls, desk.rests) == ([["a"], ["b"]], [0.7])


def test_calls_are_an_interval_apart_however_many_come() -> None:
    desk = Desk(Vendor(finish_batch=1, finish_every_ms=1_000))
    at: list[int] = []

    class Watched(Vendor):
        def finish(self, endings: Sequence[Ending]) -> list[EarshotError | None]:
            at.append(desk.clock())
            return super().finish(endings)

    desk.vendor = Watched(finish_batch=1, finish_every_ms=1_000)
    for number in range(12):
        assert desk.stop(f"task-{number}") is None
        desk.clock.forward(number % 3 * 0.4)
    assert min(later - sooner for sooner, later in pairwise(at)) >= 1_000


def test_a_call_takes_no_more_than_the_vendor_does_and_the_caller_is_among_them() -> None:
    desk = Desk(Vendor(finish_batch=3, finish_every_ms=1_000))
    desk.ask("a", "b", "c", "e", "f")
    assert desk.stop("d") is None
    assert desk.vendor.calls == [["d", "e", "f"]]
    assert desk.waiting() == ["a", "b", "c"]
    assert desk.stop("b") is None
    assert desk.vendor.calls[1] == ["b", "c", "a"]


def test_what_the_vendor_told_of_the_others_is_handed_on() -> None:
    desk = Desk()
    desk.store.ask_stop(STOPS, WaitingStop("b", True, ("ref-of-b",)), START)
    desk.stop("a")
    assert desk.vendor.finished == [("a", "sh", False), ("b", "sh", True)]


def test_endpoints_and_vendors_do_not_wait_for_each_other() -> None:
    desk = Desk()
    desk.ask("z", queue="yidun:gg")
    desk.ask("y", queue="another:sh")
    desk.stop("a", "sh")
    assert desk.stop("b", "gg") is None
    assert (desk.vendor.calls, desk.rests) == ([["a"], ["b", "z"]], [])
    assert desk.waiting("another:sh") == ["y"]


def test_who_fetches_results_from_a_place_of_the_same_name_does_not_hold_it_up() -> None:
    """Calls of another kind have limits of their own."""
    desk = Desk()
    desk.store.take_turn(STOPS, START, 60_000)
    assert desk.stop("a") is None
    assert desk.rests == []
