"""Recorder ids: the same for the same request, apart where two recorders may meet, never a person's."""

import re

import pytest
from earshot.platforms.recorders import in_range, named, numbered
from hypothesis import given
from hypothesis import strategies as st

RANGES = st.tuples(st.integers(1, 10**12), st.integers(1_000, 10**9))
WATCHES = st.text(min_size=1, max_size=80)
NUMBERS = st.integers(1, 10**6)


@given(RANGES, WATCHES, NUMBERS)
def test_a_number_lies_in_its_range_and_is_the_same_again(
    span: tuple[int, int], watch: str, number: int
) -> None:
    made = numbered(*span, watch, number)
    assert made == numbered(*span, watch, number)
    assert in_range(*span, made)
    assert in_range(*span, str(made))


@given(RANGES, WATCHES, NUMBERS, st.integers(1, 999))
def test_recorders_of_a_watch_that_may_overlap_are_told_apart(
    span: tuple[int, int], watch: str, number: int, later: int
) -> None:
    """Also where the range ends and begins again."""
    assert numbered(*span, watch, number) != numbered(*span, watch, number + later)


def test_watches_are_spread_over_the_range() -> None:
    made = {numbered(4_200_000_000, 1_000_000, f"{n}-primary", 1) for n in range(1_000)}
    assert len(made) > 990
    assert min(made) < 4_200_100_000
    assert max(made) > 4_200_900_000


@pytest.mark.parametrize(
    "other",
    [
        "",
        " 10",
        "10 ",
        "+10",
        "1_0",
        "10.0",
        "٢٠",
        "²",
        "-10",
        "9",
        "20",
        "ten",
        "1e1",
        "1" * 5_000,
        9,
        20,
        -10,
    ],
)
def test_what_is_outside_the_range_or_no_number_is_a_person(other: str | int) -> None:
    assert in_range(10, 10, other) is False


def test_the_edges_of_the_range_are_ours() -> None:
    assert [in_range(10, 10, n) for n in (9, 10, 19, 20)] == [False, True, True, False]


@given(st.sampled_from(["earshot_", "r-", "_"]), WATCHES, NUMBERS)
def test_a_name_is_of_letters_that_every_platform_takes(prefix: str, watch: str, number: int) -> None:
    assert re.fullmatch(f"{prefix}[a-z2-7]{{20}}", named(prefix, watch))
    assert named(prefix, watch, number) == f"{named(prefix, watch)}_{number}"


@given(st.lists(WATCHES, min_size=2, max_size=50, unique=True))
def test_names_of_watches_differ(watches: list[str]) -> None:
    assert len({named("earshot_", watch) for watch in watches}) == len(watches)
