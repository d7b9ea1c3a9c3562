"""Facts of the table as events of the contract. An ``event_id`` is derived from the fact, so it never changes."""

import json
from collections.abc import Sequence
from typing import Any

from earshot.clock import iso
from earshot.contract import moderation_events as out
from earshot.domain import ids
from earshot.domain.verdict import Description, Review, Verdict
from earshot.domain.watch import Status, Watch
from earshot.store.port import Segment
from earshot.usecases.bus import Event


def watch_event(was: Status | None, watch: Watch) -> Event | None:
    """The event of a watch's move from ``was``; None for its birth, which is told when somebody listens."""
    common = _common(watch, ids.digest("watch", watch.watch_id, watch.status_seq), watch.status_at)
    vendor, reason = watch.plan["vendor"], watch.reason or "unknown"
    event: out.ModerationStarted | out.ModerationResumed | out.ModerationInterrupted | out.ModerationFailed
    if watch.status is Status.MODERATING:
        started = was in {None, Status.OPENING}
        event = (out.ModerationStarted if started else out.ModerationResumed)(**common, vendor=vendor)
    elif watch.status is Status.INTERRUPTED:
        event = out.ModerationInterrupted(**common, reason=reason)
    elif watch.status is Status.FAILED:
        event = out.ModerationFailed(**common, reason=reason)
    elif watch.status is Status.ENDED:
        ended = out.ModerationEnded(**common, reason=reason, ledger=out.Ledger.model_validate(watch.ledger))
        return type(ended).__name__, ended.model_dump_json()
    else:
        return None
    return type(event).__name__, event.model_dump_json()


def segment_event_id(task_ref: str, key: str, part: int = 0) -> str:
    """The id of the event of a result, whether it has been told or not; of its ``part``, if it holds several."""
    return ids.digest("segment", task_ref, key, *([part] if part else []))


def segment_event(
    watch: Watch, segment: Segment, verdict: Verdict, part: int = 0, revises: Sequence[str] = ()
) -> Event:
    """A verdict as the bus tells it; ``revises``: ids of the events that it overrides."""
    event = out.SegmentJudged(
        **_of_segment(watch, segment, verdict, part),
        segment_id=verdict.segment_id,
        risk_level=verdict.risk_level,
        labels=[out.LabelRef(code=h.code, vendor_code=h.vendor_code, score=h.score) for h in verdict.labels],
        speakers=[out.SpeakerRef(id=heard.speaker_id, volume=heard.volume) for heard in verdict.speakers],
        text=verdict.text,
        audio_url=verdict.audio_url,
        media=verdict.media,
        image_url=verdict.image_url,
        review=_review(verdict.review),
        revises=list(revises),
    )
    return type(event).__name__, event.model_dump_json()


def description_event(watch: Watch, segment: Segment, description: Description, part: int = 0) -> Event:
    """What was found out about a segment beside its verdict."""
    event = out.SegmentDescribed(
        **_of_segment(watch, segment, description, part),
        text=description.text,
        language=description.language,
        silent=description.silent,
        traits=dict(description.traits or {}),
    )
    return type(event).__name__, event.model_dump_json()


def _of_segment(watch: Watch, segment: Segment, finding: Verdict | Description, part: int) -> dict[str, Any]:
    over_at = watch.last_word.at if watch.last_word else watch.closed_at
    return {
        **_common(watch, segment_event_id(segment.task_ref, segment.key, part), segment.received_at),
        "vendor": segment.vendor,
        "task_id": finding.vendor_task_id,
        "started_at": _iso(finding.started_at),
        "ended_at": _iso(finding.ended_at),
        "speaker_id": finding.speaker_id,
        "late": over_at is not None and segment.received_at > over_at,
    }


def _review(review: Review | None) -> out.ReviewRef | None:
    if review is None:
        return None
    return out.ReviewRef(
        action=review.action,
        acted_at=_iso(review.acted_at),
        reviewer=review.reviewer,
        by_vendor=review.by_vendor,
        warnings=review.warnings,
    )


def _common(watch: Watch, event_id: str, at: int) -> dict[str, Any]:
    room = watch.room
    return {
        "event_id": event_id,
        "session_id": watch.session_id,
        "watch_id": watch.watch_id,
        "room": out.RoomRef(platform=room.platform, app_id=room.app_id, room_id=room.room_id),
        "occurred_at": iso(at),
        "attributes": json.loads(watch.attributes),
    }


def _iso(milliseconds: int | None) -> str | None:
    """None also for a time before 1970: a vendor's zero, not a moment."""
    return None if milliseconds is None or milliseconds < 0 else iso(milliseconds)
