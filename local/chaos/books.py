"""What happened, by the doubles' journals and states, the table and the bus; never by our own logs.

Times are seconds since the doubles' clock began (their ``second``); ``origin`` is that moment in epoch seconds. The
journals and states are what ``GET /_double/journal`` and ``GET /_double/state`` answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Json = Any


@dataclass(frozen=True)
class Room:
    """``spans``: when somebody was in it, or its backend had it open; ``told``: when anything about it was taken from
    its platform or backend. Of what nobody tells nobody can know."""

    platform: str
    room_id: str
    spans: tuple[tuple[float, float], ...]
    told: tuple[float, ...]


@dataclass(frozen=True)
class VendorTask:
    """A task that a vendor accepted. ``started`` and ``ended`` by the vendor; ``entered``: its recorder got into the
    room; ``end_told``: when its notice of the end was first acknowledged; ``answered``: when the answer to its
    submission left, None if nobody ever got it, and ``answered_last`` when the last one that named it did;
    ``finished``: the first finish call that was answered; ``known_at``: when anything of its was first acknowledged;
    ``silent_s``: the longest without a sign of it; ``signs``: when each was acknowledged. ``hears_from``: when it
    began to hear, if not at once; ``lost``: since when it heard nothing, though it had not ended. ``tells_end``: the
    vendor gives notice of ends. ``deaf_s``: so long a new one is not believed to hear."""

    vendor: str
    id: str
    room: str
    watch_id: str
    started: float
    ended: float | None
    how: str
    entered: bool
    billed_s: float
    answered: float | None
    finished: float | None
    end_told: float | None
    known_at: float | None
    silent_s: float = 0.0
    signs: tuple[float, ...] = ()
    hears_from: float | None = None
    lost: float | None = None
    tells_end: bool = True
    deaf_s: float = 0.0
    answered_last: float | None = None

    @property
    def over(self) -> float | None:
        """When it heard for the last time."""
        return min((at for at in (self.ended, self.lost) if at is not None), default=None)


@dataclass(frozen=True)
class Submission:
    """A call that reached a vendor's door, with the credential in it."""

    vendor: str
    second: float
    watch_id: str
    task_ref: str
    credential: str
    taken: bool


@dataclass(frozen=True)
class Push:
    """A result that was acknowledged with 200."""

    vendor: str
    task_id: str
    segment_id: str
    second: float
    is_hit: bool


@dataclass(frozen=True)
class Refusal:
    """A call that came too fast, or a stream too many."""

    where: str
    operation: str
    code: int
    second: float


@dataclass(frozen=True)
class Event:
    """What our bus carried."""

    second: float
    kind: str
    detail: Mapping[str, Json]


@dataclass(frozen=True)
class Watch:
    """As the table has it in the end; times in seconds of the run. ``signs``: the vendors of its plan that something
    is heard of even if nobody speaks."""

    watch_id: str
    platform: str
    room_id: str
    status: str
    failed: bool
    keeps_hits: bool
    opened: float
    closed: float | None
    ledger: Mapping[str, Json] | None
    signs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Execution:
    """One of the machine's."""

    name: str
    status: str
    events: int = 0


@dataclass(frozen=True)
class Books:
    """Everything. ``until``: when they were closed; ``segment_s``: how long a vendor's segment is; ``skew_ms``: by
    how much a container's clock may have been off; ``lag_s``: how long an answer may have been on its way;
    ``late_s``: how late what was acknowledged may have been understood; ``letters``: how many were dead-lettered,
    lost room events apart."""

    until: float
    segment_s: float = 10.0
    skew_ms: int = 0
    lag_s: float = 0.0
    late_s: float = 0.0
    rooms: tuple[Room, ...] = ()
    tasks: tuple[VendorTask, ...] = ()
    submissions: tuple[Submission, ...] = ()
    pushes: tuple[Push, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    events: tuple[Event, ...] = ()
    watches: tuple[Watch, ...] = ()
    executions: tuple[Execution, ...] = ()
    letters: int = 0


def union(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Sorted, overlaps joined."""
    joined: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def uncovered(span: tuple[float, float], by: Iterable[tuple[float, float]]) -> float:
    """Seconds of a span that none of the others covers."""
    start, end = span
    left = end - start
    for begins, ends in union(by):
        left -= max(0.0, min(end, ends) - max(start, begins))
    return left
