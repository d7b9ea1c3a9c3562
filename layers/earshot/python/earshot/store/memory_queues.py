"""The in-memory twin's turns, stops that wait and polls."""

from earshot.store.port import WaitingStop


class MemoryQueues:
    """See :class:`earshot.store.port.Stops` and :class:`earshot.store.port.Polls`."""

    def __init__(self) -> None:
        super().__init__()
        self._turns: dict[str, int] = {}
        self._stops: dict[str, dict[str, WaitingStop]] = {}
        self._polls: dict[str, tuple[str, int, str]] = {}

    def take_turn(self, name: str, now: int, every_ms: int) -> int:
        next_at = self._turns.get(name, now)
        if next_at > now:
            return next_at - now
        self._turns[name] = now + every_ms
        return 0

    def ask_stop(self, queue: str, stop: WaitingStop, now: int) -> None:
        del now
        self._stops.setdefault(queue, {})[stop.vendor_task_id] = stop

    def waiting_stops(self, queue: str, first: str, limit: int) -> list[WaitingStop]:
        waiting = sorted(self._stops.get(queue, {}).items())
        after = [stop for name, stop in waiting if name >= first]
        return [*after, *(stop for name, stop in waiting if name < first)][:limit]

    def settle_stop(self, queue: str, vendor_task_id: str) -> None:
        self._stops.get(queue, {}).pop(vendor_task_id, None)

    def lease_poll(self, source: str, holder: str, now: int, until: int, fresh: str) -> str | None:
        held = self._polls.get(source)
        if held is not None and held[0] != holder and held[1] > now:
            return None
        request_id = held[2] if held else fresh
        self._polls[source] = (holder, until, request_id)
        return request_id

    def turn_page(self, source: str, holder: str, fresh: str, until: int) -> bool:
        if self._polls.get(source, ("",))[0] != holder:
            return False
        self._polls[source] = (holder, until, fresh)
        return True

    def end_lease(self, source: str, holder: str) -> None:
        held = self._polls.get(source)
        if held is not None and held[0] == holder:
            self._polls[source] = (holder, 0, held[2])
