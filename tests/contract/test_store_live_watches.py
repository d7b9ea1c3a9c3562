"""Which watches somebody must look after, and which sessions their rooms have."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from earshot.domain import ids
from earshot.domain.room import Room
from earshot.domain.watch import Watch
from earshot.store.dynamo import keys
from earshot.store.dynamo.store import DynamoStore

from tests.contract import table
from tests.contract.samples import NOW, ROOM, SESSION, WATCH_ID, Kept, occurrence, signal, watch

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LEFT = {"unfinished": [f"{WATCH_ID}-1a"]}


def live(store: Kept) -> list[str]:
    return [one.watch.watch_id for one in store.live_watches()]


def others(many: int) -> list[Watch]:
    """Watches of further rooms."""
    found = [
        ids.watch_id(ids.session_id(ROOM.key, f"occurrence-{n}"), "primary") for n in range(10, 10 + many)
    ]
    return [watch(watch_id, opened_at=NOW + n) for n, watch_id in enumerate(found)]


def test_nothing_is_live_at_first(store: Kept) -> None:
    assert store.live_watches() == []


def test_a_watch_lives_from_its_claim(store: Kept) -> None:
    store.claim(ROOM, occurrence(), 0, [watch()])
    (one,) = store.live_watches()
    assert (one.watch, one.is_parked) == (watch(), False)


def test_a_watch_that_was_added_lives(store: Kept) -> None:
    store.add_watch(watch())
    assert live(store) == [WATCH_ID]
    store.add_watch(watch())
    assert live(store) == [WATCH_ID]


def test_it_is_seen_as_it_stands(store: Kept) -> None:
    store.add_watch(watch())
    store.signal(WATCH_ID, signal())
    store.restart(WATCH_ID, 0)
    assert [one.watch for one in store.live_watches()] == [store.watch(WATCH_ID)]


def test_a_parked_watch_says_so(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    dynamo.add_watch(watch())
    table.park(client, WATCH_ID, "a-token")
    assert [one.is_parked for one in dynamo.live_watches()] == [True]
    dynamo.restart(WATCH_ID, 0)
    assert [one.is_parked for one in dynamo.live_watches()] == [False]


@pytest.mark.parametrize("ledger", [{"unfinished": []}, {}])
def test_a_watch_that_ended_is_not_live(store: Kept, ledger: dict[str, Any]) -> None:
    store.add_watch(watch())
    store.close_watch(store.watch(WATCH_ID), ledger, NOW)
    assert live(store) == []


def test_one_that_left_something_stays_until_nothing_is_left(store: Kept) -> None:
    store.add_watch(watch())
    store.close_watch(replace(store.watch(WATCH_ID), closed_at=NOW), LEFT, NOW)
    assert [one.watch for one in store.live_watches()] == [store.watch(WATCH_ID)]
    store.close_watch(store.watch(WATCH_ID), LEFT, NOW + 1)
    assert live(store) == [WATCH_ID]
    store.close_watch(store.watch(WATCH_ID), {"unfinished": []}, NOW + 2)
    assert live(store) == []
    store.close_watch(store.watch(WATCH_ID), LEFT, NOW + 3)
    assert live(store) == [WATCH_ID], "what comes to light later counts too"


def test_they_come_oldest_first_whatever_their_queue(store: Kept) -> None:
    wanted = others(20)
    assert len({keys.due_queue(keys.WATCHES, one.watch_id) for one in wanted}) > 3
    for one in reversed(wanted):
        store.add_watch(one)
    assert live(store) == [one.watch_id for one in wanted]


def test_every_page_is_read(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    wanted = others(30)
    for one in wanted:
        dynamo.add_watch(one)
    query = client.query

    def few(**request: Any) -> Any:
        return query(**{**request, "Limit": 2})

    with mock.patch.object(client, "query", few):
        assert live(dynamo) == [one.watch_id for one in wanted]


def test_rooms_tasks_and_watches_are_lists_of_their_own(store: Kept) -> None:
    store.claim(ROOM, occurrence(), 0, [watch()], due_at=NOW)
    assert live(store) == [WATCH_ID]
    assert [here.room for here in store.due_rooms(NOW, 9)] == [ROOM]
    assert store.due_tasks(NOW * 2, 9) == []


def test_only_live_watches_are_in_the_index(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    def indexed() -> list[set[str]]:
        held = [item for item in table.items(client) if item.get("kind") == {"S": "watch"}]
        return [{"due_queue", "due_at"} & set(item) for item in held]

    dynamo.add_watch(watch())
    assert indexed() == [{"due_queue", "due_at"}]
    dynamo.close_watch(dynamo.watch(WATCH_ID), {"unfinished": []}, NOW)
    assert indexed() == [set()]


# sessions of rooms


def test_the_latest_session_of_each_room(store: Kept) -> None:
    closed = Room("zego", "1234567890", "room-2")
    store.claim(ROOM, occurrence(), 0, [])
    store.claim(closed, occurrence("another"), 0, [])
    store.amend_room(closed, occurrence("another", closed_at=NOW + 1), 1)
    held = store.latest_sessions([ROOM.key, closed.key, "no-such-room", ROOM.key])
    assert held == {
        ROOM.key: store.room(ROOM).latest,
        closed.key: store.room(closed).latest,
        "no-such-room": None,
    }


def test_a_stream_is_a_place_of_its_own(store: Kept) -> None:
    stream = ROOM.stream("stream-1")
    store.claim(stream, occurrence("of-the-stream"), 0, [])
    held = store.latest_sessions([ROOM.key, stream.key])
    assert held == {ROOM.key: None, stream.key: store.room(stream).latest}


def test_no_rooms_no_sessions(store: Kept) -> None:
    assert store.latest_sessions([]) == {}


def test_more_rooms_than_one_call_takes(store: Kept) -> None:
    rooms = [Room("zego", "1234567890", f"room-{n}") for n in range(230)]
    for room in rooms[::50]:
        store.claim(room, occurrence(), 0, [])
    held = store.latest_sessions([room.key for room in rooms])
    assert len(held) == 230
    assert [key for key, latest in held.items() if latest] == [room.key for room in rooms[::50]]
    assert {latest.session_id for latest in held.values() if latest} == {SESSION}


def test_what_the_table_leaves_undone_is_asked_for_again_and_is_else_not_in_the_answer(
    client: DynamoDBClient, dynamo: DynamoStore
) -> None:
    rooms = [Room("zego", "1234567890", f"room-{n}") for n in range(3)]
    for room in rooms[:2]:
        dynamo.claim(room, occurrence(), 0, [])
    batch_get, asked = client.batch_get_item, []

    def one_at_a_time(**request: Any) -> Any:
        wanted = request["RequestItems"][table.NAME]["Keys"]
        asked.append(len(wanted))
        answer = batch_get(RequestItems={table.NAME: {"Keys": wanted[:1]}})
        return {**answer, "UnprocessedKeys": {table.NAME: {"Keys": wanted[1:]}} if wanted[1:] else {}}

    with mock.patch.object(client, "batch_get_item", one_at_a_time):
        assert set(dynamo.latest_sessions([room.key for room in rooms])) == {room.key for room in rooms}
        asked.clear()
        more = [room.key for room in rooms] + ["a", "b"]
        assert set(dynamo.latest_sessions(more)) == set(more[:3])
        assert asked == [5, 4, 3]
