"""Facts of the table as events of the contract. An ``event_id`` is derived from the fact, so it never changes."""

import json
from typing import Any

from earshot.clock import iso
from earshot.contract import moderation_events as out
from earshot.domain import ids
from earshot.domain.verdict import Verdict
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


def segment_event(watch: Watch, segment: Segment, verdict: Verdict) -> Event:
    """A verdict as the bus tells it."""
    over_at = watch.last_word.at if watch.last_word else watch.closed_at
    event = out.SegmentJudged(
        **_common(watch, ids.digest("segment", segment.task_ref, segment.key), segment.received_at),
        vendor=segment.vendor,
        task_id=verdict.vendor_task_id,
        segment_id=verdict.segment_id,
        started_at=_iso(verdict.started_at),
        ended_at=_iso(verdict.ended_at),
        risk_level=verdict.risk_level,
        labels=[out.LabelRef(code=h.code, vendor_code=h.vendor_code, score=h.score) for h in verdict.labels],
        speaker_id=verdict.speaker_id,
        speakers=[out.SpeakerRef(id=heard.speaker_id, volume=heard.volume) for heard in verdict.speakers],
        text=verdict.text,
        audio_url=verdict.audio_url,
        late=over_at is not None and segment.received_at > over_at,
    )
    return type(event).__name__, event.model_dump_json()


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
