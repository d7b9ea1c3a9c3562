"""Which live watches have lost whoever looked after them. Decided from facts that are read in bulk, so each of them
may be a moment old: what age does not prove counts only if the next look finds the same."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from earshot.domain import ids
from earshot.domain.ears import unfinished
from earshot.domain.room import Occurrence, Room
from earshot.domain.watch import Status, Task, Watch

YOUNG_MS = 60_000
"""So long after its claim a watch's first execution may still be on its way."""
DELIVERY_MS = 40_000
"""So long a parked watch may not have been told of a signal: far longer than it takes."""
PAUSE_MS = 15 * 60_000
"""Longer than a watch that nobody closes is ever between two decisions without being parked: the cap of its retries
comes on top."""
CLOSING_MS = 15 * 60_000
"""So long after its last word nobody may have asked the vendor to stop: ten thousand rooms that close at once wait
for their turns."""
HOUR_MS = 60 * 60_000
LEFT_MS = 7 * 24 * HOUR_MS
"""So long after its end a watch's remains are finished again and again; an operator has been told by then."""

CHORE = re.compile(r"(?P<watch_id>.+)-(?:late|reap|again)-[0-9]+")
"""An execution that finishes what a watch left, or was started by hand."""


class OrphanKind(StrEnum):
    """What was wrong. In this order they are mended: who is told that the room is over does not listen anew."""

    ROOM_OVER = "room_over"
    UNDRIVEN = "undriven"
    UNDELIVERED = "undelivered"
    STUCK = "stuck"
    LEFT_RUNNING = "left_running"


@dataclass(frozen=True)
class LiveWatch:
    """A watch that is not over, or that left something at its vendor; whether its execution is parked on a token."""

    watch: Watch
    is_parked: bool


@dataclass(frozen=True)
class Suspicion:
    """``since``: when it lost its owner, as far as the items tell, epoch ms. Two looks that find the same are equal:
    of a watch that moves it is another one. ``reason``: why a room is over, or which signal was not delivered."""

    kind: OrphanKind
    watch_id: str
    generation: int
    moved_at: int | None
    since: int
    reason: str = ""


class Running:
    """Executions that run, by their names."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        found = (CHORE.fullmatch(name) for name in self._names)
        self._chores = frozenset(match["watch_id"] for match in found if match)

    def drives(self, watch: Watch) -> bool:
        """Whether one of them is to bring the watch to its end. One of an earlier generation steps aside."""
        return execution_name(watch) in self._names or self.tidies(watch)

    def tidies(self, watch: Watch) -> bool:
        """Whether one of them finishes what the watch left."""
        return watch.watch_id in self._chores


def execution_name(watch: Watch) -> str:
    """The name of the execution that drives a watch now."""
    return f"{watch.watch_id}-g{watch.generation}" if watch.generation else watch.watch_id


MOMENTARY = frozenset({OrphanKind.ROOM_OVER, OrphanKind.UNDRIVEN, OrphanKind.STUCK})
"""What may be so for a moment: reads are behind, an execution is about to be started, or has just been."""
Held = Mapping[str, Occurrence | None]
"""The latest session of each room that was asked for, by the room's key; None: it has none."""


def suspicions(here: LiveWatch, running: Running, held: Held, now: int) -> list[Suspicion]:
    """What seems to be wrong with one watch."""
    watch = here.watch
    if watch.is_over:
        return _left(watch, running, now)
    if not here.is_parked and _is_young(watch, now):
        return []
    found = _room_over(watch, held, now)
    if not running.drives(watch):
        return [*found, _of(OrphanKind.UNDRIVEN, watch, last_move(watch))]
    signal = watch.signal
    if here.is_parked:
        if signal is not None and now - signal.at > DELIVERY_MS:
            found.append(_of(OrphanKind.UNDELIVERED, watch, signal.at, signal.signal_id))
    elif _is_stuck(watch, now):
        found.append(_of(OrphanKind.STUCK, watch, last_move(watch)))
    return found


def last_move(watch: Watch) -> int:
    """When it was last known to be looked after, epoch ms."""
    return max(watch.opened_at, watch.status_at, watch.moved_at or 0)


def is_ending(watch: Watch) -> bool:
    """It opens nothing any more; a vendor that does not acknowledge may keep it so for a day."""
    return watch.last_word is not None or watch.status is Status.FAILED


def places_of(watch: Watch) -> list[Room]:
    """The room (and the stream) whose record says whether its session is over."""
    return [watch.room, watch.room.stream(str(watch.stream_id))] if _is_of_stream(watch) else [watch.room]


def _is_of_stream(watch: Watch) -> bool:
    return watch.stream_id is not None and watch.watch_id != ids.watch_id(watch.session_id, watch.role)


def _is_young(watch: Watch, now: int) -> bool:
    """Nobody may have come to it yet. ``opened_at`` does not say: an event may come late."""
    is_new = watch.generation == 0 and watch.status is Status.OPENING and watch.moved_at is None
    return is_new and now - watch.status_at <= YOUNG_MS


def _left(watch: Watch, running: Running, now: int) -> list[Suspicion]:
    closed_at = watch.closed_at if watch.closed_at is not None else watch.status_at
    if running.tidies(watch) or running.drives(watch) or now - closed_at > LEFT_MS:
        return []
    return [_of(OrphanKind.LEFT_RUNNING, watch, closed_at)]


def _room_over(watch: Watch, held: Held, now: int) -> list[Suspicion]:
    if watch.last_word is not None or any(place.key not in held for place in places_of(watch)):
        return []
    over = over_since(watch, held)
    if over is None:
        return []
    at, reason = over
    return [_of(OrphanKind.ROOM_OVER, watch, last_move(watch) if at is None else min(at, now), reason)]


def over_since(watch: Watch, held: Held) -> tuple[int | None, str] | None:
    """When its session ended (None: nobody knows), and why; None while it lasts. The records know it first; the
    signals that follow from them may be lost."""
    room = held[watch.room.key]
    if room is None:
        return None, "room_closed"
    if room.session_id != watch.session_id:
        return room.opened_at, dict(room.untold).get(watch.session_id, "superseded")
    if not room.is_open:
        return room.closed_at, "room_closed"
    return _stream_over(watch, held) if _is_of_stream(watch) else None


def _stream_over(watch: Watch, held: Held) -> tuple[int | None, str] | None:
    stream = held[watch.room.stream(str(watch.stream_id)).key]
    if stream is None:
        return None, "stream_stopped"
    if ids.watch_id(watch.session_id, watch.role, stream.session_id) != watch.watch_id:
        return stream.opened_at, "superseded"
    return None if stream.is_open else (stream.closed_at, "stream_stopped")


def _is_stuck(watch: Watch, now: int) -> bool:
    if is_ending(watch):
        told_at = watch.last_word.at if watch.last_word else 0
        return now - max(told_at, last_move(watch)) > CLOSING_MS
    cap_ms = round(float(watch.plan.get("retry", {}).get("cap_s", 0)) * 1000)
    return now - last_move(watch) > PAUSE_MS + cap_ms


def _of(kind: OrphanKind, watch: Watch, since: int, reason: str = "") -> Suspicion:
    return Suspicion(kind, watch.watch_id, watch.generation, watch.moved_at, since, reason)


@dataclass(frozen=True)
class Price:
    """What an hour of a vendor's listening costs."""

    per_hour: float
    currency: str


@dataclass(frozen=True)
class Orphan:
    """What was found, and mended: of a watch, one task that the vendor may have run meanwhile (None: none).

    ``seconds``: for so long nobody looked after it. ``cost``: of these seconds, if the task ran and a price is known.
    """

    kind: OrphanKind
    watch: Watch
    vendor: str
    task_ref: str | None
    task_id: str | None
    since: int
    found_at: int
    price: Price | None = None

    @property
    def seconds(self) -> float:
        return round(max(0, self.found_at - self.since) / 1000, 1)

    @property
    def cost(self) -> float | None:
        if self.price is None or self.task_id is None:
            return None
        return round(self.seconds / 3600 * self.price.per_hour, 6)


def orphans(
    found: Suspicion, watch: Watch, tasks: Iterable[Task], prices: Mapping[str, Price | None], now: int
) -> list[Orphan]:
    """One for each task that the vendor may still run."""
    left = {(task.vendor, task.called): task for task in unfinished(list(tasks))}
    many = [
        Orphan(
            *(found.kind, watch, task.vendor, task.task_ref, task.called),
            since=max(found.since, task.accepted_at or task.submitted_at),
            found_at=now,
            price=prices.get(task.vendor),
        )
        for task in left.values()
    ]
    none = Orphan(found.kind, watch, watch.plan["vendor"], None, None, found.since, now)
    return many or [none]
