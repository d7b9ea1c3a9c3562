"""What a stored callback comes to."""

import json
import math
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from itertools import takewhile
from typing import Any

from pydantic import ValidationError

from earshot.domain.verdict import Finding, Heard, Label, LabelHit, RiskLevel, TaskEnd, VendorTrouble, Verdict
from earshot.vendors.port import Unreadable
from earshot.vendors.shumei import codes
from earshot.vendors.shumei.callback import AuxInfo, Callback, Detail
from earshot.vendors.shumei.labels import NORMAL, label_of
from earshot.vendors.shumei.options import ShumeiOptions

ESSENTIAL = frozenset({"body", "code", "requestId"})
MENDS = 32
"""Fields of a wrong type that one body may have."""
STREAM_ERRORS = range(3001, 3006)


def read(body: bytes, options: Mapping[str, Any]) -> tuple[Finding, ...]:
    """The findings of one push: a verdict, the end of the task, or the vendor's own trouble."""
    settings = ShumeiOptions.model_validate(dict(options))
    push = _parse(body)
    if push.code != codes.SUCCESS:
        ends = push.code == codes.PULL_FAILED and settings.pullFailureEndsTask
        return (VendorTrouble(push.vendor_task_id, push.code, ends_task=ends),)
    aux = push.auxInfo or AuxInfo()
    if push.statCode == 1 or aux.errorCode in STREAM_ERRORS:
        seconds = aux.streamTime if aux.streamTime is not None and math.isfinite(aux.streamTime) else None
        end = TaskEnd(push.vendor_task_id, aux.errorCode or None, seconds)
        is_segment = "_" in push.requestId and push.riskLevel in RiskLevel.__members__
        return (_verdict(push, settings), end) if is_segment else (end,)
    return (_verdict(push, settings),)


def _parse(body: bytes) -> Callback:
    try:
        push = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("body: is not JSON") from None
    for _ in range(MENDS):
        try:
            return Callback.model_validate(push)
        except ValidationError as error:
            _drop_first(push, error)
    raise Unreadable("body: has too many fields of a wrong type")


def _drop_first(push: Any, error: ValidationError) -> None:
    """A field of a wrong type must not cost the verdict beside it, unless nothing can be said without it."""
    first = error.errors(include_input=False, include_url=False)[0]
    names = takewhile(lambda step: isinstance(step, str), first["loc"])  # of a list, the whole field
    *path, last = tuple(names) or ("body",)
    if last in ESSENTIAL and not path:
        raise Unreadable(f"{last}: {first['msg']}") from None
    for step in path:
        push = push[step]
    push[last] = None


def _verdict(push: Callback, settings: ShumeiOptions) -> Verdict:
    if push.riskLevel is None or push.riskLevel not in RiskLevel.__members__:
        raise Unreadable("riskLevel: is missing or not one of PASS, REVIEW, REJECT")
    detail = push.detail or Detail()
    return Verdict(
        segment_id=push.requestId,
        vendor_task_id=push.vendor_task_id,
        risk_level=RiskLevel(push.riskLevel),
        labels=_labels(detail, push.score),
        started_at=_epoch_ms(detail.audio_starttime, settings.wallClockOffsetHours),
        ended_at=_epoch_ms(detail.audio_endtime, settings.wallClockOffsetHours),
        speaker_id=detail.strUserId or detail.userId,
        speakers=_heard(detail),
        text=detail.audioText if detail.audioText is not None else detail.content,
        audio_url=detail.audioUrl,
        silent=detail.vadCode == 0,
    )


def _labels(detail: Detail, score: int | None) -> tuple[LabelHit, ...]:
    hits = []
    if detail.riskType is not None and detail.riskType != NORMAL:
        share = score / 1000 if score is not None and 0 <= score <= 1000 else None
        hits.append(LabelHit(label_of(detail.riskType), str(detail.riskType), share))
    if detail.minorLabel == 1 and all(hit.code is not Label.MINOR for hit in hits):
        hits.append(LabelHit(Label.MINOR, "minorLabel"))
    return tuple(hits)


def _heard(detail: Detail) -> tuple[Heard, ...]:
    """Everybody's loudest second, the loudest first. Not whom to blame: the verdict is on all of them at once."""
    loudest: dict[str, int | None] = {}
    for sample in (one for second in detail.speakers or () for one in second or ()):
        if sample and sample.uid:
            best = loudest.get(sample.uid)
            loudest[sample.uid] = sample.volume if best is None else max(best, sample.volume or 0)
    ranked = sorted(loudest.items(), key=lambda pair: -1 if pair[1] is None else pair[1], reverse=True)
    return tuple(Heard(speaker_id, volume) for speaker_id, volume in ranked)


def _epoch_ms(wall_clock: str | None, offset_hours: int) -> int | None:
    """``YYYY-MM-DD HH:MM:SS`` without a zone; UTC+8 by the vendor's sample pairs (a plan setting)."""
    if not wall_clock:
        return None
    try:
        moment = datetime.strptime(wall_clock, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - the zone is the next line
    except ValueError:
        return None
    return int(moment.replace(tzinfo=timezone(timedelta(hours=offset_hours))).timestamp() * 1000)
