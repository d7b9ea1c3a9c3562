"""Lifecycle step: obtain the recorder's credential."""

from typing import Any

from earshot import wiring
from earshot.clock import now_ms
from earshot.usecases.mint_credential import MintCredential
from earshot.vendors import registry

mint = MintCredential(wiring.store(), wiring.platform, registry.needs_credential, now_ms)


def handler(event: dict[str, Any], _context: object) -> int:
    """The number of the credential; the credential itself stays on the table."""
    return mint(event["watch_id"])


wiring.ready()
