"""Calls of a declared vendor: what answers come to, and what is done about those that are lost."""

from typing import Any

import pytest
from earshot.domain.room import Room
from earshot.errors import (
    AlreadyDone,
    BadInput,
    EarshotError,
    Exhausted,
    GiveUp,
    Misconfigured,
    OutcomeUnknown,
    RetryLater,
    Suspended,
)
from earshot.http_client import Answer
from earshot.vendors.declared.asker import DeclaredAsker
from earshot.vendors.port import Accepted, Ending

from tests.unit.declared.declared_parts import Line, caller, client, described, submission
from tests.unit.support.notes import Notes

GOOD = {"code": 0, "task": "t-1"}
POLL = {
    "method": "GET",
    "path": ["ask", {"$": "task.id"}],
    "every_s": 7,
    "results": "body.pushes",
    "state": "body.state",
    "running": ["on", "1"],
    "when": "settings.mode == 'all'",
    "rules": [
        {"when": "body.code == `0`", "outcome": "accepted"},
        {"when": "body.code == `8`", "outcome": "gone"},
        {"when": "body.code == `3`", "outcome": "bad_credentials"},
        {"outcome": "unknown"},
    ],
}


def test_an_accepted_task() -> None:
    line = Line(GOOD)
    assert client(line).submit(submission()) == Accepted("t-1", "main")
    wire = line.sent[0]
    assert (wire.method, wire.origin.host, wire.target) == ("POST", "api.wren.example", "/start")
    assert wire.body == b'{"id":"ref-1a","room":"room-1001"}'
    assert wire.headers == {"Host": "api.wren.example", "Content-Type": "application/json"}


def test_a_task_that_runs_already_is_adopted() -> None:
    assert client(Line({"code": 9, "task": " t-1 "})).submit(submission()) == Accepted(
        "t-1", "main", adopted=True
    )


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"code": 1}, RetryLater),
        ({"code": 2}, Exhausted),
        ({"code": 3}, Misconfigured),
        ({"code": 4}, Suspended),
        ({"code": 5}, GiveUp),
        ({"code": 6}, OutcomeUnknown),
        ({"code": 0}, OutcomeUnknown),
        ({"code": 0, "task": ""}, OutcomeUnknown),
        ({"code": 0, "task": ["t"]}, OutcomeUnknown),
        ({"code": 0, "task": "t\n"}, Accepted),
        ({"code": 0, "task": "a\nb"}, OutcomeUnknown),
        ({"code": 0, "task": "t" * 600}, OutcomeUnknown),
        (Answer(200, b"<html>"), OutcomeUnknown),
        (Answer(500, b""), OutcomeUnknown),
        (Answer(302, b""), OutcomeUnknown),
        (OutcomeUnknown("no_answer"), OutcomeUnknown),
        (RetryLater("not_connected"), RetryLater),
        (GiveUp("address_not_allowed"), GiveUp),
    ],
)
def test_an_answer_is_an_error_by_what_to_do(answer: Any, error: type[Any]) -> None:
    if error is Accepted:
        assert client(Line(answer)).submit(submission()).vendor_task_id == "t"
        return
    with pytest.raises(EarshotError) as raised:
        client(Line(answer)).submit(submission())
    assert type(raised.value) is error


def test_a_reason_holds_the_vendors_code_if_it_is_a_word_and_never_a_text() -> None:
    for code, reason in (
        (17, "wren_17"),
        ("E_5.x", "wren_E_5.x"),
        ("no such room!", "wren_http_200"),
        ({}, "wren_http_200"),
    ):
        with pytest.raises(OutcomeUnknown) as raised:
            client(Line({"code": code}), ("submit.code", "body.code")).submit(submission())
        assert raised.value.reason == reason


def test_an_outcome_that_nobody_knows_is_noted(notes: Notes) -> None:
    with pytest.raises(OutcomeUnknown):
        client(Line({"code": 77}), ("submit.code", "body.code")).submit(submission())
    assert notes.of("ES501")["vendor_code"] == "77"


def test_an_expression_that_fails_leaves_open_what_was_done() -> None:
    rules = [{"when": "length(body.code) == `1`", "outcome": "retry"}, {"outcome": "rejected"}]
    with pytest.raises(OutcomeUnknown):
        client(Line({"code": 5}), ("submit.rules", rules)).submit(submission())


# --- what is asked of the room


def test_only_the_parts_of_the_credential_that_are_named_can_be_sent() -> None:
    line = Line(GOOD)
    body = {"t": {"$": "token.identify_token"}}
    given = submission(secrets={"identify_token": "t0ken", "other": "x"})
    client(line, ("submit.json", body)).submit(given)
    assert line.sent[0].body == b'{"t":"t0ken"}'
    with pytest.raises(BadInput) as raised:
        client(line).submit(submission(secrets={}))
    assert raised.value.field == "token.identify_token"


@pytest.mark.parametrize(
    ("changes", "given", "field"),
    [
        ((), {"room": Room("agora", "a", "r")}, "platform"),
        ((("targets", ["room_mixed"]),), {"target": "stream"}, "target"),
        (
            (
                (
                    "submit.requires",
                    [{"that": "room.stream_url", "field": "stream_url", "otherwise": "is required"}],
                ),
            ),
            {},
            "stream_url",
        ),
        ((("submit.path", [{"$": "room.room_id"}]),), {"room": Room("zego", "a", "..")}, "submit.path[0]"),
        (
            (("submit.headers", {"X-Room": {"$": "room.room_id"}}),),
            {"room": Room("zego", "a", "x\r\nX-Admin: 1")},
            "header X-Room",
        ),
        (
            (("submit.headers", {"X-Room": {"$": "room.room_id"}}),),
            {"room": Room("zego", "a", "直播")},
            "header X-Room",
        ),
        (
            (("submit.origin", {"$": "settings.where"}),),
            {"options": {"where": "https://evil.example"}},
            "submit.origin",
        ),
    ],
)
def test_a_room_that_does_not_fit_names_the_field(changes: Any, given: Any, field: str) -> None:
    line = Line(GOOD)
    options = given.pop("options", {})
    with pytest.raises(BadInput) as raised:
        client(line, *changes).submit(submission(options, **given))
    assert raised.value.field == field
    assert not line.sent


def test_what_users_chose_stays_a_step_of_the_path_and_a_value_of_the_query() -> None:
    line = Line(GOOD)
    changes = (("submit.path", ["v1", {"$": "room.room_id"}]), ("submit.query", {"q": {"$": "room.room_id"}}))
    client(line, *changes).submit(submission(room=Room("zego", "a", "a/../b?x=1&y#z %2e")))
    assert (
        line.sent[0].target == "/v1/a%2F..%2Fb%3Fx%3D1%26y%23z%20%252e?q=a%2F..%2Fb%3Fx%3D1%26y%23z%20%252e"
    )


# --- an answer that is lost


def test_a_task_under_an_id_of_ours_is_finished_when_its_answer_is_lost() -> None:
    changes = (("submit.outputs.vendor_task_id", {"$": "task.ref"}), ("on_unknown", "finish_then_resubmit"))
    for lost in (OutcomeUnknown("no_answer"), {"code": 77}):
        line = Line(lost, {"code": 0})
        with pytest.raises(OutcomeUnknown):
            client(line, *changes).submit(submission())
        assert [wire.target for wire in line.sent] == ["/start", "/stop/ref-1a"]


def test_what_cannot_be_finished_is_left_to_its_callbacks() -> None:
    line = Line(OutcomeUnknown("no_answer"))
    with pytest.raises(OutcomeUnknown):
        client(line).submit(submission())
    assert len(line.sent) == 1


def test_a_key_that_is_the_same_for_every_try_needs_a_rule_that_knows_it() -> None:
    described(("submit.json.id", {"$": "task.ear"}), ("on_unknown", "resubmit_same_key"))


# --- finishing


@pytest.mark.parametrize(
    ("answer", "known_ended", "error"),
    [
        ({"code": 0}, False, None),
        ({"code": 8}, False, RetryLater),
        ({"code": 8}, True, AlreadyDone),
        ({"code": 3}, True, RetryLater),
        (Answer(502, b""), True, RetryLater),
        (OutcomeUnknown("no_answer"), True, OutcomeUnknown),
        (RetryLater("not_connected"), True, RetryLater),
    ],
)
def test_a_finish(answer: Any, known_ended: bool, error: type[Any] | None) -> None:
    line = Line(answer)
    (outcome,) = client(line).finish([Ending("t/1", "main", {}, known_ended)])
    assert type(outcome) is (error or type(None))
    assert line.sent[0].target == "/stop/t%2F1"


def test_a_task_is_finished_where_it_was_accepted_with_the_settings_that_it_needs() -> None:
    changes = (
        ("submit.origin", {"$": "settings.where"}),
        ("finish.json", {"app": {"$": "settings.app"}, "mode": {"$": "settings.mode"}}),
    )
    line = Line(GOOD)
    made = client(line, *changes)
    accepted = made.submit(submission({"where": "far", "app": 7, "mode": "a&b=ü"}))
    made.finish([Ending("t-1", accepted.endpoint, {})])
    assert line.sent[1].origin.host == "far.wren.example"
    assert line.sent[1].body == '{"app":7,"mode":"a&b=ü"}'.encode()
    assert made.endpoint({"where": "far", "app": 7, "mode": "a&b=ü"}) == accepted.endpoint


def test_a_task_whose_acceptance_was_never_seen_is_finished_by_the_plan() -> None:
    line = Line({"code": 0})
    assert client(line).finish([Ending("t-1", None, {"mode": "all"})]) == [None]
    assert line.sent[0].origin.host == "api.wren.example"


def test_settings_of_another_version_are_named_when_a_task_is_opened_and_mended_when_it_is_closed() -> None:
    old = {"mode": 7, "gone": True, "app": 3}
    line = Line({"code": 0})
    made = client(line, ("finish.json", {"mode": {"$": "settings.mode"}, "app": {"$": "settings.app"}}))
    with pytest.raises(BadInput) as raised:
        made.submit(submission(old))
    assert raised.value.field == "gone"
    assert made.finish([Ending("t-1", None, old)]) == [None]
    assert line.sent[0].body == b'{"mode":"all","app":3}'


# --- asking


def ask(answer: Any, *changes: tuple[str, Any]) -> list[bytes]:
    made = caller(Line(answer), ("poll", POLL), *changes)
    poll = made.outward.poll
    assert poll is not None
    return list(DeclaredAsker(made, poll).ask("t-1", "main", {}))


def test_results_are_pushes_of_one_event_each() -> None:
    pushes = [{"id": "1"}, {"id": "2"}, "no push"]
    assert ask({"code": 0, "pushes": pushes, "state": "on"}) == [b'{"id":"1"}', b'{"id":"2"}']
    events = {"code": 0, "pushes": {"task": "t", "list": [{"id": "1"}, {"id": "2"}]}, "state": 1}
    told = ask(events, ("callback.events", "list"))
    assert told == [b'{"task":"t","list":[{"id":"1"}]}', b'{"task":"t","list":[{"id":"2"}]}']
    assert ask({"code": 0, "pushes": {"list": []}}, ("callback.events", "list")) == []
    assert ask({"code": 0, "pushes": {"task": "t"}}, ("callback.events", "list")) == []


def test_a_state_that_is_not_running_is_the_end_and_none_says_nothing() -> None:
    assert ask({"code": 0, "state": "over"}) == [b'{"earshot_ended":{"task_id":"t-1","state":"over"}}']
    assert ask({"code": 0}) == []
    assert ask({"code": 8}) == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [({"code": 3}, Misconfigured), ({"code": 5}, RetryLater), (OutcomeUnknown("no_answer"), RetryLater)],
)
def test_a_question_that_fails(answer: Any, error: type[Exception]) -> None:
    with pytest.raises(error) as raised:
        ask(answer)
    assert type(raised.value) is error


def test_plans_that_are_not_asked_about() -> None:
    made = caller(Line({}), ("poll", POLL))
    assert made.outward.poll is not None
    asker = DeclaredAsker(made, made.outward.poll)
    assert asker.every_ms == 7_000
    assert asker.asks({})
    assert not asker.asks({"mode": "hits"})
