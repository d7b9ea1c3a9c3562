"""What Volcengine's content security tells, by the models of its SDKs: one slice or frame each."""

from __future__ import annotations

import json
from typing import Any

TASK_ID = "123456781234567812345678/room-1"
"""The name of an RTC audit, which content security takes for one of its own names too."""
STRETCH = {"StartTimeStamp": 1_700_000_120_000, "EndTimeStamp": 1_700_000_130_000}


def heard(number: int, decision: str, **more: Any) -> bytes:
    """One slice of sound."""
    part = {
        "SliceId": f"s{number}",
        "UserId": "u1",
        "Decision": decision,
        "AudioText": "……",
        **STRETCH,
        **more,
    }
    return _encoded({"DataId": TASK_ID, "PassThrough": "", "Decision": decision, "Details": [part]})


def seen(number: int, decision: str, **more: Any) -> bytes:
    """One frame of a video."""
    part = {"SliceId": f"f{number}", "UserId": "u1", "Decision": decision, "Offset": 1.5, **more}
    return _encoded({"DataId": TASK_ID, "Decision": decision, "VideoResults": {"Frames": [part]}})


def _encoded(message: dict[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode()


SAMPLES: dict[str, Any] = {
    "hits": (
        heard(1, "BLOCK", FrameResults=[{"Label": "abuse", "SubLabel": "abuse_1", "Decision": "BLOCK"}]),
        heard(2, "REVIEW", DecisionSubLabel="porn_1"),
        heard(3, "SOMETHING_NEW"),
        seen(
            1, "BLOCK", Url="https://cdn.example.net/1.jpg", Results=[{"Label": "301", "Decision": "BLOCK"}]
        ),
    ),
    "passes": (heard(4, "PASS"), heard(5, "PASS", FrameResults=[], new={"field": [1]}), seen(2, "PASS")),
    "others": (),
    "options": (
        {},
        {"roomParameters": {"room_id": "room_id", "app_id": "app_id", "identify_token": "room.token"}},
        {"product": "rtc_audit"},
        {"media": "video", "timeUnit": "s", "labels": {"301": "sexual"}},
        {"parameters": {"callback": "callback"}, "asks": False, "extraParameters": {"language": "zh"}},
        {"product": "rtc_audit", "MediaType": 3, "Duration": 10_000, "signs_every_s": 10},
    ),
    "wrong_options": (
        {"no_such_setting": 1},
        {"product": "face"},
        {"media": "image"},
        {"biztype": ""},
        {"parameters": {"data_id": None}},
        {"roomParameters": {"room": "room_id"}},
        {"labels": {"301": "bad"}},
        {"product": "rtc_audit", "IdleSec": 0},
        {"product": "rtc_audit", "CallbackType": True},
    ),
    "task_id": TASK_ID,
}
