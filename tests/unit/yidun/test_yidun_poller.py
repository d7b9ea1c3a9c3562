"""Results that are fetched: each as it stands, none lost for another's sake."""

import json
from typing import Any

import pytest
import responses
from earshot import http_client
from earshot.errors import EarshotError, Exhausted, GiveUp, Misconfigured, OutcomeUnknown, RetryLater
from earshot.vendors import registry
from earshot.vendors.yidun import door
from earshot.vendors.yidun.poller import YidunPoller
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.support.shumei_calls import keyring
from tests.unit.yidun.yidun_wire import ACCOUNT, TASK, answered, digest, ok, wired

POLLED = ACCOUNT | {"results": "poll"}
REQUEST = "8f14e45f-ceea-467f-a8f0-000000000001"
ITEM = {"asr": {"taskId": TASK, "dataId": "room-42:0007", "startTime": 1, "endTime": 2, "content": "示例 😀"}}


def fetched(monkeypatch: pytest.MonkeyPatch, *answers: Any, source: str = "liveaudio") -> list[bytes]:
    calls, _ = wired(monkeypatch, *answers, account=POLLED)
    return list(YidunPoller(calls).fetch(source, REQUEST))


@pytest.mark.parametrize(
    ("account", "sources"),
    [
        ({}, ()),
        ({"results": "push"}, ()),
        ({"results": "push", "products": ["liveaudio"]}, ()),
        ({"results": "poll"}, ("liveaudio",)),
        ({"results": "poll", "products": "livewall"}, ("livewall",)),
        ({"results": "poll", "products": ["livewall", "liveaudio", "livewall"]}, ("livewall", "liveaudio")),
    ],
)
def test_what_is_fetched_is_the_accounts_setting(
    monkeypatch: Any, account: dict[str, Any], sources: tuple[str, ...]
) -> None:
    calls, _ = wired(monkeypatch, ok([]), account=ACCOUNT | account)
    assert YidunPoller(calls).sources() == sources


@pytest.mark.parametrize(
    ("account", "setting"),
    [
        ({"results": "pull"}, "secret yidun.results"),
        ({"results": "poll", "products": "livevideo"}, "secret yidun.products"),
        ({"results": "poll", "products": ["liveaudio", "x"]}, "secret yidun.products"),
        ({"results": "poll", "products": []}, "secret yidun.products"),
    ],
)
def test_a_setting_that_is_wrong_is_named(monkeypatch: Any, account: dict[str, Any], setting: str) -> None:
    calls, _ = wired(monkeypatch, ok([]), account=ACCOUNT | account)
    with pytest.raises(Misconfigured) as error:
        YidunPoller(calls).sources()
    assert error.value.setting == setting


@pytest.mark.parametrize(
    ("source", "url", "version"),
    [
        ("liveaudio", "https://as.dun.163.com/v4/liveaudio/callback/results", "v4"),
        ("livewall", "https://as.dun.163.com/v3/livewallsolution/callback/results", "v3"),
    ],
)
def test_a_fetch_carries_its_own_id(monkeypatch: Any, source: str, url: str, version: str) -> None:
    calls, wire = wired(monkeypatch, ok([ITEM]), account=POLLED)
    YidunPoller(calls).fetch(source, REQUEST)
    ((method, sent_to, request),) = wire.calls
    assert (method, sent_to, request["timeout_s"]) == ("POST", url, 10.0)
    assert request["max_bytes"] == 16_000_000
    assert (wire.sent["yidunRequestId"], wire.sent["version"]) == (REQUEST, version)
    assert ("businessId" in wire.sent) is (source == "liveaudio")
    assert wire.sent["signature"] == digest(wire.sent, ACCOUNT["secret_key"])


def test_a_fetch_that_expired_or_failed_over_keeps_its_id(monkeypatch: Any) -> None:
    calls, wire = wired(
        monkeypatch, RetryLater("not_connected"), {"code": 420}, answered(b"", 500), ok([ITEM])
    )
    assert len(YidunPoller(calls).fetch("liveaudio", REQUEST)) == 1
    assert {form["yidunRequestId"] for form in wire.forms} == {REQUEST}
    assert len({form["nonce"] for form in wire.forms}) == 4


def test_results_are_compact_and_their_characters_are_themselves(monkeypatch: Any) -> None:
    (found,) = fetched(monkeypatch, ok([ITEM]))
    assert found == json.dumps(ITEM, ensure_ascii=False, separators=(",", ":")).encode()
    assert "示例 😀".encode() in found


@pytest.mark.parametrize("answer", [ok([]), ok(None), {"code": 200, "msg": "ok"}])
def test_nothing_waits(monkeypatch: Any, answer: Any) -> None:
    assert fetched(monkeypatch, answer) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(results=st.lists(JSON, max_size=5))
def test_every_result_comes_in_its_order_and_whole(results: list[Any]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        found = fetched(patch, ok(results))
    assert [json.loads(result) for result in found] == results


def test_half_a_character_does_not_keep_the_others_back(monkeypatch: Any) -> None:
    odd = {
        "asr": {"taskId": TASK, "dataId": "ref-1a", "content": "half \ud83d", "startTime": 1, "endTime": 2}
    }
    found = fetched(monkeypatch, ok([odd, ITEM]))
    assert [json.loads(result) for result in found] == [odd, ITEM]
    assert [door.identify(result).task_ref for result in found] == ["ref-1a", "room-42:0007"]


def test_an_answer_that_is_no_array_is_one_result(monkeypatch: Any) -> None:
    """What cannot be understood goes on to where it is kept, instead of coming back with every fetch."""
    assert fetched(monkeypatch, ok(ITEM)) == fetched(monkeypatch, ok([ITEM]))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"code": 411}, Exhausted),
        ({"code": 503}, RetryLater),
        ({"code": 405}, GiveUp),
        ({"code": 415}, GiveUp),
        ({"code": 410}, Misconfigured),
        ({"code": 401}, Misconfigured),
        ({"code": 999}, OutcomeUnknown),
        (b"<html>", OutcomeUnknown),
        (OutcomeUnknown("no_answer"), OutcomeUnknown),
    ],
)
def test_the_code_decides(monkeypatch: Any, answer: Any, kind: type[EarshotError]) -> None:
    with pytest.raises(EarshotError) as error:
        fetched(monkeypatch, answer)
    assert type(error.value) is kind


def test_the_pace_is_below_twenty_calls_in_ten_seconds() -> None:
    poller = registry.poller("yidun", lambda _: "https://{host}", keyring({"yidun": POLLED}))
    assert 10_000 / poller.every_ms < 20
    assert poller.max_batch == 200
    assert poller.sources() == ("liveaudio",)


@pytest.mark.parametrize(("limit", "fits"), [(2_000_000, True), (1_999_999, False)])
def test_a_caller_may_take_larger_answers(limit: int, fits: bool) -> None:
    with responses.RequestsMock() as web:
        web.post("https://as.dun.163.com/", body=b"x" * 2_000_000)
        if fits:
            answer = http_client.call("POST", "https://as.dun.163.com/", timeout_s=1, max_bytes=limit)
            assert len(answer.body) == 2_000_000
            return
        with pytest.raises(OutcomeUnknown, match=str(limit)):
            http_client.call("POST", "https://as.dun.163.com/", timeout_s=1, max_bytes=limit)
