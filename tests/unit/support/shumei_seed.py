"""The tables of Shumei's audio stream v2 page (revision of 2023-09-06), as its request section has them.

Every top-level and ``data`` field, every enum value. A row says where the value comes from in Earshot: an option of
the plan, or the room, the credential, the settings. The parameter objects of the stream types: ``shumei_streams``.
"""

from typing import Any

from earshot.domain.verdict import Verdict
from earshot.vendors.shumei.reader import read

ANY = "any"

TYPES = ["EROTIC", "DIRTY", "ADVERT", "AUDIOPOLITICAL", "POLITY", "MOAN", "ANTHEN", "MINOR", "BANEDAUDIO"]
BUSINESS_TYPES = ["SING", "AGE", "LANGUAGE", "GENDER", "TIMBRE", "VOICE", "AUDIOSCENE"]
LANGS = ["zh", "en", "ar"]
NEWER_LANGS = [
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
]
ROLES = ["ADMIN", "HOST", "SYSTEM", "USER"]
CLUSTERS = ["sh", "gg", "xjp"]
INIT_DOMAINS = [0, 1, 2, 3, 4, 5]
DETECT_STEPS = [1, 2, 36]

# (path in the request, option of the plan, a value of it)
OPTIONS: list[tuple[str, str, Any]] = [
    *(("type", "type", value) for value in [*TYPES, "POLITY_EROTIC_MOAN_ADVERT", "_".join(TYPES)]),
    *(("businessType", "businessType", value) for value in [*BUSINESS_TYPES, "_".join(BUSINESS_TYPES)]),
    ("appId", "appId", "another-app"),
    ("data.channel", "channel", "LIVE_ROOM"),
    ("data.tokenId", "tokenId", "somebody"),
    *(("data.lang", "lang", value) for value in LANGS),
    *(("data.role", "role", value) for value in ROLES),
    *(("data.returnAllText", "returnAllText", value) for value in (True, False)),
    *(("data.returnPreText", "returnPreText", value) for value in (True, False)),
    *(("data.returnPreAudio", "returnPreAudio", value) for value in (True, False)),
    *(("data.returnFinishInfo", "returnFinishInfo", value) for value in (True, False)),
    *(("data.initDomain", "initDomain", value) for value in INIT_DOMAINS),
    *(("data.audioDetectStep", "audioDetectStep", value) for value in DETECT_STEPS),
    *(("data.zegoParam.testEnv", "zegoParam.testEnv", value) for value in (True, False)),
]

# the same of rows that came after the revision of 2023-09-06
NEWER_OPTIONS: list[tuple[str, str, Any]] = [
    *(("data.receiveTokenId", "receiveTokenId", value) for value in ("a", "user_7-A", "x" * 64)),
    ("data.deviceId", "deviceId", "B1F2/设备"),
    *(("data.ip", "ip", value) for value in ("203.0.113.7", "2001:db8::1")),
    *(("data.level", "level", value) for value in range(5)),
    *(("data.gender", "gender", value) for value in ("male", "female", "ambiguity")),
    ("data.initDomain", "initDomain", 6),
    *(("type", "type", value) for value in ("BAN", "VIOLENT", "ADLAW", "COPYRIGHTSONGS")),
    *(
        ("data.lang", "lang", value)
        for value in [
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
        ]
    ),
]

# path in the request → JSON type, for a ZEGO room with every option set
REQUEST_FIELDS: dict[str, type] = {
    "accessKey": str,
    "type": str,
    "businessType": str,
    "btId": str,
    "appId": str,
    "callback": str,
    "data": dict,
    "data.streamType": str,
    "data.zegoParam": dict,
    "data.zegoParam.tokenId": str,
    "data.zegoParam.roomId": str,
    "data.zegoParam.testEnv": bool,
    "data.zegoParam.isMixingEnabled": bool,
    "data.tokenId": str,
    "data.channel": str,
    "data.lang": str,
    "data.extra": dict,
    "data.extra.passThrough": dict,
    "data.room": str,
    "data.role": str,
    "data.returnAllText": bool,
    "data.returnPreText": bool,
    "data.returnPreAudio": bool,
    "data.returnFinishInfo": bool,
    "data.initDomain": int,
    "data.audioDetectStep": int,
}

# option → values that the page does not allow, and the word in the error that names the field
FORBIDDEN: list[tuple[str, Any]] = [
    ("type", "PORN"),
    ("type", "POLITY_EROTIC_"),
    ("type", ""),
    ("type", "polity"),
    ("type", ["POLITY"]),
    ("businessType", "SINGING"),
    ("businessType", ""),
    ("appId", ""),
    ("channel", ""),
    ("channel", 7),
    ("tokenId", ""),
    ("lang", "xx"),
    ("lang", None),
    ("role", "GUEST"),
    ("role", "host"),
    *(
        (name, value)
        for name in ("returnAllText", "returnPreText", "returnPreAudio", "returnFinishInfo")
        for value in (1, "true", None)
    ),
    ("initDomain", -1),
    ("initDomain", 7),
    ("initDomain", "5"),
    ("initDomain", True),
    ("audioDetectStep", 0),
    ("audioDetectStep", 37),
    ("audioDetectStep", 1.5),
    ("cluster", "bj"),
    ("cluster", ""),
    ("zegoParam", {"testEnv": "false"}),
    ("zegoParam", {"tokenId": "mine"}),
    *(("receiveTokenId", value) for value in ("", "x" * 65, "user 7", "用户", 7)),
    *(("deviceId", value) for value in ("", 7)),
    *(("ip", value) for value in ("", "203.0.113", "203.0.113.7:80", "host", 7)),
    *(("level", value) for value in (-1, 5, "1", True)),
    *(("gender", value) for value in ("", "MALE", "unknown")),
    ("noSuchField", 1),
]

CODES = {
    1100: "成功",
    1902: "参数不合法",
    1903: "服务失败",
    1904: "流路数超限",
    9100: "余额不足",
    9101: "无权限操作",
}
FINISH_CODES = [1100, 1902, 1903, 9100, 9101]

RISK_TYPES = {
    0: None,
    100: "politics",
    110: "terror",
    200: "sexual",
    210: "abuse",
    250: "moan",
    260: "leader_voice",
    270: "voice_attribute",
    280: "banned_song",
    300: "advert",
    400: "flooding",
    500: "meaningless",
    520: "minor",
    600: "prohibited",
    700: "other",
    720: "blocked_account",
    730: "blocked_ip",
    800: "risky_account",
    900: "custom",
}
STREAM_ERRORS = [3001, 3002, 3003, 3004, 3005]

# callback field → JSON types it may have, as the page (or its own sample) writes it
CALLBACK_FIELDS: dict[str, Any] = {
    "code": 1100,
    "message": "成功",
    "requestId": "a78eef377079acc6cdec24967ecde722_12345_0",
    "score": 870,
    "riskLevel": "REJECT",
    "statCode": 0,
    "auxInfo.errorCode": 3005,
    "auxInfo.streamTime": 86_390,
    "detail.beginProcessTime": 1700000030120,
    "detail.finishProcessTime": 1700000030980,
    "detail.audioUrl": "http://xxxx.mp3",
    "detail.preAudioUrl": "http://prexxxx.mp3",
    "detail.audio_endtime": "2018-09-18 17:54:31",
    "detail.audio_starttime": "2018-09-18 17:54:21",
    "detail.audioText": "文本",
    "detail.content": "前文 文本",
    "detail.description": "色情内容",
    "detail.descriptionV2": "色情内容",
    "detail.matchedItem": "词",
    "detail.matchedList": "色情",
    "detail.hits": [],
    "detail.model": "M1020_20",
    "detail.isSing": 1,
    "detail.requestParams": {"streamType": "TRTC"},
    "detail.riskType": 200,
    "detail.riskTypeDesc": "色情",
    "detail.room": "16037880",
    "detail.userId": 42,
    "detail.strUserId": "user-7",
    "detail.vadCode": 1,
    "detail.seiInfo": ["sei"],
    "detail.language": [{"label": -1, "confidence": 100}],
    "detail.minorLabel": 1,
    "detail.businessLabels": [
        {"businessLabel1": "a", "businessLabel2": "b", "businessLabel3": "c", "businessDescription": "d"}
    ],
    "detail.tokenProfileLabels": [
        {"label1": "a", "label2": "b", "label3": "c", "description": "d", "timestamp": 1700000030980}
    ],
    "detail.tokenRiskLabels": [
        {"label1": "a", "label2": "b", "label3": "c", "description": "d", "timestamp": 1700000030980}
    ],
    "detail.riskSource": 1003,
    "detail.speakers": [[{"uid": 2, "volume": 100}], [{"uid": 4, "volume": 255}]],
}


def tree(fields: dict[str, Any]) -> dict[str, Any]:
    """Dotted paths as nested objects."""
    made: dict[str, Any] = {}
    for path, value in fields.items():
        at = made
        *parents, last = path.split(".")
        for name in parents:
            at = at.setdefault(name, {})
        at[last] = value
    return made


def verdict(body: bytes, **options: Any) -> Verdict:
    """The one finding of a push, which must be a verdict."""
    (finding,) = read(body, options)
    assert isinstance(finding, Verdict)
    return finding
