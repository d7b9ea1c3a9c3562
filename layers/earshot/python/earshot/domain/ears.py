"""Which of a watch's tasks is its ear, which others listen beside it, and what it may be suspected of."""

from collections.abc import Sequence

from earshot.domain.watch import Task, Watch

CONFIRM_MS = 20_000
"""So long a new ear has to give a sign of life before the one that it takes over from is let go all the same: an
acceptance does not prove that anybody listens."""

WAKE_MS = 1_000
"""A parked watch wakes so long before what it was parked for: a heartbeat must be shorter than a time-out. What it
woke for is then due."""


def current_task(watch: Watch, tasks: Sequence[Task]) -> Task | None:
    """The watch's ear: what was accepted last. If that listens no more, another that still does, if there is one."""
    last = next((task for task in tasks if task.task_ref == watch.current_task), None)
    if last is not None and last.is_live:
        return last
    live = [task for task in tasks if task.is_live]
    return max(live, key=lambda task: task.number) if live else last


def strays(tasks: Sequence[Task], current: Task | None) -> list[Task]:
    """Tasks that the vendor runs beside the current one: a lost answer came to light, or an ear was replaced. One
    that nobody but us has named is left alone while nobody listens: the next try may be answered by it."""
    mine = current.vendor_task_id if current and current.is_live else None
    return [task for task in unfinished(tasks) if task.called != mine and (task.vendor_task_id or mine)]


def to_release(tasks: Sequence[Task], current: Task | None, now: int) -> list[Task]:
    """Strays to finish now. An ear that listens is kept until the one that replaces it has proved itself, under
    whatever ref: a lost try that it was adopted from is the same task."""
    beside = strays(tasks, current)
    if current is None or not current.is_live or is_proven(current, now):
        return beside
    listening = {task.vendor_task_id for task in beside if task.is_live}
    return [task for task in beside if task.vendor_task_id not in listening]


def refs_of(tasks: Sequence[Task], ear: Task) -> list[str]:
    """The refs that an ear stands under: its own, and those of the lost tries that it was adopted from."""
    mine = (ear.vendor, ear.vendor_task_id)
    return [task.task_ref for task in tasks if (task.vendor, task.vendor_task_id) == mine]


def is_proven(task: Task, now: int) -> bool:
    """Whether it has given a sign of life, or had time to."""
    return task.heard_at is not None or now >= task.listens_from + CONFIRM_MS - WAKE_MS


def unfinished(tasks: Sequence[Task]) -> list[Task]:
    """Tasks that the vendor may still run: under no ref has it acknowledged their end. An end from before a task was
    accepted was another's, where a vendor gives the same id again."""
    finished: dict[str, int] = {}
    for task in tasks:
        if task.called and task.finished_at is not None:
            finished[task.called] = max(task.finished_at, finished.get(task.called, 0))
    return [
        task
        for task in tasks
        if task.called
        and task.finished_at is None
        and (task.accepted_at or task.submitted_at) >= finished.get(task.called, 0)
    ]


def is_due(current: Task, now: int) -> bool:
    """Whether another ear is to take over: this one's time ends soon."""
    return current.is_live and current.renew_at is not None and now >= current.renew_at - WAKE_MS


def is_suspect(watch: Watch, current: Task, now: int) -> bool:
    """Whether its vendor is to be asked if it still listens: it has been silent for too long, or it never gives signs
    and has not been asked for long."""
    at = suspect_at(watch, current)
    early_ms = WAKE_MS if current.silent_s is None else 0
    return current.is_live and at is not None and now >= at - early_ms


def suspect_at(watch: Watch, current: Task) -> int | None:
    """When it will be suspect if nothing is heard of it; None: never."""
    patience_s = current.silent_s if current.silent_s is not None else int(watch.plan.get("probe_s", 0))
    return current.last_sign + patience_s * 1000 if patience_s else None


def is_silent(current: Task, now: int) -> bool:
    """Whether it should have given a sign of life long ago."""
    return current.silent_s is not None and now >= current.last_sign + current.silent_s * 1000
