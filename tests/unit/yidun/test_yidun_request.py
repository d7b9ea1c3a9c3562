"""The form of a submission: what the room, the plan and the room's attributes give, and the vendor's lengths."""

import json
from typing import Any

import pytest
from earshot.errors import BadInput
from earshot.vendors.port import Submission
from earshot.vendors.yidun.options import YidunOptions
from earshot.vendors.yidun.request import Form, form
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.support.makers import START, WATCH_ID
from tests.unit.yidun.yidun_wire import CALLBACK_URL, RTC, URL, ZEGO, Case

DERIVED = {
    "url": "rtc://room.zego.im/room-42?identify_token=04AAA%2BBBB%3D",
    "dataId": f"{WATCH_ID}-1a",
    "title": "room-42",
    "callback": f"{WATCH_ID}-1a",
    "callbackUrl": CALLBACK_URL,
    "uniqueKey": "ear-0",
    "publishTime": str(START),
    "account": "host-7",
    "roomNo": "room-42",
    "roomId": "room-42",
}
HOSTED = ZEGO.but(watch={"account_id": "host-7"})


def with_attributes(names: dict[str, str], attributes: Any, **options: Any) -> Form:
    """``names`` are the plan's ``fromAttributes``."""
    watch = {"attributes": json.dumps(attributes)}
    return HOSTED.but(options={"fromAttributes": names, **options}, watch=watch).form()


def test_a_submission_without_settings_is_the_room() -> None:
    assert HOSTED.fields() == DERIVED


def test_the_audio_video_solution_gets_the_same_and_listens_only() -> None:
    assert HOSTED.but(options={"product": "livewall"}).fields() == DERIVED | {"detectType": "2"}
    for kind in (0, 1, 2):
        asked = HOSTED.but(options={"product": "livewall", "detectType": kind})
        assert asked.fields()["detectType"] == str(kind)


def test_results_that_are_fetched_have_no_callback_address() -> None:
    pushed = HOSTED.form(is_pushed=True).fields
    fetched = HOSTED.form(is_pushed=False).fields
    assert dict(pushed) == {**fetched, "callbackUrl": CALLBACK_URL}


def test_our_own_settings_are_not_sent() -> None:
    ours = {
        "product": "livewall",
        "apiVersion": "v3.1",
        "fromAttributes": {"cover": "c"},
        "zegoTestEnv": True,
        "agoraLowStream": True,
        "resultTimes": "stream",
        "urlMaxLength": 2_048,
        "shortRoomLimits": {"zego": 60},
    }
    assert set(HOSTED.but(options=ours).fields()) == {*DERIVED, "detectType"}


def test_the_plans_title_is_the_title() -> None:
    assert HOSTED.but(options={"title": "测试房间"}).fields()["title"] == "测试房间"


def test_another_ear_is_another_key_and_a_token_is_not() -> None:
    """With a new token the address is another one: by the key alone the vendor knows a repeated try."""
    again = HOSTED.but(secrets={"identify_token": "fresh"}).fields()
    assert again["url"] != DERIVED["url"]
    assert again["uniqueKey"] == DERIVED["uniqueKey"]
    assert HOSTED.but(ear="ear-1").fields()["uniqueKey"] == "ear-1"
    assert "uniqueKey" not in HOSTED.but(ear="").fields()


# --- lengths


@pytest.mark.parametrize(("name", "most"), [("account", 128), ("roomNo", 128), ("roomId", 32)])
def test_what_does_not_fit_and_is_not_needed_is_left_out_whole(name: str, most: int) -> None:
    for length, is_sent in ((most, True), (most + 1, False)):
        text = "x" * length
        fields = ZEGO.but(room_id=text, watch={"account_id": text}).fields()
        assert (fields.get(name) == text) is is_sent
        assert (name in fields) is is_sent


def test_without_a_host_there_is_no_account() -> None:
    assert "account" not in ZEGO.fields()


def test_an_emoji_takes_two_of_its_field() -> None:
    fields = ZEGO.but(room_id="😀" * 17).fields()
    assert "roomId" not in fields
    assert fields["roomNo"] == "😀" * 17


@pytest.mark.parametrize(
    ("name", "most"),
    [("dataId", 128), ("callbackUrl", 512), ("uniqueKey", 256), ("title", 512)],
)
def test_what_is_needed_whole_is_refused_by_name_when_it_is_too_long(name: str, most: int) -> None:
    def of(length: int) -> Submission:
        base = HOSTED.submission()
        text = "s" * length
        watch = base.watch
        changed: dict[str, dict[str, Any]] = {
            "title": {"room": type(watch.room)("zego", "1", text)},
        }
        seen = type(watch)(**{**vars(watch), **changed.get(name, {})})
        return Submission(
            text if name == "dataId" else base.task_ref,
            seen,
            text if name == "callbackUrl" else base.callback_url,
            base.secrets,
            text if name == "uniqueKey" else base.ear,
        )

    options = YidunOptions()
    assert len(form(of(most), options, is_pushed=True).fields[name]) == most
    with pytest.raises(BadInput) as error:
        form(of(most + 1), options, is_pushed=True)
    assert (error.value.field, error.value.rule) == (name, f"must have at most {most} characters")


# --- single streams


@pytest.mark.parametrize("case", RTC, ids=lambda case: case.platform)
def test_a_single_stream_of_a_room_is_its_user(case: Case) -> None:
    one = case.but(target="stream", watch={"account_id": "主播 7", "stream_id": "s1"})
    assert one.fields()["checkSpeakerIds"] == "主播 7"
    assert one.but(target="room_split").fields().keys() & {"checkSpeakerIds", "noCheckSpeakerIds"} == set()


@pytest.mark.parametrize("case", RTC, ids=lambda case: case.platform)
@pytest.mark.parametrize("account", [None, "", "a,b"])
def test_a_single_stream_without_its_user_is_refused(case: Case, account: str | None) -> None:
    error = case.but(target="stream", watch={"account_id": account, "stream_id": "s1"}).refused()
    assert error.field == "account_id"
    assert ("comma" in error.rule) is (account == "a,b")


def test_a_pulled_stream_needs_no_user() -> None:
    assert "checkSpeakerIds" not in URL.but(target="stream").fields()


def test_the_plans_speakers_are_for_the_whole_room() -> None:
    chosen = {"checkSpeakerIds": ["a", "b"], "noCheckSpeakerIds": ["c"]}
    fields = HOSTED.but(target="room_split", options=chosen).fields()
    assert (fields["checkSpeakerIds"], fields["noCheckSpeakerIds"]) == ("a,b", "c")


# --- from the room's attributes


def test_attributes_go_before_the_plans_own_values() -> None:
    names = {
        "nickname": "name",
        "title": "topic",
        "gender": "sex",
        "noCheckSpeakerIds": "staff",
        "extension": "more",
    }
    attributes = {
        "name": "小明",
        "topic": "晚上好",
        "sex": 2,
        "staff": ["1", "2"],
        "more": {"k": "v"},
        "other": "x",
    }
    built = with_attributes(names, attributes, title="plan's", cover="c.png")
    assert built.left_out == ()
    assert dict(built.fields) == DERIVED | {
        "nickname": "小明",
        "title": "晚上好",
        "gender": "2",
        "noCheckSpeakerIds": "1,2",
        "extension": '{"k":"v"}',
        "cover": "c.png",
    }


@pytest.mark.parametrize("attributes", [{}, {"name": None}, {"name": ""}])
def test_an_attribute_that_is_not_there_is_not_missed(attributes: dict[str, Any]) -> None:
    built = with_attributes({"accountName": "name"}, attributes, accountName="plan's")
    assert (built.fields["accountName"], built.left_out) == ("plan's", ())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("accountName", "x" * 31),
        ("accountName", "😀" * 16),
        ("accountName", "half \ud83d"),
        ("accountName", 7),
        ("accountName", ["x"]),
        ("accountName", {"x": 1}),
        ("accountLevel", "a"),
        ("gender", 3),
        ("gender", "2"),
        ("registerTime", 10**13),
        ("checkSpeakerIds", ["a,b"]),
        ("extension", {"x": "\ud83d"}),
        ("deviceType", 15),
    ],
)
def test_an_attribute_that_breaks_its_rule_is_left_out_whole(field: str, value: Any) -> None:
    """The room is listened to all the same; the plan's own value, if there is one, stands."""
    built = with_attributes({field: "it", "nickname": "name"}, {"it": value, "name": "fits"})
    assert built.left_out == (field,)
    assert dict(built.fields) == DERIVED | {"nickname": "fits"}


def test_the_plans_own_value_stands_where_the_rooms_does_not_fit() -> None:
    built = with_attributes({"accountName": "it"}, {"it": "x" * 31}, accountName="plan's")
    assert (built.fields["accountName"], built.left_out) == ("plan's", ("accountName",))


def test_attributes_are_checked_together_with_the_plan() -> None:
    built = with_attributes({"deviceId": "id"}, {"id": "b1f2"}, deviceType=10)
    assert built.left_out == ("deviceId",)
    assert "deviceId" not in built.fields


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(values=st.lists(JSON, min_size=5, max_size=5))
def test_whatever_the_attributes_hold_the_room_is_listened_to(values: list[Any]) -> None:
    fields = ["accountName", "level", "extension", "checkSpeakerIds", "gender"]
    attributes = dict(zip("abcde", values, strict=True))
    built = with_attributes(dict(zip(fields, "abcde", strict=True)), attributes)
    assert DERIVED.items() <= built.fields.items()
    assert set(built.left_out) | (built.fields.keys() - DERIVED.keys()) <= set(fields)
    assert set(built.left_out).isdisjoint(built.fields.keys() - DERIVED.keys())
    assert len(built.fields.get("accountName", "")) <= 30
    assert isinstance(json.loads(built.fields.get("extension", "{}")), dict)
