"""The vendor's times as moments."""

from datetime import datetime
from typing import Any

LEAST_S, LEAST_MS = 1_000_000_000, 100_000_000_000
"""As seconds 2001, as ms 1973: an absolute time of now is above the one and, in seconds, far below the other."""
LATEST_MS = 253_402_300_799_999
"""The last millisecond of 9999."""


def moment(value: Any, unit: str) -> int | None:
    """Epoch ms of a number in ``unit`` ("ms", "s", or "auto": by its size); None for what cannot be one."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not LEAST_S <= value <= LATEST_MS:
        return None
    is_s = unit == "s" or (unit == "auto" and value < LEAST_MS)
    found = int(value * 1000) if is_s else int(value)
    return found if LEAST_MS <= found <= LATEST_MS else None


def written(value: Any) -> int | None:
    """Epoch ms of a time with a zone, as RFC 3339 writes it."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        return moment(round(found.timestamp() * 1000), "ms") if found.tzinfo else None
    except (ValueError, OverflowError):
        return None
