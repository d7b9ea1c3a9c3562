"""How long a Retry waits.

AWS: ``IntervalSeconds`` times ``BackoffRate`` to the power of the attempt, at most ``MaxDelaySeconds``, and with
``JitterStrategy: FULL`` a random part of that.
Bare emulator: no ceiling but its own 60 seconds, no jitter.
"""

from __future__ import annotations

import random
from typing import Any

from ministack.services import stepfunctions as states

Retrier = dict[str, Any]


def delay(retrier: Retrier, attempt: int) -> float:
    """Seconds before retry number ``attempt`` (0 is the first), unscaled."""
    seconds = float(retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** attempt)
    longest: float = retrier.get("MaxDelaySeconds", seconds)
    part = random.random() if retrier.get("JitterStrategy") == "FULL" else 1.0
    return min(seconds, longest) * part


def apply() -> None:
    """Wait where the retrier is chosen, and leave the emulator's own wait nothing to do."""
    bare = states._find_matching_retrier

    def find(retriers: list[Retrier], error: str, counts: dict[int, int]) -> tuple[Retrier | None, int]:
        retrier, index = bare(retriers, error, counts)
        if retrier is None:
            return None, index
        states._scaled_sleep(delay(retrier, counts.get(index, 0)))
        return {**retrier, "IntervalSeconds": 0}, index

    states._find_matching_retrier = find
