"""Pieces that several clouds' signatures and tokens are made of."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import struct
import zlib
from typing import Any

from local.doubles.rooms.entrance import NoEntry


def sha256_hmac(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA256."""
    return hmac.new(key, message, hashlib.sha256).digest()


def same(one: str, other: str) -> bool:
    """Compare without telling how much was right."""
    return hmac.compare_digest(one.encode(), other.encode())


def unbase64(text: str) -> bytes:
    """Standard base64, padding included."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoEntry("malformed", f"not base64: {error}") from None


def inflated(packed: bytes) -> bytes:
    """What zlib packed."""
    try:
        return zlib.decompress(packed)
    except zlib.error as error:
        raise NoEntry("malformed", f"not zlib: {error}") from None


def parsed_object(raw: bytes) -> dict[str, Any]:
    """A JSON object."""
    try:
        found = json.loads(raw)
    except ValueError:
        raise NoEntry("malformed", "not JSON") from None
    if not isinstance(found, dict):
        raise NoEntry("malformed", "not a JSON object")
    return found


class Reader:
    """Little-endian numbers, strings and maps, one after the other (Agora and Volcengine)."""

    def __init__(self, raw: bytes) -> None:
        self.rest = raw

    def u16(self) -> int:
        """Two bytes."""
        return int(struct.unpack("<H", self.take(2))[0])

    def u32(self) -> int:
        """Four bytes."""
        return int(struct.unpack("<I", self.take(4))[0])

    def text(self) -> str:
        """A length and as many bytes of UTF-8."""
        return self.block().decode("utf-8", "replace")

    def block(self) -> bytes:
        """A length and as many bytes."""
        return self.take(self.u16())

    def map(self) -> dict[int, int]:
        """A count and as many pairs."""
        return {self.u16(): self.u32() for _ in range(self.u16())}

    def take(self, count: int) -> bytes:
        """The next bytes."""
        if len(self.rest) < count:
            raise NoEntry("malformed", "ends too early")
        head, self.rest = self.rest[:count], self.rest[count:]
        return head


def numeric(user: str) -> int:
    """A user of a cloud that knows numbers only; a name gets a stable one."""
    return int(user) if user.isdigit() else zlib.crc32(user.encode())
