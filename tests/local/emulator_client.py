"""What the emulator's tests need of it: small functions, machines, queues and tables, made through the AWS API."""

from __future__ import annotations

import io
import json
import time
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.stack import client

ROLE = "arn:aws:iam::000000000000:role/any"
PATIENCE = 12.0  # seconds that an effect may take to show

Json = dict[str, Any]


def unique(prefix: str) -> str:
    """A name that no other test has."""
    return f"{prefix}-{uuid.uuid4().hex[:8]}"


def eventually(look: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """The first true value that ``look`` returns; None when the time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if seen := look():
            return seen
        time.sleep(0.05)
    return None


def zipped(source: str) -> bytes:
    """A function's code, of one module ``app``."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("app.py", source)
    return archive.getvalue()


@dataclass(frozen=True)
class Emulator:
    """A running emulator, and how many seconds one should wait for what it is to do."""

    endpoint_url: str
    patience: float = PATIENCE

    def client(self, service: str) -> Any:
        """A boto3 client of it."""
        return client(self.endpoint_url, service)

    def function(self, source: str, **environment: str) -> str:
        """A function of this source with ``handler(event, context)``; returns its ARN."""
        made = self.client("lambda").create_function(
            FunctionName=unique("function"),
            Runtime="python3.13",
            Handler="app.handler",
            Role=ROLE,
            Timeout=20,
            Code={"ZipFile": zipped(source)},
            Environment={"Variables": environment},
        )
        return str(made["FunctionArn"])

    def invoke(self, arn: str, event: Any) -> Any:
        """The function's answer (or its error) to one event."""
        answer = self.client("lambda").invoke(FunctionName=arn, Payload=json.dumps(event))
        return json.loads(answer["Payload"].read())

    def machine(self, states: Json) -> str:
        """A Standard machine that begins with the first of these states; returns its ARN."""
        definition = {"StartAt": next(iter(states)), "States": states}
        made = self.client("stepfunctions").create_state_machine(
            name=unique("machine"), definition=json.dumps(definition), roleArn=ROLE
        )
        return str(made["stateMachineArn"])

    def start(self, machine: str, event: Any, name: str | None = None) -> str:
        """Start an execution; returns its ARN."""
        started = self.client("stepfunctions").start_execution(
            stateMachineArn=machine, name=name or unique("run"), input=json.dumps(event)
        )
        return str(started["executionArn"])

    def ended(self, execution: str, seconds: float | None = None) -> Json | None:
        """The execution once it has ended: status, output, error; None if it still runs after that time."""
        states = self.client("stepfunctions")

        def look() -> Json | None:
            described: Json = states.describe_execution(executionArn=execution)
            return described if described["status"] != "RUNNING" else None

        return eventually(look, seconds or self.patience)  # type: ignore[no-any-return]

    def queue(self) -> tuple[str, str]:
        """A queue: its address and its ARN."""
        name, sqs = unique("queue"), self.client("sqs")
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        return url, f"arn:aws:sqs:us-east-1:000000000000:{name}"

    def message(self, url: str, seconds: float | None = None) -> Any:
        """The next message's body, taken off the queue; None if none comes."""
        sqs = self.client("sqs")
        got = eventually(lambda: sqs.receive_message(QueueUrl=url).get("Messages"), seconds or self.patience)
        if not got:
            return None
        sqs.delete_message(QueueUrl=url, ReceiptHandle=got[0]["ReceiptHandle"])
        return json.loads(got[0]["Body"])

    def table(self, **extra: Any) -> tuple[str, str]:
        """A table with the key ``pk`` and a stream of both images: its name and the stream's ARN."""
        name = unique("table")
        made = self.client("dynamodb").create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            **extra,
        )
        return name, str(made["TableDescription"]["LatestStreamArn"])

    def put(self, table: str, pk: str, **attributes: Json) -> None:
        """Write one item."""
        self.client("dynamodb").put_item(TableName=table, Item={"pk": {"S": pk}, **attributes})

    def follow(self, stream: str, function: str, **wishes: Any) -> None:
        """Let a function follow a table's stream from its beginning."""
        self.client("lambda").create_event_source_mapping(
            EventSourceArn=stream, FunctionName=function, StartingPosition="TRIM_HORIZON", **wishes
        )
