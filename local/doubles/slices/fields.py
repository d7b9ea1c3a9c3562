"""Rules for the fields of JSON bodies; each says what is wrong by raising ``BadField`` with the field's path."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from local.doubles.model import Json
from local.doubles.settings import BadField


def known(where: str, values: Mapping[str, Any], names: Collection[str], warnings: list[str]) -> None:
    """Fields that nobody knows are let through, with a warning."""
    warnings += [f"{where}{name} is not a documented field" for name in values if name not in names]


def text(where: str, values: Mapping[str, Any], name: str, limit: int = 4096) -> str:
    """A string that says something."""
    if name not in values:
        raise BadField(f"{where}{name}", "is required")
    value = values[name]
    if not isinstance(value, str):
        raise BadField(f"{where}{name}", "must be a string")
    if not value or len(value) > limit:
        raise BadField(f"{where}{name}", f"must have 1 to {limit} characters")
    return value


def optional_text(where: str, values: Mapping[str, Any], name: str, limit: int = 4096) -> str:
    """A string, or nothing."""
    return text(where, values, name, limit) if values.get(name, "") != "" else ""


def inner(where: str, values: Mapping[str, Any], name: str) -> Json:
    """An object."""
    if name not in values:
        raise BadField(f"{where}{name}", "is required")
    value = values[name]
    if not isinstance(value, dict):
        raise BadField(f"{where}{name}", "must be an object")
    return value


def switch(where: str, values: Mapping[str, Any], name: str) -> bool:
    """A boolean, false unless told."""
    value = values.get(name, False)
    if not isinstance(value, bool):
        raise BadField(f"{where}{name}", "must be true or false")
    return value


def one_of(where: str, values: Mapping[str, Any], name: str, allowed: Collection[str]) -> str:
    """A word of a list."""
    value = text(where, values, name)
    if value not in allowed:
        raise BadField(f"{where}{name}", f"must be one of {', '.join(allowed)}")
    return value


def url(where: str, values: Mapping[str, Any], name: str, schemes: Collection[str], limit: int = 2048) -> str:
    """An absolute address with one of the schemes."""
    value = text(where, values, name, limit)
    try:
        parts = urlsplit(value)
    except ValueError:
        raise BadField(f"{where}{name}", "is not a URL") from None
    if parts.scheme not in schemes or not parts.hostname or re.search(r"\s", value):
        raise BadField(f"{where}{name}", f"must be a URL with scheme {' or '.join(schemes)}")
    return value
