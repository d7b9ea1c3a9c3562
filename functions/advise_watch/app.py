"""Lifecycle step: look at the facts and choose the next state."""

import random
from typing import Any

from earshot import wiring
from earshot.clock import now_ms
from earshot.settings import require
from earshot.usecases.advise_watch import AdviseWatch

advise = AdviseWatch(
    store=wiring.store(),
    health=wiring.vendor_health(),
    spending=wiring.spending(),
    books=wiring.books(),
    version=require("MACHINE_VERSION"),
    now=now_ms,
    luck=random.random,
)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """The machine's state for its next round."""
    return advise(event["state"], event["version"])


wiring.ready()
