"""What the store does. Every method is one fact, written under one condition; none reads, decides and writes.

Times are epoch milliseconds. A write that loses against another raises :class:`Conflict` where the caller must
look again, and returns False where losing means that it had been done before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from earshot.errors import GiveUp, RetryLater
from earshot.store.books import Books
from earshot.store.live import LiveWatches
from earshot.store.sharing import Circuits, Polls
from earshot.store.slots import Reservations

if TYPE_CHECKING:  # annotations only: the webhook imports this module and none of these
    from earshot.domain.attendance import Attendance, Finding, Person
    from earshot.domain.lifecycle import Advice
    from earshot.domain.room import Occurrence, Room
    from earshot.domain.watch import Credential, Signal, Task, TaskState, Watch


class Conflict(RetryLater):
    """Somebody else wrote first: read again, decide again."""

    def __init__(self, what: str) -> None:
        super().__init__("conflict", what)


class Missing(GiveUp):
    """The item that the call is about does not exist."""

    def __init__(self, what: str) -> None:
        super().__init__("missing", what)


@dataclass(frozen=True)
class RoomRecord:
    """The latest session of a room and the version to write against (0: no record yet)."""

    latest: Occurrence | None
    version: int


@dataclass(frozen=True)
class Segment:
    """One result as it came. ``body`` is the result's own text, byte for byte; of a batch, of several."""

    task_ref: str
    key: str
    vendor: str
    body: bytes
    received_at: int
    problem: str | None = None
    is_batch: bool = False


@dataclass(frozen=True)
class WaitingStop:
    """A task that waits for somebody's next call to its vendor; ``known_ended`` as in ``vendors.port.Ending``,
    ``task_refs``: what it is to us."""

    vendor_task_id: str
    known_ended: bool
    task_refs: tuple[str, ...] = ()


@dataclass(frozen=True)
class WatchChange:
    """A watch before and after a write, with the token of its parked state, which is nobody else's business."""

    was: Watch | None
    now: Watch
    token: str | None
    token_was: str | None


@dataclass(frozen=True)
class SegmentChange:
    """A callback that was stored; ``load`` reads it whole."""

    load: Callable[[], Segment]


@dataclass(frozen=True)
class KeptNotice:
    """A room webhook that was dealt with, by its key; with ``body`` and ``problem`` if it was not understood."""

    platform: str
    app_id: str
    key: str
    received_at: int
    body: bytes | None = None
    problem: str | None = None


Change = WatchChange | SegmentChange


class Inbox(Protocol):
    """The webhook's whole store: it may add callbacks and nothing else."""

    def put_segment(self, segment: Segment) -> bool:
        """False if this task already has the key. One write, also for a body of several items."""

    def put_segments(self, segments: Sequence[Segment]) -> int:
        """Keep them all, in any order; how many were new."""


class Rooms(Protocol):
    """Rooms and sessions."""

    def room(self, room: Room) -> RoomRecord:
        """The room's record, read consistently."""

    def claim(
        self,
        room: Room,
        record: Occurrence,
        version: int,
        watches: Sequence[Watch],
        due_at: int | None = None,
    ) -> None:
        """The room's new record, its session and its watches, and when it is to be looked at (a room, not one of its
        streams), all or nothing. Raises Conflict."""

    def amend_room(self, room: Room, record: Occurrence, version: int) -> None:
        """The room's new record. Raises Conflict."""

    def add_watch(self, watch: Watch) -> bool:
        """A further watch of an open session; False if it exists."""

    def watches(self, session_id: str) -> list[Watch]:
        """All watches of a session, read consistently."""


class Attendances(Protocol):
    """Who is in which room, and which rooms are to be looked at."""

    def knows_notice(self, platform: str, app_id: str, key: str) -> bool:
        """Whether a webhook of that key has been dealt with, read consistently."""

    def put_notice(self, notice: KeptNotice) -> None:
        """It has been dealt with: its repetitions say nothing new."""

    def see_person(self, room: Room, person: Person) -> bool:
        """The latest of the person, unless something newer is known (False); again at no harm."""

    def anybody_in(self, room: Room, since: int) -> Person | None:
        """A person who was seen after ``since`` and has not left, read consistently."""

    def attendance(self, room: Room) -> Attendance:
        """Read consistently."""

    def note_left(self, room: Room, at: int, due_at: int) -> None:
        """Somebody left at ``at``: look at ``due_at``. Nothing if one has left later."""

    def note_closed(self, room: Room, at: int) -> None:
        """Who was there until ``at`` is gone. Nothing if the same is known of a later time."""

    def due_rooms(self, now: int, limit: int) -> list[Attendance]:
        """Rooms to be looked at, longest overdue first; from an index that may be a moment behind."""

    def settle_look(self, seen: Attendance, finding: Finding) -> None:
        """The room as ``seen`` was looked at; nothing if it was rescheduled meanwhile."""


class Lifecycle(Protocol):
    """Watches, credentials and tasks."""

    def watch(self, watch_id: str) -> Watch:
        """Read consistently. Raises Missing."""

    def tasks(self, watch_id: str) -> list[Task]:
        """All tasks of a watch, oldest first, read consistently."""

    def task(self, task_ref: str) -> Task | None:
        """One task."""

    def next_number(self, watch_id: str) -> int:
        """Count one more credential (and the task that will use it)."""

    def put_credential(self, credential: Credential, now: int) -> None:
        """Keep a credential until it is claimed or expires."""

    def open_task(self, task: Task) -> Credential:
        """Claim the credential of the task's number and write the task, in one. Raises CredentialClaimed."""

    def accept_task(self, watch: Watch, task: Task, now: int) -> None:
        """The vendor runs ``task`` (its id, endpoint, accepted_at): it becomes the watch's current one."""

    def owner(self, vendor: str, vendor_task_id: str) -> str | None:
        """The watch that a vendor's task was last accepted for."""

    def drop_task(self, task_ref: str, state: TaskState, detail: str, *, permanent: bool = False) -> None:
        """The submission was refused, or its outcome is unknown; never overrules an acceptance. ``permanent``: it
        would be refused again."""

    def learn_task(self, task_ref: str, vendor_task_id: str) -> bool:
        """A callback told the vendor's id of a task that has none; False if it was known."""

    def hear_task(self, task_ref: str, now: int, every_ms: int) -> bool:
        """A sign of life; False if one has been noted within ``every_ms``."""

    def lose_task(self, task_ref: str, at: int) -> None:
        """It is given up, and believed to have listened until ``at``; the first such belief stands."""

    def end_task(self, task_ref: str, now: int, code: int | None, seconds: float | None) -> bool:
        """The vendor ended the task; the first report stands (False)."""

    def count_finish(self, task_ref: str, stopped_at: int | None = None) -> None:
        """A finish call was made; ``stopped_at`` if nobody knows what came of it, of which the first stands."""

    def finish_task(self, task_ref: str, now: int, due_at: int | None = None) -> None:
        """The vendor acknowledged our finish; ``due_at``: when to ask whether it did."""

    def reopen_task(self, task_ref: str, now: int, since: int) -> bool:
        """It listens although its end was acknowledged, at ``since`` or before: it is unfinished again; else
        False."""

    def due_tasks(self, now: int, limit: int) -> list[Task]:
        """Finished tasks to be asked about, longest overdue first; from an index that may be a moment behind."""

    def settle_check(
        self,
        seen: Task,
        due_at: int | None,
        *,
        asked_until: int | None = None,
        listened_at: int | None = None,
    ) -> None:
        """The task as ``seen`` was asked about, with what was found out, and is to be asked about again at
        ``due_at``; nothing if it was rescheduled meanwhile."""

    def token(self, watch_id: str) -> str | None:
        """What hands a parked state back: a secret. None if nothing is parked."""

    def queue_watch(self, watch_id: str, now: int) -> None:
        """It waits for the vendor to have room for another stream, until a task of it is accepted."""

    def restart(self, watch_id: str, generation: int) -> bool:
        """Another execution is to drive the watch, which ``generation`` drove; False if one does already, or if it is
        over."""

    def signal(self, watch_id: str, signal: Signal) -> bool:
        """Pend a signal. A last word is never overwritten (False); nor is anything told to an ended watch."""

    def resolve(self, watch: Watch, advice: Advice, now: int) -> None:
        """Write what was decided about ``watch`` as it was read. Raises Conflict if a newer signal pends."""

    def close_watch(self, watch: Watch, ledger: Mapping[str, Any], now: int) -> None:
        """The watch is over, with its reason, failed and closed_at. Closing twice refreshes the ledger alone."""


class Segments(Protocol):
    """What was kept of a task."""

    def segment_keys(self, task_ref: str, prefix: str) -> list[str]:
        """Keys of the task's results that begin with ``prefix``, read consistently; long keys are not among them."""


class Turns(Protocol):
    """What a limit lets only one of all functions do at a time."""

    def take_turn(self, name: str, now: int, every_ms: int) -> int:
        """0: it is the caller's, and nobody else's for ``every_ms``. Else the milliseconds until the next."""


class Stops(Turns, Protocol):
    """Tasks that wait to be finished: the vendor takes many in one call, and few calls."""

    def ask_stop(self, queue: str, stop: WaitingStop, now: int) -> None:
        """Let it wait; again at no harm."""

    def waiting_stops(self, queue: str, first: str, limit: int) -> list[WaitingStop]:
        """Those that wait, ``first`` and what comes after it before what comes before it: whoever asks is served."""

    def settle_stop(self, queue: str, vendor_task_id: str) -> None:
        """The vendor has acknowledged."""


class Store(
    Inbox,
    Segments,
    Stops,
    Polls,
    Reservations,
    Circuits,
    Rooms,
    LiveWatches,
    Attendances,
    Books,
    Lifecycle,
    Protocol,
):
    """Everything."""
