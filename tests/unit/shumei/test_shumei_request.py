"""What Shumei is asked, against the tables of its own page."""

import json
from typing import Any

import pytest
from earshot.errors import BadInput
from earshot.vendors.port import Submission
from earshot.vendors.shumei.options import ShumeiOptions, check
from earshot.vendors.shumei.request import MAX_DATA_BYTES, encode, submit_body
from pydantic import ValidationError

from tests.unit.support.shumei_calls import submission
from tests.unit.support.shumei_seed import (
    BUSINESS_TYPES,
    CLUSTERS,
    FORBIDDEN,
    INIT_DOMAINS,
    LANGS,
    NEWER_OPTIONS,
    OPTIONS,
    REQUEST_FIELDS,
    ROLES,
    TYPES,
)

ABSENT = object()
ELSEWHERE = {"agoraParam", "trtcParam", "volcParam", "aliParam"}
"""Options of other stream types: test_shumei_streams.py."""


def body(sent: Submission, app_id: str | None = None) -> dict[str, Any]:
    options = ShumeiOptions.model_validate(sent.watch.plan["vendor_options"])
    made: dict[str, Any] = json.loads(encode(submit_body(sent, options, "AK_EXAMPLE", app_id)))
    return made


def at(tree: Any, path: str) -> Any:
    for name in path.split("."):
        if not isinstance(tree, dict) or name not in tree:
            return ABSENT
        tree = tree[name]
    return tree


def nested(path: str, value: Any) -> dict[str, Any]:
    first, _, rest = path.partition(".")
    return {first: nested(rest, value) if rest else value}


def paths(tree: dict[str, Any], prefix: str = "") -> list[str]:
    found = []
    for name, value in tree.items():
        found.append(f"{prefix}{name}")
        if isinstance(value, dict) and name != "passThrough":
            found += paths(value, f"{prefix}{name}.")
    return found


@pytest.mark.parametrize(("path", "option", "value"), [*OPTIONS, *NEWER_OPTIONS])
def test_every_option_of_the_page_ends_up_in_its_place(path: str, option: str, value: Any) -> None:
    sent = at(body(submission(vendor_options=nested(option, value))), path)
    assert sent == value
    assert type(sent) is type(value)


def everything() -> dict[str, Any]:
    return {
        "businessType": "GENDER_SING",
        "appId": "default",
        "role": "HOST",
        "initDomain": 5,
        "audioDetectStep": 2,
    }


def test_every_field_of_the_page_can_be_sent_with_its_type_and_no_other() -> None:
    made = body(submission(vendor_options=everything()))
    assert set(paths(made)) == set(REQUEST_FIELDS)
    wrong = {path for path, kind in REQUEST_FIELDS.items() if type(at(made, path)) is not kind}
    assert wrong == set()


def test_the_table_is_the_whole_page() -> None:
    """Whoever adds a value to the options adds it here, and the other way round."""
    assert {value for path, _, value in OPTIONS if path == "data.lang"} == set(LANGS)
    assert {value for path, _, value in OPTIONS if path == "data.role"} == set(ROLES)
    assert {value for path, _, value in OPTIONS if path == "data.initDomain"} == set(INIT_DOMAINS)
    assert set(TYPES) | set(BUSINESS_TYPES) <= {value for _, _, value in OPTIONS if isinstance(value, str)}
    ours = {"generation", "cluster", "wallClockOffsetHours", "pullFailureEndsTask"}
    options = {option.partition(".")[0] for _, option, _ in (*OPTIONS, *NEWER_OPTIONS)}
    assert options == set(ShumeiOptions.model_fields) - ours - ELSEWHERE


@pytest.mark.parametrize(("option", "value"), FORBIDDEN)
def test_what_the_page_does_not_allow_is_refused_by_name(option: str, value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        check("room_mixed", {option: value})
    assert refused.value.errors()[0]["loc"][0] == option


def test_one_of_type_and_business_type_is_required() -> None:
    with pytest.raises(ValidationError, match="at least one of type and businessType"):
        check("room_mixed", {"type": None})
    assert "type" not in body(submission(vendor_options={"type": None, "businessType": "SING"}))


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_clusters_are_those_of_the_page(cluster: str) -> None:
    assert check("room_mixed", {"cluster": cluster})["cluster"] == cluster


def test_the_default_plan_asks_for_what_the_contract_says() -> None:
    made = body(submission())
    assert made["type"] == "POLITY_EROTIC_DIRTY_ADVERT_MOAN"
    assert "businessType" not in made
    assert {
        name: made["data"][name] for name in ("channel", "returnAllText", "returnFinishInfo", "lang")
    } == {
        "channel": "VOICE_ROOM",
        "returnAllText": True,
        "returnFinishInfo": True,
        "lang": "zh",
    }
    assert (made["data"]["streamType"], made["data"]["zegoParam"]["isMixingEnabled"]) == ("ZEGO", True)


# --- streamType


def test_a_zego_room_mixed() -> None:
    data = body(submission())["data"]
    assert data["zegoParam"] == {
        "tokenId": "IDENTIFY_TOKEN_FRESH",
        "testEnv": False,
        "roomId": "room-1001",
        "isMixingEnabled": True,
    }
    assert data["initDomain"] == 5


def test_a_zego_room_split_by_speaker() -> None:
    param = body(submission(target="room_split"))["data"]["zegoParam"]
    assert (param["roomId"], param["isMixingEnabled"]) == ("room-1001", False)
    assert "streamId" not in param


def test_a_single_zego_stream() -> None:
    param = body(submission(target="stream", watch={"stream_id": "s/1 号"}))["data"]["zegoParam"]
    assert param["streamId"] == "s/1 号"
    assert not {"roomId", "isMixingEnabled"} & set(param)


def test_a_single_stream_needs_its_id() -> None:
    with pytest.raises(BadInput) as refused:
        body(submission(target="stream"))
    assert refused.value.field == "stream_id"


@pytest.mark.parametrize("target", ["room_mixed", "room_split", "stream"])
def test_a_plain_address(target: str) -> None:
    from earshot.domain.room import Room

    address = "rtmp://live.example.com/app/一?key=a&b=c"
    place = {"room": Room("url", "site", "room-1001"), "stream_url": address}
    data = body(submission("url", target=target, watch=place, secrets={}))["data"]
    assert (data["streamType"], data["url"]) == ("NORMAL", address)
    assert not {"zegoParam", "initDomain"} & set(data)


def test_a_plain_address_is_required() -> None:
    from earshot.domain.room import Room

    with pytest.raises(BadInput) as refused:
        body(submission("url", watch={"room": Room("url", "site", "r")}, secrets={}))
    assert refused.value.field == "stream_url"


# --- ids and limits


def test_bt_id_is_the_watch_whatever_the_try() -> None:
    sent = submission()
    again = Submission(f"{sent.watch.watch_id}-2a", sent.watch, "https://x", {"identify_token": "t2"})
    assert body(sent)["btId"] == body(again)["btId"] == sent.watch.watch_id
    assert len(body(sent)["btId"]) <= 128


def test_whose_account_it_is() -> None:
    assert body(submission())["data"]["tokenId"] == "owner-42"
    nobody = Submission("r", submission().watch, "u", {"identify_token": "t"})
    from dataclasses import replace

    nobody = replace(nobody, watch=replace(nobody.watch, account_id=None))
    assert body(nobody)["data"]["tokenId"] == "room-1001"


def test_the_plans_app_id_goes_before_the_settings() -> None:
    assert body(submission(), "from-settings")["appId"] == "from-settings"
    assert body(submission(vendor_options={"appId": "from-plan"}), "from-settings")["appId"] == "from-plan"
    assert "appId" not in body(submission())


def test_attributes_are_passed_through_as_they_are() -> None:
    attributes = {"中": ["文", {"a": None}], "n": 1.5, 'q"': "\\"}
    sent = submission(watch={"attributes": json.dumps(attributes)})
    assert body(sent)["data"]["extra"]["passThrough"] == {"task_ref": sent.task_ref, "attributes": attributes}


def test_text_is_sent_as_it_is_not_escaped() -> None:
    assert encode({"a": "房间"}) == '{"a":"房间"}'.encode()


@pytest.mark.parametrize("spare", [0, -1])
def test_data_ends_at_one_megabyte(spare: int) -> None:
    base = len(encode(body(submission(watch={"attributes": '{"a": ""}'}))["data"]))
    filler = json.dumps({"a": "x" * (MAX_DATA_BYTES - base - spare)})
    sent = submission(watch={"attributes": filler})
    if spare == 0:
        assert len(encode(body(sent)["data"])) == MAX_DATA_BYTES
    else:
        with pytest.raises(BadInput) as refused:
            body(sent)
        assert refused.value.field == "attributes"
