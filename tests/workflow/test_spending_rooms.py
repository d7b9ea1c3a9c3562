"""Rooms that cost too much: heard more and more cheaply, step by step, and then no more; and vendors that count
otherwise than we do."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workflow.bundle import Bundle
from tests.workflow.stories import ACCOUNTS, books, place, plan, populate, second, stamp, total, unheard
from tests.workflow.timekeeping import Timekeeper, timely

AGORA = place("agora")
CAP_H = 0.2
CAP_S = CAP_H * 3600
STEPS = {0.8: "hits_only", 0.9: "longer_step", 0.95: "mixed", 1.0: "stop"}


def capped(**more: Any) -> dict[str, Any]:
    return plan(caps={"room_hours": CAP_H}, **more)


def opened(b: Bundle, keeper: Timekeeper, seconds: float, *, overlaps: bool = True) -> None:
    b.doubles.shumei.settings.update({"duplicate_key": {"AGORA": not overlaps}})
    populate(b, "agora")
    b.open(**AGORA)
    keeper.live(seconds)


def asked(b: Bundle) -> list[tuple[bool, int, bool]]:
    """Of each accepted submission: are silent segments wanted, how many are skipped, is the room mixed."""
    return [
        (
            call["body"]["data"]["returnAllText"],
            call["body"]["data"].get("audioDetectStep", 0),
            call["body"]["data"]["agoraParam"].get("isMixingEnabled", True),
        )
        for call in b.doubles.calls("submit")
        if "detail" not in call["answer"]["body"]
    ]


def test_a_room_is_heard_more_cheaply_step_by_step_and_then_no_more() -> None:
    with timely(None, capped(target="room_split"), accounts=ACCOUNTS) as (b, keeper):
        opened(b, keeper, CAP_S + 100)
        b.wait_over()
        told = b.told("ModerationDegraded")
        assert [(event["step"], event["level"], event["cap"]) for event in told] == [
            (step, number, "room") for number, step in enumerate(STEPS.values(), 1)
        ]
        for event, part in zip(told, STEPS, strict=True):
            assert event["spent_hours"] == pytest.approx(part * CAP_H, abs=0.003)
            assert event["limit_hours"] == CAP_H
        assert asked(b) == [(True, 0, False), (False, 0, False), (False, 1, False), (False, 1, True)]
        assert b.ended()["reason"] == "spend_cap_room"
        assert b.story() == ["Started", *["Degraded"] * 4, "Ended"]


def test_what_the_ears_of_a_room_cost_is_its_cap() -> None:
    with timely(None, capped(target="room_split"), accounts=ACCOUNTS) as (b, keeper):
        opened(b, keeper, CAP_S + 100)
        b.wait_over()
        tasks = b.doubles.tasks()
        assert sum(task["billed_seconds"] for task in tasks) == pytest.approx(CAP_S, abs=3)
        assert [task["end_reason"] for task in tasks] == ["finished"] * 4
        ended_at = max(task["ended"] for task in tasks)
        assert unheard(books(tasks, ended_at), 0, ended_at) == [], "each step without a gap"
        ledger = b.ledger()
        assert ledger["audited_s"] + ledger["double_heard_s"] == pytest.approx(CAP_S, abs=3)
        assert b.doubles.running() == []


def test_where_the_vendor_forbids_two_ears_a_step_costs_a_gap_that_is_told() -> None:
    with timely(None, capped(), accounts=ACCOUNTS) as (b, keeper):
        opened(b, keeper, CAP_S + 60, overlaps=False)
        b.wait_over()
        tasks = b.doubles.tasks()
        assert asked(b) == [(True, 0, True), (False, 0, True), (False, 1, True)], "mixed it was already"
        ended_at = max(task["ended"] for task in tasks)
        gaps = total(unheard(books(tasks, ended_at), 0, ended_at))
        assert b.ledger()["unmoderated_s"] == pytest.approx(gaps, abs=1.5)
        assert b.ledger()["double_heard_s"] == 0


def test_a_stopped_room_that_must_be_heard_is_to_be_closed() -> None:
    with timely(None, capped(when_unheard="closed"), accounts=ACCOUNTS) as (b, keeper):
        opened(b, keeper, CAP_S + 60)
        b.wait_over()
        (event,) = b.told("EnforcementRequested")
        assert (event["action"], event["reason"], event["stance"]) == (
            "close_room",
            "spend_cap_room",
            "closed",
        )
        assert CAP_S - 60 <= second(event["occurred_at"]) <= CAP_S, "what two ears hear counts twice"


def test_a_room_within_its_cap_is_heard_as_it_was() -> None:
    with timely(None, capped(), accounts=ACCOUNTS) as (b, keeper):
        opened(b, keeper, 0.75 * CAP_S)
        over = b.doubles.clock.second
        b.close(occurred_at=stamp(over), **AGORA)
        b.advance(5)
        assert len(b.doubles.tasks()) == 1
        assert b.story() == ["Started", "Ended"]


@pytest.mark.parametrize("ends_at", [300, 304])
def test_a_vendor_that_counts_other_seconds_is_told_of(ends_at: int) -> None:
    """It says that it audited half of what it listened."""
    with timely(None, plan(settle_s=10), accounts=ACCOUNTS) as (b, keeper):
        opened(b, keeper, ends_at)
        task = b.doubles.shumei.runner.tasks[b.doubles.running()[0]["id"]]
        honest = type(task).audited
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(type(task), "audited", lambda self, segment: honest(self, segment) // 2)
            b.send("RoomClosed", occurred_at=stamp(ends_at), **AGORA)
            keeper.live(30)
        b.wait_over()
        (event,) = b.told("LedgerDiffers")
        assert (event["vendor"], event["task_id"]) == ("shumei", task.id)
        assert event["audited_s"] == pytest.approx(ends_at, abs=1)
        assert event["vendor_s"] == pytest.approx(ends_at / 2, abs=1)
        assert b.ledger()["vendor_s"] == event["vendor_s"]


def test_a_vendor_that_counts_as_we_do_is_not_told_of() -> None:
    with timely(None, plan(settle_s=10), accounts=ACCOUNTS) as (b, keeper):
        opened(b, keeper, 304)
        b.send("RoomClosed", occurred_at=stamp(304), **AGORA)
        keeper.live(30)
        b.wait_over()
        assert b.told("LedgerDiffers") == []
        assert b.ledger()["vendor_s"] == pytest.approx(304, abs=1)
