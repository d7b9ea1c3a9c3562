"""The vendor ends a task while the room is open."""

import pytest

from tests.workflow.bundle import QUICK, bundle, quick
from tests.workflow.disturbances import end_current, false_alarm, no_duplicates

END_DELAYED = {"on": "push", "fault": "delay", "seconds": 20, "match": {"kind": "end"}}


@pytest.mark.parametrize("code", [3001, 3002, 3003, 3004, 3005, None])
def test_an_end_leads_to_a_new_credential_and_a_new_task(code: int | None) -> None:
    with bundle() as b:
        b.open()
        b.advance(11)
        end_current(b, code)
        assert b.story() == ["Started", "Interrupted", "Resumed"]
        (interrupted,) = b.told("ModerationInterrupted")
        assert interrupted["reason"] == f"task_ended_{code or 'unexplained'}"
        assert len(set(b.doubles.tokens())) == len(b.doubles.mints()) == 2
        b.advance(11)
        first, second = b.doubles.tasks()
        assert {event["task_id"] for event in b.told("SegmentJudged")} == {first["id"], second["id"]}
        b.close()
        assert [task["end_reason"] for task in b.doubles.tasks()] == ["admin", "finished"]
        assert [entry["end_code"] for entry in b.ledger()["tasks"]] == [code, None]
        assert [entry["finished"] for entry in b.ledger()["tasks"]] == [True, True]


@pytest.mark.parametrize("notice", ["end", "code_1904", "both"])
def test_a_token_that_goes_bad_leads_to_a_new_one(notice: str) -> None:
    with bundle() as b:
        b.doubles.shumei.settings.update({"pull_failure_notice": notice})
        b.doubles.zego.faults.add({"on": "mint", "fault": "forget"})
        b.open()
        assert b.doubles.running()[0]["token"] == "unknown"
        b.advance(5)
        b.wait_quiet()
        assert [task["token"] for task in b.doubles.running()] == ["ok"]
        assert b.story() == ["Started", "Interrupted", "Resumed"]
        assert len(set(b.doubles.tokens())) == 2
        b.close()
        assert b.doubles.running() == []


def test_a_pull_failure_ends_a_task_only_if_the_plan_says_so() -> None:
    off = {"default": {**QUICK, "vendors": {"shumei": {"pullFailureEndsTask": False}}}}
    with bundle(plan=off) as b:
        b.open()
        false_alarm(b)
        b.wait_quiet()
        assert b.story() == ["Started"]
        assert b.noted("ES408")
        assert len(b.doubles.calls("submit")) == 1
        assert b.doubles.calls("finish") == []


@pytest.mark.parametrize("code", [1901, 1903, 9100])
def test_other_trouble_of_the_vendor_does_not_end_a_task(code: int) -> None:
    with bundle() as b:
        b.open()
        false_alarm(b, code)
        b.wait_quiet()
        assert b.story() == ["Started"]
        assert len(b.doubles.running()) == len(b.doubles.calls("submit")) == 1


def test_a_task_said_to_be_over_is_finished_before_another_is_opened() -> None:
    """The report is not signed; if it was wrong, two ears would be paid for."""
    with bundle() as b:
        no_duplicates(b)
        b.open()
        false_alarm(b)
        b.wait_quiet()
        assert [task["end_reason"] for task in b.doubles.tasks()] == ["finished", None]
        assert b.log.index("Release") < len(b.log) - 1 - b.log[::-1].index("Mint")


def test_ends_in_a_row_are_bounded_and_leave_nothing_open() -> None:
    with bundle(plan=quick(max_attempts=2)) as b:
        b.open()
        for _ in range(3):
            b.advance(5)
            end_current(b)
        b.wait_over("FAILED")
        assert len(b.doubles.calls("submit")) == 3
        assert b.doubles.running() == []
        assert b.told("ModerationFailed")[0]["reason"] == "gave_up_after_2:task_ended_3001"
        assert b.story()[-2:] == ["Failed", "Ended"]
        assert b.ledger()["unfinished"] == []


def test_ends_after_a_healthy_life_are_not_counted_together() -> None:
    with bundle(plan=quick(max_attempts=2, healthy_s=60)) as b:
        b.open()
        for _ in range(5):
            b.advance(61, step=10)
            end_current(b)
        assert len(b.doubles.running()) == 1
        assert b.watch().troubles == 1
        b.close()


def test_back_off_grows_and_is_capped() -> None:
    with bundle(plan=quick(base_s=2, cap_s=8, max_attempts=6)) as b:
        b.open()
        for _ in range(5):
            end_current(b)
        pauses = [seconds for state, seconds in b.waited if state == "Pause"]
        assert len(pauses) == 5
        ceilings = (2, 4, 8, 8, 8)
        assert all(top / 2 <= pause <= top for pause, top in zip(pauses, ceilings, strict=True))
        b.close()


def test_the_end_notice_of_an_old_task_does_not_disturb_the_current_one() -> None:
    with bundle() as b:
        b.doubles.shumei.settings.update({"pull_failure_notice": "both"})
        b.doubles.zego.faults.add({"on": "mint", "fault": "forget"})
        b.doubles.shumei.faults.add(END_DELAYED)
        b.open()
        b.advance(5)
        b.wait_quiet()
        assert len(b.doubles.running()) == 1
        b.advance(25)
        b.wait_quiet()
        assert b.doubles.tasks()[0]["end_notice"]["acknowledged"] == 1
        assert len(b.doubles.calls("submit")) == 2
        assert len(b.doubles.running()) == 1
        assert b.story() == ["Started", "Interrupted", "Resumed"]
        b.close()


@pytest.mark.parametrize("at", ["Pause", "Release", "Mint"])
def test_a_room_that_closes_between_two_tasks_gets_no_new_one(at: str) -> None:
    with bundle(plan=quick(base_s=2, cap_s=8)) as b:
        b.open()
        b.once(at, lambda: b.send("RoomClosed"))
        b.doubles.end(b.doubles.tasks()[0]["id"], 3005)
        b.advance(1)
        b.wait_over()
        assert len(b.doubles.calls("submit")) == 1
        assert b.doubles.running() == []
        assert b.ended()["reason"] == "room_closed"


def test_a_room_that_closes_before_the_submit_gets_no_new_task() -> None:
    with bundle() as b:
        b.open()
        b.once("Submit", lambda: b.send("RoomClosed"))
        b.doubles.end(b.doubles.tasks()[0]["id"], 3005)
        b.advance(1)
        b.wait_over()
        assert len(b.doubles.calls("submit")) == 1
        assert b.doubles.running() == []
