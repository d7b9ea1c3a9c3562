"""RSASSA-PKCS1-v1_5 with SHA-256 in base64, both ways (page "语音流审核接口", and the SDKs)."""

from __future__ import annotations

import base64
import binascii
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

SIGNING_KEY = Path(__file__).with_name("signing_key.pem")


@cache
def private_key(pem: str) -> RSAPrivateKey | None:
    """A key from its PEM; ``None`` for what is no RSA key."""
    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, RSAPrivateKey) else None


@cache
def signing_key() -> RSAPrivateKey:
    """The key of this double: of 1024 bits, like Tupu's own."""
    key = private_key(SIGNING_KEY.read_text("ascii"))
    if key is None:
        raise ValueError(f"{SIGNING_KEY.name} is no RSA key")
    return key


def public_text(key: RSAPublicKey) -> str:
    """The DER form in base64, as it stands in the SDKs."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode("ascii")


def signed(text: str, key: RSAPrivateKey) -> str:
    """The signature of a text's UTF-8 bytes."""
    return base64.b64encode(key.sign(text.encode("utf-8", "replace"), PKCS1v15(), SHA256())).decode("ascii")


def is_signature(signature: str, text: str, key: RSAPublicKey) -> bool:
    """Whether a customer's signature is right."""
    try:
        raw = base64.b64decode(signature, validate=True)
        key.verify(raw, text.encode("utf-8", "replace"), PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True
