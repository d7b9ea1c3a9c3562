"""Lyrebird's two signatures (docs/lyrebird-api.md, "Signing a call" and "Signature of a callback")."""

from __future__ import annotations

import hashlib
import hmac


def of_call(account: str, timestamp: str, nonce: str, body: bytes, key: str) -> str:
    """Lower-case hex over four parts with line feeds between them; the body is the bytes that are sent."""
    return _hex("\n".join((account, timestamp, nonce, "")).encode() + body, key)


def of_push(stamp: int, body: bytes, secret: str) -> str:
    """Value of the header of a callback."""
    return f"t={stamp},v1={_hex(f'{stamp}.'.encode() + body, secret)}"


def _hex(message: bytes, key: str) -> str:
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()
