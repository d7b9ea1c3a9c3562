"""What one room's own tries say of a vendor: all vendors are well, and still this one does not hear this room."""

from collections.abc import Sequence
from dataclasses import dataclass

from earshot.domain.ears import is_silent
from earshot.domain.watch import Task, TaskState, Watch

REMEMBERED_MS = 600_000
"""After so long a vendor may have mended what it refused, or what failed."""
FAILURES = 2
"""In a row, before another vendor is tried: one is weather."""


@dataclass(frozen=True)
class Standing:
    """A vendor with a room: when it last refused it for good, and how often in a row and when last its tries failed,
    of what is remembered."""

    refused_at: int | None = None
    failures: int = 0
    failed_at: int = 0

    @property
    def is_refusing(self) -> bool:
        return self.refused_at is not None

    @property
    def is_failing(self) -> bool:
        return self.failures >= FAILURES


def standing(watch: Watch, vendor: str, tasks: Sequence[Task], now: int) -> Standing:
    """Of ``vendor`` with the watch; ``tasks`` oldest first.

    Only what came after its last acceptance counts, if that came to anything: a task that the vendor ends as soon as
    it has taken it, or that is never heard of, is no better than a refusal.
    """
    tries = [task for task in tasks if task.vendor == vendor and task.state is not TaskState.DUPLICATE]
    row = _row(tries, int(float(watch.plan["retry"]["healthy_s"]) * 1000), now)
    recent = [(at, task) for at, task in row if now - at < REMEMBERED_MS]
    return Standing(
        refused_at=max((at for at, task in recent if task.permanent), default=None),
        failures=len(recent),
        failed_at=max((at for at, _ in recent), default=0),
    )


def may_again_at(here: Standing) -> int:
    """When a vendor that refused the room for good may be asked again, epoch ms."""
    return (here.refused_at or 0) + REMEMBERED_MS


def _row(tries: Sequence[Task], healthy_ms: int, now: int) -> list[tuple[int, Task]]:
    """The latest tries that failed in a row, and when."""
    row: list[tuple[int, Task]] = []
    for task in tries:
        at = _failed_at(task, healthy_ms, now)
        row = [] if at is None else [*row, (at, task)]
    return row


def _failed_at(task: Task, healthy_ms: int, now: int) -> int | None:
    """When a try failed; None for one that came to something."""
    if task.accepted_at is None:
        return task.submitted_at
    heard_until = _heard_until(task, now)
    if heard_until is None or heard_until - task.accepted_at >= healthy_ms:
        return None
    return heard_until


def _heard_until(task: Task, now: int) -> int | None:
    """Until when a task listened that has ended by itself, or is believed to; None for one that listens, or that we
    have ended."""
    if task.ended_at is not None and (task.finished_at is None or task.ended_at < task.finished_at):
        return task.ended_at
    if task.lost_at is not None:
        return task.lost_at
    return task.last_sign if task.is_live and is_silent(task, now) else None
