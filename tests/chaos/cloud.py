"""The deployed bundle on virtual time: functions, machine, table, stream, bus, schedules, and the doubles around."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from earshot.clock import iso
from requests.adapters import BaseAdapter

from tests.chaos import patches, template
from tests.chaos.execution import Execution
from tests.chaos.lambdas import TOO_MANY, Lambdas
from tests.chaos.loop import Loop
from tests.chaos.machine import Failure, Machine
from tests.chaos.orders import Book, Order
from tests.chaos.outside import ContainerClock, Pushes, Wire, WorldClock
from tests.chaos.services import Events, SecretsManager, Sqs, Ssm, StepFunctions, Store, Tasks
from tests.chaos.stream import Stream
from tests.chaos.table import Table
from tests.workflow import deployment
from tests.workflow.wire import DAWN, Doubles

ASYNC_WAITS_S = (60.0, 120.0)
"""Before the second and the third try of an asynchronous call that failed."""
JOURNAL = 2_000_000
"""Entries that the doubles remember: the books are made of them."""


@dataclass(frozen=True)
class Told:
    """An event on the bus, ours or a room's."""

    second: float
    source: str
    kind: str
    detail: dict[str, Any]


functions = cache(template.functions)


def definition() -> dict[str, Any]:
    """The machine as it is written, its functions by their names."""
    text = json.dumps(deployment.definition())
    for name, known in functions().items():
        text = text.replace(f"${{{known.resource}Arn}}", f"arn:aws:lambda:x:1:function:{name}")
    text = text.replace("${TableName}", "earshot")
    made: dict[str, Any] = json.loads(text.replace("${Version}", deployment.VERSION))
    return made


def moment(second: float) -> str:
    """A second of the run as an ISO time."""
    return iso(round((DAWN + second) * 1000))


class Cloud:
    """See the module. ``line`` gets what happens, for a time-line."""

    def __init__(
        self,
        seed: int,
        plan: Mapping[str, Any],
        accounts: Mapping[str, Any],
        orders: Sequence[Order] = (),
        script: dict[str, Any] | None = None,
    ) -> None:
        self.loop, self.seed = Loop(), seed
        self.clock = WorldClock(self.loop)
        self.lines: list[str] | None = None
        self.bus: list[Told] = []
        self.letters: list[dict[str, Any]] = []
        lucks = [Random(f"{seed}/{name}") for name in ("aws", "bundle", "book", "stream")]
        self.luck = lucks[0]
        self.book = Book(orders, lucks[2])
        self.lambdas = Lambdas(self.loop, self.luck, self.book, functions())
        self.stream = Stream(self.lambdas, lucks[3], self.letters)
        self.table = Table(self.stream.take)
        tasks = Tasks(self.lambdas, self.table)
        self.machine = Machine(definition(), self.loop, self.luck, tasks, moment)
        self._plan, self._accounts, self._script, self._bundle_luck = plan, accounts, script, lucks[1]
        self.machine.told = lambda one, what: self.line(f"machine {one.name[:8]}..{one.name[26:]}", what)
        self.lambdas.told = self.line

    @contextmanager
    def deployed(self) -> Iterator[Cloud]:
        """While inside, it is there."""
        secrets = {"settings": json.dumps(self._accounts), "callback-key": deployment.CALLBACK_KEY}
        lambdas, clock = self.lambdas, ContainerClock(self.clock, self.lambdas)
        clients = {
            "stepfunctions": StepFunctions(lambdas, self.machine),
            "events": Events(lambdas, self.send),
            "sqs": Sqs(lambdas, self.letters),
            "secretsmanager": SecretsManager(lambdas, secrets),
            "ssm": Ssm(lambdas, {"/plan": json.dumps(self._plan)}),
        }
        transport = _Later()
        with patches.patched(
            clients=clients,
            store=Store(lambdas, self.table),
            clock=clock,
            luck=self._bundle_luck,
            transport=transport,
            say=self._log,
        ):
            self.doubles = Doubles(self.clock, self._script, dict(self._accounts))  # type: ignore[arg-type]
            for world in self.doubles.worlds.values():
                world.journal._entries = deque(maxlen=JOURNAL)
            transport.real = Wire(self.doubles, lambdas, self.luck)
            self.pushes = Pushes(self.doubles, lambdas, self.luck)
            self.loop.source(self.pushes.next_due, self.pushes.send)
            lambdas.modules = patches.load(list(functions()))
            self._schedule()
            try:
                yield self
            finally:
                self.loop.close()

    # the bus

    def send(self, event: dict[str, Any]) -> None:
        """PutEvents: everybody whose pattern it fits is invoked, at least once."""
        told = Told(self.loop.second, event["source"], event["detail-type"], event["detail"])
        self.bus.append(told)
        self.line("bus", f"{told.kind} {_short(told.detail)}")
        event = {"id": f"{self.luck.getrandbits(128):032x}", "time": moment(self.loop.second), **event}
        for function in functions().values():
            if any(template.wants(pattern, event) for pattern in function.patterns):
                self._deliver(function, event)

    def room_event(self, kind: str, detail: Mapping[str, Any]) -> None:
        """Somebody's backend tells of a room."""
        self.send({"source": "earshot.rooms", "detail-type": kind, "detail": dict(detail)})

    def _deliver(self, function: template.Function, event: dict[str, Any]) -> None:
        late_s = self.luck.uniform(0.02, 0.2) + self.book.lag_s("bus", self.loop.second)
        for later_s in (0.0, *self.book.again_s("bus", self.loop.second)):
            self.loop.after(late_s + later_s, lambda: self._try(function, event, 0))

    def _try(self, function: template.Function, event: dict[str, Any], tries: int) -> None:
        def done(answer: Any) -> None:
            if not isinstance(answer, Failure):
                return
            if answer.error == TOO_MANY:  # it stays in Lambda's own queue
                self.loop.after(self.luck.uniform(1, 30), lambda: self._try(function, event, tries))
            elif tries < function.retries:
                self.loop.after(ASYNC_WAITS_S[tries], lambda: self._try(function, event, tries + 1))
            else:
                self.letters.append({"error": answer.error, "event": event})

        self.lambdas.invoke(function.name, event, done)

    # schedules

    def _schedule(self) -> None:
        for function in functions().values():
            if function.every_s is not None:
                first_s = self.luck.uniform(0, min(60.0, function.every_s))
                self.loop.after(first_s, lambda name=function: self._run(name))  # type: ignore[misc]

    def _run(self, function: template.Function) -> None:
        self.loop.after(function.every_s or 60.0, lambda: self._run(function))
        event = {"source": "aws.events", "time": moment(self.loop.second)}
        self.lambdas.invoke(function.name, event, _ignore)

    # looking

    def line(self, who: str, what: str) -> None:
        """One line of the time-line, if somebody keeps it."""
        if self.lines is not None:
            self.lines.append(f"{self.loop.second:10.3f}  {who:<28} {what}")

    def _log(self, _level: str, fields: Mapping[str, Any]) -> None:
        if self.lines is not None:
            fibre = self.loop.current
            who = f"{fibre.about.function}#{fibre.about.number}" if fibre and fibre.about else "?"
            self.line(who, " ".join(f"{name}={_short(value)}" for name, value in fields.items()))

    def running(self) -> list[Execution]:
        """Executions that are not over."""
        return self.machine.running()


class _Later(BaseAdapter):
    """A transport whose other end is made after it."""

    real: Wire

    def send(self, request: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        return self.real.send(request, **kwargs)

    def close(self) -> None:
        """Nothing is open."""


def _ignore(_answer: Any) -> None:
    """A scheduled run that fails is not repeated: the next one comes."""


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 160 else f"{text[:160]}..."
