"""Rooms that are believed open and may not be: a close was lost, or our own recorder keeps an empty room alive.

On a schedule, rooms that are due are looked at: the platform is asked who is in them, as often as it allows; where it
cannot be asked, its webhooks' count must do. A room that has been empty for the grace time is closed by an event.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Protocol

from earshot.domain.attendance import Attendance, Finding, Patience, find
from earshot.domain.room import Occurrence
from earshot.errors import EarshotError, Misconfigured
from earshot.log_codes import LogCode
from earshot.platforms.port import RoomQuery
from earshot.store.port import Attendances, Rooms
from earshot.telemetry import note
from earshot.usecases.room_telling import Tell, room_event

MOST_ROOMS = 5_000
"""Looked at in one run; what remains is due in the next, longest overdue first."""
MOST_AT_ONCE = 100
"""Rooms between two looks at the clock where there is nobody to ask."""
RETRY_MS = 60_000
"""When to look again where the platform did not answer."""


class ReconcileStore(Rooms, Attendances, Protocol):
    """What this use case needs of the store."""


@dataclass(frozen=True)
class Batch:
    """Open rooms of one app, and whom to ask about them."""

    platform: str
    app_id: str
    query: RoomQuery | None
    rooms: Sequence[tuple[Attendance, Occurrence]]


@dataclass
class Run:
    """What one run did. ``unasked``: apps whose settings lack what asking needs."""

    looked: int = 0
    closed: int = 0
    unasked: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True)
class ReconcileRooms:
    """See the module. ``query`` connects to a platform (None: it tells nothing), ``is_recorder`` by platform and user
    id, ``rest`` waits seconds, ``now`` is epoch ms."""

    store: ReconcileStore
    query: Callable[[str], RoomQuery | None]
    is_recorder: Callable[[str, str | int], bool]
    tell: Tell
    rest: Callable[[float], None]
    now: Callable[[], int]
    patience: Patience

    def __call__(self, until: int) -> Run:
        """Looks until ``until`` (epoch ms) at the latest."""
        run = Run()
        for batch in self._batches():
            if self.now() >= until:
                break
            people = self._people(batch, run)
            for here, latest in batch.rooms:
                if people is None:
                    self._put_off(here)
                    continue
                run.looked += 1
                run.closed += self._look(here, latest, people.get(here.room.room_id))
        note(LogCode.ES614, looked=run.looked, closed=run.closed)
        return run

    def _batches(self) -> Iterator[Batch]:
        def place(here: Attendance) -> tuple[str, str]:
            return here.room.platform, here.room.app_id

        due = sorted(self.store.due_rooms(self.now(), MOST_ROOMS), key=place)
        for (platform, app_id), group in groupby(due, key=place):
            rooms, query = list(group), self.query(platform)
            size = query.batch if query else MOST_AT_ONCE
            for start in range(0, len(rooms), size):
                yield Batch(platform, app_id, query, self._open(rooms[start : start + size]))

    def _open(self, rooms: Sequence[Attendance]) -> list[tuple[Attendance, Occurrence]]:
        """Those that are open; the others are taken off the list."""
        found: list[tuple[Attendance, Occurrence]] = []
        for here in rooms:
            latest = self.store.room(here.room).latest
            if latest is not None and latest.is_open:
                found.append((here, latest))
            else:
                self.store.settle_look(here, Finding())
        return found

    def _people(self, batch: Batch, run: Run) -> Mapping[str, int] | None:
        """By room id as the platform says: nothing where it cannot be asked, None where it did not answer."""
        query, app = batch.query, (batch.platform, batch.app_id)
        if query is None or not batch.rooms or app in run.unasked:
            return {}
        self.rest(1 / query.per_second)
        try:
            return query.people(
                batch.app_id,
                [here.room.room_id for here, _ in batch.rooms],
                lambda user_id: self.is_recorder(batch.platform, user_id),
            )
        except Misconfigured as error:
            run.unasked.add(app)
            note(LogCode.ES613, platform=batch.platform, app_id=batch.app_id, setting=error.setting)
            return {}
        except EarshotError as error:
            note(LogCode.ES612, platform=batch.platform, app_id=batch.app_id, reason=error.reason)
            return None

    def _put_off(self, here: Attendance) -> None:
        times = {"peopled_at": here.peopled_at, "empty_since": here.empty_since}
        self.store.settle_look(here, Finding(due_at=self.now() + RETRY_MS, **times))

    def _look(self, here: Attendance, latest: Occurrence, asked: int | None) -> bool:
        """Whether the room was closed."""
        is_seen = self.store.anybody_in(here.room, here.closed_at or 0) is not None
        # The list may be as old as the run: whoever is not seen any more has left since.
        here = replace(self.store.attendance(here.room), due_at=here.due_at)
        found = find(latest, here, asked=asked, is_seen=is_seen, now=self.now(), patience=self.patience)
        closes = found.close_at is not None and self._close(here, found.close_at, asked)
        if found.close_at is not None and not closes:
            found = replace(found, empty_since=None)  # somebody came: what was empty is counted anew
        self.store.settle_look(here, found)
        return closes

    def _close(self, here: Attendance, at: int, asked: int | None) -> bool:
        """Says that everybody is gone and then looks for people: an entry does it the other way round."""
        self.store.note_closed(here.room, at)
        if self.store.anybody_in(here.room, at) is not None:
            return False
        self.tell([room_event("RoomClosed", here.room, at)])
        note(LogCode.ES611, platform=here.room.platform, app_id=here.room.app_id, asked=asked is not None)
        return True
