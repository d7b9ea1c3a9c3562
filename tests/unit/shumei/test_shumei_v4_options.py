"""Each generation takes the options of its own page, and says whose another is."""

import json
from typing import Any

import pytest
from earshot.contract import plan as plans
from earshot.errors import BadInput, Misconfigured
from earshot.vendors import registry
from earshot.vendors.shumei.options import check, models, parse
from pydantic import ValidationError

TARGETS = ("room_mixed", "room_split", "stream")
V4, VIDEO = {"generation": "v4"}, {"generation": "v4_video"}


def of(generation: str, **options: Any) -> dict[str, Any]:
    return check("room_mixed", {"generation": generation, **options})


def test_v2_is_what_a_plan_means_that_does_not_say() -> None:
    assert check("room_mixed", {}) == of("v2")
    assert check("room_mixed", {})["generation"] == "v2"


@pytest.mark.parametrize("generation", ["", "V4", "v3", "v4_audio", None, 4, [], {}])
def test_there_is_no_other_generation(generation: Any) -> None:
    with pytest.raises(ValidationError) as error:
        check("room_mixed", {"generation": generation})
    assert error.value.errors()[0]["loc"] == ("generation",)


FOREIGN = [
    (generation, name)
    for generation, model in models().items()
    for other in models().values()
    for name in other.model_fields
    if name not in model.model_fields
]


@pytest.mark.parametrize(("generation", "name"), FOREIGN)
def test_a_field_of_another_page_is_named_and_where_it_belongs(generation: str, name: str) -> None:
    with pytest.raises(BadInput) as error:
        check("room_mixed", {"generation": generation, name: 1})
    assert error.value.field == name
    owners = {owner for owner, model in models().items() if name in model.model_fields}
    assert owners == set(error.value.rule.removeprefix("needs generation ").split(",")[0].split(" or "))


def test_the_plan_says_so_too() -> None:
    text = json.dumps({"default": {"vendors": {"shumei": {"generation": "v4", "channel": "VOICE_ROOM"}}}})
    with pytest.raises(Misconfigured) as error:
        plans.parse(text)
    assert error.value.setting == "plan default.vendors.shumei.channel"


@pytest.mark.parametrize("generation", models())
@pytest.mark.parametrize("target", TARGETS)
def test_options_survive_the_table(generation: str, target: str) -> None:
    checked = check(target, {"generation": generation})
    assert check(target, json.loads(json.dumps(checked))) == checked


FORBIDDEN: list[tuple[dict[str, Any], str]] = [
    *(
        ({**generation, **wrong}, next(iter(wrong)))
        for generation in (V4, VIDEO)
        for wrong in (
            {"noSuchField": 1},
            {"cluster": "bj"},
            {"cluster": "yd"},
            {"eventId": ""},
            {"appId": ""},
            {"tokenId": 7},
            {"lang": "xx"},
            {"acceptLang": "ar"},
            {"liveTitle": ""},
            {"anchorName": 1},
            {"returnAllText": 1},
            {"returnFinishInfo": "true"},
            {"audioDetectStep": 0},
            {"audioDetectStep": 37},
            {"receiveTokenId": "user 7"},
            {"receiveTokenId": "x" * 65},
            {"ip": "host"},
            {"level": 5},
            {"gender": "ambiguity"},
            {"wallClockOffsetHours": 15},
        )
    ),
    ({**V4, "type": "PORN"}, "type"),
    ({**V4, "type": ""}, "type"),
    ({**V4, "businessType": "SINGING"}, "businessType"),
    *(({**V4, "businessType": name}, "businessType") for name in ("SING", "TIMBRE_AGE", "LANGUAGE")),
    ({**V4, "initDomain": 7}, "initDomain"),
    ({**V4, "yunxinParam": {"tokenFrom": "secret"}}, "yunxinParam"),
    ({**V4, "agoraParam": {"untrustedUserIdList": ["1"]}}, "agoraParam"),
    ({**VIDEO, "imgType": "DIRTY"}, "imgType"),
    ({**VIDEO, "imgBusinessType": "age"}, "imgBusinessType"),
    ({**VIDEO, "imgBusinessType": "AGE__FACE"}, "imgBusinessType"),
    ({**VIDEO, "audioType": "MINOR"}, "audioType"),
    ({**VIDEO, "audioType": "NONE_EROTIC"}, "audioType"),
    ({**VIDEO, "audioBusinessType": "SING"}, "audioBusinessType"),
    ({**VIDEO, "eventId": "e" * 65}, "eventId"),
    ({**VIDEO, "appId": "a" * 65}, "appId"),
    ({**VIDEO, "tokenId": "t" * 65}, "tokenId"),
    ({**VIDEO, "streamName": "s" * 65}, "streamName"),
    ({**VIDEO, "deviceId": "d" * 129}, "deviceId"),
    ({**VIDEO, "detectFrequency": 0}, "detectFrequency"),
    ({**VIDEO, "detectFrequency": 61}, "detectFrequency"),
    ({**VIDEO, "detectFrequency": 2.5}, "detectFrequency"),
    ({**VIDEO, "detectStep": 0}, "detectStep"),
    ({**VIDEO, "returnAllImg": 1}, "returnAllImg"),
    ({**VIDEO, "imgTimeFormat": "iso"}, "imgTimeFormat"),
    ({**VIDEO, "endedBy": "both"}, "endedBy"),
    ({**VIDEO, "trtcParam": {"uid": "anna"}}, "trtcParam"),
    ({**VIDEO, "agoraParam": {"subscribeMode": "UNTRUSTED"}}, "agoraParam"),
    ({**VIDEO, "agoraParam": {"subscribeMode": "TRUSTED", "trustedUserIdList": ["1"]}}, "agoraParam"),
    ({**VIDEO, "agoraParam": {"subscribeMode": "TRUSTED", "trustedUserIdList": [1] * 18}}, "agoraParam"),
]


@pytest.mark.parametrize(("options", "field"), FORBIDDEN)
def test_what_the_page_does_not_allow_is_refused_by_name(options: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as error:
        check("room_split", options)
    assert error.value.errors()[0]["loc"][0] == field


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({**V4, "type": None}, "type and businessType"),
        ({**VIDEO, "imgType": None}, "imgType and imgBusinessType"),
        ({**VIDEO, "audioType": None}, "audioType and audioBusinessType"),
        ({**VIDEO, "audioType": "NONE", "audioBusinessType": "MINOR"}, "audioBusinessType is not read"),
        ({**VIDEO, "audioType": "NONE", "endedBy": "sound"}, "endedBy cannot be sound"),
    ],
)
def test_something_must_be_looked_for(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        check("room_mixed", options)


def test_one_of_two_is_enough() -> None:
    assert of("v4", type=None, businessType="GENDER_SING_TIMBRE")["type"] is None
    assert of("v4_video", imgType=None, imgBusinessType="AGE_DANCE", audioType="NONE")["imgType"] is None
    assert of("v4_video", audioType=None, audioBusinessType="MINOR_APPNAME")["audioType"] is None


# --- options and targets


@pytest.mark.parametrize("generation", ["v4", "v4_video"])
def test_a_single_stream_has_no_choice_of_users(generation: str) -> None:
    with pytest.raises(BadInput) as error:
        check("stream", {"generation": generation, "agoraParam": {"subscribeMode": "AUTO"}})
    assert error.value.field == "agoraParam.subscribeMode"


def test_a_mixed_room_has_no_choice_of_users_but_in_a_video_stream_where_nothing_is_mixed() -> None:
    with pytest.raises(BadInput):
        check("room_mixed", {**V4, "agoraParam": {"subscribeMode": "TRUSTED"}})
    check("room_mixed", {**VIDEO, "agoraParam": {"subscribeMode": "TRUSTED"}})
    with pytest.raises(BadInput):
        check("stream", {**V4, "trtcParam": {"uid": "anna"}})


# --- saving, counting, signs of life


def thrift(step: str, generation: str, **options: Any) -> dict[str, Any]:
    made = registry.thrift("shumei", of(generation, **options), step)
    assert check("room_mixed", made) == made, "what is sent is still valid"
    return made


def test_only_hits_are_pushed() -> None:
    assert thrift("hits_only", "v4")["returnAllText"] is False
    saving = thrift("hits_only", "v4_video")
    assert (saving["returnAllText"], saving["returnAllImg"]) == (False, False)


@pytest.mark.parametrize(("before", "after"), [(None, 6), (1, 2), (31, 60), (60, 60)])
def test_half_as_many_pictures_are_taken(before: int | None, after: int) -> None:
    made = thrift("longer_step", "v4_video", detectFrequency=before)
    assert (made["detectFrequency"], made["audioDetectStep"]) == (after, None)


def test_half_as_many_segments_are_audited() -> None:
    assert thrift("longer_step", "v4", audioDetectStep=1)["audioDetectStep"] == 3


def test_a_mixed_room_is_rid_of_its_choice_of_users() -> None:
    chosen = {"agoraParam": {"subscribeMode": "TRUSTED", "trustedUserIdList": ["1"]}}
    split = check("room_split", {**V4, **chosen})
    assert (
        check("room_mixed", registry.thrift("shumei", split, "mixed"))["agoraParam"]["subscribeMode"] is None
    )
    video = of("v4_video", agoraParam={"subscribeMode": "TRUSTED", "trustedUserIdList": [1]})
    assert registry.thrift("shumei", video, "mixed") == video


@pytest.mark.parametrize(
    ("generation", "options", "share"),
    [
        ("v4", {}, 1.0),
        ("v4", {"audioDetectStep": 3}, 0.25),
        ("v4_video", {"audioDetectStep": 3, "detectStep": 2}, 1.0),
    ],
)
def test_what_is_counted(generation: str, options: dict[str, Any], share: float) -> None:
    assert registry.audited_share("shumei", of(generation, **options)) == share


@pytest.mark.parametrize(
    ("generation", "options", "signs"),
    [
        ("v4", {}, 10),
        ("v4", {"audioDetectStep": 6}, 70),
        ("v4", {"returnAllText": False}, None),
        ("v4_video", {}, 10),
        ("v4_video", {"returnAllText": False}, 3),
        ("v4_video", {"returnAllText": False, "returnAllImg": False}, None),
        ("v4_video", {"returnAllImg": False, "audioDetectStep": 1}, 20),
        ("v4_video", {"detectFrequency": 60, "detectStep": 1}, 120),
        ("v4_video", {"audioType": "NONE"}, 3),
        ("v4_video", {"audioType": "NONE", "returnAllImg": False}, None),
    ],
)
def test_how_often_it_says_something(generation: str, options: dict[str, Any], signs: int | None) -> None:
    assert parse(of(generation, **options)).signs_every_s == signs


# --- what it hears


@pytest.mark.parametrize(
    ("generation", "platforms"),
    [
        ("v2", {"zego", "agora", "trtc", "volcengine", "gin", "url"}),
        ("v4", {"zego", "agora", "trtc", "volcengine", "gin", "url", "yunxin"}),
        ("v4_video", {"zego", "agora", "trtc", "volcengine", "url"}),
    ],
)
def test_whose_rooms_each_generation_hears(generation: str, platforms: set[str]) -> None:
    from earshot.platforms.registry import PLATFORMS
    from earshot.vendors.shumei.streams import BUILDERS

    heard = {name for name in PLATFORMS if registry.hears("shumei", name, of(generation))}
    assert heard == platforms
    assert set(BUILDERS[generation]) & set(PLATFORMS) == platforms, "what is promised can be sent"
