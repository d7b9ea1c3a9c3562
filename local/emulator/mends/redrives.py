"""RedriveExecution: an execution that failed or was stopped goes on.

AWS: from the state that did not succeed, with the same input and by the definition that it was started with; its
history goes on too.
Bare emulator: ``InvalidAction``. Here the way back leads through a Pass state of ours, which the history shows.
"""

from __future__ import annotations

import contextvars
import json
import threading
from types import FunctionType
from typing import Any

from ministack.core.responses import error_response_json, json_response, now_iso
from ministack.services import stepfunctions as states

Execution = dict[str, Any]
BACK = "Redrive"
_definitions: dict[str, str] = {}
"""Execution to the definition that it began with; a machine that is changed meanwhile does not change it."""


def _run_by(definition: str, arn: str) -> None:
    """The emulator's own interpreter, on another definition than the machine has now."""
    machine_arn = states._executions[arn]["stateMachineArn"]
    machine = states._state_machines[machine_arn] | {"definition": definition}
    own = vars(states) | {"_state_machines": {machine_arn: machine}}
    FunctionType(_bare_run.__code__, own)(arn)


def _from_where_it_stopped(execution: Execution) -> str:
    """The definition, begun at the state that was entered last."""
    entered = (event.get("stateEnteredEventDetails") for event in reversed(execution["events"]))
    last = next(one for one in entered if one and one["name"] != BACK)
    definition = json.loads(_definitions[execution["executionArn"]])
    back = {"Type": "Pass", "Result": json.loads(last["input"]), "Next": last["name"]}
    return json.dumps(definition | {"StartAt": BACK, "States": {**definition["States"], BACK: back}})


def _redrive(request: dict[str, Any]) -> Any:
    execution = states._executions.get(request.get("executionArn"))
    if execution is None:
        return error_response_json("ExecutionDoesNotExist", "Execution does not exist", 400)
    if execution["status"] not in {"FAILED", "ABORTED", "TIMED_OUT"}:
        return error_response_json("ExecutionNotRedrivable", f"Execution is {execution['status']}", 400)
    definition, count = _from_where_it_stopped(execution), execution.get("redriveCount", 0) + 1
    execution |= {"status": "RUNNING", "stopDate": None, "output": None, "error": None, "cause": None}
    execution |= {"redriveCount": count, "redriveDate": now_iso()}
    states._add_event(
        execution, "ExecutionRedriven", {"executionRedrivenEventDetails": {"redriveCount": count}}
    )
    # Through the module, so that what other mends put around a run is around this one.
    context = contextvars.copy_context()
    context.run(_next_definition.set, definition)
    threading.Thread(
        target=context.run, args=(states._run_execution, execution["executionArn"]), daemon=True
    ).start()
    return json_response({"redriveDate": execution["redriveDate"]})


_next_definition: contextvars.ContextVar[str | None] = contextvars.ContextVar("redriven", default=None)
_bare_run: Any = states._run_execution


def _run(arn: str) -> None:
    execution = states._executions[arn]
    machine = states._state_machines.get(execution["stateMachineArn"])
    if machine is None:
        _bare_run(arn)  # says so
        return
    began_with = _definitions.setdefault(arn, machine["definition"])
    _run_by(_next_definition.get() or began_with, arn)


def apply() -> None:
    """Answer the action before the emulator says that there is none; tell the count."""
    bare_handle, bare_describe = states.handle_request, states._describe_execution
    states._run_execution = _run

    async def handle(method: str, path: str, headers: Any, body: Any, query_params: Any) -> Any:
        if headers.get("x-amz-target", "").endswith(".RedriveExecution"):
            return states._finalize_response(_redrive(json.loads(body)))
        return await bare_handle(method, path, headers, body, query_params)

    def describe(request: dict[str, Any]) -> Any:
        status, headers, body = bare_describe(request)
        execution = states._executions.get(request.get("executionArn"))
        if execution is None:
            return status, headers, body
        told = {name: execution.get(name) for name in ("redriveCount", "redriveDate") if name in execution}
        return json_response({"redriveCount": 0, **json.loads(body), **told})

    states.handle_request, states._describe_execution = handle, describe
