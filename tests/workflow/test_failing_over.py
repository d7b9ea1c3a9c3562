"""Vendors that fail, and the next one of the plan that takes over: who was asked, who heard, and when."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workflow.bundle import Bundle
from tests.workflow.stories import ACCOUNTS, Span, books, place, plan, populate, second, stamp, total, unheard
from tests.workflow.timekeeping import Timekeeper, timely
from tests.workflow.yidun_rooms import scenario

ZEGO = place("zego")
SPEECH = scenario("abusive-speaker")
PATIENT = {"base_s": 2, "cap_s": 300, "max_attempts": 50}


def order(**more: Any) -> dict[str, Any]:
    return plan(failover=["yidun"], **more)


def down(b: Bundle, *vendors: str) -> None:
    """Every call is reset, from now on."""
    for vendor in vendors:
        b.doubles.worlds[vendor].faults.add({"fault": "die"})


def up(b: Bundle, *vendors: str) -> None:
    for vendor in vendors:
        b.doubles.worlds[vendor].faults.add({"fault": "revive"})


def mute(b: Bundle, **match: Any) -> None:
    """Callbacks of Shumei are lost."""
    b.doubles.shumei.faults.add({"on": "push", "fault": "drop", "times": None, "match": match})


def heard(b: Bundle) -> list[Span]:
    """By anybody, from the doubles' books."""
    return books([*b.doubles.tasks(), *b.doubles.yidun_tasks()], b.doubles.clock.second)


def listeners(b: Bundle) -> list[tuple[str, str]]:
    """What was told of who listens."""
    told = [event for kind in ("Started", "Resumed") for event in b.told(f"Moderation{kind}")]
    return [(event["occurred_at"], event["vendor"]) for event in sorted(told, key=lambda e: e["occurred_at"])]


def opened(b: Bundle, keeper: Timekeeper, until: float, platform: str = "zego") -> None:
    populate(b, platform)
    b.open(**place(platform))
    keeper.live(until)


def test_a_vendor_that_is_down_when_the_room_opens_is_passed_over() -> None:
    with timely(SPEECH, order(), accounts=ACCOUNTS) as (b, keeper):
        down(b, "shumei")
        opened(b, keeper, 45)
        (task,) = b.doubles.yidun_tasks()
        assert task["state"] == "running"
        assert task["started"] <= 5
        assert len(b.doubles.calls("submit")) == 2, "one failure is weather"
        assert [vendor for _, vendor in listeners(b)] == ["yidun"]
        assert {event["vendor"] for event in b.told("SegmentJudged")} == {"yidun"}


@pytest.mark.parametrize("dies_at", [95, 104])
def test_a_vendor_that_dies_in_mid_room_is_replaced_within_twenty_seconds(dies_at: float) -> None:
    with timely(SPEECH, order(silence_s=60), accounts=ACCOUNTS) as (b, keeper):
        opened(b, keeper, dies_at)
        last_sign = b.doubles.clock.second // 10 * 10
        mute(b, kind="end")
        b.doubles.end(b.doubles.running()[0]["id"], None)
        down(b, "shumei")
        keeper.live(120)
        (task,) = b.doubles.yidun_tasks()
        assert dies_at < task["started"] <= last_sign + 60 + 20
        assert [vendor for _, vendor in listeners(b)] == ["shumei", "yidun"]
        up(b, "shumei")
        over = b.doubles.clock.second
        b.close(occurred_at=stamp(over), **ZEGO)
        missed = total(unheard(heard(b), 0, over))
        assert b.ledger()["unmoderated_s"] == pytest.approx(missed, abs=30)
        assert b.ledger()["unfinished"] == []


def test_an_ear_that_listens_is_kept_until_the_next_vendor_has_given_a_sign() -> None:
    renewed = order(renew_before_s=120, platforms={"agora": {"token_life_s": 600}})
    with timely(SPEECH, renewed, accounts=ACCOUNTS) as (b, keeper):
        opened(b, keeper, 470, "agora")
        down(b, "shumei")
        keeper.live(11)
        up(b, "shumei")
        keeper.live(60)
        (old,), (new,) = b.doubles.tasks(), b.doubles.yidun_tasks()
        assert 480 <= new["started"] <= 485
        assert old["end_reason"] == "finished"
        assert 5 <= old["ended"] - new["started"] <= 25
        assert unheard(heard(b), 0, b.doubles.clock.second) == []
        assert b.story() == ["Started", "Resumed"]
        assert [vendor for _, vendor in listeners(b)] == ["shumei", "yidun"]


@pytest.mark.parametrize("code", [9100, 1901, 1902])
def test_a_vendor_that_refuses_is_asked_once(code: int) -> None:
    with timely(SPEECH, order(), accounts=ACCOUNTS) as (b, keeper):
        b.doubles.shumei.faults.add({"on": "submit", "fault": "code", "code": code, "times": None})
        opened(b, keeper, 30)
        assert len(b.doubles.calls("submit")) == 1
        (task,) = b.doubles.yidun_tasks()
        assert (task["state"], task["started"] <= 3) == ("running", True)
        assert b.story() == ["Started"]


def test_a_room_goes_back_to_its_vendor_without_a_gap() -> None:
    with timely(SPEECH, order(return_s=60), accounts=ACCOUNTS) as (b, keeper):
        down(b, "shumei")
        opened(b, keeper, 100)
        up(b, "shumei")
        keeper.live(480)
        assert b.doubles.tasks() == [], "two tries of this room failed: it waits for ten minutes"
        keeper.live(120)
        (back,), (meanwhile,) = b.doubles.tasks(), b.doubles.yidun_tasks()
        assert 600 <= back["started"] <= 665
        assert (back["state"], meanwhile["end_reason"]) == ("running", "finished")
        assert 5 <= meanwhile["ended"] - back["started"] <= 25
        assert unheard(heard(b), 5, b.doubles.clock.second) == []
        assert [vendor for _, vendor in listeners(b)] == ["yidun", "shumei"]
        assert b.story() == ["Started", "Resumed"]


def test_many_rooms_find_out_together_that_a_vendor_is_down() -> None:
    with timely(SPEECH, order(), accounts=ACCOUNTS) as (b, keeper):
        down(b, "shumei")
        for number in range(20):
            room = f"room-{number}"
            populate(b, "zego", room)
            b.send("RoomOpened", **place("zego", room))
            keeper.live(0.5, 0.5)
        assert len(b.doubles.calls("submit")) <= 6
        keeper.live(20)
        assert sum(task["state"] == "running" for task in b.doubles.yidun_tasks()) == 20
        assert len(b.doubles.calls("submit")) <= 6


@pytest.mark.parametrize("code", [None, 3001])
def test_where_nobody_can_hear_a_room_it_is_told_in_time_and_once(code: int | None) -> None:
    """``code``: the task says that it ends; without, it dies in silence."""
    strict = order(when_unheard="closed", unheard_s=45, silence_s=60, retry=PATIENT)
    with timely(SPEECH, strict, accounts=ACCOUNTS) as (b, keeper):
        opened(b, keeper, 95)
        mute(b) if code is None else None
        down(b, "shumei", "yidun")
        b.doubles.end(b.doubles.running()[0]["id"], code)
        keeper.live(900)
        told = b.told("ModerationInterrupted")
        assert [event["stance"] for event in told] == ["closed"]
        silent_at = 150 if code is None else 97
        (asked,) = b.told("EnforcementRequested")
        assert (asked["action"], asked["stance"]) == ("close_room", "closed")
        assert silent_at + 40 <= second(asked["occurred_at"]) <= silent_at + 45 + 15
        assert len(b.doubles.mints()) <= 25, "who waits takes no credentials"
        up(b, "shumei", "yidun")
        b.doubles.shumei.faults.clear()
        keeper.live(400)
        assert b.story()[:3] == ["Started", "Interrupted", "EnforcementRequested"]
        assert b.story()[3:] == ["Resumed"]


def test_a_room_that_opens_in_an_outage_is_told_in_time_too() -> None:
    """All rooms wait for the one that tries for them; the app of this one is not to wait with them."""
    strict = order(when_unheard="closed", unheard_s=45, retry=PATIENT)["default"]
    plans = {"strict": strict, **order(retry=PATIENT)}
    with timely(SPEECH, plans, accounts=ACCOUNTS) as (b, keeper):
        down(b, "shumei", "yidun")
        for number in range(8):
            b.send("RoomOpened", **place("zego", f"room-{number}"))
        keeper.live(300, 5)
        opened_at = b.doubles.clock.second
        b.send("RoomOpened", plan="strict", **place("zego", "strict"))
        keeper.live(400)
        (asked,) = b.told("EnforcementRequested")
        assert 45 <= second(asked["occurred_at"]) - opened_at <= 60
