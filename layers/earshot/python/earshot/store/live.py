"""What the store knows of all watches at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from earshot.domain.orphans import LiveWatch
    from earshot.domain.room import Occurrence


class LiveWatches(Protocol):
    """Watches that somebody must look after."""

    def live_watches(self) -> list[LiveWatch]:
        """Those that are not over, or that left something at their vendor, oldest first; from an index that may be a
        moment behind."""

    def look_after(self, watch_id: str) -> None:
        """A watch that is over has something at its vendor after all: it is among them again until it is closed
        anew."""

    def latest_sessions(self, room_keys: Sequence[str]) -> Mapping[str, Occurrence | None]:
        """The latest session of each room (or stream), None if it has no record; a moment behind, too. A room that
        could not be read is not in the answer."""
