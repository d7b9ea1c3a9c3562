"""A function that is an EventBridge rule's target is invoked asynchronously.

AWS: an event that the function fails on is retried and then goes to its on-failure destination.
Bare emulator: invoked once; a failure is logged nowhere and the event is gone.
"""

from __future__ import annotations

import json
from typing import Any

from ministack.services import eventbridge, lambda_svc


def apply() -> None:
    """Send the rule's event down the same road as an ``Event`` invocation."""
    bare = eventbridge._dispatch_to_lambda

    def dispatch(arn: str, payload: str) -> Any:
        func, config, _name = lambda_svc._get_func_record_for_ref(arn)
        if not func or not config:
            return bare(arn, payload)  # says so in the log
        record = lambda_svc._execution_record_for_config(func, config)
        return lambda_svc.invoke_async_with_retry(record, json.loads(payload))

    eventbridge._dispatch_to_lambda = dispatch
