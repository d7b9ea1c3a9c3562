"""A function may be killed before or after any of its effects. The facts decide, not what it would have said."""

import json
from collections import defaultdict

import pytest

from tests.workflow.bundle import Bundle, bundle
from tests.workflow.disturbances import crash_once, end_current

SPEECH = {
    "name": "abuse",
    "rooms": {
        "*": {"lines": [{"at": 5, "every": 10, "text": "滚", "risk_level": "REJECT", "risk_type": 210}]}
    },
}
OPEN, CLOSE = "2026-11-21T01:10:00Z", "2026-11-21T01:50:00Z"

STEPS = {
    "mint: next_number": ("mint_credential", "mint", "store", "next_number"),
    "mint: put_credential": ("mint_credential", "mint", "store", "put_credential"),
    "submit: open_task": ("submit_stream", "submit", "store", "open_task"),
    "submit: accept_task": ("submit_stream", "submit", "store", "accept_task"),
    "advise: resolve": ("advise_watch", "advise", "store", "resolve"),
    "finish: count_finish": ("finish_stream", "finish", "store", "count_finish"),
    "finish: finish_task": ("finish_stream", "finish", "store", "finish_task"),
    "close: close_watch": ("close_watch", "close", "store", "close_watch"),
}
TRACKING = {
    "track: claim": ("track_room", "track", "store", "claim"),
    "track: add_watch": ("track_room", "track", "store", "add_watch"),
    "track: start": ("track_room", "track", "start"),
    "track: amend_room": ("track_room", "track", "store", "amend_room"),
    "track: signal": ("track_room", "track", "store", "signal"),
}
RELAYING = {
    "relay: end_task": ("relay_changes", "relay", "read_segment", "store", "end_task"),
    "relay: signal": ("relay_changes", "relay", "read_segment", "store", "signal"),
    "relay: publish": ("relay_changes", "relay", "publish"),
    "relay: wake": ("relay_changes", "relay", "wake"),
}
when = pytest.mark.parametrize("after", [False, True], ids=["before", "after"])


def repeated(b: Bundle, kind: str, at: str) -> None:
    """An event, sent again by EventBridge if its function fails."""
    for _ in range(3):
        _, failed = b.send(kind, occurred_at=at)
        if not failed:
            return
    raise AssertionError(kind)


def lives(b: Bundle) -> None:
    """A room with an interruption in the middle."""
    repeated(b, "RoomOpened", OPEN)
    b.wait_quiet()
    b.advance(11)
    end_current(b)
    b.advance(11)
    repeated(b, "RoomClosed", CLOSE)
    b.wait_over()
    b.advance(3)


def is_whole(b: Bundle) -> None:
    """Everything was told, each event always in the same words, and nothing is left at the vendor."""
    words = defaultdict(set)
    for event in b.events:
        words[event["detail"]["event_id"]].add(json.dumps(event, sort_keys=True))
    assert [many for many in words.values() if len(many) > 1] == []
    made = sum(task["segments"]["made"] for task in b.doubles.tasks())
    assert len(b.told("SegmentJudged")) == made >= 2
    assert b.story().count("Ended") == b.story().count("Started") == 1
    assert len(b.executions()) == len(b.items("session")) == 1
    assert len(b.doubles.tokens()) == len(set(b.doubles.tokens()))
    assert b.doubles.running() == []
    assert b.ledger()["unfinished"] == []


@when
@pytest.mark.parametrize("path", [*STEPS.values(), *TRACKING.values()], ids=[*STEPS, *TRACKING])
def test_a_function_killed_at_one_of_its_writes_loses_nothing(path: tuple[str, ...], after: bool) -> None:
    with bundle(SPEECH) as b:
        crash_once(b, *path, after=after)
        lives(b)
        is_whole(b)
        assert b.story() == ["Started", "Interrupted", "Resumed", "Ended"]


@when
@pytest.mark.parametrize("path", RELAYING.values(), ids=RELAYING)
def test_a_relay_killed_at_one_of_its_effects_is_repeated_and_loses_nothing(
    path: tuple[str, ...], after: bool
) -> None:
    with bundle(SPEECH) as b:
        crash_once(b, *path, after=after)
        lives(b)
        is_whole(b)
        assert b.story() == ["Started", "Interrupted", "Resumed", "Ended"]


def test_a_submit_killed_after_its_write_keeps_the_task_that_it_opened() -> None:
    with bundle(SPEECH) as b:
        crash_once(b, *STEPS["submit: accept_task"], after=True)
        b.open()
        b.advance(11)
        assert b.story() == ["Started"]
        assert len(b.doubles.calls("submit")) == len(b.doubles.running()) == 1
        assert b.doubles.calls("finish") == []
        b.close()
