"""Lifecycle step: open the vendor task."""

from typing import Any

from earshot import wiring
from earshot.clock import now_ms
from earshot.settings import base_url
from earshot.usecases.submit_stream import SubmitStream

keys = wiring.callback_keys()
submit = SubmitStream(
    store=wiring.store(),
    vendor=wiring.vendor,
    callback_base=base_url("CALLBACK_BASE_URL"),
    callback_key=lambda: keys(None)[0],
    health=wiring.vendor_health(),
    pace=wiring.pace(),
    per_s=wiring.limits().submits_per_s,
    hand_on=wiring.hand_on(),
    now=now_ms,
)


def handler(state: dict[str, Any], _context: object) -> dict[str, Any]:
    """The machine's state for its next round."""
    return submit(state)


wiring.ready()
