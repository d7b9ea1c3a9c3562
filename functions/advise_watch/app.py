"""Lifecycle step: look at the facts and choose the next state."""

import random
from typing import Any

from earshot import wiring
from earshot.clock import now_ms
from earshot.usecases.advise_watch import AdviseWatch

advise = AdviseWatch(wiring.store(), now_ms, random.random)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """The machine's state for its next round."""
    return advise(event["watch_id"], event["error"])


wiring.ready()
