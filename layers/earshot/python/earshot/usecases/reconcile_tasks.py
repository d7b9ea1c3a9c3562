"""Finished tasks: did they end, and what of theirs did never reach us?

Twice for each task: soon after its end, whether it still listens, for then it bills; and once the vendor has given up
repeating its pushes, what it knows of the task that we do not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from earshot.domain.watch import Task
from earshot.errors import EarshotError, RetryLater
from earshot.log_codes import LogCode
from earshot.store.port import Inbox, Lifecycle, Segments
from earshot.telemetry import note
from earshot.usecases.finish_stream import Stop
from earshot.usecases.results import segment_of
from earshot.vendors.port import Auditor, Client, Door, Ending, Unreadable
from earshot.vendors.registry import AUDITED

MINUTE_MS = 60_000
SOON_MS = 10 * MINUTE_MS
"""After a finish: what the vendor had on its way has come, and a task that listens on has shown it."""
LATE_MS = 26 * 60 * MINUTE_MS
"""After a finish: pushes are repeated for a day."""
HOUR_MS = 60 * MINUTE_MS
KEPT_MS = 6 * 24 * HOUR_MS
"""How long before its end is asked for: a vendor that keeps a week has forgotten the rest by now."""
SLACK_MS = MINUTE_MS
"""Vendors stop a while after they say so."""
PATIENCE_MS = 3 * 24 * HOUR_MS
"""So long after that a vendor that fails is asked again."""
STOP_PATIENCE_MS = 4_000
MOST_TASKS = 500


class TaskStore(Lifecycle, Segments, Inbox, Protocol):
    """What this use case needs of the store."""


def first_check(vendor: str, finished_at: int) -> int | None:
    """When to look at a task for the first time; None if its vendor tells nothing."""
    return finished_at + SOON_MS if vendor in AUDITED else None


@dataclass(frozen=True)
class ReconcileTasks:
    """See the module. ``vendor``, ``auditor`` and ``door`` give a vendor's by name; ``stop`` finishes a task."""

    store: TaskStore
    vendor: Callable[[str], Client]
    auditor: Callable[[str], Auditor]
    door: Callable[[str], Door]
    stop: Stop
    now: Callable[[], int]

    def __call__(self, until: int) -> int:
        """Looks until ``until`` (epoch ms) at the latest; how many tasks were looked at."""
        looked = 0
        for task in self.store.due_tasks(self.now(), MOST_TASKS):
            if self.now() >= until:
                break
            # Put off before it is looked at: one that a run chokes on must not come first in the next.
            claimed = replace(task, due_at=self.now() + SOON_MS)
            self.store.settle_check(task, claimed.due_at)
            self._look(task, claimed, until)
            looked += 1
        return looked

    def _look(self, task: Task, claimed: Task, until: int) -> None:
        try:
            if _is_late(task):
                self._fetch(task, claimed, until)
            else:
                self._prove(task, claimed)
        except EarshotError as error:
            note(LogCode.ES218, task_ref=task.task_ref, reason=error.reason)
            if not isinstance(error, RetryLater):
                self.store.settle_check(claimed, None if _is_late(task) else _late_at(task))
            elif self.now() > _late_at(task) + PATIENCE_MS:
                self.store.settle_check(claimed, None)

    def _prove(self, task: Task, claimed: Task) -> None:
        since = max((task.listened_at or _finished_at(task)) + SLACK_MS, self.now() - HOUR_MS)
        vendor_task_id = str(task.vendor_task_id)
        runs = self.auditor(task.vendor).still_runs(vendor_task_id, task.endpoint, since, self.now())
        note(LogCode.ES219, task_ref=task.task_ref, still_runs=runs)
        if not runs:
            self.store.settle_check(claimed, _late_at(task))
            return
        note(LogCode.ES217, task_ref=task.task_ref, task_id=vendor_task_id)
        watch = self.store.watch(task.watch_id)
        ending = Ending(vendor_task_id, task.endpoint, watch.options(task.vendor))
        self.store.count_finish(task.task_ref)
        error = self.stop(task.vendor, self.vendor(task.vendor), ending, [], STOP_PATIENCE_MS)
        if error is not None:
            note(LogCode.ES209, task_ref=task.task_ref, task_id=vendor_task_id, reason=error.reason)
        now = self.now()
        self.store.settle_check(claimed, now + SOON_MS, listened_at=now)

    def _fetch(self, task: Task, claimed: Task, until: int) -> None:
        """Results that no push brought, an hour at a time: a long task is gone through in several runs."""
        tasks = self.store.tasks(task.watch_id)
        refs = [one.task_ref for one in tasks if one.vendor_task_id == task.vendor_task_id]
        end = _finished_at(task)
        at = max(task.asked_until or task.accepted_at or task.submitted_at, end - KEPT_MS)
        while at < end and self.now() < until:
            at, since = min(at + HOUR_MS, end), at
            self._fetch_hour(task, refs, since, at)
        self.store.settle_check(
            claimed, max(self.now(), _late_at(task)) if at < end else None, asked_until=at
        )

    def _fetch_hour(self, task: Task, refs: Sequence[str], start: int, end: int) -> None:
        door, found, lost = self.door(task.vendor), 0, 0
        options = self.store.watch(task.watch_id).options(task.vendor)
        auditor = self.auditor(task.vendor)
        for result in auditor.results(str(task.vendor_task_id), task.endpoint, start, end, options):
            found += 1
            lost += self._keep(door, task, refs, result)
        note(LogCode.ES219, task_ref=task.task_ref, results=found, lost=lost)

    def _keep(self, door: Door, task: Task, refs: Sequence[str], result: bytes) -> bool:
        """Whether it is news under each of ``refs``: an adopted task is pushed under the ref of the try that opened
        it, and nobody knows which that was."""
        known = _family(door, result)
        if known and any(self.store.segment_keys(ref, known) for ref in refs):
            return False
        segment = segment_of(door, task.vendor, task.task_ref, result, self.now())
        return segment is not None and self.store.put_segment(segment)


def _finished_at(task: Task) -> int:
    return task.finished_at or task.submitted_at


def _late_at(task: Task) -> int:
    return _finished_at(task) + LATE_MS


def _is_late(task: Task) -> bool:
    """By what it was scheduled for, not by the clock: however late a run comes, it asks first whether it ended."""
    due_at = task.due_at or 0
    return due_at >= _late_at(task) and due_at != (task.listened_at or 0) + SOON_MS


def _family(door: Door, result: bytes) -> str | None:
    """What the names of results about the same thing begin with; None for one that is not understood."""
    try:
        delivery = door.identify(result)
    except Unreadable:
        return None
    return delivery.family or delivery.key
