"""What V4 is asked, against the tables of its pages."""

import json
from typing import Any

import pytest
from earshot.errors import BadInput, Misconfigured
from earshot.vendors.shumei.apis import body_for
from earshot.vendors.shumei.options import parse
from earshot.vendors.shumei.request import MAX_DATA_BYTES

from tests.unit.shumei.shumei_v4 import of, refused, sent
from tests.unit.support.notes import Notes
from tests.unit.support.shumei_calls import keyring
from tests.unit.support.shumei_streams import AGORA, TRTC, URL, VOLC, ZEGO, Case

SWITCHES = ("returnAllText", "returnPreText", "returnPreAudio", "returnFinishInfo")
SOUND_FIELDS: dict[str, type] = {
    **dict.fromkeys(("accessKey", "appId", "eventId", "type", "businessType", "callback", "acceptLang"), str),
    "data": dict,
    **dict.fromkeys(("data.btId", "data.tokenId", "data.streamType", "data.lang", "data.room"), str),
    **dict.fromkeys(("data.liveTitle", "data.anchorName", "data.receiveTokenId", "data.deviceId"), str),
    **dict.fromkeys(("data.ip", "data.gender"), str),
    **dict.fromkeys(("data.initDomain", "data.audioDetectStep", "data.level"), int),
    **{f"data.{name}": int for name in SWITCHES},
    **dict.fromkeys(("data.zegoParam", "data.extra", "data.extra.passThrough"), dict),
    **dict.fromkeys(("data.zegoParam.tokenId", "data.zegoParam.roomId"), str),
    "data.zegoParam.isMixingEnabled": bool,
}
VIDEO_FIELDS: dict[str, type] = {
    **dict.fromkeys(("accessKey", "appId", "eventId", "imgType", "imgBusinessType", "audioType"), str),
    **dict.fromkeys(("audioBusinessType", "imgCallback", "audioCallback", "acceptLang"), str),
    "data": dict,
    **dict.fromkeys(("data.tokenId", "data.streamType", "data.lang", "data.room", "data.streamName"), str),
    **dict.fromkeys(("data.liveTitle", "data.anchorName", "data.liveCover", "data.imgCompareBase"), str),
    **dict.fromkeys(("data.receiveTokenId", "data.deviceId", "data.ip", "data.gender"), str),
    **dict.fromkeys(("data.level", "data.detectFrequency", "data.detectStep", "data.audioDetectStep"), int),
    "data.imgBusinessDetectStep": int,
    **{f"data.{name}": int for name in (*SWITCHES, "returnAllImg")},
    **dict.fromkeys(("data.zegoParam", "data.extra", "data.extra.passThrough"), dict),
    **dict.fromkeys(("data.zegoParam.tokenId", "data.zegoParam.roomId"), str),
}
BOTH = {
    "acceptLang": "en",
    "liveTitle": "夜",
    "anchorName": "Anna",
    "audioDetectStep": 2,
    "receiveTokenId": "user_7-a",
    "deviceId": "B1F2",
    "ip": "2001:db8::1",
    "level": 4,
    "gender": "female",
}
EVERY_SOUND = {**BOTH, "businessType": "GENDER_SING"}
EVERY_VIDEO = {
    **BOTH,
    "imgBusinessType": "AGE_LICENCEPLATE",
    "audioBusinessType": "MINOR_APPNAME",
    "streamName": "one",
    "liveCover": "https://cdn.example.com/c.jpg",
    "imgCompareBase": "base",
    "detectFrequency": 5,
    "detectStep": 1,
    "imgBusinessDetectStep": 3,
}


def paths(tree: dict[str, Any], prefix: str = "") -> dict[str, type]:
    found: dict[str, type] = {}
    for name, value in tree.items():
        found[f"{prefix}{name}"] = type(value)
        if isinstance(value, dict) and name != "passThrough":
            found |= paths(value, f"{prefix}{name}.")
    return found


def test_every_field_of_the_audio_page_can_be_sent_with_its_type_and_no_other() -> None:
    assert paths(sent(of(ZEGO, "v4", **EVERY_SOUND))) == SOUND_FIELDS


def test_every_field_of_the_video_page_can_be_sent_with_its_type_and_no_other() -> None:
    assert paths(sent(of(ZEGO, "v4_video", **EVERY_VIDEO))) == VIDEO_FIELDS


@pytest.mark.parametrize(
    ("generation", "every"),
    [("v4", EVERY_SOUND), ("v4_video", EVERY_VIDEO)],
)
def test_a_value_arrives_as_it_is(generation: str, every: dict[str, Any]) -> None:
    made = sent(of(ZEGO, generation, **every))
    for name, value in every.items():
        assert {**made["data"], **made}[name] == value


def test_the_audio_pages_example() -> None:
    made = sent(of(ZEGO, "v4", appId="mine"), account_id="owner-42")
    assert made == {
        "accessKey": "AK_EXAMPLE",
        "appId": "mine",
        "eventId": "default",
        "type": "POLITY_EROTIC_DIRTY_ADVERT_MOAN",
        "callback": "https://api.example.com/callbacks/x",
        "data": {
            "btId": made["data"]["btId"],
            "streamType": "ZEGO",
            "zegoParam": {"tokenId": "04AAAA", "roomId": "room-1001", "isMixingEnabled": True},
            "initDomain": 6,
            "lang": "zh",
            "returnAllText": 1,
            "returnPreText": 0,
            "returnPreAudio": 0,
            "returnFinishInfo": 1,
            "tokenId": "owner-42",
            "room": "room-1001",
            "extra": made["data"]["extra"],
        },
    }
    assert made["data"]["btId"] == ZEGO.submission().watch.watch_id
    assert set(made["data"]["extra"]["passThrough"]) == {"task_ref", "attributes"}


@pytest.mark.parametrize("name", [*SWITCHES, "returnAllImg"])
@pytest.mark.parametrize("value", [True, False])
def test_switches_are_numbers_on_the_wire(name: str, value: bool) -> None:
    for generation in ("v4", "v4_video") if name != "returnAllImg" else ("v4_video",):
        told = sent(of(ZEGO, generation, **{name: value}))["data"][name]
        assert (told, type(told)) == (int(value), int)


def test_pictures_and_sound_come_to_the_same_address() -> None:
    made = sent(of(ZEGO, "v4_video"))
    assert made["imgCallback"] == made["audioCallback"] == "https://api.example.com/callbacks/x"
    silent = sent(of(ZEGO, "v4_video", audioType="NONE"))
    assert (silent["audioType"], "audioCallback" in silent) == ("NONE", False)


def test_v4_demands_an_app_id() -> None:
    for generation in ("v4", "v4_video"):
        submission = of(ZEGO, generation).submission()
        options = parse(submission.watch.plan["vendor_options"])
        section = keyring({"shumei": {"access_key": "AK_EXAMPLE"}}).section("shumei")
        with pytest.raises(Misconfigured, match=r"shumei\.app_id"):
            body_for(submission, options, section)
        assert sent(of(ZEGO, generation))["appId"] == "default"
        assert sent(of(ZEGO, generation, appId="from-plan"))["appId"] == "from-plan"


def test_data_ends_at_one_megabyte() -> None:
    with pytest.raises(BadInput) as error:
        sent(of(ZEGO, "v4"), attributes=json.dumps({"a": "x" * MAX_DATA_BYTES}))
    assert error.value.field == "attributes"


# --- the shorter fields of a video stream


def test_attributes_that_are_too_long_are_left_out_and_the_task_is_still_ours(notes: Notes) -> None:
    fitting, too_long = {"a": "夜" * 900}, {"a": "夜" * 1_024}
    room = of(ZEGO, "v4_video")
    assert sent(room, attributes=json.dumps(fitting))["data"]["extra"]["passThrough"]["attributes"] == fitting
    assert not notes.codes
    passed = sent(room, attributes=json.dumps(too_long))["data"]["extra"]["passThrough"]
    assert passed == {"task_ref": room.submission().task_ref}
    assert notes.of("ES214")["fields"] == "attributes"


def test_a_room_name_that_is_too_long_is_left_out(notes: Notes) -> None:
    room = of(TRTC.but(room_id="r" * 128, secrets={"room_id_kind": "string"}), "v4_video", tokenId="me")
    data = sent(room)["data"]
    assert (data["trtcParam"]["strRoomId"], "room" in data) == ("r" * 128, False)
    assert notes.of("ES214")["fields"] == "room_id"


def test_an_account_that_is_too_long_is_told() -> None:
    assert refused(of(ZEGO, "v4_video"), account_id="a" * 64) is None
    assert refused(of(ZEGO, "v4_video"), account_id="a" * 65) == "tokenId"
    assert refused(of(ZEGO, "v4"), account_id="a" * 65) is None


@pytest.mark.parametrize(
    ("case", "field"),
    [
        (ZEGO.but(room_id="r" * 65), "zegoParam.roomId"),
        (AGORA.but(room_id="r" * 65), "agoraParam.channel"),
        (AGORA.but(app_id="a" * 65), "agoraParam.appId"),
        (VOLC.but(room_id="r" * 129), "volcParam.roomId"),
        (VOLC.but(secrets={"user_id": "u" * 65}), "volcParam.userId"),
        (TRTC.but(room_id="r" * 129, secrets={"room_id_kind": "string"}), "trtcParam.strRoomId"),
        (URL.but(stream_url="rtmp://live.example.com/" + "a" * 577), "url"),
    ],
)
def test_ids_that_are_too_long_for_a_video_stream(case: Case, field: str) -> None:
    assert refused(of(case, "v4_video", tokenId="me")) == field
    assert refused(of(case, "v4")) is None
