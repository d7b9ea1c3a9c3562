"""Numeric rooms and rooms named by strings: 8489 and "8489" are two rooms."""

from __future__ import annotations

NUMBER, STRING = "number", "string"


def key_of(room_id: str, kind: str) -> str:
    """The name that a room is kept under: a string of digits keeps its quotes."""
    return f'"{room_id}"' if room_id.isdigit() and kind == STRING else room_id


def wire_id(key: str) -> str | int:
    """How callbacks write it."""
    if key.isdigit():
        return int(key)
    return key[1:-1] if key.startswith('"') and key.endswith('"') and len(key) > 1 else key
