"""What is added to the totals of days: in any number of steps the same as in one, and what the ledger says."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import pytest
from earshot.domain.books import MEASURES, OPEN_DAYS, Total, day_of, page
from earshot.domain.ledger import settle
from earshot.domain.spans import DAY_MS
from earshot.domain.watch import Task, TaskState, Watch
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.support.makers import START, task, watch

HOUR = 3_600_000
MIDNIGHT = (START // DAY_MS + 1) * DAY_MS
TODAY, TOMORROW = "2026-11-21", "2026-11-22"

Sums = dict[tuple[str, str], dict[str, float]]


def kept(here: Watch, tasks: Sequence[Task], now: int) -> tuple[Watch, tuple[Total, ...]]:
    """One entry in the books."""
    entry = page(here, tasks, now)
    return replace(here, accrued_until=entry.until, booked=entry.booked), entry.totals


def added(*entries: Sequence[Total]) -> Sums:
    sums: Sums = defaultdict(dict)
    for total in (total for entry in entries for total in entry):
        mine = sums[total.day, total.vendor]
        for name in MEASURES:
            mine[name] = round(mine.get(name, 0) + getattr(total, name), 3)
    return dict(sums)


def test_an_hour_of_a_room() -> None:
    ear = task(1, accepted_at=START + 60_000)
    _, (total,) = kept(watch(), [ear], START + HOUR)
    assert total == Total(TODAY, "shumei", "1234567890", "default", 3_540.0, 60.0, 0.0, 0.0, 1, 1)
    assert total.heard_s == 3_540.0


def test_what_was_added_is_not_added_again() -> None:
    here, _ = kept(watch(), [task()], START + HOUR)
    _, second = kept(here, [task()], START + 2 * HOUR)
    assert second == (Total(TODAY, "shumei", "1234567890", "default", audited_s=3_600.0),)
    _, nothing = kept(replace(here, closed_at=START + HOUR), [task()], START + 2 * HOUR)
    assert nothing == ()


def test_a_span_over_midnight_is_split() -> None:
    room = watch(opened_at=MIDNIGHT - HOUR)
    _, totals = kept(room, [task(accepted_at=MIDNIGHT - HOUR)], MIDNIGHT + HOUR // 2)
    assert [(one.day, one.audited_s) for one in totals] == [(TODAY, 3_600.0), (TOMORROW, 1_800.0)]


def test_each_vendor_has_what_it_heard_and_the_first_what_nobody_did() -> None:
    first = task(1, ended_at=START + 20_000)
    second = task(2, vendor="yidun", accepted_at=START + 10_000, finished_at=START + 50_000)
    _, totals = kept(watch(), [first, second], START + 60_000)
    by_vendor = {one.vendor: (one.audited_s, one.double_heard_s, one.unmoderated_s) for one in totals}
    assert by_vendor == {"shumei": (20.0, 0.0, 10.0), "yidun": (30.0, 10.0, 0.0)}


def test_a_task_that_was_dead_all_along_is_taken_back() -> None:
    here, _ = kept(watch(), [task()], START + HOUR)
    dead = task(lost_at=START + 600_000)
    _, (total,) = kept(here, [dead], START + HOUR + 60_000)
    assert (total.audited_s, total.unmoderated_s) == (-3_000.0, 3_060.0)


def test_what_a_vendor_tells_after_the_end_is_added_on_that_day() -> None:
    closed = watch(closed_at=START + HOUR)
    here, _ = kept(closed, [task()], START + HOUR + 5_000)
    _, (late,) = kept(here, [task(vendor_seconds=3_601.5, finish_calls=2)], MIDNIGHT + 5)
    assert (late.day, late.vendor_s, late.calls, late.audited_s) == (TOMORROW, 3_601.5, 2, 0.0)


def test_an_adopted_task_is_billed_once() -> None:
    lost = task(1, state=TaskState.UNKNOWN, vendor_task_id="same", accepted_at=None, vendor_seconds=90.0)
    adopted = task(2, vendor_task_id="same", adopted=True, vendor_seconds=90.0)
    _, (total,) = kept(watch(), [lost, adopted], START + 60_000)
    assert (total.vendor_s, total.calls, total.double_heard_s) == (90.0, 2, 0.0)


def test_the_mark_moves_on_whatever_the_clock_says() -> None:
    here, _ = kept(watch(), [task()], START + HOUR)
    assert page(here, [task()], START + HOUR - 5_000).until == START + HOUR + 1


def test_an_outage_of_months_is_made_up_for_a_page_at_a_time() -> None:
    here, ear, end = watch(), task(), START + 70 * DAY_MS
    pages = []
    while (here.accrued_until or 0) < end:
        here, totals = kept(here, [ear], end)
        assert len(totals) <= 30, "a transaction holds a hundred"
        pages.append(totals)
    sums = added(*pages)
    assert (len(pages), len(sums)) == (4, 71)
    assert sum(day["audited_s"] for day in sums.values()) == 70 * 86_400


def test_a_mark_holds_a_few_days_however_long_a_room_lasts() -> None:
    here, ear = watch(), task()
    for hour in range(1, 24 * 9):
        here, _ = kept(here, [ear], START + hour * HOUR)
    assert here.booked
    assert len(here.booked["days"]) == OPEN_DAYS + 1


def test_days_are_of_utc() -> None:
    assert (day_of(MIDNIGHT - 1), day_of(MIDNIGHT)) == (TODAY, TOMORROW)


# --- in any number of steps


moment = st.integers(0, 30 * 3_600)
ear = st.tuples(
    moment, moment, moment, st.sampled_from(["ended_at", "finished_at", "lost_at"]), st.booleans()
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ear, max_size=4), st.lists(moment, min_size=1, max_size=6), moment)
def test_however_often_it_is_kept_the_totals_are_what_the_ledger_says(
    ears: list[tuple[int, int, int, str, bool]], looks: list[int], closed: int
) -> None:
    """Facts come to light late: an end is known some time after it happened."""

    def known(at: int) -> list[Task]:
        tasks = []
        for number, (start, lasts, late, end, is_other) in enumerate(ears, start=1):
            accepted, over = START + start * 1000, START + (start + lasts) * 1000
            if accepted <= at:
                fields = {end: over} if over + late <= at else {}
                vendor = "yidun" if is_other else "shumei"
                tasks.append(
                    task(number, vendor=vendor, submitted_at=accepted, accepted_at=accepted, **fields)
                )
        return tasks

    closed_at = START + closed * 1000
    room, entries = watch(), []
    for look in sorted(START + 1 + look * 1000 for look in looks):
        if look < closed_at:
            room, totals = kept(room, known(look), look)
            entries.append(totals)
    room, totals = kept(replace(room, closed_at=closed_at), known(MIDNIGHT * 2), MIDNIGHT + 2 * DAY_MS)
    ledger = settle(room, known(MIDNIGHT * 2), closed_at)
    sums = added(*entries, totals).values()
    for name in ("audited_s", "unmoderated_s", "double_heard_s"):
        assert round(sum(day[name] for day in sums), 3) == pytest.approx(ledger[name]), name
    assert sum(day["calls"] for day in sums) == len(ears)
    assert sum(day["watches"] for day in sums) == 1
