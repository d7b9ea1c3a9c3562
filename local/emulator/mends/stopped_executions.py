"""StopExecution ends an execution at once.

AWS: whatever it waits for, it does nothing more, and the token of its parked task is spent.
Bare emulator: only its status changes. A parked task stays parked, its token is good, and when it times out the
stopped execution is said to have failed; a retry that was being waited for still calls its function.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from ministack.services import stepfunctions as states

Execution = dict[str, Any]
_own: ContextVar[Execution | None] = ContextVar("execution_of_this_thread", default=None)
_parked: dict[str, str] = {}
"""Execution to the token that it waits for."""


def _leave_if_over() -> None:
    """Ends the thread of an execution that has been stopped; nobody takes ``SystemExit`` for the task's error."""
    execution = _own.get()
    if execution is not None and execution["status"] != "RUNNING":
        raise SystemExit


def _mend_waits() -> None:
    bare_run, bare_wait, bare_sleep = (
        states._run_execution,
        states._invoke_with_callback,
        states._scaled_sleep,
    )

    def run(arn: str) -> None:
        _own.set(states._executions.get(arn))
        bare_run(arn)

    def invoke_with_callback(resource: str, input_data: Any, token: str, state: Any) -> Any:
        arn = (_own.get() or {}).get("executionArn", "")
        _parked[arn] = token
        try:
            result = bare_wait(resource, input_data, token, state)
        finally:
            _parked.pop(arn, None)
            _leave_if_over()
        return result

    def sleep(seconds: float) -> None:
        bare_sleep(seconds)
        _leave_if_over()

    states._run_execution, states._invoke_with_callback, states._scaled_sleep = (
        run,
        invoke_with_callback,
        sleep,
    )


def _mend_ends() -> None:
    bare_event, bare_fail = states._add_event, states._fail_execution

    def add_event(execution: Execution, kind: str, details: Any = None) -> Any:
        if execution["status"] == "RUNNING" or kind.startswith("Execution"):
            return bare_event(execution, kind, details)
        return {}

    def fail(execution: Execution, error: str, cause: str) -> None:
        if execution["status"] == "RUNNING":
            bare_fail(execution, error, cause)

    states._add_event, states._fail_execution = add_event, fail


def apply() -> None:
    """Wake the parked task of a stopped execution, to end its thread; keep what comes later out of the record."""
    _mend_waits()
    _mend_ends()
    bare_stop = states._stop_execution

    def stop(request: dict[str, Any]) -> Any:
        answer = bare_stop(request)
        task = states._task_tokens.get(_parked.get(request.get("executionArn", ""), ""))
        if answer[0] == 200 and task:
            task["event"].set()
        return answer

    states._stop_execution = stop
