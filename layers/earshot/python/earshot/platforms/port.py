"""What every platform's folder offers: ``client`` (mint a credential) and ``options`` (the plan's settings)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from earshot.domain.room import Room


@dataclass(frozen=True)
class Minted:
    """A fresh credential. ``expires_at`` in epoch ms, None if it never does."""

    secrets: Mapping[str, str] = field(repr=False)
    expires_at: int | None


class Platform(Protocol):
    """Mints what a vendor's recorder needs to enter a room."""

    def mint(self, room: Room, options: Mapping[str, Any], now: int) -> Minted:
        """Raises RetryLater, GiveUp or Misconfigured. ``now`` in epoch ms."""
