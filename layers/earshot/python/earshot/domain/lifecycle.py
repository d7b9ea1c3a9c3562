"""What a watch does next. The machine asks after every wake, failure and time-out; the facts decide.

A signal is not believed, it only makes us look: the tasks on the table say whether the ear is still open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from earshot.domain.backoff import pause_s
from earshot.domain.failure import Failure
from earshot.domain.watch import Status, Task, Watch


class Next(StrEnum):
    """The machine's next state."""

    MINT = "mint"
    WATCH = "watch"
    FINISH = "finish"


@dataclass(frozen=True)
class RetryPolicy:
    """``max_attempts`` troubles in a row; a task that lived ``healthy_s`` starts the count afresh."""

    max_attempts: int = 50
    base_s: float = 2.0
    cap_s: float = 300.0
    healthy_s: float = 60.0


@dataclass(frozen=True)
class Advice:
    """Where to go, after how many seconds, and what to write on the watch."""

    next: Next
    wait_s: int = 0
    release: bool = False
    status: Status | None = None
    reason: str | None = None
    troubles: int = 0


@dataclass(frozen=True)
class Situation:
    """All that the decision depends on."""

    watch: Watch
    tasks: Sequence[Task]
    retry: RetryPolicy
    now: int
    luck: float
    failure: Failure | None = None
    failure_reason: str = ""


def advise(here: Situation) -> Advice:
    """The next step of a watch."""
    watch = here.watch
    if watch.last_word is not None or watch.status in {Status.FAILED, Status.ENDED}:
        return Advice(Next.FINISH, reason=watch.reason, troubles=watch.troubles)
    if here.failure is Failure.PERMANENT:
        return _give_up(watch.troubles, here.failure_reason)
    current = next((task for task in here.tasks if task.task_ref == watch.current_task), None)
    if here.failure is Failure.PASSING:
        is_heard = current is not None and current.is_live
        return _try_again(
            here, watch.troubles + 1, here.failure_reason, Next.WATCH if is_heard else Next.MINT
        )
    if current is None:
        return _try_again(here, watch.troubles + 1, "no_task")
    lived_s = ((current.ended_at or here.now) - (current.accepted_at or here.now)) / 1000
    troubles = 0 if lived_s >= here.retry.healthy_s else watch.troubles
    if current.is_live:
        return Advice(Next.WATCH, release=bool(strays(here.tasks, current)), troubles=troubles)
    return _try_again(here, troubles + 1, f"task_ended_{current.end_code or 'unexplained'}")


def strays(tasks: Sequence[Task], current: Task | None) -> list[Task]:
    """Tasks that the vendor runs beside the current one: a lost answer came to light, or an ear was replaced."""
    mine = current.vendor_task_id if current and current.is_live else None
    return [task for task in unfinished(tasks) if task.vendor_task_id != mine]


def unfinished(tasks: Sequence[Task]) -> list[Task]:
    """Tasks that the vendor may still run: under no ref has it acknowledged their end."""
    finished = {task.vendor_task_id for task in tasks if task.finished_at is not None}
    return [task for task in tasks if task.vendor_task_id and task.vendor_task_id not in finished]


def _try_again(here: Situation, troubles: int, reason: str, step: Next = Next.MINT) -> Advice:
    """After a pause: to another credential and task, or, while an ear is open, only to parking beside it."""
    if troubles > here.retry.max_attempts:
        return _give_up(troubles, f"gave_up_after_{here.retry.max_attempts}:{reason}")
    falls_silent = step is Next.MINT and here.watch.status is Status.MODERATING
    return Advice(
        next=step,
        wait_s=pause_s(troubles, base_s=here.retry.base_s, cap_s=here.retry.cap_s, luck=here.luck),
        release=step is Next.MINT and bool(strays(here.tasks, None)),
        status=Status.INTERRUPTED if falls_silent else None,
        reason=reason if step is Next.MINT else None,
        troubles=troubles,
    )


def _give_up(troubles: int, reason: str) -> Advice:
    return Advice(Next.FINISH, status=Status.FAILED, reason=reason, troubles=troubles)
