"""TRTC's callbacks: genuine by the header ``Sign``, and what each event says."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from typing import Any

import pytest
from earshot.errors import Misconfigured
from earshot.platforms.port import Delivery, NoticeKind
from earshot.platforms.trtc import webhook

from tests.unit.support.webhooks import (
    SAMPLES,
    SITES,
    Brief,
    brief,
    changed,
    fields_of,
    is_refused,
    notice_of,
    problem_of,
    sample,
    signed,
    signed_bytes,
    take,
    verify,
)

APP, KEY = SITES["trtc"].app_id, SITES["trtc"].secret
T1 = base64.b64decode(
    "ewoJIkV2ZW50R3JvdXBJZCI6CTIsCgkiRXZlbnRUeXBlIjoJMjA0LAoJIkNhbGxiYWNrVHMiOgkxNjY0MjA5NzQ4MTg4LAoJIkV2ZW50SW5m"
    "byI6CXsKCQkiUm9vbUlkIjoJODQ4OSwKCQkiRXZlbnRUcyI6CTE2NjQyMDk3NDgsCgkJIkV2ZW50TXNUcyI6CTE2NjQyMDk3NDgxODAsCgkJ"
    "IlVzZXJJZCI6CSJ1c2VyXzg1MDM0NjE0IiwKCQkiUmVhc29uIjoJMAoJfQp9"
)
T2 = (
    b'{"EventGroupId":1,"EventType":101,"CallbackTs":1687770730166,"EventInfo":{"RoomId":12345,'
    b'"EventTs":1687770730,"EventMsTs":1687770730160,"UserId":"test"}}'
)
T3 = (
    b'{"EventGroupId":1,"EventType":102,"CallbackTs":1687771618531,"EventInfo":{"RoomId":"12345",'
    b'"EventTs":1687771618,"EventMsTs":1687771618457}}'
)
VECTORS = {
    "T1, published: trtc.io/document/54912": (
        T1,
        "kkoFeO3Oh2ZHnjtg8tEAQhtXK16/KI05W3BQff8IvGA=",
        1664209748188,
    ),
    "T2, recomputed: the sample of 101 in cloud.tencent.com/document/product/647/51586": (
        T2,
        "GFQC/FilNGZcZsBNq2uloiZ7zOsAH3hCyVC2c6kZ2CE=",
        1687770730166,
    ),
    "T3, recomputed: the sample of 102 in cloud.tencent.com/document/product/647/51586": (
        T3,
        "iszmcOuHRftpwjYquPnV03zqnDPssl9CwTpwMlqTTZA=",
        1687771618531,
    ),
}
OPENED, CLOSED, ENTERED, LEFT = NoticeKind.OPENED, NoticeKind.CLOSED, NoticeKind.ENTERED, NoticeKind.LEFT
SAID: dict[str, Brief | None] = {
    "room-create": (OPENED, "12345", 1687770730160, "test", None, None),
    "room-dismiss": (CLOSED, "12345", 1687771618457, None, None, None),
    "room-enter": (ENTERED, "12345", 1687770731831, "test", None, None),
    "room-exit": (LEFT, "12345", 1687770731898, "test", "test", None),
    "role-change": (ENTERED, "12345", 1687772245537, "test", None, None),
    "video-start": None,
    "audio-start": (NoticeKind.STREAM_STARTED, "12345", 1687771804192, "test", "test", None),
    "audio-stop-pretty": (
        NoticeKind.STREAM_STOPPED,
        "8489",
        1664209748180,
        "user_85034614",
        "user_85034614",
        None,
    ),
    "recording": None,
}
ENTER = fields_of("trtc", "room-enter")


def header(sign: str, body: bytes = T2) -> Delivery:
    return Delivery(APP, {"sign": sign}, body)


@pytest.mark.parametrize(("body", "sign", "sent_at"), VECTORS.values(), ids=VECTORS.keys())
def test_the_vectors_are_genuine(body: bytes, sign: str, sent_at: int) -> None:
    assert verify("trtc", header(sign, body)) == sent_at
    assert verify("trtc", Delivery(APP, {"sign": sign, "sdkappid": APP}, body)) == sent_at


def test_the_published_body_holds_tabs_and_line_feeds_and_is_a_sample() -> None:
    digest = "4c4c52193bebe962a47d3736aec7a27e81fba536f3a8ecfa04ba306b0edcb2f6"
    assert (len(T1), hashlib.sha256(T1).hexdigest()) == (207, digest)
    assert sample("trtc", "audio-stop-pretty").body == T1


def test_a_body_written_anew_is_refused() -> None:
    sign = VECTORS["T1, published: trtc.io/document/54912"][1]
    for indent in (None, "\t", 2):
        is_refused("trtc", header(sign, json.dumps(json.loads(T1), indent=indent).encode()))
    is_refused("trtc", header(sign, T1 + b"\n"))


def test_other_methods_prove_nothing() -> None:
    known, right = KEY.encode(), hmac.new(KEY.encode(), T2, hashlib.sha256)
    wrong = [
        hashlib.sha256(known + T2).digest(),
        hashlib.sha256(T2 + known).digest(),
        hashlib.sha256(T2).digest(),
        hmac.new(known, T2, hashlib.sha1).digest(),
        hmac.new(T2, known, hashlib.sha256).digest(),
        right.hexdigest().encode(),
    ]
    for digest in wrong:
        is_refused("trtc", header(base64.b64encode(digest).decode()))
    is_refused("trtc", header(right.hexdigest()))
    is_refused("trtc", header(base64.urlsafe_b64encode(right.digest()).decode().rstrip("=")))


@pytest.mark.parametrize("path", ["EventType", "CallbackTs", "EventInfo.RoomId", "EventInfo.UserId"])
def test_a_tampered_field_is_refused(path: str) -> None:
    body = json.dumps(changed(ENTER, path, "1"), separators=(",", ":")).encode()
    is_refused("trtc", replace(sample("trtc", "room-enter"), body=body))


def test_a_callback_of_another_app_is_refused() -> None:
    delivery = sample("trtc", "room-enter")
    assert delivery.headers["sdkappid"] == APP
    for other in ("1400000002", "", APP + " ", "１４００００００１", "\ud800"):
        is_refused("trtc", replace(delivery, headers={**delivery.headers, "sdkappid": other}))
    is_refused("trtc", replace(delivery, app_id="1400000002"))


@pytest.mark.parametrize("secret", ["k" * 33, "with-dash", "with space", "名", "k\n", ["good", "k" * 33]])
def test_a_key_that_trtc_cannot_have_is_misconfigured(secret: Any) -> None:
    with pytest.raises(Misconfigured) as error:
        verify("trtc", sample("trtc", "room-enter"), secret)
    assert error.value.setting == "secret trtc.app.webhook_key"
    assert not any(one in str(error.value) for one in ("k" * 33, "with", "名"))


def test_the_longest_key_is_a_key() -> None:
    delivery = signed("trtc", ENTER, "k" * 32)
    assert verify("trtc", delivery, "k" * 32) == 1687770731932


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b'{"CallbackTs":null}', b"{}"])
def test_what_is_genuine_and_says_no_time(body: bytes) -> None:
    assert verify("trtc", signed_bytes("trtc", body)) is None


# --- what it says


@pytest.mark.parametrize(("name", "expected"), SAID.items())
def test_what_a_sample_says(name: str, expected: Brief | None) -> None:
    found = take("trtc", sample("trtc", name))
    assert brief(found) == expected
    assert found is None or not found.is_recorder


def test_every_event_has_a_sample() -> None:
    assert set(SAID) == set(SAMPLES["trtc"])
    there = {(said["EventGroupId"], said["EventType"]) for said in (fields_of("trtc", name) for name in SAID)}
    assert set(webhook.KINDS) <= there


@pytest.mark.parametrize(("group", "event"), [(2, 201), (2, 202), (2, 205), (2, 206), (3, 301), (3, 310)])
def test_video_and_recording_are_none_of_our_business(group: int, event: int) -> None:
    said = {**ENTER, "EventGroupId": group, "EventType": event, "EventInfo": {}}
    assert take("trtc", signed("trtc", said)) is None


def test_a_room_is_the_same_by_number_and_by_text() -> None:
    by_number, by_text = (
        notice_of("trtc", changed(ENTER, "EventInfo.RoomId", one)) for one in (8489, "8489")
    )
    assert by_number == by_text
    assert by_number.room_id == "8489"


def test_one_persons_events_are_ordered_by_milliseconds() -> None:
    at = ENTER["EventInfo"]["EventMsTs"]
    times = [at, at + 1, at + 1000, 10 * at]
    orders = [notice_of("trtc", changed(ENTER, "EventInfo.EventMsTs", one)).order for one in times]
    assert orders == sorted(set(orders))


@pytest.mark.parametrize("extra", [{"UniqueId": 1}, {"Role": None}, {"New": {"deep": []}}])
def test_new_and_optional_fields_change_nothing(extra: dict[str, Any]) -> None:
    said = {**ENTER, "EventInfo": {**ENTER["EventInfo"], **extra}, "Later": 1}
    assert notice_of("trtc", said) == notice_of("trtc", ENTER)


UNKNOWN = "EventGroupId and EventType are unknown"
PROBLEMS = [
    ("EventType", 106, UNKNOWN),
    ("EventType", ..., UNKNOWN),
    ("EventType", 203, UNKNOWN),
    ("EventGroupId", 4, UNKNOWN),
    ("EventGroupId", ..., UNKNOWN),
    ("EventGroupId", "room", "EventGroupId is not a whole number"),
    ("EventType", 103.0, "EventType is not a whole number"),
    ("EventInfo", ..., "EventInfo is missing or not an object"),
    ("EventInfo", [], "EventInfo is missing or not an object"),
    ("EventInfo.RoomId", ..., "RoomId is missing"),
    ("EventInfo.RoomId", "", "RoomId is missing"),
    ("EventInfo.RoomId", {}, "RoomId is neither text nor a whole number"),
    ("EventInfo.RoomId", 1.5, "RoomId is neither text nor a whole number"),
    ("EventInfo.RoomId", 10**20, "RoomId is too large a number"),
    ("EventInfo.UserId", ..., "UserId is missing"),
    ("EventInfo.UserId", "", "UserId is missing"),
    ("EventInfo.UserId", False, "UserId is neither text nor a whole number"),
    ("EventInfo.EventMsTs", ..., "EventMsTs is missing"),
    ("EventInfo.EventMsTs", "now", "EventMsTs is not a whole number"),
    ("EventInfo.EventMsTs", -1, "EventMsTs is not a whole number"),
    ("EventInfo.EventMsTs", 10**14, "EventMsTs is no time"),
]


@pytest.mark.parametrize(("path", "value", "problem"), PROBLEMS)
def test_what_is_not_understood_is_named(path: str, value: Any, problem: str) -> None:
    assert problem_of("trtc", changed(ENTER, path, value)) == problem


def test_who_opened_a_room_need_not_be_said() -> None:
    said = changed(fields_of("trtc", "room-create"), "EventInfo.UserId", ...)
    assert brief(notice_of("trtc", said)) == (OPENED, "12345", 1687770730160, None, None, None)
