"""Request tables of audio stream V4 (page "智能音频流识别产品API文档", V4, submit).

Its RTC objects are those of v2 today, but for the few that are written down here.
"""

from __future__ import annotations

from local.doubles.shumei.fields import Field
from local.doubles.shumei.tables import (
    BUSINESS_TYPES,
    LATER_LANGUAGES,
    PARAM,
    PARAM_ROWS,
    SCHEMES,
    SEED_LANGUAGES,
    STREAM_TYPES,
)
from local.doubles.shumei.values import UINT32, address, alphabet, at_most, between, joined, one_of, url

TYPES = (
    *("POLITY", "EROTIC", "ADVERT", "BAN", "VIOLENT", "MOAN", "AUDIOPOLITICAL", "ANTHEN", "DIRTY", "ADLAW"),
    *("SING", "MINOR", "BANEDAUDIO", "COPYRIGHTSONGS", "VOICE"),
)
PARAM_V4 = PARAM | {"YUNXIN": "yunxinParam"}  # since 2025-11-03
SWITCHES = ("returnAllText", "returnPreText", "returnPreAudio", "returnFinishInfo")

TOP = (
    Field("accessKey", "string", True),
    Field("appId", "string", True),
    Field("eventId", "string", True),
    Field("type", "string", rule=joined(*TYPES)),
    Field("businessType", "string", rule=joined(*BUSINESS_TYPES)),
    Field("callback", "string", True, url("http", "https")),
    Field("acceptLang", "string", rule=one_of("zh", "en")),
    Field("btId", "string", rule=at_most(128)),  # only in the vendor's own sample code
    Field("data", "json_object", True),
)


def switches(*names: str) -> tuple[Field, ...]:
    """Integers where v2 has booleans."""
    return tuple(Field(name, "int", rule=one_of(0, 1)) for name in names)


PERSON = (
    Field("ip", "string", rule=address),
    Field("level", "int", rule=between(0, 4)),
    Field("gender", "string", rule=one_of("male", "female")),
)
DATA = (
    Field("tokenId", "string", True),
    Field("btId", "string", True, at_most(128)),
    Field("streamType", "string", True, one_of(*STREAM_TYPES, "YUNXIN")),
    Field("url", "string", rule=url(*SCHEMES)),
    *(Field(name, "json_object") for name in PARAM_V4.values()),
    Field("lang", "string", rule=one_of(*SEED_LANGUAGES, *LATER_LANGUAGES)),
    Field("initDomain", "int", rule=between(0, 6)),
    Field("room", "string"),
    *switches(*SWITCHES),
    Field("extra", "json_object"),
    Field("liveTitle", "string"),
    Field("anchorName", "string"),
    Field("audioDetectStep", "int", rule=between(1, 36)),
    Field("receiveTokenId", "string", rule=alphabet(64)),
    Field("deviceId", "string"),
    *PERSON,
)

ROWS = PARAM_ROWS | {
    "ZEGO": tuple(row for row in PARAM_ROWS["ZEGO"] if row.name != "testEnv"),
    "GIN": tuple(
        Field(row.name, row.kind, row.name != "isMixingEnabled", row.rule) for row in PARAM_ROWS["GIN"]
    ),
    "ALI": tuple(
        Field(row.name, "bool") if row.name == "isMixingEnabled" else row for row in PARAM_ROWS["ALI"]
    ),
    "YUNXIN": (
        Field("token", "string", True),
        Field("cname", "string", True),
        Field("uid", "int", True, between(0, UINT32**2)),
        Field("appKey", "string", True),
    ),
}
