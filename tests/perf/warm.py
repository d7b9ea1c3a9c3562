"""CPU of a warm callback. The network is a stub that answers at once: both sides build, sign and send the same
request, and neither waits."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from botocore.awsrequest import AWSResponse

from tests.perf import callback
from tests.perf.cold_start import environment
from tests.perf.floors.warm_put import parse_and_put
from tests.template.lambdas import Lambda


class _Body:
    """The answer's stream."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, **_: Any) -> list[bytes]:
        return [self._content]


@dataclass
class Wire:
    """The stub: every request that was sent, and an answer for it."""

    sent: list[str] = field(default_factory=list)

    def __call__(self, request: Any, **_: Any) -> AWSResponse:
        target = request.headers["X-Amz-Target"]
        operation = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
        self.sent.append(operation)
        wanted = (
            json.loads(request.body or b"{}").get("SecretId", "") if operation == "GetSecretValue" else ""
        )
        secret = (
            callback.KEY
            if "key" in wanted.lower()
            else json.dumps({"yidun": {**callback.YIDUN, "results": "poll"}})
        )
        held = {"Attributes": {"request_id": {"S": "a-request"}}} if operation == "UpdateItem" else {}
        answer = {"SecretString": secret} if wanted else held
        headers: Any = {"content-type": "application/x-amz-json-1.0"}
        content: Any = _Body(json.dumps(answer).encode())
        return AWSResponse(request.url, 200, headers, content)


@dataclass(frozen=True)
class Warm:
    """The function with its stubbed clients, and what it writes for one callback."""

    function: Lambda
    client: Any
    wire: Wire
    write: Mapping[str, Any]


def warm_up(events: list[dict[str, Any]]) -> Warm:
    """The first callback reads the key and is not measured."""
    function, wire = Lambda("receive_callback", environment("receive_callback")), Wire()
    for service in ("dynamodb", "secretsmanager"):
        function.app.wiring.client(service).meta.events.register("before-send", wire)
    client = function.app.wiring.client("dynamodb")
    writes: list[dict[str, Any]] = []
    client.meta.events.register("provide-client-params", lambda params, **_: writes.append(dict(params)))
    answer = function(events[0])
    assert answer["statusCode"] == 200, answer
    return Warm(function, client, wire, writes[-1])


@dataclass(frozen=True)
class Result:
    """Seconds of CPU per callback, the median ratio of interleaved rounds, and what was sent."""

    ours: float
    floor: float
    ratio: float
    sent: list[str]


def measure(rounds: int, vendor: str = "shumei", callbacks: int = 300) -> Result:
    """Interleaved rounds of a vendor's callbacks through the real handler, and of the JSON in them through the floor
    program."""
    ref, make = callback.task_ref(), callback.PUSHES[vendor]
    pushed = [make("a78eef377079acc6cdec24967ecde722", number) for number in range(callbacks)]
    events = [callback.event(body, ref, vendor=vendor) for body in pushed]
    bodies = [dict(parse_qsl(body))["callbackData"] if vendor == "yidun" else body for body in pushed]
    warm = warm_up(events)
    warm.wire.sent.clear()
    warm.function(events[1])
    sent = list(warm.wire.sent)

    def ours() -> None:
        for event in events:
            warm.function.app.handler(event, None)

    def floor() -> None:
        for body in bodies:
            parse_and_put(warm.client, body, warm.write)

    pairs = [(_cpu(ours) / callbacks, _cpu(floor) / callbacks) for _ in range(rounds)]
    ratio = statistics.median(mine / theirs for mine, theirs in pairs)
    return Result(statistics.median(m for m, _ in pairs), statistics.median(f for _, f in pairs), ratio, sent)


def _cpu(act: Callable[[], None]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start
