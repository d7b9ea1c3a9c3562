"""What a stored callback comes to."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from pydantic import ValidationError

from earshot.domain.verdict import Finding, Label, LabelHit, RiskLevel, TaskEnd, VendorTrouble, Verdict
from earshot.vendors.port import Unreadable
from earshot.vendors.shumei import codes
from earshot.vendors.shumei.callback import Callback, Detail
from earshot.vendors.shumei.labels import NORMAL, label_of
from earshot.vendors.shumei.options import ShumeiOptions

STREAM_ERRORS = range(3001, 3006)


def read(body: bytes, options: Mapping[str, Any]) -> tuple[Finding, ...]:
    """The findings of one push: a verdict, the end of the task, or the vendor's own trouble."""
    settings = ShumeiOptions.model_validate(dict(options))
    push = _parse(body)
    if push.code != codes.SUCCESS:
        ends = push.code == codes.PULL_FAILED and settings.pullFailureEndsTask
        return (VendorTrouble(push.vendor_task_id, push.code, ends_task=ends),)
    if push.statCode == 1 or push.auxInfo.errorCode in STREAM_ERRORS:
        end = TaskEnd(push.vendor_task_id, push.auxInfo.errorCode or None, push.auxInfo.streamTime)
        is_segment = "_" in push.requestId and push.riskLevel is not None
        return (_verdict(push, settings), end) if is_segment else (end,)
    return (_verdict(push, settings),)


def _parse(body: bytes) -> Callback:
    try:
        return Callback.model_validate(json.loads(body))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise Unreadable(f"{'.'.join(map(str, first['loc'])) or 'body'}: {first['msg']}") from None
    except (ValueError, RecursionError):
        raise Unreadable("body: is not JSON") from None


def _verdict(push: Callback, settings: ShumeiOptions) -> Verdict:
    if push.riskLevel is None or push.riskLevel not in RiskLevel.__members__:
        raise Unreadable("riskLevel: is missing or not one of PASS, REVIEW, REJECT")
    detail = push.detail
    return Verdict(
        segment_id=push.requestId,
        vendor_task_id=push.vendor_task_id,
        risk_level=RiskLevel(push.riskLevel),
        labels=_labels(detail, push.score),
        started_at=_epoch_ms(detail.audio_starttime, settings.wallClockOffsetHours),
        ended_at=_epoch_ms(detail.audio_endtime, settings.wallClockOffsetHours),
        speaker_id=detail.strUserId or detail.userId,
        text=detail.audioText if detail.audioText is not None else detail.content,
        audio_url=detail.audioUrl,
        silent=detail.vadCode == 0,
    )


def _labels(detail: Detail, score: int | None) -> tuple[LabelHit, ...]:
    hits = []
    if detail.riskType is not None and detail.riskType != NORMAL:
        share = None if score is None else score / 1000
        hits.append(LabelHit(label_of(detail.riskType), str(detail.riskType), share))
    if detail.minorLabel == 1 and all(hit.code is not Label.MINOR for hit in hits):
        hits.append(LabelHit(Label.MINOR, "minorLabel"))
    return tuple(hits)


def _epoch_ms(wall_clock: str | None, offset_hours: int) -> int | None:
    """``YYYY-MM-DD HH:MM:SS`` without a zone; UTC+8 by the vendor's sample pairs (a plan setting)."""
    if not wall_clock:
        return None
    try:
        moment = datetime.strptime(wall_clock, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - the zone is the next line
    except ValueError:
        return None
    return int(moment.replace(tzinfo=timezone(timedelta(hours=offset_hours))).timestamp() * 1000)
