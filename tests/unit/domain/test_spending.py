"""Caps, and what is done on the way to them."""

from typing import Any

import pytest
from earshot.domain.books import Total, page
from earshot.domain.spans import DAY_MS
from earshot.domain.spending import (
    LADDER,
    NO_LIMITS,
    DayLimits,
    Spending,
    Spent,
    cut,
    is_capped,
    is_shared,
    level,
    next_crossing_s,
    spending,
)
from earshot.domain.watch import Task, Watch

from tests.unit.support.makers import START, plan, task, watch

HOUR = 3_600_000
TODAY = "2026-11-21"
DAY_START = START // DAY_MS * DAY_MS
APP = DayLimits({}, {"1234567890": 10.0})
VENDOR = DayLimits({"shumei": 10.0}, {})


def capped(hours: float = 10.0, **fields: Any) -> Watch:
    return watch(plan=plan(caps={"room_hours": hours}, **fields), current_task=task().task_ref)


def looked(
    here: Watch, now: float, *tasks: Task, totals: float = 0, limits: DayLimits = NO_LIMITS
) -> Spending:
    """So many hours after the start; ``totals``: hours of others today."""
    there = [Total(TODAY, "shumei", "1234567890", "default", audited_s=totals * 3600)] if totals else []
    return spending(here, tasks or (task(),), there, limits, START + round(now * HOUR))


# the ladder


@pytest.mark.parametrize(
    ("part", "reached"), [(0, 0), (0.79, 0), (0.8, 1), (0.9, 2), (0.949, 2), (0.95, 3), (1.0, 4), (7.5, 4)]
)
def test_steps_apply_from_their_part_on(part: float, reached: int) -> None:
    assert level(LADDER, part) == reached


@pytest.mark.parametrize(
    ("hours", "step"), [(7.9, None), (8, "hits_only"), (9, "longer_step"), (9.5, "mixed"), (10, "stop")]
)
def test_a_room_goes_down_its_ladder(hours: float, step: str | None) -> None:
    found = looked(capped(), hours)
    assert (found.step, found.stops) == (step, step == "stop")
    assert found.reason == (None if step is None else "spend_cap_room")
    if step is None:
        assert found.why is None
    else:
        assert found.why == {"cap": "room", "step": step, "limit_hours": 10.0, "spent_hours": hours}


def test_a_room_without_caps_is_not_counted() -> None:
    assert looked(watch(), 1_000) == Spending()
    assert not is_capped(watch(), NO_LIMITS)
    assert not is_capped(watch(), DayLimits({"yidun": 1.0}, {"another": 1.0}))


def test_who_is_capped() -> None:
    assert is_capped(capped(), NO_LIMITS)
    assert not is_shared(capped(), NO_LIMITS)
    assert is_shared(watch(), APP)
    assert is_shared(watch(), VENDOR)
    assert is_shared(watch(plan={**plan(), "order": ["shumei", "yidun"]}), DayLimits({"yidun": 1.0}, {}))


def test_a_plan_of_before_has_the_usual_ladder() -> None:
    old = {name: value for name, value in capped().plan.items() if name != "degrade"}
    assert looked(watch(plan=old), 8).step == "hits_only"


def test_a_plan_has_its_own_ladder() -> None:
    own = capped(degrade=[{"at": 0.5, "do": "mixed"}])
    assert [looked(own, hours).step for hours in (4.9, 5, 500)] == [None, "mixed", "mixed"]


def test_every_ear_of_a_room_costs() -> None:
    both = task(1), task(2, vendor="yidun")
    assert looked(capped(), 4, *both).step == "hits_only"


def test_the_cap_that_is_used_most_decides() -> None:
    found = looked(capped(100.0), 1, totals=8, limits=DayLimits({"shumei": 12.0}, {"1234567890": 10.0}))
    assert (found.reason, found.step) == ("spend_cap_app", "longer_step")
    found = looked(capped(100.0), 1, totals=8, limits=DayLimits({"shumei": 9.0}, {"1234567890": 10.0}))
    assert (found.reason, found.step) == ("spend_cap_vendor", "stop")


def test_of_vendors_the_one_that_listens_counts() -> None:
    ear = task(vendor="yidun")
    here = watch(current_task=ear.task_ref)
    assert looked(here, 11, ear, limits=VENDOR).step is None
    assert looked(here, 11, ear, limits=DayLimits({"yidun": 10.0}, {})).step == "stop"


def test_a_days_cap_counts_the_day_alone() -> None:
    here = watch(opened_at=DAY_START - 20 * HOUR, current_task=task().task_ref)
    ear = task(accepted_at=DAY_START - 20 * HOUR)
    found = spending(here, [ear], [], APP, DAY_START + 2 * HOUR)
    assert found.spent
    assert found.spent.spent_hours == 2.0


def test_what_of_the_room_is_in_the_totals_is_not_counted_again() -> None:
    entry = page(watch(), [task()], START + 2 * HOUR)
    here = watch(current_task=task().task_ref, accrued_until=entry.until, booked=entry.booked)
    found = spending(here, [task()], entry.totals, APP, START + 3 * HOUR)
    assert found.spent
    assert found.spent.spent_hours == pytest.approx(3.0)


def test_totals_of_other_apps_and_days_are_none_of_its_business() -> None:
    strangers = [
        Total(TODAY, "shumei", "another", "default", audited_s=9 * 3600),
        Total("2026-11-20", "shumei", "1234567890", "default", audited_s=9 * 3600),
    ]
    assert spending(watch(), [task()], strangers, APP, START + HOUR).step is None


# back from it


def spent_before(at: int) -> Watch:
    return watch(level=2, spend={"cap": "app", "at": at}, current_task=task().task_ref)


def test_within_a_day_nothing_is_given_back() -> None:
    """The totals that were read may lack what was added to them last."""
    assert looked(spent_before(START), 1, totals=5, limits=APP).level == 2


def test_another_day_begins_with_nothing_cut() -> None:
    here = spent_before(START - DAY_MS)
    found = looked(here, 1, totals=5, limits=APP)
    assert (found.level, found.step, found.why) == (0, None, None)


def test_a_limit_that_is_lifted_gives_back_another_day() -> None:
    assert looked(spent_before(START - DAY_MS), 1) == Spending()


# when to look again


def room(hours: float, pace: float = 1) -> Spent:
    return Spent("room", 10.0, hours, pace)


def test_a_room_looks_when_the_next_step_is_due() -> None:
    assert next_crossing_s(LADDER, room(7.0)) == 3_601
    assert next_crossing_s(LADDER, room(7.0, pace=2)) == 1_801
    assert next_crossing_s(LADDER, room(8.0)) == 3_601
    assert next_crossing_s(LADDER, room(10.0)) is None


def test_at_that_look_the_step_is_reached() -> None:
    now = 0.0
    for step in ("hits_only", "longer_step", "mixed", "stop"):
        found = looked(capped(), now)
        assert found.look_s
        now += found.look_s / 3_600
        assert looked(capped(), now).step == step


@pytest.mark.parametrize(("pace", "look_s"), [(1.0, 3_600), (2.0, 1_800), (10.0, 360), (1_000.0, 60)])
def test_a_shared_cap_is_looked_at_early_for_others_spend_too(pace: float, look_s: int) -> None:
    assert next_crossing_s(LADDER, Spent("vendor", 10.0, 6.0, pace)) == look_s


def test_what_a_day_cut_is_looked_at_when_the_day_is_over() -> None:
    found = looked(
        watch(current_task=task().task_ref), 21.9, totals=0, limits=DayLimits({"shumei": 24.0}, {})
    )
    assert found.step == "longer_step"
    assert found.look_s == 361, "the last of the day"


# what a new task uses


def thrift(options: Any, step: str) -> dict[str, Any]:
    return {**options, step: True}


def test_a_cut_is_every_step_up_to_its_level() -> None:
    whole = plan(target="room_split")
    cuts = [cut(whole, {}, number, thrift) for number in range(4)]
    assert [(one.keep, one.target) for one in cuts] == [
        ("all", "room_split"),
        ("hits", "room_split"),
        ("hits", "room_split"),
        ("hits", "room_mixed"),
    ]
    assert [sorted(one.options) for one in cuts] == [
        [],
        ["hits_only"],
        ["hits_only", "longer_step"],
        ["hits_only", "longer_step", "mixed"],
    ]


def test_what_saves_nothing_changes_nothing() -> None:
    cheap = plan(target="stream", keep="hits")
    assert cut(cheap, {"a": 1}, 3, lambda options, _: options) == cut(cheap, {"a": 1}, 0, thrift)
