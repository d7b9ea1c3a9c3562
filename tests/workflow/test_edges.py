"""Every edge of the machine is taken: each Retry by each of its errors, each Catch, each Choice, each time-out.

A journey names the edges that it takes and is checked by its executions' histories; one more test checks that
the journeys together name every edge that the definition declares. So a new edge fails here until a journey
takes it, and any journey may be run alone or in any process.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import Any

import pytest

from tests.workflow import history
from tests.workflow.bundle import QUICK, Bundle, bundle
from tests.workflow.deployment import definition
from tests.workflow.disturbances import BUSY, false_alarm, open_with_a_short_look
from tests.workflow.interpreter import aws_error
from tests.workflow.runtime import Bug, Refusal

LAMBDA = ["ServiceException", "AWSLambdaException", "SdkClientException", "TooManyRequestsException"]
FEW = {"Mint": 9, "Watch": 9, "Advise": 2, "Finish": 2, "Close": 2, "Abandon": 2}
PAUSING = {"default": {**QUICK, "retry": {"base_s": 1, "cap_s": 1, "max_attempts": 3}}}


def quiet(b: Bundle) -> None:
    b.open()
    b.close()


def helpers_stumble(b: Bundle) -> None:
    """Each function fails once or twice before it works."""
    b.fail("Mint", [Refusal(f"Lambda.{name}") for name in LAMBDA])
    b.fail("Submit", [Refusal("Lambda.TooManyRequestsException")])
    for state in ("Advise", "Finish", "Close", "Release"):
        b.fail(state, [Bug()])
    b.open()
    false_alarm(b)
    b.wait_quiet()
    b.close()


def table_is_busy(b: Bundle) -> None:
    b.fail("Watch", [aws_error(name) for name in BUSY])
    quiet(b)


def trouble_before_the_first_task(b: Bundle) -> None:
    b.doubles.zego.faults.add({"on": "mint", "fault": "code", "code": 206})
    b.doubles.shumei.faults.add({"on": "submit", "fault": "code", "code": 1903})
    quiet(b)


def parking_is_refused(b: Bundle) -> None:
    b.once("Watch", lambda: b.send("RoomClosed"))
    b.send("RoomOpened")
    b.wait_over()


def parking_is_forbidden_for_a_while(b: Bundle) -> None:
    b.fail("Watch", [aws_error("AccessDeniedException")])
    quiet(b)


def look_times_out(b: Bundle) -> None:
    open_with_a_short_look(b)
    b.close()


def nothing_is_heard(b: Bundle) -> None:
    open_with_a_short_look(b, is_heard=False)
    b.close()


def waits_for_its_turn(b: Bundle) -> None:
    """Everybody else's turns come first."""
    now = b.doubles.clock.time_ns() // 1_000_000
    b.store.reserve("submit:shumei", now + 4_000, 1)
    b.once("Queue", lambda: b.doubles.clock.sleep(3))
    quiet(b)


def hands_over(b: Bundle) -> None:
    """The functions of a newer machine are deployed, and then the machine."""
    b.open()
    b.look()
    deployed: Any = b.modules["advise_watch"]
    deployed.advise = replace(deployed.advise, version="machine-2")
    b.look()
    b.wait(lambda: len(b.executions()) == 2, "handed over")
    b.wait_quiet()
    deployed.advise = replace(deployed.advise, version="machine-1")
    b.close()


def release_fails(b: Bundle) -> None:
    b.open()
    b.fail("Release", repeat(Bug()))
    false_alarm(b)
    b.wait_quiet()
    b.close()


def advice_fails(b: Bundle) -> None:
    b.open()
    b.fail("Advise", repeat(Bug()))
    b.send("RoomClosed")
    b.wait(b.is_over, "over")


def finish_fails(b: Bundle) -> None:
    b.open()
    b.doubles.shumei.faults.add({"fault": "die"})
    b.fail("Abandon", [Bug()])
    b.close("FAILED")


def even_abandoning_fails(b: Bundle) -> None:
    b.open()
    b.doubles.shumei.faults.add({"fault": "die"})
    b.fail("Abandon", repeat(Bug()))
    b.close("FAILED")


def stray_shows_itself_late(b: Bundle) -> None:
    b.doubles.shumei.faults.add({"on": "submit", "fault": "accept_then_drop"})
    b.once("Mint", lambda: None, lambda: b.send("RoomClosed"))
    b.once("Settle", lambda: b.advance(11))
    b.send("RoomOpened")
    b.wait_over()


def close_fails(b: Bundle) -> None:
    b.open()
    b.fail("Close", repeat(Bug()))
    b.close("FAILED")


def given_up(b: Bundle) -> None:
    b.doubles.shumei.faults.add({"on": "submit", "fault": "code", "code": 1902})
    b.send("RoomOpened")
    b.wait_over("FAILED")


@dataclass(frozen=True)
class Journey:
    """``leaves_open``: the vendor cannot be told, so its task stays; the ledger is the place that says so."""

    go: Callable[[Bundle], None]
    takes: tuple[str, ...]
    plan: dict[str, Any] = field(default_factory=lambda: {"default": QUICK})
    leaves_open: bool = False


JOURNEYS = [
    Journey(
        quiet,
        (
            *(
                "Route -> Mint",
                "Mint -> Route",
                "Route -> Submit",
                "Submit -> Route",
                "Route -> Watch",
                "Watch -> Advise",
                "Advise -> Route",
            ),
            *(
                "Route -> Finish",
                "Finish -> Settle",
                "Settle -> Close",
                "Close -> Verdict",
                "Verdict -> Ended",
            ),
        ),
    ),
    Journey(
        helpers_stumble,
        (
            *(f"Mint retries Lambda.{name}" for name in LAMBDA),
            *("Submit retries Lambda.TooManyRequestsException", "Advise retries States.ALL"),
            *("Finish retries States.ALL", "Close retries States.ALL", "Release retries States.ALL"),
            *("Route -> Release", "Release -> Route"),
        ),
    ),
    Journey(
        table_is_busy,
        tuple(f"Watch retries DynamoDb.{n.removesuffix('Exception')}Exception" for n in BUSY),
    ),
    Journey(
        trouble_before_the_first_task,
        (
            *("Mint catches States.ALL -> Advise", "Submit catches States.ALL -> Advise"),
            *("Route -> Pause", "Pause -> Mint"),
        ),
        PAUSING,
    ),
    Journey(parking_is_refused, ("Watch catches DynamoDb.ConditionalCheckFailedException -> Advise",)),
    Journey(
        parking_is_forbidden_for_a_while,
        ("Watch catches States.ALL -> Advise", "Route -> Breathe", "Breathe -> Watch"),
        PAUSING,
    ),
    Journey(look_times_out, ("Watch times out", "Watch catches States.Timeout -> Advise", "Route -> Watch")),
    Journey(
        nothing_is_heard,
        ("Watch times out", "Watch catches States.HeartbeatTimeout -> Advise"),
    ),
    Journey(waits_for_its_turn, ("Route -> Queue", "Queue -> Submit")),
    Journey(hands_over, ("Route -> HandedOver", "Route -> Advise")),
    Journey(release_fails, ("Release catches States.ALL -> Route",)),
    Journey(advice_fails, ("Advise catches States.ALL -> Finish",)),
    Journey(
        finish_fails,
        ("Finish catches States.ALL -> Abandon", "Abandon retries States.ALL", "Abandon -> Failed"),
        leaves_open=True,
    ),
    Journey(even_abandoning_fails, ("Abandon catches States.ALL -> Failed",), leaves_open=True),
    Journey(
        stray_shows_itself_late, ("Close does not retry Unfinished", "Close catches Unfinished -> Finish")
    ),
    Journey(close_fails, ("Close catches States.ALL -> Failed",)),
    Journey(given_up, ("Verdict -> Failed",)),
]


@pytest.mark.parametrize("journey", JOURNEYS, ids=[journey.go.__name__ for journey in JOURNEYS])
def test_the_journey_takes_its_edges_and_leaves_nothing_open(journey: Journey) -> None:
    with bundle(plan=journey.plan, attempts=FEW) as b:
        journey.go(b)
        assert set(journey.takes) <= set(b.edges())
        assert b.is_over()
        assert bool(b.doubles.running()) is journey.leaves_open


def test_the_journeys_take_every_edge_that_the_machine_declares() -> None:
    named = {edge for journey in JOURNEYS for edge in journey.takes}
    assert named == history.declared(definition())


def test_every_step_that_may_fail_has_a_way_out() -> None:
    """An error that nobody catches would end the execution with the vendor still listening."""
    states = definition()["States"]
    tasks = {name: state for name, state in states.items() if state["Type"] == "Task"}
    for name, state in tasks.items():
        assert "States.ALL" in state["Catch"][-1]["ErrorEquals"], name
    before = {"Release", "Mint", "Submit", "Watch", "Advise"}
    assert {c["Next"] for name in before for c in tasks[name]["Catch"]} <= {"Advise", "Route", "Finish"}
