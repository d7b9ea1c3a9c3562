"""What audits hear, and the signed callbacks that tell it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.doubles.model import Push
from tests.unit.doubles.clouds import VOLC_APP
from tests.unit.doubles.conftest import START, Time
from tests.unit.doubles.test_double_volcengine_detection_caller import RECEIVER, Detection, digest

LINES: list[Any] = [
    {"at": 2, "speaker": "7", "text": "大家好"},
    {"at": 12, "speaker": "7", "text": "废物", "risk_level": "REJECT", "risk_type": 210, "score": 870},
    {"at": 14, "speaker": "8", "text": "嗯", "risk_level": "REVIEW", "risk_type": 100},
]


@pytest.fixture
def rtc(time: Time) -> Detection:
    rtc = Detection(time)
    rtc.set(detection_warm_up=0)
    rtc.play(*LINES)
    return rtc


def told(events: list[Any]) -> list[tuple[str, str]]:
    return [(event["UserId"], event["Suggest"]) for event in events]


def test_event_data_of_slices(rtc: Detection) -> None:
    rtc.talk("7", "8")
    rtc.start()
    events = rtc.heard(20)
    assert told(events) == [("7", "PASS"), ("8", "PASS"), ("7", "REJECT"), ("8", "REVIEW")]
    quiet, loud = events[0], events[2]
    assert (quiet["RoomId"], quiet["MediaType"], quiet["AudioText"]) == ("r", 2, "大家好")
    assert (quiet["HitReasons"], quiet["RiskALL"]) == ([], [{"Name": "POLITY", "Score": 0.01}])
    assert "RiskHit" not in quiet
    assert "Images" not in quiet
    assert "AudioSegmentInfo" not in quiet
    assert loud["Audio"].startswith("https://media.example.com/detection/r/7/")
    assert loud["RiskHit"] == [{"Name": "risk_210", "Score": 0.87}]
    assert loud["RiskALL"][0] == loud["RiskHit"][0]
    assert events[3]["RiskHit"] == [{"Name": "POLITY", "Score": 0.5}]
    assert json.loads(loud["AIResultOrigin"])["decision"] == "REJECT"


def test_names_and_segment_info_are_settings(rtc: Detection) -> None:
    rtc.set(risk_names={"210": "abuse"}, audio_segment_info={"Start": "start_ms", "Length": "duration_ms"})
    rtc.talk("7")
    rtc.start()
    loud = rtc.heard(20)[1]
    assert loud["RiskHit"][0]["Name"] == "abuse"
    assert loud["AudioSegmentInfo"] == {"Start": round((START + 10) * 1000), "Length": 10_000}


def test_violations_only(rtc: Detection) -> None:
    rtc.talk("7", "8")
    rtc.start(CallbackType=...)
    assert told(rtc.heard(60)) == [("7", "REJECT"), ("8", "REVIEW")]


def test_only_while_somebody_publishes(rtc: Detection) -> None:
    rtc.play({"at": 1, "speaker": "7", "text": "x", "every": 4})
    rtc.start()
    assert rtc.heard(10) == []
    rtc.talk("7")
    rtc.run(12)
    rtc.world.stops_publishing("r", "7", rtc.now)
    assert [event["AudioText"] for event in rtc.heard(20)] == [""]  # nothing is said from 10 to 12
    rtc.run(24)
    rtc.world.publishes("r", "7", rtc.now)
    rtc.world.person_leaves("r", "7", rtc.now)
    assert rtc.heard(60) == []
    assert rtc.task()["billed_seconds"] == 10


def test_what_is_said_with_a_closed_microphone_is_not_heard(rtc: Detection) -> None:
    rtc.play({"at": 5, "speaker": "7", "text": "closed"}, {"at": 8, "speaker": "7", "text": "open"})
    rtc.start()
    rtc.run(7)
    rtc.talk("7")
    assert [event["AudioText"] for event in rtc.heard(10)] == ["open"]


def test_a_room_that_opens_again_goes_on(rtc: Detection) -> None:
    rtc.talk("7")
    rtc.start()
    rtc.run(5)
    rtc.world.closes("r", rtc.now)
    rtc.run(11)
    rtc.talk("7")
    assert told(rtc.heard(20)) == [("7", "REJECT")]


def test_one_user_only(rtc: Detection) -> None:
    rtc.talk("7", "8")
    rtc.start(UserId="8")
    assert told(rtc.heard(20)) == [("8", "PASS"), ("8", "REVIEW")]


def test_at_most_so_many_streams_of_a_room(rtc: Detection) -> None:
    rtc.talk(*map(str, range(1, 21)))
    rtc.start()
    assert [user for user, _ in told(rtc.heard(10))] == [str(number) for number in range(1, 18)]
    rtc.set(detection_streams=1)
    assert told(rtc.heard(20)) == [("1", "PASS")]


def test_nothing_is_heard_in_the_first_minute_of_an_app(time: Time) -> None:
    rtc = Detection(time)
    rtc.play({"at": 0, "speaker": "7", "text": "x", "every": 5, "risk_level": "REJECT"})
    rtc.talk("7")
    rtc.start()
    rtc.run(55)
    assert rtc.task()["segments"]["made"] == 0
    rtc.talk("7", room="r2")
    rtc.start(RoomId="r2")  # not the first start of the app: it warms up no longer than the first
    events = rtc.heard(70)
    assert [(event["RoomId"], event["AudioText"]) for event in events] == [("r2", "x"), ("r", "x")]
    assert [task["hears_from"] for task in rtc.state()["tasks"]] == [60, 60]
    rtc.stop()
    rtc.start()
    assert rtc.task()["hears_from"] == 70


def test_frames(rtc: Detection) -> None:
    shown = {"at": 3, "speaker": "7", "media": "image", "risk_level": "REJECT", "risk_type": 310, "text": "x"}
    rtc.play(*LINES, shown)
    rtc.talk("7")
    rtc.start(MediaType=1, Duration=..., Interval=...)
    events = rtc.heard(6)
    assert told(events) == [("7", "PASS"), ("7", "REJECT"), ("7", "PASS")]
    assert events[1]["MediaType"] == 1
    assert events[1]["Images"][0].endswith(".jpg")
    assert "Audio" not in events[1]
    assert "AudioText" not in events[1]


def test_both_media_at_their_own_pace(rtc: Detection) -> None:
    rtc.talk("7")
    rtc.start(MediaType=..., Interval=5000, Duration=...)
    assert [event["MediaType"] for event in rtc.heard(20)] == [1, 1, 1, 2, 1]
    assert rtc.task()["billed_seconds"] == 20


def test_what_the_room_took_over_is_told_once(rtc: Detection) -> None:
    rtc.talk("7")
    rtc.start(UserId="7", MediaType=3, Interval=10_000)
    rtc.start()
    assert [(event["MediaType"], event["UserId"]) for event in rtc.heard(10)] == [(1, "7"), (2, "7")]


@pytest.mark.parametrize("callback", ["", ..., "somewhere", "ftp://h.example.com", "http://", "http://[x"])
def test_without_an_address_it_runs_and_nothing_is_delivered(rtc: Detection, callback: Any) -> None:
    rtc.talk("7")
    assert rtc.start(Callback=callback) == "success"
    assert rtc.heard(30) == []
    assert rtc.task()["segments"] == {"made": 3, "pushed": 0, "acknowledged": 0, "given_up": 0}


def test_address_of_the_console(rtc: Detection) -> None:
    rtc.set(console_callback="https://console.example.com/cb")
    rtc.talk("7")
    rtc.start(Callback="")
    assert [push.url for _, push in rtc.run(10)] == ["https://console.example.com/cb"]


def test_seconds_of_the_task_or_of_the_room(rtc: Detection) -> None:
    rtc.talk("7")
    rtc.play(*LINES, clock="room")
    rtc.start(UserId="9")
    rtc.run(5)
    rtc.start()
    assert told(rtc.heard(15)) == [("7", "REJECT")]


# Callbacks.


def test_a_signed_envelope(rtc: Detection) -> None:
    rtc.talk("7")
    rtc.start()
    (at, push), *_ = rtc.run(10)
    body = json.loads(push.body)
    assert list(body) == [
        *("EventType", "EventData", "EventTime", "EventId", "AppId", "Version", "Nonce", "Signature"),
    ]
    assert (body["EventType"], body["Version"], body["AppId"]) == (
        "MachineReviewResult",
        "2020-12-01",
        VOLC_APP,
    )
    assert (body["EventTime"], len(body["Nonce"])) == ("2023-11-15T06:13:30+08:00", 4)
    assert isinstance(body["EventData"], str)
    assert body["Signature"] == digest(body)
    assert (at, push.url, push.timeout, push.content_type) == (10, RECEIVER, 5.0, "application/json")


def test_three_attempts_with_the_same_text(rtc: Detection) -> None:
    rtc.talk("7")
    rtc.start(CallbackType=0)
    pushes = rtc.run(60, 500)
    assert [(at, push.attempt) for at, push in pushes] == [(20, 1), (21, 2), (22, 3)]
    assert len({push.body for _, push in pushes}) == 1
    assert rtc.task()["segments"] == {"made": 6, "pushed": 1, "acknowledged": 0, "given_up": 1}


@pytest.mark.parametrize(("status", "good"), [(200, True), (201, False), (204, False), (None, False)])
def test_only_200_is_success(rtc: Detection, status: int | None, good: bool) -> None:
    rtc.talk("7")
    rtc.start(CallbackType=0)
    rtc.run(60, status)
    assert rtc.task()["segments"]["acknowledged"] == good


def test_event_ids_of_results_and_room_callbacks_differ(rtc: Detection) -> None:
    rtc.listen()
    rtc.talk("7")
    rtc.start()
    bodies = [json.loads(push.body) for _, push in rtc.run(60)]
    assert {body["EventType"] for body in bodies} == {"UserJoinRoom", "MachineReviewResult"}
    assert len({body["EventId"] for body in bodies}) == len(bodies)


@pytest.mark.parametrize("kind", ["drop", "delay", "duplicate", "reorder"])
def test_orders(rtc: Detection, kind: str) -> None:
    more = {"delay": {"seconds": 12}, "duplicate": {"copies": 2}}.get(kind, {})
    rtc.faults({"on": "push", "fault": kind, "match": {"number": "0", "room": "r"}} | more)
    rtc.play({"at": 1, "speaker": "7", "text": "a"}, {"at": 11, "speaker": "7", "text": "b"})
    rtc.talk("7")
    rtc.start()
    expected = {
        "drop": ["a", "b"],
        "delay": ["b", "a"],
        "duplicate": ["a", "a", "a", "b"],
        "reorder": ["b", "a"],
    }
    assert [event["AudioText"] for event in rtc.heard(25)] == expected[kind]
    assert rtc.task()["segments"]["acknowledged"] == 2


@pytest.mark.parametrize("how", ["signature", "unsigned", "body"])
def test_corrupt(rtc: Detection, how: str) -> None:
    rtc.set(detection_corrupt_how=how)
    rtc.faults({"on": "push", "fault": "corrupt"})
    rtc.talk("7")
    rtc.start(CallbackType=0)

    def answer(push: Push) -> int:
        try:
            body = json.loads(push.body)
        except ValueError:
            return 400
        return 200 if body.get("Signature") == digest(body) else 401

    statuses = [answer(push) for _, push in rtc.run(60, answer)]
    assert statuses == [400 if how == "body" else 401, 200]


def test_journal_of_results(rtc: Detection) -> None:
    rtc.talk("7")
    rtc.start(CallbackType=0)
    rtc.run(60)
    (entry,) = rtc.journal("push")
    assert (entry["task"], entry["room"], entry["push"]) == (f"{VOLC_APP}:r:*:2", "r", "segment")
    assert (entry["status"], entry["attempt"], entry["number"]) == (200, 1, 1)
    assert (entry["data"]["Suggest"], entry["body"]["EventType"]) == ("REJECT", "MachineReviewResult")


def test_webhooks_of_rooms_have_their_own_orders(rtc: Detection) -> None:
    rtc.listen()
    rtc.faults({"on": "webhook", "fault": "duplicate"})
    rtc.talk("7")
    rtc.start(CallbackType=0)
    events = [json.loads(push.body)["EventType"] for _, push in rtc.run(30)]
    assert events == ["UserJoinRoom", "UserJoinRoom", "MachineReviewResult"]
