"""A state machine's definition, refused if it has anything that the interpreter does not play."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.chaos import choice
from tests.chaos.paths import Unplayed, known

Definition = Mapping[str, Any]
PARK = "arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken"
TASK = (
    *("Type", "Comment", "Resource", "Parameters", "ResultPath", "Retry", "Catch", "Next", "End"),
    *("TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath"),
)
FIELDS: dict[str, tuple[str, ...]] = {
    "Task": TASK,
    "Choice": ("Type", "Comment", "Choices", "Default"),
    "Wait": ("Type", "Comment", "Seconds", "SecondsPath", "Next", "End"),
    "Pass": ("Type", "Comment", "Result", "ResultPath", "Parameters", "Next", "End"),
    "Succeed": ("Type", "Comment"),
    "Fail": ("Type", "Comment", "Error", "Cause"),
}
RETRIER = {
    *("ErrorEquals", "IntervalSeconds", "BackoffRate", "MaxAttempts", "MaxDelaySeconds", "JitterStrategy"),
    "Comment",
}
CATCHER = {"ErrorEquals", "ResultPath", "Next", "Comment"}
PARAMETERS = {
    *("TableName", "Key", "UpdateExpression", "ConditionExpression"),
    *("ExpressionAttributeValues", "ExpressionAttributeNames"),
}
PATHS = ("TimeoutSecondsPath", "HeartbeatSecondsPath", "SecondsPath")


def check(machine: Definition) -> None:
    """Raises Unplayed."""
    _only("machine", machine, {"Comment", "StartAt", "States"})
    states: Mapping[str, Mapping[str, Any]] = machine["States"]
    if machine["StartAt"] not in states:
        raise Unplayed(f"StartAt {machine['StartAt']}")
    for name, state in states.items():
        kind = state.get("Type")
        if kind not in FIELDS:
            raise Unplayed(f"{name}: type {kind}")
        _only(name, state, set(FIELDS[kind]))
        for path in (state[field] for field in PATHS if field in state):
            known(path)
        _ways(name, state, states)


def _ways(name: str, state: Mapping[str, Any], states: Mapping[str, Any]) -> None:
    ways = [state[field] for field in ("Next", "Default") if field in state]
    for rule in state.get("Choices", []):
        choice.check(rule)
        ways.append(rule["Next"])
    for retrier in state.get("Retry", []):
        _only(f"{name}.Retry", retrier, RETRIER)
        if retrier.get("JitterStrategy", "NONE") not in {"NONE", "FULL"}:
            raise Unplayed(f"{name}: jitter {retrier['JitterStrategy']}")
    for catcher in state.get("Catch", []):
        _only(f"{name}.Catch", catcher, CATCHER)
        ways.append(catcher["Next"])
    if unknown := [way for way in ways if way not in states]:
        raise Unplayed(f"{name}: no state {unknown}")
    if state["Type"] == "Task":
        _task(name, state)


def _task(name: str, state: Mapping[str, Any]) -> None:
    resource = str(state["Resource"])
    if resource == PARK:
        _only(f"{name}.Parameters", state["Parameters"], PARAMETERS)
    elif not resource.startswith("arn:aws:lambda:"):
        raise Unplayed(f"{name}: resource {resource}")


def _only(where: str, found: Mapping[str, Any], names: set[str]) -> None:
    if unknown := set(found) - names:
        raise Unplayed(f"{where}: {sorted(unknown)}")
