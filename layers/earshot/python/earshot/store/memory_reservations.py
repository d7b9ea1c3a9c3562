"""The in-memory twin's slots: in time, and of concurrent streams."""

from earshot.domain.pacing import slot_ms


class MemoryReservations:
    """See :class:`earshot.store.slots.Reservations`."""

    def __init__(self) -> None:
        super().__init__()
        self._paces: dict[str, int] = {}
        self._holders: dict[str, set[str]] = {}
        self._waiting: dict[str, dict[str, tuple[int, int]]] = {}

    def reserve(self, name: str, now: int, interval_us: int) -> int:
        slot_us = max(self._paces.get(name, 0), now * 1_000)
        self._paces[name] = slot_us + interval_us
        return slot_ms(slot_us)

    def reserve_by(self, name: str, now: int, interval_us: int, latest: int) -> int | None:
        if max(self._paces.get(name, 0), now * 1_000) > latest * 1_000:
            return None
        return self.reserve(name, now, interval_us)

    def take_stream(self, vendor: str, holder: str, most: int, now: int) -> bool:
        del now
        holders = self._holders.setdefault(vendor, set())
        if holder not in holders and len(holders) >= most:
            return False
        holders.add(holder)
        return True

    def free_stream(self, vendor: str, holder: str) -> bool:
        holders = self._holders.get(vendor, set())
        held = holder in holders
        holders.discard(holder)
        return held

    def streams_held(self, vendor: str) -> int:
        return len(self._holders.get(vendor, ()))

    def await_stream(self, vendor: str, watch_id: str, priority: int, now: int) -> None:
        self._waiting.setdefault(vendor, {}).setdefault(watch_id, (priority, now))

    def waiting_streams(self, vendor: str, limit: int) -> list[str]:
        waiting = self._waiting.get(vendor, {})
        return sorted(waiting, key=lambda name: (waiting[name], name))[:limit]

    def leave_streams(self, vendor: str, watch_id: str) -> None:
        self._waiting.get(vendor, {}).pop(watch_id, None)
