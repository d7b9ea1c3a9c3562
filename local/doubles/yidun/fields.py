"""Fields of submissions: kinds and lengths. Lengths are [T], existence is [S]."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from local.doubles.yidun import codes
from local.doubles.yidun.codes import WALL, Refusal
from local.doubles.yidun.gate import COMMON
from local.doubles.yidun.settings import YidunSettings

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
LANGUAGES = ("zh", "en", "it", "id", "es", "fr", "ms", "tl", "th", "de", "hi", "ru", "ar", "vi", "ja", "ko")
DEVICES = ("0", "10", "11", "12", "13", "14", "20", "21", "22", "23", "24")
TOLD, SHORT = ("0", "1"), ("0", "1", "2")


@dataclass(frozen=True)
class Field:
    """One row. ``limit`` 0: none is known."""

    limit: int = 0
    kind: str = "text"
    allowed: tuple[str, ...] = ()


def _texts(limit: int, names: str) -> dict[str, Field]:
    return {name: Field(limit) for name in names.split()}


def _numbers(names: str) -> dict[str, Field]:
    return {name: Field(kind="number") for name in names.split()}


AUDIO_FIELDS: dict[str, Field] = {
    **{"url": Field(), "dataId": Field(128), "title": Field(512), "callback": Field(1024)},
    **{"callbackUrl": Field(512, "address"), "uniqueKey": Field(256)},
    **{"checkLanguageCode": Field(2, allowed=LANGUAGES), "extension": Field(kind="json")},
    **_texts(128, "ip account roomNo deviceId extStr1 extStr2"),
    **{"accountName": Field(30), "accountLevel": Field(10), "roomId": Field(32)},
    **{"deviceType": Field(4, "number", DEVICES), "publishTime": Field(13, "number")},
    **_texts(0, "checkSpeakerIds noCheckSpeakerIds subProduct photo backgroundImage cover"),
    **_texts(0, "nickname role phone token mac imei idfa idfv appVersion labourUnion operationManager"),
    **_numbers("extLon1 extLon2 age level registerTime friendNum fansNum"),
    **{"gender": Field(0, "number", SHORT), "isPremiumUse": Field(0, "number", TOLD)},
}
WALL_FIELDS: dict[str, Field] = {
    **AUDIO_FIELDS,
    **{"detectType": Field(0, "number", SHORT), "scFrequency": Field(0, "frequency")},
    **{"screenShotStrategy": Field(0, "number", TOLD), "screenMode": Field(0, "number", TOLD)},
    **{"liveLink": Field(128)},
    **_texts(0, "advancedFrequency censorStreamUrl accountInfo wallHidden"),
}


def submission(product: str, form: dict[str, str], settings: YidunSettings, warnings: list[str]) -> None:
    """Missing and malformed fields first, then lengths; raises Refusal. Unknown fields are accepted [I]."""
    table = WALL_FIELDS if product == WALL else AUDIO_FIELDS
    wanted = ("url", "dataId") if settings.data_id_required else ("url",)
    for name in wanted:
        if not form.get(name):
            raise Refusal(codes.BAD, name, "is required")
    known = {name: (value, table[name]) for name, value in form.items() if value and name in table}
    for name, (value, row) in known.items():
        if not _good(value, row):
            raise Refusal(codes.BAD, name, "is malformed")
    for name, (value, row) in known.items():
        limit = settings.url_limit if name == "url" else row.limit
        if limit and len(value) > limit:
            raise Refusal(codes.TOO_LONG, name, f"{len(value)} characters, at most {limit}")
    warnings += [f"{name} is not a documented field" for name in form if name not in (*table, *COMMON)]
    if urlsplit(form.get("callbackUrl", "")).query:
        warnings.append("callbackUrl has a query: receivers may mix it into the signed fields")


def _good(value: str, row: Field) -> bool:
    if row.allowed and value not in row.allowed:
        return False
    match row.kind:
        case "number":
            return bool(NUMBER.fullmatch(value))
        case "frequency":
            return bool(NUMBER.fullmatch(value)) and 0.5 <= float(value) <= 600
        case "json":
            return isinstance(json_of(value), dict)
        case "address":
            return bool(re.fullmatch(r"https?://[^\s/?#]+\S*", value))
    return True


def json_of(text: str) -> object:
    """JSON in a field; ``None`` for text that is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
