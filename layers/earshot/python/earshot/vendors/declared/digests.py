"""Digests and their encodings: what the recipes are made of. Standard library only."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping

ALGORITHMS = ("md5", "sha1", "sha256", "sha512")
ENCODINGS: dict[str, Callable[[bytes], str]] = {
    "hex": bytes.hex,
    "HEX": lambda raw: raw.hex().upper(),
    "base64": lambda raw: base64.b64encode(raw).decode(),
    "base64url": lambda raw: base64.urlsafe_b64encode(raw).decode(),
}
"""``base64url`` keeps its padding."""


def raw(text: str) -> bytes:
    """A text as bytes; what was no UTF-8 when it was read is again what it was."""
    return text.encode("utf-8", "surrogateescape")


def digest(algorithm: str, text: str, encoding: str) -> str:
    """Of a text."""
    return ENCODINGS[encoding](hashlib.new(algorithm, raw(text), usedforsecurity=True).digest())


def mac(algorithm: str, key: str, text: str, encoding: str) -> str:
    """HMAC of a text."""
    return ENCODINGS[encoding](hmac.digest(raw(key), raw(text), algorithm))


def sorted_params(fields: Mapping[str, str], left_out: Iterable[str], secret: str) -> str:
    """Names and values joined in the order of the names, then the secret."""
    names = sorted(set(fields) - set(left_out))
    return "".join(f"{name}{fields[name]}" for name in names) + secret


def same(ours: str, theirs: str) -> bool:
    """In a time that says nothing."""
    return hmac.compare_digest(raw(ours), theirs.encode("utf-8", "surrogatepass"))
