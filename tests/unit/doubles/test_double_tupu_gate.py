"""Who may call and how; each refusal with its code, each shape of an answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature

from local.doubles.model import Json
from tests.unit.doubles.conftest import Time
from tests.unit.doubles.test_double_tupu_caller import (
    ACCOUNT,
    SECRET_ID,
    STREAM,
    Tupu,
    check,
    new_key,
    opened,
    rsa_sha256,
)


@pytest.fixture
def tupu(time: Time) -> Tupu:
    return Tupu(time)


def refused(tupu: Tupu, answer: Json, code: int, field: str | None) -> None:
    assert answer["code"] == code, (answer, tupu.verdict())
    assert "result" not in answer
    assert (tupu.verdict()["ok"], tupu.verdict()["code"], tupu.verdict()["field"]) == (False, code, field)
    assert tupu.state()["tasks"] == []


def test_a_good_call(tupu: Tupu) -> None:
    answer = tupu.submit()
    assert list(answer) == ["code", "message", "nonce", "timestamp", "result"]
    assert (answer["code"], answer["message"], answer["timestamp"]) == (0, "success", 1_700_000_000_000)
    assert isinstance(answer["nonce"], str)
    assert 0 <= float(answer["nonce"]) < 1
    request_id = answer["result"][0]["requestId"]
    assert (len(request_id), int(request_id, 16) >= 0) == (24, True)
    assert tupu.verdict() == {"ok": True, "code": 0, "field": None, "message": "", "warnings": []}


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"key": "other"}, 1, "signature"),
        ({"signature": ...}, 1, "signature"),
        ({"signature": ""}, 1, "signature"),
        ({"signature": 5}, 1, "signature"),
        ({"signature": "not base64"}, 1, "signature"),
        ({"over": f"{SECRET_ID}, 1700000000, 7", "nonce": "7"}, 1, "signature"),  # blanks
        ({"over": f"{SECRET_ID},1700000000", "nonce": "7"}, 1, "signature"),
        ({"nonce": ..., "over": f"{SECRET_ID},1700000000,"}, 15, "nonce"),
        ({"nonce": True, "over": f"{SECRET_ID},1700000000,"}, 15, "nonce"),
        ({"timestamp": ...}, 12, "timestamp"),
        ({"timestamp": "soon"}, 12, "timestamp"),
        ({"timestamp": True}, 12, "timestamp"),
        ({"timestamp": "1699999699"}, 12, "timestamp"),
        ({"timestamp": "1700000301"}, 12, "timestamp"),
        ({"timestamp": "1700000000000"}, 12, "timestamp"),  # milliseconds
        ({"timestamp": "9" * 400}, 12, "timestamp"),
        ({"speechStream": ...}, 15, "speechStream"),
        ({"speechStream": []}, 15, "speechStream"),
        ({"speechStream": {}}, 15, "speechStream"),
        ({"speechStream": ["x"]}, 15, "speechStream"),
        ({"uid": 7}, 15, "uid"),
    ],
)
def test_refusals(tupu: Tupu, fields: Any, code: int, field: str) -> None:
    if fields.get("key"):
        fields = {"key": new_key()}
    refused(tupu, tupu.submit(**fields), code, field)


@pytest.mark.parametrize("verb", ["", "close", "search"])
def test_an_unknown_secret_id_is_6_everywhere(tupu: Tupu, verb: str) -> None:
    refused(tupu, tupu.call(verb, secret_id="5f" * 12), 6, "secretId")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"5", b"\xff", b'{"timestamp": NaN}'])
def test_what_is_no_json_object_is_15(tupu: Tupu, body: bytes) -> None:
    refused(tupu, opened(tupu.post(f"{STREAM}/{SECRET_ID}", body).body), 15, "body")


def test_an_account_that_is_not_in_order_is_8(tupu: Tupu) -> None:
    tupu.set(account_abnormal=True)
    refused(tupu, tupu.submit(), 8, None)


def test_without_a_public_key_it_is_9(time: Time) -> None:
    tupu = Tupu(time)
    tupu.set(certificate_uploaded=False)
    refused(tupu, tupu.submit(), 9, "secretId")
    useless = Tupu(time, private_key="no key at all")
    refused(useless, useless.submit(), 9, "secretId")


def test_any_key_is_right_during_a_rotation(time: Time) -> None:
    tupu = Tupu(time, private_key=[new_key(), ACCOUNT["private_key"]])
    assert [tupu.submit(key=key)["code"] for key in (new_key(), ACCOUNT["private_key"])] == [0, 0]


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ({"timestamp": 1700000000, "nonce": 7}, "1700000000,7"),
        ({"timestamp": 1700000000.25, "nonce": 0.8469537531104208}, "1700000000.25,0.8469537531104208"),
        ({"timestamp": 1700000000.0, "nonce": 1e-05}, "1700000000,1e-05"),
    ],
)
def test_numbers_are_taken_by_their_shortest_text_and_warned_of(tupu: Tupu, sent: Json, text: str) -> None:
    assert tupu.submit(over=f"{SECRET_ID},{text}", **sent)["code"] == 0
    assert [warning.split()[0] for warning in tupu.verdict()["warnings"]] == ["timestamp", "nonce"]


def test_milliseconds_may_be_borne(tupu: Tupu) -> None:
    tupu.set(timestamp_unit="either")
    assert tupu.submit(timestamp="1700000000123")["code"] == 0
    assert tupu.submit(timestamp="1700000000")["code"] == 0
    assert tupu.submit(timestamp="1700000301000")["code"] == 12


def test_the_clock_window_is_a_setting(tupu: Tupu) -> None:
    tupu.set(clock_window=10)
    assert [tupu.submit(timestamp=str(1_700_000_000 - late))["code"] for late in (10, 11)] == [0, 12]


def test_a_nonce_may_come_again_unless_told(tupu: Tupu, time: Time) -> None:
    assert [tupu.submit(nonce="7")["code"] for _ in range(2)] == [0, 0]
    tupu.set(replay_code=1)
    assert tupu.submit(nonce="7")["code"] == 1
    assert tupu.verdict()["field"] == "nonce"
    assert tupu.submit(nonce="8", key=new_key())["code"] == 1
    assert tupu.submit(nonce="8")["code"] == 0
    time.wall += 601
    assert tupu.submit(nonce="8")["code"] == 0


def test_rates_are_of_real_time_and_unknown(tupu: Tupu, time: Time) -> None:
    assert {tupu.search("x" * 24)["code"] for _ in range(40)} == {16}
    time.wall += 1
    tupu.set(rate_limit=2)
    assert [tupu.search("x" * 24)["code"] for _ in range(3)] == [16, 16, 17]
    time.scaled += 100
    assert tupu.search("x" * 24)["code"] == 17
    time.wall += 1
    assert tupu.search("x" * 24)["code"] == 16


def test_refusals_are_signed_200_unless_told(tupu: Tupu) -> None:
    body = tupu.signed({"speechStream": []})
    assert tupu.post(f"{STREAM}/{SECRET_ID}", body).status == 200
    tupu.set(error_http_status=503, error_shape="error")
    reply = tupu.post(f"{STREAM}/{SECRET_ID}", body)
    assert (reply.status, json.loads(reply.body)) == (503, {"error": "illegal parameter"})
    assert tupu.submit()["code"] == 0


def test_the_signature_of_answers_may_be_broken_or_missing(tupu: Tupu) -> None:
    body = tupu.signed({"requestId": "x"})
    tupu.set(answer_signature="broken")
    with pytest.raises(InvalidSignature):
        check(json.loads(tupu.post(f"{STREAM}/search/{SECRET_ID}", body).body))
    tupu.set(answer_signature="missing")
    assert list(json.loads(tupu.post(f"{STREAM}/search/{SECRET_ID}", body).body)) == ["json"]


def test_nonces_may_be_numbers(tupu: Tupu) -> None:
    tupu.set(nonce_as="number")
    assert isinstance(tupu.submit()["nonce"], float)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"{STREAM}/{SECRET_ID}", 405),
        ("POST", STREAM, 404),
        ("POST", f"{STREAM}/open/{SECRET_ID}", 404),
        ("POST", f"/v3/recognition/speech/{SECRET_ID}", 404),
    ],
)
def test_elsewhere(tupu: Tupu, method: str, path: str, status: int) -> None:
    assert tupu.post(path, {}, method).status == status


def test_the_journal_has_no_key_and_what_was_answered(tupu: Tupu) -> None:
    tupu.submit(tupu.stream(userId=f"my key is {ACCOUNT['private_key']}"))
    (entry,) = tupu.journal("call")
    assert (entry["operation"], entry["secret_id"], entry["verdict"]["code"]) == ("submit", SECRET_ID, 0)
    assert entry["body"]["speechStream"][0]["userId"] == "my key is ***"
    assert entry["answered"]["result"] == [{"requestId": tupu.state()["tasks"][0]["id"]}]


def test_another_vendor_key_is_warned_of(time: Time) -> None:
    tupu = Tupu(time, vendor_public_key="MIGf")
    tupu.submit()
    assert "vendor_public_key" in tupu.verdict()["warnings"][0]


def test_unknown_fields_are_warned_of(tupu: Tupu) -> None:
    tupu.submit(tupu.stream(callbackUrl="https://h/x", customInfo={}, room="r"), uid="u", extra=1)
    assert tupu.verdict()["warnings"] == [
        "extra is not a documented field",
        "callbackUrl is the callback of recordings, not of streams",
        "customInfo is the customInfo of recordings, not of streams",
        "room is not a documented field",
    ]


def test_a_signature_over_something_else_is_1(tupu: Tupu) -> None:
    body = tupu.signed({"requestId": "x"})
    body["signature"] = rsa_sha256("something else")
    assert opened(tupu.post(f"{STREAM}/search/{SECRET_ID}", body).body)["code"] == 1
