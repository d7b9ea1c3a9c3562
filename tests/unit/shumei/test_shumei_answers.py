"""Shumei's answers: the code decides, and what cannot be read may have opened a task."""

from typing import Any

import pytest
from earshot.errors import (
    AlreadyDone,
    EarshotError,
    Exhausted,
    GiveUp,
    Misconfigured,
    OutcomeUnknown,
    RetryLater,
    Suspended,
)
from earshot.vendors.port import Accepted, Ending

from tests.unit.support.makers import TASK_ID
from tests.unit.support.notes import Notes
from tests.unit.support.shumei_calls import SETTINGS, submission, wired
from tests.unit.support.shumei_seed import CLUSTERS, CODES, FINISH_CODES

RUNNING = "0f4b1c2d3e4f5061728394a5b6c7d8e9"


def refused(monkeypatch: pytest.MonkeyPatch, answer: Any, status: int = 200) -> EarshotError:
    client, _ = wired(monkeypatch, answer, status)
    with pytest.raises(EarshotError) as error:
        client.submit(submission())
    return error.value


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_a_submission_goes_to_its_cluster_and_remembers_it(monkeypatch: Any, cluster: str) -> None:
    client, wire = wired(monkeypatch, {"code": 1100, "message": "成功", "requestId": TASK_ID})
    assert client.submit(submission(vendor_options={"cluster": cluster})) == Accepted(
        TASK_ID, cluster, signs_every_s=10
    )
    ((method, url, request),) = wire.calls
    assert method == "POST"
    assert url == f"http://api-audiostream-{cluster}.fengkongcloud.com/v2/saas/anti_fraud/audiostream"
    assert request["timeout_s"] == 3.0
    assert request["headers"] == {"Content-Type": "application/json; charset=utf-8"}
    assert (wire.sent["accessKey"], wire.sent["appId"]) == ("AK_EXAMPLE", "default")


def test_a_leading_blank_in_the_id_is_the_vendors_and_not_ours(monkeypatch: Any) -> None:
    client, _ = wired(monkeypatch, {"code": 1100, "message": "成功", "requestId": f" {TASK_ID}"})
    assert client.submit(submission()).vendor_task_id == TASK_ID


CLASSES = {
    1901: Exhausted,
    1902: GiveUp,
    1903: RetryLater,
    1904: RetryLater,
    1909: GiveUp,
    9100: Suspended,
    9101: Misconfigured,
}


def test_every_code_of_the_page_has_a_class() -> None:
    assert set(CODES) - {1100} <= set(CLASSES)


@pytest.mark.parametrize("status", [200, 400, 500, 503])
@pytest.mark.parametrize(("code", "kind"), CLASSES.items())
def test_the_code_decides_whatever_the_status_and_the_message(
    monkeypatch: Any, code: int, kind: type[EarshotError], status: int
) -> None:
    for message in (CODES.get(code, "流路数超限"), "成功", "", "success"):
        error = refused(monkeypatch, {"code": code, "message": message, "requestId": "x"}, status)
        assert type(error) is kind
        assert f"shumei_{code}" in str(error)


def test_success_counts_though_the_status_says_otherwise(monkeypatch: Any) -> None:
    client, _ = wired(monkeypatch, {"code": 1100, "message": "x", "requestId": TASK_ID}, 502)
    assert client.submit(submission()).vendor_task_id == TASK_ID


def test_a_code_outside_the_page_may_have_opened_a_task(monkeypatch: Any, notes: Notes) -> None:
    assert type(refused(monkeypatch, {"code": 1999, "message": "?"})) is OutcomeUnknown
    assert notes.of("ES501")["vendor_code"] == 1999


@pytest.mark.parametrize(
    "detail",
    [
        {"errorcode": 1001, "dupRequestId": RUNNING},
        {"errorCode": 1001, "dupRequestId": RUNNING},
        {"errorcode": "1001", "dupRequestId": RUNNING, "more": [1]},
        {"errorcode": 1001, "dupRequestId": f" {RUNNING}"},
    ],
    ids=["errorcode", "errorCode", "as text", "leading blank"],
)
@pytest.mark.parametrize("code", [1100, 1902, 1001, 1999])
def test_a_duplicate_is_adopted_whatever_code_it_comes_with(
    monkeypatch: Any, detail: dict[str, Any], code: int
) -> None:
    """The leading blank is the vendor's habit: with it, the task's own pushes would look like a stray's."""
    client, _ = wired(monkeypatch, {"code": code, "message": "", "requestId": "new", "detail": detail})
    assert client.submit(submission()) == Accepted(RUNNING, "sh", adopted=True, signs_every_s=10)


@pytest.mark.parametrize("duplicate", [None, "", "  ", ...])
def test_a_duplicate_that_does_not_say_of_what_is_unknown(monkeypatch: Any, duplicate: Any) -> None:
    detail = {"errorcode": 1001} | ({} if duplicate is ... else {"dupRequestId": duplicate})
    answer = {"code": 1100, "message": "", "requestId": "new", "detail": detail}
    assert type(refused(monkeypatch, answer)) is OutcomeUnknown


@pytest.mark.parametrize("detail", [None, {}, {"errorcode": None}, {"errorcode": 0}, {"other": 1}])
def test_a_detail_that_is_no_duplicate_changes_nothing(monkeypatch: Any, detail: Any) -> None:
    client, _ = wired(monkeypatch, {"code": 1100, "message": "", "requestId": TASK_ID, "detail": detail})
    assert client.submit(submission()) == Accepted(TASK_ID, "sh", signs_every_s=10)


@pytest.mark.parametrize(
    ("code", "kind", "detail"),
    [(1902, GiveUp, "bad parameter: data.channel"), (9101, Misconfigured, []), (1903, RetryLater, "")],
)
def test_a_detail_of_another_shape_does_not_hide_the_code(
    monkeypatch: Any, code: int, kind: type[EarshotError], detail: Any
) -> None:
    """Otherwise a permanent refusal is retried fifty times."""
    answer = {"code": code, "message": "x", "requestId": "x", "detail": detail}
    assert type(refused(monkeypatch, answer)) is kind


@pytest.mark.parametrize("detail", ["", []])
def test_a_detail_of_another_shape_does_not_hide_an_acceptance(monkeypatch: Any, detail: Any) -> None:
    client, _ = wired(monkeypatch, {"code": 1100, "message": "", "requestId": TASK_ID, "detail": detail})
    assert client.submit(submission()) == Accepted(TASK_ID, "sh", signs_every_s=10)


@pytest.mark.parametrize("request_id", [None, "", " ", ...])
def test_success_without_an_id_is_unknown(monkeypatch: Any, request_id: Any) -> None:
    answer = {"code": 1100, "message": "成功"} | ({} if request_id is ... else {"requestId": request_id})
    assert type(refused(monkeypatch, answer)) is OutcomeUnknown


UNREADABLE = [
    b"",
    b" ",
    b"null",
    b"[]",
    b'"1100"',
    b"1100",
    b"{}",
    b'{"code": null}',
    b'{"code": "success"}',
    b'{"code": 1100.5}',
    b'{"code": 1e999}',
    b'{"code": ' + b"9" * 5_000 + b"}",
    b'{"code": 1100, "requestId": "x"',
    b'{"code": 1100, "requestId": ["x"]}',
    b"<html><body>502 Bad Gateway</body></html>",
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"code":' * 50_000,
]


@pytest.mark.parametrize("answer", UNREADABLE, ids=lambda answer: repr(answer[:24]))
@pytest.mark.parametrize("status", [200, 500])
def test_an_answer_that_cannot_be_read_may_have_opened_a_task(
    monkeypatch: Any, answer: bytes, status: int
) -> None:
    error = refused(monkeypatch, answer, status)
    assert type(error) is OutcomeUnknown
    assert str(status) in error.detail


def test_what_the_http_client_knows_is_passed_on(monkeypatch: Any) -> None:
    for error in (RetryLater("not_connected"), OutcomeUnknown("no_answer")):
        client, _ = wired(monkeypatch, error)
        with pytest.raises(type(error), match=error.reason):
            client.submit(submission())


def test_a_missing_access_key_is_named(monkeypatch: Any) -> None:
    wrong: list[Any] = [{"zego": {}}, {"shumei": {}}, {"shumei": {"access_key": ""}}]
    for settings in wrong:
        client, wire = wired(monkeypatch, {}, settings=settings)
        with pytest.raises(Misconfigured, match="shumei"):
            client.submit(submission())
        assert wire.calls == []


def test_a_rotating_key_is_used_newest_first(monkeypatch: Any) -> None:
    rotating = {"shumei": {"access_key": ["NEW", "OLD"]}}
    client, wire = wired(monkeypatch, {"code": 1100, "requestId": "x"}, settings=rotating)
    client.submit(submission())
    assert wire.sent["accessKey"] == "NEW"
    assert "appId" not in wire.sent


def test_no_error_tells_the_key(monkeypatch: Any) -> None:
    for answer in ({"code": 9101, "message": SETTINGS["shumei"]["access_key"]}, b"AK_EXAMPLE"):
        assert "AK_EXAMPLE" not in str(refused(monkeypatch, answer))


# --- finish


@pytest.mark.parametrize("known_ended", [True, False])
@pytest.mark.parametrize("code", sorted({*FINISH_CODES, *CLASSES, 1999}))
def test_every_code_of_a_finish(monkeypatch: Any, code: int, known_ended: bool) -> None:
    client, _ = wired(monkeypatch, {"code": code, "message": "x", "requestId": " x"})
    ending = Ending(TASK_ID, "sh", known_ended=known_ended)
    (error,) = client.finish([ending])
    if code == 1100:
        assert error is None
        return
    is_believed = known_ended and code in {1902, 1909}
    assert isinstance(error, AlreadyDone if is_believed else RetryLater)
    assert error.reason == f"shumei_{code}"


@pytest.mark.parametrize(("endpoint", "host"), [("xjp", "xjp"), (None, "gg")])
def test_a_finish_goes_where_the_task_was_accepted_or_else_where_the_plan_says(
    monkeypatch: Any, endpoint: str | None, host: str
) -> None:
    client, wire = wired(monkeypatch, {"code": 1100})
    client.finish([Ending(TASK_ID, endpoint, {"cluster": "gg"})])
    ((_, url, request),) = wire.calls
    assert url == f"http://api-audiostream-{host}.fengkongcloud.com/v2/saas/anti_fraud/finish_audiostream"
    assert request["timeout_s"] == 1.0
    assert wire.sent == {"accessKey": "AK_EXAMPLE", "requestId": TASK_ID}


@pytest.mark.parametrize("answer", UNREADABLE[:14], ids=lambda answer: repr(answer[:24]))
def test_a_finish_that_cannot_be_read_is_repeated(monkeypatch: Any, answer: bytes) -> None:
    client, _ = wired(monkeypatch, answer)
    with pytest.raises(RetryLater):
        client.finish([Ending(TASK_ID, "sh", known_ended=True)])


def test_an_address_without_clusters_is_taken_as_it_is(monkeypatch: Any) -> None:
    from earshot.vendors.shumei.client import connect

    from tests.unit.support.shumei_calls import keyring

    _, wire = wired(monkeypatch, {"code": 1100, "requestId": "x"})
    connect(lambda _: "http://127.0.0.1:9102", keyring(SETTINGS)).submit(submission())
    assert wire.calls[0][1] == "http://127.0.0.1:9102/v2/saas/anti_fraud/audiostream"


def test_an_unknown_vendor_names_those_that_are_known() -> None:
    from earshot.errors import BadInput
    from earshot.vendors import registry

    for ask in (registry.door, registry.reader):
        with pytest.raises(BadInput, match="known: shumei"):
            ask("nobody")


@pytest.mark.parametrize(
    ("options", "signs_every_s"),
    [({}, 10), ({"audioDetectStep": 6}, 60), ({"returnAllText": False}, None)],
)
def test_how_often_it_says_something_depends_on_what_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], signs_every_s: int | None
) -> None:
    client, _ = wired(monkeypatch, {"code": 1100, "requestId": TASK_ID})
    accepted = client.submit(submission(vendor_options=options))
    assert accepted.signs_every_s == signs_every_s
