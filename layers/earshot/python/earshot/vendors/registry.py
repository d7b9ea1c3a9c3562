"""The vendors that Earshot knows. Adding one is a folder and a line here.

Modules are imported by name when they are asked for: what a function does not use costs it no cold start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from earshot.errors import BadInput

if TYPE_CHECKING:  # annotations only: who asks which vendors there are needs none of these
    from earshot.secrets import Keyring
    from earshot.vendors.port import Auditor, Client, Door, Poller, Reader, TokenApi

VENDORS = {"shumei": "earshot.vendors.shumei", "yidun": "earshot.vendors.yidun"}
POLLED = frozenset({"yidun"})
ASKED_FOR_TOKENS = frozenset({"yidun"})
AUDITED = frozenset({"yidun"})


def _module(vendor: str, name: str) -> Any:
    if vendor not in VENDORS:
        raise BadInput("vendor", f"unknown vendor; known: {', '.join(VENDORS)}")
    return import_module(f"{VENDORS[vendor]}.{name}")


def client(vendor: str, base_url: str, keyring: Keyring) -> Client:
    """The vendor's API client."""
    return cast("Client", _module(vendor, "client").connect(base_url, keyring))


def poller(vendor: str, base_url: str, keyring: Keyring) -> Poller:
    """What fetches the vendor's results."""
    return cast("Poller", _module(vendor, "poller").connect(base_url, keyring))


def door(vendor: str) -> Door:
    """What stands between the vendor's results and the table."""
    return cast("Door", _module(vendor, "door"))


def reader(vendor: str) -> Reader:
    """What the vendor's results come to."""
    return cast("Reader", _module(vendor, "reader"))


def check_options(vendor: str, target: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """The plan's settings for the vendor, validated and completed.

    Raises pydantic's ValidationError, or BadInput for what the target does not allow.
    """
    return cast("dict[str, Any]", _module(vendor, "options").check(target, options))


def needs_credential(vendor: str, options: Mapping[str, Any]) -> bool:
    """Whether a submission carries the platform's credential; else the vendor asks for one when it needs it."""
    return bool(_module(vendor, "options").needs_credential(options))


def thrift(vendor: str, options: Mapping[str, Any], step: str) -> dict[str, Any]:
    """The settings after a step of saving (a ``domain.spending.Step``); unchanged where the vendor has no means."""
    return cast("dict[str, Any]", _module(vendor, "options").thrift(options, step))


def audited_share(vendor: str, options: Mapping[str, Any]) -> float:
    """The part of a task's time that the vendor audits, and counts: 1 is all of it."""
    return float(_module(vendor, "options").audited_share(options))


def token_api(vendor: str) -> TokenApi | None:
    """Where the vendor fetches fresh credentials itself; None if it does not."""
    return cast("TokenApi", _module(vendor, "token_api")) if vendor in ASKED_FOR_TOKENS else None


def auditor(vendor: str, base_url: str, keyring: Keyring, pace: Callable[[], None]) -> Auditor:
    """Asks the vendor about tasks; ``pace`` is called before each call."""
    return cast("Auditor", _module(vendor, "auditor").connect(base_url, keyring, pace))
