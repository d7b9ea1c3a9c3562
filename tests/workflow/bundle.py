"""The bundle in one process: the real machine on moto's interpreter, the real handlers behind it, doubles beyond.

What AWS does between the parts is done here by hand and in the open: the stream is pumped, callbacks are
delivered as API events, a Lambda error becomes the payload that a state machine sees.
"""

import json
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import replace
from io import StringIO
from typing import Any
from unittest.mock import patch

import boto3
from earshot import http_client, telemetry, wiring
from earshot.clock import iso
from earshot.domain.watch import Signal, SignalName
from earshot.store.dynamo.store import DynamoStore
from moto import mock_aws
from moto.dynamodb.models import dynamodb_backends

from tests.workflow import deployment
from tests.workflow.disturbed import Disturbed
from tests.workflow.doorstep import Doorstep
from tests.workflow.interpreter import interpreter
from tests.workflow.looking import Looking
from tests.workflow.runtime import answer_to, as_lambda_sees, state_of
from tests.workflow.wire import Clock, Doubles, Wire

RETRY: dict[str, float] = {"base_s": 0, "cap_s": 0, "max_attempts": 5}
QUICK: dict[str, Any] = {"retry": RETRY, "settle_s": 0}


class Bundle(Disturbed, Looking, Doorstep):
    """See the module."""

    def __init__(self, doubles: Doubles, machine: deployment.Definition) -> None:
        super().__init__()
        self.doubles, self.machine = doubles, machine
        self.events: list[dict[str, Any]] = []
        self.room_events: deque[dict[str, Any]] = deque()
        self.reconciles = False
        self.polls = False
        self.asks = False
        self.records: list[dict[str, Any]] = []
        self.output = StringIO()
        self._lock = threading.RLock()

    def build(self, plan: dict[str, Any], secrets: dict[str, Any] | None) -> None:
        """Deploy and load."""
        deployment.deploy(self.machine, plan, secrets)
        self.modules = deployment.load()
        self.sfn, self.table_client = boto3.client("stepfunctions"), boto3.client("dynamodb")
        self.sqs = boto3.client("sqs")
        self.store = DynamoStore(
            self.table_client, "earshot", lambda: self.doubles.clock.time_ns() // 1_000_000
        )

    def look(self) -> None:
        """A parked watch's time-out by the virtual clock, which the interpreter does not know."""
        for watch in self.watches():
            self.store.signal(watch.watch_id, Signal(uuid.uuid4().hex, SignalName.STRAY_TASK, 0, "look"))
        self.pump()
        self.wait_quiet()

    # what AWS does

    def invoke(self, function: str, payload: Any) -> tuple[Any, bool]:
        """(answer, failed), an exception being answered as Lambda answers it."""
        try:
            self._disturb(state_of(function, payload))
            return self.modules[function].handler(payload, None), False
        except BaseException as error:  # exactly what the Lambda runtime does
            return answer_to(error, self.output), True

    def lambda_backend(self, function: str, body: Any, headers: dict[str, str]) -> bytes:
        """What the machine's calls arrive at."""
        answer, failed = self.invoke(function.rsplit(":", 1)[-1], json.loads(body or "{}"))
        if failed:
            headers["x-amz-function-error"] = "Unhandled"
        return json.dumps(answer).encode()

    def send(self, kind: str, **detail: Any) -> tuple[Any, bool]:
        """An event on the bus, delivered."""
        known = {"platform": "zego", "app_id": "1234567890", "room_id": "room-1001"}
        known |= {"occurred_at": iso(self.doubles.clock.time_ns() // 1_000_000)}
        event = {
            "id": str(uuid.uuid4()),
            "source": "earshot.rooms",
            "detail-type": kind,
            "detail": known | detail,
        }
        answer = self.invoke("track_room", event)
        self.pump()
        return answer

    def open(self, **detail: Any) -> None:
        """A room opens, and is heard."""
        self.send("RoomOpened", **detail)
        self.wait_quiet()

    def close(self, status: str = "SUCCEEDED", **detail: Any) -> None:
        """The room closes, and the machine comes to its end."""
        self.send("RoomClosed", **detail)
        self.wait_over(status)

    def pump(self) -> None:
        """Hand the stream's new records to the relay until there are none."""
        with self._lock:
            while self.room_events:
                _, failed = self.invoke("track_room", self.room_events.popleft())
                assert not failed, self.output.getvalue()[-3000:]
            while fresh := self._fresh():
                self.records += fresh
                self.relay(fresh)

    def relay(self, records: list[dict[str, Any]]) -> None:
        """Deliver records of the stream as Lambda does: a batch that fails comes again."""
        for _ in range(5):
            answer, failed = self.invoke("relay_changes", {"Records": records})
            if not failed and not answer["batchItemFailures"]:
                return
        raise AssertionError(answer)

    def _fresh(self) -> list[dict[str, Any]]:
        """New records of the table's stream (moto serves none over its API for this version of boto3)."""
        shard = dynamodb_backends[deployment.ACCOUNT][deployment.REGION].tables["earshot"].stream_shard
        assert shard is not None
        seen = len(self.records)
        return [as_lambda_sees(item.to_json()) for item in shard.items[seen : seen + 100]]

    def advance(self, seconds: float, step: float = 1.0) -> None:
        """Let time pass, delivering what the doubles push and, if the test wants it, keeping the schedule."""
        clock = self.doubles.clock
        until = clock.second + seconds
        while clock.second < until:
            clock.second = min(until, clock.second + step)
            for name, push in self.doubles.due():
                self.doubles.took(name, push, self.deliver(push))
            if self.polls:
                self.poll()
            if self.asks:
                self.ask_vendors()
            self.pump()
            if self.reconciles and clock.second // 60 > (clock.second - step) // 60:
                self.reconcile()

    def reconcile(self) -> dict[str, int]:
        """The minute's run."""
        answer, failed = self.invoke("reconcile_rooms", {})
        assert not failed, answer
        self.pump()
        return dict(answer)

    def reconcile_tasks(self) -> dict[str, int]:
        """The other run of the minute."""
        answer, failed = self.invoke("reconcile_tasks", {})
        assert not failed, answer
        self.pump()
        return dict(answer)

    def poll(self) -> int:
        """One fetch from every source, which is what a minute's run does again and again."""
        self._disturb("poll_results")
        clock = self.doubles.clock

        def rest(seconds: float) -> None:
            clock.sleep(seconds if seconds < 1 else 0)

        once = replace(self.modules["poll_results"].poll, rest=rest)
        return int(once(clock.time_ns() // 1_000_000 + 100))

    def ask_vendors(self) -> int:
        """One round over the live tasks, which is what a minute's run does again and again."""
        self._disturb("ask_vendors")
        now = self.doubles.clock.time_ns() // 1_000_000
        once = replace(self.modules["ask_vendors"].ask, rest=lambda _: None)
        return int(once(now + 20))

    def wait(self, done: Callable[[], bool], what: str, patience_s: float = 30) -> None:
        """Pump until something is so; executions run in threads of their own."""
        deadline = time.monotonic() + patience_s
        while not done():
            self.pump()
            if time.monotonic() > deadline:
                raise AssertionError(
                    f"never {what}; so far: {self.log[-80:]}\n{self.output.getvalue()[-6000:]}"
                )
            threading.Event().wait(0.02)
        self.pump()

    def stop(self) -> None:
        """Leave nothing behind that would act in the next test."""
        self.calm()
        for execution in self.executions():
            if execution["status"] == "RUNNING":
                self.sfn.stop_execution(executionArn=execution["executionArn"])


@contextmanager
def _heard(made: Bundle) -> Iterator[None]:
    """Calls to Lambda and events on the bus arrive at the bundle."""

    def put_events(_self: Any, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for event in events:
            kind, source, detail = event["DetailType"], event["Source"], json.loads(event["Detail"])
            if source == "earshot.rooms":
                made.room_events.append({"source": source, "detail-type": kind, "detail": detail})
            else:
                made.events.append({"type": kind, "detail": detail})
        return [{"EventId": str(uuid.uuid4())} for _ in events]

    def invoke(_self: Any, function: str, _qualifier: Any, body: Any, _headers: Any, answer: Any) -> bytes:
        return made.lambda_backend(function, body, answer)

    with (
        patch("moto.awslambda.models.LambdaBackend.invoke", invoke),
        patch("moto.events.models.EventsBackend.put_events", put_events),
    ):
        yield


@contextmanager
def bundle(
    script: dict[str, Any] | None = None,
    plan: dict[str, Any] | None = None,
    *,
    attempts: dict[str, int] | None = None,
    secrets: dict[str, Any] | None = None,
    accounts: dict[str, Any] | None = None,
) -> Iterator[Bundle]:
    """A deployed bundle, torn down afterwards. ``plan`` holds named plans; ``attempts`` see ``definition``;
    ``accounts`` are whom the doubles know, if not the usual ones, and what ``secrets`` are by default."""
    clock = Clock()
    made = Bundle(Doubles(clock, script, accounts), deployment.definition(attempts))

    with ExitStack() as stack:
        stack.enter_context(patch.dict("os.environ", deployment.ENVIRONMENT))
        stack.enter_context(mock_aws(config={"stepfunctions": {"execute_state_machine": True}}))
        stack.enter_context(_heard(made))
        stack.enter_context(patch("earshot.clock.time", clock))
        stack.enter_context(interpreter(made))
        stack.enter_context(redirect_stdout(made.output))
        stack.enter_context(patch.object(telemetry._logger.registered_handler, "stream", made.output))
        _forget()
        http_client._session().mount("http://", Wire(made.doubles))
        stack.enter_context(patch("earshot.vendors.declared.transport.guard"))
        made.build(plan or quick(), secrets or accounts)
        stack.callback(_forget)
        stack.callback(made.stop)
        yield made


def quick(**retry: float) -> dict[str, Any]:
    """The default plan, without back-off unless ``retry`` says otherwise."""
    return {"default": {**QUICK, "retry": {**RETRY, **retry}}}


def _forget() -> None:
    """What Lambda keeps between calls of one function must not pass from one test to the next."""
    for cached in (
        wiring.client,
        wiring._session,
        wiring.store,
        wiring.keyring,
        wiring.limits,
        http_client._session,
    ):
        cached.cache_clear()


__all__ = ["QUICK", "Bundle", "bundle", "quick"]
