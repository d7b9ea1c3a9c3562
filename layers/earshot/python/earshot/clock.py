"""The only place that asks what time it is; everything else takes it as an argument."""

import time
from datetime import UTC, datetime


def now_ms() -> int:
    """Epoch milliseconds."""
    return time.time_ns() // 1_000_000


def iso(milliseconds: int) -> str:
    """``2026-11-21T02:00:00.123Z``."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def rest(seconds: float) -> None:
    """Wait: only where a platform's rate limit asks for it."""
    time.sleep(seconds)
