"""The plan's settings for one stream type each, named after the parameter object that they go into.

What the room, its credential and the plan's target give is not repeated here. Which rows are newer than the seed
revision, and which defaults nobody has confirmed, is in docs/vendors/shumei.md.
"""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from earshot.vendors.shumei.rules import uint32_text

Text = Annotated[str, StringConstraints(min_length=1)]
User = TypeVar("User", str, int)
Mode = Literal["AUTO", "UNTRUSTED", "TRUSTED"]
READ_IN = {"trustedUserIdList": "TRUSTED", "untrustedUserIdList": "UNTRUSTED"}


class Strict(BaseModel):
    """No unknown fields, no coercion."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


def fits_mode(users: list[User] | None, info: ValidationInfo) -> list[User] | None:
    """A validator of both lists. One without its mode would be sent and not read: all heard, against the plan."""
    if "subscribeMode" not in info.data:
        return users  # its own complaint comes first
    mode, wanted = info.data["subscribeMode"], READ_IN[str(info.field_name)]
    if users is not None and mode != wanted:
        raise ValueError(f"is read with subscribeMode {wanted} only")
    if not users and mode == wanted == "UNTRUSTED":
        raise ValueError("must not be empty with subscribeMode UNTRUSTED")
    return users


class Subscription(Strict):
    """Whom to listen to. ``TRUSTED``: everybody but the listed, who may be nobody; ``UNTRUSTED``: the listed."""

    subscribeMode: Mode | None = None

    def fields(self) -> dict[str, Any]:
        """The rows that were chosen."""
        names = ("subscribeMode", *READ_IN)
        return {name: value for name in names if (value := getattr(self, name)) is not None}


class AgoraParam(Subscription):
    """``data.agoraParam``; ``channelProfile`` 0 communication, 1 live broadcast."""

    channelProfile: Annotated[int, Field(ge=0, le=1)] = 0
    trustedUserIdList: list[Annotated[str, AfterValidator(uint32_text)]] | None = None
    untrustedUserIdList: list[Annotated[str, AfterValidator(uint32_text)]] | None = Field(
        default=None, validate_default=True
    )

    _lists = field_validator(*READ_IN)(fits_mode)


class VolcParam(Subscription):
    """``data.volcParam``."""

    trustedUserIdList: list[Text] | None = None
    untrustedUserIdList: list[Text] | None = Field(default=None, validate_default=True)

    _lists = field_validator(*READ_IN)(fits_mode)


class ZegoParam(Strict):
    """``data.zegoParam``. ``testEnv`` left the vendor's document in November 2023."""

    testEnv: bool = False


class TrtcParam(Strict):
    """``data.trtcParam``."""

    uid: Text | None = None


class AliParam(Strict):
    """``data.aliParam`` (newer). ``mixingAsText`` is ours: the page of v2 says string where that of V4 says bool."""

    mixingAsText: bool = True
