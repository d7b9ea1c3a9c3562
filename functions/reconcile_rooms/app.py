"""Every minute: rooms that are believed open and may not be."""

from typing import Any

from earshot import wiring
from earshot.clock import now_ms, rest
from earshot.domain.attendance import Patience
from earshot.settings import seconds
from earshot.usecases.reconcile_rooms import ReconcileRooms
from earshot.usecases.recorders import Recorders

RUN_MS = 45_000
"""Shorter than the time-out by the longest call to a platform."""

reconcile = ReconcileRooms(
    store=wiring.store(),
    query=wiring.room_query,
    is_recorder=Recorders(wiring.plan_reader()),
    tell=wiring.room_teller(),
    rest=rest,
    now=now_ms,
    patience=Patience(grace=seconds("EMPTY_ROOM_GRACE_S"), look=seconds("ROOM_LOOK_S")),
)


def handler(_event: dict[str, Any], _context: object) -> dict[str, int]:
    """How many rooms were looked at, and how many closed."""
    run = reconcile(now_ms() + RUN_MS)
    return {"looked": run.looked, "closed": run.closed}


wiring.ready()
