"""Stretches of time: joined, cut, shared out, split at midnight."""

from itertools import pairwise

from earshot.domain.spans import DAY_MS, Span, clip, days, length, rest_of, shares, union
from hypothesis import given
from hypothesis import strategies as st

a_span = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda s: (min(s), max(s)))
spans = st.lists(a_span, max_size=8)


def moments(some: list[Span]) -> list[int]:
    return sorted(moment for start, end in some for moment in range(start, end))


@given(spans)
def test_joined_spans_cover_the_same_moments(given_spans: list[Span]) -> None:
    joined = union(given_spans)
    assert moments(joined) == sorted(set(moments(given_spans)))
    assert all(before[1] < after[0] for before, after in pairwise(joined))


@given(spans, st.integers(0, 60), st.integers(0, 60))
def test_clipped_spans_stay_inside(given_spans: list[Span], start: int, lasts: int) -> None:
    inside = clip(given_spans, (start, start + lasts))
    assert all(start <= a < b <= start + lasts for a, b in inside)


@given(spans, a_span)
def test_what_is_covered_and_the_rest_are_the_window(given_spans: list[Span], window: Span) -> None:
    covered = clip(union(given_spans), window)
    assert sorted(moments(covered) + moments(rest_of(window, given_spans))) == list(range(*window))


@given(spans)
def test_every_moment_is_somebodys_first_and_beside_it_the_others(given_spans: list[Span]) -> None:
    shared = list(shares([(span, number) for number, span in enumerate(given_spans)]))
    first = sum(lasts for _, lasts, is_beside in shared if not is_beside)
    assert first == length(union(given_spans))
    assert sum(lasts for _, lasts, _ in shared) == length(given_spans)


def test_who_began_first_is_beside_nobody() -> None:
    assert list(shares([((5, 9), "late"), ((0, 7), "early")])) == [
        ("early", 5, False),
        ("early", 2, False),
        ("late", 2, True),
        ("late", 2, False),
    ]


def test_a_window_is_split_at_every_midnight() -> None:
    assert list(days((DAY_MS - 5, 2 * DAY_MS + 3))) == [
        (DAY_MS - 5, DAY_MS),
        (DAY_MS, 2 * DAY_MS),
        (2 * DAY_MS, 2 * DAY_MS + 3),
    ]
    assert list(days((7, 7))) == list(days((9, 7))) == []
