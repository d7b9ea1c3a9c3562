"""The vendor accepted, and we do not know: nothing is billed without an owner, and no verdict is lost."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.workflow.bundle import Bundle, bundle
from tests.workflow.disturbances import crash_once, no_duplicates

SPEECH = {
    "name": "abuse",
    "rooms": {
        "*": {"lines": [{"at": 5, "every": 10, "text": "滚", "risk_level": "REJECT", "risk_type": 210}]}
    },
}
Loss = Callable[[Bundle], Any]
ANSWER_LOST: dict[str, Loss] = {
    "time-out": lambda b: b.doubles.shumei.faults.add(
        {"on": "submit", "fault": "accept_then_timeout", "seconds": 60}
    ),
    "cut": lambda b: b.doubles.shumei.faults.add({"on": "submit", "fault": "accept_then_drop"}),
    "unreadable": lambda b: b.doubles.shumei.faults.add({"on": "submit", "fault": "body", "body": "{"}),
    "no request id": lambda b: b.doubles.shumei.faults.add(
        {"on": "submit", "fault": "body", "body": '{"code": 1100, "message": "ok"}'}
    ),
    "killed before our write": lambda b: crash_once(b, "submit_stream", "submit", "store", "accept_task"),
}
loses = pytest.mark.parametrize("lose", ANSWER_LOST.values(), ids=ANSWER_LOST.keys())


@loses
def test_the_running_task_is_adopted(lose: Loss) -> None:
    with bundle(SPEECH) as b:
        lose(b)
        b.open()
        (task,) = b.doubles.tasks()
        _, current = b.tasks()
        assert (current.vendor_task_id, current.adopted) == (task["id"], True)
        assert b.noted("ES203")
        assert len(set(b.doubles.tokens())) == 2
        b.advance(11)
        b.close()
        assert len(b.doubles.calls("finish")) == 1
        assert b.ledger()["calls"] == {"mint": 2, "submit": 2, "finish": 1, "unclaimed": 0}
        assert b.ledger()["unfinished"] == b.ledger()["unresolved"] == []


@loses
def test_the_verdicts_of_an_adopted_task_are_told_once(lose: Loss) -> None:
    with bundle(SPEECH) as b:
        lose(b)
        b.open()
        b.advance(31)
        told = [event["segment_id"] for event in b.told("SegmentJudged")]
        assert len(set(told)) == len(told) == task_count(b) == 3
        b.close()


def task_count(b: Bundle) -> int:
    """Segments that the vendor has made."""
    made: int = sum(task["segments"]["made"] for task in b.doubles.tasks())
    return made


@loses
def test_an_adopted_task_that_said_nothing_is_finished_once(lose: Loss) -> None:
    """The end notice comes to the lost try's address, when the task has been finished under the other."""
    with bundle() as b:
        lose(b)
        b.open()
        b.once("Settle", lambda: b.advance(5))
        b.close()
        b.advance(5)
        b.wait_quiet()
        assert [task["finish_calls"] for task in b.doubles.tasks()] == [1]
        assert b.story() == ["Started", "Ended"]


@loses
def test_a_stray_that_is_no_duplicate_is_discovered_and_released(lose: Loss) -> None:
    with bundle(SPEECH) as b:
        no_duplicates(b)
        lose(b)
        b.open()
        _, current = b.doubles.tasks()
        b.advance(10.5)
        b.wait_quiet()
        assert b.noted("ES404")
        assert [task["id"] for task in b.doubles.running()] == [current["id"]]
        b.close()
        assert [task["finish_calls"] for task in b.doubles.tasks()] == [1, 1]
        assert b.ledger()["unfinished"] == b.ledger()["unresolved"] == []


@loses
def test_the_room_is_heard_on_while_a_stray_is_released(lose: Loss) -> None:
    with bundle(SPEECH) as b:
        no_duplicates(b)
        lose(b)
        b.open()
        stray, current = b.doubles.tasks()
        b.advance(10.5)
        b.wait_quiet()
        b.advance(20)
        b.wait_quiet()
        told = Counter(event["task_id"] for event in b.told("SegmentJudged"))
        assert told == {stray["id"]: 1, current["id"]: 3}
        assert len(b.doubles.mints()) == len(b.doubles.calls("submit")) == 2
        assert b.story() == ["Started"]


@loses
def test_a_room_that_closes_meanwhile_waits_for_the_stray_to_show_itself(lose: Loss) -> None:
    with bundle(SPEECH) as b:
        lose(b)
        b.once("Mint", lambda: None, lambda: b.send("RoomClosed"))
        b.once("Settle", lambda: b.advance(11))
        b.send("RoomOpened")
        b.wait_over()
        assert len(b.doubles.calls("submit")) == 1
        assert [task["end_reason"] for task in b.doubles.tasks()] == ["finished"]
        assert "Close catches Unfinished -> Finish" in b.edges()
        assert len(b.told("SegmentJudged")) == 1
        assert b.ledger()["unfinished"] == b.ledger()["unresolved"] == []


def test_callbacks_that_overtake_the_submits_answer_are_told_and_disturb_nothing() -> None:
    with bundle(SPEECH) as b:
        b.doubles.answering["submit"] = lambda: b.advance(21)
        b.open()
        assert len(b.told("SegmentJudged")) == 2
        assert len(b.doubles.running()) == len(b.doubles.calls("submit")) == 1
        assert b.doubles.calls("finish") == []
        b.advance(10)
        assert len(b.told("SegmentJudged")) == 3
        b.close()
        assert [task["finish_calls"] for task in b.doubles.tasks()] == [1]
        assert b.ledger()["unresolved"] == []


def test_an_end_that_overtakes_the_submits_answer_leads_to_a_new_task() -> None:
    with bundle() as b:

        def end() -> None:
            b.doubles.end(b.doubles.tasks()[0]["id"], 3001)
            b.advance(2)

        b.doubles.answering["submit"] = end
        b.open()
        assert [task["state"] for task in b.doubles.tasks()] == ["ended", "running"]
        assert b.watch().status == "moderating"
        b.close()
        assert b.doubles.running() == []


def test_verdicts_are_told_once_whatever_the_vendor_repeats_or_shuffles() -> None:
    with bundle(SPEECH) as b:
        b.doubles.shumei.faults.add(
            [
                {"on": "push", "fault": "duplicate", "copies": 11, "match": {"number": 0}},
                {"on": "push", "fault": "reorder", "match": {"number": 1}},
                {"on": "push", "fault": "drop", "match": {"number": 2}, "times": 3},
            ]
        )
        b.open()
        b.advance(95)
        published = [e["detail"]["event_id"] for e in b.events if e["type"] == "SegmentJudged"]
        assert len(published) == len(set(published)) == task_count(b) == 9
        assert len(b.doubles.running()) == 1
        b.close()
