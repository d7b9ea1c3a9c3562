"""How a push is proved to be the vendor's, by vectors that are published."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from earshot.errors import Refused
from earshot.vendors.port import Unreadable

from tests.unit.declared.declared_parts import NOW, door, section

EVENT = {"id": "e-1", "task": "t-1", "verdict": "bad", "labels": ["a", "new"]}
HMAC = {
    "recipe": "hmac_body",
    "header": "X-Sig",
    "algorithm": "sha256",
    "prefix": "sha256=",
    "key": {"$secret": "old"},
}
RAW = json.dumps(EVENT).encode()


def proved(
    proof: dict[str, Any], headers: dict[str, str], raw: bytes = RAW, now: int = NOW, *changes: Any
) -> bool:
    made = door(("callback.verify", [{"recipe": "url_secret"}, proof]), *changes, now=now)
    try:
        made.take(raw, headers, section())
    except Refused:
        return False
    return True


def sign(key: str, raw: bytes) -> str:
    return hmac.digest(key.encode(), raw, "sha256").hex()


@pytest.mark.parametrize(
    ("header", "holds"),
    [
        (f"sha256={sign('new-one', RAW)}", True),
        (f"sha256={sign('old-one', RAW)}", True),
        (f"sha256={sign('no-one', RAW)}", False),
        (sign("new-one", RAW), False),
        (f"sha256={sign('new-one', RAW).upper()}", False),
        (f"sha256={sign('new-one', RAW + b' ')}", False),
        ("sha256=", False),
        ("", False),
        ("sha256=é", False),
    ],
)
def test_an_hmac_over_the_raw_body(header: str, holds: bool) -> None:
    assert proved(HMAC, {"x-sig": header}) == holds
    assert not proved(HMAC, {})


def test_a_body_that_is_no_utf8_is_signed_as_it_is() -> None:
    made = door(("callback.verify", [HMAC]))
    raw = b"\xff\xfe{}"
    with pytest.raises(Unreadable):
        made.take(raw, {"x-sig": f"sha256={sign('new-one', raw)}"}, section())


TIMED = {
    **HMAC,
    "prefix": "",
    "elements": {"time": "t", "signature": "v1"},
    "parts": [{"$": "time"}, ".", {"$": "body"}],
    "fresh": {"time": {"$": "time"}, "within_s": 600},
}


@pytest.mark.parametrize(
    ("time", "at", "holds"),
    [
        ("1700000000", NOW, True),
        ("1700000000", NOW + 600_000, True),
        ("1700000000", NOW + 601_000, False),
        ("1700000000", NOW - 601_000, False),
        ("nan", NOW, False),
        ("inf", NOW, False),
        ("", NOW, False),
    ],
)
def test_a_signature_with_its_time(time: str, at: int, holds: bool) -> None:
    good = sign("new-one", f"{time}.".encode() + RAW)
    assert proved(TIMED, {"x-sig": f"t={time},v1={good}"}, RAW, at) == holds
    assert proved(TIMED, {"x-sig": f"t={time},v1={'0' * 64},v1={good}"}, RAW, at) == holds
    assert not proved(TIMED, {"x-sig": f"t={time},t=1,v1={good}"}, RAW, at)
    assert not proved(TIMED, {"x-sig": f"v1={good}"}, RAW, at)


def test_a_secret_in_a_header() -> None:
    proof = {
        "recipe": "header_secret",
        "header": "Authorization",
        "prefix": "Bearer ",
        "value": {"$secret": "key"},
    }
    assert proved(proof, {"authorization": "Bearer s3cret-key"})
    assert not proved(proof, {"authorization": "s3cret-key"})
    assert not proved(proof, {"authorization": "Bearer "})


def test_basic_authentication() -> None:
    proof = {"recipe": "basic", "user": {"$secret": "id"}, "password": {"$secret": "key"}}
    for text, holds in ((b"s3cret-id:s3cret-key", True), (b"s3cret-id:", False), (b"\xff", False)):
        assert proved(proof, {"authorization": f"Basic {base64.b64encode(text).decode()}"}) == holds
    assert not proved(proof, {"authorization": "Basic ***"})


def test_a_digest_over_sorted_values_gives_the_vector_of_the_rtc_callbacks() -> None:
    push = {
        "EventType": "MachineReviewResult",
        "EventData": '{"RoomId":"r1","UserId":"u1","MediaType":2,"Suggest":"REJECT"}',
        "EventTime": "2026-01-02T03:04:05+08:00",
        "EventId": "e1",
        "AppId": "app1",
        "Version": "2020-12-01",
        "Nonce": "1234",
        "Signature": "c6421390803ca24cdb3f2e8ac2f07e2aa7878c578f45a77af43975496750a04b",
    }
    values = [{"$": f"push.{name}"} for name in push if name != "Signature"]
    proof = {
        "recipe": "sorted_values_digest",
        "algorithm": "sha256",
        "values": [*values, {"$secret": "key"}],
        "signature": {"$": "push.Signature"},
    }
    fields = (
        ("callback.unwrap", ["EventData"]),
        ("callback.map.event_id", {"$": "push.EventId"}),
        ("callback.map.vendor_task_id", {"$": "push.EventData.RoomId"}),
        ("callback.map.verdict", {"$": "push.EventData.Suggest"}),
    )
    made = door(("callback.verify", [proof]), *fields)
    raw = json.dumps(push).encode()
    taken = made.take(raw, {}, section(key="callback-secret-example"))
    assert (taken.key, taken.is_hit) == ("e1", True)
    changes: list[dict[str, Any]] = [
        {"Nonce": "1235"},
        {"Signature": ""},
        {"Signature": None},
        {"EventData": {}},
    ]
    for changed in changes:
        with pytest.raises(Refused):
            made.take(json.dumps({**push, **changed}).encode(), {}, section(key="callback-secret-example"))


def test_a_digest_of_parts_in_their_order() -> None:
    proof = {
        "recipe": "digest_parts",
        "algorithm": "md5",
        "parts": [{"$": "push.id"}, {"$secret": "key"}],
        "separator": "-",
        "signature": {"$": 'headers."x-sig"'},
    }
    good = hashlib.md5(b"e-1-s3cret-key").hexdigest()
    assert proved(proof, {"x-sig": good})
    assert not proved(proof, {"x-sig": good[:-1]})
    assert not proved(proof, {"x-sig": good}, b"[]")
    assert not proved(proof, {"x-sig": good}, b"\xff")


def test_a_digest_over_sorted_parameters_of_a_form() -> None:
    proof = {"recipe": "sorted_params_digest", "algorithm": "md5", "key": {"$secret": "key"}}
    good = hashlib.md5(b"ide-1taskt-1verdictoks3cret-key").hexdigest()
    form = ("callback.body", "form")
    assert proved(proof, {}, f"verdict=ok&task=t-1&id=e-1&signature={good}".encode(), NOW, form)
    assert not proved(proof, {}, f"verdict=bad&task=t-1&id=e-1&signature={good}".encode(), NOW, form)
    assert not proved(proof, {}, b"verdict=ok&task=t-1&id=e-1", NOW, form)
