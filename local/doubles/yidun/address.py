"""Room addresses (page "接口调用概述" of live audio). How strictly Yidun reads them is [I]."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

PULL = ("rtp", "srtp", "rtmp", "rtmps", "mmsh", "mmst", "hls", "http", "tcp", "https")
ZEGO, VOLCENGINE = "room.zego.im", "volcengine.com"
# What need not be encoded: RFC 3986 unreserved, and what encodeURIComponent leaves.
PIECE = re.compile(r"(?:[A-Za-z0-9._~!'()*-]|%[0-9A-Fa-f]{2})+")
TEST_ENVIRONMENT = "&testenv=true"


class BadAddress(ValueError):
    """No form that the page lists."""


@dataclass(frozen=True)
class Address:
    """``platform`` empty: a stream that is pulled. ``long``: no token, Yidun fetches one."""

    platform: str
    room: str
    app: str = ""
    uid: str = ""
    token: str = ""
    long: bool = False


def parse(text: str) -> Address:
    """Take an address apart; raises BadAddress."""
    scheme, mark, rest = text.partition("://")
    if not mark or not rest or re.search(r"\s", text):
        raise BadAddress("is not an address")
    if scheme in PULL:
        if rest[0] in "/?#":
            raise BadAddress("has no host")
        return Address("", text)
    rest, _, query = rest.partition("?")
    match scheme:
        case "agora":
            _query(query, {"videoStreamType": ("0", "1")})
            return _room("agora", *_split(rest), public=True)
        case "yunxin":
            _query(query, {})
            return _room("yunxin", *_split(rest))
        case "rtc":
            return _rtc(rest, query)
    raise BadAddress(f"scheme {scheme!r} is not listed")


def _rtc(rest: str, query: str) -> Address:
    who, host, path = _split(rest)
    if host == ZEGO and not who:
        return _zego(path, query)
    if host != VOLCENGINE:
        raise BadAddress(f"rtc:// at {host!r} is not listed")
    _query(query, {})
    app, slash, channel = path.partition("/")
    if not slash:
        raise BadAddress("app and channel are wanted")
    found = _room("volcengine", who, app, channel)
    if ":" in found.uid:
        raise BadAddress("the uid must not contain a colon")
    return found


def _zego(path: str, query: str) -> Address:
    found = _query(query, {"identify_token": (), "testenv": ("true",)})
    token = found.get("identify_token", "")
    if not query:
        path = path.removesuffix(TEST_ENVIRONMENT)  # "rtc://room.zego.im/<room_id>&testenv=true", as printed
    return Address("zego", _piece(path, "room_id"), token=token, long=not token)


def _room(platform: str, who: str, app: str, channel: str, public: bool = False) -> Address:
    app, room = _piece(app, "appid"), _piece(channel, "channelName")
    if not who:
        return Address(platform, room, app, long=True)
    uid, colon, token = who.partition(":")
    if not colon:
        if public:
            return Address(platform, room, app, _piece(uid, "uid"))
        raise BadAddress("a uid without a token")
    return Address(platform, room, app, _piece(uid, "uid"), _piece(token, "token"))


def _split(rest: str) -> tuple[str, str, str]:
    """Who, host, path. What is not encoded breaks it: a slash in a token ends the host."""
    authority, slash, path = rest.partition("/")
    who, at, host = authority.rpartition("@")
    if not slash or not host or (at and not who):
        raise BadAddress("uid, token and names must be URL-encoded and complete")
    return who, host, path


def _piece(text: str, name: str) -> str:
    if not PIECE.fullmatch(text):
        raise BadAddress(f"{name} must be there and URL-encoded")
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise BadAddress(f"{name} is not UTF-8") from None


def _query(query: str, known: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """The parameters, each once and of the listed values; a plus sign is a blank, as in any form."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query), errors="strict")
    except ValueError:
        raise BadAddress("the part after ? is no query") from None
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadAddress("a parameter comes twice")
    for name, value in pairs:
        if name not in known or not value or (known[name] and value not in known[name]):
            raise BadAddress(f"parameter {name!r} is not listed, or has no such value")
    return found
