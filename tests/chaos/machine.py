"""Step Functions on virtual time: standard executions of one machine, and their histories counted as AWS counts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

from tests.chaos.definition import Definition, check
from tests.chaos.execution import Execution
from tests.chaos.loop import Loop

KEPT_S = 90 * 86_400.0
"""So long after its execution is over a name stays taken."""
ISO = Callable[[float], str]


@dataclass(frozen=True)
class Failure:
    """What a task answered instead of a result."""

    error: str
    cause: str = ""


class Taken(Exception):
    """The name has been used by an execution that is over, or with another input."""


class Spent(Exception):
    """The token's state was woken before, or has timed out."""


class Works(Protocol):
    """What the machine's tasks arrive at; each answers once, sooner or later."""

    def call(self, function: str, payload: Any, done: Callable[[Any], None]) -> None:
        """Invoke a function: its answer, or a Failure."""

    def update(self, request: Mapping[str, Any], done: Callable[[Any], None]) -> None:
        """DynamoDB's UpdateItem: anything, or a Failure."""


class Machine:
    """``step_s`` draws how long the service takes from one state to the next; ``functions`` names what stands for
    ``${XArn}``; ``iso`` writes a second as a time."""

    def __init__(
        self,
        definition: Definition,
        loop: Loop,
        luck: Random,
        works: Works,
        iso: ISO,
        *,
        arn: str = "machine",
        step_s: tuple[float, float] = (0.01, 0.06),
        traces: bool = False,
    ) -> None:
        check(definition)
        self.states: Mapping[str, Mapping[str, Any]] = definition["States"]
        self.begin: str = definition["StartAt"]
        self.loop, self.luck, self.works, self.iso, self.arn = loop, luck, works, iso, arn
        self.traces = traces
        self.executions: dict[str, Execution] = {}
        self.parked: dict[str, Execution] = {}
        self.told: Callable[[Execution, str], None] = lambda _execution, _what: None
        self._step_s = step_s
        self._tokens = 0

    def start(self, name: str, text: str) -> Execution:
        """StartExecution with a JSON text. Raises Taken."""
        held = self.executions.get(name)
        if held is not None and held.status == "RUNNING" and held.begun_with == text:
            return held
        if held is not None and (held.ended is None or self.loop.second < held.ended + KEPT_S):
            raise Taken(name)
        execution = self.executions[name] = Execution(self, name, text)
        self.told(execution, "starts")
        self.later(lambda: execution.enter(self.begin, json.loads(text)))
        return execution

    def wake(self, token: str, output: Any) -> None:
        """SendTaskSuccess. Raises Spent."""
        self._parked(token).awake(token, output)

    def fail(self, token: str, error: str, cause: str = "") -> None:
        """SendTaskFailure. Raises Spent."""
        self._parked(token).awake(token, Failure(error, cause))

    def beat(self, token: str) -> None:
        """SendTaskHeartbeat. Raises Spent."""
        self._parked(token).beat()

    def token(self, execution: Execution) -> str:
        """One more, of a task that is being scheduled."""
        self._tokens += 1
        token = f"token-{self._tokens}-{self.luck.getrandbits(64):016x}"
        self.parked[token] = execution
        return token

    def later(self, act: Callable[[], None]) -> None:
        """After the service's own time."""
        self.loop.after(self.luck.uniform(*self._step_s), act)

    def running(self) -> list[Execution]:
        """Those that are not over."""
        return [one for one in self.executions.values() if one.status == "RUNNING"]

    def _parked(self, token: str) -> Execution:
        if token not in self.parked:
            raise Spent(token)
        return self.parked[token]
