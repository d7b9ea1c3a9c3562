"""A watch that is driven by one execution after another: nothing of its room is lost in between."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from earshot.domain.lifecycle import ROUNDS

from tests.workflow.bundle import Bundle, bundle
from tests.workflow.deployment import ACCOUNT, ENVIRONMENT, REGION, STEPS, VERSION
from tests.workflow.test_one_room import SPEECH

NEXT = "machine-2"


def deploy_next(b: Bundle) -> None:
    """Another version of the machine, and of the function that compares: what runs keeps its own."""
    text = json.dumps(b.machine)
    for step in STEPS:
        name = "".join(part.title() for part in step.split("_"))
        text = text.replace(f"${{{name}Arn}}", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{step}")
    text = text.replace("${TableName}", "earshot").replace("${Version}", NEXT)
    b.sfn.update_state_machine(stateMachineArn=ENVIRONMENT["STATE_MACHINE_ARN"], definition=text)
    module: Any = b.modules["advise_watch"]
    assert module.advise.version == VERSION
    module.advise = replace(module.advise, version=NEXT)


def statuses(b: Bundle) -> list[tuple[str, str]]:
    """Which execution of the watch stands how, by what comes after the watch's id in its name."""
    watch_id = b.watch().watch_id
    found = [(e["name"].removeprefix(watch_id), e["status"]) for e in b.executions()]
    return sorted(found)


def heard_once(b: Bundle) -> None:
    """One ear, from the first second to the last."""
    assert len(b.doubles.calls("submit")) == len(b.doubles.mints()) == len(b.doubles.tasks()) == 1


def closed(b: Bundle) -> None:
    """However many executions there were."""
    b.wait(lambda: b.watch().is_over and b.is_over(), "ended")
    assert b.doubles.running() == []
    assert b.story() == ["Started", "Ended"]
    assert (b.ended()["reason"], b.ledger()["unfinished"]) == ("room_closed", [])
    assert {status for _, status in statuses(b)} == {"SUCCEEDED"}


def test_a_machine_of_another_version_takes_over_at_the_next_look() -> None:
    with bundle(SPEECH) as b:
        b.open()
        b.advance(11)
        deploy_next(b)
        b.advance(5)
        assert statuses(b) == [("", "RUNNING")], "nobody is disturbed for it"
        b.look()
        b.wait(lambda: statuses(b) == [("", "SUCCEEDED"), ("-g1", "RUNNING")], "handed over")
        b.wait_quiet()
        b.look()
        assert statuses(b) == [("", "SUCCEEDED"), ("-g1", "RUNNING")], "and once"
        b.advance(25)
        assert {event["risk_level"] for event in b.told("SegmentJudged")} == {"PASS", "REJECT"}
        heard_once(b)
        b.send("RoomClosed")
        closed(b)


@pytest.mark.parametrize("moment", ["relay_changes", "Advise", "Watch"])
def test_a_room_that_closes_while_it_is_handed_over_is_finished(moment: str) -> None:
    """Before the successor is started, before it has looked, and before it has parked."""
    with bundle() as b:
        b.open()
        deploy_next(b)
        b.once("Advise", lambda: b.once(moment, lambda: b.send("RoomClosed")))
        b.look()
        closed(b)
        heard_once(b)


@pytest.mark.parametrize("moment", ["Advise", "Watch"])
def test_a_task_that_ends_while_its_watch_is_handed_over_is_replaced(moment: str) -> None:
    with bundle() as b:
        b.open()
        deploy_next(b)

        def ends() -> None:
            b.doubles.end(b.doubles.running()[0]["id"], 3001)
            b.advance(2)

        b.once("Advise", lambda: b.once(moment, ends))
        b.look()
        b.wait(lambda: len(b.doubles.tasks()) == 2 and b.is_quiet(), "heard again")
        assert len(b.doubles.running()) == 1
        b.send("RoomClosed")
        b.wait(lambda: b.watch().is_over and b.is_over(), "ended")
        assert b.doubles.running() == []
        assert b.story() == ["Started", "Interrupted", "Resumed", "Ended"]


def test_a_handing_over_that_is_told_twice_starts_one_successor() -> None:
    with bundle() as b:
        b.open()
        deploy_next(b)
        b.look()
        b.wait_quiet()
        b.relay(b.records)
        b.wait_quiet()
        assert [name for name, _ in statuses(b)] == ["", "-g1"]
        heard_once(b)
        b.send("RoomClosed")
        closed(b)


def test_after_many_rounds_another_execution_goes_on() -> None:
    with bundle(SPEECH) as b:
        b.open()
        for _ in range(ROUNDS - 1):
            b.look()
        assert [name for name, _ in statuses(b)] == [""]
        b.look()
        b.wait(lambda: statuses(b) == [("", "SUCCEEDED"), ("-g1", "RUNNING")], "handed over")
        b.wait_quiet()
        (first,) = [e for e in b.executions() if e["status"] == "SUCCEEDED"]
        events = b.sfn.get_execution_history(executionArn=first["executionArn"], maxResults=1000)["events"]
        assert len(events) < 25_000
        b.advance(35)
        assert "REJECT" in {event["risk_level"] for event in b.told("SegmentJudged")}
        heard_once(b)
        b.send("RoomClosed")
        closed(b)
