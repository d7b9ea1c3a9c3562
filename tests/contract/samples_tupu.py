"""What Tupu's callbacks hold: ``json`` of the envelope, by its tables and the examples made from them."""

from __future__ import annotations

import json
from typing import Any

MODERATION = "5caee6b2a76925c55a09a6d2"
VULGAR = "5c8213b9bc807806aab0a574"
TRANSCRIPTION = "5ca1bd6b3872ecc9afb99132"
REQUEST_ID = "60f12563d59aa5877b7e9a19"


def slice_of(**more: Any) -> dict[str, Any]:
    """One slice of ten seconds."""
    return {
        "requestId": REQUEST_ID,
        "roomId": "room-42",
        "forumId": "room-42:0007",
        "sliceStartTime": "2023-11-15 06:15:20",
        "sliceEndTime": "2023-11-15 06:15:30",
        "content": "……",
        "speechUrl": "http://a.example.net/1.mp3",
        **more,
    }


def callback(task: str, array: str, *slices: dict[str, Any], **more: Any) -> bytes:
    """What Tupu signs."""
    head = {"code": 0, "message": "success", "nonce": "0.54", "timestamp": 1_700_000_131_000}
    return json.dumps({**head, **more, task: {array: slices}}).encode()


def failure(code: int) -> bytes:
    """A callback without a slice."""
    return json.dumps({"code": code, "message": "x", "requestId": REQUEST_ID}).encode()


SAMPLES: dict[str, Any] = {
    "hits": (
        callback(
            MODERATION,
            "violations",
            slice_of(
                action="block",
                label="Abuse",
                review=False,
                rate=0.98,
                details=[{"keyword": "w", "hint": "…", "mainLabel": "Abuse", "subLabel": ""}],
            ),
        ),
        callback(MODERATION, "texts", slice_of(action="review", label="Porn", review=True, rate=None)),
        callback(VULGAR, "speechs", slice_of(label=1, review=False, rate="0.8")),
    ),
    "passes": (
        callback(MODERATION, "violations", slice_of(action="pass", label="Normal", review=False, rate=0.01)),
        callback(TRANSCRIPTION, "texts", slice_of(userId="", SEIs=[], new={"field": [1]})),
    ),
    "others": (failure(14), failure(101)),
    "options": (
        {},
        {"tasks": ["moderation", "5c8213b9bc807806aab0a574"], "returnPreSpeech": True, "uid": "team-7"},
        {"zegoFields": {"room_id": "roomId", "app_id": "appId", "token": "Token"}},
        {"zegoFields": {"url": "url"}, "noSuchTaskCode": 0, "regularSigns": False},
    ),
    "wrong_options": (
        {"no_such_setting": 1},
        {"tasks": []},
        {"tasks": ["singing"]},
        {"returnPreSpeech": "yes"},
        {"zegoFields": {"room": "roomId"}},
        {"zegoFields": {"token": "forumId"}},
        {"zegoFields": {"token": "roomId"}},
        {"zegoFields": {"token": "a", "room_id": "a"}},
        {"zegoAddress": "rtc://{roomid}"},
        {"zegoPath": "v3"},
        {"wallClockOffsetHours": 15},
    ),
    "task_id": REQUEST_ID,
}
