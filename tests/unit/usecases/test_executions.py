"""Executions as Step Functions lists them, and prices as the settings tell them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from earshot.domain.orphans import Price, Running
from earshot.errors import Misconfigured, RetryLater
from earshot.prices import Prices
from earshot.secrets import Keyring
from earshot.usecases.executions import Executions

from tests.unit.support import makers
from tests.unit.support.makers import WATCH_ID


class States:
    """ListExecutions of ``pages`` by status; what is in ``errors`` by call is raised."""

    def __init__(self, pages: dict[str, list[list[str]]], errors: dict[int, Exception] | None = None) -> None:
        self._pages, self._errors = pages, errors or {}
        self.asked: list[dict[str, Any]] = []

    def list_executions(self, **request: Any) -> dict[str, Any]:
        self.asked.append(request)
        if error := self._errors.get(len(self.asked)):
            raise error
        pages = self._pages.get(request["statusFilter"], [[]])
        at = int(request.get("nextToken", 0))
        stopped = datetime.fromtimestamp(makers.START / 1000 + at, UTC)
        answer: dict[str, Any] = {"executions": [{"name": n, "stopDate": stopped} for n in pages[at]]}
        return {**answer, "nextToken": str(at + 1)} if at + 1 < len(pages) else answer


@pytest.fixture
def rests() -> list[float]:
    return []


def machine(states: States, rests: list[float]) -> Executions:
    return Executions(states, "arn:machine", rests.append)  # type: ignore[arg-type]


def test_those_that_run_are_read_to_the_last_page_and_no_faster_than_one_may_ask(rests: list[float]) -> None:
    states = States({"RUNNING": [["a"], ["b"], [WATCH_ID]]})
    running = machine(states, rests).running()
    assert running.drives(makers.watch())
    assert [request.get("nextToken") for request in states.asked] == [None, "1", "2"]
    first = states.asked[0]
    assert (first["stateMachineArn"], first["maxResults"]) == ("arn:machine", 1_000)
    assert rests == [0.25, 0.25]


def test_nothing_runs(rests: list[float]) -> None:
    assert not machine(States({}), rests).running().drives(makers.watch())


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "ThrottlingException", "Message": "…"}}, "ListExecutions"),
        EndpointConnectionError(endpoint_url="https://states"),
    ],
)
def test_half_a_list_is_none(error: Exception, rests: list[float]) -> None:
    """Whoever is not on it would be taken for dead."""
    states = States({"RUNNING": [["a"], ["b"]]}, {2: error})
    with pytest.raises(RetryLater, match="executions_unknown"):
        machine(states, rests).running()


def test_when_executions_ended_that_did_not_come_to_their_end(rests: list[float]) -> None:
    states = States(
        {"ABORTED": [["a", "x"]], "TIMED_OUT": [["b"]], "FAILED": [["y"], ["c"]], "SUCCEEDED": [["d"]]}
    )
    assert machine(states, rests).ended(["a", "b", "c", "d"]) == {
        "a": makers.START,
        "b": makers.START,
        "c": makers.START + 1_000,
    }


def test_nobody_is_asked_for_more_than_is_wanted(rests: list[float]) -> None:
    states = States({"ABORTED": [["a"], ["b"]]})
    assert machine(states, rests).ended(["a"]) == {"a": makers.START}
    assert len(states.asked) == 1


def test_what_ended_long_ago_is_not_looked_for_for_ever(rests: list[float]) -> None:
    states = States({"FAILED": [[str(n)] for n in range(9)]})
    assert machine(states, rests).ended(["8"]) == {}
    assert len(states.asked) == 1 + 1 + 3


@pytest.mark.parametrize("name", ["", "-g1", "-late-3", "-reap-0", "-again-1795226400"])
def test_names_say_whom_an_execution_is_for(name: str) -> None:
    running = Running([f"{WATCH_ID}{name}"])
    assert running.drives(makers.watch()) == (name != "-g1")
    assert running.drives(makers.watch(generation=1)) == (name != "")
    assert running.tidies(makers.watch()) == (name not in {"", "-g1"})


# prices


class Kept:
    """A secret."""

    def __init__(self, text: str) -> None:
        self._text = text

    def values(self, *, max_age_ms: int = 0) -> tuple[str, ...]:
        del max_age_ms
        return (self._text,)


def prices(**limits: Any) -> Prices:
    return Prices(Keyring(Kept(json.dumps({"limits": limits}))))  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", [1.8, 2, 0])
def test_a_price_is_said_beside_the_vendors_limits(amount: float) -> None:
    told = prices(shumei={"streams": 9, "price_per_hour": amount, "currency": "CNY"})
    assert told("shumei") == Price(float(amount), "CNY")
    assert told("yidun") is None


def test_settings_without_limits_know_no_price() -> None:
    assert Prices(Keyring(Kept("{}")))("shumei") is None  # type: ignore[arg-type]


def wrong() -> Iterator[dict[str, Any]]:
    for amount in ("1.8", True, -1, [1]):
        yield {"price_per_hour": amount, "currency": "CNY"}
    yield {"price_per_hour": 1}
    yield {"price_per_hour": 1, "currency": ""}


@pytest.mark.parametrize("fields", list(wrong()))
def test_a_price_that_is_none_is_named(fields: dict[str, Any]) -> None:
    with pytest.raises(Misconfigured, match=r"limits\.shumei\."):
        prices(shumei=fields)("shumei")
