"""Closing tasks: several in one call, repeatable, and believed only if Tupu signed it."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from earshot.errors import AlreadyDone, EarshotError, OutcomeUnknown, RetryLater
from earshot.http_client import Answer
from earshot.vendors.port import Ending
from earshot.vendors.tupu.codes import MEANING

from tests.unit.tupu.tupu_wire import BASE, SECRET_ID, envelope, wired

STREAM = "/v3/recognition/speech/stream"
DONE = {"code": 0, "message": "success"}
GONE = {"code": 16, "message": "?"}


def ending(task_id: str = "60a", *, known_ended: bool = False, **options: Any) -> Ending:
    return Ending(task_id, STREAM, options, known_ended)


def kinds(outcomes: Sequence[EarshotError | None]) -> list[type[EarshotError] | None]:
    return [type(one) if one is not None else None for one in outcomes]


def test_one_call_closes_them_all(monkeypatch: Any) -> None:
    client, wire = wired(monkeypatch, DONE)
    assert client.finish([ending("60a"), ending("60b"), ending("60a")]) == [None, None, None]
    ((method, url, request),) = wire.calls
    assert (method, url) == ("POST", f"{BASE}{STREAM}/close/{SECRET_ID}")
    assert request["timeout_s"] == 2.0
    (body,) = wire.sent
    assert body.pop("signature")
    assert body == {
        "speechStream": [{"requestId": "60a"}, {"requestId": "60b"}],
        "timestamp": "1700000000",
        "nonce": "3735928559",
    }


def test_nothing_to_close_is_no_call(monkeypatch: Any) -> None:
    client, wire = wired(monkeypatch, DONE)
    assert client.finish([]) == []
    assert wire.calls == []


def test_it_goes_where_the_task_was_accepted_or_where_its_plan_sends_it(monkeypatch: Any) -> None:
    client, wire = wired(monkeypatch, DONE)
    client.finish([Ending("60a", "/v3/recognition/speech/zego")])
    client.finish([Ending("60a", None, {"zegoPath": "/v3/other", "zegoFields": {"token": "t"}})])
    client.finish([Ending("60a", None, {"zegoPath": "/v3/other"})])
    addresses = [url.removeprefix(BASE).removesuffix(f"/close/{SECRET_ID}") for _, url, _ in wire.calls]
    assert addresses == ["/v3/recognition/speech/zego", "/v3/other", STREAM]


@pytest.mark.parametrize(("known", "kind"), [(True, AlreadyDone), (False, RetryLater)])
def test_a_task_that_is_gone_is_believed_if_its_end_is_known(
    monkeypatch: Any, known: bool, kind: Any
) -> None:
    client, wire = wired(monkeypatch, GONE)
    (error,) = client.finish([ending(known_ended=known)])
    assert type(error) is kind
    assert error is not None
    assert error.reason == "tupu_no_such_task"
    assert len(wire.calls) == 1


@pytest.mark.parametrize(("code", "kind"), [(14, AlreadyDone), (16, RetryLater)])
def test_which_code_says_so_is_a_setting(monkeypatch: Any, code: int, kind: Any) -> None:
    client, _ = wired(monkeypatch, {"code": code})
    assert kinds(client.finish([ending(known_ended=True, noSuchTaskCode=14)])) == [kind]


def test_no_code_may_say_so(monkeypatch: Any) -> None:
    client, _ = wired(monkeypatch, GONE)
    assert kinds(client.finish([ending(known_ended=True, noSuchTaskCode=0)])) == [RetryLater]
    client, _ = wired(monkeypatch, DONE)
    assert client.finish([ending(noSuchTaskCode=0)]) == [None]


def test_of_several_each_is_asked_for_itself_where_one_is_gone(monkeypatch: Any) -> None:
    client, wire = wired(monkeypatch, GONE, DONE, GONE, {"code": 100})
    endings = [ending("60a"), ending("60b", known_ended=True), ending("60c")]
    assert kinds(client.finish(endings)) == [None, AlreadyDone, RetryLater]
    asked = [[one["requestId"] for one in body["speechStream"]] for body in wire.sent]
    assert asked == [["60a", "60b", "60c"], ["60a"], ["60b"], ["60c"]]


@pytest.mark.parametrize("code", sorted({*MEANING, 18, 102, 999} - {16}))
def test_any_other_code_is_tried_again(monkeypatch: Any, code: int) -> None:
    client, wire = wired(monkeypatch, {"code": code})
    assert kinds(client.finish([ending(known_ended=True), ending("60b")])) == [RetryLater, RetryLater]
    assert len(wire.calls) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, json.dumps(envelope(DONE, by="stranger")).encode()),
        Answer(200, json.dumps(DONE).encode()),
        Answer(200, b'{"error": "x"}'),
        Answer(502, b"<html>"),
        OutcomeUnknown("no_answer"),
    ],
)
def test_what_tupu_has_not_signed_is_no_acknowledgement(monkeypatch: Any, answer: Any) -> None:
    client, _ = wired(monkeypatch, answer)
    with pytest.raises(RetryLater):
        client.finish([ending(known_ended=True)])


def test_how_many_and_how_often(monkeypatch: Any) -> None:
    client, _ = wired(monkeypatch, DONE)
    assert (client.finish_batch, client.finish_every_ms) == (20, 0)
