"""What a declared vendor hears, as its description says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from earshot.vendors.capability import Capability, Fact, Hearing
from earshot.vendors.declared.description import Description, load
from earshot.vendors.declared.places import BadDescription, Part

FACTS = ("results", "finish", "dedupe", "renewal", "human_review")
MEDIA = ("audio", "image")


@dataclass(frozen=True)
class Capabilities:
    """Under the name that a folder's module has."""

    CAPABILITIES: tuple[Capability, ...]


def rows(description: Description) -> tuple[Capability, ...]:
    """Its products. Raises BadDescription."""
    said = description.capabilities
    if not isinstance(said, list):
        return (_row(Part(said, "capabilities"), description),)
    return tuple(_row(Part(row, f"capabilities[{at}]"), description) for at, row in enumerate(said))


def _row(part: Part, description: Description) -> Capability:
    platforms = part.table("platforms", _hearing)
    media = part.texts("media")
    if not media or any(one not in MEDIA for one in media):
        raise part.wrong("media", f"must be a list of {', '.join(MEDIA)}")
    facts = {name: _fact(part.need(name), part.at(name)) for name in FACTS}
    chosen_by = part.part("chosen_by", optional=True).whole()
    for setting in chosen_by:
        if setting not in description.settings:
            raise part.wrong(f"chosen_by.{setting}", "is not a setting")
    made = Capability(part.text("product"), platforms, media, **facts, chosen_by=chosen_by)
    part.done()
    return made


def _hearing(value: Any, place: str) -> Hearing:
    """``confirmed``, ``assumed``, or an object that may say what setting it ``needs``."""
    if isinstance(value, str):
        if value not in {"confirmed", "assumed"}:
            raise BadDescription(place, "must be confirmed or assumed")
        return Hearing(confirmed=value == "confirmed")
    part = Part(value, place)
    made = Hearing(part.flag("confirmed", True), part.text("needs", ""))
    part.done()
    return made


def _fact(value: Any, place: str) -> Fact:
    """A text that a page of the vendor's confirms, or an object that says that none does."""
    if isinstance(value, str):
        return Fact(value)
    part = Part(value, place)
    made = Fact(part.text("said"), part.flag("confirmed", True))
    part.done()
    return made


@cache
def of(vendor: str) -> Capabilities:
    """The capabilities of one vendor."""
    return Capabilities(rows(load(vendor)))
