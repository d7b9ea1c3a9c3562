"""Lifecycle step: close the vendor's tasks."""

from typing import Any

from earshot import wiring
from earshot.clock import now_ms
from earshot.usecases.finish_stream import FinishStream

finish = FinishStream(wiring.store(), wiring.vendor, wiring.stop_queue(), wiring.hand_on(), now_ms)


def handler(event: dict[str, Any], _context: object) -> int:
    """Seconds to wait for the last callbacks."""
    return finish(event["watch_id"], release=event["release"])


wiring.ready()
