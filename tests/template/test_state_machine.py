"""The state machine by its definition alone: nothing dangling, nothing unfinished, nothing secret."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

import pytest

from local.places import ROOT
from tests.template import graph
from tests.template.account import CALLBACK_KEY, SETTINGS
from tests.template.bundle import functions, machine, resources
from tests.template.iam import grants
from tests.template.intrinsics import Resolver
from tests.template.scenario import Stage

SUBSTITUTIONS = resources("AWS::StepFunctions::StateMachine")["RoomLifecycle"]["Properties"][
    "DefinitionSubstitutions"
]
FINISH = "Finish"
SECRETS = ("token", "secret", "credential", "callback", "url", "identify")


def test_substitutions_are_those_that_the_definition_uses() -> None:
    used = {name for text in graph.texts(machine()) for name in re.findall(r"\$\{(\w+)\}", text)}
    assert used == set(SUBSTITUTIONS)


def test_its_version_is_the_same_everywhere_and_a_digest_of_the_definition() -> None:
    """Changed the definition? Put the new digest into both places of template.yaml: running rooms then hand over."""
    text = (ROOT / "functions/room_lifecycle/room_lifecycle.asl.json").read_bytes()
    known = {SUBSTITUTIONS["Version"], functions()["advise_watch"].variables["MACHINE_VERSION"]}
    assert known == {hashlib.sha256(text).hexdigest()[:12]}


def test_every_function_that_is_substituted_exists() -> None:
    ids = {value["Fn::GetAtt"][0] for value in SUBSTITUTIONS.values() if "Fn::GetAtt" in value}
    assert ids <= {function.logical_id for function in functions().values()}


def test_every_state_is_reachable() -> None:
    assert graph.reachable(machine()["StartAt"]) == set(graph.states())


def test_every_route_leads_to_a_state() -> None:
    assert {after for name in graph.states() for after in graph.successors(name)} <= set(graph.states())


def test_from_every_state_the_execution_can_end() -> None:
    assert not [name for name in graph.states() if not graph.reachable(name) & graph.terminals()]


@pytest.mark.parametrize("name", sorted(graph.tasks()))
def test_every_task_catches_everything(name: str) -> None:
    caught = [error for catch in graph.tasks()[name]["Catch"] for error in catch["ErrorEquals"]]
    assert "States.ALL" in caught


@pytest.mark.parametrize("name", sorted(graph.tasks()))
def test_every_retry_is_bounded_and_spread(name: str) -> None:
    for retry in graph.tasks()[name].get("Retry", []):
        assert "MaxAttempts" in retry
        assert retry["MaxAttempts"] == 0 or retry["JitterStrategy"] == "FULL"
        assert retry["MaxAttempts"] <= 10 or retry["MaxDelaySeconds"] <= 300


ENDS = graph.terminals() - {"HandedOver"}
"""Where an execution ends for good; from the other one its watch goes on in the next."""


def test_whatever_submit_may_have_opened_is_finished_before_the_end() -> None:
    """No way leads from Submit to an end without Finish; nor does one from Watch or any other step after it."""
    assert not graph.reachable("Submit", avoiding=FINISH) & ENDS


def test_no_execution_ends_without_finish_wherever_it_starts() -> None:
    """An execution may be started anywhere from the items, so nothing before Finish may end either."""
    assert not graph.reachable(machine()["StartAt"], avoiding=FINISH) & ENDS


def test_finish_is_tried_for_hours() -> None:
    (retry,) = graph.states()[FINISH]["Retry"]
    assert retry["ErrorEquals"] == ["States.ALL"]
    assert retry["MaxAttempts"] * retry["MaxDelaySeconds"] / 2 >= 12 * 3600  # full jitter halves a wait


def test_submit_is_retried_only_where_lambda_never_started_it() -> None:
    retried = {error for retry in graph.states()["Submit"]["Retry"] for error in retry["ErrorEquals"]}
    assert retried == {"Lambda.TooManyRequestsException"}


@pytest.mark.parametrize("name", sorted(graph.tasks()))
def test_every_task_has_a_time_out(name: str) -> None:
    """A Lambda step ends with its function's own time-out; what waits for a token says how long."""
    state = graph.tasks()[name]
    waits = state["Resource"].endswith(".waitForTaskToken")
    assert waits == ("TimeoutSecondsPath" in state or "TimeoutSeconds" in state)


def test_parking_refuses_a_pending_signal_and_keeps_its_token_on_the_table() -> None:
    watch = graph.states()["Watch"]
    assert "attribute_not_exists(signal_id)" in watch["Parameters"]["ConditionExpression"]
    assert watch["ResultPath"] is None, "the updated item would put the token into the history"
    assert "ReturnValues" not in watch["Parameters"]


def test_no_secret_passes_through_the_machine() -> None:
    """State input and output are readable for 90 days; the context's token goes to the table alone."""
    for name, state in graph.states().items():
        paths = {text for text in graph.texts(state) if text.startswith(("$.", "$$."))} - {"$$.Task.Token"}
        assert not [path for path in paths if any(word in path.lower() for word in SECRETS)], name
        assert ("$$.Task.Token" in set(graph.texts(state))) == (name == "Watch")


def test_no_step_answers_with_a_secret(stage: Stage) -> None:
    """What the functions really returned, and what the executions were really started with."""
    secrets = (CALLBACK_KEY, "token-1", "a-token", *_leaves(SETTINGS))
    assert stage.answers
    assert not [answer for answer in stage.answers for secret in secrets if secret in answer]


def _leaves(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from _leaves(value)
    elif node != "default":
        yield str(node)


def test_the_role_invokes_the_steps_and_parks_and_nothing_else() -> None:
    resolve = Resolver({"Table": "earshot-Table"}, {"Table.Arn": "table-arn"})
    role = resources()["RoomLifecycleRole"]["Properties"]
    held = {(grant.action, grant.resource, grant.keys) for grant in grants(role, resolve)}
    assert held == _needed(resolve)


def _needed(resolve: Resolver) -> set[tuple[str, str, tuple[str, ...]]]:
    needed: set[tuple[str, str, tuple[str, ...]]] = set()
    for state in graph.tasks().values():
        service = re.fullmatch(
            r"arn:aws:states:::aws-sdk:(\w+):(\w+?)(\.waitForTaskToken)?", state["Resource"]
        )
        if service:
            action = f"{service[1]}:{service[2][0].upper()}{service[2][1:]}"
            assert state["Parameters"]["Key"]["pk"] == {"S.$": "$.key.pk"}
            needed.add((action, "table-arn", ("SESSION#*",)))
        else:
            function = resolve(SUBSTITUTIONS[state["Resource"].strip("${}")])
            needed.add(("lambda:InvokeFunction", function, ()))
    return needed
