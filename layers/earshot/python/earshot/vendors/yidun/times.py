"""The vendor's times as moments."""

from collections.abc import Callable, Mapping
from typing import Any

EARLIEST = 1_000_000_000_000
"""2001. A smaller number counts from the start of the stream, whatever the setting says."""
LATEST = 253_402_300_799_999
"""The last millisecond of 9999."""
Clock = Callable[[int | float | None], int | None]


def moment(value: int | float | None) -> int | None:
    """Epoch ms; None for what cannot be one."""
    return int(value) if value is not None and EARLIEST <= value <= LATEST else None


def clock(options: Mapping[str, Any]) -> Clock:
    """How times of results are read, by ``resultTimes``: "epoch" (the default: the pages do not say, and the query
    calls use it; unconfirmed), or "stream": from its start, which we do not know, so they are no moments."""
    return moment if options.get("resultTimes", "epoch") == "epoch" else lambda _: None
