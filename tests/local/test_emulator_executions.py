"""What executions and their tokens do when something goes on too long, is stopped, fails, or is deployed over.

As in ``test_emulator_mends.py``: AWS's behaviour on our emulator, its absence on the bare one.
"""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import NOT_ON_BARE
from tests.local.emulator_client import Emulator, eventually, zipped

pytestmark = pytest.mark.emulator
mended = pytest.mark.parametrize("emulator", ["ours", NOT_ON_BARE], indirect=True)

SLOW = "import time\ndef handler(event, context): time.sleep(1.5); return 'old'"
NEW = "def handler(event, context): return 'new'"
COUNTS = """
import boto3, os
def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["SEEN"], MessageBody="1")
    raise ValueError("again")
"""


class Park:
    """The bundle's Watch state on a table of its own, and what a Lambda would do with its token."""

    def __init__(self, emulator: Emulator) -> None:
        self.table, _stream = emulator.table()
        self.emulator, self.states = emulator, emulator.client("stepfunctions")

    def machine(self, **more: Any) -> str:
        """Its three ends are three states."""
        park = {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken",
            "Parameters": {
                "TableName": self.table,
                "Key": {"pk": {"S.$": "$.pk"}},
                "UpdateExpression": "SET task_token = :token",
                "ExpressionAttributeValues": {":token": {"S.$": "$$.Task.Token"}},
            },
            "TimeoutSecondsPath": "$.look_s",
            "HeartbeatSecondsPath": "$.beat_s",
            "ResultPath": None,
            "Catch": [
                {"ErrorEquals": ["States.HeartbeatTimeout"], "Next": "Silent"},
                {"ErrorEquals": ["States.Timeout"], "Next": "Looked"},
            ],
            "Next": "Woken",
        }
        ends = {name: {"Type": "Pass", "Result": name, "End": True} for name in ("Silent", "Looked", "Woken")}
        return self.emulator.machine({"Park": park | more, **ends})

    def start(self, machine: str, pk: str = "watch", look_s: int = 3600, beat_s: int = 1800) -> str:
        return self.emulator.start(machine, {"pk": pk, "look_s": look_s, "beat_s": beat_s})

    def token(self, pk: str = "watch") -> str:
        key = {"TableName": self.table, "Key": {"pk": {"S": pk}}, "ConsistentRead": True}
        dynamodb = self.emulator.client("dynamodb")
        found = eventually(lambda: dynamodb.get_item(**key).get("Item"), self.emulator.patience)
        assert found is not None
        return str(found["task_token"]["S"])

    def refusal(self, token: str, call: str = "send_task_success", **more: Any) -> str | None:
        try:
            getattr(self.states, call)(taskToken=token, **more)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return None

    def end(self, execution: str) -> Any:
        ended = self.emulator.ended(execution)
        assert ended is not None
        return json.loads(ended["output"]) if ended["status"] == "SUCCEEDED" else ended["error"]


@pytest.fixture
def park(emulator: Emulator) -> Park:
    return Park(emulator)


@mended
def test_a_watch_that_is_not_beaten_for_is_silent(park: Park) -> None:
    assert park.end(park.start(park.machine(), look_s=600, beat_s=10)) == "Silent"


@mended
def test_beats_do_not_put_off_the_look_and_leave_no_history(park: Park) -> None:
    execution = park.start(park.machine(), look_s=40, beat_s=20)  # 4 s and 2 s here
    token = park.token()

    def beat() -> str | None:
        time.sleep(0.4)
        return park.refusal(token, "send_task_heartbeat")

    assert eventually(beat, 8) == "TaskTimedOut"
    assert park.end(execution) == "Looked"
    history = park.states.get_execution_history(executionArn=execution, maxResults=100)["events"]
    assert len(history) < 12


@mended
def test_a_token_is_good_for_one_answer_while_its_task_lasts(park: Park) -> None:
    machine = park.machine()
    execution = park.start(machine)
    token = park.token()
    assert park.refusal(token, output="{}") is None
    assert park.refusal(token, output="{}") == "TaskTimedOut"
    assert park.end(execution) == "Woken"
    for call, more in (("send_task_success", {"output": "{}"}), ("send_task_heartbeat", {})):
        assert park.refusal(token, call, **more) == "TaskTimedOut"
        assert park.refusal("made-up", call, **more) == "InvalidToken"


@mended
def test_of_answers_at_the_same_time_one_is_taken(park: Park) -> None:
    machine = park.machine()
    for number in range(5):
        execution = park.start(machine, pk=f"watch-{number}")
        token = park.token(f"watch-{number}")
        with ThreadPoolExecutor(8) as callers:
            answers = [callers.submit(park.refusal, token, output="{}") for _ in range(8)]
            refusals = [answer.result() for answer in answers]
        assert sorted(map(str, refusals)) == ["None", *["TaskTimedOut"] * 7]
        assert park.end(execution) == "Woken"


@mended
def test_stopping_ends_a_parked_execution_for_good(park: Park) -> None:
    execution = park.start(park.machine(), look_s=30, beat_s=25)
    token = park.token()
    park.states.stop_execution(executionArn=execution, error="ES229", cause="replaced")
    assert eventually(lambda: park.refusal(token, output="{}") == "TaskTimedOut", 2)
    time.sleep(4)  # its time-out would have been after 3
    described = park.states.describe_execution(executionArn=execution)
    assert (described["status"], described["error"], described["cause"]) == ("ABORTED", "ES229", "replaced")
    newest = park.states.get_execution_history(executionArn=execution, reverseOrder=True, maxResults=1)
    assert newest["events"][0]["type"] == "ExecutionAborted"


@mended
def test_a_stopped_execution_calls_nobody_any_more(emulator: Emulator) -> None:
    url, _arn = emulator.queue()
    call = {"Type": "Task", "Resource": emulator.function(COUNTS, SEEN=url), "End": True}
    call["Retry"] = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 15, "MaxAttempts": 9}]
    execution = emulator.start(emulator.machine({"Call": call}), {})
    assert emulator.message(url) == 1
    emulator.client("stepfunctions").stop_execution(executionArn=execution)
    assert emulator.message(url, 3) is None


@mended
def test_a_stopped_execution_is_redriven_from_where_it_was(park: Park) -> None:
    machine = park.machine()
    execution = park.start(machine)
    first = park.token()
    park.states.stop_execution(executionArn=execution)
    park.states.update_state_machine(
        stateMachineArn=machine, definition=json.dumps({"StartAt": "X", "States": {"X": {"Type": "Succeed"}}})
    )
    park.states.redrive_execution(executionArn=execution)
    assert eventually(lambda: park.token() != first)
    assert park.refusal(first, output="{}") == "TaskTimedOut"
    assert park.refusal(park.token(), output="{}") is None
    assert park.end(execution) == "Woken"  # by the definition that it began with
    described = park.states.describe_execution(executionArn=execution)
    assert described["redriveCount"] == 1
    with pytest.raises(park.states.exceptions.ExecutionNotRedrivable):
        park.states.redrive_execution(executionArn=execution)


@mended
def test_a_failed_state_gets_its_input_again_when_it_is_redriven(emulator: Emulator) -> None:
    pick = {"Type": "Pass", "Result": {"n": 1, "by": 0}, "Next": "Call"}
    function = emulator.function("def handler(event, context): return event['n'] / event['by']")
    call = {"Type": "Task", "Resource": function, "End": True}
    machine = emulator.machine({"Pick": pick, "Call": call})
    execution = emulator.start(machine, {})
    ended = emulator.ended(execution)
    assert ended is not None
    assert ended["status"] == "FAILED"
    name, body = function.rsplit(":", 1)[1], "def handler(event, context): return [event['n'], event['by']]"
    emulator.client("lambda").update_function_code(FunctionName=name, ZipFile=zipped(body))
    emulator.client("stepfunctions").redrive_execution(executionArn=execution)
    ended = emulator.ended(execution)
    assert ended is not None
    assert (ended["status"], json.loads(ended["output"])) == ("SUCCEEDED", [1, 0])


@mended
def test_a_deployment_lets_running_calls_end(emulator: Emulator) -> None:
    function = emulator.function(SLOW)
    with ThreadPoolExecutor(1) as caller:
        running = caller.submit(emulator.invoke, function, {})
        time.sleep(0.7)
        emulator.client("lambda").update_function_code(
            FunctionName=function.rsplit(":", 1)[1], ZipFile=zipped(NEW)
        )
        assert emulator.invoke(function, {}) == "new"
        assert running.result() == "old"


def test_running_executions_are_listed_by_machine_in_pages(park: Park) -> None:
    machine, other = park.machine(), park.machine()
    running = {park.start(machine, pk=f"watch-{number}") for number in range(5)}
    for execution in (park.start(machine, pk="over"), park.start(other, pk="other")):
        park.states.describe_execution(executionArn=execution)
    assert park.refusal(park.token("over"), output="{}") is None
    pages = park.states.get_paginator("list_executions").paginate(
        stateMachineArn=machine, statusFilter="RUNNING", PaginationConfig={"PageSize": 2}
    )

    def listed() -> bool:
        found = [(e["executionArn"], e["name"]) for page in pages for e in page["executions"]]
        assert all(arn.endswith(":" + name) for arn, name in found)
        return len(found) == 5 and {arn for arn, _name in found} == running

    assert eventually(listed)


def test_a_running_execution_keeps_the_definition_that_it_began_with(park: Park) -> None:
    machine = park.machine()
    running = park.start(machine)
    token = park.token()
    park.states.update_state_machine(
        stateMachineArn=machine, definition=json.dumps({"StartAt": "X", "States": {"X": {"Type": "Succeed"}}})
    )
    new = park.start(machine, pk="new")
    assert park.end(new)["pk"] == "new"
    assert park.refusal(token, output="{}") is None
    assert park.end(running) == "Woken"
