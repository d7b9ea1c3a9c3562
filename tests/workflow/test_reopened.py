"""A room that opens again while its last session is still being closed.

The vendor takes the new submission for a duplicate of the task that the old session is about to finish. To adopt
that one would be to listen through an ear that somebody else is closing, and whose verdicts go to them.
"""

from typing import Any

from tests.workflow.bundle import Bundle, bundle, quick

SPEECH = {
    "name": "abuse",
    "rooms": {
        "*": {"lines": [{"at": 5, "every": 10, "text": "滚", "risk_level": "REJECT", "risk_type": 210}]}
    },
}
FIRST, CLOSED, AGAIN = "2026-11-21T01:10:00Z", "2026-11-21T01:20:00Z", "2026-11-21T01:30:00Z"
PATIENT = quick(max_attempts=200)


def is_heard(b: Bundle) -> None:
    """The first watch has ended; the vendor runs one task, and what it hears is told as the second watch's."""
    b.wait(lambda: len(b.told("ModerationEnded")) == 1, "the first watch ended")
    b.advance(3)
    b.wait_quiet()
    b.advance(11)
    b.wait_quiet()
    first, second = sorted(b.watches(), key=lambda watch: watch.opened_at)
    assert (first.status, second.status) == ("ended", "moderating")
    assert len(b.doubles.running()) == 1
    assert [event["watch_id"] for event in b.told("SegmentJudged")][-1:] == [second.watch_id]


def reopen_while_finishing(b: Bundle, kind: str, **detail: Any) -> None:
    """Between the old session's decision to finish and its finish, the room opens again and is submitted."""
    before = len(b.doubles.calls("submit"))

    def again() -> None:
        b.send(kind, occurred_at=AGAIN, **detail)
        b.wait(lambda: len(b.doubles.calls("submit")) > before, "submitted again")

    b.once("Finish", again)


def test_a_room_that_opens_again_at_once_is_heard_through_a_task_of_its_own() -> None:
    with bundle(SPEECH, PATIENT) as b:
        b.open(occurred_at=FIRST)
        reopen_while_finishing(b, "RoomOpened")
        b.send("RoomClosed", occurred_at=CLOSED)
        is_heard(b)


def test_a_new_platform_session_is_heard_through_a_task_of_its_own() -> None:
    with bundle(SPEECH, PATIENT) as b:
        b.open(occurred_at=FIRST, platform_session_id="s-1")
        b.once("Finish", lambda: b.wait(lambda: len(b.doubles.calls("submit")) > 1, "submitted again"))
        b.send("RoomOpened", occurred_at=AGAIN, platform_session_id="s-2")
        is_heard(b)


def test_a_stream_that_comes_back_at_once_is_heard_through_a_task_of_its_own() -> None:
    plan = {"default": {**PATIENT["default"], "target": "stream"}}
    with bundle(SPEECH, plan) as b:
        b.send("StreamStarted", stream_id="s", occurred_at=FIRST)
        b.wait_quiet()
        reopen_while_finishing(b, "StreamStarted", stream_id="s")
        b.send("StreamStopped", stream_id="s", occurred_at=CLOSED)
        is_heard(b)
