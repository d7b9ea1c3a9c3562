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


class ModerationResumed(_Event):
    """A vendor listens again."""

    vendor: str


class ModerationFailed(_Event):
    """Earshot has given this watch up; what it may have opened is being closed."""

    reason: str


class Calls(_Out):
    """Calls made to platform and vendor."""

    mint: int
    submit: int
    finish: int


class TaskEntry(_Out):
    """One task of the ledger, in seconds."""

    task_ref: str
    task_id: str | None
    audited_s: float
    vendor_s: float | None
    end_code: int | None
    finished: bool


class Ledger(_Out):
    """Seconds by our clock, except ``vendor_s``, which is what the vendor reports (None: it reported nothing).

    ``unfinished`` tasks may still bill; ``unresolved`` ones were never confirmed by the vendor at all.
    """

    open_s: float
    audited_s: float
    unmoderated_s: float
    vendor_s: float | None
    calls: Calls
    unfinished: list[str]
    unresolved: list[str]
    tasks: list[TaskEntry]


class ModerationEnded(_Event):
    """The watch is over."""

    reason: str
    ledger: Ledger


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


EVENTS: tuple[type[_Event], ...] = (
    ModerationStarted,
    SegmentJudged,
    SegmentDescribed,
    ModerationInterrupted,
    ModerationResumed,
    ModerationEnded,
    ModerationFailed,
)
