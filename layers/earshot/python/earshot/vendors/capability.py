"""What a vendor hears: stated once, by its folder or its description, for plans and for the table in the docs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Fact:
    """Something that we rely on. ``confirmed``: a page of the vendor says so; else it is inferred, or a setting's
    default, and ``docs/vendors/`` says which."""

    said: str
    confirmed: bool = True


@dataclass(frozen=True)
class Hearing:
    """That a vendor hears rooms of a platform. ``needs``: an option without which it does not."""

    confirmed: bool = True
    needs: str = ""


@dataclass(frozen=True)
class Capability:
    """One of a vendor's products. ``chosen_by``: the options that choose it, none for the only one; ``platforms``
    by name (``url`` for a plain stream); ``media``: ``audio``, ``image``."""

    product: str
    platforms: Mapping[str, Hearing]
    media: tuple[str, ...]
    results: Fact
    finish: Fact
    dedupe: Fact
    renewal: Fact
    human_review: Fact
    chosen_by: Mapping[str, Any] = field(default_factory=dict)

    def hears(self, platform: str, options: Mapping[str, Any]) -> bool:
        """Whether this is the product that ``options`` choose, and it hears the platform's rooms."""
        if any(options.get(name) != value for name, value in self.chosen_by.items()):
            return False
        hearing = self.platforms.get(platform)
        return hearing is not None and (not hearing.needs or bool(options.get(hearing.needs)))
