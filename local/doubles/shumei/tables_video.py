"""Request tables of video stream V4 (page "智能视频流识别产品API文档", V4, submit), with its lengths."""

from __future__ import annotations

from local.doubles.shumei.fields import Field
from local.doubles.shumei.tables import MODES, SCHEMES
from local.doubles.shumei.tables_v4 import PARAM_V4, PERSON, SWITCHES, switches
from local.doubles.shumei.values import (
    UINT32,
    alphabet,
    at_most,
    between,
    both,
    joined,
    one_of,
    uint32s,
    url,
    words,
)

IMAGE_TYPES = ("POLITY", "EROTIC", "VIOLENT", "QRCODE", "ADVERT", "IMGTEXTRISK")
NO_AUDIO = "NONE"
AUDIO_TYPES = (
    *("POLITY", "EROTIC", "ADVERT", "BAN", "VIOLENT", "DIRTY", "ADLAW", "MOAN", "AUDIOPOLITICAL", "ANTHEN"),
    *("BANEDAUDIO", NO_AUDIO),
)
AUDIO_BUSINESS_TYPES = (
    *("SING", "LANGUAGE", "MINOR", "GENDER", "TIMBRE", "VOICE", "AUDIOSCENE", "AGE", "APPNAME"),
)
STREAM_TYPES = ("NORMAL", "AGORA", "TRTC", "ZEGO", "VOLC", "ALI")
PARAM = {kind: name for kind, name in PARAM_V4.items() if kind in STREAM_TYPES}
LONG, ID = at_most(1024), at_most(64)
PASS_THROUGH_LIMIT = 1024
USERS = uint32s(17)

TOP = (
    Field("accessKey", "string", True, at_most(20)),
    Field("eventId", "string", True, ID),
    Field("appId", "string", True, ID),
    Field("imgType", "string", rule=both(LONG, joined(*IMAGE_TYPES))),
    Field("imgBusinessType", "string", rule=both(LONG, words)),
    Field("audioType", "string", rule=both(LONG, joined(*AUDIO_TYPES))),
    Field("audioBusinessType", "string", rule=both(LONG, joined(*AUDIO_BUSINESS_TYPES))),
    Field("imgCallback", "string", True, both(LONG, url("http", "https"))),
    Field("audioCallback", "string", rule=both(LONG, url("http", "https"))),
    Field("acceptLang", "string", rule=one_of("zh", "en")),
    Field("data", "json_object", True),
)

STEP = between(1, 36)
DATA = (
    Field("streamType", "string", True, one_of(*STREAM_TYPES)),
    Field("tokenId", "string", True),
    Field("url", "string", rule=both(at_most(600), url(*SCHEMES))),
    *(Field(name, "json_object") for name in PARAM.values()),
    Field("lang", "string"),
    Field("room", "string", rule=ID),
    Field("streamName", "string", rule=ID),
    *(Field(name, "string") for name in ("anchorName", "liveTitle", "liveCover", "imgCompareBase")),
    Field("deviceId", "string", rule=at_most(128)),
    Field("receiveTokenId", "string", rule=alphabet(64)),
    *PERSON,
    Field("detectFrequency", "number"),
    Field("detectStep", "int", rule=between(1, UINT32)),  # no range is given
    Field("imgBusinessDetectStep", "int", rule=between(1, UINT32)),
    Field("audioDetectStep", "int", rule=STEP),
    *switches("returnAllImg", *SWITCHES),
    Field("extra", "json_object"),
)

ROWS: dict[str, tuple[Field, ...]] = {
    "AGORA": (
        Field("appId", "string", True, ID),
        Field("channel", "string", True, ID),
        Field("token", "string"),
        Field("uid", "int", rule=between(0, UINT32)),
        Field("channelProfile", "int", rule=one_of(0, 1)),
        Field("enableIntraRequest", "bool or int"),
        Field("enableH265Support", "bool or int"),
        Field("subscribeMode", "string", rule=one_of(*MODES)),
        Field("trustedUserIdList", "int_array", rule=USERS),
        Field("untrustedUserIdList", "int_array", rule=USERS),
    ),
    "ZEGO": (Field("tokenId", "string", True), Field("roomId", "string", True, ID)),
    "TRTC": (
        Field("sdkAppId", "int", True, between(1, UINT32)),
        Field("demoSences", "int", True, one_of(2, 4)),
        Field("userId", "string", True, alphabet(32)),
        Field("userSig", "string", True),
        Field("roomId", "int", rule=between(1, 4294967294)),
        Field("strRoomId", "string", rule=alphabet(128)),
        Field("appScene", "int", rule=one_of(0, 1)),
    ),
    "VOLC": (
        Field("appId", "string", True, ID),
        Field("roomId", "string", True, at_most(128)),
        Field("userId", "string", True, ID),
        Field("token", "string", True),
    ),
    "ALI": (
        Field("room", "string", True, ID),
        Field("userId", "string", True, ID),
        Field("token", "string", True),
    ),
}

FINISH = (
    Field("accessKey", "string", True, at_most(20)),
    Field("requestId", "string", True, at_most(32)),
)
