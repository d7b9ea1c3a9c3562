"""The plan's settings for V4, one model a page: a field that a page has not is none of its generation's.

Switches are booleans here, and 0 or 1 on the wire. docs/vendors/shumei.md says which defaults are unconfirmed.
"""

import re
from functools import partial
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from earshot.vendors.shumei import rules
from earshot.vendors.shumei.params import AgoraParam, Strict, Text, TrtcParam, VolcParam
from earshot.vendors.shumei.params_v4 import VideoAgoraParam, VideoTrtcParam, YunxinParam
from earshot.vendors.shumei.values import (
    BUSINESS_TYPES,
    LONGEST_FREQUENCY_S,
    LONGEST_STEP,
    NEWER_TYPES,
    SEGMENT_S,
    TYPES,
    USUAL_FREQUENCY_S,
    Cluster,
    Lang,
    joined,
    with_gender,
)

AUDIO_TYPES = TYPES | NEWER_TYPES | {"SING", "VOICE"}
IMAGE_TYPES = frozenset({"POLITY", "EROTIC", "VIOLENT", "QRCODE", "ADVERT", "IMGTEXTRISK"})
NO_AUDIO = "NONE"
SOUND_TYPES = frozenset(
    {"POLITY", "EROTIC", "ADVERT", "BAN", "VIOLENT", "DIRTY", "ADLAW", "MOAN", "AUDIOPOLITICAL", "ANTHEN"}
    | {"BANEDAUDIO", NO_AUDIO}
)
SOUND_BUSINESS_TYPES = BUSINESS_TYPES | {"MINOR", "APPNAME"}
IMAGE_LABELS = re.compile(r"[A-Z0-9]+(_[A-Z0-9]+)*")


def _image_labels(value: str | None) -> str | None:
    """About seventy names, which change: their letters are checked, the names are not."""
    if value is not None and not IMAGE_LABELS.fullmatch(value):
        raise ValueError("must be names of capitals and digits, joined with _")
    return value


def _sound_types(value: str | None) -> str | None:
    if NO_AUDIO in (joined(SOUND_TYPES, value) or "").split("_") and value != NO_AUDIO:
        raise ValueError(f"{NO_AUDIO} cannot stand beside others")
    return value


Short = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Receiver = Annotated[str, AfterValidator(partial(rules.word, longest=64))]
Address = Annotated[str, AfterValidator(rules.address)]
Skipped = Annotated[int, Field(ge=1, le=LONGEST_STEP)]


class Chosen(BaseModel):
    """Which page the other options are of."""

    model_config = ConfigDict(strict=True, defer_build=True)

    generation: Literal["v2", "v4", "v4_video"] = "v2"


class V4Options(Strict):
    """What both pages have. ``wallClockOffsetHours`` and ``cluster`` are ours."""

    cluster: Cluster = "sh"
    lang: Lang = "zh"
    acceptLang: Literal["zh", "en"] | None = None
    liveTitle: Text | None = None
    anchorName: Text | None = None
    returnAllText: bool = True
    returnPreText: bool = False
    returnPreAudio: bool = False
    returnFinishInfo: bool = True
    audioDetectStep: Skipped | None = None
    receiveTokenId: Receiver | None = None
    ip: Address | None = None
    level: Annotated[int, Field(ge=0, le=4)] | None = None
    gender: Literal["male", "female"] | None = None
    wallClockOffsetHours: Annotated[int, Field(ge=-12, le=14)] = 8

    @property
    def sound_every_s(self) -> int | None:
        """Of N + 1 segments one is pushed, if all are that are audited."""
        return SEGMENT_S * (1 + (self.audioDetectStep or 0)) if self.returnAllText else None


class AudioOptions(V4Options):
    """Tables of the V4 audio stream page; ``pullFailureEndsTask`` is ours."""

    generation: Literal["v4"]
    type: Annotated[str | None, AfterValidator(partial(joined, AUDIO_TYPES))] = (
        "POLITY_EROTIC_DIRTY_ADVERT_MOAN"
    )
    businessType: Annotated[str | None, AfterValidator(partial(with_gender, BUSINESS_TYPES))] = None
    appId: Text | None = None
    eventId: Text = "default"
    tokenId: Text | None = None
    deviceId: Text | None = None
    initDomain: Annotated[int, Field(ge=0, le=6)] | None = None
    agoraParam: AgoraParam = AgoraParam()
    trtcParam: TrtcParam = TrtcParam()
    volcParam: VolcParam = VolcParam()
    yunxinParam: YunxinParam = YunxinParam()
    pullFailureEndsTask: bool = True

    @model_validator(mode="after")
    def _something_to_look_for(self) -> "AudioOptions":
        if self.type is None and self.businessType is None:
            raise ValueError("at least one of type and businessType is required")
        return self

    @property
    def endpoint(self) -> str:
        """Generation and cluster."""
        return f"{self.generation}:{self.cluster}"

    @property
    def signs_every_s(self) -> int | None:
        """None where only hits are pushed."""
        return self.sound_every_s


class VideoOptions(V4Options):
    """Tables of the V4 video stream page; ``imgTimeFormat`` and ``endedBy`` are ours."""

    generation: Literal["v4_video"]
    imgType: Annotated[str | None, AfterValidator(partial(joined, IMAGE_TYPES))] = (
        "POLITY_EROTIC_VIOLENT_ADVERT"
    )
    imgBusinessType: Annotated[str | None, AfterValidator(_image_labels)] = None
    audioType: Annotated[str | None, AfterValidator(_sound_types)] = "POLITY_EROTIC_DIRTY_ADVERT_MOAN"
    audioBusinessType: Annotated[str | None, AfterValidator(partial(with_gender, SOUND_BUSINESS_TYPES))] = (
        None
    )
    appId: Short | None = None
    eventId: Short = "default"
    tokenId: Short | None = None
    deviceId: Annotated[str, StringConstraints(min_length=1, max_length=128)] | None = None
    streamName: Short | None = None
    liveCover: Text | None = None
    imgCompareBase: Text | None = None
    detectFrequency: Annotated[int, Field(ge=1, le=LONGEST_FREQUENCY_S)] | None = None
    detectStep: Annotated[int, Field(ge=1)] | None = None
    imgBusinessDetectStep: Annotated[int, Field(ge=1)] | None = None
    returnAllImg: bool = True
    agoraParam: VideoAgoraParam = VideoAgoraParam()
    trtcParam: VideoTrtcParam = VideoTrtcParam()
    imgTimeFormat: Literal["auto", "wall_clock", "epoch_ms", "epoch_s"] = "auto"
    endedBy: Literal["either", "picture", "sound"] = "either"

    @model_validator(mode="after")
    def _something_to_look_for(self) -> "VideoOptions":
        if self.imgType is None and self.imgBusinessType is None:
            raise ValueError("at least one of imgType and imgBusinessType is required")
        if self.audioType is None and self.audioBusinessType is None:
            raise ValueError("at least one of audioType and audioBusinessType is required (audioType: NONE)")
        if not self.has_sound and self.audioBusinessType is not None:
            raise ValueError("audioBusinessType is not read with audioType NONE")
        if not self.has_sound and self.endedBy == "sound":
            raise ValueError("endedBy cannot be sound with audioType NONE")
        return self

    @property
    def has_sound(self) -> bool:
        """Whether the sound is audited beside the pictures."""
        return self.audioType != NO_AUDIO

    @property
    def endpoint(self) -> str:
        """Generation and cluster."""
        return f"{self.generation}:{self.cluster}"

    @property
    def signs_every_s(self) -> int | None:
        """A stream may lack sound or pictures, so it is the rarer of what is pushed; None where only hits are."""
        frames_s = (self.detectFrequency or USUAL_FREQUENCY_S) * (1 + (self.detectStep or 0))
        signs = (self.sound_every_s if self.has_sound else None, frames_s if self.returnAllImg else None)
        return max((every for every in signs if every is not None), default=None)
