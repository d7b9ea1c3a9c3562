"""What happens to the records of a table stream that a function fails on.

AWS: with ``ReportBatchItemFailures`` the batch is delivered again from the lowest failed record; after
``MaximumRetryAttempts`` what is left goes to the on-failure destination and the shard moves on; with
``BisectBatchOnFunctionError`` the poison record is found by halving.
Bare emulator: failed items are dropped as if they had succeeded; a raised error is retried for ever.
"""

from __future__ import annotations

import json
import time
from contextvars import ContextVar
from typing import Any

from ministack.services import lambda_svc

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 2.0  # seconds between deliveries of the same record

Record = dict[str, Any]
Result = dict[str, Any]
_polling: ContextVar[bool] = ContextVar("polling_table_streams", default=False)


def apply() -> None:
    """Deliver with retries whenever it is the stream poller that invokes."""
    bare_poll, bare_execute = lambda_svc._poll_dynamodb_streams, lambda_svc._execute_function

    def poll() -> Any:
        token = _polling.set(True)
        try:
            return bare_poll()
        finally:
            _polling.reset(token)

    def execute(func: Any, event: Any) -> Result:
        mapping = _mapping_for(func, event) if _polling.get() else None
        if mapping is None:
            return bare_execute(func, event)  # type: ignore[no-any-return]
        token = _polling.set(False)  # the emulator may come back here for the same invocation
        try:
            return _Shard(func, mapping, bare_execute).deliver(event["Records"])
        finally:
            _polling.reset(token)

    lambda_svc._poll_dynamodb_streams, lambda_svc._execute_function = poll, execute


def _mapping_for(func: Any, event: Any) -> Any:
    """The event source mapping that this batch came through."""
    source = event["Records"][0]["eventSourceARN"]
    name = (func.get("config") or func).get("FunctionName")
    found = (esm for _account, _region, esm in lambda_svc._iter_all_esms())
    return next((e for e in found if (e["EventSourceArn"], e["FunctionName"]) == (source, name)), None)


def _named(answer: Any) -> list[Any]:
    """The records that a function's answer names as failed."""
    read = (json.loads(answer) if isinstance(answer, str | bytes) else answer) or {}
    return [item.get("itemIdentifier") for item in read.get("batchItemFailures") or []]


class _Shard:
    def __init__(self, func: Any, mapping: Any, invoke: Any) -> None:
        self._func, self._mapping, self._invoke = func, mapping, invoke

    def deliver(self, records: list[Record]) -> Result:
        """Deliver until nothing is left; an error result makes the emulator fetch the same records again."""
        result, attempt = self._invoke(self._func, {"Records": records}), 0
        while (failed := self._first_failed(result, records)) is not None:
            attempt = attempt + 1 if failed == 0 else 1  # progress begins a new count, as on AWS
            records = records[failed:]
            if self._mapping.get("MaximumRetryAttempts", -1) < 0:
                return {"body": {}, "error": True}
            if attempt > self._mapping["MaximumRetryAttempts"]:
                return self._give_up(records, result)
            if len(records) > 1 and self._mapping.get("BisectBatchOnFunctionError"):
                self.deliver(records[: len(records) // 2])
                return self.deliver(records[len(records) // 2 :])
            time.sleep(min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE))
            result = self._invoke(self._func, {"Records": records})
        return result  # type: ignore[no-any-return]

    def _first_failed(self, result: Result, records: list[Record]) -> int | None:
        """Index of the lowest failed record; an answer that names no known record fails the whole batch."""
        if result.get("error"):
            return 0
        if "ReportBatchItemFailures" not in (self._mapping.get("FunctionResponseTypes") or []):
            return None
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        return min(
            (numbers.index(n) if n in numbers else 0 for n in _named(result.get("body"))), default=None
        )

    def _give_up(self, records: list[Record], result: Result) -> Result:
        stream = self._mapping["EventSourceArn"]
        lambda_svc._send_ddb_stream_failure_record(
            self._mapping, self._func, records, stream, result, "RetryAttemptsExhausted"
        )
        return {"body": {}}
