"""Every minute: finished tasks, whether they ended and what of theirs never came."""

from typing import Any

from earshot import wiring
from earshot.clock import now_ms
from earshot.usecases.reconcile_tasks import ReconcileTasks
from earshot.vendors import registry

RUN_MS = 45_000
"""Shorter than the time-out by the longest look at one task."""

reconcile = ReconcileTasks(
    store=wiring.store(),
    vendor=wiring.vendor,
    auditor=wiring.auditor,
    door=registry.door,
    stop=wiring.stop_queue(),
    now=now_ms,
)


def handler(_event: dict[str, Any], _context: object) -> dict[str, int]:
    """How many tasks were looked at."""
    return {"looked": reconcile(now_ms() + RUN_MS)}


wiring.ready()
