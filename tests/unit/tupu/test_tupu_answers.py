"""What comes back from a submission: a task, a refusal of a documented class, or nothing that is known."""

import json
from typing import Any

import pytest
from earshot.errors import (
    EarshotError,
    Exhausted,
    GiveUp,
    Misconfigured,
    OutcomeUnknown,
    RetryLater,
    Suspended,
)
from earshot.http_client import Answer
from earshot.vendors.tupu import codes

from tests.contract.samples_tupu import REQUEST_ID
from tests.unit.support.notes import Notes
from tests.unit.tupu.tupu_wire import (
    PLAIN,
    account,
    done,
    envelope,
    refused,
    wired,
)

STREAM = "/v3/recognition/speech/stream"


CLASSES = {
    1: Misconfigured,
    2: GiveUp,
    3: GiveUp,
    4: GiveUp,
    5: GiveUp,
    6: Misconfigured,
    7: GiveUp,
    8: Suspended,
    9: Misconfigured,
    10: GiveUp,
    11: GiveUp,
    12: RetryLater,
    13: GiveUp,
    14: RetryLater,
    15: GiveUp,
    16: GiveUp,
    17: Exhausted,
    18: OutcomeUnknown,
    100: OutcomeUnknown,
    101: OutcomeUnknown,
    102: OutcomeUnknown,
    103: OutcomeUnknown,
    999: OutcomeUnknown,
    -1: OutcomeUnknown,
}


def test_every_code_of_the_pages_has_a_class() -> None:
    assert set(codes.MEANING) <= set(CLASSES)


@pytest.mark.parametrize("status", [200, 400, 500, 503])
@pytest.mark.parametrize(("code", "kind"), CLASSES.items())
def test_the_code_decides_whatever_the_status_and_the_message(
    monkeypatch: Any, code: int, kind: type[EarshotError], status: int
) -> None:
    for message in ("success", "", None):
        body = json.dumps(envelope({"code": code, "message": message, "result": []})).encode()
        error = refused(monkeypatch, Answer(status, body))
        assert type(error) is kind
        assert f"tupu_{code}" in str(error)


@pytest.mark.parametrize(
    ("code", "setting"), [(1, "tupu.private_key"), (6, "tupu.secret_id"), (9, "tupu.private_key")]
)
def test_what_is_wrong_with_the_account_is_named(monkeypatch: Any, code: int, setting: str) -> None:
    error = refused(monkeypatch, {"code": code})
    assert isinstance(error, Misconfigured)
    assert error.setting == setting


@pytest.mark.parametrize("code", [18, 102, 999])
def test_a_code_outside_the_pages_is_noted(monkeypatch: Any, notes: Notes, code: int) -> None:
    refused(monkeypatch, {"code": code})
    assert notes.of("ES501")["vendor_code"] == code


@pytest.mark.parametrize("code", ["0", 0.0, 0])
def test_success_may_be_written_in_more_than_one_way(monkeypatch: Any, code: Any) -> None:
    client, _ = wired(monkeypatch, done(code=code))
    assert client.submit(PLAIN.submission()).vendor_task_id == REQUEST_ID


@pytest.mark.parametrize(
    "result",
    [
        None,
        [],
        {},
        "x",
        [None],
        [{}],
        [{"requestId": ""}],
        [{"requestId": None}],
        {"requestId": "a"},
        [["a"]],
    ],
)
def test_success_without_an_id_may_have_opened_a_task(monkeypatch: Any, result: Any) -> None:
    assert type(refused(monkeypatch, done(result=result))) is OutcomeUnknown


def test_the_first_place_of_the_result_is_ours(monkeypatch: Any) -> None:
    two = [{"requestId": " 60a ", "new": 1}, {"requestId": "60b"}]
    client, _ = wired(monkeypatch, done(result=two))
    assert client.submit(PLAIN.submission()).vendor_task_id == "60a"


def plain(body: Any, status: int = 200) -> Answer:
    return Answer(status, body if isinstance(body, bytes) else json.dumps(body).encode())


NOT_BELIEVED = {
    "an error object": (plain({"error": {"message": "?"}}), "tupu_error_answer"),
    "an error text": (plain({"error": "secretId"}, 401), "tupu_error_answer"),
    "a failing status": (plain(b"<html>", 502), "tupu_unreadable_answer"),
    "no body": (plain(b"", 503), "tupu_unreadable_answer"),
    "an array": (plain([envelope(done())]), "tupu_unreadable_answer"),
    "a bare answer": (plain(done()), "tupu_unreadable_answer"),
    "json as an object": (plain({**envelope(done()), "json": done()}), "tupu_unreadable_answer"),
    "a stranger's success": (plain(envelope(done(), by="stranger")), "tupu_unsigned_answer"),
    "a stranger's refusal": (plain(envelope({"code": 7}, by="stranger")), "tupu_unsigned_answer"),
    "an unsigned refusal": (plain({"json": '{"code": 7}'}), "tupu_unsigned_answer"),
    "another text's signature": (
        plain({**envelope(done()), "json": json.dumps(done(code=1))}),
        "tupu_unsigned_answer",
    ),
    "signed, and no json": (plain(envelope("success")), "tupu_unreadable_answer"),
    "signed, without a code": (plain(envelope({"result": [{"requestId": "a"}]})), "tupu_unreadable_answer"),
    "signed, with a code of another type": (plain(envelope(done(code=[0]))), "tupu_unreadable_answer"),
}


@pytest.mark.parametrize("which", NOT_BELIEVED)
def test_what_tupu_has_not_signed_says_nothing_of_the_outcome(monkeypatch: Any, which: str) -> None:
    answer, reason = NOT_BELIEVED[which]
    error = refused(monkeypatch, answer)
    assert type(error) is OutcomeUnknown
    assert error.reason == reason
    assert len(str(error)) < 120


def test_without_a_key_in_the_secret_only_tupu_is_believed(monkeypatch: Any) -> None:
    error = refused(monkeypatch, done(), settings=account(vendor_public_key=...))
    assert error.reason == "tupu_unsigned_answer"


@pytest.mark.parametrize("failure", [RetryLater("not_connected"), OutcomeUnknown("no_answer")])
def test_a_call_that_fails_is_what_it_is(monkeypatch: Any, failure: EarshotError) -> None:
    assert refused(monkeypatch, failure) is failure
