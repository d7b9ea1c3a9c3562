"""Stops that fail, wait too long, or are settled by somebody else: nobody is forgotten."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pytest
from earshot.errors import EarshotError, GiveUp, OutcomeUnknown, RetryLater, Unfinished
from earshot.vendors.port import Ending
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.support.fakes import Vendor
from tests.unit.support.makers import START
from tests.unit.support.world import PATIENCE_MS, Desk, World

BUSY = RetryLater("yidun_411")


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
