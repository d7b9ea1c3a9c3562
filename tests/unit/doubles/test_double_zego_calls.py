"""Gateway of the ZEGO double: every documented code, the clock, the rate."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from local.doubles.zego.checks import signature

if TYPE_CHECKING:
    from tests.unit.doubles.conftest import Time, Zego

REFUSALS = [
    ({"AppId": None, "Signature": "x"}, 100000001),
    ({"AppId": ""}, 100000001),
    ({"AppId": "abc"}, 100000001),
    ({"AppId": "-1"}, 100000001),
    ({"AppId": "4294967296"}, 100000001),
    ({"AppId": "0"}, 100000001),
    ({"Timestamp": ""}, 100000002),
    ({"Timestamp": "now"}, 100000003),
    ({"Timestamp": "1700000000.5"}, 100000003),
    ({"Timestamp": "9" * 20}, 100000003),
    ({"Timestamp": "1699999399"}, 100000004),
    ({"Timestamp": "1700000601"}, 100000004),
    ({"Timestamp": "1700000000000"}, 100000004),  # milliseconds
    ({"Signature": "0" * 32}, 100000005),
    ({"secret": "another secret"}, 100000005),
    ({"Action": None}, 100000006),
    ({"Action": ""}, 100000006),
    ({"Action": "CloseRoom"}, 100000007),
    ({"Action": "generateidentifytoken"}, 100000007),
    ({"SignatureNonce": ""}, 100000008),
    ({"Signature": ""}, 100000009),
    ({"AppId": "999"}, 100000010),
    ({"SignatureVersion": None}, 100000013),
    ({"SignatureVersion": ""}, 100000013),
    ({"SignatureVersion": "1.0"}, 100000014),
    ({"SignatureVersion": "2"}, 100000014),
    ({"EffectiveTime": "0"}, 2),
    ({"EffectiveTime": "-1"}, 2),
    ({"EffectiveTime": "2592001"}, 2),
    ({"EffectiveTime": "3600.0"}, 2),
    ({"EffectiveTime": "an hour"}, 2),
    ({"EffectiveTime": ""}, 2),
]


@pytest.mark.parametrize(("changes", "code"), REFUSALS)
def test_refuses_with_the_documented_code(zego: Zego, changes: dict[str, str | None], code: int) -> None:
    answer = zego.mint(**changes)
    assert answer["Code"] == code
    assert answer.keys() == {"Code", "Message", "RequestId"}
    assert zego.state()["tokens"] == []
    assert zego.journal()[-1]["verdict"]["code"] == code


def test_missing_timestamp_is_an_empty_one(zego: Zego) -> None:
    params = zego.params()
    del params["Timestamp"]
    assert json.loads(zego.raw(params).body)["Code"] == 100000002


@pytest.mark.parametrize(
    ("app_id", "nonce", "secret", "timestamp", "expected"),
    [
        ("12345", "4fd24687296dd9f3", "9193cc662a4c0ec135ec71fb57194b38", "1615186943",
         "43e5cfcca828314675f91b001390566a"),
        ("1234567890", "0011223344556677", "0123456789abcdef0123456789abcdef", "1700000000",
         "91b50e1bf478b4327ae9eac91a96c4db"),
    ],
)  # fmt: skip
def test_signature_vectors(app_id: str, nonce: str, secret: str, timestamp: str, expected: str) -> None:
    assert signature(app_id, nonce, secret, timestamp) == expected


def test_upper_case_signature_is_wrong(zego: Zego) -> None:
    params = zego.params()
    params["Signature"] = params["Signature"].upper()
    assert json.loads(zego.raw(params).body)["Code"] == 100000005


@pytest.mark.parametrize("off", [-600, 600])
def test_ten_minutes_off_is_still_right(zego: Zego, time: Time, off: int) -> None:
    assert zego.mint(Timestamp=str(int(time.wall) + off))["Code"] == 0


def test_window_is_on_the_real_clock(zego: Zego, time: Time) -> None:
    params = zego.params()
    time.scaled += 100_000
    assert json.loads(zego.raw(params).body)["Code"] == 0


@pytest.mark.parametrize(
    ("earlier", "code", "later"),
    [
        ({"AppId": "x"}, 100000001, {"Timestamp": ""}),
        ({"Timestamp": ""}, 100000002, {"Action": ""}),
        ({"Action": ""}, 100000006, {"SignatureNonce": ""}),
        ({"SignatureNonce": ""}, 100000008, {"Signature": ""}),
        ({"Signature": ""}, 100000009, {"SignatureVersion": ""}),
        ({"SignatureVersion": "1.0"}, 100000014, {"Timestamp": "1"}),
        ({"Timestamp": "1"}, 100000004, {"Signature": "wrong"}),
        ({"Signature": "wrong"}, 100000005, {"EffectiveTime": "0"}),
    ],
)
def test_order_of_checks(zego: Zego, earlier: dict[str, str], code: int, later: dict[str, str]) -> None:
    assert zego.mint(**(later | earlier))["Code"] == code


def test_answer_has_the_shape_of_the_page(zego: Zego) -> None:
    reply = zego.raw(zego.params())
    answer = json.loads(reply.body)
    assert list(answer) == ["Code", "Data", "Message", "RequestId"]
    assert (answer["Code"], answer["Message"]) == (0, "success")
    assert answer["Data"]["RemainTime"] == 3600
    assert len(answer["Data"]["IdentifyToken"]) == 32
    assert answer["RequestId"][-19:].isdigit()
    assert reply.content_type.startswith("application/json")
    assert zego.mint()["RequestId"] != answer["RequestId"]


@pytest.mark.parametrize("seconds", [1, 7200, 2_592_000])
def test_effective_time(zego: Zego, seconds: int) -> None:
    assert zego.mint(EffectiveTime=str(seconds))["Data"]["RemainTime"] == seconds


@pytest.mark.parametrize("secret", ["new", "old"])
def test_any_of_several_secrets_is_right(zego: Zego, secret: str) -> None:
    assert zego.mint(AppId="12345", secret=secret)["Code"] == 0


@pytest.mark.parametrize("value", ["true", "FALSE", "False"])
def test_is_test_is_accepted(zego: Zego, value: str) -> None:
    assert zego.mint(IsTest=value)["Code"] == 0


def test_hundred_calls_fit_in_a_second_and_no_more(zego: Zego, time: Time) -> None:
    assert [zego.mint()["Code"] for _ in range(101)] == [0] * 100 + [206]
    time.go(0.999)
    assert zego.mint()["Code"] == 206


def test_window_slides(zego: Zego, time: Time) -> None:
    """50 late in one calendar second and 51 early in the next are too many."""
    time.go(0.9)
    assert {zego.mint()["Code"] for _ in range(50)} == {0}
    time.go(0.2)
    assert [zego.mint()["Code"] for _ in range(51)] == [0] * 50 + [206]
    time.go(0.8)
    assert zego.mint()["Code"] == 0  # the first fifty are exactly a second old


def test_refused_calls_count_unless_switched_off(zego: Zego, time: Time) -> None:
    zego.world.settings.update({"rate_limit": 1, "rate_counts_refused": False})
    assert [zego.mint()["Code"] for _ in range(3)] == [0, 206, 206]
    time.go(1)
    assert zego.mint()["Code"] == 0
    zego.world.settings.update({"rate_counts_refused": True})
    time.go(0.5)
    assert zego.mint()["Code"] == 206
    time.go(0.6)
    assert zego.mint()["Code"] == 206


def test_rate_is_counted_per_app_and_for_signed_calls(zego: Zego) -> None:
    zego.world.settings.update({"rate_limit": 1})
    assert zego.mint(Signature="forged")["Code"] == 100000005
    assert zego.mint()["Code"] == 0
    assert zego.mint()["Code"] == 206
    assert zego.mint(AppId="12345", secret="new")["Code"] == 0


def test_rate_is_on_the_real_clock(zego: Zego, time: Time) -> None:
    zego.world.settings.update({"rate_limit": 1})
    zego.mint()
    time.scaled += 100
    assert zego.mint()["Code"] == 206


def test_error_status_is_a_setting(zego: Zego) -> None:
    assert zego.raw(zego.params(Action="No")).status == 200
    zego.world.settings.update({"error_http_status": 400})
    assert zego.raw(zego.params(Action="No")).status == 400
    assert zego.raw(zego.params()).status == 200


def test_host_check_is_a_setting(zego: Zego) -> None:
    zego.world.settings.update({"check_host": True})
    assert json.loads(zego.raw(zego.params()).body)["Code"] == 100000000
    assert json.loads(zego.raw(zego.params(), host="rtc-api-sha.zego.im").body)["Code"] == 0


@pytest.mark.parametrize(("method", "path", "status"), [("POST", "/", 405), ("GET", "/other", 404)])
def test_nothing_else_is_played(zego: Zego, method: str, path: str, status: int) -> None:
    assert zego.raw(zego.params(), method, path).status == status
    assert not zego.journal()[-1]["verdict"]["ok"]


def test_journal_warns_and_hides_the_secret(zego: Zego) -> None:
    zego.mint(SignatureNonce="15215528852396", Extra="0123456789abcdef0123456789abcdef", IsTest="yes")
    zego.mint(SignatureNonce="15215528852396")
    first, second = zego.journal()
    assert first["verdict"]["ok"]
    assert len(first["verdict"]["warnings"]) == 3
    assert "SignatureNonce was used before" in second["verdict"]["warnings"]
    assert first["query"]["Extra"] == "***"
    assert "0123456789abcdef0123456789abcdef" not in json.dumps(zego.journal())
