"""moto's interpreter, with time taken out of it: waits and back-off are counted, not waited for.

Three more things are mended so that many tests can run: the table takes one call at a time (a real one does;
moto's transactions restore a copy of the table when they fail, of which only what they touch is copied here, and its
queries sort the whole table, where one partition will do), what is parsed once is not parsed again, and the call that
parks an execution can be made to fail. A missing heartbeat is called what AWS calls it, and an answer that comes
before the interpreter listens for heartbeats is heard.
"""

import copy
import inspect
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any, Protocol
from unittest.mock import patch

from botocore.exceptions import ClientError
from botocore.loaders import Loader, create_loader
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.eval.callback.callback import (
    CallbackEndpoint,
    HeartbeatEndpoint,
    HeartbeatTimeoutError,
)
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.utils.boto_client import boto_client_for

ASL = "moto.stepfunctions.parser.asl"
TASKS = f"{ASL}.component.state.exec.state_task"
CALLBACK = f"{TASKS}.service.state_task_service_callback.StateTaskServiceCallback"
_parse: Callable[[str], Any] = cache(AmazonStateLanguageParser.parse)


class Heard(Protocol):
    """What the interpreter tells."""

    def waits(self, state: str, seconds: float) -> None:
        """A Wait state is entered."""

    def backs_off(self, seconds: float) -> None:
        """A Retry is about to be made."""

    def parks(self, request: dict[str, Any]) -> None:
        """The Watch state is about to write its token; what is raised here is the table's answer."""

    def parked(self) -> None:
        """The token is in the table; the interpreter does not listen yet."""


def aws_error(name: str) -> ClientError:
    """An error of a service as an SDK integration names it: the class name counts."""
    answer: Any = {"Error": {"Code": name, "Message": name}}
    answer["ResponseMetadata"] = {"HTTPStatusCode": 400, "RequestId": "r"}
    error: ClientError = type(name, (ClientError,), {})(answer, "UpdateItem")
    return error


@cache
def _loader() -> Loader:
    return create_loader()


class _Parking:
    """The DynamoDB client of the Watch state."""

    def __init__(self, client: Any, heard: Heard) -> None:
        self._client, self._heard = client, heard

    def update_item(self, **request: Any) -> Any:
        self._heard.parks(request)
        answer = self._client.update_item(**request)
        self._heard.parked()
        return answer


class _BackOff:
    """Stands for the ``time`` module where the interpreter sleeps between tries."""

    def __init__(self, heard: Heard) -> None:
        self.sleep = heard.backs_off


def _wait(heard: Heard) -> Callable[..., None]:
    return lambda _function, env, wait_seconds: heard.waits(env.next_state_name, wait_seconds)


class _Copying:
    """Stands for the ``copy`` module in moto's transactions: a table's untouched partitions are shared."""

    def __init__(self) -> None:
        self.touched: set[str] = set()

    def watch(self, transact: Callable[..., Any]) -> Callable[..., Any]:
        def transacting(backend: Any, actions: list[dict[str, Any]]) -> Any:
            bodies = [body for action in actions for body in action.values()]
            self.touched = {(body.get("Item") or body["Key"])["pk"]["S"] for body in bodies}
            return transact(backend, actions)

        return transacting

    def deepcopy(self, what: Any) -> Any:
        if not isinstance(what, Table):
            return copy.deepcopy(what)
        snapshot = copy.copy(what)
        snapshot.items = copy.copy(what.items)
        for partition, records in what.items.items():
            if partition.value in self.touched:
                snapshot.items[partition] = copy.deepcopy(records)
        snapshot.stream_shard = copy.copy(what.stream_shard)
        if snapshot.stream_shard is not None and what.stream_shard is not None:
            snapshot.stream_shard.items = list(what.stream_shard.items)
        return snapshot


class _Partitions:
    """A table's query that looks at its own partition."""

    def __init__(self) -> None:
        self._query, self._all_items = Table.query, Table.all_items
        self._asked: DynamoType | None = None

    def query(self, *args: Any, **named: Any) -> Any:
        asked = inspect.signature(self._query).bind(*args, **named).arguments
        self._asked = None if asked.get("index_name") else asked["hash_key"]
        try:
            return self._query(*args, **named)
        finally:
            self._asked = None

    def all_items(self, table: Table) -> list[Any]:
        if self._asked is None:
            return self._all_items(table)
        return sorted(table.items.get(self._asked, {}).values(), key=lambda item: item.range_key)


def _heartbeats(real: Callable[..., FailureEvent]) -> Callable[..., FailureEvent]:
    """moto calls every time-out States.Timeout."""

    def from_error(state: Any, env: Any, ex: Exception) -> FailureEvent:
        event = real(state, env=env, ex=ex)
        if not isinstance(ex, HeartbeatTimeoutError):
            return event
        name = StatesErrorName(typ=StatesErrorNameType.StatesHeartbeatTimeout)
        details: Any = copy.deepcopy(event.event_details)
        details["taskTimedOutEventDetails"]["error"] = name.error_name
        return FailureEvent(env=env, error_name=name, event_type=event.event_type, event_details=details)

    return from_error


def _early(real: Callable[..., HeartbeatEndpoint]) -> Callable[..., HeartbeatEndpoint]:
    """moto sets its heartbeats up after the call that gives the token away: an answer in between woke nobody."""

    def setup(endpoint: CallbackEndpoint, heartbeat_seconds: int) -> HeartbeatEndpoint:
        heartbeat = real(endpoint, heartbeat_seconds)
        if endpoint.get_outcome() is not None:
            heartbeat.notify()  # type: ignore[no-untyped-call]
        return heartbeat

    return setup


@contextmanager
def interpreter(heard: Heard) -> Iterator[None]:
    """Inside ``mock_aws``: the interpreter as the module says."""
    one_at_a_time = threading.RLock()
    call_action: Any = DynamoHandler.call_action
    client = cache(boto_client_for)

    def serialised(self: Any) -> Any:
        with one_at_a_time:
            return call_action(self)

    def parking(service: str, region: str, **_: Any) -> Any:
        return _Parking(client(region=region, service=service), heard)

    def invoking(service: str, region: str, **_: Any) -> Any:
        return client(region=region, service=service)

    copying, partitions = _Copying(), _Partitions()

    def querying(table: Table, *args: Any, **named: Any) -> Any:
        return partitions.query(table, *args, **named)

    def listing(table: Table) -> Any:
        return partitions.all_items(table)

    with ExitStack() as stack:
        for target, stand_in in (
            ("moto.dynamodb.models.copy", copying),
            ("moto.dynamodb.models.table.Table.query", querying),
            ("moto.dynamodb.models.table.Table.all_items", listing),
            (
                "moto.dynamodb.models.DynamoDBBackend.transact_write_items",
                copying.watch(DynamoDBBackend.transact_write_items),
            ),
            ("moto.dynamodb.responses.DynamoHandler.call_action", serialised),
            (
                f"{ASL}.component.state.wait.wait_function.wait_function.WaitFunction._wait_interval",
                _wait(heard),
            ),
            (f"{ASL}.component.common.retry.retrier_decl.time", _BackOff(heard)),
            (f"{TASKS}.service.state_task_service_aws_sdk.boto_client_for", parking),
            (f"{TASKS}.lambda_eval_utils.boto_client_for", invoking),
            (f"{CALLBACK}._from_error", _heartbeats(StateTaskServiceCallback._from_error)),
            (
                f"{ASL}.eval.callback.callback.CallbackEndpoint.setup_heartbeat_endpoint",
                _early(CallbackEndpoint.setup_heartbeat_endpoint),
            ),
            (f"{ASL}.parse.asl_parser.AmazonStateLanguageParser.parse", _parse),
            ("botocore.session.create_loader", lambda _path: _loader()),
        ):
            stack.enter_context(patch(target, stand_in))
        yield
