"""The plan's settings for Yidun, in the vendor's own spelling so that its document can be read beside them.

docs/vendors/yidun.md says which defaults are unconfirmed.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from earshot.errors import BadInput
from earshot.vendors.yidun.params import WALL_ONLY, Strict, SubmitFields, Text

VERSIONS = {"liveaudio": ("v4", "v4.1"), "livewall": ("v3", "v3.1")}
"""Of submissions: what the vendor's demos send, and what its current SDKs do."""

SPEAKERS = ("checkSpeakerIds", "noCheckSpeakerIds")


def _submit_field(name: str) -> str:
    if name not in SubmitFields.model_fields:
        raise ValueError("is not a field of a submission that the plan may set")
    return name


class ShortRoomLimits(Strict):
    """Seconds that a room may last whose token is in its address (page 接口调用概述); they may only be lowered."""

    zego: Annotated[int, Field(ge=1, le=3_600)] = 3_600
    agora: Annotated[int, Field(ge=1, le=86_400)] = 86_400
    volcengine: Annotated[int, Field(ge=1, le=86_400)] = 86_400
    yunxin: Annotated[int, Field(ge=1, le=2_592_000)] = 2_592_000


class YidunOptions(SubmitFields):
    """The fields of a submission, and what is ours.

    ``fromAttributes`` gives fields their values from the room event's ``attributes``, by name; where an attribute is
    there and fits, it goes before the plan's own value. ``longRooms``: "renew" opens another task with a new token
    before the limit, "token_api" gives an address without a token, for which the vendor asks us (易盾token获取规范).
    """

    product: Literal["liveaudio", "livewall"] = "liveaudio"
    apiVersion: Literal["v4", "v4.1", "v3", "v3.1"] | None = None
    fromAttributes: dict[Annotated[str, AfterValidator(_submit_field)], Text] = Field(default_factory=dict)
    zegoTestEnv: bool = False
    # Unconfirmed: as the page prints the address of a long room, though there is no ``?`` before.
    rtcTestAddress: Literal["&testenv=true", "?testenv=true"] = "&testenv=true"
    agoraLowStream: bool = False
    longRooms: Literal["renew", "token_api"] = "renew"
    shortRoomLimits: ShortRoomLimits = ShortRoomLimits()
    urlMaxLength: Annotated[int, Field(ge=1, le=2_048)] = (
        1_024  # unconfirmed: a newer page of a sibling says 2048
    )
    resultTimes: Literal["epoch", "stream"] = "epoch"  # unconfirmed, see times.py

    @property
    def version(self) -> str:
        return self.apiVersion or VERSIONS[self.product][0]

    @property
    def has_token(self) -> bool:
        """Whether the room's credential goes into its address."""
        return self.longRooms == "renew"


def check(target: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Validated options with their defaults, but for fields that are not sent.

    Raises pydantic's ValidationError, or :class:`BadInput` for what the product has not, or ``target`` (one of
    Earshot's) does not allow.
    """
    valid = YidunOptions.model_validate(dict(options))
    _check_product(valid)
    if target == "stream":
        _check_stream(valid)
    return valid.model_dump(exclude_none=True)


def _check_product(options: YidunOptions) -> None:
    if options.version not in VERSIONS[options.product]:
        versions = " or ".join(VERSIONS[options.product])
        raise BadInput("apiVersion", f"must be {versions} with product {options.product}")
    if options.product == "livewall":
        return
    for name in SubmitFields.model_fields:
        if name in WALL_ONLY and getattr(options, name) is not None:
            raise BadInput(name, "needs product livewall")
        if name in WALL_ONLY and name in options.fromAttributes:
            raise BadInput(f"fromAttributes.{name}", "needs product livewall")


def _check_stream(options: YidunOptions) -> None:
    for name in SPEAKERS:
        for field, is_given in (
            (name, getattr(options, name) is not None),
            (f"fromAttributes.{name}", name in options.fromAttributes),
        ):
            if is_given:
                raise BadInput(field, "is set by target stream: the one user of the stream")


def needs_credential(options: Mapping[str, Any]) -> bool:
    """Not where the vendor asks for a token itself."""
    return YidunOptions.model_validate(dict(options)).has_token


USUAL_SCREENSHOT_S, LONGEST_SCREENSHOT_S = 5, 600


def thrift(options: Mapping[str, Any], step: str) -> dict[str, Any]:
    """``longer_step`` takes half as many screenshots where pictures are looked at. Of the sound Yidun documents no
    field that would make it cheaper, and what it pushes is the account's."""
    made = dict(options)
    if step == "longer_step" and made.get("product") == "livewall":
        made["scFrequency"] = min(LONGEST_SCREENSHOT_S, 2 * (made.get("scFrequency") or USUAL_SCREENSHOT_S))
    return made


def audited_share(options: Mapping[str, Any]) -> float:
    """All of it."""
    del options
    return 1.0
