"""What a stored callback comes to. Which page it is read by is the plan's ``generation``, never its looks."""

from collections.abc import Mapping
from typing import Any

from earshot.domain.verdict import Finding, Label, LabelHit, RiskLevel, VendorTrouble, Verdict
from earshot.vendors.port import Unreadable
from earshot.vendors.shumei import codes
from earshot.vendors.shumei.callback import Callback, Detail
from earshot.vendors.shumei.labels import NORMAL, label_of
from earshot.vendors.shumei.mending import parse as mended
from earshot.vendors.shumei.options import ShumeiOptions, parse
from earshot.vendors.shumei.speakers import heard
from earshot.vendors.shumei.times import epoch_ms


def read(body: bytes, options: Mapping[str, Any]) -> tuple[Finding, ...]:
    """The findings of one push: a verdict, the end of the task, or the vendor's own trouble."""
    settings = parse(options)
    if settings.generation == "v2":
        return _v2(body, settings)
    from earshot.vendors.shumei import reader_v4  # noqa: PLC0415 - v2's cold start does without

    return reader_v4.audio(body, settings) if settings.generation == "v4" else reader_v4.video(body, settings)


def _v2(body: bytes, settings: ShumeiOptions) -> tuple[Finding, ...]:
    push = mended(body, Callback)
    if push.code != codes.SUCCESS:
        ends = push.code == codes.PULL_FAILED and settings.pullFailureEndsTask
        return (VendorTrouble(push.vendor_task_id, push.code, ends_task=ends),)
    if end := push.end:
        is_judged = push.is_segment and push.riskLevel in RiskLevel.__members__
        return (_verdict(push, settings), end) if is_judged else (end,)
    return (_verdict(push, settings),)


def _verdict(push: Callback, settings: ShumeiOptions) -> Verdict:
    if push.riskLevel is None or push.riskLevel not in RiskLevel.__members__:
        raise Unreadable("riskLevel: is missing or not one of PASS, REVIEW, REJECT")
    detail = push.detail or Detail()
    return Verdict(
        segment_id=push.requestId,
        vendor_task_id=push.vendor_task_id,
        risk_level=RiskLevel(push.riskLevel),
        labels=_labels(detail, push.score),
        started_at=epoch_ms(detail.audio_starttime, settings.wallClockOffsetHours),
        ended_at=epoch_ms(detail.audio_endtime, settings.wallClockOffsetHours),
        speaker_id=detail.strUserId or detail.userId,
        speakers=heard(detail.speakers),
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
