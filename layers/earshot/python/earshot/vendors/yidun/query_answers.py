"""Answers about a task (the vendor's SDKs). Unknown fields are kept, an element of another shape is left out."""

from functools import partial
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from earshot.vendors.yidun.calls import Model, shaped


class _Tolerant(BaseModel):
    model_config = ConfigDict(
        extra="allow", coerce_numbers_to_str=True, str_strip_whitespace=True, defer_build=True
    )


def fitting(model: type[Model], value: Any) -> list[Model]:
    """Those elements of an array that are what is documented; none if there is no array."""
    return [found for item in value if (found := shaped(model, item))] if isinstance(value, list) else []


class Segment(_Tolerant):
    """``segments`` of a detection: a label that was hit."""

    label: int | None = None
    level: int | None = None
    evidence: str | None = None


class Detection(_Tolerant):
    """One sentence of a task; ``action`` 0 pass, 1 suspect, 2 block; times in epoch ms."""

    taskId: str
    action: int | None = None
    asrStatus: int | None = None
    asrResult: int | None = None
    callback: str | None = None
    startTime: int | None = None
    endTime: int | None = None
    censorSource: int | None = None
    speakerId: str | None = None
    segmentId: str | None = None
    content: str | None = None
    segments: Annotated[list[Segment], BeforeValidator(partial(fitting, Segment))] = []
    records: list[Any] | None = None


class Review(_Tolerant):
    """What a person did, in ``monitors``."""

    action: int | None = None
    actionTime: int | None = None
    spamType: int | None = None
    spamDetail: str | None = None


class Reviews(_Tolerant):
    """``status`` 0 ok, 20 the data has expired, 30 there is none."""

    status: int | None = None
    monitors: Annotated[list[Review], BeforeValidator(partial(fitting, Review))] = []


class Said(_Tolerant):
    """A sentence that was recognised, or its language."""

    taskId: str | None = None
    startTime: int | None = None
    endTime: int | None = None
    content: str | None = None
    speakerId: str | None = None


class Extra(_Tolerant):
    """Transcripts and languages, where the account has the services."""

    asr: Annotated[list[Said], BeforeValidator(partial(fitting, Said))] = []
    language: Annotated[list[Said], BeforeValidator(partial(fitting, Said))] = []


class Recording(_Tolerant):
    """A recorded piece of a task."""

    beginTime: int | None = None
    endTime: int | None = None
    url: str | None = None
    speakerId: str | None = None


class WallTask(_Tolerant):
    """``status`` 20: older than seven days, 30: not found; ``callbackStatus`` 0 not needed, 1 pending, 2 done,
    3 failed."""

    taskId: str
    callback: str | None = None
    status: int | None = None
    callbackStatus: int | None = None
    expireStatus: int | None = None
