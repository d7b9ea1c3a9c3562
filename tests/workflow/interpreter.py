"""moto's interpreter, with time taken out of it: waits and back-off are counted, not waited for.

Three more things are mended so that many tests can run: the table takes one call at a time (a real one does;
moto's transactions restore a copy of the table when they fail), what is parsed once is not parsed again, and
the call that parks an execution can be made to fail.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any, Protocol
from unittest.mock import patch

from botocore.exceptions import ClientError
from botocore.loaders import Loader, create_loader
from moto.dynamodb.responses import DynamoHandler
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.utils.boto_client import boto_client_for

ASL = "moto.stepfunctions.parser.asl"
TASKS = f"{ASL}.component.state.exec.state_task"
_parse: Callable[[str], Any] = cache(AmazonStateLanguageParser.parse)


class Heard(Protocol):
    """What the interpreter tells."""

    def waits(self, state: str, seconds: float) -> None:
        """A Wait state is entered."""

    def backs_off(self, seconds: float) -> None:
        """A Retry is about to be made."""

    def parks(self, request: dict[str, Any]) -> None:
        """The Watch state is about to write its token; what is raised here is the table's answer."""


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
        return self._client.update_item(**request)


class _BackOff:
    """Stands for the ``time`` module where the interpreter sleeps between tries."""

    def __init__(self, heard: Heard) -> None:
        self.sleep = heard.backs_off


def _wait(heard: Heard) -> Callable[..., None]:
    return lambda _function, env, wait_seconds: heard.waits(env.next_state_name, wait_seconds)


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

    with ExitStack() as stack:
        for target, stand_in in (
            ("moto.dynamodb.responses.DynamoHandler.call_action", serialised),
            (
                f"{ASL}.component.state.wait.wait_function.wait_function.WaitFunction._wait_interval",
                _wait(heard),
            ),
            (f"{ASL}.component.common.retry.retrier_decl.time", _BackOff(heard)),
            (f"{TASKS}.service.state_task_service_aws_sdk.boto_client_for", parking),
            (f"{TASKS}.lambda_eval_utils.boto_client_for", invoking),
            (f"{ASL}.parse.asl_parser.AmazonStateLanguageParser.parse", _parse),
            ("botocore.session.create_loader", lambda _path: _loader()),
        ):
            stack.enter_context(patch(target, stand_in))
        yield
