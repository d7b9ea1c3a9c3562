"""What a watch does next. The machine asks after every wake, failure and time-out; the facts decide.

A signal is not believed, it only makes us look: the tasks on the table say whether the ear is still open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from earshot.domain.backoff import pause_s
from earshot.domain.ears import (
    CONFIRM_MS,
    current_task,
    is_due,
    is_proven,
    is_silent,
    is_suspect,
    strays,
    suspect_at,
    to_release,
)
from earshot.domain.failure import Failure
from earshot.domain.watch import Status, Task, Watch


class Next(StrEnum):
    """The machine's next state. ``LOOK``: ask again; ``LEAVE``: another execution drives the watch."""

    MINT = "mint"
    SUBMIT = "submit"
    WATCH = "watch"
    LOOK = "look"
    FINISH = "finish"
    LEAVE = "leave"


@dataclass(frozen=True)
class RetryPolicy:
    """``max_attempts`` troubles in a row; a task that lived ``healthy_s`` starts the count afresh."""

    max_attempts: int = 50
    base_s: float = 2.0
    cap_s: float = 300.0
    healthy_s: float = 60.0


BREATH_S = 2
"""The longest wait beside an ear that is to be replaced, or while another vendor is to be tried: while the machine
waits it hears no signal."""
ROUNDS = 250
"""After so many decisions another execution takes over: a history ends at 25,000 events, and a round with every retry
that the machine allows writes some 80."""


@dataclass(frozen=True)
class Advice:
    """Where to go, after how many seconds, and what to write on the watch. ``look_s``: park for so long, whatever is
    due. ``hands_over``: to the next execution. ``unheard``: the app is to know that nobody hears the room."""

    next: Next
    wait_s: int = 0
    release: bool = False
    status: Status | None = None
    reason: str | None = None
    troubles: int = 0
    renews: bool = False
    look_s: int | None = None
    hands_over: bool = False
    unheard: bool = False


@dataclass(frozen=True)
class Situation:
    """All that the decision depends on. ``is_old``: this execution has been at it for long, or is of an older version
    of the machine; ``wants_back``: a better vendor than the current task's can be had again; ``is_cut``: the ear
    listens otherwise than the watch's spending allows by now."""

    watch: Watch
    tasks: Sequence[Task]
    retry: RetryPolicy
    now: int
    luck: float
    failure: Failure | None = None
    failure_reason: str = ""
    is_old: bool = False
    wants_back: bool = False
    is_cut: bool = False


@dataclass(frozen=True)
class Parking:
    """For how long at most, how long without a sign of life, and whether something is to be finished first."""

    look_s: int
    beat_s: int
    release: bool


def advise(here: Situation) -> Advice:
    """The next step of a watch."""
    watch = here.watch
    if watch.last_word is not None or watch.status in {Status.FAILED, Status.ENDED}:
        return Advice(Next.FINISH, reason=watch.reason, troubles=watch.troubles)
    if here.is_old:
        # Wherever it stands: its successor begins by looking at the same facts.
        return Advice(Next.LEAVE, troubles=watch.troubles, hands_over=True)
    current = current_task(watch, here.tasks)
    is_heard = current is not None and current.is_live
    if here.failure is not None:
        advice = _after_failure(here, current)
    elif current is None and watch.queued_at is not None:
        # What it waits for may be held by a lost try of its own.
        advice = Advice(Next.MINT, release=_releases(here, None), troubles=watch.troubles)
    elif current is None:
        advice = _try_again(here, watch.troubles + 1, "no_task")
    elif not is_heard:
        advice = _try_again(here, _troubles(here, current) + 1, _end_reason(current))
    else:
        advice = _beside(here, current)
    is_silenced = current is not None and is_silent(current, here.now)
    return advice if is_heard and not is_silenced else _unheard(here, advice, current)


def _beside(here: Situation, current: Task) -> Advice:
    """An ear is open: leave it, replace it, ask after it, or let another execution go on."""
    troubles = _troubles(here, current)
    wanted = here.wants_back or here.is_cut
    if wanted or is_due(current, here.now) or is_suspect(here.watch, current, here.now):
        # A replacement that fails again and again is paused ever longer, however well the old ear hears.
        tried = here.watch.credentials > current.number
        troubles = here.watch.troubles if tried else troubles
        return Advice(Next.MINT, release=_releases(here, current), troubles=troubles, renews=True)
    resumed = Status.MODERATING if here.watch.status is Status.INTERRUPTED else None
    return Advice(Next.WATCH, release=_releases(here, current), troubles=troubles, status=resumed)


def parking(watch: Watch, tasks: Sequence[Task], now: int) -> Parking:
    """How a watch is parked: it looks at its facts in time for whatever is due, whatever it is told meanwhile."""
    most, current = int(watch.plan["look_s"]), current_task(watch, tasks)
    if current is None or not current.is_live:
        return Parking(most, most - 1, release=False)
    times = [current.renew_at]
    times += [None if current.silent_s is not None else suspect_at(watch, current)]
    if strays(tasks, current) and not is_proven(current, now):
        times.append(current.listens_from + CONFIRM_MS)
    if current.vendor != watch.plan["vendor"]:
        times.append(now + int(watch.plan["return_s"]) * 1000)
    due = [max(2, -(-(at - now) // 1000)) for at in times if at is not None]
    look = min([most, *due])
    beat = look - 1 if current.silent_s is None else min(look - 1, current.silent_s)
    return Parking(look, beat, bool(to_release(tasks, current, now)))


def _troubles(here: Situation, current: Task) -> int:
    lived_s = ((current.ended_at or here.now) - (current.accepted_at or here.now)) / 1000
    return 0 if lived_s >= here.retry.healthy_s else here.watch.troubles


def _releases(here: Situation, current: Task | None) -> bool:
    return bool(to_release(here.tasks, current, here.now))


def _end_reason(task: Task) -> str:
    if task.lost_at is not None and task.ended_at is None:
        return "task_lost"
    return f"task_ended_{'unexplained' if task.end_code is None else task.end_code}"


def _after_failure(here: Situation, current: Task | None) -> Advice:
    """What failed beside an open ear (its replacement, the parking) does not close it."""
    is_heard = current is not None and current.is_live
    if current is not None and (is_due(current, here.now) or is_suspect(here.watch, current, here.now)):
        return _renew_later(here, current)
    if here.failure is Failure.PERMANENT and not is_heard and not _has_another(here):
        return _give_up(here.watch.troubles, here.failure_reason)
    step = Next.WATCH if is_heard else Next.MINT
    return _try_again(here, here.watch.troubles + 1, here.failure_reason, step)


def _has_another(here: Situation) -> bool:
    """Whether a vendor of the plan has not refused this room for good. What failed for good before a submission (the
    platform, the settings) fails with every vendor."""
    refused = {task.vendor for task in here.tasks if task.permanent}
    return bool(refused) and bool(set(here.watch.order) - refused)


def _renew_later(here: Situation, current: Task) -> Advice:
    """An ear that listens is never given up for its replacement. Parked, not paused: the room may close meanwhile.
    One that may be dead is not waited beside."""
    troubles = here.watch.troubles + 1
    pause, is_silenced = _pause(here, troubles), is_silent(current, here.now)
    if is_silenced and _is_early(here, troubles):
        advice = Advice(Next.MINT, wait_s=pause, troubles=troubles, renews=True)
    else:
        wait = min(pause, BREATH_S)
        advice = Advice(Next.WATCH, wait_s=wait, troubles=troubles, look_s=max(2, pause))
    falls_silent = is_silenced and here.watch.status is Status.MODERATING
    return replace(advice, status=Status.INTERRUPTED, reason="silent") if falls_silent else advice


def _pause(here: Situation, troubles: int) -> int:
    pause = pause_s(troubles, base_s=here.retry.base_s, cap_s=here.retry.cap_s, luck=here.luck)
    return min(pause, BREATH_S) if _is_early(here, troubles) else pause


def _is_early(here: Situation, troubles: int) -> bool:
    """Not every vendor of the plan has had its tries: another may do at once what this one does not."""
    vendors = len(here.watch.order)
    return vendors > 1 and troubles <= 2 * vendors


def _try_again(here: Situation, troubles: int, reason: str, step: Next = Next.MINT) -> Advice:
    """After a pause: to another credential and task, or, while an ear is open, only to parking beside it."""
    if troubles > here.retry.max_attempts:
        return _give_up(troubles, f"gave_up_after_{here.retry.max_attempts}:{reason}")
    falls_silent = step is Next.MINT and here.watch.status is Status.MODERATING
    return Advice(
        next=step,
        wait_s=_pause(here, troubles),
        release=step is Next.MINT and _releases(here, None),
        status=Status.INTERRUPTED if falls_silent else None,
        reason=reason if step is Next.MINT else None,
        troubles=troubles,
    )


def unheard_in_s(watch: Watch, now: int, since: int | None = None) -> int | None:
    """Seconds until the app is to know that nobody hears the room, which is so ``since`` then (epoch ms; its
    interruption, or its opening, if nothing is said); None: it need not know, or knows."""
    if watch.plan.get("when_unheard") != "closed" or watch.unheard_at is not None:
        return None
    if since is None:
        since = watch.status_at if watch.status is Status.INTERRUPTED else watch.opened_at
    return -(-(since + int(watch.plan["unheard_s"]) * 1000 - now) // 1000)


def _unheard(here: Situation, advice: Advice, current: Task | None) -> Advice:
    """A room of a class that must be heard, and is not: the app is told once, and in time."""
    left_s = unheard_in_s(here.watch, here.now, _fell_silent_at(here, advice, current))
    if left_s is None:
        return advice
    if left_s <= 0 or advice.status is Status.FAILED:
        return replace(advice, unheard=True)
    look_s = None if advice.look_s is None else max(2, min(advice.look_s, left_s))
    return replace(advice, wait_s=min(advice.wait_s, left_s), look_s=look_s)


def _fell_silent_at(here: Situation, advice: Advice, current: Task | None) -> int | None:
    """Of a room that was heard until then: its opening may be long ago. None for one that was not."""
    if advice.status is Status.INTERRUPTED:
        return here.now
    if here.watch.status is not Status.MODERATING:
        return None
    silent_at = suspect_at(here.watch, current) if current is not None and current.is_live else None
    return here.now if silent_at is None else silent_at


def _give_up(troubles: int, reason: str) -> Advice:
    return Advice(Next.FINISH, status=Status.FAILED, reason=reason, troubles=troubles)
