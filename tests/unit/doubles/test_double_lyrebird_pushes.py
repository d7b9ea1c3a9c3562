"""Lyrebird's events: what they say, how they are gathered, signed, retried and spoilt."""

from __future__ import annotations

import json

import pytest

from local.doubles.model import Json, Push
from tests.unit.doubles.conftest import START, Time
from tests.unit.doubles.test_double_lyrebird_caller import GOOD, RECEIVER, Lyrebird, is_genuine

ZEGO = {"kind": "zego", "app_id": "1", "room_id": "room-1", "identify_token": "t"}
BAD = {"at": 12, "speaker": "user-7", "text": "滚", "risk_level": "REJECT", "risk_type": 210}


@pytest.fixture
def lyrebird(time: Time) -> Lyrebird:
    return Lyrebird(time)


def numbers(events: list[Json]) -> list[int]:
    return [int(event["event_id"].split("-")[1]) for event in events]


def test_silence_is_ok(lyrebird: Lyrebird) -> None:
    stream = lyrebird.start()
    (event,) = lyrebird.run(10)
    assert event == {
        "event_id": f"{stream}-0-0",
        "stream_id": stream,
        "stream_key": "room-1-1",
        "kind": "slice",
        "from_ms": START * 1000,
        "to_ms": START * 1000 + 10_000,
        "verdict": "ok",
        "hits": [],
        "user": "",
        "text": "",
        "clip": f"https://media.example.com/lyrebird/{stream}-0-0.mp3",
        "note": '{"room":"直播间"}',
    }


def test_a_hit(lyrebird: Lyrebird) -> None:
    lyrebird.set(media_base_url="")
    lyrebird.play(BAD | {"score": 866, "matched_item": "滚"}, {"at": 15, "text": "好"})
    lyrebird.start(note=...)
    event = lyrebird.run(20)[1]
    assert (event["verdict"], event["text"], event["user"]) == ("bad", "滚，好", "")
    assert event["hits"] == [{"class": "abuse", "confidence": 87, "words": ["滚"]}]
    assert (event["clip"], event["note"]) == ("", "")


@pytest.mark.parametrize(
    ("risk_type", "name"),
    [
        (100, "politics"),
        (110, "violence"),
        (200, "porn"),
        (250, "moan"),
        (300, "ads"),
        (520, "minor"),
        (600, "other"),
        (None, "other"),
    ],
)
def test_classes(lyrebird: Lyrebird, risk_type: int | None, name: str) -> None:
    line: Json = {"at": 1, "risk_level": "REVIEW"} | ({} if risk_type is None else {"risk_type": risk_type})
    lyrebird.play(line)
    lyrebird.start()
    (event,) = lyrebird.run(10)
    assert event["verdict"] == "doubt"
    assert event["hits"] == [{"class": name, "confidence": 60, "words": []}]


def test_hits_only_unless_all_are_asked_for(lyrebird: Lyrebird) -> None:
    lyrebird.play(BAD)
    stream = lyrebird.start(mode=...)
    assert numbers(lyrebird.run(60)) == [1]
    lyrebird.stop(stream)
    assert [event["kind"] for event in lyrebird.run(70)] == ["ended"]
    segments = lyrebird.task(stream)["segments"]
    assert segments == {"made": 6, "pushed": 1, "acknowledged": 1, "given_up": 0}


def test_in_a_room_everybody_who_speaks_has_an_event(lyrebird: Lyrebird) -> None:
    lyrebird.play(BAD, {"at": 13, "speaker": "user-8", "text": "别吵"})
    stream = lyrebird.start(ZEGO)
    events = lyrebird.run(20)
    assert [(event["user"], event["verdict"]) for event in events] == [
        ("", "ok"),
        ("user-7", "bad"),
        ("user-8", "ok"),
    ]
    assert [event["event_id"] for event in events] == [f"{stream}-{tail}" for tail in ("0-0", "1-0", "1-1")]
    assert len(lyrebird.got) == 2
    assert lyrebird.task(stream)["segments"]["acknowledged"] == 3


def test_at_most_ten_in_a_batch(lyrebird: Lyrebird) -> None:
    lyrebird.play(*({"at": 1, "speaker": f"u{n}", "text": "a"} for n in range(23)))
    lyrebird.start(ZEGO)
    assert len(lyrebird.run(10)) == 23
    assert [len(json.loads(push.body)["events"]) for _, push in lyrebird.got] == [10, 10, 3]
    assert {event["account"] for event in (json.loads(push.body) for _, push in lyrebird.got)} == {"lb-10001"}


def test_events_may_wait_for_each_other_and_the_end_shares_their_batch(lyrebird: Lyrebird) -> None:
    lyrebird.set(gather_seconds=25)
    stream = lyrebird.start()
    lyrebird.run(25)
    lyrebird.stop(stream)
    events = lyrebird.run(60)
    assert lyrebird.times() == [35]
    assert [event["kind"] for event in events] == ["slice", "slice", "ended"]
    view = lyrebird.task(stream)
    assert (view["segments"]["acknowledged"], view["end_notice"]["acknowledged"]) == (2, 1)
    (entry,) = lyrebird.journal("push")
    assert (entry["push"], entry["kinds"]) == ("segment", {"segment": 2, "end": 1})


def test_a_gathered_batch_that_is_full_goes_at_once(lyrebird: Lyrebird) -> None:
    lyrebird.set(gather_seconds=1000, silence_limit=0)
    lyrebird.start()
    assert len(lyrebird.run(110)) == 10
    assert lyrebird.times() == [100]
    assert len(lyrebird.run(1200)) == 110


def test_the_end(lyrebird: Lyrebird) -> None:
    stream = lyrebird.start()
    lyrebird.run(15)
    lyrebird.stop(stream)
    (event,) = lyrebird.run(30)
    assert event == {
        "event_id": f"{stream}-end",
        "stream_id": stream,
        "stream_key": "room-1-1",
        "kind": "ended",
        "from_ms": START * 1000,
        "to_ms": START * 1000 + 15_000,
        "end_code": 0,
        "heard_s": 15,
        "note": '{"room":"直播间"}',
    }


def test_latency(lyrebird: Lyrebird) -> None:
    lyrebird.set(segment_latency=3)
    lyrebird.start()
    lyrebird.run(30)
    assert lyrebird.times() == [13, 23]


def test_a_script_of_the_room_goes_on_in_the_next_stream(lyrebird: Lyrebird) -> None:
    lyrebird.play(BAD | {"at": 42}, clock="room")
    lyrebird.start(stream_key="one")
    lyrebird.run(25)
    lyrebird.start(stream_key="two")
    hits = [event for event in lyrebird.run(50) if event["verdict"] == "bad"]
    assert [(event["stream_key"], event["event_id"][-3:]) for event in hits] == [
        ("two", "1-0"),
        ("one", "4-0"),
    ]


def test_every_attempt_is_signed_anew(lyrebird: Lyrebird) -> None:
    lyrebird.start()
    lyrebird.run(12, (500, ""))
    (_, first), (_, second) = lyrebird.got
    assert first.body == second.body
    assert first.headers != second.headers
    assert first.headers["X-Lyrebird-Signature"].startswith("t=1700000010,v1=")
    assert is_genuine(first)
    assert is_genuine(second)
    assert (first.url, first.timeout, first.wants_body) == (RECEIVER, 5.0, True)
    assert first.content_type == "application/json; charset=utf-8"


def test_the_newest_secret_signs(time: Time) -> None:
    lyrebird = Lyrebird(time, webhook_secret=["newer", "older"])
    lyrebird.start()
    lyrebird.run(10)
    assert is_genuine(lyrebird.got[0][1], "newer")


@pytest.mark.parametrize(
    ("status", "body", "good"),
    [
        (200, GOOD, True),
        (200, '{"code":0,"message":"ok"}', True),
        (200, "", False),
        (200, "ok", False),
        (200, "[]", False),
        (200, "{}", False),
        (200, '{"code":1}', False),
        (200, '{"code":"0"}', False),
        (200, '{"code":false}', False),
        (201, GOOD, False),
        (204, "", False),
        (302, GOOD, False),
        (500, GOOD, False),
        (None, "", False),
    ],
)
def test_what_is_success(lyrebird: Lyrebird, status: int | None, body: str, good: bool) -> None:
    stream = lyrebird.start()
    lyrebird.run(11, (status, body))
    assert lyrebird.task(stream)["segments"]["acknowledged"] == good


def test_an_answer_that_nobody_has_read_is_none(lyrebird: Lyrebird, time: Time) -> None:
    stream = lyrebird.start()
    time.to(10)
    (push,) = lyrebird.world.advance(time.now)
    lyrebird.world.push_result(push, 200, time.now)
    lyrebird.world.push_answer(Push(99, 1, 0, "", "", "", 1, 0), 200, GOOD, time.now)
    assert lyrebird.task(stream)["segments"]["acknowledged"] == 0


def test_six_attempts_and_then_never(lyrebird: Lyrebird) -> None:
    lyrebird.play(BAD)
    stream = lyrebird.start(mode="hits")
    lyrebird.run(200, (503, ""))
    assert lyrebird.times() == [20, 22, 26, 34, 50, 82]
    view = lyrebird.task(stream)
    assert view["segments"] == {"made": 20, "pushed": 1, "acknowledged": 0, "given_up": 1}
    assert view["push_attempts"] == 6


def test_journal_of_attempts(lyrebird: Lyrebird) -> None:
    stream = lyrebird.start()
    lyrebird.run(11, (None, ""))
    lyrebird.run(13, (200, '{"code":5}'))
    first, second = lyrebird.journal("push")
    assert (first["status"], second["status"], second["answer"]) == ("no answer", 200, '{"code":5}')
    assert (first["attempt"], second["attempt"], first["push"], first["number"]) == (1, 2, "segment", 0)
    assert (first["task"], first["data_id"]) == (stream, "room-1-1")
    assert first["body"]["events"][0]["stream_id"] == stream
    assert "lyrebird-sample-webhook-secret" not in json.dumps(lyrebird.journal())
