"""A bundle whose machine keeps the virtual time: Wait states last, parkings time out and miss their heartbeats.

Elsewhere Wait states take no time and a parking times out by the real clock, which no test waits for.
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from unittest.mock import patch

from moto.stepfunctions.parser.asl.component.common.timeouts.heartbeat import HeartbeatSecondsPath
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSecondsPath
from moto.stepfunctions.parser.asl.eval.callback.callback import CallbackOutcomeTimedOut
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from tests.workflow.bundle import Bundle, bundle

NEVER_S = 86_400
"""What the interpreter itself waits for, by the real clock."""


@dataclass
class Parking:
    """One token: since when, how long it may take, and how long without a heartbeat. Virtual seconds."""

    since: float
    look_s: float = NEVER_S
    beat_s: float = NEVER_S
    beaten: float = 0.0

    def is_out(self, second: float) -> bool:
        return second >= min(self.since + self.look_s, max(self.since, self.beaten) + self.beat_s)


class Timekeeper:
    """See the module."""

    def __init__(self, b: Bundle) -> None:
        self.b = b
        self.parkings: dict[str, Parking] = {}
        self._until: dict[int, float] = {}
        self._is_over = False

    def live(self, seconds: float, step: float = 1.0) -> None:
        """Let time pass, for the machine too; ``step`` is how fine it is."""
        b, until = self.b, self.b.doubles.clock.second + seconds
        while b.doubles.clock.second < until:
            if step >= 1:
                b.doubles.clock.round()
            b.advance(min(step, until - b.doubles.clock.second), step)
            self.settle()
            for token in [
                token for token, one in self.parkings.items() if one.is_out(b.doubles.clock.second)
            ]:
                self._time_out(token)
            self.settle()

    def settle(self) -> None:
        """Until every execution is over, parked or waiting."""
        self.b.wait(lambda: self.b.is_quiet() or self.b.is_over(), "quiet or over")

    def pass_by(self, seconds: float) -> None:
        """Time that a step takes."""
        self.b.doubles.clock.second += seconds

    def _time_out(self, token: str) -> None:
        del self.parkings[token]
        store = self.b.store
        parked = [one.watch_id for one in self.b.watches() if store.token(one.watch_id) == token]
        pools = [x.exec_worker.env.callback_pool_manager for x in self.b._live() if x.status == "RUNNING"]
        for watch_id in parked:
            if any(pool.notify(token, CallbackOutcomeTimedOut(token)) for pool in pools):
                self.b.wait(partial(self._is_woken, watch_id, token), "woken")

    def _is_woken(self, watch_id: str, token: str) -> bool:
        return self.b.store.token(watch_id) != token

    # what the interpreter tells

    def waits(self, state: str, seconds: float) -> None:
        """Until the virtual clock says so."""
        Bundle.waits(self.b, state, seconds)
        me, until = threading.get_ident(), self.b.doubles.clock.second + seconds
        self._until[me] = until
        while self.b.doubles.clock.second < until and not self._is_over:
            threading.Event().wait(0.002)
        del self._until[me]

    def waiting(self) -> int:
        return sum(until > self.b.doubles.clock.second for until in list(self._until.values()))

    def parks(self, env: Any, field: str, seconds: int) -> int:
        """A time-out is set for a token, or for a state that has none yet."""
        task = env.states.context_object.context_object_data.get("Task")
        if task is not None:
            now = self.b.doubles.clock.second
            setattr(self.parkings.setdefault(task["Token"], Parking(now)), field, seconds)
        return NEVER_S

    def beats(self, token: str) -> None:
        if token in self.parkings:
            self.parkings[token].beaten = self.b.doubles.clock.second

    def stop(self) -> None:
        self._is_over = True


@contextmanager
def timely(*args: Any, **more: Any) -> Iterator[tuple[Bundle, Timekeeper]]:
    """A bundle (``bundle.bundle``) and its timekeeper."""
    with bundle(*args, **more) as b, ExitStack() as stack:
        keeper = Timekeeper(b)
        stack.enter_context(patch.object(b, "waits", keeper.waits))
        stack.enter_context(patch.object(b, "waiting", keeper.waiting))
        for path, field in ((TimeoutSecondsPath, "look_s"), (HeartbeatSecondsPath, "beat_s")):
            stack.enter_context(patch.object(path, "_eval_seconds", _kept(path, field, keeper)))
        stack.enter_context(patch.object(StepFunctionsParserBackend, "send_task_heartbeat", _beaten(keeper)))
        stack.callback(keeper.stop)
        yield b, keeper


def _kept(path: Any, field: str, keeper: Timekeeper) -> Any:
    real = path._eval_seconds

    def eval_seconds(self: Any, env: Any) -> int:
        return keeper.parks(env, field, real(self, env))

    return eval_seconds


def _beaten(keeper: Timekeeper) -> Any:
    real: Any = StepFunctionsParserBackend.send_task_heartbeat

    def send(self: Any, task_token: str) -> Any:
        keeper.beats(task_token)
        return real(self, task_token)

    return send


__all__ = ["Timekeeper", "timely"]
