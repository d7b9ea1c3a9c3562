"""The vendor bills until it has acknowledged a finish."""

from itertools import repeat
from typing import Any

import pytest

from tests.workflow.bundle import QUICK, bundle
from tests.workflow.disturbances import end_current, false_alarm, no_duplicates
from tests.workflow.runtime import Bug

FINISH = {"on": "finish"}
TROUBLE: dict[str, dict[str, Any]] = {
    "1901": {"fault": "code", "code": 1901},
    "1902": {"fault": "code", "code": 1902},
    "1903": {"fault": "code", "code": 1903},
    "1909": {"fault": "code", "code": 1909},
    "9100": {"fault": "code", "code": 9100},
    "9101": {"fault": "code", "code": 9101},
    "HTTP 503": {"fault": "status", "status": 503},
    "not JSON": {"fault": "status", "status": 200, "body": "ok"},
    "too late": {"fault": "delay", "seconds": 60},
    "done, then silence": {"fault": "accept_then_timeout", "seconds": 60},
    "no answer": {"fault": "drop"},
}


@pytest.mark.parametrize("fault", TROUBLE.values(), ids=TROUBLE.keys())
def test_a_finish_is_repeated_until_it_is_acknowledged(fault: dict[str, Any]) -> None:
    with bundle() as b:
        b.open()
        b.doubles.shumei.faults.add(FINISH | fault | {"times": 7})
        b.close()
        calls = b.doubles.calls("finish")
        assert len(calls) == 8
        assert calls[-1]["answer"]["body"]["code"] == 1100
        assert [task["end_reason"] for task in b.doubles.tasks()] == ["finished"]
        assert b.ledger()["calls"]["finish"] == 8
        assert b.ledger()["unfinished"] == []
        assert len(b.noted("ES209")) == 7


def test_a_vendor_that_was_dead_for_long_is_still_told() -> None:
    with bundle() as b:
        b.open()
        b.doubles.shumei.faults.add({"fault": "die"})
        b.send("RoomClosed")
        b.wait(lambda: b.tries >= 20, "tried and tried")
        assert len(b.doubles.running()) == 1
        b.doubles.shumei.faults.add({"fault": "revive"})
        b.wait_over()
        assert b.doubles.running() == []
        assert b.story() == ["Started", "Ended"]


@pytest.mark.parametrize("code", [1902, 1909])
def test_a_task_that_the_vendor_does_not_know_is_done_only_when_its_end_is_known(code: int) -> None:
    with bundle() as b:
        b.doubles.shumei.settings.update({"finish_ended_code": code})
        b.doubles.shumei.faults.add({"on": "push", "fault": "delay", "seconds": 20, "match": {"kind": "end"}})
        b.open()
        b.doubles.end(b.doubles.tasks()[0]["id"], 3001)
        b.send("RoomClosed")
        b.wait(lambda: b.tries >= 5, "tried and tried")
        assert b.told("ModerationEnded") == []
        b.advance(25)
        b.wait_over()
        assert b.ledger()["unfinished"] == []
        assert b.ledger()["tasks"][0]["end_code"] == 3001


@pytest.mark.parametrize("code", [1100, 1902, 1909])
def test_a_task_whose_end_was_told_is_finished_whatever_the_vendor_calls_it(code: int) -> None:
    with bundle() as b:
        b.doubles.shumei.settings.update({"finish_ended_code": code})
        b.open()
        end_current(b, 3005)
        b.close()
        assert b.tries == 0
        assert len(b.doubles.calls("finish")) == 2
        assert b.ledger()["unfinished"] == []


def test_a_task_that_the_vendor_forgot_is_abandoned_by_name_and_alarmed() -> None:
    with bundle(attempts={"Finish": 4}) as b:
        b.doubles.shumei.faults.add({"on": "submit", "fault": "forget"})
        b.open()
        (task,) = b.tasks()
        b.close("FAILED")
        assert len(b.doubles.calls("finish")) == 5
        assert b.ledger()["unfinished"] == [task.task_ref]
        assert b.ledger()["tasks"][0]["task_id"] == task.vendor_task_id
        assert [line["unfinished"] for line in b.noted("ES211")] == [[task.task_ref]]
        assert b.noted("ES210") == []
        assert b.story() == ["Started", "Ended"]


def test_one_task_that_cannot_be_finished_does_not_keep_the_others_open() -> None:
    with bundle(attempts={"Finish": 3}) as b:
        no_duplicates(b)
        b.open()
        stuck = b.doubles.tasks()[0]["id"]
        b.doubles.shumei.faults.add(
            FINISH | {"fault": "code", "code": 1903, "times": None, "match": {"task": stuck}}
        )
        false_alarm(b)
        b.wait_quiet()
        assert len(b.doubles.running()) == 2
        b.close("FAILED")
        assert [task["id"] for task in b.doubles.running()] == [stuck]
        assert len(b.ledger()["unfinished"]) == 1
        assert b.noted("ES211")


def test_a_release_that_fails_does_not_stop_the_listening() -> None:
    with bundle() as b:
        no_duplicates(b)
        b.open()
        b.fail("Release", repeat(Bug()))
        false_alarm(b)
        b.wait_quiet()
        assert len(b.doubles.calls("submit")) == len(b.doubles.running()) == 2
        assert b.story() == ["Started", "Interrupted", "Resumed"]
        b.close()
        assert b.doubles.running() == []
        assert b.ledger()["unfinished"] == []


def test_settling_is_as_long_as_the_plan_says_and_only_when_something_is_expected() -> None:
    with bundle(plan={"default": {**QUICK, "settle_s": 7}}) as b:
        b.open()
        b.close()
        b.once("Mint", lambda: b.send("RoomClosed", room_id="other"))
        b.send("RoomOpened", room_id="other")
        b.wait_over()
        assert b.waited == [("Settle", 7), ("Settle", 0)]
