"""Lifecycle step: choose who is to listen, and obtain the recorder's credential."""

import random
from typing import Any

from earshot import wiring
from earshot.clock import now_ms
from earshot.usecases.mint_credential import MintCredential
from earshot.vendors import registry

mint = MintCredential(
    store=wiring.store(),
    platform=wiring.platform,
    is_needed=registry.needs_credential,
    health=wiring.vendor_health(),
    pace=wiring.pace(),
    per_s=wiring.limits().mints_per_s,
    streams=wiring.streams(),
    now=now_ms,
    luck=random.random,
)


def handler(state: dict[str, Any], _context: object) -> dict[str, Any]:
    """The machine's state for its next step; the credential itself stays on the table."""
    return mint(state)


wiring.ready()
