"""RTC AccessToken ("001"), read back."""

from __future__ import annotations

from dataclasses import dataclass

from local.doubles.rooms.codec import Reader, same, sha256_hmac, unbase64
from local.doubles.rooms.entrance import NoEntry

PREFIX, APP_LENGTH = "001", 24
PUBLISH, SUBSCRIBE = (0, 1, 2, 3), 4


@dataclass(frozen=True)
class Token:
    """What a token says; all times absolute, 0 means never."""

    app_id: str
    message: bytes
    signature: bytes
    issued: int
    expires: int
    room: str
    user: str
    privileges: dict[int, int]


def read(text: str) -> Token:
    """Take a token apart; raises NoEntry."""
    head = len(PREFIX) + APP_LENGTH
    if not text.startswith(PREFIX) or len(text) <= head:
        raise NoEntry("malformed", "does not begin with 001 and an app id")
    outer = Reader(unbase64(text[head:]))
    message, signature = outer.block(), outer.block()
    inner = Reader(message)
    _, issued, expires = inner.u32(), inner.u32(), inner.u32()
    room, user, rights = inner.text(), inner.text(), inner.map()
    return Token(text[len(PREFIX) : head], message, signature, issued, expires, room, user, rights)


def signed_by(token: Token, keys: tuple[str, ...]) -> bool:
    """Any of several app keys is right during a rotation."""
    return any(same(sha256_hmac(k.encode(), token.message).hex(), token.signature.hex()) for k in keys)
