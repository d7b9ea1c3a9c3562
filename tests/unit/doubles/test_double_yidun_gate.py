"""Who may call, how, and how often; each refusal with its code."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.doubles.model import Json, Request
from tests.unit.doubles.conftest import Time
from tests.unit.doubles.test_double_yidun_caller import (
    POLL,
    SUBMIT,
    WALL_POLL,
    WALL_SUBMIT,
    Yidun,
    md5,
)

ROOM = {"url": "rtc://room.zego.im/r?identify_token=t", "dataId": "d"}


@pytest.fixture
def yidun(time: Time) -> Yidun:
    return Yidun(time)


def refused(yidun: Yidun, answer: Json, code: int, field: str | None) -> None:
    assert answer["code"] == code, (answer, yidun.verdict())
    assert "result" not in answer
    assert (yidun.verdict()["ok"], yidun.verdict()["field"]) == (False, field)
    assert yidun.state()["tasks"] == []


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"secretId": ...}, 400, "secretId"),
        ({"businessId": ...}, 400, "businessId"),
        ({"businessId": ""}, 400, "businessId"),
        ({"secretId": "x" * 32}, 401, "secretId"),
        ({"businessId": "x" * 32}, 401, "businessId"),
        ({"timestamp": "1699999699999"}, 420, "timestamp"),
        ({"timestamp": "1700000300001"}, 420, "timestamp"),
        ({"timestamp": "1700000000"}, 420, "timestamp"),  # seconds
        ({"timestamp": "now"}, 405, "timestamp"),
        ({"timestamp": ...}, 405, "timestamp"),
        ({"nonce": ...}, 405, "nonce"),
        ({"key": "d" * 32}, 410, "signature"),
        ({"signatureMethod": "SHA1"}, 410, "signature"),
        ({"signatureMethod": "CRC"}, 405, "signatureMethod"),
        ({"version": ...}, 405, "version"),
        ({"version": "v3"}, 415, "version"),
        ({"url": ...}, 405, "url"),
        ({"url": ""}, 405, "url"),
        ({"dataId": ...}, 405, "dataId"),
        ({"dataId": "d" * 129}, 414, "dataId"),
        ({"url": "https://h.example.com/" + "a" * 1003}, 414, "url"),
        ({"callback": "c" * 1025}, 414, "callback"),
        ({"callbackUrl": "https://h/" + "c" * 503}, 414, "callbackUrl"),
        ({"callbackUrl": "ftp://h/x"}, 405, "callbackUrl"),
        ({"uniqueKey": "u" * 257}, 414, "uniqueKey"),
        ({"roomId": "r" * 33}, 414, "roomId"),
        ({"deviceType": "15"}, 405, "deviceType"),
        ({"publishTime": "soon"}, 405, "publishTime"),
        ({"checkLanguageCode": "xx"}, 405, "checkLanguageCode"),
        ({"extension": "{"}, 405, "extension"),
        ({"url": "rtc://nobody.example.com/r"}, 405, "url"),
    ],
)
def test_refusals(yidun: Yidun, change: Any, code: int, field: str) -> None:
    refused(yidun, yidun.call(SUBMIT, **(ROOM | change)), code, field)


@pytest.mark.parametrize("version", ["v4", "v4.1"])
def test_versions(yidun: Yidun, version: str) -> None:
    assert yidun.submit(version=version)["code"] == 200


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"version": "v4"}, 415, "version"),
        ({"detectType": "3"}, 405, "detectType"),
        ({"scFrequency": "0.4"}, 405, "scFrequency"),
        ({"liveLink": "l" * 129}, 414, "liveLink"),
        ({"secretId": ...}, 400, "secretId"),
    ],
)
def test_refusals_of_the_solution(yidun: Yidun, change: Any, code: int, field: str) -> None:
    refused(yidun, yidun.call(WALL_SUBMIT, **(ROOM | change)), code, field)


def test_solution_needs_no_business_id(time: Time) -> None:
    yidun = Yidun(time, business_id="")
    assert yidun.submit(WALL_SUBMIT)["result"]["status"] is True
    assert (yidun.submit()["code"], yidun.verdict()["field"]) == (401, "businessId")
    yidun.submit(WALL_SUBMIT, businessId="b" * 32)
    assert yidun.verdict()["warnings"] == ["businessId is not of this product"]


def test_order_of_the_checks(yidun: Yidun) -> None:
    """Everything is wrong; each time the first thing is put right."""
    form: Json = {"version": "v9", "timestamp": "1600000000000", "nonce": "7", "signature": "x"}
    form |= {"url": "", "dataId": "d" * 129}

    def code() -> int:
        answer: Json = json.loads(yidun.send(SUBMIT, form).body)
        return int(answer["code"])

    assert code() == 400
    form |= {"secretId": "z", "businessId": "b" * 32}
    assert code() == 401
    form |= {"secretId": "a" * 32}
    assert code() == 420
    form |= {"timestamp": "1700000000000"}
    assert code() == 410
    form["signature"] = md5(form)
    assert code() == 415
    assert code() == 430
    form |= {"version": "v4", "nonce": "8"}
    form["signature"] = md5(form)
    assert code() == 405
    form |= {"url": "rtc://room.zego.im/r?identify_token=t", "nonce": "9"}
    form["signature"] = md5(form)
    assert code() == 414


def test_replay_is_the_same_call_again(yidun: Yidun, time: Time) -> None:
    form = yidun.form(POLL)
    assert json.loads(yidun.send(POLL, form).body)["code"] == 200
    assert json.loads(yidun.send(POLL, form).body)["code"] == 430
    assert yidun.call(POLL, nonce=form["nonce"], timestamp="1700000000001")["code"] == 200
    time.wall += 301
    assert json.loads(yidun.send(POLL, form).body)["code"] == 420


def test_a_call_with_a_wrong_signature_uses_no_nonce_up(yidun: Yidun) -> None:
    assert yidun.call(POLL, nonce="5", key="x")["code"] == 410
    assert yidun.call(POLL, nonce="5")["code"] == 200


@pytest.mark.parametrize("nonce", ["-17", "f" * 32, "0", "123456789012"])
def test_nonce_is_opaque_unless_told(yidun: Yidun, nonce: str) -> None:
    assert yidun.call(POLL, nonce=nonce)["code"] == 200
    yidun.set(strict_nonce=True)
    assert yidun.call(POLL, nonce=nonce, timestamp="1700000000007")["code"] == 405


def test_any_key_is_right_during_a_rotation(time: Time) -> None:
    yidun = Yidun(time, secret_key=["n" * 32, "o" * 32])
    assert [yidun.call(POLL, key=k * 32)["code"] for k in "noc"] == [200, 200, 410]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"secretId":"a"}'),
        ("application/x-www-form-urlencoded", b'{"secretId":"a"}'),
        ("", b"secretId=a"),
        ("application/x-www-form-urlencoded", b"\xff\xfe=1"),
        ("application/x-www-form-urlencoded", b"secretId"),
    ],
)
def test_what_is_no_form_is_410(yidun: Yidun, time: Time, kind: str, body: bytes) -> None:
    reply = yidun.world.handle(Request("POST", SUBMIT, (), {"Content-Type": kind}, body), time.now)
    refused(yidun, json.loads(reply.body), 410, "body")


def test_gzip(yidun: Yidun, time: Time) -> None:
    assert json.loads(yidun.send(SUBMIT, yidun.form(SUBMIT, **ROOM), packed=True).body)["code"] == 200
    # aiohttp unpacks by itself and leaves the header.
    plain = yidun.send(POLL, yidun.form(POLL), encoding="gzip")
    assert json.loads(plain.body)["code"] == 200
    broken = {"Content-Type": "application/x-www-form-urlencoded", "Content-Encoding": "gzip"}
    reply = yidun.world.handle(Request("POST", POLL, (), broken, b"\x1f\x8bxx"), time.now)
    assert json.loads(reply.body)["code"] == 410


def test_rates_are_of_real_time_and_per_product(yidun: Yidun, time: Time) -> None:
    yidun.set(submit_rate=2, feedback_rate=1)
    assert [yidun.submit()["code"] for _ in range(3)] == [200, 200, 411]
    assert yidun.submit(WALL_SUBMIT)["code"] == 200
    assert [yidun.stop("x")["code"] for _ in range(2)] == [200, 411]
    time.scaled += 1000
    assert yidun.submit()["code"] == 411
    time.wall += 1
    assert [yidun.submit()["code"], yidun.stop("x")["code"]] == [200, 200]


def test_fewer_than_twenty_polls_in_ten_seconds(yidun: Yidun, time: Time) -> None:
    assert [yidun.call(POLL)["code"] for _ in range(20)] == [200] * 19 + [411]
    assert yidun.call(WALL_POLL)["code"] == 200
    time.wall += 9.9
    assert yidun.call(POLL)["code"] == 411
    time.wall += 0.1
    assert yidun.call(POLL)["code"] == 200


def test_http_status_of_refusals_is_a_setting(yidun: Yidun) -> None:
    yidun.set(error_http_status=400)
    assert yidun.send(SUBMIT, yidun.form(SUBMIT)).status == 400
    assert yidun.send(POLL, yidun.form(POLL)).status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", SUBMIT, 405), ("POST", "/v4/liveaudio/submit", 404)]
)
def test_elsewhere(yidun: Yidun, time: Time, method: str, path: str, status: int) -> None:
    assert yidun.world.handle(Request(method, path), time.now).status == status


def test_unknown_fields_and_queries_are_warned_of(yidun: Yidun) -> None:
    yidun.submit(returnAllText="1", callbackUrl="https://h.example.com/p?x=1")
    assert yidun.verdict()["warnings"] == [
        "returnAllText is not a documented field",
        "callbackUrl has a query: receivers may mix it into the signed fields",
    ]


def test_journal_has_no_key(yidun: Yidun) -> None:
    yidun.submit(title=f"my key is {'c' * 32}")
    (entry,) = yidun.journal("call")
    assert (entry["operation"], entry["product"], entry["verdict"]["code"]) == ("submit", "liveaudio", 200)
    assert entry["body"]["title"] == "my key is ***"
