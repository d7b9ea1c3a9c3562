"""The plan's settings: the vendor's rules, row by row, and what is ours."""

import json
from typing import Any

import pytest
from earshot.contract import plan as plans
from earshot.errors import BadInput, Misconfigured
from earshot.vendors import registry
from earshot.vendors.yidun.options import VERSIONS, YidunOptions, check
from earshot.vendors.yidun.params import WALL_ONLY, SubmitFields, wire
from pydantic import ValidationError

from tests.unit.yidun.yidun_wire import ZEGO

LANGUAGES = ["zh", "en", "it", "id", "es", "fr", "ms", "tl", "th", "de", "hi", "ru", "ar", "vi", "ja", "ko"]
DEVICES = [0, 10, 11, 12, 13, 14, 20, 21, 22, 23, 24]
TEXTS = {
    "title": 512,
    "ip": 128,
    "accountName": 30,
    "deviceId": 128,
    "extStr1": 128,
    "extStr2": 128,
    "liveLink": 128,
}
"""Documented fields with a length."""
UNBOUND = [
    "subProduct",
    "photo",
    "backgroundImage",
    "cover",
    "nickname",
    "role",
    "phone",
    "token",
    "mac",
    "imei",
    "idfa",
    "idfv",
    "appVersion",
    "labourUnion",
    "operationManager",
    "censorStreamUrl",
    "accountInfo",
]
GOOD: list[tuple[str, Any, str]] = [
    *((name, "x" * most, "x" * most) for name, most in TEXTS.items()),
    *((name, "值 &", "值 &") for name in UNBOUND),
    *(("checkLanguageCode", code, code) for code in LANGUAGES),
    *(("deviceType", kind, str(kind)) for kind in DEVICES),
    *(
        (name, value, str(value))
        for name in ("screenShotStrategy", "screenMode", "isPremiumUse")
        for value in (0, 1)
    ),
    *((name, value, str(value)) for name in ("gender", "detectType") for value in (0, 1, 2)),
    *((name, value, str(value)) for name in ("age", "level", "friendNum", "fansNum") for value in (0, 10**9)),
    *((name, value, str(value)) for name in ("extLon1", "extLon2") for value in (-1, 0, 2**40)),
    ("accountLevel", "A", "A"),
    ("accountLevel", "Z" * 10, "Z" * 10),
    ("level", "vip", "vip"),
    ("role", 3, "3"),
    ("registerTime", 0, "0"),
    ("registerTime", 9_999_999_999_999, "9999999999999"),
    ("checkSpeakerIds", ["anna"], "anna"),
    ("checkSpeakerIds", ["anna", "主播"], "anna,主播"),
    ("noCheckSpeakerIds", ["7", "77"], "7,77"),
    ("extension", {}, "{}"),
    ("extension", {"键": [1, None, True]}, '{"键":[1,null,true]}'),
    ("scFrequency", 0.5, "0.5"),
    ("scFrequency", 600, "600"),
    ("advancedFrequency", 5, "5"),
    ("advancedFrequency", {"durationPoints": [60]}, '{"durationPoints":[60]}'),
    ("accountInfo", {"id": 1}, '{"id":1}'),
    ("wallHidden", True, "true"),
    ("wallHidden", 0, "0"),
]
BAD: list[tuple[str, Any]] = [
    *((name, "x" * (most + 1)) for name, most in TEXTS.items()),
    *((name, "") for name in (*TEXTS, *UNBOUND)),
    *((name, "half \ud83d") for name in (*TEXTS, *UNBOUND)),
    *((name, 7) for name in TEXTS),
    *(
        (name, value)
        for name in ("screenShotStrategy", "screenMode", "isPremiumUse")
        for value in (-1, 2, "1")
    ),
    *((name, value) for name in ("gender", "detectType") for value in (-1, 3, "1")),
    *((name, -1) for name in ("age", "level", "friendNum", "fansNum", "registerTime")),
    ("accountName", "😀" * 16),
    ("checkLanguageCode", "pt"),
    ("deviceType", 15),
    ("accountLevel", "a"),
    ("accountLevel", "A" * 11),
    ("accountLevel", "A\n"),
    ("registerTime", 10**13),
    ("checkSpeakerIds", []),
    ("checkSpeakerIds", ["a,b"]),
    ("checkSpeakerIds", [""]),
    ("noCheckSpeakerIds", ["a", "b,"]),
    ("noCheckSpeakerIds", "a"),
    ("extension", "{}"),
    ("extension", {"a": float("nan")}),
    ("extension", {"a": "\ud83d"}),
    ("scFrequency", 0.49),
    ("scFrequency", 600.1),
    ("scFrequency", float("nan")),
    ("scFrequency", float("inf")),
    ("extLon1", 1.5),
    ("extLon2", "1"),
    ("advancedFrequency", 1.5),
    ("wallHidden", [True]),
    ("url", "rtmp://x"),
    ("businessId", "x"),
    ("product", "livevideo"),
    ("apiVersion", "v2"),
    ("urlMaxLength", 2_049),
    ("urlMaxLength", 0),
    ("rtcTestAddress", "testenv=true"),
    ("longRooms", "hope"),
    ("resultTimes", "local"),
    ("zegoTestEnv", "true"),
    ("agoraLowStream", 1),
    ("shortRoomLimits", {"zego": 3_601}),
    ("shortRoomLimits", {"agora": 86_401}),
    ("shortRoomLimits", {"volcengine": 86_401}),
    ("shortRoomLimits", {"yunxin": 2_592_001}),
    ("shortRoomLimits", {"zego": 0}),
    ("shortRoomLimits", {"trtc": 60}),
    ("fromAttributes", {"url": "address"}),
    ("fromAttributes", {"title": ""}),
    ("fromAttributes", {"title": 7}),
]


def product_of(name: str) -> dict[str, str]:
    return {"product": "livewall"} if name in WALL_ONLY else {}


@pytest.mark.parametrize(("name", "value", "sent"), GOOD)
def test_a_field_is_taken_up_to_its_rule_and_sent_as_text(name: str, value: Any, sent: str) -> None:
    options = check("room_mixed", {name: value, **product_of(name)})
    assert wire(options[name]) == sent
    assert ZEGO.but(options={name: value, **product_of(name)}).fields()[name] == sent


@pytest.mark.parametrize(("name", "value"), BAD)
def test_beyond_its_rule_it_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(ValidationError) as error:
        check("room_mixed", {name: value, **product_of(name)})
    assert {problem["loc"][0] for problem in error.value.errors()} == {name}


def test_every_field_of_a_submission_has_its_good_and_its_bad_values() -> None:
    assert {name for name, _, _ in GOOD} == set(SubmitFields.model_fields)
    assert set(YidunOptions.model_fields) - {name for name, _ in BAD} == set()


def test_an_emoji_is_two_characters_to_java() -> None:
    check("room_mixed", {"accountName": "😀" * 15})
    with pytest.raises(ValidationError, match="at most 30"):
        check("room_mixed", {"accountName": "😀" * 15 + "x"})


@pytest.mark.parametrize("kind", DEVICES)
def test_a_device_that_is_no_digest_is_in_capitals(kind: int) -> None:
    check("room_mixed", {"deviceId": "B1F2", "deviceType": kind})
    if kind not in {10, 11, 12, 13, 14}:
        check("room_mixed", {"deviceId": "b1f2", "deviceType": kind})
        return
    with pytest.raises(ValidationError, match=f"deviceType {kind}"):
        check("room_mixed", {"deviceId": "b1f2", "deviceType": kind})


def test_what_nobody_set_is_not_sent_and_the_rest_has_its_default() -> None:
    assert check("room_mixed", {}) == {
        "product": "liveaudio",
        "fromAttributes": {},
        "zegoTestEnv": False,
        "rtcTestAddress": "&testenv=true",
        "agoraLowStream": False,
        "longRooms": "renew",
        "shortRoomLimits": {"zego": 3_600, "agora": 86_400, "volcengine": 86_400, "yunxin": 2_592_000},
        "urlMaxLength": 1_024,
        "resultTimes": "epoch",
    }


@pytest.mark.parametrize(("name", "value", "_"), GOOD)
def test_checked_options_are_options(name: str, value: Any, _: str) -> None:
    """They come back from the table as JSON, and are checked again."""
    once = check("room_mixed", {name: value, **product_of(name)})
    assert check("room_mixed", json.loads(json.dumps(once))) == once


# --- products


@pytest.mark.parametrize("name", sorted(WALL_ONLY))
def test_what_live_audio_has_not_is_refused_by_name(name: str) -> None:
    value = next(value for field, value, _ in GOOD if field == name)
    with pytest.raises(BadInput) as error:
        check("room_mixed", {name: value})
    assert (error.value.field, error.value.rule) == (name, "needs product livewall")
    with pytest.raises(BadInput) as error:
        check("room_mixed", {"fromAttributes": {name: "x"}})
    assert error.value.field == f"fromAttributes.{name}"
    check("room_mixed", {"product": "livewall", "fromAttributes": {name: "x"}})


def test_the_solutions_own_fields_are_the_sheets() -> None:
    listed = "detectType scFrequency advancedFrequency screenShotStrategy screenMode liveLink censorStreamUrl"
    assert {*listed.split(), "accountInfo", "wallHidden"} == WALL_ONLY


@pytest.mark.parametrize("product", VERSIONS)
@pytest.mark.parametrize("version", ["v4", "v4.1", "v3", "v3.1"])
def test_a_version_is_of_one_product(product: str, version: str) -> None:
    options = {"product": product, "apiVersion": version}
    if version in VERSIONS[product]:
        assert YidunOptions.model_validate(check("room_mixed", options)).version == version
        return
    with pytest.raises(BadInput) as error:
        check("room_mixed", options)
    assert error.value.field == "apiVersion"


def test_the_default_version_is_that_of_the_vendors_demos() -> None:
    versions = {name: YidunOptions(product=name).version for name in ("liveaudio", "livewall")}
    assert versions == {"liveaudio": "v4", "livewall": "v3"}


# --- targets, and the plan around


@pytest.mark.parametrize("name", ["checkSpeakerIds", "noCheckSpeakerIds"])
def test_a_single_stream_sets_its_speaker_itself(name: str) -> None:
    for options, where in (
        ({name: ["a"]}, name),
        ({"fromAttributes": {name: "x"}}, f"fromAttributes.{name}"),
    ):
        with pytest.raises(BadInput) as error:
            check("stream", options)
        assert error.value.field == where
        check("room_mixed", options)
        check("room_split", options)


def test_a_plan_says_where_it_is_wrong() -> None:
    text = {"night": {"vendor": "yidun", "vendors": {"yidun": {"liveLink": "https://x"}}}}
    with pytest.raises(Misconfigured) as error:
        plans.parse(json.dumps(text))
    assert error.value.setting == "plan night.vendors.yidun.liveLink"


@pytest.mark.parametrize(("long_rooms", "needed"), [("renew", True), ("token_api", False)])
def test_a_credential_is_needed_where_it_goes_into_the_address(long_rooms: str, needed: bool) -> None:
    options = registry.check_options("yidun", "room_mixed", {"longRooms": long_rooms})
    assert registry.needs_credential("yidun", options) is needed


# --- saving


def test_pictures_are_looked_at_half_as_often() -> None:
    wall = check("room_mixed", {"product": "livewall"})
    first = registry.thrift("yidun", wall, "longer_step")
    assert first["scFrequency"] == 10
    assert registry.thrift("yidun", first, "longer_step")["scFrequency"] == 20
    assert registry.thrift("yidun", {**wall, "scFrequency": 400.0}, "longer_step")["scFrequency"] == 600
    assert check("room_mixed", first)["scFrequency"] == 10


@pytest.mark.parametrize("step", ["hits_only", "longer_step", "mixed"])
def test_of_the_sound_nothing_can_be_saved(step: str) -> None:
    options = check("room_mixed", {})
    assert registry.thrift("yidun", options, step) == options
    assert registry.audited_share("yidun", options) == 1.0
