"""What holds for every platform's webhook: nothing strange gets through, nothing is told twice.

What must be refused: ``test_webhooks_refuse.py``.
"""

import json
from contextlib import suppress
from dataclasses import fields, replace
from typing import Any

import pytest
from earshot.clock import iso
from earshot.contract.room_events import RoomEvent
from earshot.errors import Refused
from earshot.platforms import registry
from earshot.platforms.port import Delivery, Notice, NotUnderstood, Webhook
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.support.root import EVENTS
from tests.unit.support.webhooks import (
    ALL,
    SAMPLES,
    SITES,
    Said,
    changed,
    fields_of,
    hook,
    is_refused,
    notice_of,
    sample,
    signed,
    signed_bytes,
    take,
    verify,
    yunxin_headers,
)

PLATFORMS = sorted(registry.WEBHOOKS)
JSON_SAMPLES = [(p, n) for p, n in ALL if not n.startswith("stream-create-")]
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
AWKWARD = ANY | st.sampled_from(
    ["\ud800", "x" * 257, "\x00", "", " ", "NaN", "1" * 21, "{}", 10**13, 10**25, -1, 2**64, 1e300, 4, "4"]
)


def test_these_are_the_platforms_and_every_file_is_listed() -> None:
    assert set(SAMPLES) == set(SITES) == set(PLATFORMS)
    there = {(path.parent.name, path.stem) for path in EVENTS.joinpath("room-webhooks").rglob("*.*")}
    assert there == set(ALL)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_module_is_what_the_port_says(platform: str) -> None:
    found: Webhook = hook(platform)
    assert isinstance(json.loads(found.ANSWER), dict)
    assert found.COVERS_BODY is (platform in {"agora", "trtc", "volcengine", "yunxin"})


# --- nothing strange gets through


def is_fit_for_the_bus(platform: str, found: Notice | None) -> None:
    if found is None:
        return
    event: dict[str, Any] = {
        "platform": platform,
        "app_id": SITES[platform].app_id,
        "room_id": found.room_id,
        "occurred_at": iso(found.at),
        "platform_session_id": found.platform_session_id,
        "account_id": found.user_id,
        "stream_id": found.stream_id,
    }
    assert RoomEvent.model_validate(event).at_ms == found.at
    assert found.key
    assert found.order.encode()
    assert "" not in (found.user_id, found.stream_id, found.platform_session_id)


def holds(platform: str, delivery: Delivery) -> None:
    """Verified or refused; and whatever was genuine is understood or named."""
    with suppress(Refused):
        verify(platform, delivery)
    with suppress(NotUnderstood):
        is_fit_for_the_bus(platform, hook(platform).read(delivery))


@pytest.mark.parametrize(("platform", "name"), ALL)
def test_what_a_sample_says_is_fit_for_the_bus(platform: str, name: str) -> None:
    is_fit_for_the_bus(platform, take(platform, sample(platform, name)))


@pytest.mark.parametrize("platform", PLATFORMS)
@given(
    body=st.binary(max_size=200),
    headers=st.dictionaries(
        st.sampled_from(
            [
                "agora-signature",
                "agora-signature-v2",
                "sign",
                "sdkappid",
                "appkey",
                "curtime",
                "checksum",
                "type",
            ]
        ),
        st.text(st.characters(), max_size=20),
    ),
)
def test_any_bytes_are_refused(platform: str, body: bytes, headers: dict[str, str]) -> None:
    delivery = Delivery(SITES[platform].app_id, headers, body)
    is_refused(platform, delivery)
    holds(platform, delivery)
    holds(platform, signed_bytes(platform, body))


@pytest.mark.parametrize("platform", PLATFORMS)
@given(ANY)
def test_any_json_is_refused_or_named(platform: str, said: Any) -> None:
    holds(platform, signed(platform, said) if _can_be_signed(said) else signed_bytes(platform, _json(said)))


def _json(said: Any) -> bytes:
    return json.dumps(said).encode()


def _can_be_signed(said: Any) -> bool:
    """The tests' own signing knows no lone surrogates."""
    return "\\ud" not in json.dumps(said)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"timestamp":' + b"9" * 5000 + b"}",
        b"a=1&" * 101,
        b"\xef\xbb\xbf{}",
        '{"event":"room_login"}'.encode("utf-16"),
        b'{"eventType":1,"eventType":[]}',
        b'{"event":"\xed\xa0\x80"}',
        b"%7B" * 1000,
    ],
)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_known_troubles_of_parsers(platform: str, body: bytes) -> None:
    holds(platform, signed_bytes(platform, body))


def paths(said: Said) -> list[str]:
    """Every field, and those inside of objects and of text that is one."""
    found = []
    for name, value in said.items():
        inside = json.loads(value) if name == "EventData" else value
        found += [name, *(f"{name}.{one}" for one in (paths(inside) if isinstance(inside, dict) else []))]
    return found


@pytest.mark.parametrize("platform", PLATFORMS)
@given(data=st.data())
def test_a_genuine_event_with_strange_fields_is_refused_or_named(platform: str, data: st.DataObject) -> None:
    names = [name for one, name in JSON_SAMPLES if one == platform]
    said = fields_of(platform, data.draw(st.sampled_from(names)))
    for path in data.draw(st.lists(st.sampled_from(paths(said) or ["more"]), max_size=2)):
        value = data.draw(AWKWARD | st.just(...))
        if "." in path and not isinstance(said.get(path.partition(".")[0]), dict | str):
            continue
        said = changed(said, path, value) if _is_open(said, path) else said
    holds(platform, signed(platform, said) if _can_be_signed(said) else signed_bytes(platform, _json(said)))


def _is_open(said: Said, path: str) -> bool:
    """Whether what the path leads through is still an object."""
    name, _, rest = path.partition(".")
    inside = said.get(name)
    if not rest or isinstance(inside, dict):
        return True
    try:
        return isinstance(json.loads(inside or ""), dict)
    except (ValueError, TypeError):
        return False


# --- nothing is told twice, and no two events are one


def repeated(platform: str, name: str) -> Delivery:
    """The same event sent again, with all that changes on the way."""
    delivery = sample(platform, name)
    if platform == "yunxin":
        headers = {
            **delivery.headers,
            **yunxin_headers(delivery.body, SITES[platform].secret, "1606979999999"),
        }
        return replace(delivery, headers={**headers, "type": delivery.headers.get("type", "")})
    said = fields_of(platform, name)
    again: dict[str, Said] = {
        "agora": {"notifyMs": 1999999999999},
        "trtc": {"CallbackTs": 1999999999999},
        "zego": {"timestamp": "1999999999", "nonce": "another"},
        "volcengine": {"Nonce": "aNew", "EventTime": "2033-03-21T15:32:04+08:00"},
    }
    return signed(platform, {**said, **again[platform]})


@pytest.mark.parametrize(("platform", "name"), JSON_SAMPLES)
def test_sent_again_it_says_the_same(platform: str, name: str) -> None:
    first, second = sample(platform, name), repeated(platform, name)
    assert (first.body, first.headers) != (second.body, second.headers)
    assert verify(platform, first) != verify(platform, second)
    assert take(platform, first) == take(platform, second)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_samples_are_different_events(platform: str) -> None:
    found = [take(platform, sample(platform, name)) for one, name in JSON_SAMPLES if one == platform]
    keys = [one.key for one in found if one]
    assert len(keys) == len(set(keys)) >= 6


COMPOSITE = {
    "zego": ("room-login", ["room_id", "room_seq", "user_account", "login_time", "user_update_seq"]),
    "trtc": ("room-enter", ["EventInfo.RoomId", "EventInfo.UserId", "EventInfo.EventMsTs"]),
    "yunxin": ("user-enter", ["data.channelId", "data.channelName", "data.uid", "data.timestamp"]),
}
IDS = st.text("a|\\1", min_size=1, max_size=4)
TIMES = {"login_time", "EventInfo.EventMsTs", "data.timestamp", "user_update_seq"}


@pytest.mark.parametrize("platform", COMPOSITE)
@given(data=st.data())
def test_events_that_differ_have_keys_that_differ(platform: str, data: st.DataObject) -> None:
    """Where the platform gives an event no id. Ids may hold what joins the parts of a key."""
    name, varied = COMPOSITE[platform]
    one = two = fields_of(platform, name)
    for path in varied:
        drawn = st.integers(1, 3) if path in TIMES else IDS
        first = data.draw(drawn)
        one, two = changed(one, path, first), changed(two, path, data.draw(st.just(first) | drawn))
    assert (notice_of(platform, one).key == notice_of(platform, two).key) == (one == two)


@pytest.mark.parametrize(
    ("first", "second"), [(("a|b", "c"), ("a", "b|c")), (("a\\", "b|c"), ("a|b\\", "c"))]
)
def test_a_bar_in_an_id_makes_no_other_events_key(first: tuple[str, str], second: tuple[str, str]) -> None:
    keys = [
        notice_of("zego", {**fields_of("zego", "room-login"), "room_id": room, "room_seq": life}).key
        for room, life in (first, second)
    ]
    assert keys[0] != keys[1]


@pytest.mark.parametrize(
    ("platform", "name", "path", "value"),
    [
        ("agora", "broadcaster-join", "noticeId", "another"),
        ("volcengine", "UserJoinRoom", "EventId", "another"),
        ("zego", "stream-create", "stream_id", "another"),
        ("zego", "room-create", "room_session_id", 1),
        ("zego", "room-login", "event", "room_logout"),
        ("zego", "room-login", "user_update_seq", "4"),
        ("trtc", "room-enter", "EventType", 105),
        ("trtc", "audio-start", "EventType", 204),
        ("yunxin", "user-enter", "eventType", 10),
        ("yunxin", "audio-start", "eventType", 14),
    ],
)
def test_what_makes_another_event(platform: str, name: str, path: str, value: Any) -> None:
    said = {**fields_of(platform, name), "logout_time": "1700000003120"}
    assert notice_of(platform, said).key != notice_of(platform, changed(said, path, value)).key


def test_every_field_of_a_notice_is_told_by_some_sample() -> None:
    found = [one for one in (take(platform, sample(platform, name)) for platform, name in ALL) if one]
    silent = [f.name for f in fields(Notice) if not any(getattr(one, f.name) for one in found)]
    assert silent == []
