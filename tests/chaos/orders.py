"""What is ordered to go wrong inside AWS; what goes wrong at vendors and platforms is in their own fault books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

ALWAYS = float("inf")
T = TypeVar("T", bound="Span")


@dataclass(frozen=True)
class Span:
    """In force from one second until another."""

    since: float = 0.0
    until: float = ALWAYS

    def holds(self, second: float) -> bool:
        """Whether it is in force."""
        return self.since <= second < self.until


@dataclass(frozen=True)
class Kill:
    """The ``number``-th invocation of a function (from 1) dies just ``before`` or after its ``effect``-th effect."""

    function: str
    number: int
    effect: int
    before: bool = True


@dataclass(frozen=True)
class Throttle(Span):
    """A ``share`` of the calls to a service is refused: ``dynamodb``, ``states``, ``events``, ``sqs``, ``lambda``."""

    service: str = "dynamodb"
    share: float = 0.5


@dataclass(frozen=True)
class Skew(Span):
    """The clocks of a function's containers are off, each by up to so many milliseconds; ``*``: of all."""

    function: str = "*"
    most_ms: int = 500


@dataclass(frozen=True)
class Lag(Span):
    """Something comes up to so many seconds late: ``stream``, ``bus``, ``http``."""

    what: str = "stream"
    most_s: float = 30.0


@dataclass(frozen=True)
class Twice(Span):
    """A ``share`` of ``stream`` batches or ``bus`` events is delivered again, up to ``most_s`` later."""

    what: str = "bus"
    share: float = 0.2
    most_s: float = 60.0


Order = Kill | Throttle | Skew | Lag | Twice


class Book:
    """The orders of a run. ``luck`` decides in each case."""

    def __init__(self, orders: Sequence[Order], luck: Random) -> None:
        self._orders, self._luck = tuple(orders), luck
        self._kills: dict[tuple[str, int], list[Kill]] = {}
        for order in orders:
            if isinstance(order, Kill):
                self._kills.setdefault((order.function, order.number), []).append(order)
        self.done: list[Kill] = []

    def strikes(self, function: str, number: int, effect: int, *, before: bool) -> bool:
        """Whether the invocation dies here."""
        for kill in self._kills.get((function, number), ()):
            if (kill.effect, kill.before) == (effect, before):
                self.done.append(kill)
                return True
        return False

    def refuses(self, service: str, second: float) -> bool:
        """Whether a call is throttled."""
        found = [one for one in self._held(Throttle, second) if one.service == service]
        return any(self._luck.random() < one.share for one in found)

    def skew_ms(self, function: str, second: float) -> int:
        """How far a clock is off."""
        found = [one for one in self._held(Skew, second) if one.function in {"*", function}]
        return sum(self._luck.randint(-one.most_ms, one.most_ms) for one in found)

    def lag_s(self, what: str, second: float) -> float:
        """How late something comes beyond what is usual."""
        found = [one for one in self._held(Lag, second) if one.what == what]
        return sum(self._luck.uniform(0, one.most_s) for one in found)

    def again_s(self, what: str, second: float) -> list[float]:
        """How much later something comes again, for each time that it does."""
        found = [one for one in self._held(Twice, second) if one.what == what]
        return [self._luck.uniform(0, one.most_s) for one in found if self._luck.random() < one.share]

    def _held(self, kind: type[T], second: float) -> list[T]:
        held: list[Any] = [one for one in self._orders if isinstance(one, kind) and one.holds(second)]
        return held
