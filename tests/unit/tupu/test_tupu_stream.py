"""One element of ``speechStream``: a plain stream, and a ZEGO room by the plan's own mapping."""

from typing import Any

import pytest
from earshot.errors import BadInput
from earshot.platforms.registry import PLATFORMS
from earshot.vendors.tupu.options import TupuOptions
from earshot.vendors.tupu.stream import element

from tests.unit.tupu.tupu_wire import CALLBACK_URL, PLAIN, ZEGO, Case

TOKEN = ZEGO.secrets["identify_token"]


def built(case: Case) -> dict[str, Any]:
    wanted = case.submission()
    return element(wanted, TupuOptions.model_validate(wanted.watch.plan["vendor_options"]))


def refused(case: Case) -> BadInput:
    with pytest.raises(BadInput) as error:
        built(case)
    assert TOKEN not in str(error.value)
    assert "rtmp" not in str(error.value)
    return error.value


@pytest.mark.parametrize("target", ["room_mixed", "room_split", "stream"])
@pytest.mark.parametrize("url", ["rtmp://a.example/b?c=d", "https://a.example/b.m3u8", "trtc://a/b"])
def test_an_address_goes_as_it_is(url: str, target: str) -> None:
    assert built(PLAIN.but(watch={"stream_url": url}, target=target))["url"] == url


@pytest.mark.parametrize(
    ("url", "field"),
    [
        (None, "stream_url"),
        ("", "stream_url"),
        ("a.example/b", "url"),
        ("rtmp://a b", "url"),
        ("rtmp://\ud800", "url"),
    ],
)
def test_an_address_that_is_none(url: str | None, field: str) -> None:
    assert refused(PLAIN.but(watch={"stream_url": url})).field == field


def test_a_user_goes_along_where_one_alone_is_heard() -> None:
    """It comes back with every slice, and is told as who spoke."""
    host = {"account_id": "u_1", "stream_id": "s_1"}
    assert "userId" not in built(PLAIN.but(watch=host))
    assert built(PLAIN.but(watch=host, target="stream"))["userId"] == "u_1"
    assert built(PLAIN.but(watch={"stream_id": "s_1"}, target="stream"))["userId"] == "s_1"
    assert "userId" not in built(PLAIN.but(target="stream"))


def test_our_name_of_the_task_goes_along() -> None:
    assert built(PLAIN)["forumId"] == PLAIN.submission().task_ref
    assert built(PLAIN)["callback"] == CALLBACK_URL


@pytest.mark.parametrize("platform", sorted(set(PLATFORMS) - {"url", "zego"}))
def test_rooms_of_other_platforms_are_not_heard(platform: str) -> None:
    assert refused(PLAIN.but(platform=platform)).field == "platform"


# --- ZEGO


def test_a_zego_room_is_not_heard_unless_the_plan_says_how() -> None:
    assert refused(ZEGO.but(options={})).field == "platform"


def test_a_zego_room_has_the_fields_that_the_plan_names_and_no_address() -> None:
    found = built(ZEGO)
    assert (found["roomId"], found["appId"], found["Token"]) == ("room-42", "1234567890", TOKEN)
    assert "url" not in found
    assert built(ZEGO.but(options={"zegoFields": {"room_id": "zegoRoom"}}))["zegoRoom"] == "room-42"


def test_a_zego_room_may_be_an_address() -> None:
    found = built(ZEGO.but(options={"zegoFields": {"url": "url"}}, room_id="厅/1 a"))
    assert found["url"] == "rtc://room.zego.im/%E5%8E%85%2F1%20a?identify_token=04AAA%2BBB%2F%3D%3D"
    assert found["roomId"] == "厅/1 a"


def test_every_part_of_an_address_is_encoded_for_itself() -> None:
    parts = {"zegoFields": {"url": "url"}, "zegoAddress": "zego://{app_id}/{room_id}/{stream_id}?t={token}"}
    found = built(ZEGO.but(options=parts, room_id="{token}", watch={"stream_id": "s&1"}))
    assert found["url"] == "zego://1234567890/%7Btoken%7D/s%261?t=04AAA%2BBB%2F%3D%3D"


@pytest.mark.parametrize("secrets", [{}, {"identify_token": ""}, {"identify_token": None}])
@pytest.mark.parametrize("fields", [{"token": "Token"}, {"url": "url"}])
def test_a_token_that_is_missing(secrets: dict[str, Any], fields: dict[str, str]) -> None:
    assert refused(ZEGO.but(secrets=secrets, options={"zegoFields": fields})).field == "zegoFields.token"


def test_a_room_without_a_token_needs_none() -> None:
    assert built(ZEGO.but(secrets={}, options={"zegoFields": {"room_id": "roomId"}}))


STREAM_TOO = {"zegoFields": {"room_id": "roomId", "stream_id": "streamId"}}


def test_a_single_stream_goes_where_the_plan_says_and_for_that_target_alone() -> None:
    seen = {"stream_id": "s_1"}
    assert built(ZEGO.but(options=STREAM_TOO, target="stream", watch=seen))["streamId"] == "s_1"
    assert "streamId" not in built(ZEGO.but(options=STREAM_TOO, watch=seen))


def test_a_single_stream_needs_a_field_and_a_stream() -> None:
    assert refused(ZEGO.but(target="stream", watch={"stream_id": "s_1"})).field == "zegoFields"
    assert refused(ZEGO.but(options=STREAM_TOO, target="stream")).field == "zegoFields.stream_id"


def test_nothing_of_it_is_shown() -> None:
    assert TOKEN not in repr(ZEGO.submission())
