"""Video stream V4: every field of its request tables; 1902 must name the field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.doubles.conftest import Shumei, Time
from tests.unit.doubles.generations import VIDEO_PARAMS, Video

if TYPE_CHECKING:
    from local.doubles.model import Json

# field -> (a value of a wrong type, required)
TOP: dict[str, tuple[Any, bool]] = {
    "appId": (1, True),
    "eventId": (1, True),
    "imgType": (1, True),
    "imgBusinessType": (1, False),
    "audioType": (1, True),
    "audioBusinessType": (1, False),
    "imgCallback": (1, True),
    "audioCallback": (1, True),
    "acceptLang": (1, False),
    "data": ([], True),
}
DATA: dict[str, tuple[Any, bool]] = {
    "streamType": (1, True),
    "tokenId": (1, True),
    "lang": (1, False),
    **dict.fromkeys(("room", "streamName", "anchorName", "liveTitle", "liveCover", "ip"), (1, False)),
    **dict.fromkeys(("deviceId", "gender", "receiveTokenId", "imgCompareBase"), (1, False)),
    **dict.fromkeys(("level", "detectFrequency", "detectStep", "audioDetectStep"), ("1", False)),
    "imgBusinessDetectStep": ("1", False),
    **dict.fromkeys(("returnAllImg", "returnAllText", "returnPreText"), (True, False)),
    **dict.fromkeys(("returnPreAudio", "returnFinishInfo"), (True, False)),
    "extra": ([], False),
}
ROWS = [("top", name, *row) for name, row in TOP.items()] + [
    ("data", name, *row) for name, row in DATA.items()
]


@pytest.fixture
def video(shumei: Shumei, time: Time) -> Video:
    return Video(shumei.world, time)


def changed(video: Video, where: str, name: str, value: Any) -> Any:
    return video.body(top={name: value}) if where == "top" else video.body(**{name: value})


def field(where: str, name: str) -> str:
    return name if where == "top" else f"data.{name}"


@pytest.mark.parametrize("kind", list(VIDEO_PARAMS))
def test_every_stream_type(video: Video, kind: str) -> None:
    task = video.start(kind)
    assert video.task(task)["stream_type"] == kind
    assert video.journal("call")[-1]["verdict"]["warnings"] == []
    name, value = VIDEO_PARAMS[kind]
    for missing in value if isinstance(value, dict) else ():
        assert video.submit(kind, {missing: ...})["code"] == 1902, missing
    without: dict[str, Any] = {name: ...}
    assert video.submit(kind, **without)["code"] == 1902


@pytest.mark.parametrize("kind", ["GIN", "YUNXIN"])
def test_stream_types_of_audio_only(video: Video, kind: str) -> None:
    video.refused(video.body(streamType=kind), "data.streamType")


@pytest.mark.parametrize(("where", "name", "wrong", "required"), ROWS)
def test_types_and_presence(video: Video, where: str, name: str, wrong: Any, required: bool) -> None:
    video.refused(changed(video, where, name, wrong), field(where, name))
    if required:
        video.refused(changed(video, where, name, ...), field(where, name))
    else:
        video.accepted(changed(video, where, name, ...))


LENGTHS = [
    *(("top", name, 64) for name in ("eventId", "appId")),
    *(("data", name, 64) for name in ("tokenId", "room", "streamName", "receiveTokenId")),
    ("data", "deviceId", 128),
]


@pytest.mark.parametrize(("where", "name", "most"), LENGTHS)
def test_lengths(video: Video, where: str, name: str, most: int) -> None:
    video.set(video_unknown_app_id_code=0)
    video.refused(changed(video, where, name, "x" * (most + 1)), field(where, name))
    video.accepted(changed(video, where, name, "x" * most))


@pytest.mark.parametrize("name", ["imgCallback", "audioCallback"])
def test_lengths_of_addresses(video: Video, name: str) -> None:
    base = "https://receiver.example.com/"
    video.refused(video.body(top={name: base.ljust(1025, "x")}), name)
    video.accepted(video.body(top={name: base.ljust(1024, "x")}))


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("imgType", "QRCODE"),
        ("imgBusinessType", "DANCE"),
        ("audioType", "MOAN"),
        ("audioBusinessType", "AGE"),
    ],
)
def test_lengths_of_lists(video: Video, name: str, word: str) -> None:
    video.refused(video.body(top={name: "_".join([word] * 300)}), name)


def test_length_of_url_and_pass_through(video: Video) -> None:
    video.refused(video.body("NORMAL", url="https://a.example.com/".ljust(601, "x")), "data.url")
    long = {"a": "x" * 1024}
    video.refused(video.body(extra={"passThrough": long}), "data.extra.passThrough")
    video.accepted(video.body(extra={"passThrough": {"a": "x" * 1000}}))


WRONG: list[tuple[str, Json, str]] = [
    ("AGORA", {"appId": "x" * 65}, "appId"),
    ("AGORA", {"channel": "x" * 65}, "channel"),
    ("AGORA", {"uid": "7"}, "uid"),
    ("AGORA", {"token": "t"}, "uid"),
    ("AGORA", {"channelProfile": 2}, "channelProfile"),
    ("AGORA", {"enableH265Support": "yes"}, "enableH265Support"),
    ("AGORA", {"subscribeMode": "UNTRUSTED"}, "untrustedUserIdList"),
    ("AGORA", {"subscribeMode": "UNTRUSTED", "untrustedUserIdList": []}, "untrustedUserIdList"),
    ("AGORA", {"subscribeMode": "UNTRUSTED", "untrustedUserIdList": ["7"]}, "untrustedUserIdList"),
    ("AGORA", {"subscribeMode": "TRUSTED", "trustedUserIdList": list(range(18))}, "trustedUserIdList"),
    ("AGORA", {"subscribeMode": "TRUSTED", "trustedUserIdList": [2**32]}, "trustedUserIdList"),
    ("ZEGO", {"roomId": ...}, "roomId"),
    ("ZEGO", {"roomId": "x" * 65}, "roomId"),
    ("TRTC", {"userId": "x" * 33}, "userId"),
    ("TRTC", {"roomId": ...}, "roomId"),
    ("TRTC", {"strRoomId": "x" * 129}, "strRoomId"),
    ("TRTC", {"appScene": 2}, "appScene"),
    ("TRTC", {"demoSences": 3}, "demoSences"),
    ("VOLC", {"roomId": "x" * 129}, "roomId"),
    ("VOLC", {"userId": "x" * 65}, "userId"),
    ("ALI", {"room": "x" * 65}, "room"),
]


@pytest.mark.parametrize(("kind", "param", "name"), WRONG)
def test_rules_of_rtc_objects(video: Video, kind: str, param: Json, name: str) -> None:
    video.refused(video.body(kind, param), f"data.{VIDEO_PARAMS[kind][0]}.{name}")


RIGHT: list[tuple[str, Json]] = [
    ("AGORA", {"subscribeMode": "TRUSTED", "trustedUserIdList": list(range(17))}),
    ("AGORA", {"enableIntraRequest": True, "enableH265Support": 1}),
    ("TRTC", {"appScene": 1, "userSig": "x" * 300}),
    ("TRTC", {"roomId": ..., "strRoomId": "x" * 128}),
    ("VOLC", {"roomId": "x" * 128}),
]


@pytest.mark.parametrize(("kind", "param"), RIGHT)
def test_rtc_objects_that_are_accepted(video: Video, kind: str, param: Json) -> None:
    video.accepted(video.body(kind, param))


def test_user_sig_may_be_limited_to_the_letter(video: Video) -> None:
    video.set(video_user_sig_limit=128)
    video.refused(video.body("TRTC", {"userSig": "x" * 129}), "data.trtcParam.userSig")


@pytest.mark.parametrize(
    ("param", "data", "name"),
    [
        ({"streamId": "s"}, {}, "zegoParam.streamId"),
        ({"isMixingEnabled": False}, {}, "zegoParam.isMixingEnabled"),
        ({}, {"initDomain": 6}, "initDomain"),
    ],
)
def test_zego_has_room_and_token_only(video: Video, param: Json, data: Json, name: str) -> None:
    video.accepted(video.body(param=param, **data))
    (warning, *_) = video.journal("call")[-1]["verdict"]["warnings"]
    assert name in warning
    task = video.state()["tasks"][0]
    assert (task["stream"], task["split"]) == (None, True)
    video.set(video_zego_more_fields="refuse")
    answer = video.submit(param=param | {"roomId": "room-2"}, **data)
    assert (answer["code"], name in answer["message"]) == (1902, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("imgType", "DIRTY"),
        ("audioType", "SING"),
        ("audioBusinessType", "POLITY"),
        ("imgBusinessType", "a b"),
    ],
)
def test_unknown_functions(video: Video, name: str, value: str) -> None:
    video.refused(video.body(top={name: value}), name)


@pytest.mark.parametrize("media", ["img", "audio"])
def test_type_or_business_type(video: Video, media: str) -> None:
    business = {"img": "FACEDETECTION_DANCE", "audio": "GENDER_APPNAME"}[media]
    video.refused(video.body(top={f"{media}Type": ...}), f"{media}Type")
    video.accepted(video.body(top={f"{media}Type": ..., f"{media}BusinessType": business}))


def test_without_audio_no_address_for_audio_is_needed(video: Video) -> None:
    video.refused(video.body(top={"audioType": "NONE_POLITY"}), "audioType")
    video.refused(
        video.body(top={"audioType": "NONE", "audioBusinessType": "AGE", "audioCallback": ...}),
        "audioCallback",
    )
    video.accepted(video.body(top={"audioType": "NONE", "audioCallback": ...}))


@pytest.mark.parametrize("code", [1902, 9101])
def test_app_id_is_checked_strictly(video: Video, code: int) -> None:
    video.set(video_unknown_app_id_code=code)
    assert video.submit(top={"appId": "else"})["code"] == code
    assert video.submit()["code"] == 1100


@pytest.mark.parametrize("value", [0, 0.5, -3, 1, 3.9, 60])
def test_frequencies_that_are_accepted(video: Video, value: float) -> None:
    video.accepted(video.body(detectFrequency=value))


def test_frequency_above_sixty(video: Video) -> None:
    video.refused(video.body(detectFrequency=61), "data.detectFrequency")
    video.set(video_frequency_above="clamp")
    video.accepted(video.body(detectFrequency=61))


@pytest.mark.parametrize(
    ("setting", "data", "name"),
    [
        ({"video_lang_required": True}, {}, "lang"),
        ({"video_token_id_limit": 40}, {"tokenId": "x" * 41}, "tokenId"),
    ],
)
def test_where_the_documents_disagree(video: Video, setting: Json, data: Json, name: str) -> None:
    video.accepted(video.body("NORMAL", **data))
    video.set(**setting)
    answer = video.submit(**data)
    assert (answer["code"], f"data.{name}" in answer["message"]) == (1902, True)


@pytest.mark.parametrize("request_id", ["x" * 33, "", 7, ...])
def test_finish_checks_its_fields(video: Video, request_id: object) -> None:
    answer = video.finish(request_id)
    assert (answer["code"], "requestId" in answer["message"]) == (1902, True)
