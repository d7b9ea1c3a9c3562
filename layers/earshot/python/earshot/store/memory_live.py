"""The in-memory twin's view of all watches."""

from collections.abc import Mapping, Sequence

from earshot.domain.orphans import LiveWatch
from earshot.domain.room import Occurrence
from earshot.domain.watch import Watch
from earshot.store.port import RoomRecord


class MemoryLive:
    """See :class:`earshot.store.live.LiveWatches`."""

    _watches: dict[str, Watch]
    _tokens: dict[str, str]
    _rooms: dict[str, RoomRecord]

    def __init__(self) -> None:
        super().__init__()
        self._kept: set[str] = set()

    def look_after(self, watch_id: str) -> None:
        if watch_id in self._watches:
            self._kept.add(watch_id)

    def live_watches(self) -> list[LiveWatch]:
        live = [
            watch
            for watch in self._watches.values()
            if not watch.is_over or (watch.ledger or {}).get("unfinished") or watch.watch_id in self._kept
        ]
        live.sort(key=lambda watch: (watch.opened_at, watch.watch_id))
        return [LiveWatch(watch, watch.watch_id in self._tokens) for watch in live]

    def latest_sessions(self, room_keys: Sequence[str]) -> Mapping[str, Occurrence | None]:
        return {key: self._rooms[key].latest if key in self._rooms else None for key in room_keys}
