"""Who wins a race: on the emulator's server, because only a server's conditional writes are atomic."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from earshot.domain.room import Occurrence, Room
from earshot.domain.watch import Watch
from earshot.store.dynamo.store import DynamoStore
from earshot.store.port import Conflict

from local.stack import Stack
from tests.local.emulator_client import eventually
from tests.local.rooms import Rooms

pytestmark = pytest.mark.emulator
CLAIMANTS, ROUNDS = 12, 8


@pytest.fixture
def rooms(stack: Stack) -> Rooms:
    return Rooms(stack)


def test_of_many_claims_of_one_version_one_wins_whole(stack: Stack) -> None:
    def claim(number: int) -> bool:
        store = DynamoStore(stack.client("dynamodb"), stack.table_name, lambda: 1)
        session = f"{room.key[:20]}{number:06}"
        watch = Watch(f"{session}-primary", session, room, "default", {"vendor": "shumei"}, 1)
        try:
            store.claim(room, Occurrence(session, None, 1, 1), 0, [watch])
        except Conflict:
            return False
        return True

    for _ in range(ROUNDS):
        room = Room("zego", "race", Rooms.new())
        with ThreadPoolExecutor(CLAIMANTS) as pool:
            won = list(pool.map(claim, range(CLAIMANTS)))
        assert won.count(True) == 1
        store = DynamoStore(stack.client("dynamodb"), stack.table_name, lambda: 1)
        latest = store.room(room).latest
        assert latest is not None
        assert latest.session_id == f"{room.key[:20]}{won.index(True):06}"
        assert len(store.watches(latest.session_id)) == 1


def test_the_same_opening_many_times_at_once_opens_one_task(rooms: Rooms) -> None:
    room = Rooms.new("crowd")
    rooms.send_at_once([("RoomOpened", room)] * 8)
    assert eventually(lambda: rooms.tasks(room), 30)
    rooms.send("RoomClosed", room)
    assert eventually(lambda: rooms.is_over(room), 30)
    (task,) = rooms.tasks(room)
    assert task["end_reason"] == "finished"
    assert [item["kind"]["S"] for item in rooms.items_of(room)].count("watch") == 1


def test_opening_and_closing_at_once_leave_nothing_open(rooms: Rooms) -> None:
    names = [Rooms.new("blink") for _ in range(8)]
    rooms.send_at_once([(kind, name) for name in names for kind in ("RoomClosed", "RoomOpened")])
    for name in names:
        assert eventually(partial(_settled, rooms, name), 40), name
    assert [task for name in names for task in rooms.tasks(name) if task["state"] == "running"] == []


def _settled(rooms: Rooms, room: str) -> bool:
    """What was started is over; or nothing was: the close came first, or its word was there before the start."""
    if rooms.execution(room) is not None:
        return rooms.is_over(room)
    return all("signal_id" in item for item in rooms.items_of(room) if item["kind"]["S"] == "watch")


def test_a_close_that_meets_the_parking_is_not_lost(rooms: Rooms) -> None:
    """Closed as soon as the vendor has the task: some signals come before the token is stored, some after."""
    names = [Rooms.new("wake") for _ in range(10)]
    rooms.send_at_once([("RoomOpened", name) for name in names])
    waiting = set(names)

    def close_what_is_open() -> bool:
        ready = [name for name in waiting if rooms.tasks(name)]
        if ready:
            rooms.send_at_once([("RoomClosed", name) for name in ready])
            waiting.difference_update(ready)
        return not waiting

    assert eventually(close_what_is_open, 60)
    for name in names:
        assert eventually(partial(rooms.is_over, name), 40), name
        execution = rooms.execution(name)
        assert execution is not None
        assert execution["status"] == "SUCCEEDED"
    assert {task["end_reason"] for name in names for task in rooms.tasks(name)} == {"finished"}
