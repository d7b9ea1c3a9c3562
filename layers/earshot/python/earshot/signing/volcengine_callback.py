"""How Volcengine RTC signs what it sends, room events and results of its audit alike (page 回调签名).

Standard library only: it is checked at doors.
"""

import hashlib
from collections.abc import Iterable

SIGNED = ("EventType", "EventData", "EventTime", "EventId", "AppId", "Version")
"""The fields, each a text, byte for byte; and the nonce, of which one page spells the name otherwise."""


def signature(values: Iterable[str], secret: str) -> str:
    """Sorted by what they are, not by what they are called, byte by byte: digits, upper case, lower case, braces.
    Not an HMAC."""
    joined = b"".join(sorted(value.encode() for value in [*values, secret]))
    return hashlib.sha256(joined).hexdigest()


def is_plain(value: str) -> bool:
    """Without lone surrogates, which JSON can write and UTF-8 cannot."""
    return not any(0xD800 <= ord(character) < 0xE000 for character in value)
