"""Which host is asked, how often, and what is known then."""

import secrets
from typing import Any

import pytest
from earshot.errors import EarshotError, GiveUp, Misconfigured, OutcomeUnknown, RetryLater
from earshot.vendors import registry
from earshot.vendors.yidun.client import YidunClient

from tests.unit.support.shumei_calls import keyring
from tests.unit.yidun.yidun_wire import (
    ACCOUNT,
    NOW,
    RUNNING,
    TASK,
    ZEGO,
    answered,
    digest,
    ok,
    refusal,
    wired,
)

NOT_CONNECTED = RetryLater("not_connected", "refused or not resolved")
NO_ANSWER = OutcomeUnknown("no_answer", "ReadTimeout")
FAILED = answered(b"<html>", 502)
MAINLAND = ["as.dun.163.com", "antispam.dun.163yun.com"]


def test_an_expired_timestamp_is_tried_once_more_with_a_new_one(monkeypatch: Any) -> None:
    calls, wire = wired(monkeypatch, {"code": 420}, RUNNING)
    assert YidunClient(calls).submit(ZEGO.submission()).vendor_task_id == TASK
    first, second = wire.forms
    assert (first["timestamp"], second["timestamp"]) == (str(NOW), str(NOW + 1_000))
    assert first["nonce"] != second["nonce"]
    assert second["signature"] == digest(second, ACCOUNT["secret_key"])
    same = {"timestamp", "nonce", "signature"}
    assert {k: v for k, v in first.items() if k not in same} == {
        k: v for k, v in second.items() if k not in same
    }


def test_and_not_twice(monkeypatch: Any) -> None:
    calls, wire = wired(monkeypatch, {"code": 420})
    with pytest.raises(RetryLater, match="yidun_420"):
        YidunClient(calls).submit(ZEGO.submission())
    assert len(wire.calls) == 2


@pytest.mark.parametrize("code", [411, 430, 503, 405, 410, 999])
def test_nothing_else_is_tried_at_once(monkeypatch: Any, code: int) -> None:
    calls, wire = wired(monkeypatch, {"code": code})
    with pytest.raises(EarshotError):
        YidunClient(calls).submit(ZEGO.submission())
    assert len(wire.calls) == 1


@pytest.mark.parametrize("first", [NOT_CONNECTED, FAILED, answered({"code": 503}, 503)])
def test_the_next_host_is_tried_where_the_first_is_not_reached_or_fails(monkeypatch: Any, first: Any) -> None:
    calls, wire = wired(monkeypatch, first, RUNNING)
    assert YidunClient(calls).submit(ZEGO.submission()).vendor_task_id == TASK
    assert wire.hosts == MAINLAND
    one, two = wire.forms
    assert one["nonce"] != two["nonce"]
    assert two["signature"] == digest(two, ACCOUNT["secret_key"])


@pytest.mark.parametrize("first", [NOT_CONNECTED, FAILED])
def test_and_no_third(monkeypatch: Any, first: Any) -> None:
    calls, wire = wired(monkeypatch, first)
    with pytest.raises(RetryLater):
        YidunClient(calls).submit(ZEGO.submission())
    assert wire.hosts == MAINLAND


@pytest.mark.parametrize("first", [NO_ANSWER, answered(b"<html>", 404), answered({"code": 503}, 200)])
def test_who_may_have_heard_us_is_not_asked_again_elsewhere(monkeypatch: Any, first: Any) -> None:
    calls, wire = wired(monkeypatch, first, RUNNING)
    with pytest.raises(RetryLater):
        YidunClient(calls).submit(ZEGO.submission())
    assert wire.hosts == MAINLAND[:1]


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ((NOT_CONNECTED, NOT_CONNECTED), RetryLater),
        ((NOT_CONNECTED, {"code": 503}), RetryLater),
        ((NOT_CONNECTED, NO_ANSWER), OutcomeUnknown),
        ((NOT_CONNECTED, {"code": 420}, NOT_CONNECTED, NOT_CONNECTED), RetryLater),
        ((FAILED, NOT_CONNECTED), OutcomeUnknown),
        ((FAILED, NO_ANSWER), OutcomeUnknown),
        ((FAILED, {"code": 503}), OutcomeUnknown),
        ((FAILED, {"code": 420}), OutcomeUnknown),
        ((FAILED, ok({"status": 2})), OutcomeUnknown),
        ((answered({"code": 503}, 503), NOT_CONNECTED), OutcomeUnknown),
        ((FAILED, {"code": 405}), GiveUp),
        ((FAILED, {"code": 410}), Misconfigured),
    ],
)
def test_a_host_that_failed_may_have_opened_the_task(
    monkeypatch: Any, answers: tuple[Any, ...], kind: type[EarshotError]
) -> None:
    """Whatever the second host says then, short of a refusal for good, is not the whole story."""
    assert type(refusal(monkeypatch, *answers)) is kind


HOSTS = {
    ("cn-hangzhou", "liveaudio"): MAINLAND,
    ("cn-hangzhou", "livewall"): MAINLAND,
    ("sg-singapore", "liveaudio"): ["as-liveaudio-sg.dun.163.com", "as-liveaudio-sg.dun.163yun.com"],
    ("sg-singapore", "livewall"): ["as-livesolution-sg.dun.163.com"],
    ("us-virginia", "liveaudio"): [
        "as-liveaudio-virginia.dun.163.com",
        "as-liveaudio-virginia.dun.163yun.com",
    ],
    ("us-virginia", "livewall"): ["as-livesolution-virginia.dun.163.com"],
}


@pytest.mark.parametrize(("where", "hosts"), HOSTS.items())
def test_a_region_has_its_hosts(monkeypatch: Any, where: tuple[str, str], hosts: list[str]) -> None:
    region, product = where
    calls, wire = wired(monkeypatch, NOT_CONNECTED, account=ACCOUNT | {"region": region})
    with pytest.raises(RetryLater):
        YidunClient(calls).submit(ZEGO.but(options={"product": product}).submission())
    assert wire.hosts == hosts


def test_an_address_without_a_host_to_fill_in_is_taken_as_it_is(monkeypatch: Any) -> None:
    calls, wire = wired(
        monkeypatch,
        NOT_CONNECTED,
        base="http://127.0.0.1:9103/x",
        account=ACCOUNT | {"region": "us-virginia"},
    )
    with pytest.raises(RetryLater):
        YidunClient(calls).submit(ZEGO.submission())
    assert [url for _, url, _ in wire.calls] == ["http://127.0.0.1:9103/x/v4/liveaudio/check"]


def test_the_registrys_client_has_a_clock_and_nonces_of_its_own(monkeypatch: Any) -> None:
    _, wire = wired(monkeypatch, RUNNING)
    client = registry.client("yidun", lambda _: "https://{host}", keyring({"yidun": ACCOUNT}))
    for _ in range(20):
        client.submit(ZEGO.submission())
    nonces = {form["nonce"] for form in wire.forms}
    assert len(nonces) == 20
    assert all(nonce.isdecimal() and int(nonce) >= 1 and len(nonce) <= 11 for nonce in nonces)
    assert all(len(form["timestamp"]) == 13 for form in wire.forms)


@pytest.mark.parametrize(("drawn", "nonce"), [(lambda _: 0, "1"), (lambda below: below - 1, "99999999999")])
def test_a_nonce_is_positive_and_has_eleven_digits_at_most(monkeypatch: Any, drawn: Any, nonce: str) -> None:
    _, wire = wired(monkeypatch, RUNNING)
    monkeypatch.setattr(secrets, "randbelow", drawn)
    registry.client("yidun", lambda _: "https://{host}", keyring({"yidun": ACCOUNT})).submit(
        ZEGO.submission()
    )
    assert wire.sent["nonce"] == nonce
