"""The signature of our calls (speech stream page, signature; every official SDK): RSASSA-PKCS1-v1_5 with SHA-256.

The private key is the library's business: arithmetic with Python's integers takes longer for some keys than others,
and could be timed. It is imported by who calls Tupu and by nobody else (about 80 ms of CPU).
"""

import base64
from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from earshot.secrets import Section

FIELD = "private_key"


def signed(section: Section, timestamp: str, nonce: str) -> dict[str, str]:
    """``timestamp``, ``nonce`` and ``signature``, all of them texts: a number would have to be written by the vendor
    just as we wrote it. ``timestamp`` is whole seconds. Raises Misconfigured if the key is none."""
    text = f"{section.newest('secret_id')},{timestamp},{nonce}"
    proof = _key(section).sign(text.encode(), PKCS1v15(), SHA256())
    return {"timestamp": timestamp, "nonce": nonce, "signature": base64.b64encode(proof).decode()}


def _key(section: Section) -> RSAPrivateKey:
    try:
        return _loaded(section.newest(FIELD))
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise section.wrong(FIELD, "must be an RSA private key in PEM (PKCS#8), not encrypted") from None


@lru_cache(maxsize=2)
def _loaded(pem: str) -> RSAPrivateKey:
    found = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(found, RSAPrivateKey):
        raise TypeError("not RSA")
    return found
