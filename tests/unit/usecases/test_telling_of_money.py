"""What a watch's change is told as beside its status: caps, rooms that must be heard, seconds that differ."""

import json
from dataclasses import replace
from typing import Any

import pytest
from earshot.domain.ledger import settle
from earshot.domain.watch import Status, Task, Watch
from earshot.usecases.outgoing import watch_events

from tests.unit.support.makers import START, plan, task, watch
from tests.unit.support.notes import Notes

CLOSED = plan(when_unheard="closed")


def told(was: Watch | None, now: Watch) -> list[tuple[str, dict[str, Any]]]:
    return [(kind, json.loads(detail)) for kind, detail in watch_events(was, now)]


def kinds(was: Watch | None, now: Watch) -> list[str]:
    return [kind for kind, _ in told(was, now)]


# --- caps


def spend(step: str | None, at: int = START) -> dict[str, Any]:
    return {"cap": "room", "step": step, "limit_hours": 2.0, "spent_hours": 1.7, "at": at}


def test_every_step_is_told_with_its_cap() -> None:
    ((kind, detail),) = told(watch(), watch(level=2, spend=spend("longer_step", START + 5)))
    assert kind == "ModerationDegraded"
    assert (detail["level"], detail["step"], detail["cap"]) == (2, "longer_step", "room")
    assert (detail["limit_hours"], detail["spent_hours"]) == (2.0, 1.7)
    assert detail["occurred_at"] == "2026-11-21T02:00:00.005Z"


def test_a_step_is_told_once_and_another_day_the_same_step_again() -> None:
    def event_id(at: int) -> str:
        return str(told(watch(), watch(level=1, spend=spend("hits_only", at)))[0][1]["event_id"])

    first = watch(level=1, spend=spend("hits_only"))
    assert told(first, replace(first, credentials=2)) == []
    assert event_id(START) == event_id(START)
    assert event_id(START) != event_id(START + 86_400_000)


def test_what_is_given_back_is_told() -> None:
    ((kind, detail),) = told(watch(level=3, spend=spend("mixed")), watch(level=0, spend={"at": START}))
    assert (kind, detail["level"], detail["step"]) == ("ModerationRestored", 0, None)


# --- rooms that must be heard


@pytest.mark.parametrize("stance", ["open", "closed"])
@pytest.mark.parametrize("status", [Status.INTERRUPTED, Status.FAILED])
def test_what_nobody_hears_is_told_with_the_stance_of_its_class(status: Status, stance: str) -> None:
    now = watch(status=status, status_seq=1, reason="why", plan=plan(when_unheard=stance))
    ((_, detail),) = told(watch(), now)
    assert (detail["reason"], detail["stance"]) == ("why", stance)


def test_a_plan_of_before_fails_open() -> None:
    old = {name: value for name, value in plan().items() if name != "when_unheard"}
    ((_, detail),) = told(watch(), watch(status=Status.FAILED, status_seq=1, plan=old))
    assert detail["stance"] == "open"


def test_a_room_that_must_be_heard_and_is_not_is_to_be_closed_once(notes: Notes) -> None:
    before = watch(plan=CLOSED, status=Status.INTERRUPTED, reason="shumei_1903")
    after = replace(before, unheard_at=START + 60_000)
    ((kind, detail),) = told(before, after)
    assert (kind, detail["action"], detail["stance"]) == ("EnforcementRequested", "close_room", "closed")
    assert (detail["reason"], detail["speaker_id"]) == ("shumei_1903", None)
    assert told(after, replace(after, troubles=9)) == []
    again = told(before, replace(before, unheard_at=START + 90_000))[0][1]
    assert again["event_id"] != detail["event_id"]
    assert "ES805" in notes.codes


def test_giving_up_a_room_that_must_be_heard_says_both() -> None:
    failed = watch(plan=CLOSED, status=Status.FAILED, status_seq=1, reason="shumei_9101", unheard_at=START)
    assert kinds(watch(plan=CLOSED), failed) == ["ModerationFailed", "EnforcementRequested"]


@pytest.mark.parametrize(("stance", "asked"), [("open", 0), ("closed", 1)])
def test_a_room_that_is_heard_no_more_because_of_its_cap(stance: str, asked: int) -> None:
    before = watch(plan=plan(when_unheard=stance), status=Status.MODERATING)
    ended = replace(before, status=Status.ENDED, status_seq=1, status_at=START + 5, reason="spend_cap_room")
    ended = replace(ended, ledger=settle(before, [], START))
    assert kinds(before, ended) == ["ModerationEnded", *["EnforcementRequested"] * asked]
    refreshed = replace(ended, ledger=settle(before, [], START + 1))
    assert told(ended, refreshed) == []


# --- seconds that differ


def ended(*tasks: Task, seq: int = 1, **fields: Any) -> Watch:
    here = watch(status=Status.ENDED, status_seq=seq, reason="room_closed", **fields)
    return replace(here, ledger=settle(here, tasks, START + 3_600_000))


def billed(seconds: float | None, number: int = 1, **fields: Any) -> Task:
    return task(number, ended_at=START + 3_600_000, vendor_seconds=seconds, **fields)


def test_seconds_that_the_vendor_counts_otherwise_are_told(notes: Notes) -> None:
    events = told(watch(), ended(billed(3_800.0), billed(3_601.0, 2)))
    assert [kind for kind, _ in events] == ["ModerationEnded", "LedgerDiffers"]
    detail = events[1][1]
    assert (detail["vendor"], detail["task_id"]) == ("shumei", "task-1")
    assert (detail["audited_s"], detail["vendor_s"]) == (3_600.0, 3_800.0)
    assert notes.codes == ["ES803"]


def test_what_the_vendor_says_late_is_told_when_the_ledger_is_refreshed_and_once() -> None:
    quiet, late = ended(billed(None)), ended(billed(3_800.0))
    ((kind, detail),) = told(quiet, late)
    assert kind == "LedgerDiffers"
    assert told(late, ended(billed(3_800.0), billed(3_600.0, 2))) == []
    assert told(watch(), late)[1][1]["event_id"] == detail["event_id"]


def test_a_vendor_that_was_asked_for_every_second_segment_counts_half() -> None:
    assert kinds(watch(), ended(billed(1_800.0, level=2))) == ["ModerationEnded"]
    skips = plan(vendor_options={"audioDetectStep": 2})
    assert kinds(watch(), ended(billed(1_200.0), plan=skips)) == ["ModerationEnded"]
    assert kinds(watch(), ended(billed(1_800.0))) == ["ModerationEnded", "LedgerDiffers"]
