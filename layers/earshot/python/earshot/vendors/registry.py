"""The vendors that Earshot knows. Adding one is a folder and a line here.

Modules are imported by name when they are asked for: what a function does not use costs it no cold start.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, cast

from earshot.errors import BadInput
from earshot.secrets import Keyring
from earshot.vendors.port import Client, Door, Reader

VENDORS = {"shumei": "earshot.vendors.shumei"}


def _module(vendor: str, name: str) -> Any:
    if vendor not in VENDORS:
        raise BadInput("vendor", f"unknown vendor; known: {', '.join(VENDORS)}")
    return import_module(f"{VENDORS[vendor]}.{name}")


def client(vendor: str, base_url: str, keyring: Keyring) -> Client:
    """The vendor's API client."""
    return cast(Client, _module(vendor, "client").connect(base_url, keyring))


def door(vendor: str) -> Door:
    """The vendor's webhook door."""
    return cast(Door, _module(vendor, "door"))


def reader(vendor: str) -> Reader:
    """The vendor's callback reader."""
    return cast(Reader, _module(vendor, "reader"))


def check_options(vendor: str, target: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """The plan's settings for the vendor, validated and completed.

    Raises pydantic's ValidationError, or BadInput for what the target does not allow.
    """
    return cast("dict[str, Any]", _module(vendor, "options").check(target, options))
