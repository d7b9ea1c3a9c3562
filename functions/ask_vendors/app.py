"""Every minute: what vendors tell of their tasks when they are asked, for nearly a minute."""

from typing import Any
from uuid import uuid4

from earshot import wiring
from earshot.clock import now_ms, rest
from earshot.usecases.ask_vendors import AskVendors
from earshot.vendors import registry

RUN_MS = 57_000
"""Until the next run comes; the time-out is longer by a round of calls and their writes."""

pace, per_s = wiring.pace(), wiring.limits().asks_per_s


def may_ask(vendor: str, patience_ms: int) -> bool:
    """Under the vendor's limit, of all functions together."""
    return pace.within(f"ask:{vendor}", per_s(vendor), patience_ms)


ask = AskVendors(
    store=wiring.store(),
    askers=wiring.askers,
    door=registry.door,
    may_ask=may_ask,
    new_id=lambda: str(uuid4()),
    rest=rest,
    now=now_ms,
)


def handler(_event: dict[str, Any], _context: object) -> dict[str, int]:
    """How many results were new."""
    return {"fresh": ask(now_ms() + RUN_MS)}


wiring.ready()
