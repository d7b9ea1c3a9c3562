"""How long to wait before trying again."""

import math


def pause_s(attempt: int, *, base_s: float, cap_s: float, luck: float) -> int:
    """Whole seconds to wait before try ``attempt`` (from 1): exponential, half of it jitter.

    ``luck`` in [0, 1) spreads rooms that failed together; half of the wait is kept so that nobody hammers.
    """
    ceiling = min(cap_s, base_s * 2.0 ** min(attempt - 1, 30))
    return math.ceil(ceiling / 2 + luck * ceiling / 2)
