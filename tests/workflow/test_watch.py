"""Parking: whoever comes first, the signal or the token, nothing is lost."""

from itertools import repeat
from unittest.mock import patch

import pytest
from earshot.domain.watch import Signal, SignalName

from tests.workflow.bundle import Bundle, bundle, quick
from tests.workflow.disturbances import BUSY, open_with_a_short_look
from tests.workflow.interpreter import aws_error
from tests.workflow.wire import DAWN


def token(b: Bundle) -> str:
    """The token under which the only watch is parked."""
    (item,) = b.items("watch")
    return str(item["task_token"]["S"])


def errors(b: Bundle) -> list[str]:
    """What the machine's tasks failed with."""
    details = [
        event["taskFailedEventDetails"] for h in b.histories() for event in h if event["type"] == "TaskFailed"
    ]
    return [detail["error"] for detail in details]


def refused(b: Bundle) -> bool:
    """The park was refused by its condition, and by nothing else."""
    return errors(b) == ["DynamoDb.ConditionalCheckFailedException"]


def test_a_signal_that_comes_while_the_submit_runs_is_met_when_parking() -> None:
    with bundle() as b:
        b.doubles.answering["submit"] = lambda: b.send("RoomClosed")
        b.send("RoomOpened")
        b.wait_over()
        assert refused(b)
        assert "Watch -> Advise" not in b.edges()
        assert b.story() == ["Started", "Ended"]
        assert [task["end_reason"] for task in b.doubles.tasks()] == ["finished"]


def test_a_signal_that_comes_just_before_parking_is_met_when_parking() -> None:
    with bundle() as b:
        b.once("Watch", lambda: b.send("RoomClosed"))
        b.send("RoomOpened")
        b.wait_over()
        assert refused(b)
        assert b.doubles.running() == []


def test_a_signal_that_comes_after_parking_is_delivered() -> None:
    with bundle() as b:
        b.open()
        b.close()
        assert errors(b) == []
        assert "Watch -> Advise" in b.edges()
        assert len(b.noted("ES406")) == 1
        assert b.doubles.running() == []


def test_a_signal_that_comes_in_the_moment_of_parking_is_delivered() -> None:
    with bundle() as b:
        b.once("Parked", lambda: b.send("RoomClosed"))
        b.send("RoomOpened")
        b.wait_over()
        assert "Watch -> Advise" in b.edges()
        assert [e["type"] for h in b.histories() for e in h if e["type"] == "TaskTimedOut"] == []
        assert b.doubles.running() == []


def test_a_signal_that_comes_while_the_next_step_is_chosen_is_not_taken_away() -> None:
    with bundle() as b:
        b.open()
        store = b.modules["advise_watch"].advise.store
        real = store.resolve

        def overtaken(*args: object) -> None:
            store.resolve = real
            b.send("RoomClosed")
            real(*args)

        with patch.object(store, "resolve", overtaken):
            b.doubles.end(b.doubles.tasks()[0]["id"], 3001)
            b.advance(2)
            b.wait_over()
        assert len(b.doubles.calls("submit")) == 1
        assert b.ended()["reason"] == "room_closed"


def test_a_signal_delivered_again_and_again_wakes_once() -> None:
    with bundle() as b:
        b.open()
        b.doubles.end(b.doubles.tasks()[0]["id"], 3001)
        b.advance(2)
        b.wait_quiet()
        parked, steps = token(b), len(b.log)
        for _ in range(2):
            b.relay(b.records)
        b.wait_quiet()
        assert token(b) == parked
        assert b.log[steps:] == ["relay_changes"] * 2
        b.close()
        b.relay(b.records)
        assert b.story() == ["Started", "Interrupted", "Resumed", "Ended"]
        assert len(b.executions()) == 1


def test_a_look_that_times_out_looks_and_parks_again() -> None:
    with bundle() as b:
        open_with_a_short_look(b)
        assert {"Watch times out", "Route -> Watch"} <= set(b.edges())
        assert len(b.doubles.mints()) == len(b.doubles.running()) == 1
        b.close()
        assert b.story() == ["Started", "Ended"]
        assert b.doubles.running() == []


@pytest.mark.parametrize("name", BUSY)
def test_a_busy_table_delays_parking_and_nothing_else(name: str) -> None:
    with bundle() as b:
        b.fail("Watch", [aws_error(name)] * 3)
        b.open()
        assert b.tries == 3
        assert len(b.doubles.mints()) == len(b.doubles.running()) == 1
        b.close()
        assert b.story() == ["Started", "Ended"]


def test_a_room_that_closes_while_the_table_is_busy_is_finished() -> None:
    with bundle() as b:
        b.fail("Watch", [aws_error("ThrottlingException")] * 2)
        b.once("Watch", lambda: None, lambda: b.send("RoomClosed"))
        b.send("RoomOpened")
        b.wait_over()
        assert b.doubles.running() == []
        assert b.ended()["reason"] == "room_closed"


def test_another_error_of_the_table_does_not_cost_the_task() -> None:
    with bundle() as b:
        b.fail("Watch", [aws_error("AccessDeniedException")] * 2)
        b.open()
        assert len(b.doubles.mints()) == len(b.doubles.calls("submit")) == len(b.doubles.running()) == 1
        b.advance(11)
        assert len(b.told("SegmentJudged")) == 1
        b.close()
        assert b.story() == ["Started", "Ended"]


def test_a_table_that_never_lets_it_park_does_not_spin_the_machine() -> None:
    """A history ends at 25,000 events: without back-off and bound it is full in minutes, the execution is gone
    and the vendor listens on without an owner."""
    with bundle(plan=quick(base_s=2, cap_s=8, max_attempts=4)) as b:
        b.fail("Watch", repeat(aws_error("AccessDeniedException")))
        b.send("RoomOpened")
        b.wait_over("FAILED")
        pauses = [seconds for state, seconds in b.waited if state == "Breathe"]
        assert all(top / 2 <= pause <= top for pause, top in zip(pauses, (2, 4, 8, 8), strict=True))
        assert len(b.doubles.calls("submit")) == 1
        assert b.doubles.running() == []
        assert b.story() == ["Started", "Failed", "Ended"]


def test_a_room_that_closes_while_parking_is_forbidden_is_finished() -> None:
    with bundle(plan=quick(base_s=2, cap_s=8)) as b:
        b.fail("Watch", repeat(aws_error("AccessDeniedException")))
        b.once("Breathe", lambda: b.send("RoomClosed"))
        b.send("RoomOpened")
        b.wait_over()
        assert b.doubles.running() == []
        assert b.story() == ["Started", "Ended"]


def test_troubles_of_long_ago_are_not_counted_with_those_of_today() -> None:
    """A room that is open for weeks meets a refused parking now and then; it is heard all the while."""
    with bundle(plan=quick(max_attempts=2, healthy_s=0)) as b:
        b.open()
        for number in range(4):
            b.advance(120, step=20)
            b.fail("Watch", [aws_error("AccessDeniedException")])
            at = DAWN * 1000 + number
            b.store.signal(b.watch().watch_id, Signal(f"s-{number}", SignalName.TASK_ENDED, at, "task_ended"))
            b.wait(lambda: b.is_quiet() or b.is_over(), "quiet or over")
        assert b.story() == ["Started"]
        assert len(b.doubles.running()) == 1
        b.close()
