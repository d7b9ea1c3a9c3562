"""One result, as a push's ``callbackData`` or an element of a poll's ``result``: live audio v4 and, where it differs,
the live audio-video solution v3.

Tolerant: unknown fields are kept, numbers and texts coerced, and a field of a wrong type is None and costs no other.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, WrapValidator, field_validator

from earshot.answers import or_none
from earshot.vendors.yidun.naming import as_number, as_word


def _code(value: Any) -> Any:
    """A code that is no number is kept as it is: labels hang on it."""
    try:
        return as_number(value)
    except ValueError:
        return as_word(value)


Number = Annotated[int | float | None, BeforeValidator(as_number)]
Word = Annotated[str | None, BeforeValidator(as_word)]
Code = Annotated[int | float | str | None, BeforeValidator(_code)]


class Tolerant(BaseModel):
    """See the module."""

    model_config = ConfigDict(extra="allow", coerce_numbers_to_str=True, defer_build=True)
    _alone = field_validator("*", mode="wrap")(or_none)


class SubLabel(Tolerant):
    """``labels[].subLabels[]``."""

    subLabel: Word = None
    secondLabel: Word = None
    thirdLabel: Word = None
    subLabelDepth: Number = None
    rate: Number = None


class LabelItem(Tolerant):
    """``labels[]``: level 0 normal, 1 not sure, 2 sure; rate 0 to 1."""

    label: Code = None
    level: Number = None
    rate: Number = None
    subLabels: list[Annotated[SubLabel | None, WrapValidator(or_none)]] | None = None


Labels = list[Annotated[LabelItem | None, WrapValidator(or_none)]] | None


class Sentence(Tolerant):
    """``evidences`` (live audio) or ``evidences.audio``: suggestion 0 pass, 1 suspect, 2 block."""

    suggestion: Number = None
    label: Code = None
    secondLabel: Word = None
    thirdLabel: Word = None
    startTime: Number = None
    endTime: Number = None
    content: str | None = None
    url: str | None = None
    speakerId: Word = None
    segmentId: Word = None
    labels: Labels = None


class Seen(Tolerant):
    """``evidences.video.evidence``: type 1 a picture, 2 a video."""

    suggestion: Number = None
    type: Number = None
    url: str | None = None
    beginTime: Number = None
    endTime: Number = None
    speakerId: Word = None
    pictureId: Word = None


class Video(Tolerant):
    """``evidences.video``."""

    evidence: Seen | None = None
    labels: Labels = None


class Evidences(Sentence):
    """``evidences`` of either product."""

    audio: Sentence | None = None
    video: Video | None = None


class Stretch(Tolerant):
    """``reviewEvidences.segments[]`` (``startTime``) and ``pictures[]`` (``beginTime``)."""

    startTime: Number = None
    endTime: Number = None
    beginTime: Number = None
    pictureId: Word = None
    url: str | None = None
    content: str | None = None


class CensorLabel(Tolerant):
    """``reviewEvidences.censorLabels[]``."""

    code: Code = None
    customCode: Word = None


Stretches = list[Annotated[Stretch | None, WrapValidator(or_none)]] | None


class ReviewEvidences(Tolerant):
    """``reviewEvidences``: action 1 ignore, 2 warn, 3 cut the stream, 4 hint, 10 the machine's work has ended."""

    action: Number = None
    actionTime: Number = None
    spamType: Code = None
    label: Code = None
    warnCount: Number = None
    speakerId: Word = None
    censorAccount: Word = None
    censorLabels: list[Annotated[CensorLabel | None, WrapValidator(or_none)]] | None = None
    segments: Stretches = None
    pictures: Stretches = None


class Antispam(Tolerant):
    """``antispam``: status 1 detecting, 2 success, 3 failed; censorSource 0 the vendor's people, 1 the customer's,
    2 machine; finishType 0 ended by the vendor, 1 by us."""

    taskId: Word = None
    status: Number = None
    failureReason: Number = None
    finishType: Number = None
    censorSource: Number = None
    duration: Number = None
    evidences: Evidences | None = None
    reviewEvidences: ReviewEvidences | None = None


class Sound(Tolerant):
    """``quality.details``."""

    silent: bool | None = None


class Described(Tolerant):
    """``asr``, ``language``, ``voice`` and ``quality``."""

    taskId: Word = None
    startTime: Number = None
    endTime: Number = None
    speakerId: Word = None
    content: str | None = None
    mainGender: Word = None
    mainAgeGroup: Word = None
    underage: bool | None = None
    details: Sound | None = None
    audio: "Described | None" = None


class Result(Tolerant):
    """One result: any of these may be missing. ``llmCheckInfo``, ``ocr``, ``discern``, ``logo`` and ``face`` are kept
    and not looked at."""

    antispam: Antispam | None = None
    asr: Described | None = None
    language: Described | None = None
    voice: Described | None = None
    quality: Described | None = None
