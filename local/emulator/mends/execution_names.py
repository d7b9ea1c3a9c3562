"""Starting a Standard execution is idempotent while it runs.

AWS: same name and same input as a running execution answers with that execution.
Bare emulator: ``ExecutionAlreadyExists``, whatever the input.
"""

from __future__ import annotations

from typing import Any

from ministack.core.responses import get_account_id, get_region, json_response
from ministack.services import stepfunctions as states


def _running_twin(request: dict[str, Any]) -> Any:
    """The running execution that this request names with the same input, if there is one."""
    known = states._resolve_state_machine_arn(request.get("stateMachineArn", ""))
    machine = states._state_machines.get(known)
    if not machine or not request.get("name"):
        return None
    arn = f"arn:aws:states:{get_region()}:{get_account_id()}:execution:{machine['name']}:{request['name']}"
    twin = states._executions.get(arn)
    same = twin and twin["status"] == "RUNNING" and twin["input"] == request.get("input", "{}")
    return twin if same else None


def apply() -> None:
    """Look for the twin first."""
    bare = states._start_execution

    def start(request: dict[str, Any]) -> Any:
        twin = _running_twin(request)
        if twin:
            return json_response({"executionArn": twin["executionArn"], "startDate": twin["startDate"]})
        return bare(request)

    states._start_execution = start
