"""Lifecycle step: forget what was never used, settle the ledger, end the watch, and add it to the totals."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from earshot.domain.ears import unfinished
from earshot.domain.ledger import settle
from earshot.domain.lifecycle import Advice, Next
from earshot.domain.watch import Status, Watch
from earshot.errors import Unfinished
from earshot.log_codes import LogCode
from earshot.telemetry import note
from earshot.usecases.keep_books import KeepBooks, Store


@dataclass(frozen=True)
class CloseWatch:
    """See the module."""

    store: Store
    now: Callable[[], int]

    def __call__(self, watch_id: str, *, abandoned: bool) -> dict[str, bool]:
        """Whether the watch did what it was for.

        Raises Unfinished when a task has come to light meanwhile, so that the machine finishes it first;
        ``abandoned``: the machine has tried long enough, what is left goes into the ledger and an alarm.
        """
        watch = self.store.watch(watch_id)
        tasks = self.store.tasks(watch_id)
        left = [task.task_ref for task in unfinished(tasks)]
        if left and not abandoned:
            raise Unfinished("unfinished", f"{len(left)} tasks")
        now = self.now()
        if not watch.is_over:
            watch = _over(self._told_why(watch, now), now)
        ledger = settle(watch, tasks, watch.closed_at or now, self._drop_credentials(watch))
        self.store.close_watch(watch, ledger, now)
        KeepBooks(self.store, self.now).settle(watch_id)
        code = LogCode.ES211 if left else LogCode.ES210
        note(code, watch_id=watch_id, reason=watch.reason, unfinished=left)
        return {"ok": not watch.failed and not left}

    def _drop_credentials(self, watch: Watch) -> int:
        """Ways in that nobody will take, and how many there have been: an earlier close may have dropped some."""
        before = (watch.ledger or {}).get("calls", {}).get("unclaimed", 0)
        return int(before) + self.store.drop_credentials(watch.watch_id)

    def _told_why(self, watch: Watch, now: int) -> Watch:
        """The machine broke down while the room was open: nobody listens, and that is a failure to be told."""
        if watch.last_word or watch.status is Status.FAILED:
            return watch
        broken = Advice(
            Next.FINISH, status=Status.FAILED, reason="lifecycle_broke_down", troubles=watch.troubles
        )
        self.store.resolve(watch, broken, now)
        return self.store.watch(watch.watch_id)


def _over(watch: Watch, now: int) -> Watch:
    """The watch as it ends: closed when it was told to, or now; for its own reason if it failed."""
    failed = watch.status is Status.FAILED
    told = watch.last_word
    reason = watch.reason if failed or told is None else told.reason
    return replace(watch, reason=reason or "unknown", closed_at=told.at if told else now, failed=failed)
