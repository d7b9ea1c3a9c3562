"""What one room's own tries say of a vendor."""

from typing import Any

import pytest
from earshot.domain.standing import Standing, may_again_at, standing
from earshot.domain.watch import Task, TaskState

from tests.unit.support import makers
from tests.unit.support.makers import START

S = 1_000
NOW = START + 1_000 * S
WELL = Standing()


def tried(ago_s: float, vendor: str = "shumei", **more: Any) -> Task:
    """A submission so many seconds ago, that was not accepted."""
    at = NOW - round(ago_s * S)
    fields: dict[str, Any] = {"state": TaskState.REFUSED, "vendor_task_id": None, "accepted_at": None}
    return makers.task(1, vendor=vendor, submitted_at=at, **{**fields, **more})


def heard(ago_s: float, lived_s: float | None = None, **more: Any) -> Task:
    """One that was accepted so many seconds ago, and ended by the vendor after ``lived_s``."""
    at = NOW - round(ago_s * S)
    ended_at = None if lived_s is None else at + round(lived_s * S)
    return tried(ago_s, state=TaskState.RUNNING, **{"accepted_at": at, "ended_at": ended_at, **more})


def of(*tasks: Task, vendor: str = "shumei") -> Standing:
    return standing(makers.watch(), vendor, tasks, NOW)


def test_one_that_was_never_tried_is_well() -> None:
    assert of() == of(tried(1, "yidun"), tried(1, "yidun")) == WELL


def test_two_failures_in_a_row_are_failing_and_one_is_not() -> None:
    assert not of(tried(5)).is_failing
    here = of(tried(5), tried(2))
    assert (here.is_failing, here.is_refusing, here.failed_at) == (True, False, NOW - 2 * S)


@pytest.mark.parametrize("state", [TaskState.REFUSED, TaskState.UNKNOWN, TaskState.SUBMITTING])
def test_an_outcome_that_nobody_knows_is_a_failure_too(state: TaskState) -> None:
    assert of(tried(5, state=state), tried(2, state=state)).is_failing


def test_that_it_listens_already_is_none() -> None:
    assert of(*(tried(ago, state=TaskState.DUPLICATE) for ago in (9, 5, 2))) == WELL


def test_another_vendors_tries_do_not_interrupt_the_row() -> None:
    assert of(tried(9), tried(5, "yidun"), tried(2)).is_failing


def test_an_acceptance_that_lasts_ends_the_row() -> None:
    assert of(tried(900), tried(800), heard(700)) == WELL
    assert not of(tried(400), heard(300, lived_s=100), tried(2)).is_failing


def test_one_that_is_ended_at_once_is_a_failure() -> None:
    assert of(heard(300, lived_s=59.9), heard(100, lived_s=1)).is_failing
    assert of(tried(300), heard(100, lived_s=1)).failed_at == NOW - 99 * S
    assert of(heard(300, lived_s=60), heard(100, lived_s=60)) == WELL


def test_one_that_we_ended_ourselves_is_not() -> None:
    ours = [heard(ago, lived_s=5, finished_at=NOW - (ago - 4) * S) for ago in (300, 100)]
    assert of(*ours) == WELL
    theirs = [heard(ago, lived_s=5, finished_at=NOW - (ago - 6) * S) for ago in (300, 100)]
    assert of(*theirs).is_failing, "it is finished all the same"


def test_after_ten_minutes_all_is_forgotten() -> None:
    assert of(tried(601), tried(600)) == WELL
    assert not of(tried(600), tried(599.9)).is_failing, "one is left"
    assert of(tried(599), tried(598)).is_failing
    assert of(tried(600, permanent=True)) == WELL


def test_a_refusal_for_good_is_enough_until_ten_minutes_are_over() -> None:
    here = of(tried(500, permanent=True), tried(5))
    assert (here.is_refusing, may_again_at(here)) == (True, NOW + 100 * S)


def test_an_acceptance_makes_up_for_a_refusal() -> None:
    assert of(tried(500, permanent=True), heard(400)) == WELL


def test_one_that_is_never_heard_of_is_a_failure_and_the_second_is_enough() -> None:
    lost = heard(200, silent_s=60, lost_at=NOW - 200 * S)
    assert of(heard(61, silent_s=60)).failures == of(lost).failures == 1
    assert of(lost, heard(61, silent_s=60)).is_failing
    assert not of(lost, heard(59, silent_s=60)).is_failing, "it has time left"
    assert not of(lost, heard(200)).is_failing, "it gives no signs"
    assert not of(lost, heard(200, silent_s=60, finished_at=NOW)).is_failing, "we have ended it"


def test_one_that_fell_silent_after_it_was_well_is_not_held_against_the_vendor() -> None:
    """Its vendor is asked about it first."""
    assert of(tried(900), tried(800), heard(700, silent_s=60, heard_at=NOW - 100 * S)) == WELL
    assert of(tried(900), heard(700, silent_s=60, lost_at=NOW - 100 * S)) == WELL


def test_one_that_made_room_for_its_successor_was_well() -> None:
    assert of(tried(900), heard(700, lost_at=NOW)) == WELL
