"""What holds for every platform's webhook: nothing forged gets in, nothing strange gets through, nothing is told twice.

Agora's deliveries do not name their app: there the app's own secret alone tells it from another.
"""

import json
from dataclasses import fields, replace
from typing import Any

import pytest
from earshot.clock import iso
from earshot.contract.room_events import RoomEvent
from earshot.errors import EarshotError, Misconfigured, Refused
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
    with_proof,
    yunxin_headers,
)

PLATFORMS = sorted(registry.WEBHOOKS)
COVERED = sorted(set(PLATFORMS) - {"zego"})
FIRST = {platform: names[0] for platform, names in SAMPLES.items()}
OTHER = {platform: "an0therSecret" for platform in PLATFORMS}
JSON_SAMPLES = [(p, n) for p, n in ALL if not n.startswith("stream-create-")]
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
AWKWARD = ANY | st.sampled_from(
    ["\ud800", "x" * 257, "\x00", "", " ", "NaN", "1" * 21, "{}", 10**13, 10**25, -1, 2**64, 1e300, 4, "4"]
)


def genuine(platform: str) -> Delivery:
    return sample(platform, FIRST[platform])


def test_these_are_the_platforms_and_every_file_is_listed() -> None:
    assert set(SAMPLES) == set(SITES) == set(PLATFORMS)
    there = {(path.parent.name, path.stem) for path in EVENTS.joinpath("room-webhooks").rglob("*.*")}
    assert there == set(ALL)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_module_is_what_the_port_says(platform: str) -> None:
    found: Webhook = hook(platform)
    assert isinstance(json.loads(found.ANSWER), dict)
    assert found.COVERS_BODY == (platform in COVERED)


@pytest.mark.parametrize(("platform", "name"), ALL)
def test_every_sample_is_genuine_and_no_other_secrets(platform: str, name: str) -> None:
    delivery = sample(platform, name)
    assert verify(platform, delivery) is not None
    is_refused(platform, delivery, OTHER[platform])


# --- the wrong ways


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(
    "proof", [..., "", "0", "名", "é" * 64, "\ud800", "\udfff" * 40, "\x00", "a" * 100_000]
)
def test_no_proof_and_nonsense_are_refused(platform: str, proof: Any) -> None:
    is_refused(platform, with_proof(platform, genuine(platform), proof))


@pytest.mark.parametrize("platform", ["zego", "volcengine"])
@pytest.mark.parametrize("proof", [None, True, 0, [], {}])
def test_a_proof_in_the_body_is_text(platform: str, proof: Any) -> None:
    is_refused(platform, with_proof(platform, genuine(platform), proof))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_proof_is_the_whole_proof(platform: str) -> None:
    delivery, site = genuine(platform), SITES[platform]
    place = fields_of(platform, FIRST[platform]) if site.in_body else delivery.headers
    right = place[site.proof]
    assert verify(platform, with_proof(platform, delivery, right))
    for wrong in (right[:-1], right + "0", right + " ", " " + right, right[::-1], right + "\ud800"):
        is_refused(platform, with_proof(platform, delivery, wrong))


@pytest.mark.parametrize("platform", COVERED)
def test_a_proof_in_the_wrong_place_is_none(platform: str) -> None:
    """The headers of one delivery do not carry the body of the next, and without headers there is nothing."""
    delivery, last = genuine(platform), sample(platform, SAMPLES[platform][1])
    assert delivery.body != last.body
    if not SITES[platform].in_body:
        is_refused(platform, replace(delivery, body=last.body))
        is_refused(platform, replace(delivery, headers={}))
    is_refused(platform, replace(delivery, body=b""))


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("secret", ["", "  ", None, 7, [], [""], ["right", ""], ["right", None], {}])
def test_no_secret_is_misconfigured(platform: str, secret: Any) -> None:
    """Also for a delivery that is signed with nothing, and before anything is looked at."""
    empty = signed_bytes(platform, genuine(platform).body, "")
    for delivery in (genuine(platform), empty, Delivery(SITES[platform].app_id, {}, b"")):
        with pytest.raises(Misconfigured) as error:
            verify(platform, delivery, secret)
        assert error.value.setting == f"secret {platform}.app.{SITES[platform].field}"


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_second_secret_while_it_rotates(platform: str) -> None:
    right, sent_at = SITES[platform].secret, verify(platform, genuine(platform))
    for both in ([right], [right, OTHER[platform]], [OTHER[platform], right], ["a", "b", right]):
        assert verify(platform, genuine(platform), both) == sent_at
    is_refused(platform, genuine(platform), [OTHER[platform], "b"])


@pytest.mark.parametrize("platform", [platform for platform in PLATFORMS if platform != "agora"])
@pytest.mark.parametrize("app_id", ["", "other", "0", "名", "\ud800"])
def test_another_apps_delivery_is_refused(platform: str, app_id: str) -> None:
    is_refused(platform, replace(genuine(platform), app_id=app_id))


@pytest.mark.parametrize("platform", COVERED)
@given(data=st.data())
def test_a_body_that_was_touched_is_refused_or_says_the_same(platform: str, data: st.DataObject) -> None:
    """Volcengine signs values: a space between them may be another."""
    delivery = sample(platform, data.draw(st.sampled_from(SAMPLES[platform])))
    place = data.draw(st.integers(0, len(delivery.body)))
    piece, cut = data.draw(st.binary(max_size=3)), data.draw(st.integers(0, 3))
    body = delivery.body[:place] + piece + delivery.body[place + cut :]
    touched = replace(delivery, body=body)
    try:
        verify(platform, touched)
    except Refused:
        return
    if platform != "volcengine":
        assert body == delivery.body
    assert hook(platform).read(touched) == hook(platform).read(delivery)


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
    try:
        verify(platform, delivery)
    except Refused:
        pass
    try:
        is_fit_for_the_bus(platform, hook(platform).read(delivery))
    except NotUnderstood as problem:
        assert str(problem)


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


def paths(said: Said, depth: int = 2) -> list[str]:
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
    again = {
        "agora": {"notifyMs": 1999999999999},
        "trtc": {"CallbackTs": 1999999999999},
        "zego": {"timestamp": "1999999999", "nonce": "another"},
        "volcengine": {"Nonce": "aNew", "EventTime": "2033-03-21T15:32:04+08:00"},
    }[platform]
    return signed(platform, {**said, **again})


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
        one, two = changed(one, path, data.draw(drawn)), changed(two, path, data.draw(drawn))
    assert (notice_of(platform, one).key == notice_of(platform, two).key) == (one == two)


@pytest.mark.parametrize(
    ("platform", "name", "path", "value"),
    [
        ("agora", "broadcaster-join", "noticeId", "another"),
        ("volcengine", "UserJoinRoom", "EventId", "another"),
        ("zego", "stream-create", "stream_id", "another"),
        ("zego", "room-create", "room_session_id", 1),
        ("zego", "room-login", "event", "room_logout"),
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


@pytest.mark.parametrize("platform", PLATFORMS)
def test_refusals_tell_nothing(platform: str) -> None:
    """Neither the secret nor the proof that would have been right."""
    site, delivery = SITES[platform], genuine(platform)
    with pytest.raises(EarshotError) as error:
        verify(platform, with_proof(platform, delivery, "wrong"))
    assert str(error.value) == "not_authenticated"
    assert site.secret not in str(error.value)
