"""Values of a result as its name spells them: one spelling each, printable ASCII. Standard library only."""

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

from earshot.vendors.port import Unreadable

Block = Mapping[str, Any]
MAX_NUMBER = 20
MAX_WORD = 48
"""So long may a part of a name be; what is longer is told by its digest."""


def as_number(value: Any) -> int | float | None:
    """A number, also one that came as text; None if nothing came.

    Raises ValueError for what is none: true, NaN, 1e400, a text of another kind.
    """
    if isinstance(value, str):
        value = _parsed(value.strip())
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if not isinstance(value, float) or not math.isfinite(value):
        raise ValueError("is not a number")
    return int(value) if value.is_integer() else value


def _parsed(text: str) -> int | float | None:
    if not text:
        return None
    if "_" in text:  # which Python would take
        raise ValueError("is not a number")
    try:
        return int(text)
    except ValueError:
        return float(text)


def as_word(value: Any) -> str | None:
    """An id, as text; None if nothing came. Raises ValueError for what is neither text nor number."""
    if isinstance(value, str):
        return value or None
    found = as_number(value)
    return None if found is None else str(found)


def number(block: Block, field: str) -> int | float | None:
    """See :func:`as_number`. Raises :class:`Unreadable`."""
    try:
        return as_number(block.get(field))
    except ValueError:
        raise Unreadable(f"{field}: is not a number") from None


def word(block: Block, field: str) -> str | None:
    """See :func:`as_word`. Raises :class:`Unreadable`."""
    try:
        return as_word(block.get(field))
    except ValueError:
        raise Unreadable(f"{field}: is neither text nor a number") from None


def short(value: str | int | float | None) -> str:
    """A part of a name; of a value that is long or holds what names are put together with, the digest."""
    text = "" if value is None else str(value)
    longest = MAX_WORD if isinstance(value, str) else MAX_NUMBER
    is_plain = text.isascii() and text.isprintable() and not any(mark in text for mark in "#&~ ")
    return text if is_plain and len(text) <= longest else f"~{digest(text)}"


def loose(value: Any) -> str:
    """Whatever it is, for a digest: 2 and "2" are the same."""
    try:
        found = as_number(value)
    except ValueError:
        return json.dumps(value, sort_keys=True)
    return "" if found is None else str(found)


def digest(*parts: Any) -> str:
    """16 hex digits."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
