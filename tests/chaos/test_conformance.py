"""The interpreter against moto's: the same machines go through the same states with the same data."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from moto import mock_aws

from tests.chaos.loop import Loop
from tests.chaos.machine import Failure, Machine
from tests.contract import table
from tests.workflow.interpreter import interpreter

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:"
PARK = "arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken"
PATIENCE_S = 20.0
Path = list[tuple[str, Any]]


@dataclass(frozen=True)
class Case:
    """``answers`` of the only function, in order; ``key``: the item that is parked on (there is one called ``a``);
    ``output``: what a parked state is woken with."""

    states: dict[str, Any]
    begin: Any = field(default_factory=dict)
    answers: tuple[Any, ...] = ()
    key: str = "a"
    output: Any = None


def task(**more: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": f"{LAMBDA}work", **more}


def retry(*names: str, most: int, **more: Any) -> dict[str, Any]:
    return {"ErrorEquals": [*names], "MaxAttempts": most, "IntervalSeconds": 1, "BackoffRate": 1, **more}


def catch(*names: str, to: str = "Rescue", path: str | None = "$.error") -> dict[str, Any]:
    return {"ErrorEquals": [*names], "ResultPath": path, "Next": to}


def park(**more: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": PARK,
        "Parameters": {
            "TableName": "earshot",
            "Key": {"pk": {"S.$": "$.pk"}, "sk": {"S": "x"}},
            "UpdateExpression": "SET task_token = :token, parked_at = :parked_at",
            "ConditionExpression": "attribute_exists(pk) AND attribute_not_exists(signal_id)",
            "ExpressionAttributeValues": {
                ":token": {"S.$": "$$.Task.Token"},
                ":parked_at": {"S.$": "$$.State.EnteredTime"},
            },
        },
        "ResultPath": None,
        **more,
    }


END = {"End": {"Type": "Succeed"}}
RESCUE = {"Rescue": {"Type": "Fail", "Error": "Broken", "Cause": "as it should"}}
CHOOSE = {
    "A": {
        "Type": "Choice",
        "Choices": [
            {
                "And": [
                    {"Variable": "$.free", "BooleanEquals": True},
                    {"Variable": "$.freed", "IsPresent": False},
                ],
                "Next": "Free",
            },
            {
                "And": [
                    {"Variable": "$.next", "StringEquals": "wait"},
                    {"Variable": "$.wait_s", "NumericGreaterThan": 0},
                ],
                "Next": "Wait",
            },
            {
                "Or": [
                    {"Variable": "$.next", "StringEquals": "x"},
                    {"Not": {"Variable": "$.wait_s", "NumericLessThanEquals": 5}},
                ],
                "Next": "End",
            },
        ],
        "Default": "Rescue",
    },
    "Free": task(ResultPath="$.freed", Next="A"),
    "Wait": {"Type": "Wait", "SecondsPath": "$.wait_s", "Next": "End"},
    **END,
    **RESCUE,
}
CLOSE = {
    "A": task(
        Parameters={"id.$": "$.id", "sure": False},
        ResultPath="$.closed",
        Retry=[retry("Unfinished", most=0), retry("States.ALL", most=2)],
        Catch=[catch("Unfinished", to="Again"), catch("States.ALL")],
        Next="End",
    ),
    "Again": {"Type": "Pass", "ResultPath": "$.passed", "Result": 1, "Next": "A"},
    **END,
    **RESCUE,
}
COUNTED = {
    "A": task(
        ResultPath=None,
        Retry=[retry("Busy", "Slow", most=1), retry("States.TaskFailed", most=2, JitterStrategy="FULL")],
        Catch=[catch("States.TaskFailed", path="$.a.b")],
        Next="B",
    ),
    "B": task(Retry=[retry("States.ALL", most=2)], End=True),
    **RESCUE,
}
TIMED = [catch("States.Timeout", path="$.woken", to="End"), catch("States.ALL")]
CASES = {
    "choice-default": Case(CHOOSE, {"free": False, "next": "wait", "wait_s": 0}),
    "choice-wait": Case(CHOOSE, {"free": False, "next": "wait", "wait_s": 3}),
    "choice-or": Case(CHOOSE, {"free": False, "next": "y", "wait_s": 9}),
    "choice-loop": Case(CHOOSE, {"free": True, "next": "x", "wait_s": 1}, ({"n": 1},)),
    "choice-type": Case(CHOOSE, {"free": "yes", "next": "wait", "wait_s": "3"}),
    "retried": Case(CLOSE, {"id": "w"}, (Failure("Oops"), Failure("Other"), {"ok": True})),
    "retried-out": Case(CLOSE, {"id": "w"}, (Failure("A"), Failure("B"), Failure("C"))),
    "not-retried": Case(CLOSE, {"id": "w"}, (Failure("Oops"), Failure("Unfinished"), [1, "x", None])),
    "counted-apart": Case(COUNTED, {"a": {"c": 1}}, (Failure("Busy"), Failure("X"), Failure("X"), 1, 2)),
    "counted-out": Case(COUNTED, {"a": {"c": 1}}, (Failure("Busy"), Failure("X"), Failure("Slow"))),
    "reset": Case(COUNTED, {}, (Failure("X"), Failure("X"), 1, Failure("X"), Failure("X"), {"end": 1})),
    "woken": Case({"A": park(Next="End"), **END}, {"pk": "a"}, output={"any": 1}),
    "unparked": Case(
        {"A": park(Catch=[catch("DynamoDb.ConditionalCheckFailedException", to="End")], Next="End"), **END},
        {"pk": "b"},
        key="b",
    ),
    "timed-out": Case(
        {"A": park(TimeoutSecondsPath="$.look_s", Catch=TIMED, Next="End"), **END, **RESCUE},
        {"pk": "a", "look_s": 1},
    ),
}


@dataclass
class Run:
    """What came of it. Causes are each interpreter's own words."""

    path: Path
    status: str
    output: Any
    calls: list[Any]


def ours(case: Case) -> Run:
    calls: list[Any] = []
    answers = iter(case.answers)
    loop = Loop()

    class Works:
        def call(self, function: str, payload: Any, done: Callable[[Any], None]) -> None:
            calls.append(payload)
            answer = next(answers)
            loop.after(0.1, lambda: done(answer))

        def update(self, request: Any, done: Callable[[Any], None]) -> None:
            if case.key != "a":
                done(Failure("DynamoDb.ConditionalCheckFailedException"))
                return
            token = request["ExpressionAttributeValues"][":token"]["S"]
            loop.after(0.1, lambda: done({}))
            if case.output is not None:
                loop.after(0.2, lambda: machine.wake(token, case.output))

    machine = Machine(
        {"StartAt": "A", "States": case.states},
        loop,
        Random(1),
        Works(),
        str,
        traces=True,
    )
    execution = machine.start("one", json.dumps(case.begin))
    loop.run(1_000)
    return Run(execution.trace, execution.status, execution.output, calls)


class _Heard:
    def waits(self, state: str, seconds: float) -> None:
        """Nobody waits here."""

    def backs_off(self, seconds: float) -> None:
        """Nor here."""

    def parks(self, request: dict[str, Any]) -> None:
        """It may."""

    def parked(self) -> None:
        """It is."""


def theirs(case: Case) -> Run:
    calls: list[Any] = []
    answers = iter(case.answers)

    def invoke(_self: Any, _name: str, _qualifier: Any, body: Any, _headers: Any, answered: Any) -> bytes:
        calls.append(json.loads(body or "{}"))
        answer = next(answers)
        if isinstance(answer, Failure):
            answered["x-amz-function-error"] = "Unhandled"
            answer = {"errorType": answer.error, "errorMessage": "?"}
        return json.dumps(answer).encode()

    with (
        mock_aws(config={"stepfunctions": {"execute_state_machine": True}}),
        patch("moto.awslambda.models.LambdaBackend.invoke", invoke),
        interpreter(_Heard()),
    ):
        sfn, dynamodb = boto3.client("stepfunctions"), boto3.client("dynamodb")
        table.create(dynamodb, "earshot")
        dynamodb.put_item(TableName="earshot", Item={"pk": {"S": "a"}, "sk": {"S": "x"}})
        made = sfn.create_state_machine(
            name="Small",
            definition=json.dumps({"StartAt": "A", "States": case.states}),
            roleArn="arn:aws:iam::123456789012:role/none",
        )
        arn = sfn.start_execution(
            stateMachineArn=made["stateMachineArn"], name="one", input=json.dumps(case.begin)
        )["executionArn"]
        woken = False
        for _ in _patience():
            if sfn.describe_execution(executionArn=arn)["status"] != "RUNNING":
                break
            item = dynamodb.get_item(TableName="earshot", Key={"pk": {"S": "a"}, "sk": {"S": "x"}})["Item"]
            if case.output is not None and "task_token" in item and not woken:
                woken = True
                sfn.send_task_success(taskToken=item["task_token"]["S"], output=json.dumps(case.output))
        described = sfn.describe_execution(executionArn=arn)
        history = sfn.get_execution_history(executionArn=arn)["events"]
    entered = [e["stateEnteredEventDetails"] for e in history if "stateEnteredEventDetails" in e]
    path: Path = [(one["name"], json.loads(one["input"])) for one in entered]
    return Run(path, described["status"], json.loads(described.get("output", "null")), calls)


def _patience() -> Iterator[None]:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        yield
        threading.Event().wait(0.02)


@pytest.mark.parametrize("name", CASES)
def test_the_same_states_with_the_same_data(name: str) -> None:
    mine, other = ours(CASES[name]), theirs(CASES[name])
    assert [state for state, _ in mine.path] == [state for state, _ in other.path]
    assert _without_causes(mine.path) == _without_causes(other.path)
    assert (mine.status, _without_causes(mine.output)) == (other.status, _without_causes(other.output))
    assert mine.calls == other.calls


def _without_causes(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _without_causes(value) for name, value in node.items() if name != "Cause"}
    return [_without_causes(value) for value in node] if isinstance(node, list | tuple) else node
