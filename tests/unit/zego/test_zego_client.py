"""GenerateIdentifyToken: what is asked, and what every answer means."""

import json
import re
from typing import Any

import pytest
from earshot import http_client
from earshot.domain.room import Room
from earshot.errors import EarshotError, GiveUp, Misconfigured, OutcomeUnknown, RetryLater
from earshot.http_client import Answer
from earshot.platforms import registry
from earshot.platforms.url.client import connect as connect_url
from earshot.platforms.zego.client import ZegoClient, connect
from earshot.platforms.zego.options import check
from earshot.platforms.zego.signing import signature
from pydantic import ValidationError

from tests.unit.support.makers import START, asked
from tests.unit.support.notes import Notes
from tests.unit.support.shumei_calls import Wire, keyring

SECRET = "0123456789abcdef0123456789abcdef"
SETTINGS = {"zego": {"1234567890": {"server_secret": SECRET, "callback_secret": "c"}}}
TOKEN = {
    "Code": 0,
    "Message": "success",
    "RequestId": "r",
    "Data": {"IdentifyToken": "idt", "RemainTime": 3600},
}


def wired(
    monkeypatch: pytest.MonkeyPatch, answer: Any = None, status: int = 200, settings: Any = None
) -> tuple[ZegoClient, Wire]:
    answer = TOKEN if answer is None else answer
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    wire = Wire(answer if isinstance(answer, Exception) else Answer(status, body))
    monkeypatch.setattr(http_client, "call", wire)
    return connect(lambda _: "https://rtc-api.zego.im", keyring(settings or SETTINGS)), wire


def params(wire: Wire) -> dict[str, str]:
    made: dict[str, str] = wire.calls[-1][2]["params"]
    return made


def refused(monkeypatch: pytest.MonkeyPatch, answer: Any, status: int = 200) -> EarshotError:
    client, _ = wired(monkeypatch, answer, status)
    with pytest.raises(EarshotError) as error:
        client.mint(asked())
    return error.value


@pytest.mark.parametrize(
    ("app_id", "nonce", "secret", "timestamp", "expected"),
    [
        (
            "12345",
            "4fd24687296dd9f3",
            "9193cc662a4c0ec135ec71fb57194b38",
            1615186943,
            "43e5cfcca828314675f91b001390566a",
        ),
        ("1234567890", "0011223344556677", SECRET, 1700000000, "91b50e1bf478b4327ae9eac91a96c4db"),
    ],
    ids=["published", "own"],
)
def test_the_signature(app_id: str, nonce: str, secret: str, timestamp: int, expected: str) -> None:
    assert signature(app_id, nonce, secret, timestamp) == expected


def test_the_request_carries_the_common_parameters_and_nothing_else(monkeypatch: Any) -> None:
    client, wire = wired(monkeypatch)
    client.mint(asked({"effective_time_s": 7_200}, START + 999))
    ((method, url, request),) = wire.calls
    assert (method, url, request["timeout_s"]) == ("GET", "https://rtc-api.zego.im/", 5.0)
    nonce = params(wire)["SignatureNonce"]
    assert params(wire) == {
        "Action": "GenerateIdentifyToken",
        "AppId": "1234567890",
        "SignatureNonce": nonce,
        "Timestamp": str(START // 1000),
        "Signature": signature("1234567890", nonce, SECRET, START // 1000),
        "SignatureVersion": "2.0",
        "EffectiveTime": "7200",
    }
    assert re.fullmatch("[0-9a-f]{16}", nonce)


def test_a_nonce_is_used_once(monkeypatch: Any) -> None:
    client, wire = wired(monkeypatch)
    for _ in range(20):
        client.mint(asked())
    assert len({call[2]["params"]["SignatureNonce"] for call in wire.calls}) == 20


@pytest.mark.parametrize(("is_test", "sent"), [(True, "true"), (False, "false"), (None, None)])
def test_is_test_is_sent_only_when_set(monkeypatch: Any, is_test: bool | None, sent: str | None) -> None:
    client, wire = wired(monkeypatch)
    client.mint(asked({"is_test": is_test}))
    assert params(wire).get("IsTest") == sent


def test_effective_time_comes_from_the_plan_and_is_a_day_by_default(monkeypatch: Any) -> None:
    client, wire = wired(monkeypatch)
    client.mint(asked())
    assert params(wire)["EffectiveTime"] == "86400"


@pytest.mark.parametrize(
    "options",
    [
        {"effective_time_s": 0},
        {"effective_time_s": 2_592_001},
        {"effective_time_s": "3600"},
        {"effective_time_s": 1.5},
        {"is_test": "true"},
        {"isTest": True},
    ],
)
def test_options_outside_the_page_are_refused_by_name(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as error:
        check(options)
    assert error.value.errors()[0]["loc"] == (next(iter(options)),)


@pytest.mark.parametrize("longest", [1, 2_592_000])
def test_effective_time_may_be_as_long_as_the_page_says(longest: int) -> None:
    assert check({"effective_time_s": longest})["effective_time_s"] == longest


@pytest.mark.parametrize(
    ("data", "expires"),
    [
        ({"IdentifyToken": "idt", "RemainTime": 3600}, 3_600_000),
        ({"IdentifyToken": "idt", "RemainTime": "60"}, 60_000),
        ({"IdentifyToken": "idt"}, 86_400_000),
        ({"IdentifyToken": "idt", "RemainTime": None, "New": 1}, 86_400_000),
    ],
)
def test_the_token_and_when_it_expires(monkeypatch: Any, data: dict[str, Any], expires: int) -> None:
    client, _ = wired(monkeypatch, {**TOKEN, "Data": data})
    minted = client.mint(asked())
    assert (minted.secrets, minted.expires_at) == ({"identify_token": "idt"}, START + expires)
    assert "idt" not in repr(minted)


# every code of the return-code page (article 19702): what the caller should do
RETRIED = [100000004, 100000015, 206, 207, 1010, 5007, 30002, 50006, 50007, 50009]
MISCONFIGURED = [100000000, 100000001, 100000005, 100000010, 100000011, 100000016, 100000017, 9]
REFUSED = [
    *[100000002, 100000003, 100000006, 100000007, 100000008, 100000009, 100000013, 100000014],
    *[1, 2, 3, 8, 104, 105, 121, 122, 123, 124, 138, 151, 154, 1008, 1012, 5018, 5024, 5201, 5202],
    *[50001, 50003, 50011, 50012, 50013, 50117, 50123, 50124],
]
CLASSES = (
    [(code, RetryLater) for code in RETRIED]
    + [(code, Misconfigured) for code in MISCONFIGURED]
    + [(code, GiveUp) for code in REFUSED]
)


@pytest.mark.parametrize(("code", "kind"), CLASSES)
def test_every_documented_code(monkeypatch: Any, code: int, kind: type[EarshotError], notes: Notes) -> None:
    error = refused(monkeypatch, {"Code": code, "Message": "success", "RequestId": "r"})
    assert type(error) is kind
    assert f"zego_{code}" in str(error)
    assert notes.codes == []


def test_a_code_outside_the_page_is_tried_again_and_noted(monkeypatch: Any, notes: Notes) -> None:
    assert type(refused(monkeypatch, {"Code": 100000012, "Message": ""})) is RetryLater
    assert notes.of("ES501")["vendor_code"] == 100000012


@pytest.mark.parametrize("status", [200, 301, 401, 429, 500])
@pytest.mark.parametrize("message", ["success", "ok", "signature error", "", None])
def test_neither_status_nor_message_matters(monkeypatch: Any, status: int, message: str | None) -> None:
    client, _ = wired(monkeypatch, {**TOKEN, "Message": message}, status)
    assert client.mint(asked()).secrets["identify_token"] == "idt"
    error = refused(monkeypatch, {"Code": 206, "Message": message}, status)
    assert (type(error), error.reason) == (RetryLater, "zego_206")


@pytest.mark.parametrize("data", [..., None, "", [], {}, {"IdentifyToken": None}, "no token"])
def test_of_an_error_only_the_code_is_read(monkeypatch: Any, data: Any) -> None:
    """A wrong secret must not be retried fifty times because its answer carries an empty Data of another type."""
    answer = {"Code": 100000005, "Message": "signature error"} | ({} if data is ... else {"Data": data})
    assert type(refused(monkeypatch, answer)) is Misconfigured


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"Code": null}',
        b'{"Code": "ok"}',
        b'{"Code": 1e999}',
        b'{"Code": 0, "Data": {"IdentifyToken": "idt"',
        b'{"code": 0, "data": {}}',
        b"<html><head><title>502 Bad Gateway</title></head></html>",
        b"\xff\xfe",
        b"[" * 100_000,
        {"Code": 0},
        {"Code": 0, "Data": None},
        {"Code": 0, "Data": {}},
        {"Code": 0, "Data": {"IdentifyToken": ""}},
        {"Code": 0, "Data": {"IdentifyToken": ["idt"]}},
    ],
    ids=lambda answer: repr(answer)[:32],
)
def test_an_answer_without_a_token_is_tried_again(monkeypatch: Any, answer: Any) -> None:
    assert isinstance(refused(monkeypatch, answer, 502), OutcomeUnknown)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, "secret zego"),
        ({"zego": {}}, "secret zego.1234567890"),
        ({"zego": {"999": {"server_secret": SECRET}}}, "secret zego.1234567890"),
        ({"zego": {"1234567890": {}}}, "secret zego.1234567890.server_secret"),
        ({"zego": {"1234567890": {"server_secret": ""}}}, "secret zego.1234567890.server_secret"),
        ({"zego": {"1234567890": {"server_secret": 5}}}, "secret zego.1234567890.server_secret"),
        ({"zego": {"1234567890": SECRET}}, "secret zego.1234567890"),
    ],
)
def test_a_secret_that_is_missing_for_this_app_is_named(monkeypatch: Any, settings: Any, named: str) -> None:
    client, wire = wired(monkeypatch, settings=settings or {"other": {}})
    with pytest.raises(Misconfigured) as error:
        client.mint(asked())
    assert error.value.setting == named
    assert SECRET not in str(error.value)
    assert wire.calls == []


def test_a_rotating_secret_signs_with_the_newest(monkeypatch: Any) -> None:
    rotating = {"zego": {"1234567890": {"server_secret": ["newest", SECRET]}}}
    client, wire = wired(monkeypatch, settings=rotating)
    client.mint(asked())
    sent = params(wire)
    assert sent["Signature"] == signature("1234567890", sent["SignatureNonce"], "newest", START // 1000)


def test_a_refused_signature_names_the_secret_and_never_its_value(monkeypatch: Any) -> None:
    error = refused(monkeypatch, {"Code": 100000005, "Message": SECRET})
    assert isinstance(error, Misconfigured)
    assert error.setting == "zego.1234567890.server_secret"
    assert SECRET not in str(error)


def test_a_plain_address_needs_no_credential() -> None:
    platform = connect_url(lambda _: pytest.fail("no API, no address"), keyring({}))
    minted = platform.mint(asked(room=Room("url", "site", "r")))
    assert (minted.secrets, minted.expires_at) == ({}, None)


def test_an_unknown_platform_names_those_that_are_known() -> None:
    with pytest.raises(EarshotError, match="known: zego, "):
        registry.connect("Zego", lambda _: "", keyring({}))
