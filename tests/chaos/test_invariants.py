"""Each invariant finds what it is for, and nothing in books that agree."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from local.chaos.books import Books, Event, Execution, Push, Refusal, Room, Submission, VendorTask, Watch
from local.chaos.invariants import violations

TASK = VendorTask(
    *("shumei", "t1", "r", "w", 10.5, 605.0, "finished", True, 594.5, 10.6, 605.0, 606.0, 40.0),
    signs=(40.0, 300.0, 600.0),
)
LEDGER: dict[str, Any] = {
    "unmoderated_s": 0.6,
    "calls": {"submit": 1},
    "unfinished": [],
    "unresolved": [],
    "tasks": [{"task_id": "t1", "vendor_s": 594.0}],
}
WATCH = Watch("w", "zego", "r", "ended", False, False, 10.0, 604.0, LEDGER)
JUDGED = {"vendor": "shumei", "task_id": "t1", "segment_id": "s1", "event_id": "e1"}
GOOD = Books(
    until=2_000.0,
    rooms=(Room("zego", "r", ((10.0, 600.0),), (10.1,)),),
    tasks=(TASK,),
    submissions=(Submission("shumei", 10.5, "w", "w-1a", "token", True),),
    pushes=(Push("shumei", "t1", "s1", 40.0, False),),
    events=(Event(41.0, "SegmentJudged", JUDGED), Event(610.0, "ModerationEnded", {"watch_id": "w"})),
    watches=(WATCH,),
    executions=(Execution("w", "SUCCEEDED"),),
)
AGAIN = Event(42.0, "SegmentJudged", {**JUDGED, "event_id": "e2"})


def ledger(**changes: Any) -> tuple[Watch, ...]:
    return (replace(WATCH, ledger={**LEDGER, **changes}),)


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "unwatched": ({"watches": (replace(WATCH, room_id="other"),)}, "nobody watched 589.9"),
    "unheard": ({"tasks": (replace(TASK, started=110.5, answered=110.6),)}, "0.6 s unmoderated"),
    "overcounted": ({"watches": ledger(unmoderated_s=30.0)}, "30.0 s unmoderated"),
    "running": ({"tasks": (replace(TASK, ended=None),)}, "task t1 still runs"),
    "credential": ({"submissions": GOOD.submissions * 2}, "one credential in several"),
    "untold": ({"events": GOOD.events[1:]}, "s1, acknowledged at 40.0, was never told"),
    "two ids": ({"events": (*GOOD.events, AGAIN)}, "under 2 event ids"),
    "limit": ({"refusals": (Refusal("zego", "mint", 206, 3.0),)}, "exceeded a limit"),
    "no entry": ({"watches": ledger(tasks=[])}, "is not in its ledger"),
    "vendor seconds": ({"tasks": (replace(TASK, billed_s=700.0),)}, "594.0 vendor seconds"),
    "submissions": ({"watches": ledger(calls={"submit": 0})}, "has 0 submissions, the vendor 1"),
    "execution": ({"executions": (Execution("w", "RUNNING"),)}, "execution w still runs"),
    "watch": ({"watches": (replace(WATCH, status="moderating"),)}, "is moderating"),
    "end": ({"events": GOOD.events[:1]}, "ended and nobody was told"),
    "unfinished": ({"watches": ledger(unfinished=["w-1a"])}, "unfinished tasks"),
    "letters": ({"letters": 1}, "1 dead letters"),
}


def test_nothing_is_wrong_with_books_that_agree() -> None:
    assert violations(GOOD) == []


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_found(name: str) -> None:
    changes, words = BAD[name]
    assert any(words in found for found in violations(replace(GOOD, **changes)))


def test_an_end_that_is_told_late_is_forgiven_so_far() -> None:
    ended = replace(TASK, ended=300.0, how="admin", end_told=400.0, finished=None, billed_s=289.5)
    entries = [{"task_id": "t1", "vendor_s": None}]
    told = replace(GOOD, tasks=(ended,), watches=ledger(unmoderated_s=204.6, tasks=entries))
    assert violations(told) == []
    assert violations(replace(told, watches=ledger(unmoderated_s=150.0, tasks=entries)))


def heard(said: float, watch: Watch = WATCH, **changes: Any) -> list[str]:
    """What is wrong if a ledger says so much of a task that is another."""
    entries = [{"task_id": "t1", "vendor_s": None}]
    told = replace(watch, ledger={**LEDGER, "unmoderated_s": said, "tasks": entries})
    return violations(replace(GOOD, tasks=(replace(TASK, **changes),), watches=(told,)))


GONE: dict[str, Any] = {
    "ended": 300.0,
    "how": "gone",
    "end_told": None,
    "finished": 604.0,
    "billed_s": 289.5,
    "tells_end": False,
}
"""A task that ended without a word, 304 seconds before its room closed."""


def test_an_end_that_nobody_tells_is_known_by_three_signs_that_do_not_come() -> None:
    awaited = replace(WATCH, signs=frozenset({"shumei"}))
    assert heard(280.0, awaited, **GONE) == []
    assert heard(200.0, awaited, **GONE)


def test_an_end_that_nothing_tells_is_forgiven_until_our_own_finish() -> None:
    assert heard(0.6, **GONE) == []
    assert heard(0.6, **{**GONE, "tells_end": True})


def test_a_task_that_lost_its_stream_heard_until_then() -> None:
    lost: dict[str, Any] = {"lost": 300.0, "tells_end": False, "billed_s": 289.5}
    awaited = replace(WATCH, signs=frozenset({"shumei"}))
    assert heard(304.6, awaited, **lost) == []
    assert heard(0.6, awaited, **lost)


def test_a_task_that_hears_later_is_not_believed_before_and_forgiven_no_more() -> None:
    deaf: dict[str, Any] = {"hears_from": 70.5, "deaf_s": 60.0}
    assert heard(60.6, **deaf) == []
    assert heard(0.6, **deaf)
    assert heard(60.6, deaf_s=60.0) == []
    assert heard(60.6)


def test_an_ear_that_is_silent_when_its_room_closes_counts_up_to_its_last_sign() -> None:
    assert heard(304.6, signs=(40.0, 300.0)) == []
    assert heard(304.6, signs=(40.0, 300.0, 590.0))


def test_a_task_of_the_session_before_is_known_when_it_is_named_again() -> None:
    heir: dict[str, Any] = {"watch_id": "before", "started": 1.0, "answered": 1.1, "billed_s": 604.0}
    assert heard(290.0, **heir, answered_last=304.0) == []
    assert heard(290.0, **heir, answered_last=1.1)
