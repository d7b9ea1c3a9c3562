"""``make redrive``: which executions are redriven, and what is said of the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from earshot.domain import ids
from earshot.domain.watch import Status
from earshot.store.memory import MemoryStore

from operations import redrive as command
from operations.redrive import Outcome, Redrive
from operations.stack import NoStack, Stack
from tests.unit.support import makers
from tests.unit.support.makers import SESSION, WATCH_ID

NOW = 1_795_226_400.0
STREAM_ID = ids.watch_id(SESSION, "primary", ids.session_id("stream", 1))
DAY = 86_400.0


@dataclass
class Machine:
    """``ended``: status and age in days by name."""

    ended: dict[str, tuple[str, float]] = field(default_factory=dict)
    refused: str = ""
    redriven: list[str] = field(default_factory=list)

    def get_paginator(self, operation: str) -> Machine:
        assert operation == "list_executions"
        return self

    def paginate(self, stateMachineArn: str, statusFilter: str) -> Iterator[dict[str, Any]]:  # noqa: N803
        assert stateMachineArn == "machine"
        for name, (status, age) in self.ended.items():
            if status == statusFilter:
                stopped = datetime.fromtimestamp(NOW - age * DAY, UTC)
                yield {"executions": [{"name": name, "executionArn": f"arn:{name}", "stopDate": stopped}]}

    def redrive_execution(self, executionArn: str) -> None:  # noqa: N803
        if self.refused:
            error: Any = {"Error": {"Code": "ExecutionNotRedrivable", "Message": self.refused}}
            raise ClientError(error, "RedriveExecution")
        self.redriven.append(executionArn)


@pytest.fixture
def store() -> MemoryStore:
    made = MemoryStore()
    made.add_watch(makers.watch())
    made.add_watch(makers.watch(watch_id=STREAM_ID, stream_id="stream-1"))
    return made


def outcomes(machine: Machine, store: MemoryStore, watch_id: str | None = None) -> list[Outcome]:
    return list(Redrive(machine, "machine", store, NOW)(watch_id))


@pytest.mark.parametrize("status", ["FAILED", "TIMED_OUT", "ABORTED"])
@pytest.mark.parametrize("name", [WATCH_ID, STREAM_ID])
def test_what_failed_goes_on(store: MemoryStore, status: str, name: str) -> None:
    machine = Machine({name: (status, 13.9)})
    assert outcomes(machine, store) == [Outcome(name)]
    assert machine.redriven == [f"arn:{name}"]


def test_only_of_the_watch_that_is_asked_for(store: MemoryStore) -> None:
    machine = Machine({WATCH_ID: ("FAILED", 1), STREAM_ID: ("FAILED", 1)})
    assert outcomes(machine, store, STREAM_ID) == [Outcome(STREAM_ID)]


@pytest.mark.parametrize(
    "name", [f"{WATCH_ID}-late-1", f"{WATCH_ID}-reap-0", f"{WATCH_ID}-again-1", "somebody-elses"]
)
def test_only_executions_that_drive_a_watch(store: MemoryStore, name: str) -> None:
    assert outcomes(Machine({name: ("FAILED", 1)}), store) == []


def test_not_what_failed_too_long_ago(store: MemoryStore) -> None:
    assert outcomes(Machine({WATCH_ID: ("FAILED", 14.1)}), store) == []


def test_not_of_a_watch_that_is_over_or_unknown(store: MemoryStore) -> None:
    store._watches[WATCH_ID] = makers.watch(status=Status.ENDED, reason="room_closed")
    del store._watches[STREAM_ID]
    machine = Machine({WATCH_ID: ("FAILED", 1), STREAM_ID: ("FAILED", 1)})
    problems = {one.name: one.problem for one in outcomes(machine, store)}
    assert problems[WATCH_ID] == "its watch is over (room_closed)"
    assert problems[STREAM_ID] == "the table does not know its watch"
    assert machine.redriven == []


def test_not_what_another_generation_has_taken_over(store: MemoryStore) -> None:
    store.restart(WATCH_ID, 0)
    machine = Machine({WATCH_ID: ("FAILED", 2), f"{WATCH_ID}-g1": ("FAILED", 1)})
    first, second = outcomes(machine, store)
    assert first == Outcome(WATCH_ID, f"its watch is driven by {WATCH_ID}-g1")
    assert second == Outcome(f"{WATCH_ID}-g1")


def test_a_refusal_is_told_in_its_words(store: MemoryStore) -> None:
    machine = Machine({WATCH_ID: ("FAILED", 1)}, refused="has been redriven too often")
    assert outcomes(machine, store) == [Outcome(WATCH_ID, "has been redriven too often", failed=True)]


# the command


@pytest.fixture
def machine(store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine({WATCH_ID: ("FAILED", 1), f"{STREAM_ID}-g7": ("FAILED", 1)})
    stack = Stack("earshot", "table", "machine", lambda _: made)
    monkeypatch.setattr(Stack, "store", lambda _: store)
    monkeypatch.setattr(command, "find", lambda *_: stack)
    monkeypatch.setattr("time.time", lambda: NOW)
    return made


def test_it_says_what_it_did(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said == [
        f"redriven {WATCH_ID}",
        f"left     {STREAM_ID}-g7: its watch is driven by {STREAM_ID}",
        "earshot: 1 redriven, 0 refused",
    ]


def test_a_refusal_is_a_failure(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.refused = "is running"
    assert command.main(["--watch", WATCH_ID]) == 1
    assert "earshot: 0 redriven, 1 refused" in capsys.readouterr().out


def test_a_stack_that_is_not_there_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nowhere(*_: str) -> Stack:
        raise NoStack("no local stack is up: make up")

    monkeypatch.setattr(command, "find", nowhere)
    assert command.main(["--stack", "local"]) == 1
    assert "make up" in capsys.readouterr().err
