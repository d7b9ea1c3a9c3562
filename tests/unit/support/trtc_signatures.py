"""A gate at TRTC's door: reads a UserSig or PrivateMapKey and checks its signature, whatever deflated it."""

import base64
import hashlib
import hmac
import json
import zlib
from typing import Any


def read(sealed: str) -> dict[str, Any]:
    """The document."""
    packed = base64.b64decode(sealed.replace("*", "+").replace("-", "/").replace("_", "="), validate=True)
    document: dict[str, Any] = json.loads(zlib.decompress(packed))
    return document


def opens(sealed: str, secret_key: str) -> bool:
    """Whether the signature is that of this key."""
    seen = read(sealed)
    names = ["identifier", "sdkappid", "time", "expire", *(["userbuf"] if "TLS.userbuf" in seen else [])]
    text = "".join(f"TLS.{name}:{seen[f'TLS.{name}']}\n" for name in names)
    return base64.b64decode(seen["TLS.sig"]) == hmac.digest(
        secret_key.encode(), text.encode(), hashlib.sha256
    )


def permission(sealed: str) -> dict[str, Any]:
    """The buffer of a PrivateMapKey, by fields."""
    left = base64.b64decode(read(sealed)["TLS.userbuf"], validate=True)

    def take(size: int) -> bytes:
        nonlocal left
        taken, left = left[:size], left[size:]
        assert len(taken) == size, "the buffer ends early"
        return taken

    def number(size: int) -> int:
        return int.from_bytes(take(size), "big")

    is_text = number(1)
    user = take(number(2)).decode()
    app, room, ends_at, privileges, account = (number(4) for _ in range(5))
    text = take(number(2)).decode() if is_text else None
    assert left == b""
    assert account == 0
    return {"user": user, "app": app, "room": room, "text": text, "ends_at": ends_at, "bits": privileges}
