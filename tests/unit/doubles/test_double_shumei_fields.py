"""Every field of the page's request tables: required, typed, ranged. 1902 must name the field."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.doubles.model import Json
    from tests.unit.doubles.conftest import Shumei

    Row = tuple[str, str, str, str, bool]  # kind, where, name, type, required

# field -> (type, required). Rows of 4.1-4.3; what is required only sometimes has its own test below.
TOP = {
    "accessKey": ("string", True),
    "type": ("string", False),
    "businessType": ("string", False),
    "btId": ("string", True),
    "appId": ("string", False),
    "callback": ("string", True),
    "data": ("object", True),
}
DATA = {
    "streamType": ("string", True),
    "url": ("string", False),
    "tokenId": ("string", True),
    "channel": ("string", True),
    "lang": ("string", False),
    "extra": ("object", False),
    "room": ("string", False),
    "role": ("string", False),
    "returnAllText": ("bool", False),
    "returnPreText": ("bool", False),
    "returnPreAudio": ("bool", False),
    "returnFinishInfo": ("bool", False),
    "initDomain": ("int", False),
    "audioDetectStep": ("int", False),
    "receiveTokenId": ("string", False),
    "deviceId": ("string", False),
    "ip": ("string", False),
    "level": ("int", False),
    "gender": ("string", False),
}
PARAM = {
    "AGORA": {
        "appId": ("string", True),
        "channel": ("string", True),
        "token": ("string", False),
        "uid": ("int", False),
        "isMixingEnabled": ("bool", False),
        "channelProfile": ("int", False),
        "subscribeMode": ("string", False),
        "trustedUserIdList": ("strings", False),
        "untrustedUserIdList": ("strings", False),
    },
    "GIN": {
        "tokenId": ("string", True),
        "roomId": ("string", True),
        "isMixingEnabled": ("bool", True),
        "ip": ("string", True),
        "port": ("string", True),
    },
    "ZEGO": {
        "tokenId": ("string", True),
        "streamId": ("string", False),
        "roomId": ("string", True),  # as long as there is no streamId
        "testEnv": ("bool", False),
        "isMixingEnabled": ("bool", False),
    },
    "TRTC": {
        "sdkAppId": ("int", True),
        "demoSences": ("int", True),
        "userId": ("string", True),
        "userSig": ("string", True),
        "uid": ("string", False),
        "roomId": ("int", True),  # as long as there is no strRoomId
        "strRoomId": ("string", False),
    },
    "VOLC": {
        "appId": ("string", True),
        "roomId": ("string", True),
        "token": ("string", True),
        "userId": ("string", True),
        "subscribeMode": ("string", False),
        "trustedUserIdList": ("strings", False),
        "untrustedUserIdList": ("strings", False),
    },
    "ALI": {"token": ("string", True), "room": ("string", True), "userId": ("string", True)},
}
WRONG: dict[str, list[Any]] = {
    "string": [1, True, {}, [], None],
    "int": ["1", True, 1.0, 1.5, [], None],
    "bool": [0, 1, "true", {}, None],
    "object": ["{}", [], 1, None],
    "strings": ["7", [7], {}, [None], None],
}


def rows() -> Iterator[Row]:
    for name, row in TOP.items():
        yield "ZEGO", "top", name, *row
    for name, row in DATA.items():
        yield "ZEGO", "data", name, *row
    for kind, table in PARAM.items():
        for name, row in table.items():
            yield kind, "param", name, *row


ROWS = list(rows())


@pytest.mark.parametrize("kind", ["NORMAL", *PARAM])
def test_smallest_submission_is_accepted(shumei: Shumei, kind: str) -> None:
    shumei.accepted(shumei.body(kind))
    assert shumei.journal("call")[-1]["verdict"] == {
        "ok": True, "code": 1100, "field": None, "message": "", "warnings": [],
    }  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_wrong_type(shumei: Shumei, row: Row) -> None:
    kind, where, name, json_type, _ = row
    for value in WRONG[json_type]:
        shumei.refused(shumei.changed(kind, where, name, value), shumei.path(kind, where, name))


@pytest.mark.parametrize("row", ROWS)
def test_required_or_not(shumei: Shumei, row: Row) -> None:
    kind, where, name, _, required = row
    body = shumei.changed(kind, where, name, ...)
    if name == "type":
        shumei.refused(body, "type")  # neither type nor businessType
    elif required:
        shumei.refused(body, shumei.path(kind, where, name))
    else:
        shumei.accepted(body)


@pytest.mark.parametrize("row", [r for r in ROWS if r[3] == "string" and r[4]])
def test_empty_required_string(shumei: Shumei, row: Row) -> None:
    kind, where, name, *_ = row
    shumei.refused(shumei.changed(kind, where, name, ""), shumei.path(kind, where, name))


def test_empty_required_string_is_a_setting(shumei: Shumei) -> None:
    shumei.set(allow_empty_required=True)
    shumei.accepted(shumei.body("TRTC", param={"userSig": ""}, top={"btId": ""}, channel="", tokenId=""))
    shumei.admin("POST", f"tasks/{shumei.state()['tasks'][0]['id']}/end", {})
    for name in ("streamType", "callback"):
        where = "top" if name == "callback" else "data"
        answer = json.loads(shumei.send(shumei.changed("ZEGO", where, name, "")).body)
        assert answer["code"] == 1902


def test_null_is_a_setting(shumei: Shumei) -> None:
    shumei.set(null_is_absent=True)
    nothing = dict.fromkeys(DATA, None) | {"streamType": "ZEGO", "tokenId": "o", "channel": "c"}
    shumei.accepted(shumei.body("ZEGO", param={"streamId": None, "testEnv": None}, **nothing))
    shumei.accepted(shumei.body("TRTC", param={"roomId": None, "strRoomId": "abc"}, agoraParam=None))
    answer = shumei.submit(tokenId=None)
    assert (answer["code"], "data.tokenId" in answer["message"]) == (1902, True)


def test_business_type_alone_is_enough(shumei: Shumei) -> None:
    shumei.accepted(shumei.body(top={"type": ..., "businessType": "GENDER_SING"}))
    assert shumei.submit(top={"type": "", "businessType": ""})["code"] == 1902


def test_old_types_are_a_setting(shumei: Shumei) -> None:
    shumei.set(accept_old_types=True)
    shumei.accepted(shumei.body(top={"type": "PORN_ABUSE_AD_POLITICAL_DEFAULT"}))


def test_subscribe_mode_in_mixed_agora_is_a_setting(shumei: Shumei) -> None:
    shumei.set(agora_subscribe_in_mixed="ignore")
    shumei.accepted(shumei.body("AGORA", {"subscribeMode": "UNTRUSTED"}))


def test_data_of_a_megabyte(shumei: Shumei) -> None:
    frame = len(json.dumps(shumei.body(extra={"passThrough": {"x": ""}})["data"], separators=(",", ":")))
    shumei.accepted(shumei.body(extra={"passThrough": {"x": "a" * (1_048_576 - frame)}}))
    answer = shumei.submit("NORMAL", extra={"passThrough": {"x": "声" * 400_000}})
    assert (answer["code"], "data" in answer["message"]) == (1902, True)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'"x"', b"\xff", b'{"accessKey": NaN}', b"[" * 100_000])
def test_body_that_is_no_object(shumei: Shumei, raw: bytes) -> None:
    assert json.loads(shumei.send(raw).body)["code"] == 1902
    assert shumei.journal("call")[-1]["verdict"]["field"] == "body"


def test_the_pages_own_sample_is_not_json(shumei: Shumei) -> None:
    sample = b'{"accessKey": "AK_EXAMPLE", "data": {"callbackParam": {"test3": true},}}'
    assert json.loads(shumei.send(sample).body)["code"] == 1902


def test_any_content_type_will_do(shumei: Shumei) -> None:
    shumei.accepted(json.dumps(shumei.body()).encode())


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"top": {"btId": ..., "btid": "b"}}, "btid"),
        ({"callbackParam": {"test1": 1}}, "callbackParam"),
        ({"agoraParam": {}}, "agoraParam"),
        ({"top": {"businessType": "SING"}}, "GENDER"),
        ({"param": {"streamId": "s"}}, "roomId is not read"),
        ({"kind": "NORMAL", "initDomain": 5}, "initDomain"),
        ({"kind": "TRTC", "param": {"strRoomId": "r"}}, "strRoomId"),
        ({"kind": "VOLC", "param": {"untrustedUserIdList": ["1"]}}, "untrustedUserIdList"),
        ({"param": {"Token": "t"}}, "zegoParam.Token"),
    ],
)
def test_what_only_deserves_a_warning(shumei: Shumei, change: Json, word: str) -> None:
    shumei.accepted(shumei.body(**change))
    assert any(word in text for text in shumei.journal("call")[-1]["verdict"]["warnings"])
