"""A Python function that raises fails with its exception's class name.

AWS: ``errorType`` is the class name, a state machine's Retry and Catch match it, and the process lives on.
Bare emulator: always ``Runtime.HandlerError``, no stack trace in the answer, and the worker is killed.
"""

from __future__ import annotations

from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

_MARK = "__earshot_raised__"
_BARE = '{"status": "error", "error": str(e), "trace": traceback.format_exc()}'
# Told as a success, because the emulator kills a worker that reports an error; execute() turns it back.
_MENDED = f"""{{"status": "ok", "result": {{"{_MARK}": {{
                "errorType": type(e).__name__, "errorMessage": str(e),
                "stackTrace": traceback.format_exc().splitlines()}}}}}}"""

Result = dict[str, Any]


def apply() -> None:
    """Make workers tell the class, and the emulator pass it on."""
    script = lambda_runtime._PYTHON_WORKER_SCRIPT
    if script.count(_BARE) != 1:
        raise RuntimeError("the emulator's worker script is not the one this mend knows")
    lambda_runtime._PYTHON_WORKER_SCRIPT = script.replace(_BARE, _MENDED)
    bare = lambda_svc._execute_function_warm

    def execute(func: Any, event: Any, request_id: str) -> Result:
        return as_lambda_would(bare(func, event, request_id))

    lambda_svc._execute_function_warm = execute


def as_lambda_would(result: Result) -> Result:
    """The emulator's invocation result, with the raised error (or the death of the process) named as on AWS."""
    body = result.get("body")
    if not isinstance(body, dict):
        return result
    if _MARK in body:
        raised = body[_MARK]
        log = "\n".join([*filter(None, [result.get("log")]), *raised["stackTrace"]])
        return {"body": raised, "error": True, "log": log}
    if result.get("error") and body.get("errorMessage") == "Worker process died":
        body["errorType"] = "Runtime.ExitError"
    return result
