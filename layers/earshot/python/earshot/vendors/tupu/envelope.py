"""``{"json": "…", "signature": "…"}``: what every answer and every callback comes in (speech stream, transcription
page). ``signature`` is of the exact characters of ``json``, before they are parsed. Standard library only."""

import base64
import binascii
from functools import lru_cache
from typing import TYPE_CHECKING

from earshot.vendors.tupu.rsa import PublicKey, is_signed, public_key

if TYPE_CHECKING:
    from earshot.secrets import Section

TUPU_KEY = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDyZneSY2eGnhKrArxaT6zswVH9/EKz+CLD+38kJigWj5UaRB6dDUK9BR6YIv0M9vVQ"
    "ZED2650tVhS3BeX04vEFhThnNrJguVPidufFpEh3AgdYDzOQxi06AN+CGzOXPaigTurBxZDIbdU+zmtr6a8bIBBjWQ4v2JR/BA6gVHV5"
    "TwIDAQAB"
)
"""Tupu's own, as all of its SDKs carry it: base64 of the DER."""
FIELD = "vendor_public_key"


def is_genuine(text: str, signature: object, section: "Section") -> bool:
    """Whether Tupu, or whose key the secret names in its place, has signed ``text``.

    Raises Misconfigured if the secret's key is none.
    """
    keys = vendor_keys(section)
    if not isinstance(signature, str):
        return False
    try:
        signed, message = base64.b64decode(signature, validate=True), text.encode()
    except ValueError:  # no base64, or characters that are none (UnicodeEncodeError is one)
        return False
    return any(is_signed(key, message, signed) for key in keys)


def vendor_keys(section: "Section") -> list[PublicKey]:
    """Every key that may have signed, newest first."""
    try:
        return [_key(text) for text in (section.all(FIELD) if FIELD in section else (TUPU_KEY,))]
    except ValueError as error:
        raise section.wrong(FIELD, f"must be base64 of an RSA public key's DER: {error}") from None


@lru_cache(maxsize=8)
def _key(text: str) -> PublicKey:
    try:
        der = base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error:
        raise ValueError("is not base64") from None
    return public_key(der)
