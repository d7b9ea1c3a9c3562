"""Events that can never work, and ids that only look as if they could not."""

import json
from typing import Any

import pytest

from tests.workflow.bundle import bundle

BAD: list[tuple[str, dict[str, Any]]] = [
    ("platform", {"platform": 7}),
    ("platform", {"platform": "nowhere"}),
    ("plan", {"plan": "no-such-plan"}),
    ("app_id", {"app_id": ""}),
    ("room_id", {"room_id": None}),
    ("room_id", {"room_id": "a\u0000b"}),
    ("occurred_at", {"occurred_at": "yesterday"}),
    ("occurred_at", {"occurred_at": "2026-11-21T02:00:00"}),
    ("occurred_at", {"occurred_at": 1795226400}),
    ("occurred_at", {"occurred_at": "2026-11-21T05:00:00Z"}),
    ("attributes", {"attributes": "text"}),
    ("attributes", {"attributes": {"big": "x" * 40_000}}),
    ("stream_url", {"platform": "url"}),
    ("stream_url", {"platform": "url", "stream_url": "file:///etc/passwd"}),
    ("surprise", {"surprise": 1}),
]


@pytest.mark.parametrize(("field", "change"), BAD, ids=[f"{f}-{n}" for n, (f, _) in enumerate(BAD)])
def test_a_bad_event_is_dead_lettered_with_its_field_and_leaves_nothing(
    field: str, change: dict[str, Any]
) -> None:
    with bundle() as b:
        _, failed = b.send("RoomOpened", **change)
        assert not failed
        (letter,) = b.dead_letters()
        assert letter["error"]["field"] == field
        assert {**letter["event"]["detail"], **change} == letter["event"]["detail"]
        assert b.noted("ES104")[0]["field"] == field
        assert b.table_client.scan(TableName="earshot")["Items"] == []
        assert b.executions() == b.doubles.mints() == []


@pytest.mark.parametrize("missing", ["platform", "app_id", "room_id", "occurred_at"])
def test_a_missing_field_is_named(missing: str) -> None:
    detail = {"platform": "zego", "app_id": "1", "room_id": "r", "occurred_at": "2026-11-21T02:00:00Z"}
    del detail[missing]
    event = {"source": "earshot.rooms", "detail-type": "RoomOpened", "detail": detail}
    with bundle() as b:
        b.invoke("track_room", event)
        assert [letter["error"]["field"] for letter in b.dead_letters()] == [missing]
        assert b.table_client.scan(TableName="earshot")["Items"] == []


@pytest.mark.parametrize("kind", ["StreamStarted", "StreamStopped"])
def test_a_stream_event_without_its_stream_is_dead_lettered(kind: str) -> None:
    with bundle() as b:
        b.send(kind)
        assert [letter["error"]["field"] for letter in b.dead_letters()] == ["stream_id"]
        assert b.table_client.scan(TableName="earshot")["Items"] == []


def test_the_letter_holds_the_event_as_it_came() -> None:
    event = {"id": "e-1", "source": "elsewhere", "detail-type": "RoomOpened", "detail": {"a": [1, None]}}
    with bundle() as b:
        b.invoke("track_room", event)
        (letter,) = b.dead_letters()
        assert letter["event"] == event
        assert letter["error"]["field"] == "source"


ODD = [
    "a room with spaces",
    " edges ",
    "a/b/../c",
    "quote\"s and 'these' and \\",
    "语音房·一号",
    "x" * 127,
    "房" * 42 + "x",
    "🎤🎧",
    "a#b?c=d&e%20f",
    "<script>{{}}$.room",
]


@pytest.mark.parametrize("room_id", ODD)
def test_an_odd_room_id_is_heard_and_closed(room_id: str) -> None:
    with bundle() as b:
        b.open(room_id=room_id)
        (call,) = b.doubles.calls("submit")
        assert call["verdict"]["ok"]
        assert call["body"]["data"]["zegoParam"]["roomId"] == room_id
        b.advance(11)
        b.close(room_id=room_id)
        assert {event["detail"]["room"]["room_id"] for event in b.events} == {room_id}
        assert b.story() == ["Started", "Ended"]
        assert len(b.told("SegmentJudged")) == 1
        assert b.doubles.running() == []


def test_attributes_come_back_on_every_event_and_from_the_vendor() -> None:
    attributes = {"tenant": "t-1", "nested": {"list": [1, 2.5, None, "中文 🎤"]}}
    with bundle() as b:
        b.open(attributes=attributes)
        b.advance(11)
        b.close()
        assert [event["detail"]["attributes"] for event in b.events] == [attributes] * 3
        (call,) = b.doubles.calls("submit")
        assert call["body"]["data"]["extra"]["passThrough"]["attributes"] == attributes
        assert json.loads(b.watch().attributes) == attributes
