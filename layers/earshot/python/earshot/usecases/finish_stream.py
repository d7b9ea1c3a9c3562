"""Lifecycle step: close at the vendor whatever a watch may have open there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from earshot.domain.ears import current_task, is_silent, refs_of, to_release, unfinished
from earshot.domain.watch import Task, Watch
from earshot.errors import EarshotError, OutcomeUnknown, Unfinished
from earshot.log_codes import LogCode
from earshot.store.port import Lifecycle
from earshot.telemetry import note
from earshot.usecases.stop_queue import QUEUED
from earshot.usecases.stream_slots import HandOn
from earshot.vendors.port import Client, Ending

Stop = Callable[[str, Client, Ending, Sequence[str], int], EarshotError | None]
"""See :class:`earshot.usecases.stop_queue.StopQueue`."""

PATIENCE_MS = 300
"""The machine comes again, and waits without a Lambda."""
RELEASE_PATIENCE_MS = 4_000
"""A release is not repeated for long, and what it spares bills."""

BELIEVED_AFTER = 10
"""Finish calls after which a vendor that does not know the task is believed: should it listen on all the same, its
segments tell."""


@dataclass(frozen=True)
class FinishStream:
    """See the module. ``hand_on`` gives streams to whoever waits for them."""

    store: Lifecycle
    vendor: Callable[[str], Client]
    stop: Stop
    hand_on: HandOn
    now: Callable[[], int]

    def __call__(self, watch_id: str, *, release: bool) -> int:
        """Finish every task of the watch; with ``release`` only those that no longer listen for it.

        A task that the vendor reported as ended is finished all the same: the report is not signed, a finish
        is safe to repeat, and one call costs less than a night. Returns the seconds to wait for last callbacks.
        Raises Unfinished until all are acknowledged.
        """
        watch = self.store.watch(watch_id)
        tasks = self.store.tasks(watch_id)
        if not release:
            self._give_up_silent(watch, tasks)
        patience_ms = RELEASE_PATIENCE_MS if release else PATIENCE_MS
        outcomes = [
            self._finish(watch, same, patience_ms) for same in self._chosen(watch, tasks, release=release)
        ]
        failures = [error for error in outcomes if error]
        if failures:
            raise Unfinished("unfinished", f"{len(failures)} tasks, the first: {failures[0].reason}")
        if not release:
            self._leave(watch, tasks)
        expected = [*unfinished(tasks), *(task for task in tasks if task.is_unresolved)]
        return int(watch.plan["settle_s"]) if any(task.ended_at is None for task in expected) else 0

    def _give_up_silent(self, watch: Watch, tasks: Sequence[Task]) -> None:
        """An ear that had been silent for too long when the room closed was never replaced: it counts as heard up to
        its last sign all the same."""
        over_at = watch.last_word.at if watch.last_word else self.now()
        for ear in tasks:
            if ear.is_live and is_silent(ear, over_at):
                for ref in refs_of(tasks, ear):
                    self.store.lose_task(ref, ear.last_sign)

    def _leave(self, watch: Watch, tasks: Sequence[Task]) -> None:
        """The watch wants no stream any more, in line or held for a task whose answer never came."""
        for vendor in watch.order if watch.queued_at is not None else ():
            self.hand_on.slots.leave(vendor, watch.watch_id)
        for task in tasks:
            if task.is_unresolved:
                self.hand_on(task.vendor, task.task_ref)
        # Of the last credential, or the next, if nobody came to use it.
        self.hand_on.slots.unused(watch, tasks, watch.credentials, watch.credentials + 1)

    def _finish(self, watch: Watch, same: list[Task], patience_ms: int) -> EarshotError | None:
        vendor, vendor_task_id, ref = same[0].vendor, str(same[0].called), same[-1].task_ref
        ending = Ending(
            vendor_task_id,
            endpoint=next((task.endpoint for task in same if task.endpoint), None),
            options=watch.options(vendor),
            known_ended=any(_is_gone(task) for task in same),
        )
        refs = [task.task_ref for task in same]
        try:
            error = self.stop(vendor, self.vendor(vendor), ending, refs, patience_ms)
        except EarshotError as problem:
            error = problem
        if error is not None and error.reason == QUEUED:
            return error
        self.store.count_finish(ref, self.now() if isinstance(error, OutcomeUnknown) else None)
        if error is not None:
            note(LogCode.ES209, task_ref=ref, task_id=vendor_task_id, reason=error.reason)
        return error

    def _chosen(self, watch: Watch, tasks: list[Task], *, release: bool) -> list[list[Task]]:
        """Tasks to finish, grouped by the vendor's id: an adopted task stands under two refs."""
        current = current_task(watch, tasks)
        wanted = to_release(tasks, current, self.now()) if release else unfinished(tasks)
        groups: dict[tuple[str, str], list[Task]] = {}
        for task in wanted:
            groups.setdefault((task.vendor, str(task.called)), []).append(task)
        return list(groups.values())


def _is_gone(task: Task) -> bool:
    """Whether a vendor that says that it knows no such task is to be believed: it told of its end, it lost it, or it
    says so again and again."""
    return task.ended_at is not None or task.lost_at is not None or task.finish_calls >= BELIEVED_AFTER
