"""Volcengine's callbacks: genuine by a field of the body, and what each event says."""

import hashlib
import hmac
import json
from dataclasses import replace
from typing import Any

import pytest
from earshot.platforms.port import Delivery, NoticeKind, NotUnderstood
from earshot.platforms.volcengine import webhook

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
    volcengine_proof,
)

APP, SECRET = SITES["volcengine"].app_id, SITES["volcengine"].secret
V1: Said = {
    "EventType": "RoomCreate",
    "EventData": '{"RoomId":"room1","Timestamp":1679383924691}',
    "EventTime": "2023-03-21T15:32:04+08:00",
    "EventId": "123456",
    "AppId": "appId",
    "Version": "2020-12-01",
    "Nonce": "aaBc",
    "Signature": "1c7200723842eff514b65fc3f065597432bbb4249e10d33db79b3853d05f3691",
}
V2: Said = {
    **V1,
    "EventType": "RoomDestroy",
    "EventData": '{"RoomId":"room1","Timestamp":1679383940000}',
    "EventTime": "2023-03-21T15:32:20+08:00",
    "EventId": "123458",
    "Nonce": "aaBe",
    "Signature": "6c2caf686dc7d457d4f21c95a1ce4090c4121254760ed9eda7e79e1e0cb65c61",
}
V3: Said = {
    **V1,
    "EventType": "UserLeaveRoom",
    "EventData": '{"RoomId":"room1","UserId":"u1","DeviceType":"web","Reason":"userLeave",'
    '"Timestamp":1679383930000}',
    "EventTime": "2023-03-21T15:32:10+08:00",
    "EventId": "123457",
    "Nonce": "aaBd",
    "Signature": "6baf0a03c894a7778d591e2b91c7412a31517513bc744f16036a06c6ff18c8ef",
}
VECTORS = {
    "V1, the vendor's according to two public repositories": (V1, 1679383924_000),
    "V2, recomputed": (V2, 1679383940_000),
    "V3, recomputed": (V3, 1679383930_000),
}
NO_VECTOR = "14aa681420cb46ab5f1d8ad6ac9ab21f341ea9dbf9d5237059c3c4c0e731300f"
"""Printed on volcengine.com/docs/6348/75124 beside values that do not make it."""
ENTERED, LEFT = NoticeKind.ENTERED, NoticeKind.LEFT
SAID: dict[str, Brief | None] = {
    "RoomCreate": (NoticeKind.OPENED, "room1", 1679383924691, None, None, None),
    "RoomDestroy": (NoticeKind.CLOSED, "room1", 1679383940000, None, None, None),
    "UserJoinRoom": (ENTERED, "room1", 1679383925001, "u1", None, None),
    "UserJoinRoom-noce": (ENTERED, "room1", 1679383925002, "u1", None, None),
    "UserLeaveRoom": (LEFT, "room1", 1679383930000, "u1", None, None),
    "InvisibleUserJoinRoom": (ENTERED, "room1", 1679383925003, "u1", None, None),
    "InvisibleUserLeaveRoom": (LEFT, "room1", 1679383925004, "u1", None, None),
    "RoleChangeInvisible2Visible": (ENTERED, "room1", 1679383925005, "u1", None, None),
    "RoleChangeVisible2Invisible": (ENTERED, "room1", 1679383925006, "u1", None, None),
    "RecordStarted": None,
}
JOIN = fields_of("volcengine", "UserJoinRoom")
SIGNED = [name for name in V1 if name != "Signature"]


def as_it_came(said: Said) -> Delivery:
    return Delivery(APP, {}, json.dumps(said, separators=(",", ":")).encode())


@pytest.mark.parametrize(("said", "sent_at"), VECTORS.values(), ids=VECTORS.keys())
def test_the_vectors_are_genuine(said: Said, sent_at: int) -> None:
    assert volcengine_proof(SECRET, said) == said["Signature"], "the tests' own signing"
    assert verify("volcengine", as_it_came(said)) == sent_at
    assert fields_of("volcengine", said["EventType"]) == said, "and it is a sample"


def test_v1_is_the_hash_of_the_string_that_is_published_with_it() -> None:
    joined = (
        "12341234562020-12-012023-03-21T15:32:04+08:00RoomCreateaaBcappId"
        '{"RoomId":"room1","Timestamp":1679383924691}'
    )
    assert hashlib.sha256(joined.encode()).hexdigest() == V1["Signature"]


def test_the_hash_of_the_format_page_is_no_vector() -> None:
    for said in (V1, V2, V3):
        is_refused("volcengine", as_it_came({**said, "Signature": NO_VECTOR}))


def test_other_methods_prove_nothing() -> None:
    values = [V1[name].encode() for name in SIGNED]
    joined = b"".join(sorted([*values, SECRET.encode()]))
    known, without = SECRET.encode(), b"".join(sorted(values))
    wrong = [
        hmac.new(known, without, hashlib.sha256).hexdigest(),
        hmac.new(known, joined, hashlib.sha256).hexdigest(),
        hashlib.sha256(without).hexdigest(),
        hashlib.sha256(known + without[:1] + without[1:] + b" ").hexdigest(),
        hashlib.sha256(b"".join([*values, known])).hexdigest(),
        hashlib.sha1(joined).hexdigest(),
        hashlib.sha256(joined).hexdigest().upper(),
    ]
    for proof in wrong:
        is_refused("volcengine", as_it_came({**V1, "Signature": proof}))


def test_values_are_sorted_by_byte() -> None:
    """Digits, upper case, lower case, braces, and then what is not ASCII: as no language's collation has them."""
    said = {**V1, "EventId": "~é", "Nonce": "Zz_名", "EventData": '{"RoomId":"é名😀"}'}
    assert notice_of("volcengine", said).room_id == "é名😀"


@pytest.mark.parametrize("name", SIGNED)
@pytest.mark.parametrize("value", [..., None, 1, [], "other", "\ud800"])
def test_a_tampered_field_is_refused(name: str, value: Any) -> None:
    is_refused("volcengine", as_it_came(changed(V3, name, value)))


def test_event_data_is_kept_byte_for_byte_and_the_rest_may_be_written_anew() -> None:
    assert verify("volcengine", Delivery(APP, {}, json.dumps(V1, indent=2, sort_keys=True).encode()))
    spaced = json.dumps(json.loads(V1["EventData"]))
    assert spaced != V1["EventData"]
    is_refused("volcengine", as_it_came({**V1, "EventData": spaced}))


def test_a_callback_of_another_app_is_refused() -> None:
    is_refused("volcengine", replace(as_it_came(V1), app_id="other"))
    is_refused("volcengine", signed("volcengine", {**V1, "AppId": "other"}))


def test_both_spellings_of_the_nonce() -> None:
    said = fields_of("volcengine", "UserJoinRoom-noce")
    assert "Nonce" not in said
    assert verify("volcengine", as_it_came(said)) == 1679383925_000
    is_refused("volcengine", as_it_came({**said, "Noce": "x2YZ"}))
    is_refused("volcengine", as_it_came({**said, "Nonce": "x2YZ"}))


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b"null", b'"text"', b"{}", b"[" * 100_000])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    is_refused("volcengine", Delivery(APP, {}, body))


def recut(**parts: str) -> Delivery:
    """V3's signature with its joined string cut elsewhere."""
    said = {**V3, **parts}
    assert volcengine_proof(SECRET, said) == V3["Signature"]
    return as_it_came(said)


def test_the_time_cannot_be_cut_away() -> None:
    """Values are joined by nothing. Without its time, a callback could be repeated for ever under new ids."""
    earlier = V3["EventId"] + V3["Version"]
    is_refused("volcengine", recut(EventId=earlier + V3["EventTime"], Version="", EventTime=""))
    is_refused(
        "volcengine", recut(EventTime="2023-03-21", EventId="T15:32:10+08:00", Version="1234572020-12-01")
    )
    assert verify("volcengine", recut(EventId=earlier, Version="")) == 1679383930_000


def test_a_time_without_zone_is_none() -> None:
    for text in ("2023-03-21T15:32:04", "2023-03-21", "soon", ""):
        is_refused("volcengine", signed("volcengine", {**V1, "EventTime": text}))


# --- what it says


@pytest.mark.parametrize(("name", "expected"), SAID.items())
def test_what_a_sample_says(name: str, expected: Brief | None) -> None:
    found = take("volcengine", sample("volcengine", name))
    assert brief(found) == expected
    if found:
        assert found.key == fields_of("volcengine", name)["EventId"]
        assert not found.is_recorder


def test_every_event_has_a_sample() -> None:
    assert set(SAID) == set(SAMPLES["volcengine"])
    assert set(webhook.KINDS) <= {fields_of("volcengine", name)["EventType"] for name in SAID}


@pytest.mark.parametrize(
    "event",
    ["RecordStarted", "RecordStopped", "TranscodeStarted", "SegmentRealTimeData", "SnapshotRealTimeData"],
)
def test_other_events_are_none_of_our_business(event: str) -> None:
    assert take("volcengine", signed("volcengine", {**V1, "EventType": event, "EventData": "?"})) is None


def test_one_persons_events_are_ordered_by_milliseconds() -> None:
    times = [1679383925000, 1679383925001, 1679383926000, 16793839250000]
    orders = [notice_of("volcengine", changed(JOIN, "EventData.Timestamp", one)).order for one in times]
    assert orders == sorted(set(orders))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("1970-07-01T00:00:00Z", 15638400_000),
        ("2023-03-21T15:32:04+08:00", 1679383924_000),
        ("2023-03-21T07:32:04.250Z", 1679383924_250),
    ],
)
def test_without_a_time_of_its_own_an_event_is_of_its_callbacks(text: str, at: int) -> None:
    said = {**V1, "EventTime": text, "EventData": '{"RoomId":"room1"}'}
    found = notice_of("volcengine", said)
    assert (found.at, verify("volcengine", signed("volcengine", said))) == (at, at)


def test_before_1970_there_was_no_room() -> None:
    said = {**V1, "EventTime": "1969-12-31T23:59:59Z", "EventData": '{"RoomId":"room1"}'}
    assert problem_of("volcengine", said) == "EventTime is no time with a zone"


def test_event_data_that_utf_8_cannot_write_is_named() -> None:
    with pytest.raises(NotUnderstood, match="EventData is not JSON"):
        hook("volcengine").read(as_it_came({**V1, "EventData": "\ud800"}))


NOT_JSON = "EventData is not JSON"
PROBLEMS = [
    ("EventType", "RoomExplode", "EventType is unknown"),
    ("EventType", "", "EventType is missing"),
    ("EventType", "userjoinroom", "EventType is unknown"),
    ("EventId", "", "EventId is missing"),
    ("EventId", "x" * 257, "EventId is longer than 256 characters or has some that no id has"),
    ("EventData", "", NOT_JSON),
    ("EventData", "[]", "EventData is not a JSON object"),
    ("EventData", JOIN["EventData"] + JOIN["EventData"], NOT_JSON),
    ("EventData", JOIN["EventData"] + "\u0080\x00\x00x", NOT_JSON),
    ("EventData", JOIN["EventData"] + ',"RoomId":"room2"}', NOT_JSON),
    ("EventData.RoomId", ..., "RoomId is missing"),
    ("EventData.RoomId", 1.5, "RoomId is neither text nor a whole number"),
    ("EventData.UserId", ..., "UserId is missing"),
    ("EventData.UserId", None, "UserId is missing"),
    ("EventData.UserId", {"a": 1}, "UserId is neither text nor a whole number"),
    ("EventData.UserId", "\ud800", "UserId is longer than 256 characters or has some that no id has"),
    ("EventData.Timestamp", "late", "Timestamp is not a whole number"),
    ("EventData.Timestamp", 10**14, "Timestamp is no time"),
]


@pytest.mark.parametrize(("path", "value", "problem"), PROBLEMS)
def test_what_is_not_understood_is_named(path: str, value: Any, problem: str) -> None:
    assert problem_of("volcengine", changed(JOIN, path, value)) == problem
