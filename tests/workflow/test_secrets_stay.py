"""Tokens, keys and callback addresses live on the table and on the wire to their owner, and nowhere else."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.workflow.bundle import Bundle, bundle
from tests.workflow.deployment import CALLBACK_KEY
from tests.workflow.wire import SECRETS

SERVER_SECRET = SECRETS["zego"]["1234567890"]["server_secret"]
ACCESS_KEY = SECRETS["shumei"]["access_key"]
WORDS = "不可告人的话"
SPEECH = {
    "name": "words",
    "rooms": {
        "*": {"lines": [{"at": 5, "every": 10, "text": WORDS, "risk_level": "REJECT", "risk_type": 210}]}
    },
}
PARK = "updateItem.waitForTaskToken"
QUICKLY = {"Finish": 3}
SCHEDULED = {
    *("resource", "resourceType", "region", "parameters"),
    *("timeoutInSeconds", "heartbeatInSeconds"),
}
"""What Step Functions notes of a task that it schedules."""


def plain(b: Bundle) -> None:
    """An ordinary room."""
    b.open(attributes={"k": "v"})
    b.advance(21)
    b.close()


def echoed(b: Bundle) -> None:
    """Platform and vendor answer with what they were sent, where a number or an object is expected."""
    for body in (
        f'{{"Code": "{SERVER_SECRET}"}}',
        f'{{"Code": 0, "Data": "{SERVER_SECRET}"}}',
        SERVER_SECRET,
    ):
        b.doubles.zego.faults.add({"on": "mint", "fault": "body", "body": body})
    b.doubles.shumei.faults.add({"on": "submit", "fault": "body", "body": f'{{"code": "{ACCESS_KEY}"}}'})
    b.doubles.shumei.faults.add({"on": "submit", "fault": "status", "status": 500, "body": ACCESS_KEY})
    b.open()
    b.advance(11)
    b.doubles.shumei.faults.add({"on": "finish", "fault": "body", "body": f'{{"code": "{ACCESS_KEY}"}}'})
    b.close()


def unanswered(b: Bundle) -> None:
    """Nobody answers: an exception of the HTTP client carries the whole address, and its query is signed."""
    b.doubles.zego.faults.add({"on": "mint", "fault": "drop"})
    b.doubles.zego.faults.add({"on": "mint", "fault": "delay", "seconds": 60})
    b.doubles.shumei.faults.add({"on": "submit", "fault": "accept_then_timeout", "seconds": 60})
    b.open()
    b.advance(11)
    b.doubles.shumei.faults.add({"fault": "die"})
    b.close("FAILED")


def interrupted(b: Bundle) -> None:
    """A token goes bad, a callback is malformed, another is forged."""
    b.doubles.zego.faults.add({"on": "mint", "fault": "forget"})
    b.doubles.shumei.faults.add({"on": "push", "fault": "corrupt", "match": {"kind": "segment"}})
    b.open()
    b.advance(5)
    b.wait_quiet()
    b.advance(25)
    url = b.doubles.calls("submit")[0]["body"]["callback"]
    forged = url[:-4] + "aaaa"
    assert b.post(forged, b"{}")["statusCode"] == 401
    b.close()


def refused(b: Bundle) -> None:
    """The vendor refuses for good."""
    b.doubles.shumei.faults.add({"on": "submit", "fault": "code", "code": 9101})
    b.send("RoomOpened")
    b.wait_over("FAILED")


def secrets_of(b: Bundle) -> set[str]:
    """Everything that must not be seen."""
    submits = [call["body"] for call in b.doubles.calls("submit")]
    addresses = {body["callback"] for body in submits}
    macs = {urlsplit(address).path.rsplit("/", 1)[-1] for address in addresses}
    signatures = {entry["query"]["Signature"] for entry in b.doubles.mints()}
    tokens = {*b.doubles.tokens(), *b.doubles.zego.desk._tokens}
    return {SERVER_SECRET, ACCESS_KEY, CALLBACK_KEY, *addresses, *macs, *signatures, *tokens}


def machine_readable(b: Bundle, *, parked: bool) -> str:
    """Input, output and history of every execution.

    Without ``parked``, the parameters of the parked state are left out: Step Functions itself writes a task's
    parameters into the history, and this task's are the token that it is parked on. That is AWS's own doing,
    the only place, and a token is spent when the state is left.
    """
    described = [b.sfn.describe_execution(executionArn=e["executionArn"]) for e in b.executions()]
    events: list[Any] = [event for events in b.histories() for event in events]
    for event in events:
        details = event.get("taskScheduledEventDetails", {})
        if not parked and details.get("resource") == PARK:
            assert set(details) <= SCHEDULED
            details["parameters"] = ""
    return json.dumps([described, events], default=str, ensure_ascii=False)


@pytest.mark.parametrize("room", [plain, echoed, unanswered, interrupted, refused], ids=lambda r: r.__name__)
def test_no_secret_is_seen_outside_the_table(room: Any) -> None:
    with bundle(SPEECH, attempts=QUICKLY) as b:
        room(b)
        secrets = secrets_of(b)
        assert len(secrets) > 5
        places = {
            "executions": machine_readable(b, parked=True),
            "log": b.output.getvalue(),
            "events": json.dumps(b.events, ensure_ascii=False),
            "dead letters": json.dumps(b.dead_letters()),
            "watch items": json.dumps(b.items("watch") + b.items("task"), ensure_ascii=False),
        }
        for place, text in places.items():
            assert [secret for secret in secrets if secret in text] == [], place


@pytest.mark.parametrize("room", [plain, interrupted], ids=lambda r: r.__name__)
def test_a_task_token_is_seen_by_nobody_but_step_functions(room: Any) -> None:
    with bundle(SPEECH) as b:
        room(b)
        assert b.tokens
        machine = machine_readable(b, parked=False)
        told = json.dumps(b.events) + b.output.getvalue() + json.dumps(b.dead_letters())
        assert [token for token in b.tokens if token in machine + told] == []
        assert all(token in machine_readable(b, parked=True) for token in b.tokens)
        assert [item for item in b.items("watch") if "task_token" in item] == []


@pytest.mark.parametrize("room", [plain, interrupted], ids=lambda r: r.__name__)
def test_what_was_said_is_told_in_events_and_never_logged(room: Any) -> None:
    with bundle(SPEECH) as b:
        room(b)
        assert WORDS in {event["text"] for event in b.told("SegmentJudged")}
        assert WORDS not in b.output.getvalue()
        assert WORDS not in machine_readable(b, parked=True)


def test_a_claimed_credential_is_gone_from_the_table() -> None:
    with bundle() as b:
        plain(b)
        (credential,) = b.items("credential")
        assert "secrets" not in credential
        assert b.doubles.tokens()[0] not in json.dumps(credential)
        assert int(credential["expires_at"]["N"]) > 0
