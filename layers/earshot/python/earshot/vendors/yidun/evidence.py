"""What a machine judged: ``evidences``."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from earshot.domain.verdict import LabelHit, Media, RiskLevel, Verdict
from earshot.vendors.port import Unreadable
from earshot.vendors.yidun.apart import apart
from earshot.vendors.yidun.labels import NORMAL, label_of
from earshot.vendors.yidun.naming import short
from earshot.vendors.yidun.results import Evidences, LabelItem, Labels, Seen, Sentence, SubLabel, Video
from earshot.vendors.yidun.times import Clock

SUGGESTIONS: Mapping[int | float | None, RiskLevel] = {
    0: RiskLevel.PASS,
    1: RiskLevel.REVIEW,
    2: RiskLevel.REJECT,
}
Maker = Callable[[], Sequence[Verdict]]


def verdicts(evidences: Evidences, task_id: str, clock: Clock) -> Sequence[Verdict]:
    """One of live audio; of the audio-video solution one on what was said, one on what was seen, or both."""
    if evidences.audio is None and evidences.video is None:
        return _heard(evidences, task_id, clock)
    makers: list[Maker] = []
    if evidences.audio:
        makers.append(partial(_heard, evidences.audio, task_id, clock))
    if evidences.video:
        makers.append(partial(_seen, evidences.video, task_id, clock))
    return apart(makers)


def _heard(said: Sentence, task_id: str, clock: Clock) -> Sequence[Verdict]:
    verdict = Verdict(
        segment_id=said.segmentId or f"{short(said.startTime)}-{short(said.endTime)}",
        vendor_task_id=task_id,
        risk_level=_level(said),
        labels=_labels(said.labels) or _main_label(said),
        started_at=clock(said.startTime),
        ended_at=clock(said.endTime),
        speaker_id=said.speakerId,
        text=said.content,
        audio_url=said.url or None,
    )
    return [verdict]


def _seen(video: Video, task_id: str, clock: Clock) -> Sequence[Verdict]:
    """``type`` 2 is a piece of video: its address is told where a picture's is."""
    seen = video.evidence or Seen()
    verdict = Verdict(
        segment_id=seen.pictureId or f"{short(seen.beginTime)}-{short(seen.endTime)}",
        vendor_task_id=task_id,
        risk_level=_level(seen),
        labels=_labels(video.labels),
        started_at=clock(seen.beginTime),
        ended_at=clock(seen.endTime),
        speaker_id=seen.speakerId,
        media=Media.IMAGE,
        image_url=seen.url or None,
    )
    return [verdict]


def _level(judged: Sentence | Seen) -> RiskLevel:
    level = SUGGESTIONS.get(judged.suggestion)
    if level is None:
        raise Unreadable("suggestion: is missing or not one of 0, 1, 2")
    return level


def _labels(items: Labels) -> tuple[LabelHit, ...]:
    """``level`` 0 says that the label was looked for and not found."""
    hits = (_of_item(item) for item in items or () if item is not None and item.level != 0)
    return tuple(hit for hit in hits if hit)


def _of_item(item: LabelItem) -> LabelHit | None:
    subs = [sub for sub in item.subLabels or () if sub is not None]
    deepest = max(subs, key=lambda sub: (sub.subLabelDepth or 0, sub.rate or 0), default=SubLabel())
    sub_code = deepest.subLabel or deepest.thirdLabel or deepest.secondLabel
    score = float(item.rate) if item.rate is not None and 0 <= item.rate <= 1 else None
    return _hit(item.label, sub_code, score)


def _main_label(said: Sentence) -> tuple[LabelHit, ...]:
    hit = _hit(said.label, said.thirdLabel or said.secondLabel, None)
    return (hit,) if hit else ()


def _hit(label: int | float | str | None, sub_code: str | None, score: float | None) -> LabelHit | None:
    if label is None or label == NORMAL:
        return None
    return LabelHit(label_of(label, sub_code), f"{label}/{sub_code}" if sub_code else str(label), score)
