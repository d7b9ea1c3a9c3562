"""What is added to the totals of a day: by vendor, app and plan.

Counted anew from the facts each time, and compared with what was added before: so a task that turns out to have been
dead is taken back, and after the end the totals are what the ledgers say. A day is closed two days later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from earshot.domain.ledger import Ear, ears
from earshot.domain.spans import DAY_MS, Span, clip, days, length, rest_of, shares
from earshot.domain.watch import Task, Watch

OPEN_DAYS = 2
"""A day's numbers are corrected for so long after its end."""
PAGE_MS = 20 * DAY_MS
"""A page of so long holds no more days than one transaction can write."""
MEASURES = ("audited_s", "unmoderated_s", "double_heard_s", "vendor_s", "calls", "watches")

Sums = dict[str, float]


@dataclass(frozen=True)
class Total:
    """Numbers of one day, vendor, app and plan, or what is to be added to them. Seconds with three decimals.

    ``vendor_s``: as the vendor counts, on the day that it told. ``calls``: submissions and finishes. ``watches``:
    that were begun. What nobody heard is the plan's first vendor's.
    """

    day: str
    vendor: str
    app_id: str
    plan: str
    audited_s: float = 0.0
    unmoderated_s: float = 0.0
    double_heard_s: float = 0.0
    vendor_s: float = 0.0
    calls: float = 0
    watches: float = 0

    @property
    def heard_s(self) -> float:
        """Of all ears, each: what the vendor bills."""
        return self.audited_s + self.double_heard_s


@dataclass(frozen=True)
class Page:
    """What the books lack of a watch. ``until`` (epoch ms) and ``booked`` are where they will stand with it."""

    until: int
    totals: tuple[Total, ...]
    booked: Mapping[str, Any]


def day_of(at: int) -> str:
    """``2026-11-21``, in UTC, of epoch milliseconds."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)).date().isoformat()


def page(watch: Watch, tasks: Sequence[Task], now: int) -> Page:
    """What there is to add, of at most :data:`PAGE_MS`."""
    kept_until = watch.opened_at if watch.accrued_until is None else watch.accrued_until
    # The mark always moves on, whatever a clock says: its place is what makes a page be added once.
    until = max(min(now, kept_until + PAGE_MS), (watch.accrued_until or 0) + 1)
    since = max(watch.opened_at, _closed_before(watch.accrued_until))
    over = min(until, until if watch.closed_at is None else watch.closed_at)
    all_ears = ears(tasks, over)
    by_day = _by_day(watch, all_ears, (since, over))
    in_all = _in_all(watch, all_ears, tasks)
    before: Mapping[str, Any] = watch.booked or {"days": {}, "in_all": {}}
    open_days = by_day.keys() | before["days"].keys()
    lacking = {day: _less(by_day.get(day, {}), before["days"].get(day, {})) for day in open_days}
    today = lacking.setdefault(day_of(until), {})
    for vendor, sums in _less(in_all, before["in_all"]).items():
        today[vendor] = today.get(vendor, {}) | sums
    still_open = {day: sums for day, sums in by_day.items() if day >= day_of(_closed_before(until))}
    return Page(until, _totals(watch, lacking), {"days": still_open, "in_all": in_all})


def _closed_before(until: int | None) -> int:
    return 0 if until is None else (until // DAY_MS - OPEN_DAYS) * DAY_MS


def _by_day(watch: Watch, all_ears: Sequence[Ear], window: Span) -> dict[str, dict[str, Sums]]:
    heard = [(span, ear.last.vendor) for ear in all_ears for span in ear.heard]
    found: dict[str, dict[str, Sums]] = {}
    for day in days(window):
        spans = [(clipped, vendor) for span, vendor in heard for clipped in clip([span], day)]
        sums = found.setdefault(day_of(day[0]), {})
        for vendor, milliseconds, is_beside in shares(spans):
            _add(sums, vendor, "double_heard_s" if is_beside else "audited_s", milliseconds)
        unheard = length(rest_of(day, [span for span, _ in spans]))
        _add(sums, watch.plan["vendor"], "unmoderated_s", unheard)
    return found


def _add(sums: dict[str, Sums], vendor: str, measure: str, milliseconds: int) -> None:
    if milliseconds:
        mine = sums.setdefault(vendor, {})
        mine[measure] = round(mine.get(measure, 0.0) + milliseconds / 1000, 3)


def _in_all(watch: Watch, all_ears: Sequence[Ear], tasks: Sequence[Task]) -> dict[str, Sums]:
    """What is not of a time: it is added on the day that it comes to light."""
    sums: dict[str, Sums] = {watch.plan["vendor"]: {"watches": 1}}
    for ear in all_ears:
        if ear.vendor_s is not None:
            mine = sums.setdefault(ear.last.vendor, {})
            mine["vendor_s"] = round(mine.get("vendor_s", 0.0) + ear.vendor_s, 3)
    for task in tasks:
        mine = sums.setdefault(task.vendor, {})
        mine["calls"] = mine.get("calls", 0) + 1 + task.finish_calls
    return sums


def _less(sums: Mapping[str, Sums], before: Mapping[str, Sums]) -> dict[str, Sums]:
    """By vendor, what is not among what was there before."""
    lacking: dict[str, Sums] = {}
    for vendor in sorted(sums.keys() | before.keys()):
        mine, theirs = sums.get(vendor, {}), before.get(vendor, {})
        for name in sorted(mine.keys() | theirs.keys()):
            if more := round(mine.get(name, 0) - theirs.get(name, 0), 3):
                lacking.setdefault(vendor, {})[name] = more
    return lacking


def _totals(watch: Watch, lacking: Mapping[str, Mapping[str, Sums]]) -> tuple[Total, ...]:
    return tuple(
        Total(day, vendor, watch.room.app_id, watch.plan_name, **sums)
        for day, of_day in sorted(lacking.items())
        for vendor, sums in of_day.items()
    )
