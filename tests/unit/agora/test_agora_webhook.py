"""Agora's notifications: genuine by the second header, and what each event says."""

import hashlib
import hmac
import json
from dataclasses import replace
from typing import Any

import pytest
from earshot.platforms.agora import webhook
from earshot.platforms.port import Delivery, NoticeKind
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.support.webhooks import (
    SAMPLES,
    SITES,
    Brief,
    agora_headers,
    brief,
    changed,
    fields_of,
    is_refused,
    notice_of,
    problem_of,
    sample,
    signed_bytes,
    take,
    verify,
)

APP, UID, ROOM = SITES["agora"].app_id, "12121212", "room-1001"
A1 = (
    b'{"eventMs":1560408533119,"eventType":10,"noticeId":"4eb720f0-8da7-11e9-a43e-53f411c2761f",'
    b'"notifyMs":1560408533119,"payload":{"a":"1","b":2},"productId":1}'
)
A2 = (
    b'{"noticeId":"2000001428:4330:107","productId":1,"eventType":101,"notifyMs":1611566412672,'
    b'"payload":{"channelName":"test_webhook","ts":1560399999}}'
)
A3 = (
    b'{"noticeId":"2000001428:4330:108","productId":1,"eventType":102,"notifyMs":1611566412999,'
    b'"payload":{"channelName":"test_webhook","ts":1560399999,"lastUid":12121212}}'
)
VECTORS = {
    "A1, published: docs.agora.io, receive webhook notifications": (
        A1,
        "033c62f40f687675f17f0f41f91a40c71c0f134c",
        "6d3320c60b11101395b7fc8f9068748808a0aa1bfa064438e39d1bc2c7d74d99",
        1560408533119,
    ),
    "A2, recomputed: the sample of 101 in docs.agora.io": (
        A2,
        "b8bfc4d9faae687f1ad207240057116ad382b82b",
        "239b7b685a9c67abc6b48ef9f63e9de73b689213cfc6aef238f75889f18e37ad",
        1611566412672,
    ),
    "A3, recomputed: the sample of 102 in docs.agora.io": (
        A3,
        "1bd37e105d587fff19fc35886cfe973e18669580",
        "86d41a121fabd1a2d4a92e8af5c68b86381e011df08b2f276e7dbd7656dd1ebc",
        1611566412999,
    ),
}
ENTERED, LEFT = NoticeKind.ENTERED, NoticeKind.LEFT
SAID: dict[str, Brief | None] = {
    "channel-create": (NoticeKind.OPENED, ROOM, 1560399999_999, None, None, None),
    "channel-destroy": (NoticeKind.CLOSED, ROOM, 1560400599_000, None, None, None),
    "broadcaster-join": (ENTERED, ROOM, 1560399999_999, UID, None, None),
    "broadcaster-leave": (LEFT, ROOM, 1560400599_000, UID, None, None),
    "audience-join": (ENTERED, ROOM, 1560399999_999, UID, None, None),
    "audience-leave": (LEFT, ROOM, 1560400599_000, UID, None, None),
    "user-join": (ENTERED, ROOM, 1560399999_999, UID, None, None),
    "user-leave": (LEFT, ROOM, 1560400599_000, UID, None, None),
    "role-broadcaster": (ENTERED, ROOM, 1560400200_999, UID, None, None),
    "role-audience": (ENTERED, ROOM, 1560400300_999, UID, None, None),
    "health-check-create": None,
    "health-check-destroy": None,
    "recording": None,
}
TYPES = {
    "channel-create": 101,
    "channel-destroy": 102,
    "broadcaster-join": 103,
    "broadcaster-leave": 104,
    "audience-join": 105,
    "audience-leave": 106,
    "user-join": 107,
    "user-leave": 108,
    "role-broadcaster": 111,
    "role-audience": 112,
}
JOIN = fields_of("agora", "broadcaster-join")


@pytest.mark.parametrize(("body", "v1", "v2", "sent_at"), VECTORS.values(), ids=VECTORS.keys())
def test_the_vectors_are_genuine(body: bytes, v1: str, v2: str, sent_at: int) -> None:
    both = {"agora-signature": v1, "agora-signature-v2": v2}
    assert agora_headers(body, "secret") == both, "the tests' own signing"
    assert verify("agora", Delivery(APP, both, body)) == sent_at
    assert verify("agora", Delivery(APP, {"agora-signature-v2": v2}, body)) == sent_at


@pytest.mark.parametrize(("body", "v1", "v2", "_"), VECTORS.values(), ids=VECTORS.keys())
def test_the_older_signature_proves_nothing(body: bytes, v1: str, v2: str, _: int) -> None:
    is_refused("agora", Delivery(APP, {"agora-signature": v1}, body))
    is_refused("agora", Delivery(APP, {"agora-signature": v1, "agora-signature-v2": v1}, body))
    is_refused("agora", Delivery(APP, {"agora-signature": v2}, body))


def test_the_older_signature_is_not_looked_at() -> None:
    delivery = sample("agora", "channel-create")
    headers = {**delivery.headers, "agora-signature": "0" * 40}
    assert verify("agora", replace(delivery, headers=headers)) == 1611566412672


def test_a_plain_hash_is_no_proof() -> None:
    plain = [hashlib.sha256(one).hexdigest() for one in (b"secret" + A2, A2 + b"secret", A2)]
    swapped = hmac.new(A2, b"secret", hashlib.sha256).hexdigest()
    for proof in [*plain, swapped]:
        is_refused("agora", Delivery(APP, {"agora-signature-v2": proof}, A2))


def test_a_body_written_anew_is_refused() -> None:
    delivery = sample("agora", "broadcaster-join")
    assert json.loads(delivery.body) == JOIN
    is_refused("agora", replace(delivery, body=json.dumps(JOIN).encode()))


@pytest.mark.parametrize("path", ["noticeId", "eventType", "notifyMs", "payload.channelName", "payload.uid"])
def test_a_tampered_field_is_refused(path: str) -> None:
    delivery = sample("agora", "broadcaster-join")
    body = json.dumps(changed(JOIN, path, "1"), separators=(",", ":")).encode()
    is_refused("agora", replace(delivery, body=body))


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b'{"notifyMs":"soon"}', b'{"notifyMs":-1}', b"{}"])
def test_what_is_genuine_and_says_no_time(body: bytes) -> None:
    assert verify("agora", signed_bytes("agora", body)) is None


# --- what it says


def test_every_sample_is_of_its_type() -> None:
    assert set(SAID) == set(SAMPLES["agora"])
    assert {name: fields_of("agora", name)["eventType"] for name in TYPES} == TYPES
    assert set(TYPES.values()) == set(webhook.KINDS)


@pytest.mark.parametrize(("name", "expected"), SAID.items())
def test_what_a_sample_says(name: str, expected: Brief | None) -> None:
    found = take("agora", sample("agora", name))
    assert brief(found) == expected
    if found:
        assert found.key == fields_of("agora", name)["noticeId"]
        assert not found.is_recorder


@pytest.mark.parametrize("event", [101, 103, 104, 111, 999])
def test_the_consoles_samples_are_none_of_our_business(event: int) -> None:
    """Also of events that are unknown: the console sends one of every subscribed event."""
    said = changed(changed(JOIN, "eventType", event), "payload.channelName", "test_webhook")
    assert take("agora", signed_bytes("agora", json.dumps(said).encode())) is None


@pytest.mark.parametrize("product", [3, 4, 5, ..., None])
def test_other_products_are_none_of_our_business(product: Any) -> None:
    body = json.dumps(changed(JOIN, "productId", product)).encode()
    assert take("agora", signed_bytes("agora", body)) is None


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_within_one_second_the_sequence_orders(first: int, second: int) -> None:
    one, two = (notice_of("agora", changed(JOIN, "payload.clientSeq", n)) for n in (first, second))
    assert (one.order < two.order) == (first < second)
    assert (one.order == two.order) == (first == second)


def test_time_orders_before_the_sequence_and_whoever_has_none_is_first() -> None:
    later = changed(changed(JOIN, "payload.ts", JOIN["payload"]["ts"] + 1), "payload.clientSeq", 1)
    bare = changed(JOIN, "payload.clientSeq", ...)
    orders = [notice_of("agora", said).order for said in (bare, JOIN, later)]
    assert orders == sorted(set(orders))


def test_leaving_and_entering_in_one_second_leaves_nobody_out() -> None:
    """The leave has the higher sequence of the two or the lower; ``at`` says that the room is open at its end."""
    leave = changed(fields_of("agora", "broadcaster-leave"), "payload.ts", JOIN["payload"]["ts"])
    enter = changed(JOIN, "payload.clientSeq", leave["payload"]["clientSeq"] + 1)
    gone, here = notice_of("agora", leave), notice_of("agora", enter)
    assert gone.order < here.order
    assert (here.at - gone.at, gone.at % 1000) == (999, 0)


@pytest.mark.parametrize(("uid", "expected"), [(2**32 - 1, "4294967295"), ("77", "77")])
def test_a_user_is_text(uid: Any, expected: str) -> None:
    assert notice_of("agora", changed(JOIN, "payload.uid", uid)).user_id == expected


PROBLEMS = [
    ("eventType", 110, "eventType is unknown"),
    ("eventType", ..., "eventType is unknown"),
    ("eventType", "join", "eventType is not a whole number"),
    ("productId", "RTC", "productId is not a whole number"),
    ("noticeId", ..., "noticeId is missing"),
    ("noticeId", "", "noticeId is missing"),
    ("noticeId", ["x"], "noticeId is neither text nor a whole number"),
    ("payload", ..., "payload is missing or not an object"),
    ("payload", "{}", "payload is missing or not an object"),
    ("payload.channelName", ..., "channelName is missing"),
    ("payload.channelName", True, "channelName is neither text nor a whole number"),
    ("payload.channelName", "a\nb", "channelName is longer than 256 characters or has some that no id has"),
    (
        "payload.channelName",
        "x" * 257,
        "channelName is longer than 256 characters or has some that no id has",
    ),
    ("payload.ts", ..., "ts is missing"),
    ("payload.ts", 1.5, "ts is not a whole number"),
    ("payload.ts", 1560399999000, "ts is no time"),
    ("payload.uid", ..., "uid is missing"),
    ("payload.uid", None, "uid is missing"),
    ("payload.uid", 1.5, "uid is neither text nor a whole number"),
    ("payload.clientSeq", "first", "clientSeq is not a whole number"),
    ("payload.clientSeq", "١٢", "clientSeq is not a whole number"),
    ("payload.clientSeq", "0" * 20 + "1", "clientSeq is not a whole number"),
    ("payload.clientSeq", True, "clientSeq is not a whole number"),
]


@pytest.mark.parametrize(("path", "value", "problem"), PROBLEMS)
def test_what_is_not_understood_is_named(path: str, value: Any, problem: str) -> None:
    assert problem_of("agora", changed(JOIN, path, value)) == problem
