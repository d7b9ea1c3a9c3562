"""What every platform's folder offers, in three modules, so that a function imports only the one it works with:

``client`` (mint a credential), ``options`` (the plan's settings for this platform) and ``recorder`` (which ids are
our own, standard library only).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from earshot.domain.room import Room


@dataclass(frozen=True)
class MintRequest:
    """For whom: the ``number``-th credential of a watch, by its plan's ``options``. ``now`` in epoch ms.

    A recorder's id is derived from the watch and, where two of its recorders must be able to stand side by side,
    the number; so the same request names the same recorder.
    """

    room: Room
    watch_id: str
    number: int
    options: Mapping[str, Any]
    now: int


@dataclass(frozen=True)
class Minted:
    """A fresh credential. ``expires_at`` in epoch ms, None if it never does."""

    secrets: Mapping[str, str] = field(repr=False)
    expires_at: int | None


class Platform(Protocol):
    """Mints what a vendor's recorder needs to enter a room."""

    def mint(self, request: MintRequest) -> Minted:
        """Raises RetryLater, GiveUp, BadInput or Misconfigured."""
