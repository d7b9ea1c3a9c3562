"""Vendors and platforms on virtual time: calls to the doubles, and their pushes to the real doors."""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Mapping
from io import BytesIO
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import BaseAdapter

from local.doubles.model import Now, Push, Reply, Request
from tests.chaos.lambdas import Lambdas
from tests.chaos.loop import Loop
from tests.chaos.machine import Failure
from tests.workflow.wire import DAWN, Doubles

DOORS = {
    "callbacks": ("receive_callback", ("vendor", "task_ref", "mac")),
    "room-webhooks": ("ingest_room_webhook", ("platform", "app_id", "key")),
    "credentials": ("provide_token", ("vendor", "key")),
}


class WorldClock:
    """The time as it is, for the doubles."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop

    @property
    def second(self) -> float:
        return self._loop.second

    def time_ns(self) -> int:
        return round((DAWN + self._loop.second) * 1000) * 1_000_000

    def now(self) -> Now:
        return Now(DAWN + self._loop.second, self._loop.second)


class ContainerClock:
    """The time as a container has it, in the place of the ``time`` module."""

    def __init__(self, world: WorldClock, lambdas: Lambdas) -> None:
        self._world, self._lambdas = world, lambdas

    def time_ns(self) -> int:
        fibre = self._lambdas.loop.current
        skew_ms = fibre.about.skew_ms if fibre is not None and fibre.about is not None else 0
        return self._world.time_ns() + skew_ms * 1_000_000

    def sleep(self, seconds: float) -> None:
        self._lambdas.rest(seconds)


class Wire(BaseAdapter):
    """A transport that delivers to the doubles; a reply that is cut or held too long never arrives."""

    def __init__(self, doubles: Doubles, lambdas: Lambdas, luck: Random) -> None:
        super().__init__()
        self._doubles, self._lambdas, self._luck = doubles, lambdas, luck

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        asked = _request(request)
        vendor = str(urlsplit(str(request.url)).hostname).partition(".")[0].replace("-", "_")
        reply = self._lambdas.effect(lambda: self._doubles.handle(vendor, asked), 0.02, 0.12)
        patience_s = float(kwargs["timeout"][1])
        lag_s = self._luck.uniform(0.02, 0.12) + self._lambdas.book.lag_s("http", self._lambdas.loop.second)
        self._lambdas.rest(min(reply.hold + lag_s, patience_s))
        if reply.hold + lag_s > patience_s:
            raise requests.exceptions.ReadTimeout
        if reply.cut:
            raise requests.exceptions.ConnectionError("reset")
        return _response(reply, str(request.url))

    def close(self) -> None:
        """Nothing is open."""


def _request(request: requests.PreparedRequest) -> Request:
    parts, body = urlsplit(str(request.url)), request.body or b""
    return Request(
        method=str(request.method),
        path=parts.path,
        query=tuple(parse_qsl(parts.query, keep_blank_values=True)),
        headers=dict(request.headers),
        body=body.encode() if isinstance(body, str) else bytes(body),
    )


def _response(reply: Reply, url: str) -> requests.Response:
    answer = requests.Response()
    answer.status_code = reply.status
    answer.raw = BytesIO(reply.body.encode())
    answer.url = url
    return answer


class Pushes:
    """What the doubles send, when it is due, through API Gateway to the door that it is for."""

    def __init__(self, doubles: Doubles, lambdas: Lambdas, luck: Random) -> None:
        self._doubles, self._lambdas, self._luck = doubles, lambdas, luck
        self.acknowledged: list[tuple[str, str, str]] = []
        self._dues = [world.next_due for world in doubles.worlds.values()]

    def only(self, names: Collection[str]) -> None:
        """Nothing ever happens at the other doubles: they are not looked at."""
        self._dues = [self._doubles.worlds[name].next_due for name in names]

    def next_due(self) -> float | None:
        """Of all doubles at which anything may happen."""
        first: float | None = None
        for next_due in self._dues:
            due = next_due()
            if due is not None and (first is None or due < first):
                first = due
        return first

    def send(self) -> None:
        """Everything that is due."""
        for name, push in self._doubles.due():
            self._lambdas.loop.after(self._luck.uniform(0.01, 0.08), self._sending(name, push))

    def _sending(self, name: str, push: Push) -> Callable[[], None]:
        return lambda: self._send(name, push)

    def _send(self, name: str, push: Push) -> None:
        answered: list[bool] = []

        def answer(status: int, body: str) -> None:
            if answered:
                return  # the sender has hung up
            answered.append(True)
            if status == 200:
                self.acknowledged.append((name, push.url, push.body))
            self._doubles.took(name, push, {"statusCode": status, "body": body})

        def hang_up() -> None:
            if not answered:
                answered.append(True)
                self._doubles.worlds[name].push_result(push, None, self._doubles.clock.now(), "time-out")

        def done(given: Any) -> None:
            if isinstance(given, Failure):
                answer(500, '{"message":"Internal Server Error"}')
            else:
                answer(given["statusCode"], given["body"])

        function, event = _event(push)
        self._lambdas.loop.after(push.timeout, hang_up)
        self._lambdas.invoke(function, event, done)


def _event(push: Push) -> tuple[str, Mapping[str, Any]]:
    """A POST as API Gateway hands it over, and to which function."""
    parts = urlsplit(push.url)
    door, *names = parts.path.split("/")[1:]
    function, fields = DOORS[door]
    return function, {
        "pathParameters": dict(zip(fields, names, strict=False)),
        "queryStringParameters": dict(parse_qsl(parts.query)) or None,
        "headers": {"content-type": push.content_type} | {k.lower(): v for k, v in push.headers.items()},
        "body": base64.b64encode(push.body.encode()).decode(),
        "isBase64Encoded": True,
    }
