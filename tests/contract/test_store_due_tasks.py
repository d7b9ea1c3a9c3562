"""Which finished tasks are to be asked about, and what becomes of a look when somebody else writes meanwhile."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from earshot.domain.watch import Task
from earshot.store.dynamo import keys
from earshot.store.dynamo.store import DynamoStore

from tests.contract import table
from tests.contract.samples import NOW, ROOM, WATCH_ID, Kept, accepted, open_task, task, watch

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

REF = task().task_ref
DONE, SOON, LATER = NOW + 8, NOW + 600_008, NOW + 93_600_008


@pytest.fixture(autouse=True)
def _a_watch(store: Kept) -> None:
    store.add_watch(watch())


def finished(store: Kept, number: int = 1, due_at: int | None = SOON) -> Task:
    """A task that is to be asked about."""
    open_task(store, number)
    store.accept_task(store.watch(WATCH_ID), accepted(number), NOW)
    store.finish_task(accepted(number).task_ref, DONE, due_at)
    return replace(accepted(number), finished_at=DONE, due_at=due_at)


def due(store: Kept, now: int = LATER * 2, limit: int = 99) -> list[Task]:
    return store.due_tasks(now, limit)


# which


def test_a_finish_says_when_to_ask(store: Kept) -> None:
    seen = finished(store)
    assert store.task(REF) == seen
    assert store.tasks(WATCH_ID) == [seen]
    assert due(store, SOON - 1) == []
    assert due(store, SOON) == due(store, LATER) == [seen]


def test_a_finish_that_does_not_say_when_is_never_asked_about(store: Kept) -> None:
    seen = finished(store, due_at=None)
    assert store.task(REF) == seen
    assert due(store) == []


def test_a_task_that_runs_is_never_due(store: Kept) -> None:
    open_task(store)
    store.accept_task(watch(), accepted(), NOW)
    store.end_task(REF, NOW + 1, 3001, 1.5)
    store.count_finish(REF, NOW)
    assert due(store) == []


@pytest.mark.parametrize("first", [SOON, None])
@pytest.mark.parametrize("second", [LATER, None])
def test_the_first_acknowledgement_stands(store: Kept, first: int | None, second: int | None) -> None:
    seen = finished(store, due_at=first)
    store.finish_task(REF, DONE + 1, second)
    assert store.task(REF) == seen
    assert due(store) == ([] if first is None else [seen])


def test_what_else_is_learnt_of_a_task_moves_nothing(store: Kept) -> None:
    seen = finished(store)
    store.end_task(REF, DONE + 1, None, 8.1)
    store.count_finish(REF, NOW)
    assert due(store) == [
        replace(seen, ended_at=DONE + 1, vendor_seconds=8.1, finish_calls=1, stopped_at=NOW)
    ]


def test_a_task_that_nobody_opened_is_not_due(store: Kept) -> None:
    store.finish_task(REF, DONE, SOON)
    store.settle_check(replace(accepted(), due_at=SOON), LATER)
    assert (store.task(REF), due(store)) == (None, [])


def test_due_tasks_come_longest_overdue_first_whatever_their_queue(store: Kept) -> None:
    order = [7, 3, 11, 9, 1, 10, 4, 8, 2, 6, 12, 5]
    refs = [task(number).task_ref for number in order]
    assert len({keys.due_queue(keys.TASKS, ref) for ref in refs}) > 3
    for number in order:
        finished(store, number, SOON + number)
    assert [one.number for one in due(store, SOON + 8)] == list(range(1, 9))
    assert [one.number for one in due(store, limit=4)] == [1, 2, 3, 4]
    assert due(store, SOON) == []


def test_due_tasks_of_one_queue_are_limited_to_the_longest_overdue(store: Kept) -> None:
    queue = keys.due_queue(keys.TASKS, REF)
    mine = [n for n in range(1, 99) if keys.due_queue(keys.TASKS, task(n).task_ref) == queue][:4]
    for early, number in enumerate(mine):
        finished(store, number, SOON - early)
    assert [one.number for one in due(store, limit=2)] == [mine[3], mine[2]]


def test_every_queue_is_one_that_is_asked() -> None:
    refs = [task(number).task_ref for number in range(200)]
    assert {keys.due_queue(keys.TASKS, ref) for ref in refs} == set(keys.due_queues(keys.TASKS))
    assert set(keys.due_queues(keys.TASKS)).isdisjoint(keys.due_queues(keys.ROOMS))


def test_rooms_and_tasks_are_lists_of_their_own(store: Kept) -> None:
    seen = finished(store)
    store.note_left(ROOM, NOW, SOON)
    assert [here.room for here in store.due_rooms(LATER, 9)] == [ROOM]
    assert due(store) == [seen]
    store.settle_check(seen, None)
    assert [here.room for here in store.due_rooms(LATER, 9)] == [ROOM]


# what becomes of a look


def test_a_look_says_when_to_look_again(store: Kept) -> None:
    seen = finished(store)
    store.settle_check(seen, LATER)
    assert store.task(REF) == replace(seen, due_at=LATER)
    assert due(store, LATER - 1) == []
    assert due(store, LATER) == [replace(seen, due_at=LATER)]


def test_a_look_may_be_the_last(store: Kept) -> None:
    seen = finished(store)
    store.settle_check(seen, None)
    assert store.task(REF) == replace(seen, due_at=None)
    assert due(store) == []
    store.finish_task(REF, DONE + 1, LATER)
    assert due(store) == [], "and stays so"


@pytest.mark.parametrize("mine", [LATER, None])
@pytest.mark.parametrize("others", [SOON + 1, None])
def test_a_look_loses_against_another_meanwhile(store: Kept, mine: int | None, others: int | None) -> None:
    seen = finished(store)
    store.settle_check(seen, others)
    store.settle_check(seen, mine)
    assert store.task(REF) == replace(seen, due_at=others)
    assert due(store) == ([] if others is None else [replace(seen, due_at=others)])


def test_a_look_keeps_what_was_learnt_meanwhile(store: Kept) -> None:
    seen = finished(store)
    store.count_finish(REF, NOW)
    store.end_task(REF, DONE + 1, 3001, 1.5)
    store.settle_check(seen, LATER)
    known = replace(
        seen, finish_calls=1, stopped_at=NOW, ended_at=DONE + 1, end_code=3001, vendor_seconds=1.5
    )
    assert due(store) == [replace(known, due_at=LATER)]


def test_a_look_is_about_its_own_task(store: Kept) -> None:
    first, second = finished(store, 1), finished(store, 2)
    store.settle_check(first, None)
    assert due(store) == [second]


def test_only_tasks_that_are_due_are_in_the_index(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    dynamo.add_watch(watch())

    def indexed() -> list[set[str]]:
        held = [item for item in table.items(client) if item.get("kind") == {"S": "task"}]
        return [{"due_queue", "due_at"} & set(item) for item in held]

    seen = finished(dynamo)
    assert indexed() == [{"due_queue", "due_at"}]
    dynamo.settle_check(seen, LATER)
    assert indexed() == [{"due_queue", "due_at"}]
    dynamo.settle_check(replace(seen, due_at=LATER), None)
    finished(dynamo, 2, None)
    assert indexed() == [set(), set()]
