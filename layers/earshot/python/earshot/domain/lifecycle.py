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


BREATH_S = 2
"""The longest wait beside an ear that is to be replaced: while the machine waits it hears no signal."""


@dataclass(frozen=True)
class Advice:
    """Where to go, after how many seconds, and what to write on the watch. ``look_s``: park for so long, whatever is
    due."""

    next: Next
    wait_s: int = 0
    release: bool = False
    status: Status | None = None
    reason: str | None = None
    troubles: int = 0
    renews: bool = False
    look_s: int | None = None


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
    current = current_task(watch, here.tasks)
    if here.failure is not None:
        return _after_failure(here, current)
    if current is None:
        return _try_again(here, watch.troubles + 1, "no_task")
    lived_s = ((current.ended_at or here.now) - (current.accepted_at or here.now)) / 1000
    troubles = 0 if lived_s >= here.retry.healthy_s else watch.troubles
    if not current.is_live:
        return _try_again(here, troubles + 1, _end_reason(current))
    release = bool(strays(here.tasks, current))
    renews = _is_due(current, here.now)
    # A replacement that fails again and again is paused ever longer, however well the old ear hears.
    tried = watch.credentials > current.number
    troubles = watch.troubles if renews and tried else troubles
    return Advice(Next.MINT if renews else Next.WATCH, release=release, troubles=troubles, renews=renews)


def current_task(watch: Watch, tasks: Sequence[Task]) -> Task | None:
    """The task that was last accepted for the watch."""
    return next((task for task in tasks if task.task_ref == watch.current_task), None)


def look_s(watch: Watch, current: Task | None, now: int) -> int:
    """Seconds after which a parked watch looks at its facts, whatever it is told meanwhile: in time for a renewal."""
    most = int(watch.plan["look_s"])
    if current is None or not current.is_live or current.renew_at is None:
        return most
    return max(1, min(most, -(-(current.renew_at - now) // 1000)))


def strays(tasks: Sequence[Task], current: Task | None) -> list[Task]:
    """Tasks that the vendor runs beside the current one: a lost answer came to light, or an ear was replaced."""
    mine = current.vendor_task_id if current and current.is_live else None
    return [task for task in unfinished(tasks) if task.vendor_task_id != mine]


def unfinished(tasks: Sequence[Task]) -> list[Task]:
    """Tasks that the vendor may still run: under no ref has it acknowledged their end."""
    finished = {task.vendor_task_id for task in tasks if task.finished_at is not None}
    return [task for task in tasks if task.vendor_task_id and task.vendor_task_id not in finished]


def _end_reason(task: Task) -> str:
    return f"task_ended_{'unexplained' if task.end_code is None else task.end_code}"


def _is_due(current: Task, now: int) -> bool:
    return current.is_live and current.renew_at is not None and now >= current.renew_at


def _after_failure(here: Situation, current: Task | None) -> Advice:
    """What failed beside an open ear (its replacement, the parking) does not close it."""
    is_heard = current is not None and current.is_live
    if current is not None and _is_due(current, here.now):
        return _renew_later(here)
    if here.failure is Failure.PERMANENT and not is_heard:
        return _give_up(here.watch.troubles, here.failure_reason)
    step = Next.WATCH if is_heard else Next.MINT
    return _try_again(here, here.watch.troubles + 1, here.failure_reason, step)


def _renew_later(here: Situation) -> Advice:
    """An ear that listens is never given up for its replacement. Parked, not paused: the room may close meanwhile."""
    troubles = here.watch.troubles + 1
    pause = pause_s(troubles, base_s=here.retry.base_s, cap_s=here.retry.cap_s, luck=here.luck)
    return Advice(Next.WATCH, wait_s=min(pause, BREATH_S), troubles=troubles, look_s=max(1, pause))


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
