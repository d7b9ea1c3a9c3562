"""Recorder ids: derived, so that a repeated request names the same recorder, from a range that people never get.

Platforms throw out the earlier of two participants with one id, so two recorders that may meet in a room need two.
"""

import hashlib

from earshot.domain import ids

NAME_LENGTH = 20
"""Characters of a watch's digest in a name: 100 bits."""

MAX_DIGITS = 20
"""No platform's numbers are longer than 64 bits."""


def numbered(base: int, count: int, watch_id: str, number: int) -> int:
    """An id in ``base … base + count - 1``.

    Consecutive numbers of a watch are neighbours, so ``count`` of them differ for certain. Two watches start at
    places of their own; the odds that two recorders share an id are 1 in ``count``, and the next try moves on.
    """
    start = int.from_bytes(hashlib.sha256(watch_id.encode()).digest()[:8], "big")
    return base + (start + number) % count


def named(prefix: str, watch_id: str, number: int | None = None) -> str:
    """``prefix`` and the watch's digest in ``a-z2-7``, then ``_`` and the number if it is to tell tries apart."""
    name = prefix + ids.digest("recorder", watch_id)[:NAME_LENGTH]
    return name if number is None else f"{name}_{number}"


def in_range(base: int, count: int, user_id: str | int) -> bool:
    """Whether :func:`numbered` may have made the id; events write numbers as text or as numbers."""
    text = str(user_id)
    is_number = text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS
    return is_number and base <= int(text) < base + count
