"""Every mend of ``local/emulator``: AWS's behaviour on our emulator, its absence on the bare one.

A test that begins to pass on the bare emulator fails here (strict): the gap is closed, the mend can go.
"""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.local.conftest import NOT_ON_BARE
from tests.local.emulator_client import Emulator, eventually, unique

pytestmark = [
    pytest.mark.emulator,
    pytest.mark.parametrize("emulator", ["ours", NOT_ON_BARE], indirect=True),
]

RAISES = """
import os
class BudgetExhausted(Exception): pass
def handler(event, context):
    if event.get("raise"):
        raise BudgetExhausted("come back later")
    return os.getpid()
"""

DAWDLES = "import os, time\ndef handler(event, context): time.sleep(0.2); return os.getpid()"

SLEEPS = """
import time
def handler(event, context):
    began = time.time()
    time.sleep(2)
    slept = time.time()
    sum(range(200_000))
    return [began, slept - began, time.time() - slept]
"""

# Tells a queue which records it was given, and fails on those whose key begins with "bad".
FOLLOWS = """
import boto3, json, os
sqs = boto3.client("sqs")
def handler(event, context):
    keys = {r["dynamodb"]["SequenceNumber"]: r["dynamodb"]["Keys"]["pk"]["S"] for r in event["Records"]}
    sqs.send_message(QueueUrl=os.environ["SEEN"], MessageBody=json.dumps(list(keys.values())))
    return {"batchItemFailures": [{"itemIdentifier": n} for n, key in keys.items() if key.startswith("bad")]}
"""


def parked(**deadlines: Any) -> dict[str, Any]:
    """A machine that parks on a task token which nobody will ever return."""
    wait = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl.$": "$.queue", "MessageBody.$": "$$.Task.Token"},
        "End": True,
    }
    return {"Park": wait | deadlines}


def test_a_raised_exception_names_its_class(emulator: Emulator) -> None:
    answer = emulator.invoke(emulator.function(RAISES), {"raise": True})
    assert answer["errorType"] == "BudgetExhausted"
    assert answer["errorMessage"] == "come back later"
    assert any("come back later" in line for line in answer["stackTrace"])


def test_the_process_lives_on_after_an_exception(emulator: Emulator) -> None:
    function = emulator.function(RAISES)
    before = emulator.invoke(function, {})
    emulator.invoke(function, {"raise": True})
    assert emulator.invoke(function, {}) == before


def test_a_function_has_a_bounded_number_of_processes_and_serves_everybody(emulator: Emulator) -> None:
    function = emulator.function(DAWDLES)
    with ThreadPoolExecutor(24) as callers:
        answers = list(callers.map(lambda _: emulator.invoke(function, {}), range(24)))
    assert all(isinstance(answer, int) for answer in answers)
    assert len(set(answers)) <= 8


def test_a_quiet_function_answers_at_once(emulator: Emulator) -> None:
    function = emulator.function("def handler(event, context): return 1")
    emulator.invoke(function, {})
    taken = []
    for _ in range(10):
        began = time.monotonic()
        emulator.invoke(function, {})
        taken.append(time.monotonic() - began)
    assert min(taken) < 0.04


def test_a_machine_catches_the_exception_by_its_class(emulator: Emulator) -> None:
    call = {"Type": "Task", "Resource": emulator.function(RAISES), "End": True}
    catch = [{"ErrorEquals": ["BudgetExhausted"], "ResultPath": "$.caught", "Next": "Caught"}]
    machine = emulator.machine({"Call": call | {"Catch": catch}, "Caught": {"Type": "Succeed"}})
    ended = emulator.ended(emulator.start(machine, {"raise": True}))
    assert ended is not None
    assert ended["status"] == "SUCCEEDED"
    assert json.loads(ended["output"])["caught"]["Error"] == "BudgetExhausted"


def test_a_parked_task_times_out_by_its_input(emulator: Emulator) -> None:
    machine = emulator.machine(parked(TimeoutSecondsPath="$.seconds"))
    ended = emulator.ended(emulator.start(machine, {"queue": emulator.queue()[0], "seconds": 5}))
    assert ended is not None
    assert ended["error"] == "States.Timeout"


def test_a_parked_task_fails_without_a_heartbeat(emulator: Emulator) -> None:
    machine = emulator.machine(parked(TimeoutSeconds=300, HeartbeatSecondsPath="$.seconds"))
    execution = emulator.start(machine, {"queue": emulator.queue()[0], "seconds": 5})
    ended = emulator.ended(execution)
    assert ended is not None
    assert ended["error"] == "States.HeartbeatTimeout"


def test_a_heartbeat_keeps_a_parked_task_alive(emulator: Emulator) -> None:
    url, _arn = emulator.queue()
    execution = emulator.start(emulator.machine(parked(HeartbeatSeconds=20)), {"queue": url})
    states, sqs = emulator.client("stepfunctions"), emulator.client("sqs")
    token = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"][0]["Body"]
    for _ in range(6):  # 3 s; without them it would end after 2
        states.send_task_heartbeat(taskToken=token)
        time.sleep(0.5)
    assert states.describe_execution(executionArn=execution)["status"] == "RUNNING"
    ended = emulator.ended(execution)
    assert ended is not None
    assert ended["error"] == "States.HeartbeatTimeout"


def test_a_retry_waits_no_longer_than_its_longest_delay(emulator: Emulator) -> None:
    retry = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 60, "BackoffRate": 10, "MaxAttempts": 4}
    call = {"Type": "Task", "Resource": emulator.function(RAISES), "End": True}
    call["Retry"] = [retry | {"MaxDelaySeconds": 2}]
    assert emulator.ended(emulator.start(emulator.machine({"Call": call}), {"raise": True})) is not None


def test_an_event_that_a_function_fails_on_reaches_its_destination(emulator: Emulator) -> None:
    function, (url, arn) = emulator.function(RAISES), emulator.queue()
    emulator.client("lambda").put_function_event_invoke_config(
        FunctionName=function, MaximumRetryAttempts=1, DestinationConfig={"OnFailure": {"Destination": arn}}
    )
    bus = emulator.client("events")
    bus.put_rule(Name="rooms", EventPattern=json.dumps({"source": ["earshot.rooms"]}))
    bus.put_targets(Rule="rooms", Targets=[{"Id": "function", "Arn": function}])
    entry = {"Source": "earshot.rooms", "DetailType": "RoomOpened"}
    bus.put_events(Entries=[entry | {"Detail": "{}"}])
    assert emulator.message(url, 1) is None  # this event has no "raise" at its top: nothing fails
    bus.put_targets(Rule="rooms", Targets=[{"Id": "function", "Arn": function, "InputPath": "$.detail"}])
    bus.put_events(Entries=[entry | {"Detail": '{"raise": true}'}])
    failed = emulator.message(url)
    assert failed is not None
    assert failed["requestPayload"] == {"raise": True}
    assert failed["responsePayload"]["errorType"] == "BudgetExhausted"


def test_starting_a_running_execution_again_answers_with_it(emulator: Emulator) -> None:
    machine, event = emulator.machine(parked()), {"queue": emulator.queue()[0]}
    first = emulator.start(machine, event, "same")
    assert emulator.start(machine, event, "same") == first
    with pytest.raises(emulator.client("stepfunctions").exceptions.ExecutionAlreadyExists):
        emulator.start(machine, {"queue": "another"}, "same")


def test_failed_records_of_a_stream_come_again_and_then_reach_the_destination(emulator: Emulator) -> None:
    seen, (failures, failures_arn) = emulator.queue()[0], emulator.queue()
    table, stream = emulator.table()
    for key in ("good", "bad", "after"):
        emulator.put(table, key)
    emulator.follow(
        stream,
        emulator.function(FOLLOWS, SEEN=seen),
        BatchSize=10,
        MaximumRetryAttempts=1,
        FunctionResponseTypes=["ReportBatchItemFailures"],
        DestinationConfig={"OnFailure": {"Destination": failures_arn}},
    )
    assert emulator.message(seen) == ["good", "bad", "after"]
    assert emulator.message(seen) == ["bad", "after"]
    given_up = emulator.message(failures)
    assert given_up["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert given_up["DDBStreamBatchInfo"]["batchSize"] == 2


def test_an_alarm_over_metric_math_is_deployed(emulator: Emulator) -> None:
    metric = {"MetricStat": {"Metric": {"Namespace": "N", "MetricName": "M"}, "Period": 60, "Stat": "Sum"}}
    queries = [{"Id": "sum", "Expression": "m + 0"}, {"Id": "m", "ReturnData": False, **metric}]
    rule = {"EvaluationPeriods": 1, "Threshold": 1, "ComparisonOperator": "GreaterThanOrEqualToThreshold"}
    alarm = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Metrics": queries, **rule}}
    formation, name = emulator.client("cloudformation"), unique("stack")
    formation.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": {"Alarm": alarm}}))

    def settled() -> str | None:
        status: str = formation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        return None if status.endswith("IN_PROGRESS") else status

    assert eventually(settled) == "CREATE_COMPLETE"


def test_a_function_has_the_scaled_clock_and_its_calls_take_what_they_take(emulator: Emulator) -> None:
    origin = time.time() - 100
    clock = {"EARSHOT_CLOCK_ORIGIN": str(origin), "EARSHOT_CLOCK_SCALE": "1000"}
    function = emulator.function(SLEEPS, **clock)
    for _ in range(2):
        asked = (time.time() - origin) * 1000
        began, slept, worked = emulator.invoke(function, {})
        assert asked <= began - origin <= (time.time() - origin) * 1000
        assert 2 <= slept < 300
        assert worked < 5
