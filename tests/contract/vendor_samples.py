"""Bodies that a vendor documents, by vendor. A new vendor is covered by its registry line and an entry here."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from tests.contract import samples_declared, samples_tupu, samples_volcengine


@dataclass(frozen=True)
class Samples:
    """``segments`` are hits or not, ``others`` are genuine callbacks that hold no verdict. ``task_id``: as the vendor
    gives them."""

    hits: tuple[bytes, ...]
    passes: tuple[bytes, ...]
    others: tuple[bytes, ...]
    options: tuple[dict[str, Any], ...] = field(default=({},))
    wrong_options: tuple[dict[str, Any], ...] = field(default=({"no_such_setting": 1},))
    task_id: str = "0123456789abcdef0123456789abcdef"

    @property
    def genuine(self) -> tuple[bytes, ...]:
        return (*self.hits, *self.passes, *self.others)


def _shumei(request_id: str = "a78eef377079acc6_1", **more: Any) -> bytes:
    body = {"code": 1100, "message": "成功", "requestId": request_id, **more}
    return json.dumps(body, ensure_ascii=False).encode()


def _yidun(**antispam: Any) -> bytes:
    told = {"taskId": "0123456789abcdef0123456789abcdef", "dataId": "room-42:0007", "censorSource": 2}
    return json.dumps({"antispam": {**told, **antispam}}, ensure_ascii=False).encode()


def _sentence(suggestion: int, **more: Any) -> dict[str, Any]:
    times = {"startTime": 1_700_000_120_000, "endTime": 1_700_000_127_400}
    return {
        "suggestion": suggestion,
        **times,
        "content": "……",
        "speakerId": "u_1",
        "segmentId": "seg-1",
        **more,
    }


VENDORS = {
    "tupu": Samples(**samples_tupu.SAMPLES),
    "volcengine": Samples(**samples_volcengine.SAMPLES),
    **{name: Samples(**samples) for name, samples in samples_declared.SAMPLES.items()},
    "yidun": Samples(
        hits=(
            _yidun(evidences=_sentence(2, label=600, labels=[{"label": 600, "level": 2, "rate": 0.97}])),
            _yidun(evidences=_sentence(1, label=77_777, labels=[{"label": 77_777, "level": 1}])),
        ),
        passes=(
            _yidun(evidences=_sentence(0, labels=[])),
            _yidun(evidences=_sentence(0), new=[{"field": 1}]),
        ),
        others=(
            _yidun(status=2, finishType=1, duration=3605),
            _yidun(status=3, failureReason=2, finishType=0),
            _yidun(censorSource=0, reviewEvidences={"action": 3, "actionTime": 1_700_000_260_000}),
            _yidun(censorSource=0, reviewEvidences={"action": 10, "actionTime": 1_700_000_270_000}),
        ),
        options=(
            {},
            {"product": "livewall", "detectType": 0},
            {"longRooms": "token_api", "checkLanguageCode": "zh"},
            {"fromAttributes": {"title": "name"}, "resultTimes": "stream"},
        ),
        wrong_options=(
            {"no_such_setting": 1},
            {"product": "karaoke"},
            {"title": 1},
            {"accountLevel": "a1"},
            {"longRooms": "never"},
            {"shortRoomLimits": {"zego": 7_200}},
        ),
    ),
    "shumei": Samples(
        hits=(
            _shumei(riskLevel="REJECT", score=950, detail={"riskType": 210, "audioText": "……"}),
            _shumei(riskLevel="REVIEW", detail={"riskType": 999}),
        ),
        passes=(
            _shumei(riskLevel="PASS"),
            _shumei(riskLevel="PASS", score=0, detail={"riskType": 0, "vadCode": 0, "new": {"field": [1]}}),
        ),
        others=(
            _shumei("a78eef377079acc6", statCode=1, auxInfo={"errorCode": 3005, "streamTime": 120}),
            _shumei("a78eef377079acc6", code=1904),
            _shumei("a78eef377079acc6_9", statCode=1, riskLevel="PASS"),
        ),
        options=(
            {},
            {"cluster": "gg"},
            {"type": None, "businessType": "SING_GENDER"},
            {"agoraParam": {"channelProfile": 1}, "audioDetectStep": 2},
            {"generation": "v4", "eventId": "evening", "acceptLang": "en"},
            {"generation": "v4_video", "audioType": "NONE", "detectFrequency": 10},
        ),
        wrong_options=(
            {"no_such_setting": 1},
            {"cluster": "mars"},
            {"lang": 1},
            {"type": ""},
            {"initDomain": 7},
            {"agoraParam": {"subscribeMode": "UNTRUSTED"}},
            {"volcParam": {"trustedUserIdList": ["x"]}},
            {"trtcParam": {"roomId": 7}},
            {"generation": "v5"},
            {"imgType": "DIRTY", "generation": "v4_video"},
        ),
    ),
}

GARBAGE = (
    b"\x00",
    b"\xff\xfe{",
    b"null",
    b"[]",
    b"{}",
    b'"text"',
    b"1e400",
    b"NaN",
    b"{" * 100_000,
    b'{"a":' * 100_000,
    b"[" * 100_000,
    b"<html></html>",
    b'{"requestId": null}',
    b'{"code": "x", "requestId": "a_1"}',
    b'{"code": null, "requestId": "a_1"}',
    b'{"code": 1e400, "requestId": "a_1"}',
    b'{"code": NaN, "requestId": "a_1"}',
    b'{"code": [], "requestId": {}}',
    b'{"code": 1100, "requestId": "\\ud800"}',
    b'{"code": 1100, "requestId": "a\\u0000b", "riskLevel": "PASS"}',
    b'{"code": ' + b"1" * 5_000 + b', "requestId": "a_1"}',
    '{"code": 1100, "requestId": "  "}'.encode("utf-16"),
)
"""What nobody documents. Most of it is refused; whatever is not must hold to the port all the same."""
