"""UserSig, read back."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from local.doubles.rooms.codec import inflated, parsed_object, same, sha256_hmac, unbase64
from local.doubles.rooms.entrance import NoEntry

ALPHABET = str.maketrans("*-_", "+/=")
NUMBERS = ("TLS.sdkappid", "TLS.expire", "TLS.time")
TEXTS = ("TLS.ver", "TLS.identifier", "TLS.sig")


@dataclass(frozen=True)
class UserSig:
    """What it says. ``expire`` is relative; ``buffer`` makes it a PrivateMapKey."""

    user: str
    app_id: int
    issued: int
    expire: int
    signature: str
    buffer: str = ""


def read(text: str) -> UserSig:
    """Take a UserSig apart; raises NoEntry."""
    if set(text) & set("+/="):
        raise NoEntry("malformed", "standard base64 instead of its own alphabet")
    body = parsed_object(inflated(unbase64(text.translate(ALPHABET))))
    for name in NUMBERS:
        if not isinstance(body.get(name), int) or isinstance(body[name], bool):
            raise NoEntry("malformed", f"{name} is not a number")
    for name in TEXTS:
        if not isinstance(body.get(name), str):
            raise NoEntry("malformed", f"{name} is not a string")
    app, expire, issued = (body[name] for name in NUMBERS)
    buffer = str(body.get("TLS.userbuf", ""))
    return UserSig(body["TLS.identifier"], app, issued, expire, body["TLS.sig"], buffer)


def signature(sig: UserSig, key: str) -> str:
    """HMAC over lines; the key is its 64 characters, not what they encode."""
    lines = [
        f"TLS.identifier:{sig.user}",
        f"TLS.sdkappid:{sig.app_id}",
        f"TLS.time:{sig.issued}",
        f"TLS.expire:{sig.expire}",
        *([f"TLS.userbuf:{sig.buffer}"] if sig.buffer else []),
    ]
    text = "".join(f"{line}\n" for line in lines)
    return base64.b64encode(sha256_hmac(key.encode(), text.encode())).decode()


def signed_by(sig: UserSig, keys: tuple[str, ...]) -> bool:
    """Any of several keys is right during a rotation."""
    return any(same(signature(sig, key), sig.signature) for key in keys)
