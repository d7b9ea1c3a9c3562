"""The vendors that Earshot knows. Adding one is a folder and a line here, or a description in ``declared``.

Modules are imported by name when they are asked for: what a function does not use costs it no cold start. A
description is looked for by its name alone, and read when that vendor is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from earshot.errors import BadInput

if TYPE_CHECKING:  # annotations only: who asks which vendors there are needs none of these
    from earshot.secrets import Keyring
    from earshot.vendors.capability import Capability
    from earshot.vendors.port import Asker, Auditor, Client, Door, Poller, Reader, TokenApi

BaseUrl = Callable[[str], str]
"""Gives the address that a variable of the environment names."""

VENDORS = {
    "shumei": "earshot.vendors.shumei",
    "yidun": "earshot.vendors.yidun",
    "tupu": "earshot.vendors.tupu",
    "volcengine": "earshot.vendors.volcengine",
}
POLLED = frozenset({"yidun"})
ASKED = frozenset({"volcengine"})
ASKED_FOR_TOKENS = frozenset({"yidun"})
AUDITED = frozenset({"yidun"})
ACCOUNTS = {"volcengine": "volcengine_content"}
"""Where the settings keep the account of a vendor that is asked, if not under its name."""
DECLARED = "earshot.vendors.declared"
DESCRIPTIONS = Path(__file__).parent / "declared" / "descriptions"


@cache
def declared() -> frozenset[str]:
    """The vendors that a description stands for."""
    return frozenset(path.stem for path in DESCRIPTIONS.glob("*.json"))


def names() -> tuple[str, ...]:
    """All that are known."""
    return (*VENDORS, *sorted(declared()))


def account(vendor: str) -> str:
    """The section of the settings that makes a vendor one of ours."""
    return ACCOUNTS.get(vendor, vendor)


def known(vendor: str) -> bool:
    """Whether there is such a vendor."""
    return vendor in VENDORS or vendor in declared()


def _module(vendor: str, name: str) -> Any:
    """A vendor's part: a module of its folder, or what its description makes of the same one."""
    if vendor in VENDORS:
        return import_module(f"{VENDORS[vendor]}.{name}")
    if vendor not in declared():
        raise BadInput("vendor", f"unknown vendor; known: {', '.join(names())}")
    return import_module(f"{DECLARED}.{name}").of(vendor)


def client(vendor: str, base_url: BaseUrl, keyring: Keyring) -> Client:
    """The vendor's API client."""
    return cast("Client", _module(vendor, "client").connect(base_url, keyring))


def poller(vendor: str, base_url: BaseUrl, keyring: Keyring) -> Poller:
    """What fetches the vendor's results."""
    return cast("Poller", _module(vendor, "poller").connect(base_url, keyring))


def asker(vendor: str, base_url: BaseUrl, keyring: Keyring) -> Asker | None:
    """What asks for the results of one task after the other; None if the vendor is not to be asked."""
    if vendor in VENDORS and vendor not in ASKED:
        return None
    return cast("Asker | None", _module(vendor, "asker").connect(base_url, keyring))


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


def capabilities(vendor: str) -> tuple[Capability, ...]:
    """What the vendor hears, by the options that choose it."""
    return tuple(_module(vendor, "capabilities").CAPABILITIES)


def hears(vendor: str, platform: str, options: Mapping[str, Any]) -> bool:
    """Whether a submission with these options can be about a room of the platform."""
    return any(one.hears(platform, options) for one in capabilities(vendor))


def token_api(vendor: str) -> TokenApi | None:
    """Where the vendor fetches fresh credentials itself; None if it does not."""
    return cast("TokenApi", _module(vendor, "token_api")) if vendor in ASKED_FOR_TOKENS else None


def auditor(vendor: str, base_url: BaseUrl, keyring: Keyring, pace: Callable[[], None]) -> Auditor:
    """Asks the vendor about tasks; ``pace`` is called before each call."""
    return cast("Auditor", _module(vendor, "auditor").connect(base_url, keyring, pace))
