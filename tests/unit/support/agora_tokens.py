"""A gate at Agora's door: reads a 007 token and checks its signature, whatever deflated it."""

import base64
import hashlib
import hmac
import zlib
from dataclasses import dataclass

from tests.unit.support.packed import Packed


@dataclass(frozen=True)
class Read:
    """A token's content; ``rtc`` is (privileges, channel, uid) of its first service."""

    signature: bytes
    signed: bytes
    app_id: str
    issued_at: int
    life_s: int
    salt: int
    services: int
    rtc: tuple[dict[int, int], str, str]
    rest: bytes


def inflated(token: str) -> bytes:
    """What is below the prefix, the base64 and the compression."""
    assert token[:3] == "007"
    return zlib.decompress(base64.b64decode(token[3:], validate=True))


def read(token: str) -> Read:
    """The content; services after the first are left in ``rest``."""
    packed = Packed(inflated(token))
    signature, signed = packed.text(), packed.left
    app_id = packed.text().decode()
    issued_at, life_s, salt, services = (packed.number(size) for size in (4, 4, 4, 2))
    assert packed.number(2) == 1, "not the RTC service"
    rtc = packed.privileges(), packed.text().decode(), packed.text().decode()
    return Read(signature, signed, app_id, issued_at, life_s, salt, services, rtc, packed.left)


def opens(token: str, certificate: str) -> bool:
    """Whether the signature is that of this certificate."""
    seen = read(token)
    key = hmac.digest(seen.issued_at.to_bytes(4, "little"), certificate.encode(), hashlib.sha256)
    key = hmac.digest(seen.salt.to_bytes(4, "little"), key, "sha256")
    return hmac.compare_digest(hmac.digest(key, seen.signed, "sha256"), seen.signature)
