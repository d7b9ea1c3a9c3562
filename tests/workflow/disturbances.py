"""What several tests do to a bundle."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from unittest.mock import patch

from earshot.usecases.start_watch import machine_state
from moto.stepfunctions.parser.asl.eval.callback.callback import HeartbeatEndpoint

from tests.workflow.bundle import Bundle
from tests.workflow.deployment import ENVIRONMENT
from tests.workflow.runtime import Crash

BUSY = [
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "RequestLimitExceeded",
    "InternalServerError",
    "SdkClientException",
]
"""A table that has no time, as classes of the SDK."""


def crash_once(b: Bundle, function: str, *path: str, after: bool = False) -> None:
    """The function dies when it comes to the last part of ``path`` for the first time, or just after it."""
    owner = b.modules[function]
    for name in path[:-1]:
        owner = getattr(owner, name)
    real, calls = getattr(owner, path[-1]), []

    def dying(*args: object, **kwargs: object) -> object:
        calls.append(args)
        if len(calls) > 1:
            return real(*args, **kwargs)
        if after:
            real(*args, **kwargs)
        raise Crash

    object.__setattr__(owner, path[-1], dying)


def no_duplicates(b: Bundle) -> None:
    """A vendor that does not recognise a stream that it runs already."""
    b.doubles.shumei.settings.update({"duplicate_key": {"ZEGO": False}})


def end_current(b: Bundle, code: int | None = 3001) -> None:
    """The vendor ends the running task and says so."""
    b.doubles.end(b.doubles.running()[-1]["id"], code)
    b.advance(1)
    b.wait(lambda: b.is_quiet() or b.is_over(), "quiet or over")


def false_alarm(b: Bundle, code: int = 1904) -> None:
    """The vendor complains about a task that it goes on running."""
    task = b.doubles.running()[-1]["id"]
    submits = b.doubles.calls("submit")
    (url,) = [c["body"]["callback"] for c in submits if c["answer"]["body"]["requestId"] == task]
    answer = b.post(url, json.dumps({"code": code, "message": "?", "requestId": task}).encode())
    assert answer["statusCode"] == 200
    b.pump()


def open_with_a_short_look(b: Bundle, *, is_heard: bool = True) -> None:
    """A room whose first look is over after two seconds, or, if nothing is heard of it, after one; wait until it has
    looked and parked again. That is real time: no beat could be promised within one second of a busy machine, so
    the interpreter is patient with a room that is heard."""
    crash_once(b, "track_room", "track", "start")
    b.send("RoomOpened")
    watch_id = b.watch().watch_id
    _look_soon(b)
    arn, begin = ENVIRONMENT["STATE_MACHINE_ARN"], machine_state(watch_id, "mint", 2)
    with _patience() if is_heard else nullcontext():
        b.sfn.start_execution(stateMachineArn=arn, name=watch_id, input=json.dumps(begin))
        b.wait(lambda: b.log.count("Watch") == 2, "looked and parked again")
    b.wait_quiet()


@contextmanager
def _patience() -> Iterator[None]:
    real: Any = HeartbeatEndpoint.__init__
    with patch.object(HeartbeatEndpoint, "__init__", lambda endpoint, **_: real(endpoint, 60)):
        yield


def _look_soon(b: Bundle) -> None:
    """No plan may ask for that."""
    (item,) = b.items("watch")
    soon = json.dumps(json.loads(item["plan"]["S"]) | {"look_s": 2})
    b.table_client.update_item(
        TableName="earshot",
        Key={"pk": item["pk"], "sk": item["sk"]},
        UpdateExpression="SET #plan = :plan",
        ExpressionAttributeNames={"#plan": "plan"},
        ExpressionAttributeValues={":plan": {"S": soon}},
    )
