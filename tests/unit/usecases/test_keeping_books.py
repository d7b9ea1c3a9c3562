"""Totals of days: added once, however often and by however many it is tried."""

from dataclasses import replace
from typing import Any

import pytest
from earshot.domain.books import Page, Total
from earshot.domain.watch import Watch
from earshot.errors import RetryLater
from earshot.store.memory import MemoryStore
from earshot.usecases.keep_books import FRESH_MS, TRIES, KeepBooks, session_ledger

from tests.unit.support.fakes import Clock
from tests.unit.support.makers import SESSION, START, WATCH_ID, task, watch
from tests.unit.support.notes import Notes

HOUR = 3_600_000
DAY = "2026-11-21"


class Table(MemoryStore):
    """A table whose totals are busy so many times, or where somebody else books first so many times."""

    def __init__(self, busy: int = 0, others: int = 0) -> None:
        super().__init__()
        self.busy, self.others, self.booked = busy, others, 0
        self.add_watch(watch(closed_at=None))
        self._tasks[task().task_ref] = task()

    def book(self, watch: Watch, page: Page, now: int) -> bool:
        if self.busy:
            self.busy -= 1
            raise RetryLater("table_busy")
        if self.others:
            self.others -= 1
            super().book(watch, replace(page, until=page.until - 1), now)
        self.booked += 1
        return super().book(watch, page, now)

    @property
    def heard_s(self) -> float:
        return sum(total.audited_s for total in self.totals(DAY))


def keep(table: Table, at: int) -> bool:
    books = KeepBooks(table, Clock(at))
    return books(table.watch(WATCH_ID), table.tasks(WATCH_ID))


def settle(table: Table, at: int) -> None:
    KeepBooks(table, Clock(at)).settle(WATCH_ID)


def close(table: Table, at: int) -> None:
    table._watches[WATCH_ID] = replace(table.watch(WATCH_ID), closed_at=at)


def test_looks_in_quick_succession_write_nothing() -> None:
    table = Table()
    assert keep(table, START + FRESH_MS - 1) is False
    assert keep(table, START + FRESH_MS) is True
    assert keep(table, START + 2 * FRESH_MS - 1) is False
    assert keep(table, START + 2 * FRESH_MS) is True
    assert (table.booked, table.heard_s) == (2, 1_800.0)


def test_a_look_that_meets_busy_totals_is_made_up_for(notes: Notes) -> None:
    table = Table(busy=1)
    assert keep(table, START + HOUR) is False
    assert (table.heard_s, notes.codes) == (0, ["ES804"])
    assert keep(table, START + HOUR + 1) is True
    assert table.heard_s == 3_600.001


def test_the_end_is_booked_however_young_and_once() -> None:
    table = Table()
    close(table, START + 90_000)
    for _ in range(3):
        settle(table, START + 95_000)
    assert table.totals(DAY) == [Total(DAY, "shumei", "1234567890", "default", 90.0, calls=1, watches=1)]
    assert table.booked == 1


def test_at_the_end_busy_totals_and_others_are_tried_again() -> None:
    for table in (Table(busy=TRIES - 1), Table(others=2)):
        close(table, START + 90_000)
        settle(table, START + 95_000)
        assert table.heard_s == 90.0


def test_totals_that_stay_busy_are_for_the_machine_to_try_again() -> None:
    table = Table(busy=TRIES)
    close(table, START + 90_000)
    with pytest.raises(RetryLater, match="table_busy"):
        settle(table, START + 95_000)
    settle(table, START + 95_000)
    assert table.heard_s == 90.0


def test_an_end_after_a_long_outage_is_booked_in_pages() -> None:
    table, days = Table(), 45
    end = START + days * 24 * HOUR
    close(table, end)
    settle(table, end)
    assert table.booked == 3
    assert sum(total.audited_s for total in table._totals.values()) == days * 86_400


def test_what_the_vendor_tells_late_is_booked_at_the_next_close() -> None:
    table = Table()
    close(table, START + 90_000)
    settle(table, START + 95_000)
    table.end_task(task().task_ref, START + 99_000, None, 91.5)
    settle(table, START + 200_000)
    settle(table, START + 300_000)
    (total,) = table.totals(DAY)
    assert (total.vendor_s, total.audited_s) == (91.5, 90.0)


def test_the_ledger_of_a_session_is_that_of_its_watches_as_far_as_they_are() -> None:
    table = Table()
    shadow: dict[str, Any] = {"open_s": 5.0, "audited_s": 5.0, "unmoderated_s": 0.0, "vendor_s": None}
    shadow |= {
        "calls": {"mint": 1, "submit": 1, "finish": 1, "unclaimed": 0},
        "unfinished": [],
        "unresolved": [],
        "tasks": [],
    }
    table.add_watch(watch(watch_id=f"{SESSION}-shadow", ledger=shadow))
    ledger = session_ledger(table, SESSION, START + 60_000)
    assert (ledger["session_id"], ledger["watches"]) == (SESSION, 2)
    assert (ledger["open_s"], ledger["audited_s"], len(ledger["tasks"])) == (65.0, 65.0, 1)
