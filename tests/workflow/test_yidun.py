"""Rooms that Yidun listens to: pushed and polled, stopped by the batch, renewed, reviewed by people, asked about."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workflow.bundle import QUICK, Bundle, bundle
from tests.workflow.yidun_rooms import PLAN, POLLED, PUSHED, plan, scenario, task

SCENARIOS = ("abusive-speaker", "mixed-bag")
MOAN_IS_SEXUAL = {"moan": "sexual", "minor": "other", "unknown": "unknown"}
"""What Shumei tells apart and Yidun does not: its labels have no word for them."""


def hits(b: Bundle) -> list[tuple[str, tuple[str, ...], str | None, str | None]]:
    """The verdicts that accuse, as they were told: how bad, of what, whose, the words."""
    told = sorted(b.told("SegmentJudged"), key=lambda event: event["started_at"])
    return [
        (
            event["risk_level"],
            tuple(MOAN_IS_SEXUAL.get(label["code"], label["code"]) for label in event["labels"]),
            event["speaker_id"],
            event["text"],
        )
        for event in told
        if event["risk_level"] != "PASS"
    ]


def heard(name: str, plans: dict[str, Any], accounts: dict[str, Any]) -> list[Any]:
    """The same evening, whoever listens."""
    with bundle(scenario(name), plans, accounts=accounts) as b:
        b.polls = accounts is POLLED
        b.open()
        b.advance(95)
        b.close()
        b.advance(5)
        return hits(b)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_vendor_and_every_way_tells_the_same(name: str) -> None:
    by_shumei = heard(name, {"default": {**QUICK, "target": "room_split"}}, PUSHED)
    assert len(by_shumei) > 1
    by_push, by_poll = (heard(name, PLAN, accounts) for accounts in (PUSHED, POLLED))
    assert by_push == by_poll == by_shumei


@pytest.mark.parametrize("platform", ["zego", "agora", "volcengine", "yunxin"])
@pytest.mark.parametrize("accounts", [PUSHED, POLLED], ids=["push", "poll"])
def test_a_room_of_every_platform_is_heard_and_stopped(platform: str, accounts: dict[str, Any]) -> None:
    place = {"platform": platform, "app_id": next(iter(accounts[platform])), "room_id": "room-7"}
    with bundle(scenario("abusive-speaker"), PLAN, accounts=accounts) as b:
        b.polls = accounts is POLLED
        if platform == "yunxin":  # gives no token for a room that nobody is in
            b.doubles.drive("yunxin", "person_enters", "room-7", "4711")
        b.open(**place)
        assert (task(b)["state"], task(b)["token"]) == ("running", "ok")
        b.advance(41)
        b.close(**place)
        b.advance(5)
        assert task(b)["end_reason"] == "finished"
        assert "REJECT" in {event["risk_level"] for event in b.told("SegmentJudged")}
        assert b.story() == ["Started", "Ended"]


def test_a_platform_that_yidun_cannot_enter_is_told_at_once() -> None:
    place = {"platform": "trtc", "app_id": next(iter(PUSHED["trtc"]))}
    with bundle(None, PLAN, accounts=PUSHED) as b:
        b.send("RoomOpened", **place)
        b.wait_over("FAILED")
        (event,) = b.told("ModerationFailed")
        assert event["reason"] == "bad_input:platform"
        assert b.doubles.yidun_tasks() == []


def test_a_stream_is_pulled() -> None:
    with bundle(scenario("abusive-speaker"), PLAN, accounts=PUSHED) as b:
        b.open(platform="url", app_id="live", stream_url="https://live.example.com/7.flv")
        b.advance(41)
        b.close(platform="url", app_id="live")
        assert {event["speaker_id"] for event in b.told("SegmentJudged")} == {None}


def test_a_lost_answer_is_adopted() -> None:
    """The try after it has another token and so another address: the key of duplicates is the ear's."""
    with bundle(None, PLAN, accounts=PUSHED) as b:
        b.doubles.yidun.faults.add({"on": "submit", "fault": "accept_then_drop", "times": 1})
        b.open()
        assert task(b)["state"] == "running"
        assert [t.adopted for t in b.tasks()] == [False, True]
        b.close()
        assert task(b)["end_reason"] == "finished"


def test_results_that_were_fetched_and_not_kept_are_fetched_again() -> None:
    with bundle(scenario("abusive-speaker"), PLAN, accounts=POLLED) as b:
        b.open()
        b.advance(41)
        b.doubles.yidun.faults.add({"on": "poll", "fault": "accept_then_drop", "times": 2})
        for _ in range(4):
            b.poll()
        b.pump()
        kept = {
            e["body"].get("yidunRequestId")
            for e in b.doubles.yidun.journal.since(0)
            if e.get("operation") == "poll"
        }
        assert len(kept) < 4, "a batch that was not kept is asked for by the same id"
        told = len(b.told("SegmentJudged"))
        assert told == task(b)["segments"]["made"] > 1
        b.close()


def test_a_room_past_an_hour_changes_ears_without_a_gap() -> None:
    with bundle(None, plan(shortRoomLimits={"zego": 300}), accounts=PUSHED) as b:
        b.doubles.yidun.settings.update({"empty_room_ends": False})
        b.open()
        for _ in range(3):
            b.advance(185, step=5)
            b.look()
            b.advance(20, step=5)
            b.look()
        tasks = b.doubles.yidun_tasks()
        assert [t["state"] for t in tasks] == ["ended"] * 3 + ["running"]
        assert {t["end_reason"] for t in tasks[:3]} == {"finished"}
        assert len({t["unique_key"] for t in tasks}) == 4
        b.close()
        assert b.story() == ["Started", "Ended"]
        assert b.ledger()["unmoderated_s"] < 1, "the turns at its vendors aside"


def test_a_person_overrides_the_machine() -> None:
    with bundle(scenario("abusive-speaker"), PLAN, accounts=PUSHED) as b:
        b.open()
        b.advance(41)
        accused = next(event for event in b.told("SegmentJudged") if event["risk_level"] == "REJECT")
        b.doubles.review(task(b)["id"], {"action": 1, "segmentId": accused["segment_id"]})
        b.advance(2)
        (pardon,) = [event for event in b.told("SegmentJudged") if event["review"]]
        assert (pardon["risk_level"], pardon["review"]["action"]) == ("PASS", "ignored")
        assert pardon["revises"] == [accused["event_id"]]
        b.close()


def test_a_recorder_of_a_long_room_fetches_its_own_tokens() -> None:
    place = {"platform": "agora", "app_id": next(iter(PUSHED["agora"])), "room_id": "room-7"}
    with bundle(scenario("abusive-speaker"), plan(longRooms="token_api"), accounts=PUSHED) as b:
        b.doubles.yidun.settings.update({"token_url": "https://callbacks.test/credentials/yidun"})
        b.open(**place)
        b.advance(41)
        assert (task(b)["state"], task(b)["token"]) == ("running", "ok")
        assert b.told("SegmentJudged")
        assert len(b.noted("ES215")) == 1
        b.close(**place)
        b.advance(5)
        assert task(b)["end_reason"] == "finished"


def test_a_task_that_listens_on_is_found_and_stopped() -> None:
    with bundle(scenario("abusive-speaker"), PLAN, accounts=PUSHED) as b:
        b.open()
        b.doubles.yidun.faults.add(
            [{"on": "finish", "fault": "forget"}, {"on": "push", "fault": "drop", "times": 500}]
        )
        b.close()
        assert task(b)["state"] == "running"
        b.advance(700, step=10)
        assert b.reconcile_tasks() == {"looked": 1}
        assert len(b.noted("ES217")) == 1
        assert task(b)["end_reason"] == "finished"
        b.advance(700, step=10)
        assert b.reconcile_tasks() == {"looked": 1}
        assert len(b.noted("ES217")) == 1, "and stays so"


def test_one_that_is_heard_to_listen_on_is_stopped_at_once() -> None:
    with bundle(scenario("abusive-speaker"), PLAN, accounts=PUSHED) as b:
        b.open()
        b.doubles.yidun.faults.add({"on": "finish", "fault": "forget"})
        b.close()
        b.advance(95, step=5)
        b.wait_over()
        assert task(b)["end_reason"] == "finished"
        assert len(b.noted("ES217")) == 1


def test_what_no_push_brought_is_fetched_after_a_day() -> None:
    with bundle(scenario("abusive-speaker"), PLAN, accounts=PUSHED) as b:
        b.doubles.yidun.faults.add({"on": "push", "fault": "drop", "times": 500, "after": 1})
        b.open()
        b.advance(95)
        b.close()
        before = len(b.told("SegmentJudged"))
        made = task(b)["segments"]["made"]
        assert before < made
        b.doubles.clock.second += 26 * 3600 + 60
        for _ in range(2):
            b.reconcile_tasks()  # has it ended; and then, what was lost
        late = b.told("SegmentJudged")
        assert len(late) == made
        assert all(event["late"] for event in late[before:])


def test_hits_alone_are_kept_and_told() -> None:
    with bundle(
        scenario("abusive-speaker"), {"default": {**PLAN["default"], "keep": "hits"}}, accounts=POLLED
    ) as b:
        b.polls = True
        b.open()
        b.advance(95)
        b.close()
        b.advance(5)
        assert {event["risk_level"] for event in b.told("SegmentJudged")} == {"REJECT"}
        assert len(b.items("segment")) == len(b.told("SegmentJudged")) + 1, "and the task's end"


def test_the_solution_hears_a_room_too() -> None:
    with bundle(scenario("abusive-speaker"), plan(product="livewall"), accounts=PUSHED) as b:
        b.open()
        b.advance(95)
        b.close()
        b.advance(5)
        assert (task(b)["product"], task(b)["end_reason"]) == ("livewallsolution", "finished")
        assert "REJECT" in {event["risk_level"] for event in b.told("SegmentJudged")}
