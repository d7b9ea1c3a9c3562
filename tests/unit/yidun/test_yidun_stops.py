"""Stops: many tasks in one call, each with its own outcome, and none given up."""

import json
from typing import Any

import pytest
from earshot.errors import AlreadyDone, RetryLater
from earshot.vendors.port import Ending
from earshot.vendors.yidun.client import YidunClient, connect

from tests.unit.support.notes import Notes
from tests.unit.support.shumei_calls import keyring
from tests.unit.yidun.yidun_wire import ACCOUNT, CODES, TASK, UNREADABLE, digest, ok, wired


def stopped(*results: tuple[Any, Any]) -> dict[str, Any]:
    return ok([{"taskId": task_id, "result": result} for task_id, result in results])


def endings(*names: str, product: str | None = "liveaudio", **more: Any) -> list[Ending]:
    return [Ending(name, product, **more) for name in names]


@pytest.mark.parametrize(
    ("product", "url", "parameter"),
    [
        ("liveaudio", "https://as.dun.163.com/v1/liveaudio/feedback", "feedbacks"),
        ("livewall", "https://as.dun.163.com/v1/livewallsolution/feedback", "realTimeInfoList"),
    ],
)
def test_a_stop_names_its_tasks_to_their_product(
    monkeypatch: Any, product: str, url: str, parameter: str
) -> None:
    calls, wire = wired(monkeypatch, stopped(("t2", 0), ("t1", 0)))
    assert YidunClient(calls).finish(endings("t1", "t2", product=product)) == [None, None]
    ((method, sent_to, request),) = wire.calls
    assert (method, sent_to, request["timeout_s"]) == ("POST", url, 3.0)
    assert wire.sent[parameter] == '[{"taskId":"t1","status":100},{"taskId":"t2","status":100}]'
    assert wire.sent["version"] == "v1"
    assert ("businessId" in wire.sent) is (product == "liveaudio")
    assert wire.sent["signature"] == digest(wire.sent, ACCOUNT["secret_key"])


@pytest.mark.parametrize("product", ["liveaudio", "livewall"])
def test_a_task_whose_acceptance_was_not_seen_is_stopped_where_the_plan_says(
    monkeypatch: Any, product: str
) -> None:
    calls, wire = wired(monkeypatch, stopped((TASK, 0)))
    options = {"product": product}
    client = YidunClient(calls)
    assert client.endpoint(options) == product
    assert client.finish([Ending(TASK, None, options)]) == [None]
    assert {"liveaudio": "liveaudio", "livewall": "livewallsolution"}[product] in wire.calls[0][1].split("/")


def test_the_plan_without_settings_is_live_audio() -> None:
    client = connect(lambda _: "https://{host}", keyring({}))
    assert client.endpoint({}) == "liveaudio"
    assert (client.finish_batch, client.finish_every_ms) == (100, 1_100)


OUTCOMES: list[tuple[Any, bool, str | None]] = [
    (0, False, None),
    (0, True, None),
    ("0", False, None),
    (2, True, "yidun_no_such_task"),
    (2, False, "yidun_no_such_task"),
    (1, True, "yidun_stop_failed"),
    (1, False, "yidun_stop_failed"),
    (7, True, "yidun_stop_result"),
    (None, True, "yidun_stop_unanswered"),
    ("x", True, "yidun_stop_unanswered"),
]


@pytest.mark.parametrize(("result", "known_ended", "reason"), OUTCOMES)
def test_each_task_has_its_own_outcome(
    monkeypatch: Any, result: Any, known_ended: bool, reason: str | None
) -> None:
    calls, _ = wired(monkeypatch, stopped(("other", 0), (TASK, result)))
    first, second = YidunClient(calls).finish(
        [Ending(TASK, "liveaudio", known_ended=known_ended), Ending("other", "liveaudio")]
    )
    assert second is None
    assert (first.reason if first else None) == reason
    is_believed = result == 2 and known_ended
    assert first is None or isinstance(first, AlreadyDone if is_believed else RetryLater)


def test_a_result_that_no_page_knows_is_noted(monkeypatch: Any, notes: Notes) -> None:
    calls, _ = wired(monkeypatch, stopped((TASK, 7)))
    YidunClient(calls).finish(endings(TASK))
    assert notes.of("ES501")["vendor_code"] == 7


@pytest.mark.parametrize("result", [None, [], {}, "x", [None, 7, "x", {"taskId": "t2"}, {"result": 0}]])
def test_a_task_that_the_answer_does_not_name_goes_on(monkeypatch: Any, result: Any) -> None:
    calls, _ = wired(monkeypatch, ok(result))
    outcomes = YidunClient(calls).finish(endings("t1", "t2", known_ended=True))
    assert [error and error.reason for error in outcomes] == ["yidun_stop_unanswered"] * 2


def test_an_element_of_another_shape_costs_itself_alone(monkeypatch: Any) -> None:
    calls, _ = wired(
        monkeypatch, ok(["?", {"taskId": " t2", "result": 0, "more": 1}, {"taskId": 3, "result": 0}])
    )
    outcomes = YidunClient(calls).finish(endings("t1", "t2", "3"))
    assert [error and error.reason for error in outcomes] == ["yidun_stop_unanswered", None, None]


def test_a_task_that_stands_twice_is_sent_once(monkeypatch: Any) -> None:
    calls, wire = wired(monkeypatch, stopped((TASK, 0)))
    assert YidunClient(calls).finish(endings(TASK, TASK)) == [None, None]
    assert json.loads(wire.sent["feedbacks"]) == [{"taskId": TASK, "status": 100}]


def test_nothing_to_stop_is_no_call(monkeypatch: Any) -> None:
    calls, wire = wired(monkeypatch, stopped())
    assert YidunClient(calls).finish([]) == []
    assert wire.calls == []


@pytest.mark.parametrize("code", [*CODES, 999])
def test_whatever_is_wrong_with_a_stop_it_is_repeated(monkeypatch: Any, code: int, notes: Notes) -> None:
    """Also where only the deployment can mend it: until then the vendor listens, and bills."""
    calls, _ = wired(monkeypatch, {"code": code, "result": [{"taskId": TASK, "result": 0}]})
    with pytest.raises(RetryLater) as error:
        YidunClient(calls).finish(endings(TASK, known_ended=True))
    assert error.value.reason == f"yidun_{code}"
    assert notes.codes == (["ES501"] if code == 999 else [])


@pytest.mark.parametrize("answer", UNREADABLE[:9], ids=lambda answer: repr(answer[:24]))
def test_a_stop_that_cannot_be_read_is_repeated(monkeypatch: Any, answer: bytes) -> None:
    calls, _ = wired(monkeypatch, answer)
    with pytest.raises(RetryLater):
        YidunClient(calls).finish(endings(TASK, known_ended=True))
