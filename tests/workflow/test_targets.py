"""What is listened to: single streams, plain addresses, a room split by speaker."""

from typing import Any

from tests.workflow.bundle import QUICK, Bundle, bundle

PLANS = {
    "streams": {**QUICK, "target": "stream"},
    "split": {**QUICK, "target": "room_split"},
    "hits": {**QUICK, "keep": "hits"},
    "default": QUICK,
}
SPEECH = {
    "name": "two",
    "rooms": {
        "*": {
            "lines": [
                {"at": 2, "speaker": "anna", "text": "hello"},
                {
                    "at": 3,
                    "speaker": "bert",
                    "text": "滚",
                    "risk_level": "REJECT",
                    "risk_type": 210,
                    "score": 900,
                },
            ]
        }
    },
}
NOON, LATE = "2026-11-21T01:20:00Z", "2026-11-21T01:30:00Z"


def stream(b: Bundle, kind: str, name: str = "stream-a", **detail: Any) -> None:
    b.send(kind, stream_id=name, plan="streams", **detail)
    b.wait_quiet()


def listened_to(b: Bundle) -> list[str]:
    return [task["stream"] for task in b.doubles.running()]


def test_each_stream_is_a_watch_of_its_own_and_ends_alone() -> None:
    with bundle(plan=PLANS) as b:
        b.send("RoomOpened", plan="streams")
        assert b.doubles.tasks() == []
        stream(b, "StreamStarted", "stream-a")
        stream(b, "StreamStarted", "stream-b")
        assert listened_to(b) == ["stream-a", "stream-b"]
        stream(b, "StreamStopped", "stream-a")
        b.wait(lambda: len(b.told("ModerationEnded")) == 1, "stream-a ended")
        assert b.ended()["reason"] == "stream_stopped"
        assert listened_to(b) == ["stream-b"]
        b.send("RoomClosed")
        b.wait_over()
        assert listened_to(b) == []
        assert [event["reason"] for event in b.told("ModerationEnded")] == ["stream_stopped", "room_closed"]
        assert len({event["session_id"] for event in b.told("ModerationEnded")}) == 1


def test_a_stream_that_starts_twice_is_heard_once() -> None:
    with bundle(plan=PLANS) as b:
        stream(b, "StreamStarted", occurred_at=NOON)
        stream(b, "StreamStarted", occurred_at=NOON)
        assert len(b.executions()) == len(b.doubles.calls("submit")) == 1


def test_a_stop_before_its_start_leaves_nothing_to_hear() -> None:
    with bundle(plan=PLANS) as b:
        b.send("RoomOpened", plan="streams", occurred_at=NOON)
        stream(b, "StreamStopped", occurred_at=LATE)
        stream(b, "StreamStarted", occurred_at=NOON)
        assert b.executions() == b.doubles.mints() == []


def test_a_stream_that_comes_back_is_heard_anew() -> None:
    with bundle(plan=PLANS) as b:
        stream(b, "StreamStarted")
        stream(b, "StreamStopped")
        b.advance(5)
        stream(b, "StreamStarted")
        assert listened_to(b) == ["stream-a"]
        assert len(b.executions()) == 2
        stream(b, "StreamStopped")
        b.wait_over()
        assert b.doubles.running() == []


def test_a_stream_that_starts_after_the_room_closed_is_not_heard() -> None:
    with bundle(plan=PLANS) as b:
        stream(b, "StreamStarted", occurred_at=NOON)
        b.close(occurred_at=LATE)
        stream(b, "StreamStarted", "stream-b", occurred_at=NOON)
        assert len(b.executions()) == 1
        assert b.doubles.running() == []


def test_stream_events_do_not_disturb_a_room_that_is_heard_as_a_whole() -> None:
    with bundle(plan=PLANS) as b:
        b.open()
        b.send("StreamStarted", stream_id="s")
        b.send("StreamStopped", stream_id="s")
        b.wait_quiet()
        assert len(b.executions()) == len(b.doubles.running()) == 1


def test_a_plain_address_is_submitted_as_it_is() -> None:
    url = "rtmp://live.example.com/app/stream?auth=1-2-3"
    with bundle(SPEECH) as b:
        b.open(platform="url", stream_url=url)
        (call,) = b.doubles.calls("submit")
        assert call["verdict"]["ok"]
        assert (call["body"]["data"]["streamType"], call["body"]["data"]["url"]) == ("NORMAL", url)
        assert b.doubles.mints() == []
        b.advance(11)
        b.close(platform="url")
        assert [event["risk_level"] for event in b.told("SegmentJudged")] == ["REJECT"]
        assert b.doubles.running() == []


def test_a_split_room_tells_who_spoke() -> None:
    with bundle(SPEECH, PLANS) as b:
        b.open(plan="split")
        b.advance(11)
        judged = {event["speaker_id"]: event["risk_level"] for event in b.told("SegmentJudged")}
        assert judged == {"anna": "PASS", "bert": "REJECT"}
        assert len({event["segment_id"] for event in b.told("SegmentJudged")}) == 2
        b.close()


def test_a_hits_only_plan_keeps_and_tells_hits_alone() -> None:
    with bundle(SPEECH, PLANS) as b:
        b.open(plan="hits")
        b.advance(31)
        assert [event["risk_level"] for event in b.told("SegmentJudged")] == ["REJECT"]
        assert len(b.items("segment")) == 1
        b.close()
        b.advance(5)
        assert b.doubles.running() == []
