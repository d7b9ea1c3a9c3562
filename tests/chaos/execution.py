"""One execution: states entered, tasks tried, history counted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.chaos import choice, paths, rules
from tests.chaos.definition import PARK

if TYPE_CHECKING:
    from tests.chaos.machine import Machine

MOST_EVENTS = 25_000
"""The length of a history that ends its execution."""
Json = Any


class Execution:
    """``events`` and ``transitions`` are what AWS limits and bills; ``trace`` holds states with their inputs if the
    machine wants it. ``error``: of a failed one."""

    def __init__(self, machine: Machine, name: str, begun_with: str) -> None:
        self.name, self.begun_with = name, begun_with
        self.status, self.error, self.cause = "RUNNING", "", ""
        self.output: Json = None
        self.state = ""
        self.started, self.ended = machine.loop.second, None
        self.events, self.transitions = 1, 0
        self.trace: list[tuple[str, Json]] = []
        self._machine = machine
        self._data: Json = None
        self._entered = ""
        self._retries = rules.Retries({})
        self._attempt = 0
        self._token: str | None = None
        self._beat_until = 0.0

    ended: float | None

    def enter(self, name: str, data: Json) -> None:
        """Go into a state."""
        machine = self._machine
        if self.status != "RUNNING":
            return
        self.state, self._data = name, data
        self._entered = machine.iso(machine.loop.second)
        self.transitions += 1
        if machine.traces:
            self.trace.append((name, json.loads(json.dumps(data))))
        machine.told(self, name)
        state = machine.states[name]
        self._retries = rules.Retries(state)
        if not self._count(1):
            return
        try:
            getattr(self, f"_{state['Type'].lower()}")(state)
        except paths.NoSuchPath as missing:
            self._end("FAILED", rules.RUNTIME, f"nothing at {missing} in the input of {name}")

    # states

    def _choice(self, state: Json) -> None:
        found = next((rule for rule in state["Choices"] if choice.holds(rule, self._data)), None)
        way = found["Next"] if found else state.get("Default")
        if way is None:
            self._end("FAILED", "States.NoChoiceMatched", self.state)
        else:
            self._leave(way, self._data)

    def _wait(self, state: Json) -> None:
        seconds = state["Seconds"] if "Seconds" in state else paths.look(state["SecondsPath"], self._data)
        if isinstance(seconds, bool) or not isinstance(seconds, int) or seconds < 0:
            self._end("FAILED", rules.RUNTIME, f"{self.state} waits {seconds!r}")
            return
        self._machine.loop.after(seconds, lambda: self._on(state, self._data))

    def _pass(self, state: Json) -> None:
        made = self._filled(state) if "Parameters" in state else self._data
        self._on(state, paths.place(state.get("Result", made), self._data, state.get("ResultPath", "$")))

    def _succeed(self, _state: Json) -> None:
        if self._count(1):
            self.output = self._data
            self._end("SUCCEEDED")

    def _fail(self, state: Json) -> None:
        self._end("FAILED", state.get("Error", ""), state.get("Cause", ""))

    def _task(self, state: Json) -> None:
        """A try."""
        self._attempt += 1
        attempt, machine = self._attempt, self._machine
        if not self._plan_end(state, attempt) or not self._count(2):
            return
        parks = state["Resource"] == PARK
        if parks:
            self._token = machine.token(self)
        request = self._filled(state) if "Parameters" in state else self._data
        if parks:
            machine.works.update(request, lambda answer: self._parked(attempt, answer))
        else:
            function = state["Resource"].rsplit(":", 1)[-1]
            machine.works.call(function, request, lambda answer: self._answered(attempt, answer))

    # a task's end

    def _plan_end(self, state: Json, attempt: int) -> bool:
        loop, most = self._machine.loop, self._seconds(state, "TimeoutSeconds")
        beat = self._seconds(state, "HeartbeatSeconds")
        wrong = [s for s in (most, beat) if s is not None and (type(s) is not int or s <= 0)]
        if wrong or (most is not None and beat is not None and beat >= most):
            self._end("FAILED", rules.RUNTIME, f"time-outs {most!r} and {beat!r}")
            return False
        if most is not None:
            loop.after(most, lambda: self._timed_out(attempt, rules.TIMEOUT))
        if beat is not None:
            self._beat_s = beat
            self.beat()
            loop.after(beat, lambda: self._beats(attempt))
        return True

    _beat_s = 0.0

    def _seconds(self, state: Json, field: str) -> Any:
        path = state.get(f"{field}Path")
        return paths.look(path, self._data) if path else state.get(field)

    def beat(self) -> None:
        """A sign of life: no event in the history."""
        self._beat_until = self._machine.loop.second + self._beat_s

    def _beats(self, attempt: int) -> None:
        if attempt != self._attempt or self.status != "RUNNING":
            return
        if self._machine.loop.second >= self._beat_until:
            self._timed_out(attempt, rules.HEARTBEAT)
        else:
            self._machine.loop.at(self._beat_until, lambda: self._beats(attempt))

    def awake(self, token: str, answer: Json) -> None:
        """Somebody handed the token back."""
        assert token == self._token
        self._answered(self._attempt, answer)

    def _parked(self, attempt: int, answer: Json) -> None:
        """The call that hands the token out has been answered; the state goes on only if it failed."""
        if attempt != self._attempt or self.status != "RUNNING":
            return
        if hasattr(answer, "error"):
            self._answered(attempt, answer)
        else:
            self._count(1)

    def _timed_out(self, attempt: int, error: str) -> None:
        if attempt == self._attempt and self.status == "RUNNING":
            self._failed(attempt, error, "")

    def _answered(self, attempt: int, answer: Json) -> None:
        if attempt != self._attempt or self.status != "RUNNING":
            return  # it has timed out meanwhile
        if hasattr(answer, "error"):
            self._failed(attempt, answer.error, answer.cause)
            return
        self._forget()
        state = self._machine.states[self.state]
        if self._count(1):
            self._on(state, paths.place(answer, self._data, state.get("ResultPath", "$")))

    def _failed(self, attempt: int, error: str, cause: str) -> None:
        self._forget()
        state, machine = self._machine.states[self.state], self._machine
        if not self._count(1):
            return
        machine.told(self, f"{self.state} fails: {error} {cause[:160]}".rstrip())
        wait = self._retries.wait(error, machine.luck.random())
        if wait is not None:
            self.transitions += 1
            machine.loop.after(wait, lambda: self._again(state, attempt + 1))
            return
        rule = rules.catcher(state, error)
        if rule is None:
            self._end("FAILED", error, cause)
        else:
            caught = {"Error": error, "Cause": cause}
            self._leave(rule["Next"], paths.place(caught, self._data, rule.get("ResultPath", "$")))

    def _again(self, state: Json, attempt: int) -> None:
        if self.status == "RUNNING" and attempt == self._attempt:
            self._task(state)

    def _forget(self) -> None:
        """The attempt is over: what still comes of it is not for this execution."""
        self._attempt += 1
        if self._token is not None:
            del self._machine.parked[self._token]
            self._token = None

    # going on

    def _on(self, state: Json, data: Json) -> None:
        if "Next" in state:
            self._leave(state["Next"], data)
        elif self._count(1):
            self.output = data
            self._end("SUCCEEDED")

    def _leave(self, way: str, data: Json) -> None:
        if self.status == "RUNNING" and self._count(1):
            self._machine.later(lambda: self.enter(way, data))

    def stop(self) -> None:
        """StopExecution."""
        if self.status == "RUNNING":
            self._forget()
            self._end("ABORTED")

    def _end(self, status: str, error: str = "", cause: str = "") -> None:
        self.status, self.error, self.cause = status, error, cause
        self.ended = self._machine.loop.second
        self.events += 1
        self._machine.told(self, f"{status} {error}".rstrip())

    def _count(self, events: int) -> bool:
        """History: False if it is full, and the execution over."""
        self.events += events
        if self.events < MOST_EVENTS:
            return True
        self._forget()
        self._end("FAILED", rules.RUNTIME, "the history is full")
        return False

    def _filled(self, state: Json) -> Json:
        context = {
            "Execution": {"Id": f"{self._machine.arn}:{self.name}", "Name": self.name},
            "State": {
                "Name": self.state,
                "EnteredTime": self._entered,
                "RetryCount": self._retries.total,
            },
            **({"Task": {"Token": self._token}} if self._token else {}),
        }
        return paths.fill(state["Parameters"], self._data, context)
