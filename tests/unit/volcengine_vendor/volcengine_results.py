"""Volcengine's results: ``Data`` of the SDKs' models, and ``DetectionResult`` of its page, to be varied."""

import json
from typing import Any

from earshot.secrets import Section
from earshot.vendors.port import Delivery
from earshot.vendors.volcengine.door import take

from tests.unit.volcengine_vendor.volcengine_calls import RTC, digest

TASK = "gfrnfwzkc4rsgwghg6ymoy3s7y-primary-0"
START, END = 1_700_000_120_000, 1_700_000_130_000
SECRET = "callback-secret-example"
SIGNED = ("EventType", "EventData", "EventTime", "EventId", "AppId", "Version", "Nonce")
VECTOR = {
    "EventType": "MachineReviewResult",
    "EventData": '{"RoomId":"r1","UserId":"u1","MediaType":2,"Suggest":"REJECT"}',
    "EventTime": "2026-01-02T03:04:05+08:00",
    "EventId": "e1",
    "AppId": "app1",
    "Version": "2020-12-01",
    "Nonce": "1234",
    "Signature": "c6421390803ca24cdb3f2e8ac2f07e2aa7878c578f45a77af43975496750a04b",
}
"""As whoever reads the page twice computes it."""
ACCOUNT = {"app1": {"webhook_secret": SECRET}, **RTC}


def slice_of(number: int = 1, **more: Any) -> dict[str, Any]:
    """One slice of sound; ``...`` leaves a field out."""
    fields = {
        "SliceId": f"s{number}",
        "UserId": "u1",
        "StartTime": 0,
        "EndTime": 10_000,
        "StartTimeStamp": START,
        "EndTimeStamp": END,
        "FrameUrl": "https://cdn.example.net/1.mp3",
        "AudioText": "……",
        "Decision": "BLOCK",
        "DecisionSubLabel": "abuse_1",
        "FrameResults": [{"Label": "abuse", "SubLabel": "abuse_1", "Decision": "BLOCK", "Contexts": []}],
        **more,
    }
    return {name: value for name, value in fields.items() if value is not ...}


def frame_of(number: int = 1, **more: Any) -> dict[str, Any]:
    """One frame of a video."""
    return {
        "SliceId": f"f{number}",
        "UserId": "u1",
        "Url": "https://cdn.example.net/1.jpg",
        "Offset": 1.5,
        "Text": "",
        "Decision": "REVIEW",
        "Results": [{"Label": "301", "SubLabel": "30101", "Decision": "REVIEW", "Detail": {}}],
        **more,
    }


def audio(*slices: Any, **more: Any) -> dict[str, Any]:
    """``Data`` of GetAudioLiveResult."""
    return {"DataId": TASK, "PassThrough": "p", "Decision": "BLOCK", "Details": list(slices), **more}


def video(frames: Any = (), slices: Any = (), **more: Any) -> dict[str, Any]:
    """``Data`` of GetVideoLiveResult."""
    return {
        "DataId": TASK,
        "PassThrough": "p",
        "Decision": "BLOCK",
        "VideoResults": {"Decision": "BLOCK", "ImageSliceCount": len(frames), "Frames": list(frames)},
        "AudioResults": {"Decision": "PASS", "AudioText": "", "Details": list(slices)},
        **more,
    }


def encoded(message: Any) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass")


def event(data: Any = None, secret: str = SECRET, **more: Any) -> dict[str, Any]:
    """A DetectionResult, signed by another hand; ``data`` is added to ``EventData``."""
    inside = {"RoomId": "r1", "UserId": "u1", "MediaType": 2, "Suggest": "REJECT", **(data or {})}
    message = {**VECTOR, "EventData": json.dumps({k: v for k, v in inside.items() if v is not ...}), **more}
    return {**message, "Signature": digest(*(message[name] for name in SIGNED), secret)}


def push(message: Any, account: dict[str, Any] | None = None) -> Delivery:
    """What the door makes of it."""
    body = message if isinstance(message, bytes) else encoded(message)
    return take(body, {}, lambda: Section("volcengine", ACCOUNT if account is None else account))
