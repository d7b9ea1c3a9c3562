"""Yidun's signature: of calls, of pushes, of token fetches (page "接口鉴权")."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

DEFAULT = "MD5"
METHODS = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256", "SM3": "sm3"}
SIGNATURE = "signature"


class NoMethod(ValueError):
    """A signatureMethod that cannot be computed; says why."""


def signature(fields: Mapping[str, str], key: str, method: str = "", but: str = SIGNATURE) -> str:
    """Names and raw values in ASCII order of the names, then the key. Case of the method does not matter [S]."""
    text = "".join(name + fields[name] for name in sorted(fields) if name != but) + key
    return hashlib.new(_algorithm(method or DEFAULT), text.encode(), usedforsecurity=False).hexdigest()


def _algorithm(method: str) -> str:
    name = METHODS.get(method.upper())
    if name is None:
        raise NoMethod(f"must be one of {list(METHODS)}")
    if name not in hashlib.algorithms_available:
        raise NoMethod(f"this machine's OpenSSL has no {name}")
    return name
