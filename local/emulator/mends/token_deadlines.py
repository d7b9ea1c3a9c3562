"""Deadlines of a state that waits for its task token.

AWS: ``TimeoutSecondsPath`` is read from the state's input; a heartbeat that does not come within
``HeartbeatSeconds`` (or ``HeartbeatSecondsPath``) fails the task.
Bare emulator: a literal ``TimeoutSeconds`` only, no heartbeats, and neither follows ``SFN_WAIT_SCALE``.
"""

from __future__ import annotations

import contextvars
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from ministack.services import stepfunctions as states

LOOK_EVERY = 0.1  # seconds; the shortest scaled heartbeat worth having is several times longer

State = dict[str, Any]


@dataclass
class _Beat:
    seconds: float
    context: contextvars.Context
    last: float = field(default_factory=time.monotonic)
    seen: Any = None


class _Heartbeats:
    """One thread that fails every parked task whose heartbeat is overdue."""

    def __init__(self) -> None:
        self._beats: dict[str, _Beat] = {}
        self._thread: threading.Thread | None = None

    def expect(self, token: str, seconds: float) -> None:
        """From now on this token needs a heartbeat every ``seconds`` of real time."""
        # The emulator's token table is kept per account and region, which it reads from the context.
        self._beats[token] = _Beat(seconds, contextvars.copy_context())
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="heartbeats", daemon=True)
            self._thread.start()

    def forget(self, token: str) -> None:
        """The task has ended."""
        self._beats.pop(token, None)

    def _watch(self) -> None:
        while True:
            time.sleep(LOOK_EVERY)
            for token, beat in list(self._beats.items()):
                beat.context.run(_look, token, beat)


def _look(token: str, beat: _Beat) -> None:
    task = states._task_tokens.get(token)
    if not task or task["event"].is_set():
        return
    if task["heartbeat"] != beat.seen:
        beat.seen, beat.last = task["heartbeat"], time.monotonic()
    elif time.monotonic() - beat.last > beat.seconds:
        task["error"] = {"Error": "States.HeartbeatTimeout", "Cause": ""}
        task["event"].set()


def _resolved(state: State, raw_input: Any, context: Any) -> State:
    """The state with its deadlines as literal, scaled seconds."""
    if ".waitForTaskToken" not in state.get("Resource", ""):
        return state  # a running Lambda is not waiting: its timeout stays real
    resolved = dict(state)
    effective = states._apply_input_path(state, raw_input, context)
    for name in ("TimeoutSeconds", "HeartbeatSeconds"):
        if path := resolved.pop(f"{name}Path", None):
            resolved[name] = states._resolve_path_or_ctx(path, effective, context)
        if name in resolved:
            resolved[name] = resolved[name] * states._SFN_WAIT_SCALE
    return resolved


def apply() -> None:
    """Resolve before the emulator's own task code, watch around its wait."""
    bare_task, bare_wait, heartbeats = states._execute_task, states._invoke_with_callback, _Heartbeats()

    def execute_task(state: State, raw_input: Any, execution: Any, context: Any) -> Any:
        return bare_task(_resolved(state, raw_input, context), raw_input, execution, context)

    def invoke_with_callback(resource: str, input_data: Any, token: str, state: State) -> Any:
        if "HeartbeatSeconds" in state:
            heartbeats.expect(token, state["HeartbeatSeconds"])
        try:
            return bare_wait(resource, input_data, token, state)
        finally:
            heartbeats.forget(token)

    states._execute_task, states._invoke_with_callback = execute_task, invoke_with_callback
