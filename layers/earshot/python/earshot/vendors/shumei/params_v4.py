"""The plan's settings for one stream type each, where V4 differs from v2."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from earshot.vendors.shumei.params import READ_IN, Strict, Subscription, fits_mode
from earshot.vendors.shumei.rules import UINT32_MAX

VideoUsers = Annotated[list[Annotated[int, Field(ge=0, le=UINT32_MAX)]], Field(max_length=17)]


class VideoAgoraParam(Subscription):
    """``data.agoraParam`` of a V4 video stream: the users are numbers there, and at most 17. The page gives no type
    for the two ``enable`` switches; they are sent as booleans where the plan sets them, and else not at all."""

    channelProfile: Annotated[int, Field(ge=0, le=1)] = 0
    enableIntraRequest: bool | None = None
    enableH265Support: bool | None = None
    trustedUserIdList: VideoUsers | None = None
    untrustedUserIdList: VideoUsers | None = Field(default=None, validate_default=True)

    _lists = field_validator(*READ_IN)(fits_mode)


class VideoTrtcParam(Strict):
    """``data.trtcParam`` of a V4 video stream; ``appScene`` 0 call, 1 live."""

    appScene: Annotated[int, Field(ge=0, le=1)] | None = None


class YunxinParam(Strict):
    """``data.yunxinParam`` (V4). ``tokenFrom`` is ours: which part of the credential its ``token`` is, the ``token``
    that joins a room or the ``checksum`` that a recorder is given; the page does not say."""

    tokenFrom: Literal["token", "checksum"] = "token"
