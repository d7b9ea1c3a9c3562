"""Submissions: fields, tasks, several streams at once, concurrency, duplicates."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.doubles.conftest import Time
from tests.unit.doubles.test_double_tupu_caller import (
    MODERATION,
    SECRET_ID,
    TRANSCRIPTION,
    VULGAR,
    Tupu,
)

ZEGO = {"room": "roomId", "app": "appId", "token": "Token"}


@pytest.fixture
def tupu(time: Time) -> Tupu:
    return Tupu(time)


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"url": ...}, 15, "url"),
        ({"url": ""}, 15, "url"),
        ({"url": 5}, 15, "url"),
        ({"url": "live.example.net/a"}, 15, "url"),
        ({"url": "rtmp://"}, 15, "url"),
        ({"url": "http://[bad"}, 15, "url"),
        ({"url": "rtc://room.zego.im/r?identify_token=t"}, 15, "url"),
        ({"url": ..., "roomId": "r", "Token": "t"}, 15, "url"),
        ({"callback": ...}, 11, "callback"),
        ({"callback": ""}, 11, "callback"),
        ({"callback": None}, 11, "callback"),
        ({"callback": "ftp://h/x"}, 15, "callback"),
        ({"callback": 5}, 15, "callback"),
        ({"roomId": 5}, 15, "roomId"),
        ({"userId": None}, 15, "userId"),
        ({"forumId": {}}, 15, "forumId"),
        ({"callbackRules": 3}, 15, "callbackRules"),
        ({"callbackRules": "1"}, 15, "callbackRules"),
        ({"callbackRules": True}, 15, "callbackRules"),
        ({"returnPreSpeech": "true"}, 15, "returnPreSpeech"),
        ({"returnPreSpeech": 1}, 15, "returnPreSpeech"),
    ],
)
def test_refused_streams(tupu: Tupu, fields: Any, code: int, field: str) -> None:
    assert tupu.submit(tupu.stream(**fields))["code"] == code, tupu.verdict()
    assert tupu.verdict()["field"] == field
    assert tupu.state()["tasks"] == []


def test_a_missing_callback_may_be_10(tupu: Tupu) -> None:
    tupu.set(missing_callback_code=10)
    assert tupu.submit(tupu.stream(callback=...))["code"] == 10


@pytest.mark.parametrize(
    ("tasks", "code"),
    [
        ([MODERATION], 0),
        ([MODERATION, VULGAR, TRANSCRIPTION], 0),
        (["5f59e4b71b29fa890e5472fb"], 7),
        ([MODERATION, "x"], 7),
        ([], 13),
        ([5], 15),
        (MODERATION, 15),
        (None, 15),
    ],
)
def test_tasks(tupu: Tupu, tasks: Any, code: int) -> None:
    assert tupu.submit(tasks=tasks)["code"] == code
    assert len(tupu.state()["tasks"]) == (code == 0)


def test_without_tasks_the_configured_ones_run(tupu: Tupu) -> None:
    assert tupu.task(tupu.start())["tasks"] == [MODERATION, VULGAR]
    tupu.set(configured_tasks=[TRANSCRIPTION])
    assert tupu.task(tupu.start())["tasks"] == [TRANSCRIPTION]
    tupu.set(configured_tasks=[])
    assert tupu.submit()["code"] == 13


def test_several_streams_have_results_in_their_order(tupu: Tupu) -> None:
    answer = tupu.submit(*(tupu.stream(roomId=f"room-{n}") for n in range(3)))
    assert [tupu.task(one["requestId"])["room"] for one in answer["result"]] == ["room-0", "room-1", "room-2"]


def test_one_bad_stream_refuses_all_of_them(tupu: Tupu) -> None:
    assert tupu.submit(tupu.stream(), tupu.stream(callback=...))["code"] == 11
    assert tupu.state()["tasks"] == []


def test_or_it_is_told_in_its_place(tupu: Tupu) -> None:
    tupu.set(batch_errors="element", max_streams=1)
    answer = tupu.submit(tupu.stream(url=""), tupu.stream(roomId="r"), tupu.stream())
    assert (answer["code"], answer["result"][0]["code"], answer["result"][2]["code"]) == (0, 15, 17)
    assert tupu.task(answer["result"][1]["requestId"])["room"] == "r"
    assert tupu.submit(tupu.stream(url=""))["code"] == 15


def test_too_many_streams_are_17_and_not_queued(tupu: Tupu) -> None:
    tupu.set(max_streams=2)
    assert tupu.submit(tupu.stream(), tupu.stream(), tupu.stream())["code"] == 17
    first = tupu.start()
    tupu.start()
    assert tupu.submit()["code"] == 17
    assert tupu.close(first) == 0
    assert tupu.submit()["code"] == 17
    tupu.run(2)
    assert tupu.submit()["code"] == 0


def test_thirty_streams_are_the_trial_limit(tupu: Tupu) -> None:
    assert tupu.submit(*(tupu.stream() for _ in range(30)))["code"] == 0
    assert tupu.submit()["code"] == 17


def test_a_repeated_submission_listens_twice_unless_told(tupu: Tupu) -> None:
    same = tupu.stream()
    first, second = (tupu.submit(same)["result"][0]["requestId"] for _ in range(2))
    assert first != second
    tupu.set(duplicates="first", max_streams=2)
    assert tupu.submit(same)["result"][0]["requestId"] == first
    tupu.set(duplicates="refused")
    assert tupu.submit(same)["code"] == 15
    assert len(tupu.state()["tasks"]) == 2


@pytest.mark.parametrize(
    ("rule", "code", "tasks"), [("accepted", 17, 0), ("first", 0, 1), ("refused", 15, 0)]
)
def test_the_same_stream_twice_in_one_call(tupu: Tupu, rule: str, code: int, tasks: int) -> None:
    tupu.set(duplicates=rule, max_streams=1)
    same = tupu.stream()
    answer = tupu.submit(same, same)
    assert (answer["code"], len(tupu.state()["tasks"])) == (code, tasks)
    if code == 0:
        assert answer["result"][0] == answer["result"][1]


def test_a_task_is_seen_in_the_state(tupu: Tupu) -> None:
    request_id = tupu.start(url="rtmp://live.example.net/app/room-42?k=v", roomId=..., forumId="room-42:0007")
    tupu.run(25)
    task = tupu.task(request_id)
    assert task == task | {
        "room": "room-42",
        "platform": "url",
        "data_id": "room-42:0007",
        "state": "running",
        "token": "ok",
        "billed_seconds": 25,
        "end_reason": None,
        "segments": {"made": 2, "pushed": 2, "acknowledged": 2, "given_up": 0},
        "push_attempts": 2,
    }
    assert (tupu.state()["running"], tupu.state()["billed_seconds"]) == (1, 25)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"roomId": "r", "appId": "1"}, "Token"),
        ({"roomId": "r", "Token": "t"}, "appId"),
        ({"appId": "1", "Token": "t"}, "roomId"),
        ({"roomId": "r", "appId": True, "Token": "t"}, "appId"),
        ({"roomId": "", "appId": 1, "Token": "t"}, "roomId"),
    ],
)
def test_a_room_of_zego_wants_every_agreed_field(tupu: Tupu, fields: Any, field: str) -> None:
    tupu.set(zego_fields=ZEGO)
    assert tupu.submit(tupu.stream(**({"url": ...} | fields)))["code"] == 15
    assert tupu.verdict()["field"] == field


def test_a_room_of_zego_is_taken_where_it_was_agreed(tupu: Tupu) -> None:
    room = tupu.stream(url=..., roomId="r", appId=1234567890, Token="t")
    tupu.set(zego_fields=ZEGO, zego_path="/v3/recognition/speech/zego")
    assert tupu.submit(room)["code"] == 15
    body = tupu.signed({"speechStream": [room]})
    tupu.post(f"/v3/recognition/speech/zego/{SECRET_ID}", body)
    (task,) = tupu.state()["tasks"]
    assert (task["platform"], task["platform_room"], tupu.verdict()["warnings"]) == ("zego", "r", [])


def test_a_plain_stream_is_still_one_beside_the_mapping(tupu: Tupu) -> None:
    tupu.set(zego_fields=ZEGO)
    assert tupu.task(tupu.start(roomId="r"))["platform"] == "url"
