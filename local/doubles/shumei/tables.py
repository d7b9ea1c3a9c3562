"""Request tables of audio stream v2 (page "智能音频流识别产品API文档", 2.1), later rows marked [D].

"Required" is the real rule, not the page's letter: rows that the page calls required but that depend on other
fields are optional here and checked in ``shumei_rules``.
"""

from __future__ import annotations

from local.doubles.shumei.fields import Field
from local.doubles.shumei.values import (
    UINT32,
    address,
    alphabet,
    at_most,
    between,
    joined,
    one_of,
    uint32_texts,
    url,
)

SEED_TYPES = (
    "EROTIC",
    "DIRTY",
    "ADVERT",
    "AUDIOPOLITICAL",
    "POLITY",
    "MOAN",
    "ANTHEN",
    "MINOR",
    "BANEDAUDIO",
)
LATER_TYPES = ("BAN", "VIOLENT", "ADLAW", "COPYRIGHTSONGS")  # [D]
OLD_TYPES = ("PORN", "ABUSE", "AD", "POLITICAL", "DEFAULT")  # 2022 names; still accepted? [?]
BUSINESS_TYPES = ("SING", "AGE", "LANGUAGE", "GENDER", "TIMBRE", "VOICE", "AUDIOSCENE")
SEED_LANGUAGES = ("zh", "en", "ar")
LATER_LANGUAGES = (
    "hi",
    "es",
    "fr",
    "ru",
    "pt",
    "id",
    "de",
    "ja",
    "tr",
    "vi",
    "it",
    "th",
    "tl",
    "ko",
    "ms",
    "auto",
)  # [D]
STREAM_TYPES = ("NORMAL", "AGORA", "ZEGO", "TRTC", "VOLC", "GIN", "ALI")  # ALI [D]
MODES = ("AUTO", "UNTRUSTED", "TRUSTED")
# The FAQ names more protocols than the row itself; all are accepted.
SCHEMES = ("http", "https", "rtmp", "rtmps", "hls", "hdl", "rtp")


def top(old_types: bool) -> tuple[Field, ...]:
    """General parameters. ``accessKey`` is judged before everything else."""
    types = SEED_TYPES + LATER_TYPES + (OLD_TYPES if old_types else ())
    return (
        Field("accessKey", "string", True),
        Field("type", "string", rule=joined(*types)),
        Field("businessType", "string", rule=joined(*BUSINESS_TYPES)),
        Field("btId", "string", True, at_most(128)),
        Field("appId", "string"),
        Field("callback", "string", True, url("http", "https")),
        Field("data", "json_object", True),
    )


PARAM = {
    "AGORA": "agoraParam",
    "ZEGO": "zegoParam",
    "TRTC": "trtcParam",
    "VOLC": "volcParam",
    "GIN": "ginParam",
    "ALI": "aliParam",
}

DATA = (
    Field("streamType", "string", True, one_of(*STREAM_TYPES)),
    Field("url", "string", rule=url(*SCHEMES)),
    *(Field(name, "json_object") for name in PARAM.values()),
    Field("tokenId", "string", True),
    Field("channel", "string", True),
    Field("lang", "string", rule=one_of(*SEED_LANGUAGES, *LATER_LANGUAGES)),
    Field("extra", "json_object"),
    Field("room", "string"),
    Field("role", "string", rule=one_of("ADMIN", "HOST", "SYSTEM", "USER")),
    Field("returnAllText", "bool"),
    Field("returnPreText", "bool"),
    Field("returnPreAudio", "bool"),
    Field("returnFinishInfo", "bool"),
    Field("initDomain", "int", rule=between(0, 6)),  # 6 [D]
    Field("audioDetectStep", "int", rule=between(1, 36)),
    Field("receiveTokenId", "string", rule=alphabet(64)),  # [D], like the next four
    Field("deviceId", "string"),
    Field("ip", "string", rule=address),
    Field("level", "int", rule=between(0, 4)),
    Field("gender", "string", rule=one_of("male", "female", "ambiguity")),
)
EXTRA = (Field("passThrough", "json_object"),)

_SUBSCRIPTION = (Field("subscribeMode", "string", rule=one_of(*MODES)),)

PARAM_ROWS: dict[str, tuple[Field, ...]] = {
    "AGORA": (
        Field("appId", "string", True),
        Field("channel", "string", True),
        Field("token", "string"),
        Field("uid", "int", rule=between(0, UINT32)),
        Field("isMixingEnabled", "bool"),
        Field("channelProfile", "int", rule=one_of(0, 1)),
        *_SUBSCRIPTION,
        Field("trustedUserIdList", "string_array", rule=uint32_texts),
        Field("untrustedUserIdList", "string_array", rule=uint32_texts),
    ),
    "ZEGO": (
        Field("tokenId", "string", True),
        Field("streamId", "string"),
        Field("roomId", "string"),
        Field("testEnv", "bool"),  # the page says required and gives a default; gone since 2023-11-10 [D]
        Field("isMixingEnabled", "bool"),  # [D]
    ),
    "TRTC": (
        Field("sdkAppId", "int", True, between(1, UINT32)),
        Field("demoSences", "int", True, one_of(2, 4)),
        Field("userId", "string", True, alphabet(32)),  # "32bit" read as 32 characters [I]
        Field("userSig", "string", True),
        Field("uid", "string"),
        Field("roomId", "int", rule=between(1, 4294967294)),
        Field("strRoomId", "string", rule=alphabet()),
    ),
    "VOLC": (
        Field("appId", "string", True),
        Field("roomId", "string", True),
        Field("token", "string", True),
        Field("userId", "string", True),
        *_SUBSCRIPTION,
        Field("trustedUserIdList", "string_array"),
        Field("untrustedUserIdList", "string_array"),
    ),
    "GIN": (
        Field("tokenId", "string", True),
        Field("roomId", "string", True),
        Field("isMixingEnabled", "bool", True),
        Field("ip", "string", True),
        Field("port", "string", True),
    ),
    "ALI": (
        Field("token", "string", True),
        Field("room", "string", True),
        Field("userId", "string", True),
        Field("isMixingEnabled", "string or bool", rule=one_of("true", "false", True, False)),
    ),
}
