"""What vendors and platforms allow only so often, or only so many of at a time."""

from typing import Protocol


class Reservations(Protocol):
    """What a vendor's limits leave to all functions together: slots in time, and of concurrent streams."""

    def reserve(self, name: str, now: int, interval_us: int) -> int:
        """The slot (epoch ms, ``now`` or later) that is the caller's; the next one is ``interval_us`` after it."""

    def reserve_by(self, name: str, now: int, interval_us: int, latest: int) -> int | None:
        """The same, unless the slot would come after ``latest``: then None, and nobody's slot is used up."""

    def take_stream(self, vendor: str, holder: str, most: int, now: int) -> bool:
        """Hold a stream, unless ``most`` are held (False); again at no harm."""

    def free_stream(self, vendor: str, holder: str) -> bool:
        """Hold it no longer; False if the holder had none."""

    def streams_held(self, vendor: str) -> int:
        """How many are held, read consistently."""

    def await_stream(self, vendor: str, watch_id: str, priority: int, now: int) -> None:
        """Stand in the line for a stream, lower ``priority`` (0 to 99) first; again, the first place stands."""

    def waiting_streams(self, vendor: str, limit: int) -> list[str]:
        """The watches that come next, by priority and by how long they have waited, read consistently."""

    def leave_streams(self, vendor: str, watch_id: str) -> None:
        """Wait no longer; of one that does not wait, nothing."""
