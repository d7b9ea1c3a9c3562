"""Every minute: results that wait at a vendor, for nearly a minute."""

from typing import Any
from uuid import uuid4

from earshot import wiring
from earshot.clock import now_ms, rest
from earshot.usecases.poll_results import PollResults
from earshot.vendors import registry

RUN_MS = 57_000
"""Until the next run comes; the time-out is longer by a call and its writes."""

poll = PollResults(
    store=wiring.store(),
    pollers=wiring.pollers,
    door=registry.door,
    new_id=lambda: str(uuid4()),
    rest=rest,
    now=now_ms,
)


def handler(_event: dict[str, Any], _context: object) -> dict[str, int]:
    """How many results were new."""
    return {"fresh": poll(now_ms() + RUN_MS)}


wiring.ready()
