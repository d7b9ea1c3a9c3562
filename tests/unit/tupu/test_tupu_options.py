"""The plan's settings for Tupu."""

from typing import Any

import pytest
from earshot.platforms.registry import PLATFORMS
from earshot.vendors import registry
from earshot.vendors.tupu.options import TupuOptions, check
from earshot.vendors.tupu.tasks import TASKS
from pydantic import ValidationError

TOKEN = {"zegoFields": {"token": "Token"}}


def test_the_defaults() -> None:
    assert check("room_mixed", {}) == {
        "returnPreSpeech": False,
        "zegoFields": {},
        "zegoAddress": "rtc://room.zego.im/{room_id}?identify_token={token}",
        "zegoPath": "/v3/recognition/speech/stream",
        "regularSigns": True,
        "noSuchTaskCode": 16,
        "wallClockOffsetHours": 8,
    }


@pytest.mark.parametrize("target", ["room_mixed", "room_split", "stream"])
def test_what_was_checked_is_checked_alike(target: str) -> None:
    once = check(target, {"noSuchTaskCode": 0, "tasks": ["gender"], **TOKEN})
    assert check(target, once) == once


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tasks", []),
        ("tasks", "moderation"),
        ("tasks", ["Moderation"]),
        ("tasks", ["5CAEE6B2A76925C55A09A6D2"]),
        ("tasks", [7]),
        ("uid", ""),
        ("returnPreSpeech", 1),
        ("regularSigns", "no"),
        ("noSuchTaskCode", -1),
        ("noSuchTaskCode", None),
        ("wallClockOffsetHours", 8.5),
        ("zegoFields", {"token": ""}),
        ("zegoFields", {"token": "a b"}),
        ("zegoFields", {"token": "callback"}),
        ("zegoFields", {"url": "roomId"}),
        ("zegoFields", {"userId": "x"}),
        ("zegoFields", []),
        ("zegoFields", {"token": "a", "room_id": "a"}),
        ("zegoAddress", "rtc://{room_id"),
        ("zegoAddress", "rtc://{room_id!r}"),
        ("zegoAddress", "rtc://{0}"),
        ("zegoAddress", "rtc://{{room_id}}"),
        ("zegoPath", "/v3/"),
        ("zegoPath", "/v3?x"),
        ("zegoPath", "//host"),
        ("callbackRules", 2),
    ],
)
def test_wrong_ones_are_named(field: str, value: Any) -> None:
    with pytest.raises(ValidationError) as error:
        check("room_mixed", {field: value})
    assert error.value.errors()[0]["loc"][0] == field


@pytest.mark.parametrize("name", TASKS)
def test_a_task_by_name_or_by_id_is_the_same(name: str) -> None:
    assert TupuOptions(tasks=[name]).task_ids == TupuOptions(tasks=[TASKS[name]]).task_ids == [TASKS[name]]


@pytest.mark.parametrize(
    ("options", "needed"),
    [
        ({}, False),
        (TOKEN, True),
        ({"zegoFields": {"url": "url"}}, True),
        ({"zegoFields": {"url": "url"}, "zegoAddress": "rtc://{room_id}"}, False),
        ({"zegoFields": {"room_id": "roomId"}}, False),
    ],
)
def test_a_credential_is_needed_where_a_token_is_sent(options: dict[str, Any], needed: bool) -> None:
    assert registry.needs_credential("tupu", check("room_mixed", options)) is needed


@pytest.mark.parametrize("platform", PLATFORMS)
def test_which_rooms_are_heard(platform: str) -> None:
    for options in ({}, TOKEN):
        heard = registry.hears("tupu", platform, check("room_mixed", options))
        assert heard == (platform == "url" or (platform == "zego" and options == TOKEN))


@pytest.mark.parametrize("step", ["hits_only", "longer_step", "mixed", "stop"])
def test_nothing_makes_it_cheaper(step: str) -> None:
    options = check("room_mixed", {})
    assert registry.thrift("tupu", options, step) == options
    assert registry.audited_share("tupu", options) == 1.0
