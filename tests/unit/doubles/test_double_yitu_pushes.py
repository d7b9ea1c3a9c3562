"""The Yitu double's callbacks, whose shape is its own: what they say, retries, orders that spoil them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.doubles.model import Json
from tests.unit.doubles.conftest import START, Time
from tests.unit.doubles.test_double_yitu_caller import RECEIVER, Yitu

BAD = {"at": 72, "text": "滚", "risk_level": "REJECT", "risk_type": 210}


@pytest.fixture
def yitu(time: Time) -> Yitu:
    return Yitu(time)


def numbers(events: list[Json]) -> list[int]:
    return [int(event["segmentId"].split("_")[1]) for event in events]


def test_a_slice(yitu: Yitu) -> None:
    task = yitu.start()
    (event,) = yitu.run(10)
    assert event == {
        "event": "segment",
        "taskId": task,
        "audioId": "room-1-1",
        "clientInfo": {"roomId": "room-1", "userId": "host-42"},
        "segmentId": f"{task}_0",
        "start": START * 1000,
        "end": START * 1000 + 10_000,
        "verdict": "pass",
        "labels": [],
        "text": "",
        "clip": f"https://media.example.com/yitu/{task}/0.mp3",
    }
    push = yitu.got[0][1]
    assert push.headers == {"X-Double-Notice": "answer, callback and close are invented by this double"}
    assert (push.url, push.content_type, push.timeout) == (RECEIVER, "application/json", 5.0)


def test_hits_only_unless_all_are_asked_for(yitu: Yitu) -> None:
    yitu.set(media_base_url="")
    yitu.play(BAD | {"score": 870}, {"at": 74, "text": "好"})
    yitu.start({"returnAllText": ...})
    (event,) = yitu.run(120)
    assert (event["verdict"], event["text"], event["clip"]) == ("block", "滚，好", "")
    assert event["labels"] == [{"label": "abuse", "score": 0.87}]


@pytest.mark.parametrize(
    ("risk_type", "label"),
    [(100, "political"), (200, "porn"), (250, "moan"), (300, "advert"), (600, "prohibited"), (520, "other")],
)
def test_labels(yitu: Yitu, risk_type: int, label: str) -> None:
    yitu.play({"at": 1, "risk_level": "REVIEW", "risk_type": risk_type})
    yitu.start()
    (event,) = yitu.run(10)
    assert (event["verdict"], event["labels"]) == ("review", [{"label": label, "score": 0.6}])


def test_the_minute_before_a_hit(yitu: Yitu) -> None:
    yitu.play({"at": 5, "text": "long ago"}, {"at": 15, "text": "a"}, {"at": 65, "text": "b"}, BAD)
    task = yitu.start({"returnBeforeText": True, "returnBeforeAudio": True})
    events = yitu.run(80)
    assert [event["beforeText"] for event in events] == [""] * 7 + ["a，b"]
    assert events[6]["beforeClip"] == ""
    assert events[7]["beforeClip"] == f"https://media.example.com/yitu/{task}/7-before.mp3"


def test_the_end(yitu: Yitu) -> None:
    task = yitu.start()
    yitu.run(25)
    yitu.close()
    (event,) = yitu.run(60)
    assert (event["event"], event["reason"], event["duration"]) == ("end", "closed", 25)
    assert (event["taskId"], event["end"]) == (task, START * 1000 + 25_000)
    assert event["clientInfo"]["userId"] == "host-42"
    assert yitu.task(task)["end_notice"] == {"pushed": 1, "acknowledged": 1, "given_up": 0}


def test_a_stream_that_ends_by_itself(yitu: Yitu) -> None:
    yitu.play(ends={"at": 15, "error_code": 3003})
    task = yitu.start()
    assert yitu.run(60)[-1]["reason"] == "stream_ended"
    assert yitu.task(task)["end_code"] == 3003


def test_the_end_may_be_silent(yitu: Yitu) -> None:
    yitu.set(end_event=False)
    yitu.start()
    yitu.close()
    assert yitu.run(60) == []


def test_silence_may_end_a_stream(yitu: Yitu) -> None:
    yitu.set(silence_limit=30)
    task = yitu.start()
    assert yitu.run(60)[-1]["reason"] == "stream_ended"
    assert (yitu.task(task)["ended"], yitu.task(task)["end_reason"]) == (30, "silent")


@pytest.mark.parametrize("name", ["room-1", "room-1-1", "https://live.example.com/one.flv"])
def test_scenarios_find_a_stream_by_room_audio_id_and_address(yitu: Yitu, name: str) -> None:
    script = {"rooms": {name: {"lines": [{"at": 1, "text": "here"}]}, "*": {}}}
    assert yitu.admin("POST", "scenario", script)[0] == 200
    yitu.start()
    assert yitu.run(10)[0]["text"] == "here"


def test_retries(yitu: Yitu) -> None:
    yitu.play({"at": 1, "risk_level": "REJECT"})
    task = yitu.start({"returnAllText": False})
    yitu.run(100, 500)
    assert yitu.times() == [10, 15, 25, 55]
    assert yitu.task(task)["segments"] == {"made": 10, "pushed": 1, "acknowledged": 0, "given_up": 1}


@pytest.mark.parametrize(
    ("status", "good"), [(200, True), (201, False), (302, False), (500, False), (None, False)]
)
def test_what_is_success(yitu: Yitu, status: int | None, good: bool) -> None:
    task = yitu.start()
    yitu.run(11, status)
    assert yitu.task(task)["segments"]["acknowledged"] == good


@pytest.mark.parametrize("kind", ["drop", "delay", "duplicate", "reorder"])
def test_orders(yitu: Yitu, kind: str) -> None:
    more = {"delay": {"seconds": 12}, "duplicate": {"copies": 2}}.get(kind, {})
    yitu.faults({"on": "push", "fault": kind, "match": {"number": "0", "data_id": "room-1-1"}} | more)
    task = yitu.start()
    expected = {"drop": [0, 1, 2], "delay": [1, 0, 2], "duplicate": [0, 0, 0, 1, 2], "reorder": [1, 0, 2]}
    assert numbers(yitu.run(30)) == expected[kind]
    assert yitu.task(task)["segments"]["acknowledged"] == 3


def test_corrupt_is_half_a_body(yitu: Yitu, time: Time) -> None:
    yitu.faults({"on": "push", "fault": "corrupt"})
    yitu.start()
    time.to(10)
    (push,) = yitu.world.advance(time.now)
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(push.body)
    yitu.world.push_answer(push, 400, "", time.now)
    assert numbers(yitu.run(15)) == [0]


def test_journal_of_attempts(yitu: Yitu) -> None:
    task = yitu.start()
    yitu.run(16, lambda push: 200 if push.attempt > 1 else None)
    first, second = yitu.journal("push")
    found: Any = [first[name] for name in ("status", "attempt", "push", "task", "room", "number")]
    assert found == ["no answer", 1, "segment", task, "room-1", 0]
    assert (second["status"], second["attempt"], second["body"]["audioId"]) == (200, 2, "room-1-1")
    assert "devkey-test-example" not in json.dumps(yitu.journal())
