"""However late callers are within the tolerance, and however their ways differ: no window holds too many."""

from bisect import bisect_left

import pytest
from earshot.domain import pacing
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.support.makers import START

LIMITS = st.integers(1, 500)
DELAYS = pacing.TOLERANCE_MS + pacing.WAY_MS
LATENESS = st.lists(st.integers(0, DELAYS), min_size=1, max_size=60)


def slots(per_s: int, calls: int) -> list[int]:
    """As the table hands them out."""
    interval = pacing.interval_us(per_s)
    return [pacing.slot_ms(START * 1000 + number * interval) for number in range(calls)]


def arrivals(per_s: int, calls: int, late: list[int]) -> list[int]:
    """Epoch ms at the vendor, sorted; the pattern of lateness repeats."""
    return sorted(slot + late[number % len(late)] for number, slot in enumerate(slots(per_s, calls)))


def most_within(at: list[int], window_ms: int) -> int:
    """In any half-open window."""
    return max(bisect_left(at, when + window_ms) - number for number, when in enumerate(at))


@given(LIMITS, LATENESS)
def test_no_second_holds_more_than_the_limit(per_s: int, late: list[int]) -> None:
    assert most_within(arrivals(per_s, 3 * per_s + 5, late), 1_000) <= per_s


@given(LIMITS, LATENESS)
def test_no_ten_milliseconds_hold_more_than_their_share(per_s: int, late: list[int]) -> None:
    at = arrivals(per_s, 3 * per_s + 5, late)
    assert most_within(at, pacing.BLINK_MS) <= max(1, pacing.BLINK_SHARE * per_s)


@pytest.mark.parametrize("per_s", [1, 2, 4, 10, 33, 100, 500])
def test_the_worst_that_can_happen_is_just_within_the_limit(per_s: int) -> None:
    """All of a second's calls late, the next ones early."""
    at = sorted(
        slot + (DELAYS if number < per_s else 0) for number, slot in enumerate(slots(per_s, 3 * per_s))
    )
    assert most_within(at, 1_000) <= per_s


@given(LIMITS, st.integers(1, 20_000))
def test_many_calls_take_a_tenth_longer_than_the_limit_at_most(per_s: int, calls: int) -> None:
    last = slots(per_s, calls)[-1] - START + DELAYS
    assert last <= 1_100 * calls / per_s + DELAYS + 1
    if calls > 10 * per_s:
        assert last <= 1_090 * calls / per_s


def test_a_limit_of_less_than_one_a_second_holds_and_a_broken_one_is_rounded_down() -> None:
    assert pacing.interval_us(0.5) > 2_000_000
    assert pacing.interval_us(2.9) == pacing.interval_us(2)


@pytest.mark.parametrize(
    ("now", "lost", "wait_ms"),
    [
        (-2_000, False, 500),
        (-1_501, False, 1),
        (-1_500, False, 0),
        (0, False, 0),
        (30, False, 0),
        (31, True, 0),
    ],
)
def test_when_to_stay_away_and_when_a_slot_is_lost(now: int, lost: bool, wait_ms: int) -> None:
    assert pacing.is_lost(START, START + now) is lost
    assert pacing.wait_ms(START, START + now) == wait_ms


@pytest.mark.parametrize(
    ("streams", "most"), [(1, 1), (2, 1), (19, 18), (20, 19), (39, 38), (40, 38), (1_000, 950)]
)
def test_some_streams_are_kept_for_renewals(streams: int, most: int) -> None:
    assert pacing.most_for_new(streams) == most
