"""Finished tasks: one that listens on is found and stopped, and what no push brought is fetched, once."""

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from earshot.domain.watch import TaskState
from earshot.errors import BadInput, EarshotError, GiveUp, Misconfigured, OutcomeUnknown, RetryLater
from earshot.usecases.read_segment import ReadSegment
from earshot.usecases.reconcile_tasks import first_check
from earshot.vendors import registry
from earshot.vendors.port import Accepted

from tests.unit.support.makers import START
from tests.unit.support.notes import Notes
from tests.unit.support.office import CLOSED, FOUND, LATE, MINUTE, SOON, Auditor, Office, pushed, sentence
from tests.unit.yidun.yidun_results import REVIEW, encode

# --- which, and when


def test_only_finished_tasks_of_vendors_that_can_be_asked_are_due() -> None:
    assert first_check("yidun", START) == START + SOON
    assert [first_check(vendor, START) for vendor in ("shumei", "nobody", "")] == [None] * 3
    office = Office()
    watch, _ = office.heard()
    assert office.look(START + 3 * LATE) == 0, "it runs, as it should"
    office.close(watch)
    assert office.look(START + 3 * LATE + SOON - 1) == 0
    assert office.look(START + 3 * LATE + SOON) == 1


def test_a_vendor_that_tells_nothing_is_never_asked() -> None:
    office = Office(vendor="shumei")
    task = office.finished()
    assert (task.finished_at, task.due_at) == (CLOSED, None)
    assert (office.look(CLOSED + 2 * LATE), office.auditor.asked) == (0, [])


# --- whether it ended


@pytest.mark.parametrize("runs", [False, None])
def test_a_task_that_ended_is_looked_at_again_when_the_pushes_are_over(
    runs: bool | None, notes: Notes
) -> None:
    office = Office(auditor=Auditor([runs]))
    task = office.finished()
    assert office.look(CLOSED + SOON + 7) == 1
    assert office.auditor.asked == [("task-1", "sh", CLOSED + MINUTE, CLOSED + SOON + 7)]
    assert office.task(task) == replace(task, due_at=CLOSED + LATE)
    assert (notes.of("ES219")["still_runs"], "ES217" in notes.codes) == (runs, False)
    assert (office.world.vendor.finished, office.look()) == ([], 0)


def test_a_task_that_listens_on_is_finished_again_until_it_ends(notes: Notes) -> None:
    office = Office(auditor=Auditor([True, True, False]))
    task = office.finished()
    looks = [CLOSED + SOON + 7, CLOSED + 2 * SOON + 7, CLOSED + 4 * SOON]
    for calls, at in enumerate(looks, start=2):
        assert office.look(at) == 1
        seen = office.task(task)
        assert (seen.finish_calls, seen.finished_at) == (min(calls, 3), CLOSED)
        assert seen.due_at == (at + SOON if calls < 4 else CLOSED + LATE)
    assert office.world.vendor.finished == [("task-1", "sh", False)] * 2
    since = [CLOSED, looks[0], looks[1]]
    assert [asked[2] for asked in office.auditor.asked] == [at + MINUTE for at in since], (
        "since its last finish"
    )
    assert notes.codes.count("ES217") == 2


def test_a_finish_that_is_not_acknowledged_is_tried_again(notes: Notes) -> None:
    office = Office(auditor=Auditor([True, True]))
    task = office.finished()
    office.world.vendor.finishes = {"task-1": [RetryLater("yidun_503")]}
    office.look(CLOSED + SOON)
    assert (notes.of("ES209")["reason"], office.task(task).due_at) == ("yidun_503", CLOSED + 2 * SOON)
    office.look(CLOSED + 2 * SOON)
    assert (len(office.world.vendor.finished), office.task(task).finish_calls) == (2, 3)


# --- what never came


def test_what_no_push_brought_is_fetched_once(notes: Notes) -> None:
    office = Office()
    task = office.finished()
    office.push(task, pushed(1), pushed(2, level=0))
    review = encode({"antispam": FOUND | {"reviewEvidences": REVIEW}})
    said = encode({"asr": {"taskId": "task-1", "startTime": START, "endTime": START + 1, "content": "x"}})
    office.auditor.told = [
        sentence(1),
        sentence(2, 0),
        sentence(3),
        sentence(3),
        sentence(4, 0),
        review,
        said,
    ]
    office.due(task, CLOSED + LATE)
    office.look(CLOSED + LATE)
    assert office.auditor.asked == [("task-1", "sh", task.accepted_at, CLOSED)]
    late = [one for one in office.kept if one.received_at == CLOSED + LATE]
    assert [one.body for one in late] == [sentence(3), sentence(4, 0), review, said]
    assert {(one.task_ref, one.vendor, one.problem) for one in late} == {(task.task_ref, "yidun", None)}
    assert (notes.of("ES219")["results"], notes.of("ES219")["lost"]) == (7, 4)
    assert office.task(task).due_at is None
    office.due(task, CLOSED + LATE)
    office.look()
    assert (len(office.kept), len(office.auditor.asked)) == (6, 1), "and nothing more"


def test_what_was_fetched_is_told_as_late() -> None:
    office = Office(auditor=Auditor(told=[sentence(3)]))
    task = office.finished()
    office.due(task, CLOSED + LATE)
    office.look(CLOSED + LATE)
    world = office.world
    read = ReadSegment(world.store, registry.door, registry.reader, world.starter, world.beats.append)
    ((kind, detail),) = read(office.kept[0])
    assert (kind, json.loads(detail)["late"]) == ("SegmentJudged", True)
    assert office.world.starter.calls == [(task.watch_id, "mint")], "and starts nothing"


def test_a_plan_that_keeps_hits_is_fetched_hits() -> None:
    office = Office(keep="hits", auditor=Auditor(told=[sentence(1), sentence(2, 0), sentence(3, 1)]))
    task = office.finished()
    office.due(task, CLOSED + LATE)
    office.look(CLOSED + LATE)
    assert [one.body for one in office.kept] == [sentence(1), sentence(3, 1)]


def test_a_result_that_is_not_understood_is_kept_and_costs_no_other(notes: Notes) -> None:
    odd = [b"", b"{}", b"[]", b"\xff", b'{"antispam": []}', b'{"antispam": {"evidences": 7}}']
    office = Office(auditor=Auditor(told=[sentence(1), *odd, sentence(2)]))
    task = office.finished()
    for _ in range(2):
        office.due(task, CLOSED + LATE)
        assert office.look(CLOSED + LATE) == 1
    mine = [one for one in office.kept if one.task_ref == task.task_ref]
    assert [one.body for one in mine] == [sentence(1), *odd, sentence(2)]
    assert [bool(one.problem) for one in mine] == [False, *[True] * len(odd), False]
    assert len(office.kept) == len(mine)
    assert "ES302" in notes.codes


def test_an_adopted_task_is_told_once_whichever_try_opened_it() -> None:
    """Its pushes name the try that opened it; the vendor's id was learnt by all of them."""
    for opened in (0, 1, 2):
        office = Office(auditor=Auditor(told=[sentence(1), sentence(2)]))
        lost: list[Any] = [OutcomeUnknown("no_answer")] * 2
        office.world.vendor.outcomes = [*lost, Accepted("task-1", "sh", adopted=True)]
        office.world.track()
        watch = office.world.only_watch()
        for _ in lost:
            with pytest.raises(OutcomeUnknown):
                office.world.submit(watch, office.world.mint(watch))
        office.world.submit(watch, office.world.mint(watch))
        office.close(watch)
        tries = office.world.tasks(watch)
        assert {(one.vendor_task_id, one.due_at) for one in tries} == {("task-1", CLOSED + SOON)}
        office.push(tries[opened], pushed(1))
        for _ in tries:
            office.look(CLOSED + LATE)
        assert sorted(one.body for one in office.kept) == sorted([pushed(1), sentence(2)])


def test_a_task_whose_acceptance_was_never_seen_is_asked_about_since_it_was_submitted() -> None:
    office = Office(auditor=Auditor([None]))
    task = office.finished()
    office.world.store._tasks[task.task_ref] = replace(
        task, accepted_at=None, endpoint=None, state=TaskState.UNKNOWN
    )
    office.look(CLOSED + SOON)
    office.look(CLOSED + LATE)
    assert [(asked[1], asked[2]) for asked in office.auditor.asked] == [
        (None, CLOSED + MINUTE),
        (None, START),
    ]


# --- trouble

PASSING = [RetryLater("yidun_411"), OutcomeUnknown("no_answer")]
LASTING = [GiveUp("yidun_405"), Misconfigured("secret yidun.secret_key", "x"), BadInput("endTime", "x")]


@pytest.mark.parametrize("error", [*PASSING, *LASTING])
def test_the_vendors_trouble_puts_the_first_look_off(error: EarshotError, notes: Notes) -> None:
    office = Office(auditor=Auditor([error]))
    task = office.finished()
    assert office.look(CLOSED + SOON) == 1
    again = CLOSED + 2 * SOON if error in PASSING else CLOSED + LATE
    assert office.task(task) == replace(task, due_at=again)
    assert (notes.of("ES218")["reason"], notes.of("ES218")["task_ref"]) == (error.reason, task.task_ref)


@pytest.mark.parametrize("error", [*PASSING, *LASTING])
def test_the_vendors_trouble_puts_the_last_look_off_or_ends_it(error: EarshotError, notes: Notes) -> None:
    office = Office(auditor=Auditor(told=[sentence(1), error, sentence(2)]))
    task = office.finished()
    office.due(task, CLOSED + LATE)
    office.look(CLOSED + LATE)
    assert [one.body for one in office.kept] == [sentence(1)], "what was told before is kept"
    assert (office.task(task).due_at is None, "ES218" in notes.codes) == (error in LASTING, True)
    office.auditor.told = [sentence(1), sentence(2)]
    assert office.look(CLOSED + LATE + SOON) == (error in PASSING)
    assert len(office.kept) == (2 if error in PASSING else 1)


def test_one_tasks_trouble_is_not_anothers() -> None:
    office = Office(auditor=Auditor([GiveUp("yidun_405"), RetryLater("yidun_411"), False]))
    tasks = [office.finished(room_id=f"room-{number}") for number in range(3)]
    assert office.look(CLOSED + SOON) == 3
    assert sorted(office.task(one).due_at or 0 for one in tasks) == [CLOSED + 2 * SOON, *[CLOSED + LATE] * 2]


# --- how long


def test_a_run_ends_in_time_and_the_longest_overdue_come_first() -> None:
    office = Office()
    tasks = [office.finished(room_id=f"room-{number}") for number in range(4)]
    for number, task in enumerate(tasks):
        office.due(task, CLOSED + SOON - number)
    office.auditor.meanwhile = lambda: office.world.clock.forward(30)
    assert office.look(CLOSED + SOON) == 2
    assert office.look() == 2
    assert [asked[0] for asked in office.auditor.asked] == [f"task-{number}" for number in (4, 3, 2, 1)]
    assert office.look() == 0


def test_a_run_that_is_over_looks_at_nothing() -> None:
    office = Office()
    office.finished()
    assert office.look(CLOSED + SOON, for_ms=0) == 0
    assert office.auditor.asked == []


def test_a_look_loses_against_another_meanwhile() -> None:
    office = Office()
    task = office.finished()
    office.auditor.meanwhile = lambda: office.world.store.settle_check(office.task(task), CLOSED + 3 * SOON)
    office.look(CLOSED + SOON)
    assert office.task(task).due_at == CLOSED + 3 * SOON


def test_a_late_run_asks_first_whether_it_ended(notes: Notes) -> None:
    """By what the look was scheduled for, not by the clock."""
    office = Office(auditor=Auditor([True]))
    task = office.finished()
    office.look(CLOSED + LATE + MINUTE)
    assert notes.codes.count("ES217") == 1
    assert office.task(task).due_at == CLOSED + LATE + MINUTE + SOON


def test_a_long_task_is_gone_through_in_several_runs() -> None:
    office = Office()
    watch, task = office.heard()
    office.world.clock.forward(5 * 3_600)
    office.close(watch)
    end = office.task(task).finished_at or 0
    office.due(task, end + LATE)
    office.auditor.meanwhile = lambda: office.world.clock.forward(30)
    assert office.look(end + LATE, for_ms=MINUTE) == 1
    assert [asked[2:] for asked in office.auditor.asked] == [
        (task.accepted_at, (task.accepted_at or 0) + 60 * MINUTE),
        ((task.accepted_at or 0) + 60 * MINUTE, (task.accepted_at or 0) + 120 * MINUTE),
    ]
    while office.task(task).due_at is not None:
        office.look(for_ms=MINUTE)
    asked = [one[2:] for one in office.auditor.asked]
    assert asked[-1][1] == end
    assert all(before[1] == after[0] for before, after in pairwise(asked)), "no gap, and nothing twice"


def test_a_look_that_a_run_chokes_on_does_not_come_first_again() -> None:
    class Bug(Exception):
        """Nobody foresaw it."""

    office = Office(auditor=Auditor([Bug()]))
    task = office.finished()
    with pytest.raises(Bug):
        office.look(CLOSED + SOON)
    assert office.task(task).due_at == CLOSED + 2 * SOON
