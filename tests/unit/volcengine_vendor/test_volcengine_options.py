"""The plan's settings, and what is stated of what they hear."""

import json
from typing import Any

import pytest
from earshot.errors import BadInput
from earshot.platforms.registry import PLATFORMS
from earshot.vendors.volcengine.capabilities import CAPABILITIES
from earshot.vendors.volcengine.options import audited_share, check, needs_credential, thrift
from pydantic import ValidationError

from tests.unit.volcengine_vendor.volcengine_calls import AUDIT, ROOM_KEYS, URL

ROOMS = {"roomParameters": ROOM_KEYS}


@pytest.mark.parametrize("target", ["room_mixed", "room_split", "stream"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"product": "content_security", "media": "video"},
        ROOMS,
        {
            "parameters": {"url": None, "callback": "a.b"},
            "extraParameters": {"a": {"c": None}},
            "asks": False,
        },
        AUDIT,
        {**AUDIT, "Interval": 100, "signs_every_s": 20, "labels": {"gun": "terror"}},
    ],
)
def test_they_survive_the_table(target: str, options: dict[str, Any]) -> None:
    checked = check(target, options)
    assert json.loads(json.dumps(checked)) == checked
    assert check(target, checked) == checked
    assert audited_share(checked) == 1.0


def test_the_default_plan() -> None:
    checked = check("room_mixed", {})
    assert (checked["product"], checked["media"], checked["asks"]) == ("content_security", "audio", True)
    assert not {"version", "CallbackType", "scope"} & checked.keys()
    assert not {"media", "parameters", "asks"} & check("room_mixed", AUDIT).keys()


@pytest.mark.parametrize(
    "options",
    [
        {"product": "face"},
        {"media": "image"},
        {"biztype": ""},
        {"parameters": {"data_id": None}},
        {"parameters": {"url": ""}},
        {"parameters": {"url": "a..b"}},
        {"parameters": {"room_id": "x"}},
        {"roomParameters": {"password": "x"}},
        {"extraParameters": {"x": float("nan")}},
        {"extraParameters": {"x": "\ud800"}},
        {"extraParameters": []},
        {"labels": {"301": "bad"}},
        {"timeUnit": "us"},
        {"signs_every_s": 0},
        {**AUDIT, "version": "2024-01-01"},
        {**AUDIT, "CallbackType": True},
        {**AUDIT, "CallbackType": 2},
        {**AUDIT, "MediaType": 0},
        {**AUDIT, "Interval": 99},
        {**AUDIT, "Interval": 600_001},
        {**AUDIT, "Duration": 999},
        {**AUDIT, "Duration": 600_001},
        {**AUDIT, "IdleSec": 0},
        {**AUDIT, "IdleSec": 10_801},
        {**AUDIT, "warm_up_s": 601},
    ],
)
def test_what_is_not_allowed_is_named(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as error:
        check("room_mixed", options)
    assert error.value.errors()[0]["loc"][0] in options


@pytest.mark.parametrize(
    "options",
    [
        {"extraParameters": {"data_id": "mine"}},
        {"extraParameters": {"a": 1}, "parameters": {"callback": "a.b"}},
        {"parameters": {"callback": "url"}},
        {"parameters": {"callback": "url.x"}},
        {"roomParameters": {"room_id": "data_id"}},
    ],
)
def test_two_values_do_not_go_to_one_place(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"is there twice|is no object"):
        check("room_mixed", options)


@pytest.mark.parametrize(
    ("target", "options", "field"),
    [
        ("room_mixed", {"asks": False}, "asks"),
        ("room_mixed", {"roomParameters": {"token": "t"}}, "roomParameters"),
        ("room_mixed", {"Duration": 20_000}, "Duration"),
        ("room_mixed", {"scope": "room"}, "scope"),
        ("room_mixed", {**AUDIT, "media": "audio"}, "media"),
        ("room_mixed", {**AUDIT, **ROOMS}, "roomParameters"),
        ("room_mixed", {**AUDIT, "scope": "user"}, "scope"),
        ("stream", {**AUDIT, "scope": "room"}, "scope"),
        ("room_mixed", {**AUDIT, "signs_every_s": 20, "CallbackType": 0}, "signs_every_s"),
    ],
)
def test_what_does_not_go_together_is_named(target: str, options: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as error:
        check(target, options)
    assert error.value.field == field


@pytest.mark.parametrize(
    ("options", "needed"),
    [
        ({}, False),
        (ROOMS, True),
        ({"roomParameters": {"room_id": "r"}}, False),
        (AUDIT, False),
    ],
)
def test_a_credential_is_needed_where_a_part_of_it_is_sent(options: dict[str, Any], needed: bool) -> None:
    assert needs_credential(check("room_mixed", options)) is needed


def test_steps_of_saving() -> None:
    content, audit = check("room_mixed", {}), check("room_mixed", {**AUDIT, "signs_every_s": 20})
    frames = check("room_mixed", {**AUDIT, "MediaType": 3, "Interval": 400_000})
    for step in ("hits_only", "longer_step", "mixed"):
        assert thrift(content, step) == content
        assert check("room_mixed", thrift(audit, step))
    saved = thrift(audit, "hits_only")
    assert (saved["CallbackType"], saved["signs_every_s"], audit["CallbackType"]) == (0, None, 1)
    assert thrift(audit, "longer_step") == audit
    assert thrift(frames, "longer_step")["Interval"] == 600_000
    assert thrift({**frames, "Interval": None}, "longer_step")["Interval"] == 4_000


# --- what is heard


def heard(options: dict[str, Any]) -> set[str]:
    checked = check("room_mixed", options)
    return {name for name in PLATFORMS for one in CAPABILITIES if one.hears(name, checked)}


def test_each_product_hears_its_rooms() -> None:
    rooms = {"zego", "agora", "trtc", "volcengine", "yunxin", "url"}
    assert heard({}) == heard({"media": "video"}) == {"url"}
    assert heard(ROOMS) == heard({"media": "video", **ROOMS}) == rooms
    assert heard(AUDIT) == {"volcengine"}


def test_what_is_inferred_is_not_stated_as_confirmed() -> None:
    content, video, audit = CAPABILITIES
    assert not any(hearing.confirmed for one in (content, video) for hearing in one.platforms.values())
    assert all(hearing.confirmed for hearing in audit.platforms.values())
    assert URL.platform in content.platforms
