"""Values, ranges and conditions of the page's request tables. 1902 must name the field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from local.doubles.model import Json
    from tests.unit.doubles.conftest import Shumei

PLATFORMS = ("AGORA", "GIN", "ZEGO", "TRTC", "VOLC", "ALI")

VALUES = [
    ("ZEGO", "top", "type",
     ["EROTIC", "POLITY_EROTIC_MOAN_ADVERT", "AUDIOPOLITICAL_ANTHEN_MINOR_BANEDAUDIO_DIRTY",
      "BAN_VIOLENT_ADLAW_COPYRIGHTSONGS"],
     ["PORN", "ANTHEM", "polity", "POLITY,EROTIC", "POLITY_", "_", "SING", "POLITY__EROTIC"]),
    ("ZEGO", "top", "businessType", ["SING_AGE_LANGUAGE_GENDER_TIMBRE_VOICE_AUDIOSCENE"], ["EROTIC", "SONG"]),
    ("ZEGO", "top", "btId", ["x" * 128, "声" * 128], ["x" * 129]),
    ("ZEGO", "top", "callback", ["http://10.141.16.179:8900/", "https://a.example/b?c=d"],
     ["ftp://a.example/", "a.example/b", "/b", "https://", "http://a b/"]),
    ("ZEGO", "data", "streamType", [], ["zego", "YUNXIN", "RTC"]),
    ("ZEGO", "data", "lang", ["zh", "en", "ar", "hi", "auto"], ["ZH", "cn"]),
    ("ZEGO", "data", "role", ["ADMIN", "HOST", "SYSTEM", "USER"], ["GUEST"]),
    ("ZEGO", "data", "initDomain", [0, 1, 2, 3, 4, 5, 6], [-1, 7]),
    ("ZEGO", "data", "audioDetectStep", [1, 36], [0, 37, -1]),
    ("ZEGO", "data", "receiveTokenId", ["a_B-9", "x" * 64], ["x" * 65, "a b", "声"]),
    ("ZEGO", "data", "ip", ["1.2.3.4", "2001:db8::1"], ["1.2.3", "host"]),
    ("ZEGO", "data", "level", [0, 4], [-1, 5]),
    ("ZEGO", "data", "gender", ["male", "female", "ambiguity"], ["other"]),
    ("ZEGO", "data", "extra", [{}, {"passThrough": {}}, {"passThrough": {"a": [1, {"b": None}]}}], []),
    ("NORMAL", "data", "url",
     ["rtmp://a/b", "rtmps://a/b", "https://a/b.flv", "http://a/b.m3u8", "hls://a/b"],
     ["a/b", "file:///b", "ws://a/b"]),
    ("AGORA", "param", "uid", [0, 4294967295], [-1, 4294967296]),
    ("AGORA", "param", "channelProfile", [0, 1], [2, -1]),
    ("AGORA", "param", "subscribeMode", ["AUTO"], ["ALL", "auto"]),
    ("AGORA", "param", "trustedUserIdList", [[], ["123", "4294967295"]],
     [["user-7"], ["4294967296"], ["-1"]]),
    ("TRTC", "param", "demoSences", [2, 4], [0, 1, 3]),
    ("TRTC", "param", "userId", ["a-Z_9", "x" * 32], ["x" * 33, "a.b", "声"]),
    ("TRTC", "param", "roomId", [1, 4294967294], [0, -1, 4294967295]),
    ("TRTC", "param", "strRoomId", ["a-Z_9"], ["a b", "room#1"]),
    ("VOLC", "param", "subscribeMode", ["AUTO", "TRUSTED"], ["NONE"]),
    ("ALI", "param", "isMixingEnabled", ["true", "false", True, False], [1, "yes"]),
]  # fmt: skip


@pytest.mark.parametrize("row", VALUES)
def test_values(shumei: Shumei, row: tuple[str, str, str, list[Any], list[Any]]) -> None:
    kind, where, name, good, bad = row
    for value in bad:
        shumei.refused(shumei.changed(kind, where, name, value), shumei.path(kind, where, name))
    shumei.set(duplicate_key={kind: False})
    for value in good:
        shumei.accepted(shumei.changed(kind, where, name, value))


CONDITIONS = [
    ("NORMAL", None, {"url": ...}, "data.url"),
    ("NORMAL", None, {"url": ""}, "data.url"),
    *((kind, None, {f"{kind.lower()}Param": ...}, f"data.{kind.lower()}Param") for kind in PLATFORMS),
    *((kind, None, {f"{kind.lower()}Param": []}, f"data.{kind.lower()}Param") for kind in PLATFORMS),
    ("ZEGO", {"roomId": ..., "streamId": ...}, {}, "data.zegoParam.roomId"),
    ("ZEGO", {"roomId": ""}, {}, "data.zegoParam.roomId"),
    ("ZEGO", {"isMixingEnabled": False, "roomId": ..., "streamId": "s"}, {}, "data.zegoParam.roomId"),
    ("ZEGO", {"isMixingEnabled": False, "streamId": "s"}, {}, "data.zegoParam.streamId"),
    ("AGORA", {"token": "t"}, {}, "data.agoraParam.uid"),
    ("AGORA", {"subscribeMode": "TRUSTED"}, {}, "data.agoraParam.subscribeMode"),
    ("AGORA", {"subscribeMode": "UNTRUSTED", "untrustedUserIdList": ["1"], "isMixingEnabled": True}, {},
     "data.agoraParam.subscribeMode"),
    ("AGORA", {"subscribeMode": "UNTRUSTED", "isMixingEnabled": False}, {},
     "data.agoraParam.untrustedUserIdList"),
    ("AGORA", {"subscribeMode": "UNTRUSTED", "isMixingEnabled": False, "untrustedUserIdList": []}, {},
     "data.agoraParam.untrustedUserIdList"),
    ("VOLC", {"subscribeMode": "UNTRUSTED"}, {}, "data.volcParam.untrustedUserIdList"),
    ("VOLC", {"subscribeMode": "UNTRUSTED", "untrustedUserIdList": []}, {},
     "data.volcParam.untrustedUserIdList"),
    ("TRTC", {"roomId": ..., "strRoomId": ""}, {}, "data.trtcParam.roomId"),
    ("ZEGO", None, {"extra": {"passThrough": "x"}}, "data.extra.passThrough"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "param", "data", "field"), CONDITIONS)
def test_conditions(shumei: Shumei, kind: str, param: Json | None, data: Json, field: str) -> None:
    shumei.refused(shumei.body(kind, param, **data), field)


@pytest.mark.parametrize(
    ("kind", "param"),
    [
        ("ZEGO", {"roomId": ..., "streamId": "s"}),
        ("ZEGO", {"streamId": "s"}),
        ("ZEGO", {"streamId": "s", "isMixingEnabled": True}),
        ("ZEGO", {"isMixingEnabled": False}),
        ("ZEGO", {"isMixingEnabled": False, "streamId": ""}),
        ("AGORA", {"token": "t", "uid": 0}),
        ("AGORA", {"subscribeMode": "TRUSTED", "isMixingEnabled": False}),
        ("AGORA", {"subscribeMode": "UNTRUSTED", "isMixingEnabled": False, "untrustedUserIdList": ["1"]}),
        ("VOLC", {"subscribeMode": "TRUSTED"}),
        ("VOLC", {"subscribeMode": "UNTRUSTED", "untrustedUserIdList": ["user-7"]}),
        ("TRTC", {"roomId": ..., "strRoomId": "room_1"}),
        ("TRTC", {"strRoomId": "room_1"}),
    ],
)
def test_conditions_met(shumei: Shumei, kind: str, param: Json) -> None:
    shumei.accepted(shumei.body(kind, param))
