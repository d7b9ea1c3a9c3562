"""Whatever fails, however it fails, and however long: what may be open at the vendor is closed."""

from collections.abc import Callable, Iterator
from itertools import repeat

import pytest

from tests.workflow.bundle import Bundle, bundle
from tests.workflow.disturbances import false_alarm, no_duplicates
from tests.workflow.interpreter import aws_error
from tests.workflow.runtime import Bug, Crash, Refusal

FEW = {"Advise": 2, "Finish": 3, "Close": 2, "Abandon": 2}
KINDS: dict[str, Callable[[], BaseException]] = {
    "a bug": Bug,
    "a crash": Crash,
    "a refusal": lambda: Refusal("Lambda.TooManyRequestsException"),
    "a time-out": lambda: Refusal("Sandbox.Timedout"),
}
kinds = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
worst = pytest.mark.parametrize("kind", [Bug, Crash])


def heard_and_alarmed(b: Bundle, state: str, kind: Callable[[], BaseException]) -> None:
    """A room is heard, a step begins to fail for ever, and the vendor complains of a task that it goes on
    running: from here on everything that the machine can do is asked of it."""
    no_duplicates(b)
    b.open()
    b.fail("Release", repeat(kind()))
    b.fail(state, repeat(kind()))
    false_alarm(b)
    b.wait(lambda: b.is_quiet() or b.is_over(), "quiet or over")
    if not b.is_over():
        b.send("RoomClosed")
        b.wait(b.is_over, "over")


@worst
@pytest.mark.parametrize("state", ["Mint", "Submit", "Advise", "Release", "Close"])
def test_a_step_that_fails_for_ever_leaves_no_task_open(
    state: str, kind: Callable[[], BaseException]
) -> None:
    with bundle(attempts=FEW) as b:
        heard_and_alarmed(b, state, kind)
        assert b.doubles.running() == []
        assert all(task["finish_calls"] for task in b.doubles.tasks())


@worst
def test_a_finish_that_fails_for_ever_is_owned_up_to(kind: Callable[[], BaseException]) -> None:
    with bundle(attempts=FEW) as b:
        heard_and_alarmed(b, "Finish", kind)
        running = {task["id"] for task in b.doubles.running()}
        named = {task.vendor_task_id for task in b.tasks() if task.task_ref in b.ledger()["unfinished"]}
        assert running == named != set()
        assert b.noted("ES211")
        assert {e["status"] for e in b.executions()} == {"FAILED"}


@kinds
@pytest.mark.parametrize("state", ["Mint", "Submit", "Advise", "Finish", "Close"])
def test_a_step_that_fails_now_and_then_costs_nothing(state: str, kind: Callable[[], BaseException]) -> None:
    with bundle() as b:
        b.fail(state, [kind(), kind()])
        b.open()
        b.advance(11)
        b.close()
        assert len(b.told("SegmentJudged")) == 1
        assert b.story() == ["Started", "Ended"]
        assert b.ended()["reason"] == "room_closed"
        assert b.ledger()["unfinished"] == []
        assert b.doubles.running() == []


def test_a_watch_that_gives_up_its_open_room_is_told_as_failed() -> None:
    """Nobody listens to a room that is open: an ordinary end would hide that."""
    with bundle(attempts=FEW) as b:
        b.open()
        b.fail("Advise", repeat(Bug()))
        false_alarm(b)
        b.wait(b.is_over, "over")
        assert b.doubles.running() == []
        assert "Failed" in b.story()
        assert {e["status"] for e in b.executions()} == {"FAILED"}


@pytest.mark.parametrize("state", ["Mint", "Submit", "Watch", "Advise", "Finish", "Settle", "Close"])
def test_a_room_that_closes_at_any_step_is_finished_and_told_once(state: str) -> None:
    with bundle() as b:
        b.once(state, lambda: b.send("RoomClosed"))
        b.send("RoomOpened")
        b.wait(lambda: b.is_quiet() or b.is_over(), "quiet or over")
        if state in {"Advise", "Finish", "Settle", "Close"}:
            b.send("RoomClosed")
        b.wait_over()
        assert b.doubles.running() == []
        assert b.story()[-1] == "Ended"
        assert b.story().count("Ended") == 1


def busy_for(b: Bundle, times: int) -> Iterator[str]:
    """Every method of the store's client, throttled for its next calls."""
    client = b.modules["advise_watch"].advise.store._client
    for name in ("get_item", "put_item", "update_item", "query", "transact_write_items"):
        left = iter([aws_error("ThrottlingException")] * times)
        real = getattr(client, name)

        def call(*, _real: object = real, _left: Iterator[BaseException] = left, **request: object) -> object:
            if error := next(_left, None):
                raise error
            assert callable(_real)
            return _real(**request)

        setattr(client, name, call)
        yield name


def test_a_table_that_is_busy_for_everybody_loses_nothing() -> None:
    """Events are repeated by their sources, as AWS would; the machine helps itself."""
    with bundle() as b:
        assert len(list(busy_for(b, 2))) == 5
        for _ in range(12):
            _, failed = b.send("RoomOpened", occurred_at="2026-11-21T01:30:00Z")
            if not failed:
                break
        b.wait_quiet()
        assert len(b.doubles.running()) == len(b.executions()) == 1
        b.close()
        assert b.story() == ["Started", "Ended"]
