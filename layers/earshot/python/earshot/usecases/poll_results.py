"""Results that wait at a vendor: fetched, kept, and only then asked to be forgotten.

One run at a time for each source. The id of the request in progress outlives the run: what was fetched and not kept
is fetched again, for the vendor hands the same batch out under the same id.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from earshot.domain import ids
from earshot.errors import EarshotError, RetryLater
from earshot.log_codes import LogCode
from earshot.store.port import Inbox, Segment, Turns
from earshot.store.sharing import Polls
from earshot.telemetry import note
from earshot.usecases.results import kept, quarantined
from earshot.vendors.port import Door, Poller, Unreadable

LEASE_MS = 30_000
"""Longer than one fetch and its writes; so long a run that died keeps others away."""
IDLE_MS = 2_000
"""Between two fetches when nothing waits: how old a verdict may get before it is seen."""


class PollStore(Inbox, Polls, Turns, Protocol):
    """What this use case needs of the store."""


@dataclass(frozen=True)
class Source:
    """Where one vendor's results wait."""

    vendor: str
    name: str
    poller: Poller
    door: Door

    @property
    def key(self) -> str:
        return f"{self.vendor}:{self.name}"


@dataclass(frozen=True)
class Count:
    """Of one batch."""

    fetched: int = 0
    fresh: int = 0


@dataclass(frozen=True)
class PollResults:
    """See the module. ``pollers`` by vendor, those that the settings know; ``new_id`` gives ids that never repeat,
    ``rest`` waits seconds."""

    store: PollStore
    pollers: Callable[[], Mapping[str, Poller]]
    door: Callable[[str], Door]
    new_id: Callable[[], str]
    rest: Callable[[float], None]
    now: Callable[[], int]

    def __call__(self, until: int) -> int:
        """Fetches until ``until`` (epoch ms); how many results were new."""
        holder, fresh, sources = self.new_id(), 0, self._sources()
        mine = {source.key: source for source in sources}
        try:
            while mine and self.now() < until:
                idle = True
                for source in list(mine.values()):
                    count = self._fetch(source, holder)
                    if count is None:
                        del mine[source.key]
                        continue
                    fresh += count.fresh
                    idle = idle and count.fetched < source.poller.max_batch
                if mine and idle:
                    self.rest(IDLE_MS / 1000)
        finally:
            for source in sources:
                self.store.end_lease(source.key, holder)
        return fresh

    def _sources(self) -> list[Source]:
        found: list[Source] = []
        for vendor, poller in self.pollers().items():
            try:
                names = poller.sources()
            except EarshotError as error:  # wrong settings of one vendor are not another's trouble
                note(LogCode.ES308, source=vendor, reason=str(error))
                continue
            found += [Source(vendor, name, poller, self.door(vendor)) for name in names]
        return found

    def _fetch(self, source: Source, holder: str) -> Count | None:
        """One batch; None if somebody else is at it, or the vendor refuses."""
        until = self.now() + LEASE_MS
        request_id = self.store.lease_poll(source.key, holder, self.now(), until, self.new_id())
        if request_id is None:
            note(LogCode.ES309, source=source.key)
            return None
        while wait_ms := self.store.take_turn(f"poll:{source.key}", self.now(), source.poller.every_ms):
            self.rest(wait_ms / 1000)
        try:
            results = source.poller.fetch(source.name, request_id)
        except EarshotError as error:
            note(LogCode.ES308, source=source.key, reason=error.reason)
            return Count() if isinstance(error, RetryLater) else None
        found = [self._segment(source, result) for result in results]
        fresh = self.store.put_segments([segment for segment in found if segment])
        self.store.turn_page(source.key, holder, self.new_id(), self.now() + LEASE_MS)
        if results:
            note(LogCode.ES307, source=source.key, results=len(results), fresh=fresh)
        return Count(len(results), fresh)

    def _segment(self, source: Source, result: bytes) -> Segment | None:
        """By the task that the result names; what names none of ours is kept where nobody takes it for ours."""
        try:
            delivery = source.door.identify(result)
        except Unreadable as problem:
            return self._stray(source, result, str(problem), LogCode.ES302)
        if delivery.task_ref is None or not ids.is_task_ref(delivery.task_ref):
            return self._stray(source, result, "it names none of our tasks", LogCode.ES305)
        return kept(source.vendor, delivery.task_ref, delivery, self.now())

    def _stray(self, source: Source, result: bytes, problem: str, code: LogCode) -> Segment:
        place = f"{source.vendor}-{ids.digest(result.decode(errors='replace'))}"
        return quarantined(source.vendor, place, result, self.now(), problem, code)
