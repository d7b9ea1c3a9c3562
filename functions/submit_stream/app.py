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
    now=now_ms,
)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """The machine's state for its next round."""
    return submit(event["watch_id"], event["number"])


wiring.ready()
