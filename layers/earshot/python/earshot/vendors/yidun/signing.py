"""The signature of calls and pushes (page 接口鉴权). Standard library only: the webhook imports it."""

import hashlib
from collections.abc import Mapping

METHODS = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256", "SM3": "sm3"}
"""``signatureMethod`` to the name that hashlib knows; SM3 is there if the OpenSSL behind Python has it."""


def signature(fields: Mapping[str, str], secret_key: str, method: str = "MD5") -> str:
    """Lower-case hex digest of every field but ``signature``: by name, names and raw values joined, the key last.

    Raises ValueError for a method that is not one, or that this Python has not.
    """
    text = "".join(f"{name}{fields[name]}" for name in sorted(fields) if name != "signature")
    algorithm = METHODS.get(method.upper())
    if algorithm is None:
        raise ValueError("is not a documented signatureMethod")
    digest = hashlib.new(algorithm, usedforsecurity=False)
    digest.update((text + secret_key).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
