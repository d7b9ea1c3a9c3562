"""Rooms that outlive their credentials: one ear replaces another, again and again, as the doubles' books tell it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from tests.workflow.bundle import Bundle
from tests.workflow.stories import (
    ACCOUNTS,
    SEGMENT_S,
    books,
    judged,
    place,
    plan,
    populate,
    stamp,
    submissions,
    told_twice,
    total,
    unheard,
)
from tests.workflow.timekeeping import timely

LIFE_S, BEFORE_S = 600, 120
PARAMS = {"agora": ("AGORA", "agoraParam", "uid"), "volcengine": ("VOLC", "volcParam", "userId")}


def short(platform: str, **more: Any) -> dict[str, Any]:
    """A plan whose credentials end after ten minutes."""
    life = {"zego": "effective_time_s"}.get(platform, "token_life_s")
    options = {life: LIFE_S, "renew_before_expiry": True}
    return plan(renew_before_s=BEFORE_S, platforms={platform: options}, **more)


def overlap_allowed(b: Bundle, kind: str) -> None:
    """The vendor takes a second recorder for another ear."""
    b.doubles.shumei.settings.update({"duplicate_key": {kind: False}})


def credentials_of(b: Bundle, platform: str) -> list[tuple[str, str]]:
    _, param, user = PARAMS[platform]
    return [(str(body["data"][param][user]), str(body["data"][param]["token"])) for body in submissions(b)]


@pytest.mark.parametrize("platform", PARAMS)
def test_a_room_changes_ears_again_and_again_without_a_gap(platform: str) -> None:
    with timely(None, short(platform), accounts=ACCOUNTS) as (b, keeper):
        overlap_allowed(b, PARAMS[platform][0])
        populate(b, platform)
        b.open(**place(platform))
        keeper.live(3 * (LIFE_S - BEFORE_S) + 90)
        over = b.doubles.clock.second
        b.close(occurred_at=stamp(over), **place(platform))
        b.advance(5)

        tasks = b.doubles.tasks()
        assert [task["end_reason"] for task in tasks] == ["finished"] * 4, "none is put out by its cloud"
        assert [task["token"] for task in tasks] == ["ok"] * 4
        spans = books(tasks, over)
        assert unheard(spans, spans[0][0], over) == []
        for (_, old_ended), (new_began, _) in pairwise(spans):
            assert SEGMENT_S <= old_ended - new_began <= 25, "let go after a sign of life, and soon"
        assert all(ended - began < LIFE_S for began, ended in spans)
        recorders = credentials_of(b, platform)
        assert len({uid for uid, _ in recorders}) == len({token for _, token in recorders}) == 4
        assert b.story() == ["Started", "Ended"]


@pytest.mark.parametrize("platform", PARAMS)
def test_what_two_ears_hear_is_told_once(platform: str) -> None:
    with timely(None, short(platform), accounts=ACCOUNTS) as (b, keeper):
        overlap_allowed(b, PARAMS[platform][0])
        populate(b, platform)
        b.open(**place(platform))
        keeper.live(2 * (LIFE_S - BEFORE_S) + 60)
        told = judged(b)
        assert len(told) == 3
        assert max(told_twice(b)) <= SEGMENT_S
        every = [span for spans in told.values() for span in spans]
        assert total(unheard(every, 0, 2 * (LIFE_S - BEFORE_S) + 50)) <= 1, "stamps are whole seconds"
        segments = [event["segment_id"] for event in b.told("SegmentJudged")]
        assert len(segments) == len(set(segments))


@pytest.mark.parametrize("platform", ["zego", "agora"])
def test_where_the_vendor_forbids_two_ears_the_old_one_goes_first_and_the_gap_is_told(platform: str) -> None:
    with timely(None, short(platform), accounts=ACCOUNTS) as (b, keeper):
        b.doubles.shumei.settings.update({"duplicate_key": {"ZEGO": True, "AGORA": True}})
        populate(b, platform)
        b.open(**place(platform))
        for number in (1, 2):
            keeper.live(LIFE_S - BEFORE_S - 5)
            b.once("Mint", lambda: None, lambda: keeper.pass_by(4))  # the second one: nobody listens by then
            keeper.live(10)
            assert len(b.doubles.tasks()) == number + 1
        over = b.doubles.clock.second
        b.close(occurred_at=stamp(over), **place(platform))
        b.advance(5)
        gaps = unheard(books(b.doubles.tasks(), over), 0, over)
        assert len([gap for gap in gaps if total([gap]) > 1]) == 2
        ledger = b.ledger()
        assert ledger["unmoderated_s"] == pytest.approx(total(gaps), abs=1)
        assert ledger["gaps"] == 2
        assert [task["end_reason"] for task in b.doubles.tasks()] == ["finished"] * 3
        assert len(submissions(b)) == 5, "each renewal is refused once"
        assert ledger["double_heard_s"] == 0


def test_a_credential_that_dies_early_is_replaced() -> None:
    with timely(None, short("agora"), accounts=ACCOUNTS) as (b, keeper):
        populate(b, "agora")
        b.open(**place("agora"))
        keeper.live(100)
        b.doubles.end(b.doubles.running()[0]["id"], 3005)
        keeper.live(60)
        over = b.doubles.clock.second
        b.close(occurred_at=stamp(over), **place("agora"))
        b.advance(5)
        first, second = b.doubles.tasks()
        assert (first["error_code"], second["end_reason"]) == (3005, "finished")
        assert second["started"] - first["ended"] <= 3
        assert len(set(credentials_of(b, "agora"))) == 2
        assert [e["reason"] for e in b.told("ModerationInterrupted")] == ["task_ended_3005"]
        assert b.story() == ["Started", "Interrupted", "Resumed", "Ended"]
        gaps = unheard(books(b.doubles.tasks(), over), 0, over)
        assert b.ledger()["unmoderated_s"] == pytest.approx(total(gaps), abs=1.5)


def test_a_renewal_that_fails_leaves_the_old_ear_alone_and_is_tried_again() -> None:
    with timely(None, short("agora"), accounts=ACCOUNTS) as (b, keeper):
        overlap_allowed(b, "AGORA")
        populate(b, "agora")
        b.open(**place("agora"))
        b.doubles.shumei.faults.add({"on": "submit", "fault": "status", "status": 503, "times": 2})
        keeper.live(LIFE_S)
        tasks = b.doubles.tasks()
        assert [task["end_reason"] for task in tasks] == ["finished", None]
        assert unheard(books(tasks, LIFE_S), 0, LIFE_S) == []
        assert b.story() == ["Started"]
        assert len(set(credentials_of(b, "agora"))) == len(submissions(b)) == 4
