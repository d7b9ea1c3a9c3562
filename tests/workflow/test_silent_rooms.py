"""Ears that say nothing: dead without a word, alive behind lost callbacks, or silent because nobody is accused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.workflow.bundle import Bundle
from tests.workflow.stories import ACCOUNTS, SEGMENT_S, books, place, plan, populate, stamp, total, unheard
from tests.workflow.timekeeping import Timekeeper, timely

ZEGO = place("zego")
SILENCE_S = 60
NOTED_S = SILENCE_S / 3
"""Signs of life are noted so far apart."""
HITS = {"vendors": {"shumei": {"returnAllText": False}}, "keep": "hits", "probe_s": 600}


def die_silently(b: Bundle) -> float:
    """The vendor loses the running task, and the notice of its end is lost too."""
    task = b.doubles.running()[-1]
    lost = {"on": "push", "fault": "drop", "times": None, "match": {"kind": "end", "task": task["id"]}}
    b.doubles.shumei.faults.add(lost)
    b.doubles.end(task["id"], None)
    return b.doubles.clock.second


def lose_pushes(b: Bundle, **match: Any) -> None:
    b.doubles.shumei.faults.add({"on": "push", "fault": "drop", "times": None, "match": match})


def opened(b: Bundle, keeper: Timekeeper, until: float) -> None:
    populate(b, "zego")
    b.open(**ZEGO)
    keeper.live(until)


def closed(b: Bundle) -> tuple[float, dict[str, Any]]:
    """The seconds that nobody heard by the doubles' books, and the ledger."""
    over = b.doubles.clock.second
    b.close(occurred_at=stamp(over), **ZEGO)
    b.advance(5)
    return total(unheard(books(b.doubles.tasks(), over), 0, over)), b.ledger()


@pytest.mark.parametrize("dies_at", [95, 104, 109])
def test_an_ear_that_dies_without_a_word_is_noticed_and_replaced(dies_at: float) -> None:
    with timely(None, plan(silence_s=SILENCE_S), accounts=ACCOUNTS) as (b, keeper):
        opened(b, keeper, dies_at)
        died_at = die_silently(b)
        keeper.live(100)
        dead, alive = b.doubles.tasks()
        assert (dead["end_notice"]["pushed"], dead["end_notice"]["acknowledged"]) == (1, 0)
        assert alive["started"] - died_at <= SILENCE_S + 3
        assert alive["started"] >= died_at - NOTED_S - SEGMENT_S + SILENCE_S
        missed, ledger = closed(b)
        assert missed > SILENCE_S - NOTED_S - SEGMENT_S
        assert missed - 1 <= ledger["unmoderated_s"] <= missed + SEGMENT_S + NOTED_S
        assert (ledger["gaps"], ledger["double_heard_s"], ledger["unfinished"]) == (1, 0, [])


def test_what_was_missed_is_right_to_a_segment() -> None:
    with timely(None, plan(silence_s=SILENCE_S), accounts=ACCOUNTS) as (b, keeper):
        opened(b, keeper, 95)
        die_silently(b)
        keeper.live(100)
        missed, ledger = closed(b)
        assert ledger["unmoderated_s"] == pytest.approx(missed, abs=SEGMENT_S)


def test_an_ear_that_lives_while_its_callbacks_are_lost_is_asked_after_and_left_alone() -> None:
    with timely(None, plan(silence_s=SILENCE_S), accounts=ACCOUNTS) as (b, keeper):
        opened(b, keeper, 45)
        lose_pushes(b)
        keeper.live(200)
        b.doubles.shumei.faults.clear()
        keeper.live(120)
        asked = len(b.doubles.calls("submit")) - 1
        assert 2 <= asked <= 200 // SILENCE_S + 1, "once in each silence"
        (task,) = b.doubles.tasks()
        assert (task["state"], task["finish_calls"]) == ("running", 0)
        missed, ledger = closed(b)
        assert missed < 1
        assert ledger["unmoderated_s"] < 1
        assert b.story() == ["Started", "Ended"], "it was heard all the time, and its vendor said so"
        assert len(b.told("SegmentJudged")) == task["segments"]["made"], "what was lost comes again"


def test_a_vendor_that_cannot_be_asked_leaves_a_silent_room_interrupted_until_it_answers() -> None:
    with timely(None, plan(silence_s=SILENCE_S), accounts=ACCOUNTS) as (b, keeper):
        opened(b, keeper, 45)
        lose_pushes(b)
        b.doubles.shumei.faults.add({"on": "submit", "fault": "status", "status": 503, "times": 3})
        keeper.live(120)
        b.doubles.shumei.faults.clear()
        keeper.live(120)
        assert [event["reason"] for event in b.told("ModerationInterrupted")] == ["silent"]
        (task,) = b.doubles.tasks()
        assert task["state"] == "running", "an ear that may live is not given up"
        assert b.story() == ["Started", "Interrupted", "Resumed"]
        missed, ledger = closed(b)
        assert missed < 1
        assert ledger["unmoderated_s"] < 1


def test_where_silence_means_nothing_the_vendor_is_asked_now_and_then() -> None:
    with timely(None, plan(**HITS), accounts=ACCOUNTS) as (b, keeper):
        opened(b, keeper, 1_850)
        assert len(b.doubles.calls("submit")) == 1 + 3
        (task,) = b.doubles.tasks()
        assert (task["state"], task["segments"]["pushed"]) == ("running", 0)
        assert b.story() == ["Started"]


def test_where_silence_means_nothing_a_dead_ear_is_found_by_asking() -> None:
    with timely(None, plan(**HITS), accounts=ACCOUNTS) as (b, keeper):
        opened(b, keeper, 200)
        die_silently(b)
        keeper.live(500)
        dead, alive = b.doubles.tasks()
        assert (dead["state"], alive["state"]) == ("ended", "running")
        assert alive["started"] == pytest.approx(600, abs=3)
        _, ledger = closed(b)
        assert ledger["unfinished"] == []
        assert b.story() == ["Started", "Ended"]


def test_a_room_that_must_be_heard_is_not_closed_for_callbacks_that_are_lost() -> None:
    strict = plan(silence_s=SILENCE_S, when_unheard="closed", unheard_s=90)
    with timely(None, strict, accounts=ACCOUNTS) as (b, keeper):
        opened(b, keeper, 245)
        lose_pushes(b)
        b.doubles.shumei.faults.add({"on": "submit", "fault": "status", "status": 503, "times": 3})
        keeper.live(300)
        assert b.told("EnforcementRequested") == []
        assert b.doubles.running()[0]["started"] < 1
