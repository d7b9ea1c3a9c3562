"""A gate at Volcengine's door: reads a 001 token and checks its signature."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

from tests.unit.support.packed import Packed


@dataclass(frozen=True)
class Read:
    """A token's content."""

    app_id: str
    message: bytes
    signature: bytes
    nonce: int
    issued_at: int
    expires_at: int
    room_id: str
    user_id: str
    privileges: dict[int, int]


def read(token: str) -> Read:
    """The content; nothing may be left over."""
    assert token[:3] == "001"
    outer = Packed(base64.b64decode(token[27:], validate=True))
    message, signature = outer.text(), outer.text()
    inner = Packed(message)
    nonce, issued_at, expires_at = (inner.number(4) for _ in range(3))
    room_id, user_id = inner.text().decode(), inner.text().decode()
    seen = Read(
        token[3:27], message, signature, nonce, issued_at, expires_at, room_id, user_id, inner.privileges()
    )
    assert (outer.left, inner.left) == (b"", b"")
    return seen


def opens(token: str, app_key: str) -> bool:
    """Whether the signature is that of this key."""
    seen = read(token)
    return hmac.digest(app_key.encode(), seen.message, hashlib.sha256) == seen.signature
