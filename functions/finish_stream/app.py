"""Lifecycle step: close the vendor's tasks."""

from typing import Any

from earshot import wiring
from earshot.clock import now_ms, rest
from earshot.usecases.finish_stream import FinishStream
from earshot.usecases.reconcile_tasks import first_check
from earshot.usecases.stop_queue import StopQueue

store = wiring.store()
finish = FinishStream(store, wiring.vendor, StopQueue(store, first_check, rest, now_ms))


def handler(event: dict[str, Any], _context: object) -> int:
    """Seconds to wait for the last callbacks."""
    return finish(event["watch_id"], release=event["release"])


wiring.ready()
