"""The plan's settings for Shumei, in the vendor's own spelling so that its document can be read beside them.

Every top-level and ``data`` field of the v2 page that is not taken from the room itself. Values marked
"newer" came after the 2023-09-06 revision; docs/vendors/shumei.md says which defaults are unconfirmed.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from earshot.errors import BadInput
from earshot.vendors.shumei import rules
from earshot.vendors.shumei.params import (
    AgoraParam,
    AliParam,
    Strict,
    Subscription,
    Text,
    TrtcParam,
    VolcParam,
    ZegoParam,
)

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


def _joined(known: frozenset[str], value: str | None) -> str | None:
    unknown = [part for part in (value or "").split("_") if part not in known] if value is not None else []
    if unknown:
        raise ValueError(f"unknown: {', '.join(unknown) or 'empty'}; known: {', '.join(sorted(known))}")
    return value


def _types(value: str | None) -> str | None:
    return _joined(TYPES | NEWER_TYPES, value)


def _business_types(value: str | None) -> str | None:
    return _joined(BUSINESS_TYPES, value)


def _receiver(value: str) -> str:
    return rules.word(value, 64)


class ShumeiOptions(Strict):
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
    receiveTokenId: Annotated[str, AfterValidator(_receiver)] | None = None  # newer, like the next four
    deviceId: Text | None = None
    ip: Annotated[str, AfterValidator(rules.address)] | None = None
    level: Annotated[int, Field(ge=0, le=4)] | None = None
    gender: Literal["male", "female", "ambiguity"] | None = None
    agoraParam: AgoraParam = AgoraParam()
    zegoParam: ZegoParam = ZegoParam()
    trtcParam: TrtcParam = TrtcParam()
    volcParam: VolcParam = VolcParam()
    aliParam: AliParam = AliParam()  # newer
    wallClockOffsetHours: Annotated[int, Field(ge=-12, le=14)] = 8
    pullFailureEndsTask: bool = True

    @model_validator(mode="after")
    def _something_to_look_for(self) -> "ShumeiOptions":
        if self.type is None and self.businessType is None:
            raise ValueError("at least one of type and businessType is required")
        return self


def check(target: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Validated options with their defaults.

    Raises pydantic's ValidationError, or :class:`BadInput` where ``target`` (one of Earshot's) allows no such option.
    """
    valid = ShumeiOptions.model_validate(dict(options))
    check_target(target, valid)
    return valid.model_dump()


def check_target(target: str, options: ShumeiOptions) -> None:
    """Options that would be sent and not read, or contradict the target, whatever the room."""
    if target == "room_mixed" and options.agoraParam.subscribeMode in {"TRUSTED", "UNTRUSTED"}:
        raise BadInput("agoraParam.subscribeMode", "TRUSTED and UNTRUSTED need target room_split")
    if target != "stream":
        return
    subscriptions: dict[str, Subscription] = {
        "agoraParam": options.agoraParam,
        "volcParam": options.volcParam,
    }
    for name, chosen in subscriptions.items():
        if chosen.subscribeMode:
            raise BadInput(f"{name}.subscribeMode", "is set by target stream: the one user of the stream")
    if options.trtcParam.uid:
        raise BadInput("trtcParam.uid", "is set by target stream: the one user of the stream")


def needs_credential(options: Mapping[str, Any]) -> bool:
    """Shumei knows no other way."""
    del options
    return True


LONGEST_STEP = 36


def thrift(options: Mapping[str, Any], step: str) -> dict[str, Any]:
    """``hits_only``: pushes of what is not PASS; ``longer_step``: half as many segments as before; ``mixed``: without
    the choice of speakers that a mixed room cannot have."""
    made = dict(options)
    if step == "hits_only":
        made["returnAllText"] = False
    if step == "longer_step":
        # Of every 1 + N segments one is audited.
        made["audioDetectStep"] = min(LONGEST_STEP, 2 * (made.get("audioDetectStep") or 0) + 1)
    if step == "mixed" and (made.get("agoraParam") or {}).get("subscribeMode") in {"TRUSTED", "UNTRUSTED"}:
        none = {"subscribeMode": None, "trustedUserIdList": None, "untrustedUserIdList": None}
        made["agoraParam"] = {**made["agoraParam"], **none}
    return made


def audited_share(options: Mapping[str, Any]) -> float:
    """``streamTime`` of the end is the audited time alone (v2 page, interval auditing)."""
    return 1 / (1 + (options.get("audioDetectStep") or 0))
