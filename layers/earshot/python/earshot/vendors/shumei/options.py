"""The plan's settings for Shumei, in the vendor's own spelling so that its document can be read beside them.

Every top-level and ``data`` field of the v2 page that is not taken from the room itself. Values marked
"newer" came after the 2023-09-06 revision; docs/vendors/shumei.md says which defaults are unconfirmed.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

TYPES = frozenset(
    {"EROTIC", "DIRTY", "ADVERT", "AUDIOPOLITICAL", "POLITY", "MOAN", "ANTHEN", "MINOR", "BANEDAUDIO"}
)
NEWER_TYPES = frozenset({"BAN", "VIOLENT", "ADLAW", "COPYRIGHTSONGS"})
BUSINESS_TYPES = frozenset({"SING", "AGE", "LANGUAGE", "GENDER", "TIMBRE", "VOICE", "AUDIOSCENE"})

# fmt: off
Lang = Literal[
    "zh", "en", "ar",
    "hi", "es", "fr", "ru", "pt", "id", "de", "ja", "tr", "vi", "it", "th", "tl", "ko", "ms", "auto",  # newer
]
# fmt: on
Text = Annotated[str, StringConstraints(min_length=1)]


def _joined(known: frozenset[str], value: str | None) -> str | None:
    unknown = [part for part in (value or "").split("_") if part not in known] if value is not None else []
    if unknown:
        raise ValueError(f"unknown: {', '.join(unknown) or 'empty'}; known: {', '.join(sorted(known))}")
    return value


def _types(value: str | None) -> str | None:
    return _joined(TYPES | NEWER_TYPES, value)


def _business_types(value: str | None) -> str | None:
    return _joined(BUSINESS_TYPES, value)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ZegoParam(_Strict):
    """``data.zegoParam`` beyond what the room gives. ``testEnv`` left the vendor's document in November 2023."""

    testEnv: bool = False


class ShumeiOptions(_Strict):
    """See the tables of the v2 page; lower-case ``cluster`` and the last two fields are ours."""

    cluster: Literal["sh", "gg", "xjp"] = "sh"
    type: Annotated[str | None, AfterValidator(_types)] = "POLITY_EROTIC_DIRTY_ADVERT_MOAN"
    businessType: Annotated[str | None, AfterValidator(_business_types)] = None
    appId: Text | None = None
    channel: Text = "VOICE_ROOM"
    tokenId: Text | None = None
    lang: Lang = "zh"
    role: Literal["ADMIN", "HOST", "SYSTEM", "USER"] | None = None
    returnAllText: bool = True
    returnPreText: bool = False
    returnPreAudio: bool = False
    returnFinishInfo: bool = True
    initDomain: Annotated[int, Field(ge=0, le=6)] | None = None
    audioDetectStep: Annotated[int, Field(ge=1, le=36)] | None = None
    zegoParam: ZegoParam = ZegoParam()
    wallClockOffsetHours: Annotated[int, Field(ge=-12, le=14)] = 8
    pullFailureEndsTask: bool = True

    @model_validator(mode="after")
    def _something_to_look_for(self) -> "ShumeiOptions":
        if self.type is None and self.businessType is None:
            raise ValueError("at least one of type and businessType is required")
        return self


def check(target: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Validated options with their defaults; ``target`` is one of Earshot's targets, all of which v2 can do."""
    del target
    return ShumeiOptions.model_validate(dict(options)).model_dump()
