"""The plan's settings for Shumei, in the vendor's own spelling so that its document can be read beside them.

``generation`` says which page they are of. Here are the v2 page's, every top-level and ``data`` field that is not
taken from the room itself; those of V4 are in ``options_v4``. Values marked "newer" came after the 2023-09-06
revision; docs/vendors/shumei.md says which defaults are unconfirmed.
"""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

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
)

if TYPE_CHECKING:
    from earshot.vendors.shumei.options_v4 import AudioOptions, VideoOptions


def _types(value: str | None) -> str | None:
    return joined(TYPES | NEWER_TYPES, value)


def _business_types(value: str | None) -> str | None:
    return joined(BUSINESS_TYPES, value)


def _receiver(value: str) -> str:
    return rules.word(value, 64)


class ShumeiOptions(Strict):
    """See the tables of the v2 page; lower-case ``cluster``, ``generation`` and the last two fields are ours."""

    generation: Literal["v2"] = "v2"
    cluster: Cluster = "sh"
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

    @property
    def endpoint(self) -> str:
        """The bare cluster: what tasks of before there was another generation carry."""
        return self.cluster

    @property
    def signs_every_s(self) -> int | None:
        """With ``returnAllText`` every audited segment of about so long is pushed, a silent one too."""
        return SEGMENT_S * (self.audioDetectStep or 1) if self.returnAllText else None


Sound: TypeAlias = "ShumeiOptions | AudioOptions"
"""Of an audio stream."""
Options: TypeAlias = "ShumeiOptions | AudioOptions | VideoOptions"


@cache
def models() -> dict[str, type[Options]]:
    """By generation. V4's are imported when they are asked for: v2's cold start does without."""
    from earshot.vendors.shumei.options_v4 import AudioOptions, VideoOptions  # noqa: PLC0415

    return {"v2": ShumeiOptions, "v4": AudioOptions, "v4_video": VideoOptions}


def parse(options: Mapping[str, Any]) -> Options:
    """The options as their generation's model. Raises pydantic's ValidationError, or :class:`BadInput` for a field
    that only another generation has."""
    if options.get("generation", "v2") == "v2" and options.keys() <= ShumeiOptions.model_fields.keys():
        return ShumeiOptions.model_validate(dict(options))
    from earshot.vendors.shumei.options_v4 import Chosen  # noqa: PLC0415 - as in models()

    generation = Chosen.model_validate(dict(options)).generation
    for name in options:
        others = [other for other, its in models().items() if name in its.model_fields]
        if others and generation not in others:
            raise BadInput(str(name), f"needs generation {' or '.join(others)}, not {generation}")
    return models()[generation].model_validate(dict(options))


def check(target: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Validated options with their defaults.

    Raises pydantic's ValidationError, or :class:`BadInput` where the generation, or ``target`` (one of Earshot's),
    allows no such option.
    """
    valid = parse(options)
    check_target(target, valid)
    return valid.model_dump()


def check_target(target: str, options: Options) -> None:
    """Options that would be sent and not read, or contradict the target, whatever the room."""
    if options.generation == "v4_video":
        _check_stream(target, {"agoraParam": options.agoraParam})
        return
    if target == "room_mixed" and options.agoraParam.subscribeMode in {"TRUSTED", "UNTRUSTED"}:
        raise BadInput("agoraParam.subscribeMode", "TRUSTED and UNTRUSTED need target room_split")
    _check_stream(target, {"agoraParam": options.agoraParam, "volcParam": options.volcParam})
    if target == "stream" and options.trtcParam.uid:
        raise BadInput("trtcParam.uid", "is set by target stream: the one user of the stream")


def _check_stream(target: str, subscriptions: Mapping[str, Subscription]) -> None:
    for name, chosen in subscriptions.items():
        if target == "stream" and chosen.subscribeMode:
            raise BadInput(f"{name}.subscribeMode", "is set by target stream: the one user of the stream")


def needs_credential(options: Mapping[str, Any]) -> bool:
    """Shumei knows no other way."""
    del options
    return True


def thrift(options: Mapping[str, Any], step: str) -> dict[str, Any]:
    """``hits_only``: pushes of what is not PASS; ``longer_step``: half as many segments as before, of a video stream
    half as many pictures (its sound stays whole); ``mixed``: without the choice of speakers that a mixed room cannot
    have."""
    made, is_video = dict(options), options.get("generation") == "v4_video"
    if step == "hits_only":
        made["returnAllText"] = False
        made |= {"returnAllImg": False} if is_video else {}
    if step == "longer_step" and is_video:
        made["detectFrequency"] = min(
            LONGEST_FREQUENCY_S, 2 * (made.get("detectFrequency") or USUAL_FREQUENCY_S)
        )
    elif step == "longer_step":
        # Of every 1 + N segments one is audited.
        made["audioDetectStep"] = min(LONGEST_STEP, 2 * (made.get("audioDetectStep") or 0) + 1)
    return _without_choice(made) if step == "mixed" and not is_video else made


def _without_choice(options: dict[str, Any]) -> dict[str, Any]:
    chosen = options.get("agoraParam") or {}
    if chosen.get("subscribeMode") not in {"TRUSTED", "UNTRUSTED"}:
        return options
    none = {"subscribeMode": None, "trustedUserIdList": None, "untrustedUserIdList": None}
    return {**options, "agoraParam": {**chosen, **none}}


def audited_share(options: Mapping[str, Any]) -> float:
    """``streamTime`` of the end is the audited time alone (v2 page, interval auditing). Of a video stream, whose
    sound and pictures may be audited at intervals of their own, it is taken for the whole time: no page says more."""
    if options.get("generation") == "v4_video":
        return 1.0
    return 1 / (1 + (options.get("audioDetectStep") or 0))
