"""How long to wait."""

import pytest
from earshot.domain.backoff import pause_s
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("attempt", "luck", "seconds"),
    [(1, 0.0, 1), (1, 0.999, 2), (2, 0.0, 2), (3, 0.0, 4), (3, 0.5, 6), (8, 0.0, 128), (20, 0.0, 150)],
)
def test_it_doubles_up_to_the_cap(attempt: int, luck: float, seconds: int) -> None:
    assert pause_s(attempt, base_s=2, cap_s=300, luck=luck) == seconds


def test_no_base_is_no_wait() -> None:
    assert pause_s(5, base_s=0, cap_s=300, luck=0.9) == 0


@given(
    st.integers(1, 10_000),
    st.floats(0, 3_600),
    st.floats(0, 3_600),
    st.floats(0, 1, exclude_max=True),
)
def test_half_is_kept_and_the_cap_holds(attempt: int, base_s: float, cap_s: float, luck: float) -> None:
    wait = pause_s(attempt, base_s=base_s, cap_s=cap_s, luck=luck)
    ceiling = min(cap_s, base_s * 2.0 ** min(attempt - 1, 30))
    assert ceiling / 2 <= wait <= ceiling + 1
    assert isinstance(wait, int)


def test_luck_spreads_those_that_failed_together() -> None:
    assert len({pause_s(8, base_s=2, cap_s=300, luck=n / 100) for n in range(100)}) > 50
