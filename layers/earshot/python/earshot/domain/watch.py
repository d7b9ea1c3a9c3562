"""A watch and its tasks: what the table knows of one vendor listening to one target."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from earshot.domain.room import Room


class Status(StrEnum):
    """Where a watch stands; each change is told on the bus (see ``STATUS_EVENTS``)."""

    OPENING = "opening"
    MODERATING = "moderating"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    ENDED = "ended"


class SignalName(StrEnum):
    """What a running watch must react to."""

    ROOM_CLOSED = "room_closed"
    STOP_REQUESTED = "stop_requested"
    TASK_ENDED = "task_ended"
    STRAY_TASK = "stray_task"
    SLOT_FREE = "slot_free"


LAST_WORDS = frozenset({SignalName.ROOM_CLOSED, SignalName.STOP_REQUESTED})
"""Signals that are never taken back: whoever looks later must still see them."""


@dataclass(frozen=True)
class Signal:
    """A reason to look again. The facts are on the items; the signal only says that some have changed."""

    signal_id: str
    name: SignalName
    at: int
    reason: str

    @property
    def is_last(self) -> bool:
        return self.name in LAST_WORDS


@dataclass(frozen=True)
class Watch:
    """One vendor listening to one target for a session. Times are epoch milliseconds by our clock.

    ``generation``: which of its executions drives it; an older one steps aside. ``level``: how far its spending has
    been cut. ``queued_at``: since when it waits for the vendor to have room for another stream. ``moved_at``: when
    its next step was last decided. ``unheard_at``: since when the app has known that a room that must be heard is
    not. ``heard_by``: the vendor that last accepted a task of it. ``spend``: why its level is what it is.
    ``booked``: what the totals of days have of it, ``accrued_until`` when."""

    watch_id: str
    session_id: str
    room: Room
    plan_name: str
    plan: Mapping[str, Any]
    opened_at: int
    role: str = "primary"
    stream_id: str | None = None
    stream_url: str | None = None
    account_id: str | None = None
    attributes: str = "{}"
    status: Status = Status.OPENING
    status_seq: int = 0
    status_at: int = 0
    reason: str | None = None
    signal: Signal | None = None
    current_task: str | None = None
    heard_by: str | None = None
    troubles: int = 0
    credentials: int = 0
    closed_at: int | None = None
    failed: bool = False
    ledger: Mapping[str, Any] | None = None
    generation: int = 0
    level: int = 0
    queued_at: int | None = None
    moved_at: int | None = None
    unheard_at: int | None = None
    spend: Mapping[str, Any] | None = None
    accrued_until: int | None = None
    booked: Mapping[str, Any] | None = None

    def options(self, vendor: str) -> Mapping[str, Any]:
        """The plan's settings for a vendor of its order."""
        known: Mapping[str, Any] = self.plan.get("vendors", {})
        options: Mapping[str, Any] = known.get(vendor, self.plan["vendor_options"])
        return options

    @property
    def order(self) -> list[str]:
        """The vendors that may hear it, the first before the others."""
        return list(self.plan.get("order") or [self.plan["vendor"]])

    @property
    def is_over(self) -> bool:
        return self.status is Status.ENDED

    @property
    def last_word(self) -> Signal | None:
        return self.signal if self.signal and self.signal.is_last else None


class TaskState(StrEnum):
    """What we know of a submission."""

    SUBMITTING = "submitting"
    RUNNING = "running"
    REFUSED = "refused"
    DUPLICATE = "duplicate"
    UNKNOWN = "unknown"


NOTHING_OPENED = frozenset({TaskState.REFUSED, TaskState.DUPLICATE})
"""The vendor runs nothing under such a submission: it said no, or that it listens already."""


@dataclass(frozen=True)
class Task:
    """One submission to a vendor.

    ``stopped_at``: when it was first asked to end and may have, for nobody knows the answer. ``named``: what its
    vendor calls it if it has it, where we give the names. ``renew_at``: when another ear is to take over, before
    this one's credential or the vendor's patience ends. ``due_at``: when to ask the vendor about it, once it is
    finished; ``asked_until``: of which time it has told; ``listened_at``: when it was found listening though it was
    finished, and was finished again. ``after``: the number of the task that it takes over from. ``hears_from``:
    when it may be deaf until, None if it is not documented to be; ``first_heard_at``, ``heard_at``: its first and
    its last sign of life, noted every now and then; ``silent_s``: seconds without one that are suspicious (None: it
    gives no regular signs). ``lost_at``: until when it is believed to have listened; it was given up, dead or to
    make room for its successor. ``permanent``: it was refused, and would be again for some time. ``level``: that of
    the watch's spending when it was submitted. ``UNKNOWN`` and a ``SUBMITTING`` that was left behind may be running
    at the vendor: they are owned, and finished as soon as a callback tells their vendor id.
    """

    task_ref: str
    watch_id: str
    number: int
    vendor: str
    state: TaskState = TaskState.SUBMITTING
    vendor_task_id: str | None = None
    named: str | None = None
    endpoint: str | None = None
    submitted_at: int = 0
    accepted_at: int | None = None
    ended_at: int | None = None
    end_code: int | None = None
    vendor_seconds: float | None = None
    finished_at: int | None = None
    finish_calls: int = 0
    stopped_at: int | None = None
    adopted: bool = False
    renew_at: int | None = None
    due_at: int | None = None
    asked_until: int | None = None
    listened_at: int | None = None
    hears_from: int | None = None
    first_heard_at: int | None = None
    heard_at: int | None = None
    silent_s: int | None = None
    lost_at: int | None = None
    permanent: bool = False
    after: int = 0
    level: int = 0
    detail: str | None = None

    @property
    def is_live(self) -> bool:
        """Listening, as far as anybody knows."""
        over = (self.ended_at, self.finished_at, self.lost_at)
        return self.state is TaskState.RUNNING and all(at is None for at in over)

    @property
    def listens_from(self) -> int:
        """Since when it is believed to hear, epoch ms: its acceptance (a task whose answer was lost listened all the
        same, from its submission), or the end of its deafness, unless a sign has proved it wrong."""
        began = self.submitted_at if self.accepted_at is None else self.accepted_at
        if self.hears_from is None:
            return began
        return max(began, min(self.hears_from, self.first_heard_at or self.hears_from))

    @property
    def last_sign(self) -> int:
        """When it was last known to listen, epoch ms."""
        return max(self.heard_at or 0, self.listens_from)

    @property
    def called(self) -> str | None:
        """The id under which the vendor has it, or may have it; None: nobody knows one, or it has nothing."""
        return self.vendor_task_id or (None if self.state in NOTHING_OPENED else self.named)

    @property
    def is_unresolved(self) -> bool:
        """The vendor may have it, and has not told us."""
        open_ = self.state not in NOTHING_OPENED and self.finished_at is None
        return self.vendor_task_id is None and open_


@dataclass(frozen=True)
class Credential:
    """What a vendor's recorder needs to enter; ``secrets`` never leaves the table and the submit call.

    ``vendor`` is whose recorder it is for; ``ends_ear``: whoever entered with it is put out when it expires.
    """

    watch_id: str
    number: int
    platform: str
    expires_at: int | None
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    vendor: str = ""
    ends_ear: bool = True
