"""One ordinary callback: what the vendor pushes every ten seconds of a room in which people talk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from earshot import callback_url
from earshot.domain import ids

KEY = "k" * 64
WATCH_ID = ids.watch_id(ids.session_id(ids.room_key("zego", "1234567890", "room-1001"), 1), "primary")
TEXT = "大家晚上好，欢迎来到我的直播间，刚进来的朋友点点关注，今天我们聊一聊周末去哪里玩。"


def request(vendor_task_id: str, number: int) -> str:
    """A body with every field that the vendor documents for a passed segment, the submission echoed in it."""
    digest = hashlib.sha256(f"{vendor_task_id}{number}".encode()).hexdigest()
    audio = f"http://voice-{digest[:8]}.cos.ap-shanghai.myqcloud.com/POST_AUDIOSTREAM/{vendor_task_id}_{number}_{digest}.mp3"
    begin = 1_800_000_000_000 + number * 10_000
    detail: dict[str, Any] = {
        "audioUrl": audio,
        "preAudioUrl": "",
        "audio_starttime": f"2026-11-21 10:{number // 6 % 60:02}:{number % 6}0",
        "audio_endtime": f"2026-11-21 10:{number // 6 % 60:02}:{number % 6}9",
        "audioText": f"{number}{TEXT}",
        "content": f"{number}{TEXT}",
        "beginProcessTime": begin,
        "finishProcessTime": begin + 873,
        "description": "正常",
        "descriptionV2": "正常",
        "model": "M1000",
        "hits": [],
        "isSing": 0,
        "riskType": 0,
        "riskTypeDesc": "正常",
        "room": "room-1001",
        "userId": "104563213",
        "vadCode": 1,
        "requestParams": _echoed(),
    }
    message = {"code": 1100, "message": "成功", "requestId": f"{vendor_task_id}_{number}", "score": 0}
    message |= {"riskLevel": "PASS", "statCode": 0, "detail": detail, "auxInfo": {}}
    return json.dumps(message, ensure_ascii=False)


def _echoed() -> dict[str, Any]:
    switches = {
        "returnAllText": True,
        "returnPreText": False,
        "returnPreAudio": False,
        "returnFinishInfo": True,
    }
    zego = {
        "tokenId": "04AAAAAGkTr" + "x9K2" * 12,
        "roomId": "room-1001",
        "isMixingEnabled": True,
        "testEnv": False,
    }
    passed = {"task_ref": task_ref(), "attributes": {"host": "host-42", "title": "周末聊天"}}
    return {
        "streamType": "ZEGO",
        "zegoParam": zego,
        "initDomain": 5,
        "channel": "VOICE_ROOM",
        "lang": "zh",
        "tokenId": "host-42",
        "room": "room-1001",
        "extra": {"passThrough": passed},
        **switches,
    }


def task_ref(watch_id: str = WATCH_ID, *, hits_only: bool = False) -> str:
    """The task that the callbacks are of."""
    return ids.task_ref(watch_id, 1, hits_only=hits_only)


def sentence(vendor_task_id: str, number: int, ref: str) -> dict[str, Any]:
    """A result of Yidun's: a sentence that passed, with every field of such a one."""
    begin = 1_800_000_000_000 + number * 10_000
    evidences = {
        "suggestion": 0,
        "label": 0,
        "startTime": begin,
        "endTime": begin + 7_400,
        "content": f"{number}{TEXT}",
        "speakerId": "104563213",
        "segmentId": f"seg-{number:04}",
        "url": f"https://cdn.example.net/{vendor_task_id}/{number}.mp3",
        "labels": [],
    }
    told = {"taskId": vendor_task_id, "dataId": ref, "callback": ref, "censorSource": 2, "status": 2}
    return {
        "antispam": {**told, "languageCode": "zh", "riskLevel": 0, "riskScore": 3, "evidences": evidences}
    }


def _yidun(vendor_task_id: str, number: int) -> str:
    form = {"secretId": YIDUN["secret_id"], "businessId": YIDUN["business_id"]}
    form["callbackData"] = json.dumps(sentence(vendor_task_id, number, task_ref()), ensure_ascii=False)
    text = "".join(f"{name}{form[name]}" for name in sorted(form)) + YIDUN["secret_key"]
    digest = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return urlencode({**form, "signature": digest})


YIDUN = {"secret_id": "a" * 32, "secret_key": "c" * 32, "business_id": "b" * 32}
PUSHES: dict[str, Callable[[str, int], str]] = {"shumei": request, "yidun": _yidun}
"""A body as each vendor pushes it, by its task id and the number of the segment."""


def event(body: str, ref: str, key: str = KEY, vendor: str = "shumei") -> dict[str, Any]:
    """As the HTTP API delivers it."""
    path = {"vendor": vendor, "task_ref": ref, "mac": callback_url.mac(key, vendor, ref)}
    return {"pathParameters": path, "body": body, "isBase64Encoded": False}
