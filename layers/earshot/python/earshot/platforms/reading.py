"""Webhooks of strangers, read strictly: what is missing or of another kind is named, and never guessed."""

import hmac
import json
from collections.abc import Iterable, Mapping
from typing import Any

from earshot.errors import Refused
from earshot.platforms.port import NotUnderstood

MAX_ID = 256
"""Characters of an id, as the events on the bus take it."""
MAX_MS = 10**14
"""Milliseconds: the year 5138."""
MAX_DIGITS = 20


def is_one_of(proof: str, expected: Iterable[str]) -> bool:
    """Whether a proof is one of those that the secrets in use make, in constant time for each."""
    given = proof.encode("utf-8", "surrogatepass")
    return any([hmac.compare_digest(given, one.encode()) for one in expected])  # noqa: C419 - all of them


def refuse_unless(genuine: bool) -> None:
    """Raises Refused."""
    if not genuine:
        raise Refused("not_authenticated")


def document(body: bytes, what: str = "body") -> dict[str, Any]:
    """A JSON object. Integers stay integers: some ids are larger than what a float can hold."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise NotUnderstood(f"{what} is not JSON") from None
    if not isinstance(found, dict):
        raise NotUnderstood(f"{what} is not a JSON object")
    return found


def inner(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An object inside."""
    found = fields.get(name)
    if not isinstance(found, dict):
        raise NotUnderstood(f"{name} is missing or not an object")
    return found


def text_or_none(fields: Mapping[str, Any], name: str) -> str | None:
    """An id as text, whichever of text and whole number it came as; None if absent, null or empty."""
    found = fields.get(name)
    if found is None or found == "":
        return None
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise NotUnderstood(f"{name} is neither text nor a whole number")
    text = found if isinstance(found, str) else _digits(found, name)
    if len(text) > MAX_ID or any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in text):
        raise NotUnderstood(f"{name} is longer than {MAX_ID} characters or has some that no id has")
    return text


def text(fields: Mapping[str, Any], name: str) -> str:
    """The same, and it must be there."""
    found = text_or_none(fields, name)
    if found is None:
        raise NotUnderstood(f"{name} is missing")
    return found


def number_or_none(fields: Mapping[str, Any], name: str) -> int | None:
    """A whole number that is not negative, also as text; None if absent, null or empty."""
    found = fields.get(name)
    if found is None or found == "":
        return None
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) <= MAX_DIGITS:
        found = int(found)
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < 10**MAX_DIGITS:
        raise NotUnderstood(f"{name} is not a whole number")
    return found


def ms(fields: Mapping[str, Any], name: str, *, unit: int = 1) -> int:
    """A time in epoch ms; ``unit`` is that of the field in ms (1000: seconds)."""
    found = number_or_none(fields, name)
    if found is None:
        raise NotUnderstood(f"{name} is missing")
    if found * unit >= MAX_MS:
        raise NotUnderstood(f"{name} is no time")
    return found * unit


def sent_ms(fields: Mapping[str, Any], name: str, *, unit: int = 1) -> int | None:
    """When it was sent, if the field says so."""
    try:
        return ms(fields, name, unit=unit)
    except NotUnderstood:
        return None


def order(time: int, number: int = 0) -> str:
    """Sorts as text: by time, and within one by the platform's own count."""
    return f"{time:015d}.{number:020d}"


def key(*parts: object) -> str:
    """A composite name of an event; an id with a bar in it makes no other event's name."""
    texts = ("" if part is None else str(part) for part in parts)
    return "|".join(text.replace("\\", "\\\\").replace("|", "\\|") for text in texts)


def _digits(value: int, name: str) -> str:
    if not -(10**MAX_DIGITS) < value < 10**MAX_DIGITS:
        raise NotUnderstood(f"{name} is too large a number")
    return str(value)
