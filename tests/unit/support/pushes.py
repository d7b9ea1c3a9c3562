"""Shumei's pushes: constructed examples, to be varied."""

import json
from typing import Any

from tests.unit.support.makers import TASK_ID


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without(inner) for name, inner in value.items() if inner is not ...}
    return value


DETAIL: dict[str, Any] = {
    "beginProcessTime": 1700000030120,
    "finishProcessTime": 1700000030980,
    "audioUrl": "https://media.example.com/clip/3.mp3",
    "audio_starttime": "2023-11-15 06:13:40",
    "audio_endtime": "2023-11-15 06:13:50",
    "audioText": "example transcript",
    "content": "previous text example transcript",
    "description": "辱骂",
    "descriptionV2": "辱骂",
    "hits": [],
    "model": "M1020_20",
    "riskType": 210,
    "riskTypeDesc": "辱骂",
    "riskSource": 1001,
    "room": "room-1001",
    "strUserId": "user-7",
    "vadCode": 1,
    "businessLabels": [],
    "requestParams": {"streamType": "ZEGO", "room": "room-1001", "tokenId": "owner-42"},
}


def segment(number: int = 3, task: str = TASK_ID, detail: dict[str, Any] | None = None, **top: Any) -> bytes:
    """A judged segment; ``...`` leaves a field out."""
    message = {
        "code": 1100,
        "message": "成功",
        "requestId": f"{task}_stream-7_{number}",
        "score": 870,
        "riskLevel": "REJECT",
        "statCode": 0,
        "detail": {**DETAIL, **(detail or {})},
        **top,
    }
    return encode(_without(message))


def silence(number: int = 1, task: str = TASK_ID) -> bytes:
    """A silent segment: PASS, vadCode 0, no riskType."""
    quiet = {"vadCode": 0, "riskType": ..., "riskTypeDesc": ..., "audioText": "", "riskSource": 1000}
    return segment(number, task, detail=quiet, riskLevel="PASS", score=...)


def end(code: int | None = 3005, seconds: int | None = 86_390, task: str = TASK_ID, **top: Any) -> bytes:
    """The end-of-stream notice."""
    aux = {"errorCode": code, "streamTime": seconds}
    message = {
        "code": 1100,
        "message": "成功",
        "requestId": task,
        "riskLevel": "PASS",
        "statCode": 1,
        "detail": {"requestParams": {"room": "room-1001"}},
        "auxInfo": {name: value for name, value in aux.items() if value is not None},
        **top,
    }
    return encode(_without(message))


def encode(message: Any) -> bytes:
    """JSON as the vendor sends it."""
    return json.dumps(message, ensure_ascii=False).encode()


def encode_any(message: Any) -> bytes:
    """JSON of anything that Python can make of it: lone surrogates escaped, NaN and Infinity spelt out."""
    return json.dumps(message).encode()
