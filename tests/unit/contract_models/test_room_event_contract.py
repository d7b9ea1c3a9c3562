"""Events in: what is taken, and the field that is named for what is not."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from earshot.contract.room_events import MAX_ATTRIBUTES_BYTES, RoomEvent, RoomEventType, parse
from earshot.errors import BadInput
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.support.makers import START, event

NOW = datetime.fromtimestamp(START / 1000, UTC)


def parsed(kind: Any = "RoomOpened", **detail: Any) -> RoomEvent:
    return parse(event(kind, **detail), NOW)[1]


def field(kind: Any = "RoomOpened", **detail: Any) -> str:
    with pytest.raises(BadInput) as refused:
        parsed(kind, **detail)
    assert refused.value.status == 400
    assert refused.value.reason == "bad_input"
    return refused.value.field


REQUIRED = ["platform", "app_id", "room_id", "occurred_at"]
OPTIONAL = ["platform_session_id", "account_id", "stream_id", "stream_url", "plan", "attributes"]
WRONG = [1, 1.5, True, [], ["x"], {"a": 1}]


@pytest.mark.parametrize("name", REQUIRED)
def test_a_required_field_must_be_there_and_not_null(name: str) -> None:
    assert field(**{name: ...}) == name
    assert field(**{name: None}) == name


@pytest.mark.parametrize("name", OPTIONAL)
def test_an_optional_field_may_be_null_as_if_it_were_left_out(name: str) -> None:
    assert parsed(**{name: None}) == parsed()


@pytest.mark.parametrize("name", [*REQUIRED, *OPTIONAL])
@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_a_wrong_type_is_refused_by_name(name: str, value: Any) -> None:
    if name == "attributes" and isinstance(value, dict):
        return
    assert field(**{name: value}) == name


@pytest.mark.parametrize("name", [name for name in [*REQUIRED, *OPTIONAL] if name != "attributes"])
def test_an_empty_text_is_refused_by_name(name: str) -> None:
    assert field(**{name: ""}) == name


IDS = ["platform", "app_id", "room_id", "platform_session_id", "account_id", "stream_id", "plan"]


@pytest.mark.parametrize("name", IDS)
def test_ids_have_an_end_and_no_control_characters(name: str) -> None:
    assert getattr(parsed(**{name: "字" * 256}), name) == "字" * 256
    for value in ("x" * 257, "a\nb", "a\x00b", "\x1b[31m", "\x1f", "\ud800", "\udfff"):
        assert field(**{name: value}) == name


@pytest.mark.parametrize(
    "room_id",
    [
        "room 1",
        " ",
        "a/b",
        "a#b",
        'it\'s "quoted"',
        "房间一",
        "字" * 42 + "a",
        "x" * 127,
        "😀👨‍👩‍👧",
        "é",
        "e\u0301",
        "{}",
        "%2F",
        "..",
        "-",
        "\ue000\ud7ff",
    ],
)
def test_ids_may_be_almost_anything_and_stay_as_they_are(room_id: str) -> None:
    assert parsed(room_id=room_id).room.room_id == room_id


def test_different_spellings_are_different_rooms() -> None:
    assert parsed(room_id="é").room.key != parsed(room_id="e\u0301").room.key


@pytest.mark.parametrize(
    ("occurred_at", "ms"),
    [
        ("2026-11-21T02:00:00Z", 0),
        ("2026-11-21T02:00:00.123Z", 123),
        ("2026-11-21T02:00:00.123456Z", 123),
        ("2026-11-21T10:00:00+08:00", 0),
        ("2026-11-21T02:59:59Z", 3_599_000),
        ("1970-01-01T00:00:00Z", -START),
    ],
)
def test_times(occurred_at: str, ms: int) -> None:
    assert parsed(occurred_at=occurred_at).at_ms == START + ms


@pytest.mark.parametrize(
    "occurred_at",
    [
        "2026-11-21T02:00:00",
        "2026-11-21",
        "now",
        "2026-02-30T00:00:00Z",
        "1795226400",
        "1795226400000",
        "2026-11-21T03:00:01Z",
        "9999-12-31T23:59:59Z",
        "",
    ],
)
def test_times_without_a_zone_in_numbers_or_in_the_future_are_refused(occurred_at: str) -> None:
    assert field(occurred_at=occurred_at) == "occurred_at"


def test_an_hour_ahead_is_a_clock_and_more_is_not() -> None:
    ahead = NOW + timedelta(hours=1)
    assert parsed(occurred_at=ahead.isoformat())
    assert field(occurred_at=(ahead + timedelta(milliseconds=1)).isoformat()) == "occurred_at"
    elsewhere = ahead.astimezone(timezone(timedelta(hours=-9)))
    assert parsed(occurred_at=elsewhere.isoformat()).at_ms == START + 3_600_000


@pytest.mark.parametrize("name", ["roomId", "room", "Platform", "extra"])
def test_an_unknown_field_is_refused_by_name(name: str) -> None:
    assert field(**{name: "x"}) == name


@pytest.mark.parametrize(
    "address",
    [
        "https://live.example.com/a.m3u8",
        "rtmp://live.example.com:1935/app/一?key=a%20b",
        "RTMPS://LIVE.example.com/app",
        "http://127.0.0.1:8080/x.flv",
        "rtsp://[::1]/x",
    ],
)
def test_stream_addresses(address: str) -> None:
    assert parsed(platform="url", stream_url=address).stream_url == address


@pytest.mark.parametrize(
    "address",
    [
        "live.example.com/a",
        "/a.m3u8",
        "https://",
        "https:///a",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "ftp://live.example.com/a",
        "https://live.example.com/a b",
        "https://live.example.com/\n",
        "https://[::1/x",
        "https://live.example.com/" + "x" * 2_048,
    ],
)
def test_bad_stream_addresses_are_refused(address: str) -> None:
    assert field(platform="url", stream_url=address) == "stream_url"


def test_a_url_room_opens_with_its_address_and_closes_without() -> None:
    assert field(platform="url") == "stream_url"
    assert parsed("RoomClosed", platform="url").stream_url is None


@pytest.mark.parametrize("kind", ["StreamStarted", "StreamStopped"])
def test_stream_events_need_a_stream(kind: str) -> None:
    assert field(kind) == "stream_id"
    assert parsed(kind, stream_id="s1").stream_id == "s1"


def test_attributes_have_an_end_in_bytes() -> None:
    def filled(size: int) -> dict[str, str]:
        return {"a": "x" * (size - len('{"a": ""}'))}

    assert parsed(attributes=filled(MAX_ATTRIBUTES_BYTES))
    assert field(attributes=filled(MAX_ATTRIBUTES_BYTES + 1)) == "attributes"
    assert field(attributes={"a": "字" * (MAX_ATTRIBUTES_BYTES // 3)}) == "attributes"


def test_attributes_that_no_bus_could_carry_are_refused() -> None:
    for value in ("\ud800", float("nan"), float("inf")):
        assert field(attributes={"a": value}) == "attributes"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"source": "somebody"}, "source"),
        ({"source": ...}, "source"),
        ({"detail-type": "RoomRenamed"}, "detail-type"),
        ({"detail-type": ...}, "detail-type"),
        ({"detail": ...}, "detail"),
        ({"detail": "{}"}, "detail"),
        ({"detail": None}, "detail"),
        ({"detail": []}, "detail"),
    ],
)
def test_a_wrong_envelope_is_refused_by_name(change: dict[str, Any], named: str) -> None:
    whole = {name: value for name, value in {**event(), **change}.items() if value is not ...}
    with pytest.raises(BadInput) as refused:
        parse(whole, NOW)
    assert refused.value.field == named


@pytest.mark.parametrize("kind", list(RoomEventType))
def test_every_kind_is_understood(kind: RoomEventType) -> None:
    assert parse(event(kind.value, stream_id="s1"), NOW)[0] is kind


def test_the_error_never_quotes_the_value() -> None:
    with pytest.raises(BadInput) as refused:
        parsed(platform="url", stream_url="rtmp:// live.example.com/?key=s3cret")
    assert "s3cret" not in str(refused.value)


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*REQUIRED, *OPTIONAL, "other"]), anything))
def test_whatever_comes_is_an_event_or_bad_input(detail: dict[str, Any]) -> None:
    named = {*REQUIRED, *OPTIONAL, "other"}
    try:
        parsed(**detail)
    except BadInput as refused:
        named.remove(refused.field.partition(".")[0])
