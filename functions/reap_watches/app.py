"""Every minute, for most of it: live watches that nobody looks after."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from earshot import wiring
from earshot.clock import now_ms, rest
from earshot.settings import require
from earshot.usecases.executions import Executions
from earshot.usecases.reap_watches import ReapWatches
from earshot.usecases.wake import Wake

if TYPE_CHECKING:
    from earshot.domain.orphans import Orphan, Price

RUN_MS = 50_000
"""Four looks; the time-out is longer by what the last of them may have to mend."""

states = wiring.client("stepfunctions")
BUS_NAME = require("BUS_NAME")


def tell(orphans: "Sequence[Orphan]") -> None:
    """Few runs find anything: what an event costs to make is imported then."""
    from earshot.contract.moderation_events import SOURCE  # noqa: PLC0415
    from earshot.usecases.bus import Bus  # noqa: PLC0415
    from earshot.usecases.outgoing import orphan_event  # noqa: PLC0415

    Bus(wiring.client("events"), BUS_NAME, SOURCE).tell([orphan_event(orphan) for orphan in orphans])


def price(vendor: str) -> "Price | None":
    """Asked as seldom."""
    from earshot.prices import Prices  # noqa: PLC0415

    return Prices(wiring.keyring())(vendor)


reap = ReapWatches(
    store=wiring.store(),
    machine=Executions(states, require("STATE_MACHINE_ARN"), rest),
    start=wiring.starter(),
    wake=Wake(states),
    price=price,
    call=lambda vendor: wiring.hand_on().again(vendor),
    tell=tell,
    rest=rest,
    now=now_ms,
)


def handler(_event: dict[str, Any], _context: object) -> dict[str, int]:
    """How many watches are live, and how many of each kind were found."""
    run = reap(now_ms() + RUN_MS)
    return {"live": run.live, **run.found}


wiring.ready()
