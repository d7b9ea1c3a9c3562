"""Lifecycle step: settle the ledger and end the watch."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from earshot.domain.ledger import settle
from earshot.domain.watch import Status, Watch
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
        if not watch.is_over:
            watch = _over(watch, now)
        self.store.close_watch(watch, settle(watch, tasks, watch.closed_at or now), now)
        code = LogCode.ES211 if left else LogCode.ES210
        note(code, watch_id=watch_id, reason=watch.reason, unfinished=left)
        return {"ok": not watch.failed and not left}


def _over(watch: Watch, now: int) -> Watch:
    """The watch as it ends: closed when it was told to, or now; for its own reason if it failed."""
    failed = watch.status is Status.FAILED
    told = watch.last_word
    reason = watch.reason if failed or told is None else told.reason
    return replace(watch, reason=reason or "unknown", closed_at=told.at if told else now, failed=failed)
