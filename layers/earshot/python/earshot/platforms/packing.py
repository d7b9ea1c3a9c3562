"""The little-endian packing of the tokens "007" (Agora) and "001" (Volcengine), which have one ancestor."""

import struct
from collections.abc import Mapping


def u16(number: int) -> bytes:
    """Two bytes."""
    return struct.pack("<H", number)


def u32(number: int) -> bytes:
    """Four bytes."""
    return struct.pack("<I", number)


def text(value: str | bytes) -> bytes:
    """The length in bytes (u16), then the bytes; text as UTF-8."""
    raw = value.encode() if isinstance(value, str) else value
    return u16(len(raw)) + raw


def privileges(granted: Mapping[int, int]) -> bytes:
    """The count (u16), then each privilege (u16) and its expiry (u32), by ascending privilege."""
    return u16(len(granted)) + b"".join(u16(key) + u32(granted[key]) for key in sorted(granted))
