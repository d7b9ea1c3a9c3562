"""Where a description's calls may go: origins that it spells out, and nothing that is computed.

``DECLARED_ORIGINS``, an object of JSON by ``<vendor>.<origin>``, puts another address in the place of one: a laptop's
double. Only there may it be http, or an address of the machine itself.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from earshot.errors import Misconfigured
from earshot.settings import require
from earshot.vendors.declared.places import BadDescription

VARIABLE = "DECLARED_ORIGINS"
HOST = re.compile(
    r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
"""A full name with a dot: no address, no name of the machine or of its network alone."""
LOCAL = re.compile(r"[a-z0-9.-]{1,253}")


@dataclass(frozen=True)
class Origin:
    """``is_local``: put there by the operator of this deployment, and taken at his word."""

    host: str
    port: int
    is_https: bool = True
    is_local: bool = False

    @property
    def authority(self) -> str:
        """What stands in ``Host``, and in the signatures that cover it."""
        usual = 443 if self.is_https else 80
        return self.host if self.port == usual else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """``https://host[:port]``."""
        return f"{'https' if self.is_https else 'http'}://{self.authority}"


def origin(text: object, place: str) -> Origin:
    """A literal ``https://host[:port]``. Raises BadDescription."""
    found = _split(text)
    if found is None or found[0] != "https" or not HOST.fullmatch(found[1]):
        raise BadDescription(
            place, "must be https://host[:port], a name with a dot in small letters, and no more"
        )
    return Origin(found[1], found[2] or 443)


def local(vendor: str, name: str) -> Origin | None:
    """What :data:`VARIABLE` puts in the place of an origin. Raises Misconfigured."""
    try:
        text = require(VARIABLE)
    except Misconfigured:
        return None
    try:
        said = json.loads(text)
        if not isinstance(said, dict):
            raise TypeError
    except (ValueError, TypeError, RecursionError):
        raise Misconfigured(VARIABLE, "must be an object of JSON") from None
    key = f"{vendor}.{name}"
    if key not in said:
        return None
    found = _split(said[key])
    if found is None or not LOCAL.fullmatch(found[1]):
        raise Misconfigured(f"{VARIABLE} {key}", "must be http(s)://host[:port] and no more")
    is_https = found[0] == "https"
    return Origin(found[1], found[2] or (443 if is_https else 80), is_https, is_local=True)


def _split(text: object) -> tuple[str, str, int | None] | None:
    """Scheme, host and port of an address that has nothing else: no user, no path, no odd character."""
    if not isinstance(text, str) or not re.fullmatch(r"https?://[a-z0-9.-]+(?::[0-9]{1,5})?/?", text):
        return None
    parts = urlsplit(text.rstrip("/"))
    try:
        port = parts.port
    except ValueError:
        return None
    if port == 0 or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, port
