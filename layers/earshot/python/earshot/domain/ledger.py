"""What was heard, by our clock and by the vendor's, and what was not."""

from collections.abc import Iterable, Sequence
from typing import Any

from earshot.domain.lifecycle import unfinished
from earshot.domain.watch import Task, TaskState, Watch

Span = tuple[int, int]


def settle(watch: Watch, tasks: Sequence[Task], closed_at: int) -> dict[str, Any]:
    """The ledger of a watch: whole of its tasks, seconds with one decimal.

    ``audited_s`` counts overlapping tasks once; ``unmoderated_s`` is what is left of the open room.
    """
    window = (watch.opened_at, max(watch.opened_at, closed_at))
    heard = union([_heard(task, closed_at) for task in tasks if task.vendor_task_id is not None])
    audited = sum(end - start for start, end in clip(heard, window))
    # An adopted task stands twice, under the lost try and the one that found it: the vendor bills it once.
    vendor = {t.vendor_task_id: t.vendor_seconds for t in tasks if t.vendor_seconds is not None}
    return {
        "open_s": _seconds(window[1] - window[0]),
        "audited_s": _seconds(audited),
        "unmoderated_s": _seconds(window[1] - window[0] - audited),
        "vendor_s": round(sum(vendor.values()), 1) if vendor else None,
        "calls": {
            "mint": watch.credentials,
            "submit": len(tasks),
            "finish": sum(task.finish_calls for task in tasks),
        },
        "unfinished": [task.task_ref for task in unfinished(tasks)],
        "unresolved": [task.task_ref for task in tasks if task.is_unresolved],
        "tasks": [_entry(same, closed_at) for same in _by_vendor_task(tasks)],
    }


def _by_vendor_task(tasks: Sequence[Task]) -> list[list[Task]]:
    """Tasks that the vendor may know, those that are one to it (a lost try and its adoption) together."""
    groups: dict[str, list[Task]] = {}
    for task in tasks:
        if task.state is not TaskState.REFUSED:
            groups.setdefault(task.vendor_task_id or task.task_ref, []).append(task)
    return list(groups.values())


def _heard(task: Task, closed_at: int) -> Span:
    # A task whose answer was lost listened all the same, from its submission.
    start = task.submitted_at if task.accepted_at is None else task.accepted_at
    return start, max(start, min(task.ended_at or closed_at, task.finished_at or closed_at))


def _entry(same: list[Task], closed_at: int) -> dict[str, Any]:
    last = same[-1]
    spans = union([_heard(task, closed_at) for task in same if task.vendor_task_id is not None])
    return {
        "task_ref": last.task_ref,
        "task_id": last.vendor_task_id,
        "audited_s": _seconds(sum(end - start for start, end in spans)),
        "vendor_s": last.vendor_seconds,
        "end_code": last.end_code,
        "finished": any(task.finished_at is not None for task in same),
    }


def union(spans: Iterable[Span]) -> list[Span]:
    """The spans, sorted, with overlaps joined."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def clip(spans: Iterable[Span], window: Span) -> list[Span]:
    """The parts of the spans inside the window."""
    inside = ((max(start, window[0]), min(end, window[1])) for start, end in spans)
    return [(start, end) for start, end in inside if end > start]


def _seconds(milliseconds: int) -> float:
    return round(milliseconds / 1000, 1)
