"""A function's environment, read once. A missing variable is named in the error."""

import os
from collections.abc import Mapping

from earshot.errors import Misconfigured


def require(name: str, environ: Mapping[str, str] | None = None) -> str:
    """The variable's value, or :class:`Misconfigured` naming it."""
    value = (os.environ if environ is None else environ).get(name, "").strip()
    if not value:
        raise Misconfigured(name, "environment variable is missing or empty")
    return value


def base_url(name: str, environ: Mapping[str, str] | None = None) -> str:
    """An ``http(s)://`` base address without a trailing slash."""
    value = require(name, environ).rstrip("/")
    if not value.startswith(("https://", "http://")):
        raise Misconfigured(name, "must start with https:// or http://")
    return value


def seconds(name: str, environ: Mapping[str, str] | None = None) -> int:
    """A positive whole number of seconds, in milliseconds."""
    value = require(name, environ)
    if not value.isascii() or not value.isdigit() or int(value) == 0:
        raise Misconfigured(name, "must be a positive whole number of seconds")
    return int(value) * 1000
