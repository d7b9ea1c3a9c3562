"""Which rooms are to be looked at, and what becomes of a look when somebody else writes meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from earshot.domain.attendance import Attendance, Finding
from earshot.domain.room import Room
from earshot.store.dynamo import keys
from earshot.store.dynamo.store import DynamoStore
from earshot.store.port import Conflict

from tests.contract import table
from tests.contract.samples import NOW, ROOM, Kept, occurrence, watch
from tests.contract.test_store_dynamo_items import DAY_S, EXPIRY, NOW_S

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LATER = NOW + 1_000


def place(number: int) -> Room:
    return Room("zego", "1234567890", f"room-{number}")


def test_due_rooms_come_longest_overdue_first_whatever_their_queue(store: Kept) -> None:
    order = [7, 3, 11, 0, 9, 1, 10, 4, 8, 2, 6, 5]
    assert len({keys.due_queue(keys.ROOMS, place(number).key) for number in order}) > 3
    for number in order:
        store.note_left(place(number), NOW, NOW + number)
    due = store.due_rooms(NOW + 8, 100)
    assert due == [Attendance(place(n), left_at=NOW, due_at=NOW + n) for n in range(9)]
    assert store.due_rooms(NOW + 100, 4) == due[:4]
    assert store.due_rooms(NOW - 1, 100) == []


def test_due_rooms_of_one_queue_are_limited_to_the_longest_overdue(store: Kept) -> None:
    queue = keys.due_queue(keys.ROOMS, place(0).key)
    rooms = [place(n) for n in range(60) if keys.due_queue(keys.ROOMS, place(n).key) == queue][:4]
    for late, room in enumerate(rooms):
        store.note_left(room, NOW, NOW - late)
    assert [here.room for here in store.due_rooms(NOW, 2)] == [rooms[3], rooms[2]]


def test_every_queue_is_one_that_is_asked(store: Kept) -> None:
    assert {keys.due_queue(keys.ROOMS, place(n).key) for n in range(200)} == set(keys.due_queues(keys.ROOMS))


FOUND = Finding(due_at=LATER, peopled_at=NOW + 7, empty_since=NOW + 8)


def _looked_at(store: Kept) -> Attendance:
    store.note_left(ROOM, NOW, NOW)
    (seen,) = store.due_rooms(NOW, 1)
    return seen


def test_a_look_is_settled(store: Kept) -> None:
    store.settle_look(_looked_at(store), FOUND)
    settled = Attendance(ROOM, left_at=NOW, peopled_at=NOW + 7, empty_since=NOW + 8, due_at=LATER)
    assert store.attendance(ROOM) == settled
    assert store.due_rooms(NOW, 9) == []
    assert store.due_rooms(LATER, 9) == [settled]
    store.settle_look(settled, Finding(due_at=LATER + 1))
    assert store.attendance(ROOM) == Attendance(ROOM, left_at=NOW, due_at=LATER + 1), "times are replaced"


def test_a_look_may_take_a_room_off_the_list_until_somebody_leaves(store: Kept) -> None:
    store.settle_look(_looked_at(store), Finding())
    assert store.attendance(ROOM) == Attendance(ROOM, left_at=NOW)
    assert store.due_rooms(LATER * 2, 9) == []
    store.note_left(ROOM, NOW + 1, LATER)
    assert [here.due_at for here in store.due_rooms(LATER, 9)] == [LATER]


@pytest.mark.parametrize("finding", [FOUND, Finding()])
def test_a_look_loses_against_a_departure_meanwhile(store: Kept, finding: Finding) -> None:
    seen = _looked_at(store)
    store.note_left(ROOM, NOW + 1, NOW + 60_000)
    store.settle_look(seen, finding)
    assert store.attendance(ROOM) == Attendance(ROOM, left_at=NOW + 1, due_at=NOW + 60_000)


def test_a_look_loses_against_a_claim_and_an_earlier_look(store: Kept) -> None:
    seen = _looked_at(store)
    store.claim(ROOM, occurrence(), 0, [], NOW + 60_000)
    store.settle_look(seen, Finding())
    assert store.attendance(ROOM).due_at == NOW + 60_000


def test_a_look_keeps_a_close_that_came_meanwhile(store: Kept) -> None:
    seen = _looked_at(store)
    store.note_closed(ROOM, NOW + 1)
    store.settle_look(seen, Finding(due_at=LATER))
    assert store.attendance(ROOM) == Attendance(ROOM, closed_at=NOW + 1, left_at=NOW, due_at=LATER)


@pytest.mark.parametrize("due_at", [None, NOW + 1])
def test_a_claim_puts_its_room_on_the_list_if_it_says_when(store: Kept, due_at: int | None) -> None:
    store.note_closed(ROOM, NOW)
    store.claim(ROOM, occurrence(), 0, [watch()], due_at)
    assert store.attendance(ROOM) == Attendance(ROOM, closed_at=NOW, due_at=due_at)
    assert [here.room for here in store.due_rooms(NOW + 1, 9)] == ([] if due_at is None else [ROOM])


def test_a_claim_that_is_lost_puts_nothing_on_the_list(store: Kept) -> None:
    store.claim(ROOM, occurrence(), 0, [])
    with pytest.raises(Conflict):
        store.claim(ROOM, occurrence("other"), 0, [], NOW)
    assert store.due_rooms(LATER, 9) == []


def test_only_rooms_that_are_due_are_in_the_index(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    dynamo.settle_look(_looked_at(dynamo), Finding())
    (item,) = table.items(client)
    assert not {"due_queue", "due_at"} & set(item)
    assert int(item[EXPIRY]["N"]) == NOW_S + 400 * DAY_S
