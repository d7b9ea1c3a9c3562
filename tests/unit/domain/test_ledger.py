"""What was heard, counted."""

from typing import Any

import pytest
from earshot.contract.moderation_events import Ledger
from earshot.domain.ledger import Difference, differences, fold, settle
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
    assert ledger["calls"] == {"mint": 1, "unclaimed": 0, "submit": 1, "finish": 0}
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


def test_a_task_that_was_given_up_is_believed_until_then() -> None:
    ledger = settled(heard(1, 0, lost_at=30, finished_at=90), heard(2, 50))
    assert (ledger["audited_s"], ledger["unmoderated_s"]) == (80.0, 20.0)
    assert [entry["audited_s"] for entry in ledger["tasks"]] == [30.0, 50.0]
    assert ledger["tasks"][0]["ended_at"] == "2026-11-21T02:00:30.000Z"


@pytest.mark.parametrize(("first_sign", "gap"), [(None, 60.0), (25, 25.0), (90, 60.0)])
def test_an_ear_that_may_be_deaf_at_first_hears_from_its_first_sign(
    first_sign: float | None, gap: float
) -> None:
    signs = {} if first_sign is None else {"first_heard_at": first_sign}
    ledger = settled(heard(1, 0, hears_from=at(60), **signs))
    assert (ledger["audited_s"], ledger["unmoderated_s"]) == (100.0 - gap, gap)


def test_a_try_that_was_lost_was_as_deaf_as_its_adoption() -> None:
    lost = task(1, state=TaskState.UNKNOWN, vendor_task_id="same", accepted_at=None)
    ledger = settled(lost, heard(2, 10, vendor_task_id="same", adopted=True, hears_from=at(60)))
    assert (ledger["audited_s"], ledger["unmoderated_s"]) == (40.0, 60.0)


def test_what_another_ear_heard_already_is_double() -> None:
    ledger = settled(heard(1, 0, ended_at=60), heard(2, 40, ended_at=80), heard(3, 50, vendor="yidun"))
    assert (ledger["audited_s"], ledger["double_heard_s"]) == (100.0, 50.0)
    assert ledger["by_vendor"] == {
        "shumei": {"heard_s": 100.0, "vendor_s": None},
        "yidun": {"heard_s": 50.0, "vendor_s": None},
    }


def test_two_vendors_may_give_the_same_id() -> None:
    mine = heard(1, 0, vendor_task_id="7", vendor_seconds=100.0)
    ledger = settled(mine, heard(2, 50, vendor="yidun", vendor_task_id="7", vendor_seconds=50.0))
    assert ledger["vendor_s"] == 150.0
    assert [entry["vendor"] for entry in ledger["tasks"]] == ["shumei", "yidun"]


def test_gaps_are_counted_but_not_moments() -> None:
    ears = heard(1, 5, ended_at=20), heard(2, 20.5, ended_at=50), heard(3, 80, ended_at=99.5)
    ledger = settled(*ears)
    assert (ledger["gaps"], ledger["longest_gap_s"], ledger["unmoderated_s"]) == (2, 30.0, 36.0)
    assert settled(heard(1, 0))["gaps"] == 0


@pytest.mark.parametrize(
    "state", [TaskState.REFUSED, TaskState.DUPLICATE, TaskState.UNKNOWN, TaskState.SUBMITTING]
)
def test_a_submission_that_opened_no_ear_was_a_retry(state: TaskState) -> None:
    failed = task(1, state=state, vendor_task_id=None, accepted_at=None)
    assert settled(failed, heard(2, 0))["retries"] == 1
    assert settled(heard(1, 0), heard(2, 50))["retries"] == 0


def test_a_lost_answer_and_its_adoption_are_one_retry() -> None:
    lost = task(1, state=TaskState.UNKNOWN, vendor_task_id="same", accepted_at=None)
    assert settled(lost, heard(2, 10, vendor_task_id="same", adopted=True))["retries"] == 1


# --- by the vendor's clock


def whole(_vendor: str, _level: int) -> float:
    return 1.0


@pytest.mark.parametrize(
    ("ours", "theirs", "differs"),
    [
        (100, 109.9, False),  # a segment
        (100, 110.1, True),
        (100, 89.9, True),
        (3_600, 3_636.0, False),  # one in a hundred
        (3_600, 3_636.1, True),
        (3_600, 3_563.9, True),
        (3_600, None, False),
        (0, 10.1, True),
    ],
)
def test_what_the_vendor_counts_otherwise(ours: float, theirs: float | None, differs: bool) -> None:
    one = heard(1, 0, ended_at=ours, vendor_seconds=theirs)
    found = differences(settled(one, closed=3_600), whole)
    assert found == ([Difference("shumei", one.task_ref, "task-1", ours, theirs or 0)] if differs else [])


def test_a_vendor_that_was_asked_for_half_counts_half() -> None:
    ledger = settled(heard(1, 0, ended_at=3_000, vendor_seconds=1_500.0, level=2), closed=3_000)
    assert differences(ledger, lambda _vendor, level: 0.5 if level == 2 else 1.0) == []
    assert differences(ledger, whole)


def test_a_ledger_of_before_has_no_differences() -> None:
    entry = {"task_ref": "r", "task_id": "t", "audited_s": 1.0, "vendor_s": 99.0}
    assert differences({"tasks": [entry]}, whole) == []


# --- of a session


def test_the_ledgers_of_a_session_are_one() -> None:
    first = settled(heard(1, 0, ended_at=40, vendor_seconds=41.0), credentials=2)
    second = settled(heard(2, 10, vendor="yidun"), credentials=1)
    both = fold([first, second])
    assert (both["watches"], both["open_s"], both["audited_s"]) == (2, 200.0, 130.0)
    assert (both["unmoderated_s"], both["gaps"], both["longest_gap_s"]) == (70.0, 2, 60.0)
    assert both["calls"] == {"mint": 3, "unclaimed": 0, "submit": 2, "finish": 0}
    assert (both["vendor_s"], len(both["tasks"])) == (41.0, 2)
    assert set(both["by_vendor"]) == {"shumei", "yidun"}


def test_a_session_without_watches_has_an_empty_ledger() -> None:
    assert (fold([])["open_s"], fold([])["vendor_s"], fold([])["tasks"]) == (0, None, [])


times = st.integers(0, 120)
tasks_of_any_kind = st.lists(
    st.tuples(
        times, st.none() | times, st.none() | times, st.none() | times, st.sampled_from(["shumei", "yidun"])
    ),
    max_size=5,
)


@given(tasks_of_any_kind)
def test_it_adds_up(given_tasks: list[tuple[int, int | None, int | None, int | None, str]]) -> None:
    tasks = [
        heard(number, start, vendor=vendor, **{k: v for k, v in ends.items() if v is not None})
        for number, (start, ended, finished, lost, vendor) in enumerate(given_tasks, start=1)
        for ends in [{"ended_at": ended, "finished_at": finished, "lost_at": lost}]
    ]
    ledger = settled(*tasks)
    by_second = [0] * 100
    for start, ended, finished, lost, _ in given_tasks:
        for second in range(
            start, min(100, *(end for end in (ended, finished, lost) if end is not None), 100)
        ):
            by_second[second] += 1
    assert ledger["audited_s"] == sum(heard_by > 0 for heard_by in by_second)
    assert ledger["double_heard_s"] == sum(max(0, heard_by - 1) for heard_by in by_second)
    assert ledger["audited_s"] + ledger["unmoderated_s"] == ledger["open_s"]
