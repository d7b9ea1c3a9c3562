"""What a room, an app and a vendor may cost, and how a watch listens more cheaply before it stops.

Costs are counted in hours that ears listened. The plan caps a room, the settings cap the day (UTC) of an app and of a
vendor.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from earshot.domain.books import Page, Total, day_of, page
from earshot.domain.ears import current_task
from earshot.domain.ledger import ears
from earshot.domain.spans import DAY_MS, length
from earshot.domain.watch import Task, Watch

Step = Literal["hits_only", "longer_step", "mixed", "stop"]
LADDER: tuple[tuple[float, Step], ...] = (
    *((0.8, "hits_only"), (0.9, "longer_step")),
    *((0.95, "mixed"), (1.0, "stop")),
)
"""At which part of a cap what is done, where the plan does not say."""
HOUR_MS = 3_600_000
SHORTEST_LOOK_S = 60
LONGEST_LOOK_S = 3_600
"""Between two looks at a cap that is shared: others spend too."""
HURRY = 2
"""What all spend together may grow so much until the next look."""


@dataclass(frozen=True)
class DayLimits:
    """Hours per day of UTC, by vendor and by app id; who is not named has no limit."""

    vendors: Mapping[str, float]
    apps: Mapping[str, float]


NO_LIMITS = DayLimits({}, {})


@dataclass(frozen=True)
class Spent:
    """One cap and how much of it is used; ``pace``: hours that are spent in an hour, as far as is known."""

    cap: Literal["room", "app", "vendor"]
    limit_hours: float
    spent_hours: float
    pace: float

    @property
    def part(self) -> float:
        return self.spent_hours / self.limit_hours


@dataclass(frozen=True)
class Spending:
    """Where a watch stands: ``level`` steps of its plan's ladder apply, for the cap that is used most (None: it has
    none, or nothing applies). ``look_s``: when to look again, None: whenever."""

    level: int = 0
    step: Step | None = None
    spent: Spent | None = None
    look_s: int | None = None

    @property
    def stops(self) -> bool:
        return self.step == "stop"

    @property
    def reason(self) -> str | None:
        """Why it is stopped, or listens more cheaply."""
        return f"spend_cap_{self.spent.cap}" if self.spent and self.level else None

    @property
    def why(self) -> dict[str, Any] | None:
        """As the watch keeps it, and its event tells it."""
        if self.spent is None or not self.level:
            return None
        hours = {"limit_hours": self.spent.limit_hours, "spent_hours": round(self.spent.spent_hours, 3)}
        return {"cap": self.spent.cap, "step": self.step, **hours}


def is_capped(watch: Watch, limits: DayLimits) -> bool:
    """Whether anything limits the watch at all; if not, nobody need read the day's totals."""
    return _room_cap(watch) is not None or is_shared(watch, limits)


def is_shared(watch: Watch, limits: DayLimits) -> bool:
    """Whether a cap of a day applies to it."""
    return watch.room.app_id in limits.apps or any(vendor in limits.vendors for vendor in watch.order)


def spending(
    watch: Watch, tasks: Sequence[Task], totals: Sequence[Total], limits: DayLimits, now: int
) -> Spending:
    """Where the watch stands; ``totals`` are today's, and may be a moment old."""
    all_spent = list(_spent(watch, tasks, totals, limits, now))
    if not all_spent:
        return Spending()
    steps, most = ladder(watch.plan), max(all_spent, key=lambda spent: spent.part)
    reached = level(steps, most.part)
    if reached < watch.level and _is_of_today(watch, now):
        reached = min(watch.level, len(steps))
    looks = [next_crossing_s(steps, spent) for spent in all_spent]
    if most.cap != "room":
        looks.append((DAY_MS - now % DAY_MS) // 1000 + 1 if reached else None)
    look_s = min((look for look in looks if look is not None), default=None)
    return Spending(reached, steps[reached - 1][1] if reached else None, most, look_s)


def _is_of_today(watch: Watch, now: int) -> bool:
    """Totals may lack for a minute what was added to them last: within a day nothing is given back."""
    at = (watch.spend or {}).get("at")
    return at is not None and day_of(at) == day_of(now)


def ladder(plan: Mapping[str, Any]) -> Sequence[tuple[float, Step]]:
    """The plan's own, or the usual one."""
    steps = plan.get("degrade")
    return LADDER if steps is None else [(step["at"], step["do"]) for step in steps]


def level(steps: Sequence[tuple[float, Step]], part: float) -> int:
    """How many steps apply when so much of a cap is used."""
    return sum(at <= part for at, _ in steps)


def next_crossing_s(steps: Sequence[tuple[float, Step]], spent: Spent) -> int | None:
    """Seconds until the next step, if it goes on like this; None after the last one. A shared cap is looked at
    before: what others spend is known late."""
    ahead = [at for at, _ in steps if at > spent.part]
    if not ahead:
        return None
    left_s = (ahead[0] * spent.limit_hours - spent.spent_hours) * 3600 / spent.pace
    if spent.cap == "room":
        return int(left_s) + 1
    return max(SHORTEST_LOOK_S, min(int(left_s / HURRY), LONGEST_LOOK_S))


def _spent(
    watch: Watch, tasks: Sequence[Task], totals: Sequence[Total], limits: DayLimits, now: int
) -> Iterator[Spent]:
    cap, all_ears = _room_cap(watch), ears(tasks, now)
    if cap is not None:
        listening = sum(any(task.is_live for task in ear.tasks) for ear in all_ears)
        hours = sum(length(ear.heard) for ear in all_ears) / HOUR_MS
        yield Spent("room", cap, hours, max(1.0, listening))
    current = current_task(watch, tasks)
    vendor = current.vendor if current else str(watch.plan["vendor"])
    app_id, today = watch.room.app_id, _today(totals, page(watch, tasks, now), now)
    if app_id in limits.apps:
        yield _of_day("app", limits.apps[app_id], [one for one in today if one.app_id == app_id], now)
    if vendor in limits.vendors:
        yield _of_day("vendor", limits.vendors[vendor], [one for one in today if one.vendor == vendor], now)


def _today(totals: Sequence[Total], mine: Page, now: int) -> list[Total]:
    """What is in the books, and what of this watch is not."""
    return [one for one in (*totals, *mine.totals) if one.day == day_of(now)]


def _of_day(cap: Literal["app", "vendor"], limit: float, rows: Sequence[Total], now: int) -> Spent:
    hours = sum(row.heard_s for row in rows) / 3600
    return Spent(cap, limit, hours, max(1.0, hours / max(0.25, now % DAY_MS / HOUR_MS)))


def _room_cap(watch: Watch) -> float | None:
    hours: float | None = (watch.plan.get("caps") or {}).get("room_hours")
    return hours


Thrift = Callable[[Mapping[str, Any], Step], Mapping[str, Any]]
"""A vendor's options after one more step, in its own words."""


@dataclass(frozen=True)
class Cut:
    """What a new task is to use: the vendor's options, what is kept of its results, and its target."""

    options: Mapping[str, Any]
    keep: str
    target: str


def cut(plan: Mapping[str, Any], options: Mapping[str, Any], level: int, thrift: Thrift) -> Cut:
    """The plan at ``level``: every step up to it, one after the other. Levels with equal cuts need no new task."""
    keep, target = str(plan["keep"]), str(plan["target"])
    for _, step in list(ladder(plan))[:level]:
        options = thrift(options, step)
        keep = "hits" if step == "hits_only" else keep
        target = "room_mixed" if step == "mixed" and target == "room_split" else target
    return Cut(options, keep, target)
