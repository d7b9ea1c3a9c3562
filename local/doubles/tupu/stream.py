"""One element of ``speechStream`` (page "语音流审核接口")."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from local.doubles.model import Json
from local.doubles.tupu.codes import BAD, Refusal
from local.doubles.tupu.settings import TupuSettings

TEXTS = ("roomId", "userId", "forumId")
KNOWN = ("url", "callback", *TEXTS, "callbackRules", "returnPreSpeech")
RULES = (0, 1, 2)


@dataclass(frozen=True)
class Zego:
    """A room at ZEGO, from whatever fields were agreed on."""

    room: str
    app: str
    token: str


@dataclass(frozen=True)
class Stream:
    """What is listened to, and how it is told. ``zego`` None: ``url`` is pulled."""

    url: str
    callback: str
    rules: int
    pre_speech: bool
    echoed: Json
    zego: Zego | None = None

    @property
    def room(self) -> str:
        """The caller's room, else ZEGO's, else the last part of the address."""
        return str(self.echoed.get("roomId") or (self.zego.room if self.zego else "") or self.name)

    @property
    def name(self) -> str:
        """The last part of the address."""
        return urlsplit(self.url).path.rstrip("/").rpartition("/")[2]

    @property
    def forum(self) -> str:
        """The caller's data id."""
        return str(self.echoed.get("forumId", ""))

    @property
    def source(self) -> str:
        """What a second submission would have in common with this one."""
        return f"zego/{self.zego.app}/{self.zego.room}" if self.zego else self.url


def read(element: object, settings: TupuSettings, with_zego: bool, warnings: list[str]) -> Stream:
    """Check an element; raises Refusal. ``with_zego``: it came to where ZEGO rooms are submitted."""
    if not isinstance(element, dict):
        raise Refusal(BAD, "speechStream", "must have objects in it")
    mapped = [name for name in settings.zego_fields.values() if name]
    warnings += [_unknown(name) for name in element if name not in (*KNOWN, *mapped)]
    zego = _zego(element, settings) if with_zego else None
    url = "" if zego else _url(element, settings)
    callback = element.get("callback")
    if callback in (None, ""):
        raise Refusal(settings.missing_callback_code, "callback")
    if not isinstance(callback, str) or urlsplit(callback).scheme not in ("http", "https"):
        raise Refusal(BAD, "callback", "must be an http or https address")
    echoed = {name: element[name] for name in TEXTS if name in element}
    for name, value in echoed.items():
        _is_kind(name, value, str)
    rules = element.get("callbackRules", 0)
    if type(rules) is not int or rules not in RULES:
        raise Refusal(BAD, "callbackRules", f"must be one of {list(RULES)}")
    pre_speech = element.get("returnPreSpeech", False)
    _is_kind("returnPreSpeech", pre_speech, bool)
    return Stream(url, callback, rules, pre_speech, echoed, zego)


def _unknown(name: str) -> str:
    of_files = {"callbackUrl": "callback", "customInfo": "customInfo"}
    if name in of_files:
        return f"{name} is the {of_files[name]} of recordings, not of streams"
    return f"{name} is not a documented field"


def _url(element: Json, settings: TupuSettings) -> str:
    url = element.get("url")
    if not isinstance(url, str) or not url:
        raise Refusal(BAD, "url", "is required as a string")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise Refusal(BAD, "url", "is not an address") from None
    if parts.scheme not in settings.url_schemes or not parts.netloc:
        raise Refusal(BAD, "url", f"must be an address of {settings.url_schemes}")
    return url


def _zego(element: Json, settings: TupuSettings) -> Zego | None:
    """A room, where the fields were agreed on and the token's is there."""
    names = settings.zego_fields
    if not names["room"] or not names["token"]:
        return None
    if names["token"] not in element and "url" in element:
        return None
    found = {}
    for part, name in names.items():
        value = element.get(name, "") if name else ""
        if name and (isinstance(value, bool) or not isinstance(value, str | int) or value == ""):
            raise Refusal(BAD, name, "is required for a room of ZEGO")
        found[part] = str(value)
    return Zego(found["room"], found["app"], found["token"])


def _is_kind(name: str, value: object, kind: type) -> None:
    if not isinstance(value, kind):
        raise Refusal(BAD, name, f"must be a {kind.__name__}")
