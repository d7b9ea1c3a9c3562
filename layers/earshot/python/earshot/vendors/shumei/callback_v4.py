"""The callback bodies of V4 (V4 pages, callback parameters): what is read of them is typed, the rest kept.

Tolerant as v2's: everything but ``code`` and ``requestId`` may be missing, and what is odd costs itself alone.
"""

from typing import Annotated

from pydantic import AliasChoices, Field, WrapValidator

from earshot.answers import or_none
from earshot.vendors.shumei.callback import BusinessLabel, Message, Speakers, Tolerant


class RiskLabels(Tolerant):
    """One reason in three levels, from the general to the particular; ``probability`` 0 to 1, of pictures."""

    riskLabel1: str | None = None
    riskLabel2: str | None = None
    riskLabel3: str | None = None
    riskLevel: str | None = None
    probability: float | None = None


class OcrText(Tolerant):
    """What is written in a picture."""

    text: str | None = None


class RiskDetail(Tolerant):
    """``audioText`` is of the segment alone."""

    audioText: str | None = None
    ocrText: Annotated[OcrText | None, WrapValidator(or_none)] = None


class PartAux(Tolerant):
    """``auxInfo`` of what was judged. The times of sound are spelt in two ways, on two pages of one API."""

    audioStartTime: str | None = Field(
        default=None, validation_alias=AliasChoices("audioStartTime", "audio_starttime")
    )
    audioEndTime: str | None = Field(
        default=None, validation_alias=AliasChoices("audioEndTime", "audio_endtime")
    )
    imgTime: str | None = None
    userId: str | None = None
    strUserId: str | None = None


class Judged(RiskLabels):
    """What sound and pictures have in common."""

    allLabels: list[Annotated[RiskLabels | None, WrapValidator(or_none)]] | None = None
    riskDetail: Annotated[RiskDetail | None, WrapValidator(or_none)] = None
    auxInfo: PartAux | None = None


class AudioDetail(Judged):
    """``audioDetail``; ``audioText`` (of an audio stream) and ``content`` (of a video stream) may hold the previous
    segment's text too."""

    audioUrl: str | None = None
    audioText: str | None = None
    content: str | None = None
    vadCode: int | None = None
    businessLabels: list[Annotated[BusinessLabel | None, WrapValidator(or_none)]] | None = None
    speakers: Speakers | None = None


class FrameDetail(Judged):
    """``frameDetail``: one picture of a video stream."""

    imgUrl: str | None = None


class Push(Message):
    """One push of either stream. ``contentType`` 1 picture, 2 sound."""

    contentType: int | None = None
    audioDetail: AudioDetail | None = None
    frameDetail: FrameDetail | None = None
