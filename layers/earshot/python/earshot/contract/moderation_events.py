"""Events out (source ``earshot``). JSON Schemas in events/schemas/ are generated from these models."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from earshot.domain.verdict import Label, Media, ReviewAction, RiskLevel

SOURCE = "earshot"


class _Out(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class RoomRef(_Out):
    """Which room."""

    platform: str
    app_id: str
    room_id: str


Stance = Literal["open", "closed"]
"""What the room's class is to do while nobody hears it: go on, or be closed."""


class _Event(_Out):
    """What every event carries. ``event_id`` is the same however often the event is delivered."""

    schema_version: Literal["1.0"] = "1.0"
    event_id: str
    session_id: str
    watch_id: str
    room: RoomRef
    occurred_at: str = Field(description="RFC 3339, UTC, milliseconds")
    attributes: dict[str, Any]


class ModerationStarted(_Event):
    """A vendor listens to the room."""

    vendor: str


class ModerationInterrupted(_Event):
    """Nobody listens at the moment; Earshot is opening another task."""

    reason: str
    stance: Stance = "open"


class ModerationResumed(_Event):
    """A vendor listens again, or has taken over from another without a gap."""

    vendor: str


class ModerationFailed(_Event):
    """Earshot has given this watch up; what it may have opened is being closed."""

    reason: str
    stance: Stance = "open"


class Calls(_Out):
    """Calls made to platform and vendor; ``unclaimed``: of the mints, those whose credential was never used."""

    mint: int
    unclaimed: int = 0
    submit: int
    finish: int


class TaskEntry(_Out):
    """One task of the ledger, in seconds; ``audited_s`` from ``started_at`` to ``ended_at``, by our clock.

    ``level``: how far spending was cut when it was submitted. What has a default came later than the event.
    """

    task_ref: str
    task_id: str | None
    vendor: str | None = None
    level: int = 0
    started_at: str | None = None
    ended_at: str | None = None
    audited_s: float
    vendor_s: float | None
    end_code: int | None
    finished: bool


class VendorSums(_Out):
    """All tasks of one vendor: seconds that they listened by our clock, each of them, and what the vendor reports."""

    heard_s: float
    vendor_s: float | None


class Ledger(_Out):
    """Seconds by our clock, except ``vendor_s``, which is what the vendor reports (None: it reported nothing).

    ``audited_s`` + ``unmoderated_s`` = ``open_s``. ``double_heard_s``: seconds that another task heard already.
    ``gaps``: stretches of more than a second that nobody heard. ``retries``: submissions that opened no ear.
    ``unfinished`` tasks may still bill; ``unresolved`` ones were never confirmed by the vendor at all.
    """

    open_s: float
    audited_s: float
    unmoderated_s: float
    double_heard_s: float = 0.0
    gaps: int = 0
    longest_gap_s: float = 0.0
    vendor_s: float | None
    by_vendor: dict[str, VendorSums] = {}
    calls: Calls
    retries: int = 0
    unfinished: list[str]
    unresolved: list[str]
    tasks: list[TaskEntry]


class ModerationEnded(_Event):
    """The watch is over."""

    reason: str
    ledger: Ledger


class LedgerDiffers(_Event):
    """The vendor counts other seconds of a task than we do, by more than 1 % and more than a segment.

    ``audited_s``: by our clock, or the part of it that the vendor was asked to audit.
    """

    vendor: str
    task_id: str
    task_ref: str
    audited_s: float
    vendor_s: float


class _Spending(_Event):
    """``step``: the last one of the plan's ladder that applies; ``level``: how many do."""

    level: int
    step: str | None


class ModerationDegraded(_Spending):
    """A cap comes near, or is reached: from now on the room is heard more cheaply, or no more (``stop``).

    ``cap``: whose it is; of an app or a vendor, a day's (UTC). Hours that all its ears listened.
    """

    cap: Literal["room", "app", "vendor"]
    limit_hours: float
    spent_hours: float


class ModerationRestored(_Spending):
    """Another day has begun: some, or all (``level`` 0) of what was cut is given back."""


class EnforcementRequested(_Event):
    """Somebody is to act on the room. ``action``: ``close_room``, and more to come; ``speaker_id``: on whom, null for
    the whole room; ``stance``: of the room's class, where nobody hears it."""

    action: Literal["close_room"]
    reason: str
    speaker_id: str | None = None
    stance: Stance | None = None


class OrphanFound(_Event):
    """Nobody looked after the watch, and somebody does again. ``kind``: what was wrong (``domain.orphans``).

    One event for each task that the vendor may have run meanwhile, or one without a task. ``seconds``: for how long;
    ``cost`` of them in ``currency``, null where no price is known.
    """

    kind: str
    vendor: str
    task_ref: str | None
    task_id: str | None
    seconds: float
    cost: float | None
    currency: str | None


class LabelRef(_Out):
    """A label in our taxonomy, with the vendor's raw code; ``score`` from 0 to 1."""

    code: Label
    vendor_code: str
    score: float | None


class SpeakerRef(_Out):
    """Somebody who could be heard; ``volume`` is the loudest of the segment, on the vendor's scale."""

    id: str
    volume: int | None


class ReviewRef(_Out):
    """What a person did. ``by_vendor``: the vendor's reviewer; else one of yours, at the vendor's console."""

    action: ReviewAction
    acted_at: str | None
    reviewer: str | None
    by_vendor: bool
    warnings: int | None


class _OfSegment(_Event):
    """``late``: it came after the watch was closed."""

    vendor: str
    task_id: str
    started_at: str | None
    ended_at: str | None
    speaker_id: str | None
    late: bool


class SegmentJudged(_OfSegment):
    """A verdict on one audited segment.

    ``speakers``, loudest first: who was heard in a mixed room, where ``speaker_id`` is null because nobody can be
    blamed. Empty where the vendor does not tell. ``review`` where a person judged, which overrides the verdicts whose
    ``event_id`` is in ``revises`` (those that had come by then). ``image_url`` where ``media`` is an image.
    """

    segment_id: str
    risk_level: RiskLevel
    labels: list[LabelRef]
    speakers: list[SpeakerRef] = []
    text: str | None
    audio_url: str | None
    media: Media = Media.AUDIO
    image_url: str | None = None
    review: ReviewRef | None = None
    revises: list[str] = []


class SegmentDescribed(_OfSegment):
    """What the vendor found out about a segment beside its verdict, where the account has the service: words,
    language, silence, who seems to speak. Null is not known."""

    text: str | None
    language: str | None
    silent: bool | None
    traits: dict[str, str | bool]


Told = _Event
"""Any of them."""

EVENTS: tuple[type[_Event], ...] = (
    ModerationStarted,
    SegmentJudged,
    SegmentDescribed,
    ModerationInterrupted,
    ModerationResumed,
    ModerationDegraded,
    ModerationRestored,
    ModerationEnded,
    ModerationFailed,
    LedgerDiffers,
    EnforcementRequested,
    OrphanFound,
)
