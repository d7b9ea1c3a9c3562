"""The fields of a submission that the plan may set (page 直播音频 submit; the live audio-video
solution takes the same and some more).

Lengths come from third-party copies of the vendor's table, those of ``extStr1`` and ``extStr2`` are inferred.
"""

import json
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

PLAIN_DEVICES = frozenset({10, 11, 12, 13, 14})
"""Values of ``deviceType`` whose ``deviceId`` is not a digest."""


def size(text: str) -> int:
    """Characters as the vendor's Java counts them: an emoji is two. The pages say only "length"."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _sendable(value: str) -> str:
    """Half a character, which JSON's escapes can write, has no place in a form."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("must not contain lone surrogates") from None
    return value


def _at_most(limit: int, value: str) -> str:
    if size(value) > limit:
        raise ValueError(f"must have at most {limit} characters")
    return value


def _speaker(value: str) -> str:
    if "," in value:
        raise ValueError("must not contain a comma, which separates speakers")
    return value


def _json(value: Any) -> Any:
    """What JSON can carry: Python's reader lets NaN in."""
    _sendable(json.dumps(value, ensure_ascii=False, allow_nan=False))
    return value


Text = Annotated[str, StringConstraints(min_length=1), AfterValidator(_sendable)]
Text30 = Annotated[Text, AfterValidator(partial(_at_most, 30))]
Text128 = Annotated[Text, AfterValidator(partial(_at_most, 128))]
Text512 = Annotated[Text, AfterValidator(partial(_at_most, 512))]
Level = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,10}$")]
Speakers = Annotated[list[Annotated[Text, AfterValidator(_speaker)]], Field(min_length=1)]
Object = Annotated[dict[str, Any], AfterValidator(_json)]
Count = Annotated[int, Field(ge=0)]
Milliseconds = Annotated[int, Field(ge=0, le=9_999_999_999_999)]
Seconds = Annotated[float, Field(ge=0.5, le=600)]
Flag = Annotated[int, Field(ge=0, le=1)]

# fmt: off
Language = Literal[
    "zh", "en", "it", "id", "es", "fr", "ms", "tl", "th", "de", "hi", "ru", "ar", "vi", "ja", "ko",
]
DeviceType = Literal[0, 10, 11, 12, 13, 14, 20, 21, 22, 23, 24]
# fmt: on


class Strict(BaseModel):
    """No unknown fields, no coercion."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class SubmitFields(Strict):
    """In the vendor's spelling. ``token`` is that of its anti-cheat SDK: a room's goes into the address."""

    title: Text512 | None = None
    checkLanguageCode: Language | None = None
    ip: Text128 | None = None
    accountName: Text30 | None = None
    accountLevel: Level | None = None
    deviceId: Text128 | None = None
    deviceType: DeviceType | None = None
    checkSpeakerIds: Speakers | None = None
    noCheckSpeakerIds: Speakers | None = None
    extension: Object | None = None
    extStr1: Text128 | None = None
    extStr2: Text128 | None = None
    extLon1: int | None = None
    extLon2: int | None = None
    subProduct: Text | None = None
    photo: Text | None = None
    backgroundImage: Text | None = None
    cover: Text | None = None
    nickname: Text | None = None
    gender: Annotated[int, Field(ge=0, le=2)] | None = None
    age: Count | None = None
    level: Count | Text | None = None  # the type of these is unconfirmed, as it is of `role` and `phone`
    registerTime: Milliseconds | None = None
    friendNum: Count | None = None
    fansNum: Count | None = None
    isPremiumUse: Flag | None = None
    role: Count | Text | None = None
    phone: Text | None = None
    token: Text | None = None
    mac: Text | None = None
    imei: Text | None = None
    idfa: Text | None = None
    idfv: Text | None = None
    appVersion: Text | None = None
    labourUnion: Text | None = None
    operationManager: Text | None = None
    # the live audio-video solution alone, see WALL_ONLY
    detectType: Literal[0, 1, 2] | None = None
    scFrequency: Seconds | None = None
    advancedFrequency: Count | Text | Object | None = (
        None  # type unconfirmed, like `accountInfo` and `wallHidden`
    )
    screenShotStrategy: Flag | None = None
    screenMode: Flag | None = None
    liveLink: Text128 | None = None
    censorStreamUrl: Text | None = None
    accountInfo: Text | Object | None = None
    wallHidden: bool | Count | Text | None = None

    @model_validator(mode="after")
    def _device_in_capitals(self) -> "SubmitFields":
        """The page wants the id of a device in capitals; a digest of it is the page's own exception."""
        if self.deviceId and self.deviceType in PLAIN_DEVICES and self.deviceId != self.deviceId.upper():
            raise ValueError(f"deviceId must be upper case with deviceType {self.deviceType}")
        return self


WALL_ONLY = frozenset(
    {
        "detectType",
        "scFrequency",
        "advancedFrequency",
        "screenShotStrategy",
        "screenMode",
        "liveLink",
        "censorStreamUrl",
        "accountInfo",
        "wallHidden",
    }
)
"""Fields of the live audio-video solution (直播音视频解决方案) that live audio has not."""


def wire(value: Any) -> str:
    """A value as a form carries it: lists joined by commas, objects as JSON text."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ",".join(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
