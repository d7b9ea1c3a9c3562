"""What a person judged: ``reviewEvidences``."""

from collections.abc import Mapping, Sequence

from earshot.domain.verdict import LabelHit, Review, ReviewAction, RiskLevel, TaskEnd, Verdict
from earshot.vendors.port import Unreadable
from earshot.vendors.yidun.keys import picture, span
from earshot.vendors.yidun.labels import NORMAL, label_of, spam_label_of
from earshot.vendors.yidun.naming import short
from earshot.vendors.yidun.results import ReviewEvidences, Stretch, Stretches
from earshot.vendors.yidun.times import Clock, moment

MACHINE_ENDED = 10
OF_THE_CUSTOMER = 1
"""``censorSource``: the reviewers are our own, in the vendor's console."""
ACTIONS: Mapping[int | float | None, tuple[ReviewAction, RiskLevel]] = {
    1: (ReviewAction.IGNORED, RiskLevel.PASS),
    2: (ReviewAction.WARNED, RiskLevel.REJECT),
    3: (ReviewAction.CUT, RiskLevel.REJECT),
    4: (ReviewAction.HINTED, RiskLevel.REVIEW),
}


def reviewed(
    review: ReviewEvidences, task_id: str, source: int | float | None, clock: Clock
) -> Verdict | TaskEnd:
    """A person's verdict on a speaker (None: the whole room), or the end of the machine's work."""
    if review.action == MACHINE_ENDED:
        return TaskEnd(task_id, code=None, seconds=None)
    if review.action not in ACTIONS:
        raise Unreadable("reviewEvidences.action: is missing or not one of 1, 2, 3, 4, 10")
    action, level = ACTIONS[review.action]
    heard, seen = _stretches(review.segments), _stretches(review.pictures)
    moments = [clock(at) for one in heard + seen for at in (one.startTime, one.beginTime, one.endTime)]
    known = [at for at in moments if at is not None]
    return Verdict(
        segment_id=f"review#{short(review.actionTime)}#{short(review.action)}#{short(review.speakerId)}",
        vendor_task_id=task_id,
        risk_level=level,
        labels=_labels(review),
        started_at=min(known, default=None),
        ended_at=max(known, default=None),
        speaker_id=review.speakerId,
        review=Review(
            action=action,
            acted_at=moment(review.actionTime),
            reviewer=review.censorAccount,
            by_vendor=source != OF_THE_CUSTOMER,
            warnings=_count(review.warnCount),
            about=_about(heard, seen, review.speakerId),
        ),
    )


def _about(heard: Sequence[Stretch], seen: Sequence[Stretch], speaker: str | None) -> tuple[str, ...]:
    """Beginnings of names as the door gives them; of one speaker, if the review is about one."""
    who = f"{short(speaker)}#" if speaker else ""
    known = [one for one in heard if {one.startTime, one.endTime} != {None}]
    spans = [span(one.startTime, one.endTime) + who for one in known]
    pictures = [picture(one.beginTime) for one in seen if one.beginTime is not None]
    return tuple(dict.fromkeys(spans + pictures))


def _labels(review: ReviewEvidences) -> tuple[LabelHit, ...]:
    hits = []
    if review.spamType not in {None, NORMAL}:
        hits.append(LabelHit(spam_label_of(review.spamType), f"spamType:{review.spamType}"))
    if review.label not in {None, NORMAL}:
        hits.append(LabelHit(label_of(review.label), str(review.label)))
    for item in review.censorLabels or ():
        if item is not None and item.code not in {None, NORMAL, review.spamType}:
            hits.append(LabelHit(spam_label_of(item.code), f"censorLabel:{item.code}"))
    return tuple(hits)


def _stretches(items: Stretches) -> list[Stretch]:
    return [item for item in items or () if item is not None]


def _count(value: int | float | None) -> int | None:
    return value if isinstance(value, int) and 0 <= value < 10**9 else None
