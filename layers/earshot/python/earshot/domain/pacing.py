"""Slots in time: how far apart they are, so that a limit holds where the calls arrive; and how many streams are kept
back for renewals.

A call leaves at its slot or up to :data:`TOLERANCE_MS` after it, and some are longer on their way than others. Two
calls that arrive within a second left their slots within a second and that spread; so slots lie a limit's share of
*that* apart. The price is the rate: a little more than N / limit seconds for N calls.
"""

TOLERANCE_MS = 30
"""Whoever comes later after its slot has lost it: a sleep that overslept, a cold start, a clock that is behind."""
WAY_MS = 40
"""How much longer one call may be on its way to the vendor than another."""
ROUNDING_MS = 1
"""Slots are kept in microseconds, and told in milliseconds."""
SPREAD_MS = TOLERANCE_MS + WAY_MS + ROUNDING_MS
REST_MS = 1_500
"""A slot that is nearer is waited for on the spot."""
BLINK_MS = 10
BLINK_SHARE = 0.3
"""Some vendors also allow only this share of the limit within any ten milliseconds: what may bunch up in them is what
has its slot within a spread, which is less, for any limit of which that share is a whole call."""
SECOND_US = 1_000_000
RENEWALS_PERCENT = 5


def interval_us(per_s: float) -> int:
    """Microseconds between two slots, for at most ``per_s`` calls in any second at the other side.

    With an interval above (1 s + spread) / limit, two calls that arrive within a second are fewer than ``limit``
    slots apart; what a limit has above a whole number is of no use for that.
    """
    limit = int(per_s) if per_s >= 1 else per_s
    return int((SECOND_US + SPREAD_MS * 1_000) // limit) + 1


def slot_ms(slot_us: int) -> int:
    """The first millisecond that is not before the slot."""
    return -(-slot_us // 1_000)


def is_lost(slot: int, now: int) -> bool:
    """Whether the caller comes too late for its slot (epoch ms)."""
    return now > slot + TOLERANCE_MS


def wait_ms(slot: int, now: int) -> int:
    """How long to stay away so that the rest is short; 0: rest on the spot."""
    return max(0, slot - now - REST_MS)


def most_for_new(streams: int) -> int:
    """How many of a vendor's streams new rooms may have: a room that is heard must not go unheard because there is no
    place for its next ear."""
    return streams if streams == 1 else streams - max(1, streams * RENEWALS_PERCENT // 100)
