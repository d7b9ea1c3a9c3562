"""What the vendors push that a description stands for: as their pages, or their doubles, have it."""

from __future__ import annotations

import json
from typing import Any

STREAM = "lb0011223344556677889900aa"


def _event(kind: str, event_id: str, **more: Any) -> bytes:
    told = {
        "event_id": f"{STREAM}-{event_id}",
        "stream_id": STREAM,
        "stream_key": "room-1001-1",
        "kind": kind,
    }
    times = {"from_ms": 1_700_000_020_000, "to_ms": 1_700_000_030_000, "note": '{"task_ref":"room-1001-1a"}'}
    return json.dumps(
        {"account": "lb-10001", "events": [{**told, **times, **more}]}, ensure_ascii=False
    ).encode()


def _slice(event_id: str, verdict: str, *hits: dict[str, Any], **more: Any) -> bytes:
    return _event(
        "slice", event_id, verdict=verdict, hits=list(hits), user="user-7", text="……", clip="", **more
    )


LYREBIRD: dict[str, Any] = {
    "hits": (
        _slice("2-0", "bad", {"class": "abuse", "confidence": 87, "words": ["废物"]}),
        _slice("3-0", "doubt", {"class": "new", "confidence": 400, "words": []}),
    ),
    "passes": (_slice("1-0", "ok"), _slice("4-0", "ok", new={"field": [1]})),
    "others": (
        _event("ended", "end", end_code=0, heard_s=65),
        _event("ended", "end-2", end_code=11, heard_s=3),
    ),
    "options": ({}, {"mode": "hits"}, {"ask_state": True}),
    "wrong_options": ({"no_such_setting": 1}, {"mode": "some"}, {"ask_state": "yes"}),
    "task_id": STREAM,
}


def _yitu(event: str, **more: Any) -> bytes:
    told = {"event": event, "taskId": "00112233445566778899aabbccddeeff", "audioId": "room-1-1a"}
    times = {"clientInfo": {"roomId": "room-1"}, "start": 1_700_000_020_000, "end": 1_700_000_030_000}
    return json.dumps({**told, **times, **more}, ensure_ascii=False).encode()


def _segment(number: int, verdict: str, *labels: dict[str, Any], **more: Any) -> bytes:
    name = f"00112233445566778899aabbccddeeff_{number}"
    return _yitu("segment", segmentId=name, verdict=verdict, labels=list(labels), text="……", **more)


YITU: dict[str, Any] = {
    "hits": (
        _segment(3, "block", {"label": "abuse", "score": 0.87}),
        _segment(4, "review", {"label": "new", "score": None}, clip="https://media.example.com/4.mp3"),
    ),
    "passes": (_segment(1, "pass"), _segment(2, "pass", new={"field": [1]})),
    "others": (_yitu("end", reason="closed", duration=65),),
    "options": ({}, {"returnAllText": False, "lang": "ENGLISH"}, {"signs_every_s": 10}),
    "wrong_options": ({"no_such_setting": 1}, {"lang": 1}, {"signs_every_s": 0}, {"signs_every_s": True}),
    "task_id": "room-1-1a",
}


def _data(*details: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"DataId": "room-1-1a", "Decision": "BLOCK", "Details": details, **more}).encode()


ENDED = json.dumps({"earshot_ended": {"task_id": "room-1-1a", "state": "ended"}}).encode()
"""What the engine itself makes of a poll that finds a task over."""

VOLCENGINE_ZEGO: dict[str, Any] = {
    "hits": (
        _data({"SliceId": "7", "UserId": "u1", "Decision": "BLOCK", "FrameResults": [{"Label": "porn"}]}),
        _data(
            {
                "SliceId": 8,
                "Decision": "NEW",
                "FrameResults": [{"Label": "1", "SubLabel": "a"}, {"SubLabel": "b"}],
            }
        ),
    ),
    "passes": (
        _data({"SliceId": "5", "Decision": "PASS", "StartTimeStamp": 1_700_000_020_000}),
        _data({"SliceId": "6", "Decision": "PASS", "FrameResults": None}, PassThrough="x"),
    ),
    "others": (ENDED,),
    "options": (
        {"app_id": 12345},
        {"app_id": 1, "keys": {"token": "IdentifyToken", "stream_id": ""}, "parameters": {"scene": 1}},
        {"app_id": 12345, "time_unit": "epoch_s", "asks": False},
    ),
    "wrong_options": (
        {"no_such_setting": 1},
        {"app_id": "12345"},
        {"app_id": 0},
        {"keys": {"no_such_key": "x"}},
        {"keys": {"token": 1}},
        {"time_unit": "days"},
    ),
    "task_id": "room-1-1a",
}

SAMPLES = {"lyrebird": LYREBIRD, "yitu": YITU, "volcengine_zego": VOLCENGINE_ZEGO}
