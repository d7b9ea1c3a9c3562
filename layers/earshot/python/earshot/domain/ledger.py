"""What was heard, by our clock and by the vendor's, what was heard twice, and what was not heard at all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from earshot.domain.ears import unfinished
from earshot.domain.spans import Span, clip, length, rest_of, union
from earshot.domain.watch import NOTHING_OPENED, Task, Watch

GAP_MS = 1_000
"""Shorter silences are the time between two answers of a vendor, not a gap."""
SEGMENT_S = 10.0
"""A vendor counts whole segments: what differs by one of them differs by nothing."""
TOLERANCE = 0.01


@dataclass(frozen=True)
class Ear:
    """What is one task to its vendor: a lost try and its adoption together. ``heard``: when it listened."""

    tasks: tuple[Task, ...]
    heard: tuple[Span, ...]

    @property
    def last(self) -> Task:
        return self.tasks[-1]

    @property
    def vendor_s(self) -> float | None:
        """The vendor's own count, told once or twice."""
        told = [task.vendor_seconds for task in self.tasks if task.vendor_seconds is not None]
        return told[-1] if told else None


def settle(watch: Watch, tasks: Sequence[Task], closed_at: int, unclaimed: int = 0) -> dict[str, Any]:
    """The ledger of a watch: whole of its tasks, seconds with one decimal.

    It adds up: ``audited_s`` (each second once) and ``unmoderated_s`` are the open room, and ``audited_s`` and
    ``double_heard_s`` (each second that another ear heard already) are what all ears heard of it.
    ``unclaimed``: credentials that were never used.
    """
    window = (watch.opened_at, max(watch.opened_at, closed_at))
    all_ears = ears(tasks, closed_at)
    spans = clip([span for ear in all_ears for span in ear.heard], window)
    opened = sum(ear.last.vendor_task_id is not None for ear in all_ears)
    return {
        **_times(window, spans),
        "vendor_s": _sum(ear.vendor_s for ear in all_ears),
        "by_vendor": _by_vendor(all_ears),
        "calls": {
            "mint": watch.credentials,
            "unclaimed": unclaimed,
            "submit": len(tasks),
            "finish": sum(task.finish_calls for task in tasks),
        },
        "retries": len(tasks) - opened,
        "unfinished": [task.task_ref for task in unfinished(tasks)],
        "unresolved": [task.task_ref for task in tasks if task.is_unresolved],
        "tasks": [_entry(ear) for ear in all_ears],
    }


def _times(window: Span, spans: Sequence[Span]) -> dict[str, Any]:
    """Rounded before they are subtracted, so that what is told adds up."""
    opened, heard, audited = (_seconds(length(part)) for part in ([window], spans, union(spans)))
    gaps = [length([gap]) for gap in rest_of(window, spans)]
    return {
        "open_s": opened,
        "audited_s": audited,
        "unmoderated_s": round(opened - audited, 1),
        "double_heard_s": round(heard - audited, 1),
        "gaps": sum(gap > GAP_MS for gap in gaps),
        "longest_gap_s": _seconds(max((gap for gap in gaps if gap > GAP_MS), default=0)),
    }


def ears(tasks: Sequence[Task], until: int) -> list[Ear]:
    """Tasks that the vendor may know, those that are one to it together; what goes on is heard ``until`` now."""
    groups: dict[tuple[str, str], list[Task]] = {}
    for task in tasks:
        if task.state not in NOTHING_OPENED:
            groups.setdefault((task.vendor, task.vendor_task_id or task.task_ref), []).append(task)
    return [Ear(tuple(same), tuple(_spans(same, until))) for same in groups.values()]


def _spans(same: Sequence[Task], until: int) -> list[Span]:
    """Of several tries that were not answered, one opened the task, and nobody knows which: the last is believed, for
    one before it may have met a vendor that was down."""
    known = [task for task in same if task.vendor_task_id is not None]
    lost = [task for task in known if task.accepted_at is None]
    spans = union(_heard(task, until) for task in known if task not in lost[:-1])
    # What one of its refs is known to have been deaf for, the others were, too.
    hears_from = min((task.listens_from for task in known if task.hears_from is not None), default=None)
    return spans if hears_from is None else clip(spans, (hears_from, until))


def _heard(task: Task, until: int) -> Span:
    start = task.listens_from
    ends = [task.ended_at or until, task.finished_at or until]
    ends += [] if task.lost_at is None else [task.lost_at]
    return start, max(start, min(ends))


def _entry(ear: Ear) -> dict[str, Any]:
    last = ear.last
    return {
        "task_ref": last.task_ref,
        "task_id": last.called,
        "vendor": last.vendor,
        "level": last.level,
        "started_at": _iso(ear.heard[0][0]) if ear.heard else None,
        "ended_at": _iso(ear.heard[-1][1]) if ear.heard else None,
        "audited_s": _seconds(length(ear.heard)),
        "vendor_s": ear.vendor_s,
        "end_code": last.end_code,
        "finished": any(task.finished_at is not None for task in ear.tasks),
    }


def _by_vendor(all_ears: Iterable[Ear]) -> dict[str, dict[str, float | None]]:
    groups: dict[str, list[Ear]] = {}
    for ear in all_ears:
        groups.setdefault(ear.last.vendor, []).append(ear)
    return {
        vendor: {
            "heard_s": _seconds(sum(length(ear.heard) for ear in mine)),
            "vendor_s": _sum(ear.vendor_s for ear in mine),
        }
        for vendor, mine in groups.items()
    }


@dataclass(frozen=True)
class Difference:
    """A task of which the vendor counts other seconds than we do. ``expected_s``: our clock's, or as many of them as
    the vendor was asked to audit."""

    vendor: str
    task_ref: str
    task_id: str
    expected_s: float
    vendor_s: float


Share = Callable[[str, int], float]
"""The part of its time that a vendor audits, by vendor and level of spending; 1 is all of it."""


def differences(ledger: Mapping[str, Any], share: Share) -> list[Difference]:
    """By more than 1 %, and more than a segment; tasks of which the vendor has told nothing differ in nothing."""
    found = []
    for entry in ledger["tasks"]:
        told = entry["vendor_s"]
        # Ledgers of before these were kept have no vendor: they were told long ago.
        if told is None or entry["task_id"] is None or "vendor" not in entry:
            continue
        expected = round(entry["audited_s"] * share(entry["vendor"], entry["level"]), 1)
        if abs(told - expected) > max(SEGMENT_S, TOLERANCE * expected):
            found.append(Difference(entry["vendor"], entry["task_ref"], entry["task_id"], expected, told))
    return found


SUMS = ("open_s", "audited_s", "unmoderated_s", "double_heard_s", "gaps", "retries")


def fold(ledgers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The ledger of a session: those of its watches together, which listen beside each other."""
    folded: dict[str, Any] = dict.fromkeys(SUMS, 0)
    folded |= {"longest_gap_s": 0.0, "vendor_s": None, "by_vendor": {}, "calls": {}}
    folded |= {"unfinished": [], "unresolved": [], "tasks": [], "watches": 0}
    for ledger in ledgers:
        folded |= {name: round(folded[name] + ledger.get(name, 0), 1) for name in SUMS}
        folded["longest_gap_s"] = max(folded["longest_gap_s"], ledger.get("longest_gap_s", 0.0))
        folded["vendor_s"] = _sum([folded["vendor_s"], ledger["vendor_s"]])
        for name, calls in ledger["calls"].items():
            folded["calls"][name] = folded["calls"].get(name, 0) + calls
        for vendor, sums in ledger.get("by_vendor", {}).items():
            mine = folded["by_vendor"].setdefault(vendor, {})
            mine |= {name: _sum([mine.get(name), value]) for name, value in sums.items()}
        for name in ("unfinished", "unresolved", "tasks"):
            folded[name] += ledger[name]
        folded["watches"] += 1
    return folded


def _sum(numbers: Iterable[float | None]) -> float | None:
    """None if there is nothing to add."""
    told = [number for number in numbers if number is not None]
    return round(sum(told), 1) if told else None


def _seconds(milliseconds: int) -> float:
    return round(milliseconds / 1000, 1)


def _iso(milliseconds: int) -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
