"""RSASSA-PKCS1-v1_5 with SHA-256, the verifying half: what Tupu signs its answers and callbacks with.

Written out, because the webhook needs it and a cold start is what it costs: importing what ``cryptography`` needs for
the same takes 66 modules and about 80 ms of CPU, this module takes about 1 ms, and a verification with a 1024-bit key
0.1 ms either way. Only public numbers are used here, so nothing can leak by timing; signing, which has a secret, is
the library's (:mod:`earshot.vendors.tupu.signing`). Nothing of a signature is parsed: the one encoding that RFC 8017
(section 8.2.2) allows is built, and compared as a whole.
"""

import hashlib
import hmac
from dataclasses import dataclass

SEQUENCE, INTEGER, BIT_STRING = 0x30, 0x02, 0x03
RSA_ALGORITHM = bytes.fromhex("300d06092a864886f70d0101010500")
"""``AlgorithmIdentifier``: rsaEncryption, NULL."""
SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")
"""``DigestInfo`` up to the digest (RFC 8017, section 9.2, note 1)."""
MIN_BITS, MAX_BITS = 1_024, 8_192
"""Tupu's own key has 1024."""
MAX_EXPONENT = 2**32


@dataclass(frozen=True)
class PublicKey:
    """An RSA key's public numbers."""

    modulus: int
    exponent: int


def public_key(der: bytes) -> PublicKey:
    """A ``SubjectPublicKeyInfo``. Raises ValueError for anything but an RSA key in DER, byte for byte."""
    info, rest = _part(der, SEQUENCE)
    if rest or not info.startswith(RSA_ALGORITHM):
        raise ValueError("is not an RSA public key")
    bits, rest = _part(info[len(RSA_ALGORITHM) :], BIT_STRING)
    if rest or bits[:1] != b"\0":
        raise ValueError("is not an RSA public key")
    numbers, rest = _part(bits[1:], SEQUENCE)
    modulus, numbers = _integer(numbers)
    exponent, numbers = _integer(numbers)
    if rest or numbers:
        raise ValueError("holds more than a key")
    if not MIN_BITS <= modulus.bit_length() <= MAX_BITS or modulus % 2 == 0:
        raise ValueError(f"must have {MIN_BITS} to {MAX_BITS} bits")
    if not 3 <= exponent < MAX_EXPONENT or exponent % 2 == 0:
        raise ValueError("has no usable exponent")
    return PublicKey(modulus, exponent)


def is_signed(key: PublicKey, message: bytes, signature: bytes) -> bool:
    """Whether the owner of ``key`` has signed exactly these bytes."""
    size = (key.modulus.bit_length() + 7) // 8
    value = int.from_bytes(signature, "big")
    if len(signature) != size or value >= key.modulus:
        return False
    opened = pow(value, key.exponent, key.modulus).to_bytes(size, "big")
    tail = b"\0" + SHA256_PREFIX + hashlib.sha256(message).digest()
    return hmac.compare_digest(opened, b"\0\1".ljust(size - len(tail), b"\xff") + tail)


def _part(data: bytes, tag: int) -> tuple[bytes, bytes]:
    """The content of the first element, and what comes after it."""
    if len(data) < 2 or data[0] != tag:
        raise ValueError("is not an RSA public key in DER")
    length, at = data[1], 2
    if length >= 0x80:
        at += length - 0x80
        length = int.from_bytes(data[2:at], "big")
        shortest = 1 if length < 0x100 else 2
        if length < 0x80 or at != 2 + shortest:
            raise ValueError("is not DER: a length is not written the short way")
    if len(data) < at + length:
        raise ValueError("is cut off")
    return data[at : at + length], data[at + length :]


def _integer(data: bytes) -> tuple[int, bytes]:
    """A positive one, written the short way."""
    content, rest = _part(data, INTEGER)
    is_padded = content[:1] == b"\0" and content[1:2] < b"\x80"
    if not content or content[0] >= 0x80 or is_padded:
        raise ValueError("is not DER: a number is negative or padded")
    return int.from_bytes(content, "big"), rest
