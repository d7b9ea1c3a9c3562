"""Lambda on virtual time: the real handlers, each invocation in a fibre, every outside effect counted."""

from __future__ import annotations

import json
import traceback
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from types import ModuleType
from typing import Any, TypeVar

from tests.chaos.loop import Abandoned, Loop
from tests.chaos.machine import Failure
from tests.chaos.orders import Book
from tests.chaos.paths import Unplayed
from tests.chaos.template import Function

T = TypeVar("T")
TOO_MANY = "Lambda.TooManyRequestsException"
EXIT, TIMED_OUT = "Runtime.ExitError", "Sandbox.Timedout"
Done = Callable[[Any], None]


class Killed(BaseException):
    """The container is gone: nothing catches it, and there is no effect after it."""


@dataclass
class Call:
    """One invocation. ``dead``: why it does nothing any more."""

    function: str
    number: int
    skew_ms: int
    began: float
    effects: int = 0
    dead: str = ""
    over: bool = False


@dataclass
class Lambdas:
    """``most``: invocations at once in the account. ``bugs``: errors that no handler means to raise."""

    loop: Loop
    luck: Random
    book: Book
    known: Mapping[str, Function]
    most: int = 1_000
    modules: dict[str, ModuleType] = field(default_factory=dict)
    bugs: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    told: Callable[[str, str], None] = lambda _function, _what: None
    _running: int = 0

    def invoke(self, function: str, payload: Any, done: Done) -> None:
        """Run a handler on a payload; ``done`` gets its answer, or a Failure as the caller's service sees it."""
        if self._running >= self.most or self.book.refuses("lambda", self.loop.second):
            self.told(function, "is throttled")
            self.loop.after(0.01, lambda: done(Failure(TOO_MANY, "Rate Exceeded.")))
            return
        self.counts[function] += 1
        second = self.loop.second
        call = Call(function, self.counts[function], self.book.skew_ms(function, second), second)
        self._running += 1
        start_s = self.luck.uniform(0.2, 1.2) if self.luck.random() < 0.02 else self.luck.uniform(0.002, 0.01)
        self.loop.after(start_s, lambda: self._begin(call, payload, done))

    def _begin(self, call: Call, payload: Any, done: Done) -> None:
        def run() -> None:
            answer = self._run(call, payload)
            if not call.over:
                self._end(call, answer, done)

        def late() -> None:
            if not call.over:
                call.dead = TIMED_OUT
                self.told(call.function, "is out of time")
                self._end(call, Failure(TIMED_OUT, _cause(TIMED_OUT, "Task timed out")), done)

        self.loop.after(self.known[call.function].timeout_s, late)
        self.loop.spawn(run, call)

    def _end(self, call: Call, answer: Any, done: Done) -> None:
        call.over = True
        self._running -= 1
        done(answer)

    def _run(self, call: Call, payload: Any) -> Any:
        try:
            return self.modules[call.function].handler(payload, None)
        except Killed:
            return Failure(call.dead, _cause(call.dead, "Error: Runtime exited"))
        except (Unplayed, Abandoned):
            raise
        except Exception as error:
            if type(error).__module__ not in {"earshot.errors", "earshot.store.port"}:
                self.bugs.append(f"{call.function}: {''.join(traceback.format_exception(error))}")
            name = type(error).__name__
            return Failure(name, _cause(name, str(error)))

    # inside an invocation

    @property
    def current(self) -> Call:
        """The invocation that runs."""
        fibre = self.loop.current
        if fibre is None:
            raise Abandoned
        call: Call = fibre.about
        return call

    def effect(self, act: Callable[[], T], least_s: float, most_s: float) -> T:
        """Something that others see, and that takes its time until it is done. The way back is part of what comes
        next."""
        call = self.current
        call.effects += 1
        self._strike(call, before=True)
        self.rest(self.luck.uniform(least_s, most_s))
        made = act()
        self._strike(call, before=False)
        return made

    def rest(self, seconds: float) -> None:
        """Time passes inside an invocation."""
        call = self.current
        if not call.dead:
            self.loop.sleep(seconds)
        if call.dead:
            raise Killed

    def _strike(self, call: Call, *, before: bool) -> None:
        if call.dead:
            raise Killed
        if self.book.strikes(call.function, call.number, call.effects, before=before):
            call.dead = EXIT
            self.told(call.function, f"is killed {'before' if before else 'after'} its effect {call.effects}")
            raise Killed


def _cause(name: str, message: str) -> str:
    return json.dumps({"errorType": name, "errorMessage": message})
