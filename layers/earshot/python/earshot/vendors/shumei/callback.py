"""The callback body (v2 page, 回调参数), every documented field typed.

Tolerant: unknown fields are kept, numbers and strings coerced, and everything but the three fields that every
message has is optional, because the page's own samples omit half of what it calls required.
"""

import math
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WrapValidator

from earshot.answers import or_none
from earshot.domain.verdict import TaskEnd

STREAM_ERRORS = range(3001, 3006)


def _number_if_it_is_one(value: Any) -> Any:
    """A code that is no number is kept as it is: it is the one field that labels hang on."""
    return int(value) if isinstance(value, str) and value.strip().isdecimal() else value


class Tolerant(BaseModel):
    """Unknown fields are kept, numbers and strings coerced."""

    model_config = ConfigDict(
        extra="allow", coerce_numbers_to_str=True, str_strip_whitespace=True, defer_build=True
    )


class Language(Tolerant):
    """``detail.language``: label -1 to 6, confidence 0 to 100."""

    label: int | None = None
    confidence: int | None = None


class BusinessLabel(Tolerant):
    """``detail.businessLabels``."""

    businessLabel1: str | None = None
    businessLabel2: str | None = None
    businessLabel3: str | None = None
    businessDescription: str | None = None


class AccountLabel(Tolerant):
    """``detail.tokenProfileLabels`` and ``tokenRiskLabels``; ``timestamp`` in ms."""

    label1: str | None = None
    label2: str | None = None
    label3: str | None = None
    description: str | None = None
    timestamp: int | None = None


class Speaker(Tolerant):
    """``speakers``: one sample a second, volume 0 to 255."""

    uid: str | None = None
    volume: Annotated[Annotated[int, Field(ge=0, le=255)] | None, WrapValidator(or_none)] = None


Second = list[Annotated[Speaker | None, WrapValidator(or_none)]]
"""Who was heard in one second. There may be a hundred and seventy samples: one that is odd costs itself alone."""
Speakers = list[Annotated[Second | None, WrapValidator(or_none)]]


RiskType = Annotated[
    Annotated[int | str | None, BeforeValidator(_number_if_it_is_one)], WrapValidator(or_none)
]


class Detail(Tolerant):
    """``detail``; times without a zone are wall-clock, those in ms are 13 digits."""

    beginProcessTime: int | None = None
    finishProcessTime: int | None = None
    audioUrl: str | None = None
    preAudioUrl: str | None = None
    audio_starttime: str | None = None
    audio_endtime: str | None = None
    audioText: str | None = None
    content: str | None = None
    description: str | None = None
    descriptionV2: str | None = None
    matchedItem: str | None = None
    matchedList: str | None = None
    hits: list[Any] | None = None
    model: str | None = None
    isSing: int | None = None
    requestParams: dict[str, Any] | None = None
    riskType: RiskType | None = None
    riskTypeDesc: str | None = None
    room: str | None = None
    userId: str | None = None
    strUserId: str | None = None
    vadCode: int | None = None
    seiInfo: list[Any] | None = None
    language: list[Language] | None = None
    minorLabel: int | None = None
    businessLabels: list[BusinessLabel] | None = None
    tokenProfileLabels: list[AccountLabel] | None = None
    tokenRiskLabels: list[AccountLabel] | None = None
    riskSource: int | None = None
    speakers: Speakers | None = None


class AuxInfo(Tolerant):
    """``auxInfo``; ``streamTime`` is taken for seconds (the page gives no unit)."""

    errorCode: int | None = None
    streamTime: float | None = None


class Message(Tolerant):
    """What a push of any generation has."""

    code: int
    message: str | None = None
    requestId: str
    statCode: int | None = None
    riskLevel: str | None = None
    auxInfo: AuxInfo | None = None

    @property
    def vendor_task_id(self) -> str:
        """The task id stands before the first underscore of a segment id."""
        return self.requestId.partition("_")[0]

    @property
    def is_segment(self) -> bool:
        """A bare id is the task's."""
        return "_" in self.requestId

    @property
    def end(self) -> TaskEnd | None:
        """The end of the stream, if it is told of."""
        aux = self.auxInfo or AuxInfo()
        if self.statCode != 1 and aux.errorCode not in STREAM_ERRORS:
            return None
        seconds = aux.streamTime if aux.streamTime is not None and math.isfinite(aux.streamTime) else None
        return TaskEnd(self.vendor_task_id, aux.errorCode or None, seconds)


class Callback(Message):
    """One push of v2."""

    score: int | None = None
    detail: Detail | None = None
