"""Lifecycle step: settle the ledger, end the watch, add to the day's totals."""

from typing import Any

from earshot import wiring
from earshot.clock import now_ms
from earshot.usecases.close_watch import CloseWatch

close = CloseWatch(wiring.store(), now_ms)


def handler(event: dict[str, Any], _context: object) -> dict[str, bool]:
    """Whether the watch did what it was for."""
    return close(event["watch_id"], abandoned=event["abandoned"])


wiring.ready()
