"""ZEGO's callbacks: genuine by a field of the body that covers little of it, and what each event says."""

import hashlib
import hmac
import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

import pytest
from earshot.platforms.port import Delivery, NoticeKind, NotUnderstood
from earshot.platforms.zego import webhook

from tests.unit.support.webhooks import (
    SAMPLES,
    SITES,
    Brief,
    Said,
    brief,
    changed,
    fields_of,
    hook,
    is_refused,
    notice_of,
    problem_of,
    sample,
    signed,
    take,
    verify,
    zego_proof,
)

APP, SECRET = SITES["zego"].app_id, SITES["zego"].secret
SESSION = "6085791336856668982"
PUBLISHED = ("secret", "1470820198", "123412", "5bd59fd62953a8059fb7eaba95720f66d19e4517")
VECTORS = {
    "published: doc-zh.zego.im, callbacks, how to check a signature": PUBLISHED,
    "own": ("secret-ABC", "1700000000", "n1", "b991c343cf13ddcdf30419f71531eb1b522607c0"),
    "example room_create": (SECRET, 1700000000, "350176", "d0046db31a4f8edad59c421573725aa50fd48971"),
    "example room_close": (SECRET, 1700001800, "350177", "d496f3e4cc9b4a5f51b88d29a4555827d2c1a58f"),
    "example stream_create": (
        SECRET,
        "1700000005",
        "7254119327986670314",
        "3599d143adc5cc74e2f5368df8b09a1c983faf97",
    ),
    "example stream_close": (
        SECRET,
        "1700001700",
        "7266888922840654370",
        "45ccb452dd65f56e727ce00e7ccd92ec66b01a8e",
    ),
}
STARTED: Brief = (NoticeKind.STREAM_STARTED, "room-1001", 1700000005742, "user-7", "stream-7", SESSION)
SAID: dict[str, Brief] = {
    "room-create": (NoticeKind.OPENED, "room-1001", 1700000000027, "owner-42", None, SESSION),
    "room-close": (NoticeKind.CLOSED, "room-1001", 1700001800909, None, None, SESSION),
    "room-login": (NoticeKind.ENTERED, "room-1001", 1700000003120, "user-7", None, SESSION),
    "room-login-robot": (NoticeKind.ENTERED, "room-1001", 1700000006200, "ear-1", None, SESSION),
    "room-logout": (NoticeKind.LEFT, "room-1001", 1700001701300, "user-7", None, SESSION),
    "stream-create": STARTED,
    "stream-create-percent": STARTED,
    "stream-create-form": STARTED,
    "stream-close": (NoticeKind.STREAM_STOPPED, "room-1001", 1700001700248, "user-7", "stream-7", SESSION),
}
LOGIN, STREAM = fields_of("zego", "room-login"), fields_of("zego", "stream-create")


def as_it_came(said: Said) -> Delivery:
    return Delivery(APP, {}, json.dumps(said).encode())


@pytest.mark.parametrize(("secret", "timestamp", "nonce", "proof"), VECTORS.values(), ids=VECTORS.keys())
def test_the_vectors_are_genuine(secret: str, timestamp: Any, nonce: str, proof: str) -> None:
    assert zego_proof(secret, timestamp, nonce) == proof, "the tests' own signing"
    said = {"appid": APP, "timestamp": timestamp, "nonce": nonce, "signature": proof}
    assert verify("zego", as_it_came(said), secret) == int(timestamp) * 1000


@pytest.mark.parametrize("name", ["room-create", "room-close", "stream-create", "stream-close"])
def test_the_samples_carry_the_examples_proofs(name: str) -> None:
    assert fields_of("zego", name)["signature"] == VECTORS[f"example {name.replace('-', '_')}"][3]


def test_numbers_are_sorted_as_text() -> None:
    """9 stands behind 1700000000 as text, and before it as a number."""
    assert notice_of("zego", {**LOGIN, "timestamp": 1700000000, "nonce": 9}).room_id == "room-1001"


def test_other_methods_prove_nothing() -> None:
    secret, timestamp, nonce, _ = PUBLISHED
    joined = "".join(sorted([secret, timestamp, nonce])).encode()
    wrong = [
        hmac.new(secret.encode(), (nonce + timestamp).encode(), hashlib.sha1).hexdigest(),
        hmac.new(secret.encode(), joined, hashlib.sha1).hexdigest(),
        hashlib.sha1((secret + timestamp + nonce).encode()).hexdigest(),
        hashlib.sha1((nonce + timestamp).encode()).hexdigest(),
        hashlib.sha256(joined).hexdigest(),
        hashlib.md5(joined).hexdigest(),
    ]
    for proof in wrong:
        said = {"appid": APP, "timestamp": timestamp, "nonce": nonce, "signature": proof}
        is_refused("zego", as_it_came(said), secret)


@pytest.mark.parametrize("name", ["timestamp", "nonce", "appid"])
@pytest.mark.parametrize("value", [..., None, "", "1700000001", [], True, "\ud800", "名"])
def test_what_is_signed_or_names_the_app_must_be_there_and_fit(name: str, value: Any) -> None:
    is_refused("zego", as_it_came(changed(LOGIN, name, value)))


def test_the_rest_of_the_body_is_not_covered() -> None:
    """Documented so: whence the key in the address, which the door asks for where ``COVERS_BODY`` is false."""
    assert not hook("zego").COVERS_BODY
    other = {**LOGIN, "room_id": "room-2", "event": "room_close", "room_close_time": "1700000009000"}
    found = take("zego", as_it_came(other))
    assert found is not None
    assert (found.kind, found.room_id) == (NoticeKind.CLOSED, "room-2")


def test_a_callback_of_another_app_is_refused() -> None:
    is_refused("zego", replace(as_it_came(LOGIN), app_id="1234567891"))


def test_a_time_cut_elsewhere_never_makes_an_old_callback_young() -> None:
    """Time, nonce and secret are joined by nothing, so some of the nonce may be put to the time: that is no time any
    more, and would not be compared with ours."""
    joined = f"{STREAM['timestamp']}{STREAM['nonce']}"
    cuts = [{**STREAM, "timestamp": joined[:at], "nonce": joined[at:]} for at in range(12, len(joined))]
    fitting = [
        said for said in cuts if zego_proof(SECRET, said["timestamp"], said["nonce"]) == STREAM["signature"]
    ]
    assert fitting
    for said in fitting:
        is_refused("zego", as_it_came(said))


def test_callbacks_of_zegos_own_moderation_are_refused() -> None:
    """Their fields are capitalised: what would prove them is not where a room's callback has it."""
    said = {name.capitalize(): value for name, value in STREAM.items()}
    assert said["Signature"] == VECTORS["example stream_create"][3]
    is_refused("zego", as_it_came({**said, "AppId": APP, "Event": "censor_audio_v2_result"}))


@pytest.mark.parametrize("timestamp", ["soon", "-1", "1700000000000", 1.5, "17e8"])
def test_a_callback_without_a_time_is_refused(timestamp: Any) -> None:
    is_refused("zego", signed("zego", {**LOGIN, "timestamp": timestamp}))


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b"null", b"%7B", b"%FF", b"=&=", b"a=1&" * 1000, b"{" * 99, b"%7B%22a%22%3A%FF%7D"],
)
def test_what_is_neither_json_nor_a_form_is_refused(body: bytes) -> None:
    is_refused("zego", Delivery(APP, {}, body))
    with pytest.raises(NotUnderstood):
        hook("zego").read(Delivery(APP, {}, body))


def test_a_form_of_more_fields_than_any_event_has_is_refused() -> None:
    form = sample("zego", "stream-create-form").body
    assert verify("zego", Delivery(APP, {}, form + b"&more=1" * 50))
    is_refused("zego", Delivery(APP, {}, form + b"&more=1" * 100))


# --- what it says


@pytest.mark.parametrize(("name", "expected"), SAID.items())
def test_what_a_sample_says(name: str, expected: Brief) -> None:
    found = take("zego", sample("zego", name))
    assert found is not None
    assert brief(found) == expected
    assert found.is_recorder == (name == "room-login-robot")


def test_every_event_has_a_sample() -> None:
    assert set(SAID) == set(SAMPLES["zego"])
    plain = {fields_of("zego", name)["event"] for name in SAID if not name.startswith("stream-create-")}
    assert plain == set(webhook.KINDS)


AWKWARD = "直播间 + 1/2 & 3=4 %41 😀"


@pytest.mark.parametrize("room_id", ["room-1001", AWKWARD, "{", "a;b"])
@pytest.mark.parametrize("name", ["room-create", "room-close", "room-login", "room-logout", "stream-create"])
def test_three_encodings_say_the_same(name: str, room_id: str) -> None:
    said = {**fields_of("zego", name), "room_id": room_id}
    text = json.dumps(said, ensure_ascii=False)
    form = {key: value for key, value in said.items() if not isinstance(value, list)}
    bodies = [
        text,
        json.dumps(said),
        f"  \r\n{text}",
        quote(text, safe=""),
        quote(text).replace("%7B", "%7b"),
        quote_plus(text),
        urlencode(form),
        urlencode(form, quote_via=quote),
    ]
    expected = notice_of("zego", said)
    assert expected.room_id == room_id
    assert [take("zego", Delivery(APP, {}, body.encode())) for body in bodies] == [expected] * len(bodies)


@pytest.mark.parametrize("session", [2**53 + 1, 6085791336856668982, 2**64 - 1])
@pytest.mark.parametrize("name", ["room_session_id", "room_seq"])
def test_sessions_larger_than_a_float_holds(session: int, name: str) -> None:
    for value in (session, str(session)):
        said = {**changed(fields_of("zego", "room-create"), "room_session_id", ...), name: value}
        assert notice_of("zego", said).platform_session_id == str(session)


@pytest.mark.parametrize("role", ["1", "2", 2, "", None, ...])
def test_only_the_role_4_is_a_recorder(role: Any) -> None:
    for name in ("room-login", "room-logout"):
        said = fields_of("zego", name)
        assert not notice_of("zego", changed(said, "user_role", role)).is_recorder
        for robot in (4, "4"):
            assert notice_of("zego", changed(said, "user_role", robot)).is_recorder
    assert not notice_of("zego", {**fields_of("zego", "room-create"), "user_role": 4}).is_recorder


def test_within_one_millisecond_the_sequence_orders() -> None:
    sequences = ["", "3", "4", "20", 2**63]
    orders = [notice_of("zego", changed(LOGIN, "user_update_seq", one)).order for one in sequences]
    assert orders == sorted(set(orders))
    later = {**LOGIN, "login_time": "1700000003121", "user_update_seq": "1"}
    assert notice_of("zego", later).order > orders[-1]


def test_a_stream_that_was_pushed_before_milliseconds_were_told() -> None:
    for value in ("", None, ...):
        assert notice_of("zego", changed(STREAM, "create_time_ms", value)).at == 1700000005_999


def test_a_stream_that_is_pushed_again_is_another_event() -> None:
    """Whether it keeps its time is not documented; its sequence grows."""
    again = notice_of("zego", {**STREAM, "recreate": "1", "stream_seq": "3"})
    assert again.key != notice_of("zego", STREAM).key
    assert again.key == notice_of("zego", {**STREAM, "recreate": "1", "stream_seq": 3}).key


def test_who_opened_the_room_or_streams_need_not_be_said() -> None:
    assert notice_of("zego", changed(fields_of("zego", "room-create"), "id_name", "")).user_id is None
    assert notice_of("zego", changed(STREAM, "user_id", ...)).user_id is None


ROOM_CREATE, ROOM_CLOSE = fields_of("zego", "room-create"), fields_of("zego", "room-close")
LOGOUT, STREAM_CLOSE = fields_of("zego", "room-logout"), fields_of("zego", "stream-close")
PROBLEMS: list[tuple[Said, str, Any, str]] = [
    (LOGIN, "event", "room_explode", "event is unknown"),
    (LOGIN, "event", ..., "event is missing"),
    (LOGIN, "event", {}, "event is neither text nor a whole number"),
    (LOGIN, "user_account", ..., "user_account is missing"),
    (LOGOUT, "user_account", "", "user_account is missing"),
    (LOGIN, "user_role", "robot", "user_role is not a whole number"),
    (LOGIN, "user_update_seq", "x", "user_update_seq is not a whole number"),
    (LOGIN, "login_time", ..., "login_time is missing"),
    (LOGIN, "login_time", "today", "login_time is not a whole number"),
    (LOGIN, "room_seq", True, "room_seq is neither text nor a whole number"),
    (LOGOUT, "logout_time", None, "logout_time is missing"),
    (ROOM_CREATE, "room_create_time", ..., "room_create_time is missing"),
    (ROOM_CREATE, "room_session_id", 1.5, "room_session_id is neither text nor a whole number"),
    (ROOM_CREATE, "id_name", [], "id_name is neither text nor a whole number"),
    (ROOM_CLOSE, "room_close_time", 10**14, "room_close_time is no time"),
    (STREAM, "stream_id", ..., "stream_id is missing"),
    (STREAM_CLOSE, "stream_id", "", "stream_id is missing"),
    (STREAM_CLOSE, "destroy_timemillis", ..., "destroy_timemillis is missing"),
    (changed(STREAM, "create_time_ms", ...), "create_time", ..., "create_time is missing"),
    *(
        (said, "room_id", ..., "room_id is missing")
        for said in (ROOM_CREATE, ROOM_CLOSE, LOGIN, LOGOUT, STREAM)
    ),
    (LOGIN, "room_id", ["room"], "room_id is neither text nor a whole number"),
    (LOGIN, "room_id", "x" * 257, "room_id is longer than 256 characters or has some that no id has"),
]


@pytest.mark.parametrize(("said", "name", "value", "problem"), PROBLEMS)
def test_what_is_not_understood_is_named(said: Said, name: str, value: Any, problem: str) -> None:
    assert problem_of("zego", changed(said, name, value)) == problem
