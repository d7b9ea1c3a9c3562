"""Audio stream V4: every field of its request tables; 1902 must name the field."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.doubles.conftest import Shumei, Time
from tests.unit.doubles.generations import V4_PARAMS, AudioV4

# field -> (a value of a wrong type, required)
TOP: dict[str, tuple[Any, bool]] = {
    "appId": (1, True),
    "eventId": (1, True),
    "type": (["POLITY"], False),
    "businessType": (1, False),
    "callback": (1, True),
    "acceptLang": (1, False),
    "btId": (1, False),
    "data": ([], True),
}
DATA: dict[str, tuple[Any, bool]] = {
    "tokenId": (1, True),
    "btId": (1, True),
    "streamType": (1, True),
    "lang": (1, False),
    "initDomain": ("6", False),
    "room": (1, False),
    "returnAllText": (True, False),
    "returnPreText": (False, False),
    "returnPreAudio": ("1", False),
    "returnFinishInfo": (True, False),
    "extra": ([], False),
    "liveTitle": (1, False),
    "anchorName": (1, False),
    "audioDetectStep": ("1", False),
    "receiveTokenId": (1, False),
    "deviceId": (1, False),
    "ip": (1, False),
    "level": ("1", False),
    "gender": (1, False),
}
ROWS = [("top", name, *row) for name, row in TOP.items()] + [
    ("data", name, *row) for name, row in DATA.items()
]


@pytest.fixture
def audio(shumei: Shumei, time: Time) -> AudioV4:
    return AudioV4(shumei.world, time)


def changed(audio: AudioV4, where: str, name: str, value: Any) -> Any:
    return audio.body(top={name: value}) if where == "top" else audio.body(**{name: value})


def field(where: str, name: str) -> str:
    return name if where == "top" else f"data.{name}"


def test_accepted_answer(audio: AudioV4) -> None:
    answer = audio.submit()
    assert list(answer) == ["code", "message", "requestId"]
    assert audio.task(answer["requestId"])["bt_id"] == "bt-1"


@pytest.mark.parametrize("kind", list(V4_PARAMS))
def test_every_stream_type(audio: AudioV4, kind: str) -> None:
    task = audio.start(kind)
    assert audio.task(task)["stream_type"] == kind
    assert audio.journal("call")[-1]["verdict"]["warnings"] == []
    name, value = V4_PARAMS[kind]
    for missing in value if isinstance(value, dict) else ():
        if missing not in ("tokenId", "roomId") or kind != "ZEGO":
            assert audio.submit(kind, {missing: ...})["code"] == 1902, missing
    audio.finish(task)
    without: dict[str, Any] = {name: ...}
    assert audio.submit(kind, **without)["code"] == 1902


@pytest.mark.parametrize(("where", "name", "wrong", "required"), ROWS)
def test_types_and_presence(audio: AudioV4, where: str, name: str, wrong: Any, required: bool) -> None:
    audio.refused(changed(audio, where, name, wrong), field(where, name))
    if required:
        audio.refused(changed(audio, where, name, ...), field(where, name))
    else:
        audio.accepted(changed(audio, where, name, ...) | {"businessType": "VOICE"})


@pytest.mark.parametrize("name", ["returnAllText", "returnPreText", "returnPreAudio", "returnFinishInfo"])
@pytest.mark.parametrize("value", [True, False, 2, -1, "1", 1.0])
def test_switches_are_the_integers_0_and_1(audio: AudioV4, name: str, value: Any) -> None:
    audio.refused(audio.body(**{name: value}), f"data.{name}")


WRONG = [
    ("top", "type", "POLITY_NOISE"),
    ("top", "businessType", "SINGING"),
    ("top", "callback", "ftp://receiver.example.com/cb"),
    ("top", "acceptLang", "fr"),
    ("data", "btId", "x" * 129),
    ("data", "streamType", "WEBRTC"),
    ("data", "lang", "xx"),
    ("data", "initDomain", 7),
    ("data", "audioDetectStep", 0),
    ("data", "audioDetectStep", 37),
    ("data", "receiveTokenId", "x" * 65),
    ("data", "level", 5),
    ("data", "gender", "ambiguity"),
    ("data", "ip", "999.1.1.1"),
]


@pytest.mark.parametrize(("where", "name", "value"), WRONG)
def test_values_that_are_refused(audio: AudioV4, where: str, name: str, value: Any) -> None:
    audio.refused(changed(audio, where, name, value), field(where, name))


RIGHT = [
    ("top", "type", "SING_COPYRIGHTSONGS_VOICE"),
    ("top", "acceptLang", "en"),
    ("data", "lang", "auto"),
    ("data", "btId", "x" * 128),
    ("data", "initDomain", 6),
    ("data", "audioDetectStep", 36),
    ("data", "gender", "female"),
    ("data", "returnAllText", 0),
]


@pytest.mark.parametrize(("where", "name", "value"), RIGHT)
def test_values_that_are_accepted(audio: AudioV4, where: str, name: str, value: Any) -> None:
    audio.accepted(changed(audio, where, name, value))
    assert audio.journal("call")[-1]["verdict"]["warnings"] == []


def test_neither_type_nor_business_type(audio: AudioV4) -> None:
    audio.refused(audio.body(top={"type": ...}), "type")
    audio.accepted(audio.body(top={"type": ..., "businessType": "GENDER_SING"}))


def test_data_above_one_megabyte(audio: AudioV4) -> None:
    audio.refused(audio.body(liveTitle="x" * 1_048_577), "data")


def test_bt_id_beside_the_data_is_tolerated_but_not_enough(audio: AudioV4) -> None:
    audio.accepted(audio.body(top={"btId": "bt-1"}))
    assert audio.journal("call")[-1]["verdict"]["warnings"] == []
    assert audio.submit("NORMAL", top={"btId": "bt-1"}, btId=...)["code"] == 1902
    audio.set(v4_bt_id_anywhere=True)
    task = audio.submit("NORMAL", top={"btId": "bt-9"}, btId=...)["requestId"]
    assert audio.task(task)["bt_id"] == "bt-9"


@pytest.mark.parametrize(
    ("kind", "param", "name"),
    [
        ("ZEGO", {"roomId": ..., "streamId": ...}, "zegoParam.roomId"),
        ("ZEGO", {"isMixingEnabled": False, "streamId": "s"}, "zegoParam.streamId"),
        ("ZEGO", {"isMixingEnabled": 1}, "zegoParam.isMixingEnabled"),
        ("ZEGO", {"tokenId": ...}, "zegoParam.tokenId"),
        ("AGORA", {"subscribeMode": "TRUSTED"}, "agoraParam.subscribeMode"),
        ("AGORA", {"token": "t"}, "agoraParam.uid"),
        ("TRTC", {"roomId": ...}, "trtcParam.roomId"),
        ("VOLC", {"subscribeMode": "UNTRUSTED"}, "volcParam.untrustedUserIdList"),
        ("ALI", {"isMixingEnabled": "false"}, "aliParam.isMixingEnabled"),
        ("YUNXIN", {"uid": "7"}, "yunxinParam.uid"),
        ("GIN", {"port": 80}, "ginParam.port"),
    ],
)
def test_rules_of_rtc_objects(audio: AudioV4, kind: str, param: Any, name: str) -> None:
    audio.refused(audio.body(kind, param), f"data.{name}")


def test_what_only_v2_knows_is_not_read(audio: AudioV4) -> None:
    audio.accepted(audio.body(param={"testEnv": True}, channel="VOICE_ROOM"))
    assert audio.journal("call")[-1]["verdict"]["warnings"] == [
        "data.channel is not a documented field",
        "data.zegoParam.testEnv is not a documented field",
    ]


def test_app_id_is_free_unless_a_code_is_set(audio: AudioV4) -> None:
    assert audio.submit(top={"appId": "else"})["code"] == 1100
    audio.set(unknown_app_id_code=9101)
    assert audio.submit("NORMAL", top={"appId": "else"})["code"] == 9101


def test_trtc_duplicates_go_by_uid_in_any_dialect(audio: AudioV4) -> None:
    audio.set(dialect="seed")
    first = audio.submit("TRTC", {"uid": "u"})["requestId"]
    assert audio.submit("TRTC", {"uid": "u", "userId": "robot2"})["detail"]["dupRequestId"] == first
    assert "detail" not in audio.submit("TRTC", {"uid": "v"})
    assert "detail" not in audio.submit("YUNXIN")
    assert "detail" not in audio.submit("YUNXIN")
    audio.set(duplicate_key={"YUNXIN": True})
    assert "detail" in audio.submit("YUNXIN")
