"""Bodies that a vendor documents, by vendor. A new vendor is covered by its registry line and an entry here."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Samples:
    """``segments`` are hits or not, ``others`` are genuine callbacks that hold no verdict."""

    hits: tuple[bytes, ...]
    passes: tuple[bytes, ...]
    others: tuple[bytes, ...]
    options: tuple[dict[str, Any], ...] = field(default=({},))
    wrong_options: tuple[dict[str, Any], ...] = field(default=({"no_such_setting": 1},))

    @property
    def genuine(self) -> tuple[bytes, ...]:
        return (*self.hits, *self.passes, *self.others)


def _shumei(request_id: str = "a78eef377079acc6_1", **more: Any) -> bytes:
    body = {"code": 1100, "message": "成功", "requestId": request_id, **more}
    return json.dumps(body, ensure_ascii=False).encode()


VENDORS = {
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
