"""A vendor runs only so many streams at a time: who may have one, and who is next when one is free."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from earshot.domain import ids, pacing
from earshot.domain.watch import Signal, SignalName, Task, Watch
from earshot.log_codes import LogCode
from earshot.store.slots import Reservations
from earshot.telemetry import note

PRIORITY = 5
"""Of a plan that names none."""
RENEWAL = 0
"""Before every room that nobody hears yet, the most urgent ones excepted, which are as urgent."""


class StreamLimits(Protocol):
    """See :class:`earshot.limits.Limits`."""

    def streams(self, vendor: str) -> int | None:
        """How many at a time; None: no limit."""


@dataclass(frozen=True)
class StreamSlots:
    """See the module. Where a vendor has no limit, everything is allowed and nothing is written."""

    store: Reservations
    limits: StreamLimits
    now: Callable[[], int]

    def take(self, vendor: str, task_ref: str, watch: Watch, *, renews: bool = False) -> bool:
        """Hold a stream for the task, if there is one for its watch. New rooms leave some for those that must replace
        their ear (``renews``), and nobody goes past one that waits and comes first.

        False: the watch stands in the line now, and is signalled when it is its turn.
        """
        streams = self.limits.streams(vendor)
        if streams is None:
            return True
        most = streams if renews else pacing.most_for_new(streams)
        if (renews or not self.store.waiting_streams(vendor, 1)) and self._hold(vendor, task_ref, most):
            if renews:
                self.store.leave_streams(vendor, watch.watch_id)
            return True
        priority = RENEWAL if renews else int(watch.plan.get("priority", PRIORITY))
        self.store.await_stream(vendor, watch.watch_id, priority, self.now())
        # Looked at after it stands in the line: a stream that was freed meanwhile found nobody to signal.
        free = most - self.store.streams_held(vendor)
        if watch.watch_id in self.store.waiting_streams(vendor, free) and self._hold(vendor, task_ref, most):
            self.store.leave_streams(vendor, watch.watch_id)
            return True
        return False

    def _hold(self, vendor: str, task_ref: str, most: int) -> bool:
        return self.store.take_stream(vendor, task_ref, most, self.now())

    def free(self, vendor: str, task_ref: str) -> list[str]:
        """The task needs its stream no longer, if it has one; the watches whose turn it is, again at no harm."""
        if self.limits.streams(vendor) is None:
            return []
        self.store.free_stream(vendor, task_ref)
        return self.next(vendor)

    def next(self, vendor: str) -> list[str]:
        """The watches that wait, as many as there are free streams. Of what is kept for renewals one is told at a
        time: whoever comes first may be one."""
        streams = self.limits.streams(vendor)
        if streams is None or not self.store.waiting_streams(vendor, 1):
            return []
        held = self.store.streams_held(vendor)
        kept = 1 if held < streams else 0
        return self.store.waiting_streams(vendor, max(kept, pacing.most_for_new(streams) - held))

    def unused(self, watch: Watch, tasks: Sequence[Task], *numbers: int) -> None:
        """Give back what was taken for these numbers, unless a submission was made of them: its end gives it back.
        Of which vendor, and for what the task would have kept, nobody knows who is still there. Who waits is told
        within a minute."""
        left = set(numbers) - {task.number for task in tasks}
        refs = [
            ids.task_ref(watch.watch_id, number, hits_only=hits_only)
            for number in sorted(left)
            for hits_only in (False, True)
        ]
        for vendor in watch.order:
            if self.limits.streams(vendor) is not None:
                for ref in refs:
                    self.store.free_stream(vendor, ref)

    def leave(self, vendor: str, watch_id: str) -> None:
        """The watch waits no longer: its room is closed, or another vendor hears it."""
        if self.limits.streams(vendor) is not None:
            self.store.leave_streams(vendor, watch_id)


class Signals(Protocol):
    """What of the store tells a watch."""

    def signal(self, watch_id: str, signal: Signal) -> bool:
        """False if it has ended, or has been told its last word."""


@dataclass(frozen=True)
class HandOn:
    """Free a task's stream, and tell whoever is next."""

    slots: StreamSlots
    store: Signals
    now: Callable[[], int]

    def __call__(self, vendor: str, task_ref: str) -> None:
        """Again at no harm. Raises RetryLater: then the task is not done with."""
        self._tell(vendor, self.slots.free(vendor, task_ref))

    def again(self, vendor: str) -> int:
        """Tell them once more, whatever became of the signals before; how many."""
        return self._tell(vendor, self.slots.next(vendor))

    def _tell(self, vendor: str, watch_ids: Sequence[str]) -> int:
        """One that can no longer be told has gone without a word: it leaves the line, and the next one is told."""
        told: set[str] = set()
        while waiting := [watch_id for watch_id in watch_ids if watch_id not in told]:
            gone = [watch_id for watch_id in waiting if not self._signal(vendor, watch_id)]
            told.update(set(waiting) - set(gone))
            for watch_id in gone:
                self.slots.leave(vendor, watch_id)
            watch_ids = self.slots.next(vendor) if gone else ()
        return len(told)

    def _signal(self, vendor: str, watch_id: str) -> bool:
        now = self.now()
        name = SignalName.SLOT_FREE
        if not self.store.signal(watch_id, Signal(ids.digest(watch_id, name, vendor, now), name, now, name)):
            return False
        note(LogCode.ES232, watch_id=watch_id, vendor=vendor)
        return True
