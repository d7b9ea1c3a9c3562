"""The bundle in one process: the real machine on moto's interpreter, the real handlers behind it, doubles beyond.

What AWS does between the parts is done here by hand and in the open: the stream is pumped, callbacks are
delivered as API events, a Lambda error becomes the payload that a state machine sees.
"""

import base64
import importlib.util
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import boto3
from moto import mock_aws
from moto.dynamodb.models import dynamodb_backends

from earshot import http_client, wiring
from earshot.domain import ids
from earshot.store.dynamo.store import DynamoStore
from tests.workflow.wire import SECRETS, SHUMEI_URL, ZEGO_URL, Doubles, Wire

ROOT = Path(__file__).parents[2]
STEPS = ("mint_credential", "submit_stream", "advise_watch", "finish_stream", "close_watch")
FUNCTIONS = (*STEPS, "track_room", "receive_callback", "relay_changes")
REGION = "us-east-1"
ROLE = "arn:aws:iam::123456789012:role/none"
QUICK = {"retry": {"base_s": 0, "cap_s": 0, "max_attempts": 5}, "settle_s": 0}


class Crash(Exception):
    """Lambda was killed: no handler error, no effect after this point."""


class Bundle:
    """See the module."""

    def __init__(self, doubles: Doubles, plan: dict[str, Any] | None = None) -> None:
        self.doubles, self.plan = doubles, plan or {"default": QUICK}
        self.events: list[dict[str, Any]] = []
        self.handlers: dict[str, Callable[[Any, Any], Any]] = {}
        self.step_log: list[str] = []
        self.before: dict[str, Callable[[Any], None]] = {}
        self._lock = threading.RLock()
        self._seen = 0

    # set-up

    def build(self) -> None:
        self.sfn, self.table_client = boto3.client("stepfunctions"), boto3.client("dynamodb")
        self.sqs = boto3.client("sqs")
        self._make_table()
        secrets = boto3.client("secretsmanager")
        secrets.create_secret(Name="settings", SecretString=json.dumps(SECRETS))
        secrets.create_secret(Name="callback-key", SecretString="k" * 64)
        boto3.client("ssm").put_parameter(Name="/plan", Type="String", Value=json.dumps(self.plan))
        boto3.client("events").create_event_bus(Name="earshot")
        self.queue_url = self.sqs.create_queue(QueueName="dead-letters")["QueueUrl"]
        self.machine_arn = self._make_machine()
        self.store = DynamoStore(self.table_client, "earshot", lambda: time.time_ns() // 1_000_000)

    def environment(self) -> dict[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "POWERTOOLS_METRICS_NAMESPACE": "Earshot",
            "POWERTOOLS_SERVICE_NAME": "earshot",
            "TABLE_NAME": "earshot",
            "STATE_MACHINE_ARN": f"arn:aws:states:{REGION}:123456789012:stateMachine:RoomLifecycle",
            "PLAN_PARAMETER": "/plan",
            "DEAD_LETTER_QUEUE_URL": f"https://sqs.{REGION}.amazonaws.com/123456789012/dead-letters",
            "SETTINGS_SECRET": "settings",
            "CALLBACK_KEY_SECRET": "callback-key",
            "CALLBACK_BASE_URL": "https://callbacks.test",
            "ZEGO_BASE_URL": ZEGO_URL,
            "SHUMEI_BASE_URL": SHUMEI_URL,
            "BUS_NAME": "earshot",
        }

    def _make_table(self) -> None:
        self.table_client.create_table(
            TableName="earshot",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )

    def _make_machine(self) -> str:
        text = (ROOT / "functions/room_lifecycle/room_lifecycle.asl.json").read_text()
        for step in STEPS:
            name = "".join(part.title() for part in step.split("_"))
            text = text.replace(f"${{{name}Arn}}", f"arn:aws:lambda:{REGION}:123456789012:function:{step}")
        text = text.replace("${TableName}", "earshot")
        answer = self.sfn.create_state_machine(name="RoomLifecycle", definition=text, roleArn=ROLE)
        return str(answer["stateMachineArn"])

    def load(self) -> None:
        """Import every function as Lambda would: by path, with its environment set."""
        for name in FUNCTIONS:
            spec = importlib.util.spec_from_file_location(f"app_{name}", ROOT / "functions" / name / "app.py")
            assert spec is not None
            assert spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            self.handlers[name] = module.handler

    # what AWS does

    def invoke(self, name: str, payload: Any) -> tuple[Any, bool]:
        """(answer, failed), an exception being answered as Lambda answers it."""
        self.step_log.append(name)
        try:
            if name in self.before:
                self.before[name](payload)
            return self.handlers[name](payload, None), False
        except Crash:
            return {"errorType": "Runtime.ExitError", "errorMessage": "Runtime exited"}, True
        except Exception as error:  # noqa: BLE001 - exactly what the Lambda runtime does
            return {"errorType": type(error).__name__, "errorMessage": str(error), "stackTrace": []}, True

    def lambda_backend(self, function: str, body: Any, headers: dict[str, str]) -> bytes:
        answer, failed = self.invoke(function.rsplit(":", 1)[-1], json.loads(body or "{}"))
        if failed:
            headers["x-amz-function-error"] = "Unhandled"
        return json.dumps(answer).encode()

    def send(self, kind: str, **detail: Any) -> tuple[Any, bool]:
        """An event on the bus, delivered."""
        known = {"platform": "zego", "app_id": "1234567890", "room_id": "room-1001"}
        known |= {"occurred_at": "2026-11-21T02:00:00.123Z"}
        event = {"id": str(uuid.uuid4()), "source": "earshot.rooms", "detail-type": kind, "detail": known | detail}
        answer = self.invoke("track_room", event)
        self.pump()
        return answer

    def pump(self) -> None:
        """Hand the stream's new records to the relay until there are none."""
        with self._lock:
            while records := self._records():
                answer, failed = self.invoke("relay_changes", {"Records": records})
                if failed or answer["batchItemFailures"]:
                    raise AssertionError(answer)

    def _records(self) -> list[dict[str, Any]]:
        """New records of the table's stream (moto serves none over its API for this version of boto3)."""
        items = dynamodb_backends["123456789012"][REGION].tables["earshot"].stream_shard.items
        fresh = items[self._seen : self._seen + 100]
        self._seen += len(fresh)
        return [_as_lambda_sees(item.to_json()) for item in fresh]

    def advance(self, seconds: float, step: float = 1.0) -> None:
        """Let the doubles' time pass, delivering what they push."""
        until = self.doubles.second + seconds
        while self.doubles.second < until:
            self.doubles.second = min(until, self.doubles.second + step)
            for push in self.doubles.shumei.advance(self.doubles.now()):
                status = self.post(push.url, push.body.encode())["statusCode"]
                self.doubles.shumei.push_result(push, status, self.doubles.now())
            self.pump()

    def post(self, url: str, body: bytes, **extra: Any) -> dict[str, Any]:
        """A POST as API Gateway hands it over."""
        _, _, vendor, task_ref, mac = urlsplit(url).path.split("/")
        path = {"vendor": vendor, "task_ref": task_ref, "mac": mac}
        event = {"pathParameters": path, "body": base64.b64encode(body).decode(), "isBase64Encoded": True}
        answer, failed = self.invoke("receive_callback", event | extra)
        assert not failed, answer
        return dict(answer)

    # looking

    def wait(self, done: Callable[[], bool], what: str, patience_s: float = 20) -> None:
        """Pump until something is so; executions run in threads of their own."""
        deadline = time.monotonic() + patience_s
        while not done():
            self.pump()
            if time.monotonic() > deadline:
                raise AssertionError(f"never: {what}; steps: {self.step_log}")
            threading.Event().wait(0.02)
        self.pump()

    def executions(self) -> list[dict[str, Any]]:
        return [dict(e) for e in self.sfn.list_executions(stateMachineArn=self.machine_arn)["executions"]]

    def wait_parked(self) -> None:
        self.wait(lambda: all("task_token" in item for item in self.items("watch")), "parked")

    def wait_over(self, status: str = "SUCCEEDED") -> None:
        self.wait(lambda: all(e["status"] != "RUNNING" for e in self.executions()), "over")
        assert [e["status"] for e in self.executions()] == [status] * len(self.executions())

    def items(self, kind: str) -> list[dict[str, Any]]:
        found = self.table_client.scan(TableName="earshot", ConsistentRead=True)["Items"]
        return [item for item in found if item.get("kind", {}).get("S") == kind]

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [event["detail"] for event in self.events if event["type"] == kind]

    def watch_id(self) -> str:
        return str(self.items("watch")[0]["watch_id"]["S"])

    def task_refs(self) -> list[str]:
        tasks = self.store.tasks(self.watch_id())
        return [task.task_ref for task in tasks if ids.watch_of(task.task_ref)]

    def dead_letters(self) -> list[dict[str, Any]]:
        answer = self.sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


def _as_lambda_sees(record: Any) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        return base64.b64encode(value).decode() if isinstance(value, bytes) else value

    images = {
        name: {key: {k: plain(v) for k, v in attribute.items()} for key, attribute in image.items()}
        for name, image in record["dynamodb"].items()
        if name.endswith("Image")
    }
    sequence = str(record["dynamodb"]["SequenceNumber"])
    return {"eventName": record["eventName"], "dynamodb": {**images, "SequenceNumber": sequence}}


@contextmanager
def bundle(script: dict[str, Any] | None = None, plan: dict[str, Any] | None = None) -> Iterator[Bundle]:
    """A deployed bundle, torn down afterwards."""
    made = Bundle(Doubles(script), plan)

    def put_events(_self: Any, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        made.events += [{"type": e["DetailType"], "detail": json.loads(e["Detail"])} for e in events]
        return [{"EventId": str(uuid.uuid4())} for _ in events]

    def invoke(_self: Any, function: str, _qualifier: Any, body: Any, _headers: Any, answer: Any) -> bytes:
        return made.lambda_backend(function, body, answer)

    with ExitStack() as stack:
        stack.enter_context(patch.dict("os.environ", made.environment()))
        stack.enter_context(mock_aws(config={"stepfunctions": {"execute_state_machine": True}}))
        stack.enter_context(patch("moto.awslambda.models.LambdaBackend.invoke", invoke))
        stack.enter_context(patch("moto.events.models.EventsBackend.put_events", put_events))
        for cached in (wiring.client, wiring._session, wiring.store, wiring._keyring, http_client._session):
            cached.cache_clear()
        http_client._session().mount("http://", Wire(made.doubles))
        made.build()
        made.load()
        yield made
        for execution in made.executions():
            if execution["status"] == "RUNNING":
                made.sfn.stop_execution(executionArn=execution["executionArn"])
        http_client._session.cache_clear()
