"""Submissions: what goes where, and what each answer comes to."""

import json
from typing import Any

import pytest
from earshot.errors import EarshotError, Exhausted, Misconfigured, OutcomeUnknown, RetryLater
from earshot.vendors.port import Accepted
from earshot.vendors.yidun.client import YidunClient

from tests.unit.support.notes import Notes
from tests.unit.yidun.yidun_wire import (
    ACCOUNT,
    AGORA,
    CODES,
    NOW,
    RUNNING,
    TASK,
    UNREADABLE,
    URL,
    ZEGO,
    Case,
    accepted,
    answered,
    digest,
    ok,
    refusal,
    wired,
)

WALL = ZEGO.but(options={"product": "livewall"})
WALL_RUNNING = ok({"taskId": TASK, "status": True})


# --- a submission


@pytest.mark.parametrize(
    ("case", "answer", "url", "version"),
    [
        (ZEGO, RUNNING, "https://as.dun.163.com/v4/liveaudio/check", "v4"),
        (
            ZEGO.but(options={"apiVersion": "v4.1"}),
            RUNNING,
            "https://as.dun.163.com/v4/liveaudio/check",
            "v4.1",
        ),
        (WALL, WALL_RUNNING, "https://as.dun.163.com/v3/livewallsolution/check", "v3"),
        (
            WALL.but(options={"apiVersion": "v3.1"}),
            WALL_RUNNING,
            "https://as.dun.163.com/v3/livewallsolution/check",
            "v3.1",
        ),
    ],
)
def test_a_submission_goes_to_its_product_and_remembers_it(
    monkeypatch: Any, case: Case, answer: Any, url: str, version: str
) -> None:
    calls, wire = wired(monkeypatch, answer)
    product = case.options.get("product", "liveaudio")
    assert YidunClient(calls).submit(case.submission()) == Accepted(TASK, product, lasts_s=3_600)
    ((method, sent_to, request),) = wire.calls
    assert (method, sent_to, request["timeout_s"]) == ("POST", url, 2.0)
    assert request["headers"] == {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    common = {"secretId": "a" * 32, "version": version, "timestamp": str(NOW), "nonce": "1"}
    business = {"businessId": "b" * 32} if product == "liveaudio" else {}
    form = {**case.fields(), **common, **business, "signatureMethod": "SHA256"}
    assert wire.sent == {**form, "signature": digest(form, ACCOUNT["secret_key"])}


@pytest.mark.parametrize(
    ("case", "lasts_s"),
    [
        (AGORA, 86_400),
        (AGORA.but(secrets={"uid": "7"}), None),
        (URL, None),
        (ZEGO.but(options={"longRooms": "token_api"}), None),
        (ZEGO.but(options={"shortRoomLimits": {"zego": 600}}), 600),
    ],
)
def test_a_task_lasts_as_long_as_its_address_is_good(
    monkeypatch: Any, case: Case, lasts_s: int | None
) -> None:
    assert accepted(monkeypatch, RUNNING, case=case).lasts_s == lasts_s
    adopted = accepted(monkeypatch, ok({"taskId": TASK, "status": 3}), case=case)
    assert adopted == Accepted(TASK, "liveaudio", adopted=True, lasts_s=lasts_s)


@pytest.mark.parametrize(("mode", "is_pushed"), [(None, True), ("push", True), ("poll", False)])
def test_results_are_pushed_unless_the_account_fetches_them(
    monkeypatch: Any, mode: str | None, is_pushed: bool
) -> None:
    account = ACCOUNT | ({"results": mode} if mode else {})
    calls, wire = wired(monkeypatch, RUNNING, account=account)
    YidunClient(calls).submit(ZEGO.submission())
    assert ("callbackUrl" in wire.sent) is is_pushed


def test_a_mode_that_is_none_is_named_and_nothing_is_sent(monkeypatch: Any) -> None:
    calls, wire = wired(monkeypatch, RUNNING, account=ACCOUNT | {"results": "both"})
    with pytest.raises(Misconfigured, match=r"secret yidun\.results"):
        YidunClient(calls).submit(ZEGO.submission())
    assert wire.calls == []


def test_what_was_left_out_is_noted_once_by_name_and_not_by_value(monkeypatch: Any, notes: Notes) -> None:
    names = {"accountName": "name", "gender": "sex", "cover": "cover"}
    case = ZEGO.but(
        options={"fromAttributes": names},
        watch={"attributes": json.dumps({"name": "s3cret" * 9, "sex": 9, "cover": "c"})},
    )
    assert accepted(monkeypatch, RUNNING, case=case).vendor_task_id == TASK
    assert notes.codes == ["ES214"]
    assert notes.of("ES214")["fields"] == "accountName,gender"
    assert "s3cret" not in notes.text


def test_where_nothing_was_left_out_nothing_is_noted(monkeypatch: Any, notes: Notes) -> None:
    accepted(monkeypatch, RUNNING)
    assert notes.codes == []


# --- what the answer says


@pytest.mark.parametrize("status", [0, "0"])
@pytest.mark.parametrize("http", [200, 201, 404])
def test_status_0_is_accepted_whatever_http_says(monkeypatch: Any, status: Any, http: int) -> None:
    answer = answered(ok({"taskId": f" {TASK}", "status": status, "more": [1]}), http)
    assert accepted(monkeypatch, answer).vendor_task_id == TASK


@pytest.mark.parametrize("task_id", [TASK, None, ...])
@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [(1, RetryLater, "yidun_submit_failed"), (2, Exhausted, "yidun_concurrency")],
)
def test_a_submission_that_was_not_accepted_is_tried_again_id_or_not(
    monkeypatch: Any, status: int, kind: type[EarshotError], reason: str, task_id: Any
) -> None:
    result = {"status": status} | ({} if task_id is ... else {"taskId": task_id})
    error = refusal(monkeypatch, ok(result))
    assert (type(error), error.reason) == (kind, reason)


@pytest.mark.parametrize(("status", "reason"), [(0, "yidun_200"), (3, "yidun_duplicate")])
@pytest.mark.parametrize("task_id", ["", " ", None, [TASK], ...])
def test_a_task_without_an_id_is_one_that_we_have_to_look_for(
    monkeypatch: Any, status: int, reason: str, task_id: Any
) -> None:
    result = {"status": status} | ({} if task_id is ... else {"taskId": task_id})
    error = refusal(monkeypatch, ok(result))
    assert (type(error), error.reason) == (OutcomeUnknown, reason)


@pytest.mark.parametrize(
    "result",
    [
        None,
        [],
        "x",
        7,
        {},
        {"taskId": TASK},
        *({"taskId": TASK, "status": status} for status in (4, -1, 0.5, True, False, None, "true", "", [0])),
    ],
)
def test_an_answer_that_no_page_knows_may_have_opened_a_task(
    monkeypatch: Any, result: Any, notes: Notes
) -> None:
    error = refusal(monkeypatch, ok(result))
    assert (type(error), error.reason) == (OutcomeUnknown, "yidun_submit_status")
    assert notes.codes == ["ES501"]


def test_the_solution_says_it_with_true_and_false(monkeypatch: Any) -> None:
    assert accepted(monkeypatch, WALL_RUNNING, case=WALL) == Accepted(TASK, "livewall", lasts_s=3_600)
    failed = refusal(monkeypatch, ok({"taskId": TASK, "status": False}), case=WALL)
    assert (type(failed), failed.reason) == (RetryLater, "yidun_submit_failed")
    unnamed = refusal(monkeypatch, ok({"status": True}), case=WALL)
    assert (type(unnamed), unnamed.reason) == (OutcomeUnknown, "yidun_200")


@pytest.mark.parametrize("status", [0, 1, 2, 3, "true", None])
def test_a_number_of_the_solution_means_nothing_that_is_known(monkeypatch: Any, status: Any) -> None:
    error = refusal(monkeypatch, ok({"taskId": TASK, "status": status}), case=WALL)
    assert type(error) is OutcomeUnknown


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("code", CODES)
def test_the_code_decides_whatever_the_message_and_what_else_is_there(
    monkeypatch: Any, code: int, status: int, notes: Notes
) -> None:
    kind, what = CODES[code]
    for more in ({}, {"msg": "ok"}, {"result": None}, {"result": {"taskId": TASK, "status": 0}}):
        error = refusal(monkeypatch, answered({"code": code, **more}, status), base="https://one.example.com")
        assert type(error) is kind
        assert f"yidun_{code}" in str(error)
        assert what in {error.reason, getattr(error, "setting", None)}
    assert notes.codes == []


@pytest.mark.parametrize("code", [0, 1, 201, 403, 416, 500, 5501, -1])
def test_a_code_outside_the_page_may_have_opened_a_task(monkeypatch: Any, code: int, notes: Notes) -> None:
    error = refusal(monkeypatch, {"code": code, "msg": "ok", "result": {"taskId": TASK, "status": 0}})
    assert (type(error), error.reason) == (OutcomeUnknown, f"yidun_{code}")
    assert notes.of("ES501")["vendor_code"] == code


@pytest.mark.parametrize("answer", UNREADABLE, ids=lambda answer: repr(answer[:24]))
@pytest.mark.parametrize("status", [200, 403, 500])
def test_an_answer_that_cannot_be_read_may_have_opened_a_task(
    monkeypatch: Any, answer: bytes, status: int
) -> None:
    error = refusal(monkeypatch, answered(answer, status), base="https://one.example.com")
    assert (type(error), error.reason) == (OutcomeUnknown, "yidun_unreadable_answer")


def test_no_error_tells_the_key_or_the_address(monkeypatch: Any, notes: Notes) -> None:
    case = ZEGO.but(secrets={"identify_token": "s3cret"})
    account = ACCOUNT | {"secret_key": "s3cret", "secret_id": "s3cret"}
    for answer in (
        {"code": 410, "msg": "s3cret"},
        {"code": 405, "result": "s3cret"},
        b"s3cret",
        {"code": 999},
    ):
        assert "s3cret" not in str(refusal(monkeypatch, answer, case=case, account=account))
    assert "s3cret" not in notes.text
