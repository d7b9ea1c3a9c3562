"""AccessToken2 ("007"), read back."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from local.doubles.rooms.codec import Reader, inflated, same, sha256_hmac, unbase64
from local.doubles.rooms.entrance import NoEntry

PREFIX = "007"
RTC, RTM, FPA, CHAT, APAAS = 1, 2, 4, 5, 7
JOIN, PUBLISH = 1, (2, 3, 4)


@dataclass(frozen=True)
class Rtc:
    """The RTC service of a token: privileges with relative seconds, channel, uid (empty: any)."""

    privileges: dict[int, int]
    channel: str
    uid: str


@dataclass(frozen=True)
class Token:
    """What a token says, and the bytes that its signature is over."""

    signature: bytes
    signed: bytes
    app_id: str
    issued: int
    expire: int
    salt: int
    rtc: Rtc | None = None
    others: list[int] = field(default_factory=list)

    def ends(self) -> int:
        """The Unix second at which joining is over: of the token or of the privilege, whichever is first."""
        join = self.rtc.privileges.get(JOIN, 0) if self.rtc else 0
        return self.issued + min(self.expire, join)


def read(text: str) -> Token:
    """Take a token apart; raises NoEntry."""
    if not text.startswith(PREFIX):
        raise NoEntry("malformed", "does not begin with 007")
    outer = Reader(inflated(unbase64(text[len(PREFIX) :])))
    signature, signed = outer.block(), outer.rest
    inner = Reader(signed)
    app_id, issued, expire, salt = inner.text(), inner.u32(), inner.u32(), inner.u32()
    rtc, others = _services(inner)
    return Token(signature, signed, app_id, issued, expire, salt, rtc, others)


def _services(reader: Reader) -> tuple[Rtc | None, list[int]]:
    """Services sorted by type; what follows an unknown one is not read, like in the reference parser."""
    rtc, others = None, []
    for _ in range(reader.u16()):
        kind = reader.u16()
        if kind == RTC:
            rtc = Rtc(reader.map(), reader.text(), reader.text())
            continue
        others.append(kind)
        if kind not in (RTM, FPA, CHAT, APAAS):
            break
        reader.map()
        if kind != FPA:
            reader.text()
        if kind == APAAS:
            reader.text()
            reader.u16()
    return rtc, others


def signature(token: Token, certificate: str) -> bytes:
    """The number is the key and the certificate the message, in that order."""
    first = sha256_hmac(struct.pack("<I", token.issued), certificate.encode())
    second = sha256_hmac(struct.pack("<I", token.salt), first)
    return sha256_hmac(second, token.signed)


def signed_by(token: Token, certificates: tuple[str, ...]) -> bool:
    """Any of several certificates is right during a rotation."""
    return any(same(signature(token, one).hex(), token.signature.hex()) for one in certificates)
