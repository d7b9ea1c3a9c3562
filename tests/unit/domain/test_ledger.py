"""What was heard, counted."""

from itertools import pairwise
from typing import Any

import pytest
from earshot.contract.moderation_events import Ledger
from earshot.domain.ledger import Span, clip, settle, union
from earshot.domain.watch import Task, TaskState
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.support.makers import START, task, watch


def at(seconds: float) -> int:
    return START + round(seconds * 1000)


def heard(number: int, start: float, **fields: Any) -> Task:
    times = {name: at(value) for name, value in fields.items() if name.endswith("_at")}
    return task(number, **{**fields, **times, "accepted_at": at(start)})


def settled(*tasks: Task, closed: float = 100, **fields: Any) -> dict[str, Any]:
    ledger = settle(watch(**fields), tasks, at(closed))
    Ledger.model_validate(ledger)  # what the bus tells is what was settled
    return ledger


def test_one_task_from_acceptance_to_close() -> None:
    ledger = settled(heard(1, 5), credentials=1)
    assert (ledger["open_s"], ledger["audited_s"], ledger["unmoderated_s"]) == (100.0, 95.0, 5.0)
    assert ledger["calls"] == {"mint": 1, "submit": 1, "finish": 0}
    assert ledger["unfinished"] == [task().task_ref]


def test_no_task_at_all() -> None:
    ledger = settled(credentials=2)
    assert (ledger["audited_s"], ledger["unmoderated_s"], ledger["vendor_s"]) == (0.0, 100.0, None)
    assert ledger["calls"]["mint"] == 2


def test_overlapping_tasks_are_heard_once() -> None:
    first = heard(1, 0, ended_at=60, finished_at=70)
    ledger = settled(first, heard(2, 40, finished_at=101, finish_calls=3))
    assert (ledger["audited_s"], ledger["unmoderated_s"]) == (100.0, 0.0)
    assert [entry["audited_s"] for entry in ledger["tasks"]] == [60.0, 60.0]
    assert ledger["calls"]["finish"] == 3


def test_a_gap_is_unmoderated() -> None:
    ledger = settled(heard(1, 0, ended_at=20, end_code=3005), heard(2, 50))
    assert (ledger["audited_s"], ledger["unmoderated_s"]) == (70.0, 30.0)
    assert ledger["tasks"][0]["end_code"] == 3005


def test_an_adopted_task_is_billed_once_and_listed_once() -> None:
    """It listened since the submission whose answer was lost."""
    lost = task(1, state=TaskState.UNKNOWN, vendor_task_id="same", accepted_at=None, vendor_seconds=90.0)
    ledger = settled(lost, heard(2, 10, vendor_task_id="same", adopted=True, vendor_seconds=90.0))
    assert (ledger["vendor_s"], ledger["audited_s"]) == (90.0, 100.0)
    (entry,) = ledger["tasks"]
    assert (entry["task_id"], entry["audited_s"], entry["vendor_s"]) == ("same", 100.0, 90.0)


def test_a_task_whose_answer_was_lost_listened_all_the_same() -> None:
    lost = task(1, state=TaskState.UNKNOWN, submitted_at=at(20), accepted_at=None, ended_at=at(80))
    assert settled(lost)["audited_s"] == 60.0
    unheard = task(1, state=TaskState.UNKNOWN, vendor_task_id=None, submitted_at=at(20), accepted_at=None)
    assert settled(unheard)["audited_s"] == 0.0, "nobody ever said that it listened"


def test_different_tasks_are_billed_each() -> None:
    first = heard(1, 0, ended_at=30, vendor_seconds=30.5)
    assert settled(first, heard(2, 40, vendor_seconds=59.26))["vendor_s"] == 89.8


def test_a_refused_submission_counts_as_a_call_only() -> None:
    ledger = settled(task(1, state=TaskState.REFUSED, vendor_task_id=None, accepted_at=None))
    assert ledger["calls"]["submit"] == 1
    assert (ledger["tasks"], ledger["unresolved"], ledger["unfinished"]) == ([], [], [])


@pytest.mark.parametrize("state", [TaskState.UNKNOWN, TaskState.SUBMITTING])
def test_a_task_whose_id_nobody_told_is_unresolved(state: TaskState) -> None:
    unknown = task(1, state=state, vendor_task_id=None, accepted_at=None)
    assert settled(unknown)["unresolved"] == [unknown.task_ref]


def test_a_finished_task_is_not_unfinished() -> None:
    ledger = settled(heard(1, 0, finished_at=101))
    assert ledger["unfinished"] == []
    assert ledger["tasks"][0]["finished"] is True


def test_hearing_before_the_opening_or_after_the_close_is_not_counted() -> None:
    ledger = settled(heard(1, -30, finished_at=500))
    assert ledger["audited_s"] == 100.0


def test_a_room_that_closed_before_it_opened_was_open_for_no_time() -> None:
    ledger = settled(heard(1, 0), closed=-5)
    assert (ledger["open_s"], ledger["audited_s"], ledger["unmoderated_s"]) == (0.0, 0.0, 0.0)


spans = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda s: (min(s), max(s))), max_size=8
)


@given(spans)
def test_joined_spans_cover_the_same_moments(given_spans: list[Span]) -> None:
    joined = union(given_spans)
    moments = {moment for start, end in given_spans for moment in range(start, end)}
    assert {moment for start, end in joined for moment in range(start, end)} == moments
    assert all(before[1] < after[0] for before, after in pairwise(joined))


@given(spans, st.integers(0, 60), st.integers(0, 60))
def test_clipped_spans_stay_inside(given_spans: list[Span], start: int, length: int) -> None:
    inside = clip(given_spans, (start, start + length))
    assert all(start <= a < b <= start + length for a, b in inside)
