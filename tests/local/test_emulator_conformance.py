"""What the bundle relies on, shown on a running emulator; and where it differs from AWS, as strict expected fails.

An expected fail that passes is an emulator that caught up: take the mark away, and the work-around with it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import urllib.request
from typing import Any

import pytest

from tests.local.conftest import GAP
from tests.local.emulator_client import Emulator, eventually, unique

pytestmark = pytest.mark.emulator

ECHO = """
import base64, hashlib, json
def handler(event, context):
    body = event.pop("body", "")
    raw = base64.b64decode(body) if event["isBase64Encoded"] else body.encode()
    facts = {"sha256": hashlib.sha256(raw).hexdigest(), "event": event}
    return {"statusCode": 200, "body": json.dumps(facts)}
"""
TELLS = """
import boto3, json, os
def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["SEEN"], MessageBody=json.dumps(event))
"""
RAISES = "def handler(event, context): raise ValueError('no')"

SAM_API = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: "def handler(event, context): return {'statusCode': 200, 'body': 'here'}"
      Events:
        Api: {Type: HttpApi, Properties: {Path: /here, Method: GET}}
"""


def parked(table: str) -> dict[str, Any]:
    """The bundle's Watch state, on a table with one key."""
    park = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken",
        "Parameters": {
            "TableName": table,
            "Key": {"pk": {"S": "watch"}},
            "UpdateExpression": "SET task_token = :token",
            "ConditionExpression": "attribute_not_exists(signal_id)",
            "ExpressionAttributeValues": {":token": {"S.$": "$$.Task.Token"}},
        },
        "Catch": [{"ErrorEquals": ["DynamoDb.ConditionalCheckFailedException"], "Next": "Refused"}],
        "Next": "Woken",
    }
    return {"Park": park, "Refused": {"Type": "Fail", "Error": "Refused"}, "Woken": {"Type": "Succeed"}}


def invoke_url(emulator: Emulator, function: str) -> str:
    """An HTTP API with one route that leads to the function; its address."""
    gateway = emulator.client("apigatewayv2")
    api = gateway.create_api(Name=unique("api"), ProtocolType="HTTP")["ApiId"]
    gateway.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
    integration = gateway.create_integration(
        ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=function, PayloadFormatVersion="2.0"
    )["IntegrationId"]
    gateway.create_route(ApiId=api, RouteKey="POST /callbacks/{vendor}", Target=f"integrations/{integration}")
    return f"{emulator.endpoint_url}/_aws/execute-api/{api}"


# --- relied on --------------------------------------------------------------------------------------------------


def test_of_sixteen_conditional_writes_one_wins(emulator: Emulator) -> None:
    table, _stream = emulator.table()
    dynamodb, wins, gate = emulator.client("dynamodb"), [], threading.Barrier(16)

    def claim(claimant: int, race: int) -> None:
        item = {"pk": {"S": f"session-{race}"}, "claimant": {"N": str(claimant)}}
        gate.wait()
        try:
            dynamodb.put_item(TableName=table, Item=item, ConditionExpression="attribute_not_exists(pk)")
            wins.append(race)
        except dynamodb.exceptions.ConditionalCheckFailedException:
            pass

    for race in range(20):
        claimants = [threading.Thread(target=claim, args=(n, race)) for n in range(16)]
        for claimant in claimants:
            claimant.start()
        for claimant in claimants:
            claimant.join()
    assert sorted(wins) == list(range(20))


def test_a_parked_watch_is_woken_by_its_token_once(emulator: Emulator) -> None:
    table, _stream = emulator.table()
    execution = emulator.start(emulator.machine(parked(table)), {})
    dynamodb, states = emulator.client("dynamodb"), emulator.client("stepfunctions")
    key = {"TableName": table, "Key": {"pk": {"S": "watch"}}, "ConsistentRead": True}
    token = eventually(lambda: dynamodb.get_item(**key).get("Item", {}).get("task_token"))["S"]
    states.send_task_success(taskToken=token, output="{}")
    ended = emulator.ended(execution)
    assert ended is not None
    assert ended["status"] == "SUCCEEDED"
    with pytest.raises(states.exceptions.TaskTimedOut):
        states.send_task_success(taskToken=token, output="{}")


def test_a_watch_with_a_pending_signal_does_not_park(emulator: Emulator) -> None:
    table, _stream = emulator.table()
    emulator.put(table, "watch", signal_id={"S": "closed"})
    ended = emulator.ended(emulator.start(emulator.machine(parked(table)), {}))
    assert ended is not None
    assert ended["error"] == "Refused"


def test_a_stream_tells_both_images_and_keeps_to_the_filter(emulator: Emulator) -> None:
    seen, (table, stream) = emulator.queue()[0], emulator.table()
    pattern = {"dynamodb": {"NewImage": {"kind": {"S": ["segment"]}}}}
    criteria = {"Filters": [{"Pattern": json.dumps(pattern)}]}
    emulator.put(table, "a", kind={"S": "other"})
    emulator.put(table, "b", kind={"S": "segment"}, raw={"B": b"\x00\xff"})
    emulator.put(table, "b", kind={"S": "segment"}, raw={"B": b"\x01"})
    emulator.follow(stream, emulator.function(TELLS, SEEN=seen), BatchSize=10, FilterCriteria=criteria)
    records = emulator.message(seen)["Records"]
    assert [record["eventName"] for record in records] == ["INSERT", "MODIFY"]
    assert records[1]["dynamodb"]["OldImage"]["raw"] == {"B": base64.b64encode(b"\x00\xff").decode()}
    assert records[1]["dynamodb"]["NewImage"]["raw"] == {"B": base64.b64encode(b"\x01").decode()}


def test_a_bus_hands_an_event_to_a_function(emulator: Emulator) -> None:
    events, bus, seen = emulator.client("events"), unique("bus"), emulator.queue()[0]
    events.create_event_bus(Name=bus)
    events.put_rule(Name="rooms", EventBusName=bus, EventPattern=json.dumps({"source": ["earshot.rooms"]}))
    target = {"Id": "function", "Arn": emulator.function(TELLS, SEEN=seen)}
    events.put_targets(Rule="rooms", EventBusName=bus, Targets=[target])
    entry = {"EventBusName": bus, "Source": "earshot.rooms", "DetailType": "RoomOpened"}
    entry["Detail"] = '{"room_id": "r"}'
    events.put_events(Entries=[entry | {"Source": "another"}, entry])
    told = emulator.message(seen)
    assert (told["detail-type"], told["detail"]) == ("RoomOpened", {"room_id": "r"})


@pytest.mark.parametrize("content_type", ["application/json", "application/octet-stream", None])
def test_a_body_of_two_megabytes_reaches_the_function_as_it_was_sent(
    emulator: Emulator, content_type: str | None
) -> None:
    body = json.dumps({"text": "听" * 700_000}, ensure_ascii=False).encode()
    url = invoke_url(emulator, emulator.function(ECHO)) + "/callbacks/shumei"
    headers = {"Content-Type": content_type or ""}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers, method="POST")) as answer:
        facts = json.load(answer)
    assert facts["sha256"] == hashlib.sha256(body).hexdigest()
    assert facts["event"]["rawPath"] == "/callbacks/shumei"
    assert facts["event"]["pathParameters"] == {"vendor": "shumei"}
    assert facts["event"]["isBase64Encoded"] is (content_type != "application/json")


# --- differs from AWS -------------------------------------------------------------------------------------------


@GAP
def test_an_http_api_of_a_template_has_routes(emulator: Emulator) -> None:
    formation, name = emulator.client("cloudformation"), unique("stack")
    formation.create_stack(StackName=name, TemplateBody=SAM_API, Capabilities=["CAPABILITY_AUTO_EXPAND"])
    formation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    resources = formation.describe_stack_resources(StackName=name)["StackResources"]
    api = next(r["PhysicalResourceId"] for r in resources if r["ResourceType"] == "AWS::ApiGatewayV2::Api")
    assert emulator.client("apigatewayv2").get_routes(ApiId=api)["Items"]


@GAP
def test_a_function_that_raises_fails_the_task_that_waits_for_its_token(emulator: Emulator) -> None:
    call = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters": {"FunctionName": emulator.function(RAISES), "Payload": {"token.$": "$$.Task.Token"}},
        "End": True,
    }
    ended = emulator.ended(emulator.start(emulator.machine({"Call": call}), {}), 2)
    assert ended is not None
    assert ended["error"] == "ValueError"


@GAP
def test_a_secret_without_a_value_has_none(emulator: Emulator) -> None:
    name, secrets = unique("secret"), emulator.client("secretsmanager")
    resource = {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": name}}
    template = json.dumps({"Resources": {"Secret": resource}})
    formation = emulator.client("cloudformation")
    formation.create_stack(StackName=name, TemplateBody=template)
    formation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    with pytest.raises(secrets.exceptions.ResourceNotFoundException):
        secrets.get_secret_value(SecretId=name)
