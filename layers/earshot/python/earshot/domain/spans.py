"""Stretches of time: pairs of epoch milliseconds, the end not in them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

Span = tuple[int, int]
Whose = TypeVar("Whose")
DAY_MS = 86_400_000


def union(spans: Iterable[Span]) -> list[Span]:
    """The spans, sorted, with overlaps joined."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def clip(spans: Iterable[Span], window: Span) -> list[Span]:
    """The parts of the spans inside the window."""
    inside = ((max(start, window[0]), min(end, window[1])) for start, end in spans)
    return [(start, end) for start, end in inside if end > start]


def rest_of(window: Span, spans: Iterable[Span]) -> list[Span]:
    """The parts of the window that no span covers."""
    left, since = [], window[0]
    for start, end in clip(union(spans), window):
        left.append((since, start))
        since = end
    return clip([*left, (since, window[1])], window)


def length(spans: Iterable[Span]) -> int:
    """Of all together, each counted."""
    return sum(end - start for start, end in spans)


def days(window: Span) -> Iterator[Span]:
    """The window's parts in each day of UTC."""
    since = window[0]
    while since < window[1]:
        midnight = (since // DAY_MS + 1) * DAY_MS
        yield since, min(midnight, window[1])
        since = midnight


def shares(spans: Sequence[tuple[Span, Whose]]) -> Iterator[tuple[Whose, int, bool]]:
    """Every stretch that somebody covers, once for each who does: (whose, its length, whether another does already).

    Of several, the one who began first is not beside another.
    """
    inside = sorted(((span, whose) for span, whose in spans if span[1] > span[0]), key=lambda pair: pair[0])
    edges = sorted({edge for span, _ in inside for edge in span})
    for start, end in pairwise(edges):
        there = [whose for span, whose in inside if span[0] <= start and end <= span[1]]
        for position, whose in enumerate(there):
            yield whose, end - start, position > 0
