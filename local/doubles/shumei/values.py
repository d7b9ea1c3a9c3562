"""Rules for single values; each says what is wrong, or nothing."""

from __future__ import annotations

import ipaddress
import re
from typing import Any
from urllib.parse import urlsplit

from local.doubles.shumei.fields import Rule

UINT32 = 2**32 - 1


def one_of(*allowed: Any) -> Rule:
    """An enumeration."""
    return lambda v: None if v in allowed else f"must be one of {list(allowed)}"


def between(low: int, high: int) -> Rule:
    """An inclusive range."""
    return lambda v: None if low <= v <= high else f"must be between {low} and {high}"


def at_most(characters: int) -> Rule:
    """A length in characters."""
    return lambda v: None if len(v) <= characters else f"must have at most {characters} characters"


def joined(*allowed: str) -> Rule:
    """Words of a list joined with ``_``."""

    def rule(value: str) -> str | None:
        wrong = [word for word in value.split("_") if word not in allowed]
        return f"unknown value {wrong[0]!r}" if wrong else None

    return rule


def alphabet(characters: int | None = None) -> Rule:
    """Letters, digits, ``_`` and ``-`` only; at most so many."""

    def rule(value: str) -> str | None:
        if characters is not None and len(value) > characters:
            return f"must have at most {characters} characters"
        return None if re.fullmatch(r"[A-Za-z0-9_-]+", value) else "may contain letters, digits, _ and - only"

    return rule


def url(*schemes: str) -> Rule:
    """An absolute address with one of the schemes."""

    def rule(value: str) -> str | None:
        try:
            parts = urlsplit(value)
        except ValueError:
            return "is not a URL"
        good = parts.scheme in schemes and parts.hostname and not re.search(r"\s", value)
        return None if good else f"must be a URL with scheme {' or '.join(schemes)}"

    return rule


def address(value: str) -> str | None:
    """An IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return "must be an IPv4 or IPv6 address"
    return None


def both(*rules: Rule) -> Rule:
    """Several rules, the first that is broken speaks."""
    return lambda v: next((reason for rule in rules if (reason := rule(v))), None)


def words(value: str) -> str | None:
    """Words joined with ``_`` that no list is published of."""
    good = re.fullmatch(r"[A-Za-z0-9]+(_[A-Za-z0-9]+)*", value)
    return None if good else "must be words joined with _"


def uint32s(most: int) -> Rule:
    """So many uint32 numbers at most."""

    def rule(values: list[int]) -> str | None:
        if len(values) > most:
            return f"must have at most {most} entries"
        return None if all(0 <= v <= UINT32 for v in values) else "must contain uint32 numbers"

    return rule


def uint32_texts(values: list[str]) -> str | None:
    """uint32 numbers written as strings."""
    good = all(re.fullmatch(r"[0-9]{1,10}", v) and int(v) <= UINT32 for v in values)
    return None if good else "must contain uint32 numbers written as strings"
