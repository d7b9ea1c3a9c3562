"""Lifecycle step: settle the ledger and end the watch."""

from collections.abc import Callable
from dataclasses import dataclass

from earshot.domain.ledger import settle
from earshot.domain.watch import Status
from earshot.errors import Unfinished
from earshot.log_codes import LogCode
from earshot.store.port import Lifecycle
from earshot.telemetry import note


@dataclass(frozen=True)
class CloseWatch:
    """See the module."""

    store: Lifecycle
    now: Callable[[], int]

    def __call__(self, watch_id: str, *, abandoned: bool) -> dict[str, bool]:
        """Whether the watch did what it was for.

        Raises Unfinished when a task has come to light meanwhile, so that the machine finishes it first;
        ``abandoned``: the machine has tried long enough, what is left goes into the ledger and an alarm.
        """
        watch = self.store.watch(watch_id)
        tasks = self.store.tasks(watch_id)
        left = [task.task_ref for task in tasks if task.needs_finish]
        if left and not abandoned:
            raise Unfinished("unfinished", f"{len(left)} tasks")
        now = self.now()
        closed_at = watch.closed_at or (watch.signal.at if watch.last_word and watch.signal else now)
        failed = watch.status is Status.FAILED
        reason = watch.reason if failed else (watch.signal.reason if watch.signal else watch.reason)
        self.store.close_watch(watch, reason or "unknown", settle(watch, tasks, closed_at), closed_at, now)
        note(LogCode.ES211 if left else LogCode.ES210, watch_id=watch_id, reason=reason, unfinished=left)
        return {"ok": not failed and not left}
