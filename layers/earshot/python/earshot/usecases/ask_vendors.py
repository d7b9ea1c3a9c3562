"""Results that a vendor tells of a task when it is asked: every live task in its turn, what is new kept once.

One run at a time for each vendor, over at once when no live watch is to be asked about. What was had of a task is
remembered by the process, for a vendor may tell all of it each time; another process keeps it anew, which the table's
keys make no news.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from earshot.domain.watch import Task, Watch
from earshot.errors import EarshotError, RetryLater
from earshot.log_codes import LogCode
from earshot.store.live import LiveWatches
from earshot.store.port import Inbox
from earshot.store.sharing import Polls
from earshot.telemetry import note
from earshot.usecases.results import segment_of
from earshot.vendors.port import Asker, Door

LEASE_MS = 30_000
"""So long a run that died keeps others away; it is renewed at every look."""
LOOK_MS = 15_000
"""Between two looks at which tasks there are."""
IDLE_MS = 500
PATIENCE_MS = 2_000
"""How long a question waits for its turn under the vendor's limit, before the next task's is tried."""


class AskStore(LiveWatches, Inbox, Polls, Protocol):
    """What this use case needs of the store."""

    def tasks(self, watch_id: str) -> list[Task]:
        """All of a watch's, oldest first."""


@dataclass
class Line:
    """One vendor's live tasks. ``is_wanted``: a live watch's plan has it asked, whoever listens now. ``asked``: when
    each was asked about last; ``had``: what it told, by hash."""

    vendor: str
    asker: Asker
    is_wanted: bool = False
    tasks: list[tuple[Watch, Task]] = field(default_factory=list)
    asked: dict[str, int] = field(default_factory=dict)
    had: dict[str, set[int]] = field(default_factory=dict)

    @property
    def source(self) -> str:
        return f"ask:{self.vendor}"

    def now_has(self, tasks: list[tuple[Watch, Task]]) -> None:
        """What is known of other tasks is forgotten."""
        self.tasks = tasks
        refs = {task.task_ref for _, task in tasks}
        self.asked = {ref: at for ref, at in self.asked.items() if ref in refs}
        self.had = {ref: names for ref, names in self.had.items() if ref in refs}


@dataclass(frozen=True)
class AskVendors:
    """See the module. ``askers`` by vendor, those that the settings know; ``may_ask`` whether a question to a vendor
    may go within so many milliseconds; ``new_id`` gives ids that never repeat, ``rest`` waits seconds."""

    store: AskStore
    askers: Callable[[], Mapping[str, Asker]]
    door: Callable[[str], Door]
    may_ask: Callable[[str, int], bool]
    new_id: Callable[[], str]
    rest: Callable[[float], None]
    now: Callable[[], int]
    _lines: dict[str, Line] = field(default_factory=dict, repr=False)

    def __call__(self, until: int) -> int:
        """Asks until ``until`` (epoch ms); how many results were new."""
        holder, fresh, looked_at = self.new_id(), 0, -LOOK_MS
        mine = self._mine(holder)
        try:
            while mine and self.now() < until:
                if self.now() - looked_at >= LOOK_MS:
                    looked_at = self.now()
                    self._look(mine)
                    mine = [one for one in mine if self._renew(one, holder)]
                    if not any(one.is_wanted for one in mine):
                        break  # the next minute's run comes
                fresh += sum(self._round(line, until) for line in mine)
                self.rest(IDLE_MS / 1000)
        finally:
            for line in mine:
                self.store.end_lease(line.source, holder)
        return fresh

    def _mine(self, holder: str) -> list[Line]:
        """Of the vendors that are asked, those that no other run asks."""
        lines = []
        for vendor, asker in self.askers().items():
            line = self._lines.setdefault(vendor, Line(vendor, asker))
            line.asker = asker
            until = self.now() + LEASE_MS
            if self.store.lease_poll(line.source, holder, self.now(), until, self.new_id()) is None:
                note(LogCode.ES309, source=line.source)
            else:
                lines.append(line)
        return lines

    def _renew(self, line: Line, holder: str) -> bool:
        return self.store.turn_page(line.source, holder, self.new_id(), self.now() + LEASE_MS)

    def _look(self, lines: Sequence[Line]) -> None:
        vendors = {line.vendor for line in lines}
        try:
            live = [one.watch for one in self.store.live_watches() if vendors.intersection(one.watch.order)]
            known = [(watch, task) for watch in live for task in self.store.tasks(watch.watch_id)]
        except RetryLater as error:
            note(LogCode.ES308, source="ask", reason=error.reason)
            return
        for line in lines:
            line.is_wanted = any(_asks(line, watch) for watch in live)
            line.now_has(_once([pair for pair in known if _is_asked(line, *pair)]))

    def _round(self, line: Line, until: int) -> int:
        """Everybody whose turn it is, the longest unasked first; how many results were new."""
        fresh, due = 0, [pair for pair in line.tasks if self._is_due(line, pair[1])]
        for watch, task in sorted(due, key=lambda pair: line.asked.get(pair[1].task_ref, 0)):
            if self.now() >= until or not self.may_ask(line.vendor, PATIENCE_MS):
                break
            line.asked[task.task_ref] = self.now()
            fresh += self._ask(line, watch, task)
        return fresh

    def _is_due(self, line: Line, task: Task) -> bool:
        return self.now() - line.asked.get(task.task_ref, -line.asker.every_ms) >= line.asker.every_ms

    def _ask(self, line: Line, watch: Watch, task: Task) -> int:
        vendor_task_id, source = str(task.vendor_task_id), f"{line.source}:{task.task_ref}"
        try:
            results = line.asker.ask(vendor_task_id, task.endpoint, watch.options(line.vendor))
        except EarshotError as error:
            note(LogCode.ES308, source=source, reason=error.reason)
            return 0
        door, had = self.door(line.vendor), line.had.setdefault(task.task_ref, set())
        news = {result: hash(result) for result in results if hash(result) not in had}
        found = [segment_of(door, line.vendor, task.task_ref, result, self.now()) for result in news]
        segments = {segment.key: segment for segment in found if segment is not None}
        fresh = self.store.put_segments(list(segments.values()))
        had.update(news.values())
        if segments:
            note(LogCode.ES307, source=source, results=len(segments), fresh=fresh)
        return fresh


def _once(pairs: list[tuple[Watch, Task]]) -> list[tuple[Watch, Task]]:
    """What stands under several refs, tries of one ear, is one task to its vendor: under that which was accepted."""
    found: dict[str, tuple[Watch, Task]] = {}
    for watch, task in sorted(pairs, key=lambda pair: pair[1].accepted_at or 0):
        found[str(task.vendor_task_id)] = (watch, task)
    return list(found.values())


def _is_asked(line: Line, watch: Watch, task: Task) -> bool:
    """One that is finished, too, as long as its watch waits for its last results."""
    return task.vendor == line.vendor and task.vendor_task_id is not None and _asks(line, watch)


def _asks(line: Line, watch: Watch) -> bool:
    return line.vendor in watch.order and line.asker.asks(watch.options(line.vendor))
