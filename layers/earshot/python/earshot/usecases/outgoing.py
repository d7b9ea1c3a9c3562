"""Facts of the table as events of the contract. An ``event_id`` is derived from the fact, so it never changes."""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from earshot.clock import iso
from earshot.contract import moderation_events as out
from earshot.domain import ids
from earshot.domain.ledger import Share, differences
from earshot.domain.verdict import Description, Review, Verdict
from earshot.domain.watch import Status, Watch
from earshot.log_codes import LogCode
from earshot.store.port import Segment
from earshot.telemetry import note
from earshot.usecases.bus import Event
from earshot.usecases.thrift import cut_for
from earshot.vendors import registry as vendors

if TYPE_CHECKING:
    from earshot.domain.orphans import Orphan

STOPPED = "spend_cap_"
"""How the reason of a watch begins that was stopped because of what it costs."""


def watch_events(was: Watch | None, watch: Watch) -> list[Event]:
    """What a watch's change from ``was`` is told as. Nothing of its birth, which is told when somebody listens."""
    told = [_spending(was, watch), _moved(was, watch), _unheard(was, watch), *_differences(was, watch)]
    return [(type(event).__name__, event.model_dump_json()) for event in told if event is not None]


def _moved(was: Watch | None, watch: Watch) -> out.Told | None:
    if was is not None and was.status_seq == watch.status_seq:
        return _taken_over(was, watch)
    common = _common(watch, ids.digest("watch", watch.watch_id, watch.status_seq), watch.status_at)
    vendor, reason = watch.heard_by or watch.plan["vendor"], watch.reason or "unknown"
    if watch.status is Status.MODERATING:
        started = was is None or was.status is Status.OPENING
        return (out.ModerationStarted if started else out.ModerationResumed)(**common, vendor=vendor)
    if watch.status is Status.INTERRUPTED:
        return out.ModerationInterrupted(**common, reason=reason, stance=_stance(watch))
    if watch.status is Status.FAILED:
        return out.ModerationFailed(**common, reason=reason, stance=_stance(watch))
    if watch.status is Status.ENDED:
        return out.ModerationEnded(**common, reason=reason, ledger=out.Ledger.model_validate(watch.ledger))
    return None


def _taken_over(was: Watch, watch: Watch) -> out.Told | None:
    """Another vendor listens than a moment ago, and the room was heard all the time."""
    if watch.heard_by is None or was.heard_by in {None, watch.heard_by}:
        return None
    at = max(watch.moved_at or 0, watch.status_at)
    common = _common(watch, ids.digest("heard", watch.watch_id, watch.current_task), at)
    return out.ModerationResumed(**common, vendor=watch.heard_by)


def _spending(was: Watch | None, watch: Watch) -> out.Told | None:
    """A step towards a cap, or back from it. Of a level its time is that of the watch's booking it."""
    before = was.level if was else 0
    if watch.level == before:
        return None
    spend = dict(watch.spend or {})
    at = spend.pop("at", watch.status_at)
    common = _common(watch, ids.digest("spending", watch.watch_id, watch.level, at), at)
    if watch.level < before or "cap" not in spend:
        return out.ModerationRestored(**common, level=watch.level, step=spend.get("step"))
    return out.ModerationDegraded(**common, level=watch.level, **spend)


def _unheard(was: Watch | None, watch: Watch) -> out.Told | None:
    """A room that must be heard is not: because nobody can, or because nobody is paid to."""
    since, reason = watch.unheard_at, watch.reason or "unheard"
    stopped = watch.status is Status.ENDED and reason.startswith(STOPPED) and _stance(watch) == "closed"
    if since is None and stopped:
        since = watch.status_at
    was_told = was is not None and (was.unheard_at is not None or (stopped and was.status is Status.ENDED))
    if since is None or was_told:
        return None
    note(LogCode.ES805, watch_id=watch.watch_id, reason=reason)
    common = _common(watch, ids.digest("unheard", watch.watch_id, since), since)
    return out.EnforcementRequested(**common, action="close_room", reason=reason, stance=_stance(watch))


def _differences(was: Watch | None, watch: Watch) -> Iterator[out.Told]:
    """Of the ledger of an end; a ledger that is refreshed tells what is new in it."""
    if watch.ledger is None or (was is not None and was.ledger == watch.ledger):
        return
    known = differences(was.ledger, _share(watch)) if was is not None and was.ledger else []
    told = {one.task_ref for one in known}
    for one in differences(watch.ledger, _share(watch)):
        if one.task_ref in told:
            continue
        note(LogCode.ES803, task_ref=one.task_ref, vendor=one.vendor, task_id=one.task_id)
        yield out.LedgerDiffers(
            **_common(watch, ids.digest("differs", one.task_ref), watch.status_at),
            vendor=one.vendor,
            task_id=one.task_id,
            task_ref=one.task_ref,
            audited_s=one.expected_s,
            vendor_s=one.vendor_s,
        )


def _share(watch: Watch) -> Share:
    """What each vendor was asked to audit, at a level of spending."""
    return lambda vendor, level: vendors.audited_share(vendor, cut_for(watch, vendor, level).options)


def _stance(watch: Watch) -> out.Stance:
    return "closed" if watch.plan.get("when_unheard") == "closed" else "open"


def orphan_event(orphan: "Orphan") -> Event:
    """A watch, or a task of it, that nobody looked after."""
    watch, price = orphan.watch, orphan.price if orphan.cost is not None else None
    event_id = ids.digest("orphan", orphan.kind, watch.watch_id, orphan.task_ref, orphan.found_at)
    event = out.OrphanFound(
        **_common(watch, event_id, orphan.found_at),
        kind=orphan.kind,
        vendor=orphan.vendor,
        task_ref=orphan.task_ref,
        task_id=orphan.task_id,
        seconds=orphan.seconds,
        cost=orphan.cost,
        currency=price.currency if price else None,
    )
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
