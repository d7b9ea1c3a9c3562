"""What a task token answers once its task is over.

AWS: ``TaskTimedOut`` for a task that has ended, ``InvalidToken`` for what never was a token, and of two answers to
one task the second comes too late.
Bare emulator: ``TaskDoesNotExist`` for both, and of two answers that come together both are taken, the last counts.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import stepfunctions as states

Request = dict[str, Any]
_issued: set[str] = set()
_answering = threading.Lock()


def _only_once(bare: Callable[[Request], Any]) -> Callable[[Request], Any]:
    def answer(request: Request) -> Any:
        token = request.get("taskToken", "")
        with _answering:
            task = states._task_tokens.get(token)
            if task and not task["event"].is_set():
                return bare(request)
        if task or token in _issued:
            return error_response_json("TaskTimedOut", "Task Timed Out: 'Provided task has ended'", 400)
        return error_response_json("InvalidToken", "Invalid Token: 'Invalid token'", 400)

    return answer


def apply() -> None:
    """Remember tokens as they are issued; look before an answer is taken."""
    bare_wait = states._invoke_with_callback

    def invoke_with_callback(resource: str, input_data: Any, token: str, state: Any) -> Any:
        _issued.add(token)
        return bare_wait(resource, input_data, token, state)

    states._invoke_with_callback = invoke_with_callback
    states._send_task_success = _only_once(states._send_task_success)
    states._send_task_failure = _only_once(states._send_task_failure)
    states._send_task_heartbeat = _only_once(states._send_task_heartbeat)
