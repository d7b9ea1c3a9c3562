"""Yunxin's 房间抄送: genuine by the header ``CheckSum``, and what each event says."""

import hashlib
import hmac
import json
from dataclasses import replace
from typing import Any

import pytest
from earshot.platforms.port import Delivery, NoticeKind, NotUnderstood
from earshot.platforms.yunxin import webhook

from tests.unit.support.webhooks import (
    SAMPLES,
    SITES,
    Brief,
    brief,
    changed,
    fields_of,
    hook,
    is_refused,
    notice_of,
    problem_of,
    sample,
    signed,
    signed_bytes,
    take,
    verify,
    yunxin_headers,
)

APP, SECRET = SITES["yunxin"].app_id, SITES["yunxin"].secret
N1 = (
    b'{"eventType":1,"data":{"channelId":123,"channelName":"abc","createtime":1606974852379,'
    b'"timestamp":1606974852479}}'
)
N2 = (
    b'{"eventType":2,"data":{"channelId":123,"channelName":"abc","createtime":1606974852379,'
    b'"timestamp":1606974952479}}'
)
VECTORS = {
    "N1, recomputed: a room starts": (
        N1,
        "1606974852500",
        "df22980e26db30c6d0078e501acec2c0",
        "2f777e5fc27c31ef9889420714db86ca87862be4",
    ),
    "N2, recomputed: a room ends": (
        N2,
        "1606974952500",
        "f2a08649d1c9582a76b8deade411f316",
        "a9eebdede7f603e9ae200d2f09ec9fe0d2926c99",
    ),
    "N3, recomputed: the check of the address": (
        b"{}",
        "1606974852500",
        "99914b932bd37a50b983c5e7c90ae93b",
        "650bba8c9545d442fe556632e3863124fc585167",
    ),
}
ENTERED = NoticeKind.ENTERED
SAID: dict[str, Brief | None] = {
    "room-start": (NoticeKind.OPENED, "abc", 1606974852479, None, None, "123"),
    "room-end": (NoticeKind.CLOSED, "abc", 1606974952479, None, None, "123"),
    "room-end-misspelled": (NoticeKind.CLOSED, "abc", 1606974952480, None, None, "124"),
    "user-enter": (ENTERED, "abc", 1606974853000, "7007", None, "123"),
    "user-leave": (NoticeKind.LEFT, "abc", 1606974900000, "7007", "7007", "123"),
    "role-audience": (ENTERED, "abc", 1606974870000, "7007", None, "123"),
    "role-host": (ENTERED, "abc", 1606974880000, "7007", None, "123"),
    "video-start": None,
    "audio-start": (NoticeKind.STREAM_STARTED, "abc", 1606974856000, "7007", "7007", "123"),
    "audio-stop": (NoticeKind.STREAM_STOPPED, "abc", 1606974890000, "7007", "7007", "123"),
    "null-fields": (ENTERED, "abc", 1606974854000, "7008", None, None),
    "im-message": None,
    "address-check": None,
}
ENTER, START = fields_of("yunxin", "user-enter"), fields_of("yunxin", "room-start")


def proved(checksum: str, body: bytes = N1, sent: str = "1606974852500") -> Delivery:
    return Delivery(APP, {"appkey": APP, "curtime": sent, "checksum": checksum, "type": "G2"}, body)


@pytest.mark.parametrize(("body", "sent", "md5", "checksum"), VECTORS.values(), ids=VECTORS.keys())
def test_the_vectors_are_genuine(body: bytes, sent: str, md5: str, checksum: str) -> None:
    made = yunxin_headers(body, SECRET, sent)
    assert (made["md5"], made["checksum"]) == (md5, checksum), "the tests' own signing"
    assert verify("yunxin", proved(checksum, body, sent)) == int(sent)


@pytest.mark.parametrize("md5", ["", "0" * 32, hashlib.md5(N2).hexdigest(), "\ud800"])
def test_the_header_md5_is_anybodys_word(md5: str) -> None:
    genuine = sample("yunxin", "room-start")
    assert verify("yunxin", replace(genuine, headers={**genuine.headers, "md5": md5})) == 1606974852500
    forged = hashlib.sha1(f"{SECRET}{hashlib.md5(N2).hexdigest()}1606974852500".encode()).hexdigest()
    delivery = proved(forged)
    is_refused("yunxin", replace(delivery, headers={**delivery.headers, "md5": hashlib.md5(N2).hexdigest()}))


def test_other_methods_prove_nothing() -> None:
    md5, sent = hashlib.md5(N1).hexdigest(), "1606974852500"
    wrong = [
        hmac.new(SECRET.encode(), f"{md5}{sent}".encode(), hashlib.sha1).hexdigest(),
        hashlib.sha256(f"{SECRET}{md5}{sent}".encode()).hexdigest(),
        hashlib.sha1(f"{SECRET}{sent}{md5}".encode()).hexdigest(),
        hashlib.sha1(f"{SECRET}nonce{sent}{md5}".encode()).hexdigest(),  # another product's
        hashlib.sha1(f"{SECRET}{md5.upper()}{sent}".encode()).hexdigest(),
        hashlib.sha1(f"{SECRET}{md5}".encode()).hexdigest(),
        hashlib.sha1(SECRET.encode() + N1 + sent.encode()).hexdigest(),
        hashlib.sha1(f"{md5}{sent}".encode()).hexdigest(),
    ]
    for checksum in wrong:
        is_refused("yunxin", proved(checksum))


def test_a_body_written_anew_is_refused() -> None:
    is_refused("yunxin", replace(sample("yunxin", "room-start"), body=json.dumps(START).encode()))


@pytest.mark.parametrize("path", ["eventType", "data.channelId", "data.channelName", "data.timestamp"])
def test_a_tampered_field_is_refused(path: str) -> None:
    body = json.dumps(changed(START, path, 2), separators=(",", ":")).encode()
    is_refused("yunxin", replace(sample("yunxin", "room-start"), body=body))


@pytest.mark.parametrize("name", ["curtime", "appkey"])
@pytest.mark.parametrize("value", [..., "", "1606974852501", "名", "\ud800"])
def test_time_and_app_are_as_signed(name: str, value: Any) -> None:
    delivery = sample("yunxin", "room-start")
    headers = {**delivery.headers, name: value}
    is_refused("yunxin", replace(delivery, headers={k: v for k, v in headers.items() if v is not ...}))


def test_a_callback_of_another_app_is_refused() -> None:
    is_refused("yunxin", replace(sample("yunxin", "room-start"), app_id="other"))


@pytest.mark.parametrize(
    ("sent", "expected"), [("1606974852", 1606974852_000), ("1606974852500", 1606974852500), ("soon", None)]
)
def test_the_time_may_count_seconds(sent: str, expected: int | None) -> None:
    assert verify("yunxin", Delivery(APP, yunxin_headers(N1, SECRET, sent), N1)) == expected


# --- what it says


@pytest.mark.parametrize(("name", "expected"), SAID.items())
def test_what_a_sample_says(name: str, expected: Brief | None) -> None:
    found = take("yunxin", sample("yunxin", name))
    assert brief(found) == expected
    assert found is None or not found.is_recorder


def test_every_event_has_a_sample() -> None:
    assert set(SAID) == set(SAMPLES["yunxin"])
    assert set(webhook.KINDS) <= {fields_of("yunxin", name).get("eventType") for name in SAID}


@pytest.mark.parametrize("event", [3, 6, 7, 8, 11, 12, 400, 401, 905])
def test_other_events_are_none_of_our_business(event: int) -> None:
    assert take("yunxin", signed("yunxin", {"eventType": event, "data": {}})) is None


@pytest.mark.parametrize("name", [name for name, said in SAID.items() if said])
@pytest.mark.parametrize("kind", [..., "", "G1", "g2", "\ud800"])
def test_messages_of_the_im_have_the_same_numbers(name: str, kind: Any) -> None:
    delivery = sample("yunxin", name)
    headers = {**delivery.headers, "type": kind}
    without = {key: value for key, value in headers.items() if value is not ...}
    assert hook("yunxin").read(replace(delivery, headers=without)) is None


@pytest.mark.parametrize("spelling", ["createtime", "createTime", "creaetime"])
def test_every_spelling_of_a_rooms_birth(spelling: str) -> None:
    data = {"channelId": 1, "channelName": "abc", "timestamp": None, spelling: 1606974852379}
    assert notice_of("yunxin", {"eventType": 1, "data": data}).at == 1606974852379
    assert problem_of("yunxin", {"eventType": 2, "data": data}) == "timestamp is missing", "no end is a birth"
    said = {"eventType": 1, "data": {**data, "timestamp": 1606974852479}}
    assert notice_of("yunxin", said).at == 1606974852479


@pytest.mark.parametrize(
    "name", ["channelId", "createTime", "user", "duration", "platform", "userRole", "appKey"]
)
@pytest.mark.parametrize("value", [None, ...])
def test_what_is_null_or_left_out_is_tolerated(name: str, value: Any) -> None:
    found, whole = notice_of("yunxin", changed(ENTER, f"data.{name}", value)), notice_of("yunxin", ENTER)
    assert (found.platform_session_id is None) == (name == "channelId")
    assert (found.user_id, found.room_id, found.at) == (whole.user_id, whole.room_id, whole.at)


def test_without_their_ids_two_rooms_are_two() -> None:
    """Ids may be null: then nothing but its name tells a room from another."""
    bare = changed(ENTER, "data.channelId", None)
    one, other = notice_of("yunxin", bare), notice_of("yunxin", changed(bare, "data.channelName", "abd"))
    assert one.key != other.key


def test_ids_larger_than_a_float_holds() -> None:
    big = 2**63 - 1
    said = changed(changed(ENTER, "data.channelId", big), "data.uid", str(big))
    found = notice_of("yunxin", said)
    assert (found.platform_session_id, found.user_id) == (str(big), str(big))


def test_one_persons_events_are_ordered_by_milliseconds() -> None:
    times = [1606974853000, 1606974853001, 1606974854000, 16069748530000]
    orders = [notice_of("yunxin", changed(ENTER, "data.timestamp", one)).order for one in times]
    assert orders == sorted(set(orders))


PROBLEMS = [
    ("eventType", 15, "eventType is unknown"),
    ("eventType", ..., "eventType is unknown"),
    ("eventType", "in", "eventType is not a whole number"),
    ("data", ..., "data is missing or not an object"),
    ("data", None, "data is missing or not an object"),
    ("data.channelName", ..., "channelName is missing"),
    ("data.channelName", None, "channelName is missing"),
    ("data.channelName", [], "channelName is neither text nor a whole number"),
    ("data.channelName", "\x00", "channelName is longer than 256 characters or has some that no id has"),
    ("data.channelId", 1.5, "channelId is neither text nor a whole number"),
    ("data.uid", ..., "uid is missing"),
    ("data.uid", None, "uid is missing"),
    ("data.uid", True, "uid is neither text nor a whole number"),
    ("data.timestamp", ..., "timestamp is missing"),
    ("data.timestamp", None, "timestamp is missing"),
    ("data.timestamp", "now", "timestamp is not a whole number"),
    ("data.timestamp", 10**14, "timestamp is no time"),
]


@pytest.mark.parametrize(("path", "value", "problem"), PROBLEMS)
def test_what_is_not_understood_is_named(path: str, value: Any, problem: str) -> None:
    assert problem_of("yunxin", changed(ENTER, path, value)) == problem


@pytest.mark.parametrize(
    ("body", "problem"),
    [(b"", "body is not JSON"), (b"[]", "body is not a JSON object"), (b"\xff", "body is not JSON")],
)
def test_what_is_no_object_is_not_understood(body: bytes, problem: str) -> None:
    delivery = signed_bytes("yunxin", body)
    verify("yunxin", delivery)
    with pytest.raises(NotUnderstood, match=problem):
        hook("yunxin").read(delivery)
