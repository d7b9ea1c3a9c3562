"""The end of a watch: nothing is left running, and the ledger says what the vendor's books say."""

from typing import Any

import pytest

from tests.workflow.bundle import QUICK, Bundle, bundle
from tests.workflow.disturbances import no_duplicates
from tests.workflow.runtime import Bug

SPEECH = {
    "name": "abuse",
    "rooms": {
        "*": {"lines": [{"at": 5, "every": 10, "text": "滚", "risk_level": "REJECT", "risk_type": 210}]}
    },
}
LOST = {"on": "submit", "fault": "accept_then_timeout", "seconds": 60}
PATIENT = {"default": {"retry": {"base_s": 2, "cap_s": 2, "max_attempts": 5}, "settle_s": 10}}


def with_stray(b: Bundle) -> str:
    """A room that is heard by its second task, while the vendor runs the first unknown to us: its id."""
    no_duplicates(b)
    b.doubles.shumei.faults.add(LOST)
    b.open()
    stray: str = b.doubles.tasks()[0]["id"]
    return stray


def test_a_stray_that_comes_to_light_while_settling_is_finished_before_the_end() -> None:
    with bundle(SPEECH) as b:
        stray = with_stray(b)
        b.once("Settle", lambda: b.advance(11))
        b.close()
        assert [state for state in b.log if state in {"Settle", "Close"} or state == "Finish"][1:] == [
            "Settle",
            "Close",
            "Finish",
            "Settle",
            "Close",
        ]
        assert [task["end_reason"] for task in b.doubles.tasks()] == ["finished", "finished"]
        assert stray in {event["task_id"] for event in b.told("SegmentJudged")}
        assert b.story() == ["Started", "Ended"]
        assert b.ledger()["unfinished"] == b.ledger()["unresolved"] == []


def test_a_stray_that_comes_to_light_after_the_end_is_finished_by_a_late_execution() -> None:
    with bundle(SPEECH) as b:
        stray = with_stray(b)
        b.close()
        assert b.ledger()["unresolved"] == [b.tasks()[0].task_ref]
        assert [task["id"] for task in b.doubles.running()] == [stray]

        b.advance(11)
        b.wait_over()
        watch_id = b.watch().watch_id
        assert sorted(e["name"] for e in b.executions()) == [watch_id, f"{watch_id}-late-1"]
        assert b.doubles.running() == []
        (verdict,) = b.told("SegmentJudged")
        assert (verdict["task_id"], verdict["late"]) == (stray, True)
        assert b.story() == ["Started", "Ended"]
        held = b.watch().ledger
        assert held is not None
        assert held["unfinished"] == held["unresolved"] == []
        assert len(b.doubles.mints()) == len(b.doubles.calls("submit")) == 2


def test_a_late_stray_that_says_much_starts_one_execution() -> None:
    with bundle(SPEECH, attempts={"Finish": 3}) as b:
        with_stray(b)
        b.close()
        b.doubles.shumei.faults.add({"on": "finish", "fault": "code", "code": 1903, "times": 2})
        b.advance(41, step=10)
        b.wait_over()
        assert len(b.executions()) == 2
        assert b.doubles.running() == []
        assert b.story() == ["Started", "Ended"]


def test_verdicts_that_come_after_the_close_are_told_as_late() -> None:
    with bundle(SPEECH) as b:
        b.doubles.shumei.faults.add(
            {"on": "push", "fault": "delay", "seconds": 30, "match": {"kind": "segment", "number": 1}}
        )
        b.open()
        b.advance(21)
        b.close()
        assert [event["late"] for event in b.told("SegmentJudged")] == [False]
        b.advance(30)
        assert [event["late"] for event in b.told("SegmentJudged")] == [False, True]
        assert len(b.executions()) == 1


def books(b: Bundle) -> dict[str, Any]:
    """What the doubles have on their side."""
    calls = {"mint": len(b.doubles.mints())}
    calls |= {name: len(b.doubles.calls(name)) for name in ("submit", "finish")}
    pushes = [e for e in b.doubles.shumei.journal.since(0) if e.get("push") == "end" and e["status"] == 200]
    seconds = {e["task"]: e["body"]["auxInfo"]["streamTime"] for e in pushes}
    calls["unclaimed"] = 0
    return {"calls": calls, "vendor_s": float(sum(seconds.values()))}


def agrees(b: Bundle) -> bool:
    """The ledger that was told and the doubles' books say the same, and nothing is open on either side."""
    ledger = b.ledger()
    assert {name: ledger[name] for name in ("calls", "vendor_s")} == books(b)
    assert ledger["unfinished"] == ledger["unresolved"] == []
    assert ledger["open_s"] == pytest.approx(ledger["audited_s"] + ledger["unmoderated_s"], abs=0.2)
    assert {entry["task_id"] for entry in ledger["tasks"]} == {task["id"] for task in b.doubles.tasks()}
    return b.doubles.running() == []


def test_the_ledger_of_a_quiet_room_is_what_the_vendor_has_in_its_books() -> None:
    with bundle(plan=PATIENT) as b:
        b.open()
        b.advance(95)
        b.once("Settle", lambda: b.advance(3))
        b.close()
        assert agrees(b)
        assert b.ledger()["vendor_s"] == 95
        assert b.ledger()["audited_s"] == pytest.approx(95, abs=1)
        assert b.ledger()["unmoderated_s"] == pytest.approx(0, abs=1)


def test_an_interruption_is_counted_as_unmoderated() -> None:
    with bundle(plan=PATIENT) as b:
        b.open()
        b.advance(20)
        b.once("Pause", lambda: b.advance(30))
        b.doubles.end(b.doubles.tasks()[0]["id"], 3001)
        b.advance(1)
        b.wait_quiet()
        b.advance(40)
        b.once("Settle", lambda: b.advance(3))
        b.close()
        assert agrees(b)
        ledger = b.ledger()
        assert ledger["vendor_s"] == 60
        assert ledger["open_s"] == pytest.approx(91, abs=1)
        assert ledger["unmoderated_s"] == pytest.approx(30, abs=1)
        assert ledger["audited_s"] == pytest.approx(61, abs=1)


def test_an_adopted_task_is_counted_once() -> None:
    with bundle(SPEECH, PATIENT) as b:
        b.doubles.shumei.faults.add(LOST)
        b.open()
        b.advance(25)
        b.once("Settle", lambda: b.advance(3))
        b.close()
        assert agrees(b)
        assert len(b.ledger()["tasks"]) == 1
        assert b.ledger()["vendor_s"] == 25
        assert b.ledger()["audited_s"] == pytest.approx(25, abs=1)


def test_a_stray_is_in_the_books_too() -> None:
    with bundle(SPEECH, PATIENT) as b:
        with_stray(b)
        b.advance(35)
        b.wait_quiet()
        b.once("Settle", lambda: b.advance(3))
        b.close()
        assert agrees(b)
        assert len(b.ledger()["tasks"]) == 2


def test_trouble_at_the_finish_is_in_the_books_too() -> None:
    with bundle(plan={"default": QUICK}) as b:
        b.open()
        b.doubles.shumei.faults.add(
            {"on": "finish", "fault": "accept_then_timeout", "seconds": 9, "times": 3}
        )
        b.advance(15)
        b.once("Settle", lambda: b.advance(3))
        b.close()
        assert agrees(b)
        assert b.ledger()["calls"]["finish"] == 4


def test_a_failed_watch_ends_with_its_reason_and_its_ledger() -> None:
    with bundle() as b:
        b.open()
        b.advance(15)
        b.doubles.shumei.faults.add({"on": "submit", "fault": "code", "code": 1902})
        b.doubles.end(b.doubles.tasks()[0]["id"], 3001)
        b.advance(1)
        b.wait_over("FAILED")
        assert b.story() == ["Started", "Interrupted", "Failed", "Ended"]
        assert b.ended()["reason"] == b.told("ModerationFailed")[0]["reason"] == "shumei_1902"
        assert b.ledger()["vendor_s"] == 15
        b.send("RoomClosed")
        assert len(b.executions()) == 1
        assert b.story() == ["Started", "Interrupted", "Failed", "Ended"]


def test_a_stray_that_comes_to_light_after_the_machine_broke_down_is_finished_too() -> None:
    with bundle(SPEECH, attempts={"Close": 2}) as b:
        with_stray(b)
        b.fail("Close", [Bug()] * 3)
        b.close("FAILED")
        b.advance(660, step=20)
        b.wait(b.is_over, "over")
        assert b.doubles.running() == []
