"""Bodies of calls: forms, plain or packed with gzip."""

from __future__ import annotations

import gzip
import zlib
from urllib.parse import parse_qsl, urlencode

from local.doubles.model import Request

FORM = "application/x-www-form-urlencoded"
GZIP_MAGIC = b"\x1f\x8b"


def decode(request: Request) -> dict[str, str] | None:
    """The fields, of a repeated name the last [?]; ``None`` for a body that is no form (410)."""
    if request.header("Content-Type").partition(";")[0].strip().lower() != FORM:
        return None
    try:
        text = _unpacked(request).decode("utf-8")
        if text.lstrip().startswith(("{", "[")):
            return None
        return dict(parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), errors="strict"))
    except (ValueError, OSError, EOFError, zlib.error):
        return None


def _unpacked(request: Request) -> bytes:
    packed = "gzip" in request.header("Content-Encoding").lower()
    # aiohttp unpacks on its own and leaves the header standing.
    if packed and request.body.startswith(GZIP_MAGIC):
        return gzip.decompress(request.body)
    return request.body


def encode(fields: dict[str, str]) -> str:
    """A form."""
    return urlencode(fields)
