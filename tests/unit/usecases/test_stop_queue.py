"""Many tasks in one call, and few calls: whoever has the turn finishes for all, and nobody is forgotten."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise

import pytest
from earshot.errors import EarshotError, GiveUp, OutcomeUnknown, RetryLater, Unfinished
from earshot.store.memory import MemoryStore
from earshot.store.port import WaitingStop
from earshot.vendors.port import Ending
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.support.fakes import Vendor
from tests.unit.support.makers import START
from tests.unit.support.world import PATIENCE_MS, STOPS, Desk, World

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


# failures


def test_mine_fails_and_waits_on_while_the_others_are_settled() -> None:
    desk = Desk()
    desk.ask("b", "c")
    desk.vendor.finishes = {"a": [BUSY]}
    assert desk.stop("a") is BUSY
    assert desk.waiting() == ["a"]
    desk.clock.forward(1)
    assert desk.stop("a") is None
    assert desk.waiting() == []


def test_somebody_elses_failure_is_not_mine_and_goes_on_waiting() -> None:
    desk = Desk()
    desk.ask("b", "c")
    desk.vendor.finishes = {"b": [BUSY]}
    assert desk.stop("a") is None
    assert desk.waiting() == ["b"]


def test_one_whose_stop_failed_in_somebody_elses_call_calls_for_itself() -> None:
    desk = Desk()
    desk.stop("early")
    desk.vendor.finishes = {"b": [BUSY]}
    desk.meanwhile = [lambda: desk.stop("c")]
    assert desk.stop("b") is None
    assert desk.vendor.calls == [["early"], ["c", "b"], ["b"]]
    assert desk.rests == [1.0, 1.0]


@pytest.mark.parametrize("error", [RetryLater("yidun_411"), OutcomeUnknown("no_answer"), GiveUp("yidun_401")])
def test_a_call_that_fails_whole_settles_nobody(error: EarshotError) -> None:
    desk = Desk()
    desk.ask("b", "c")
    desk.vendor.outage = error
    assert desk.stop("a") is error
    assert desk.waiting() == ["a", "b", "c"]


def test_a_function_that_dies_in_its_call_settles_nobody() -> None:
    desk = Desk()
    desk.ask("b")
    desk.vendor.outage = ConnectionError("the function died here")
    with pytest.raises(ConnectionError):
        desk.stop("a")
    assert desk.waiting() == ["a", "b"]


# patience


def test_too_long_a_wait_is_left_to_the_machine_at_once_and_the_task_stays_in_line() -> None:
    desk = Desk(Vendor(finish_batch=100, finish_every_ms=PATIENCE_MS + 1))
    desk.stop("a")
    error = desk.stop("b")
    assert isinstance(error, RetryLater)
    assert (error.reason, desk.rests, desk.waiting()) == ("stop_queued", [], ["b"])
    desk.clock.forward(5)
    assert desk.stop("c") is None
    assert desk.vendor.calls == [["a"], ["c", "b"]], "somebody else's call takes it along"
    assert desk.waiting() == []


def test_who_always_comes_second_gives_up_within_its_patience() -> None:
    desk = Desk(Vendor(finish_batch=1, finish_every_ms=1_000))
    desk.stop("first")
    desk.meanwhile = [partial(desk.stop, f"quicker-{number}") for number in range(20)]
    error = desk.stop("slow")
    assert error
    assert error.reason == "stop_queued"
    assert desk.clock() - START <= PATIENCE_MS
    assert desk.waiting() == ["slow"]
    assert ["slow"] not in desk.vendor.calls


# nothing is settled that the vendor did not acknowledge


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.sampled_from([0.0, 0.4, 1.0, 6.0])), min_size=1, max_size=20
    ),
    st.dictionaries(st.sampled_from("abcdef"), st.lists(st.booleans(), max_size=4)),
    st.integers(1, 4),
)
def test_none_means_acknowledged_and_nothing_else_leaves_the_line(
    stops: list[tuple[str, float]], fails: dict[str, list[bool]], batch: int
) -> None:
    acknowledged: set[str] = set()

    class Honest(Vendor):
        def finish(self, endings: Sequence[Ending]) -> list[EarshotError | None]:
            assert 0 < len(endings) <= batch
            outcomes = super().finish(endings)
            acknowledged.update(
                ending.vendor_task_id
                for ending, error in zip(endings, outcomes, strict=True)
                if error is None
            )
            return outcomes

    desk = Desk(Honest(finish_batch=batch, finish_every_ms=1_000))
    desk.vendor.finishes = {
        name: [BUSY if fail else None for fail in answers] for name, answers in fails.items()
    }
    asked: set[str] = set()
    for name, then in stops:
        asked.add(name)
        error = desk.stop(name)
        assert error is not None or name in acknowledged
        assert asked - set(desk.waiting()) <= acknowledged
        desk.clock.forward(then)


def test_a_watch_whose_task_somebody_else_finished_has_it_finished() -> None:
    """Whoever calls writes it: the watch needs no call of its own, and no wait."""
    world = World()
    world.vendor.finish_batch, world.vendor.finish_every_ms = 100, 1_000
    watch = world.listening()
    queue = world.stop_queue()
    queue("shumei", world.vendor, Ending("early", "sh"), ["ref-of-early"], 0)
    with pytest.raises(Unfinished, match="stop_queued"):
        world.finish(watch)
    world.clock.forward(1)
    queue("shumei", world.vendor, Ending("other", "sh"), ["ref-of-other"], 0)
    assert world.vendor.calls == [["early"], ["other", "task-1"]]
    (task,) = world.tasks(watch)
    assert task.finished_at == world.clock()
    world.finish(watch)
    assert len(world.vendor.calls) == 2


def test_one_that_somebody_else_finished_while_it_waited_is_finished() -> None:
    world = World()
    world.vendor.finish_batch, world.vendor.finish_every_ms = 100, 1_000
    watch = world.listening()
    plain = world.stop_queue()
    plain("shumei", world.vendor, Ending("early", "sh"), ["ref-of-early"], 0)
    world.clock.forward(0.8)

    def while_resting(seconds: float) -> None:
        world.clock.forward(seconds)
        plain("shumei", world.vendor, Ending("other", "sh"), ["ref-of-other"], 0)

    world.finish_with(replace(plain, rest=while_resting), watch)
    assert world.vendor.calls == [["early"], ["other", "task-1"]]
    assert world.tasks(watch)[0].finished_at is not None


def test_a_watch_whose_task_still_waits_is_unfinished() -> None:
    world = World()
    world.vendor.finish_batch, world.vendor.finish_every_ms = 100, PATIENCE_MS + 1
    watch = world.listening()
    queue = world.stop_queue()
    queue("shumei", world.vendor, Ending("early", "sh"), ["ref-of-early"], 0)
    with pytest.raises(Unfinished, match="stop_queued"):
        world.finish(watch)
    assert world.tasks(watch)[0].finished_at is None
    world.clock.forward(5)
    world.finish(watch)
    assert world.tasks(watch)[0].finished_at == world.clock()


def test_one_that_asks_though_it_is_finished_leaves_the_line() -> None:
    """Somebody's call finished it after its watch had looked: nobody would come back for its entry."""
    world = World()
    world.vendor.finish_batch, world.vendor.finish_every_ms = 100, 1_000
    watch = world.listening()
    queue, (task,) = world.stop_queue(), world.tasks(watch)
    queue("shumei", world.vendor, Ending("early", "sh"), ["ref-of-early"], 0)
    world.store.finish_task(task.task_ref, world.clock())
    ending = Ending(str(task.vendor_task_id), "sh")
    assert queue("shumei", world.vendor, ending, [task.task_ref], 0) is None
    assert world.store.waiting_stops("shumei:sh", "", 9) == []
    error = queue("shumei", world.vendor, ending, [], 0)
    assert error, "one that listens on is stopped again, finished or not"
    assert len(world.store.waiting_stops("shumei:sh", "", 9)) == 1
