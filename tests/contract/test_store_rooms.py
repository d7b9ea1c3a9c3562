"""Rooms and sessions: who claims, who comes too late, and what is written together."""

from __future__ import annotations

from dataclasses import replace

import pytest
from earshot.domain import ids
from earshot.domain.room import Occurrence, Room
from earshot.store.port import Conflict, RoomRecord

from tests.contract.samples import NOW, ODD_IDS, ROOM, SESSION, WATCH_ID, Kept, occurrence, watch


def test_a_room_that_nobody_knows_is_at_version_zero(store: Kept) -> None:
    assert store.room(ROOM) == RoomRecord(None, 0)


def test_a_claim_is_read_back_with_its_watches(store: Kept) -> None:
    store.claim(ROOM, occurrence(), 0, [watch()])
    assert store.room(ROOM) == RoomRecord(occurrence(), 1)
    assert store.watch(WATCH_ID) == watch()
    assert store.watches(SESSION) == [watch()]


def test_a_claim_without_watches_is_a_claim(store: Kept) -> None:
    store.claim(ROOM, occurrence(), 0, [])
    assert store.room(ROOM) == RoomRecord(occurrence(), 1)
    assert store.watches(SESSION) == []


@pytest.mark.parametrize("version", [0, 2])
def test_of_two_claims_from_one_version_one_wins(store: Kept, version: int) -> None:
    store.claim(ROOM, occurrence(), 0, [watch()])
    other = ids.session_id(ROOM.key, "occurrence-2")
    late = watch(ids.watch_id(other, "primary"))
    with pytest.raises(Conflict):
        store.claim(ROOM, occurrence(other), version, [late])
    assert store.room(ROOM) == RoomRecord(occurrence(), 1)
    assert store.watches(other) == []


def test_a_claim_is_all_or_nothing(store: Kept) -> None:
    second = watch(ids.watch_id(SESSION, "shadow"))
    store.add_watch(second)
    with pytest.raises(Conflict):
        store.claim(ROOM, occurrence(), 0, [watch(), replace(second, account_id="other")])
    assert store.room(ROOM) == RoomRecord(None, 0)
    assert store.watches(SESSION) == [second]


def test_an_amendment_counts_a_version_and_leaves_the_watches(store: Kept) -> None:
    store.claim(ROOM, occurrence(), 0, [watch()])
    closed = replace(occurrence(), closed_at=NOW + 9, graves=("1", "2"))
    store.amend_room(ROOM, closed, 1)
    assert store.room(ROOM) == RoomRecord(closed, 2)
    assert store.watches(SESSION) == [watch()]


def test_an_amendment_may_be_the_first_that_is_heard_of_a_room(store: Kept) -> None:
    store.amend_room(ROOM, occurrence(), 0)
    assert store.room(ROOM) == RoomRecord(occurrence(), 1)


@pytest.mark.parametrize("version", [0, 1, 3])
def test_an_amendment_of_what_has_changed_is_a_conflict(store: Kept, version: int) -> None:
    store.claim(ROOM, occurrence(), 0, [])
    store.amend_room(ROOM, occurrence(), 1)
    with pytest.raises(Conflict):
        store.amend_room(ROOM, replace(occurrence(), closed_at=NOW), version)
    assert store.room(ROOM) == RoomRecord(occurrence(), 2)


def test_an_amendment_of_what_is_not_there_is_a_conflict(store: Kept) -> None:
    with pytest.raises(Conflict):
        store.amend_room(ROOM, occurrence(), 1)
    assert store.room(ROOM) == RoomRecord(None, 0)


@pytest.mark.parametrize(
    "record",
    [
        Occurrence(SESSION),
        Occurrence(SESSION, closed_at=0),
        Occurrence(SESSION, "6085791336856668982", NOW, NOW + 1, NOW + 2, ("a", "", "直播")),
    ],
)
def test_a_record_keeps_what_it_has_and_what_it_lacks(store: Kept, record: Occurrence) -> None:
    store.claim(ROOM, record, 0, [])
    assert store.room(ROOM).latest == record


@pytest.mark.parametrize("name", ODD_IDS)
def test_any_characters_make_a_room(store: Kept, name: str) -> None:
    room = Room("zego", name, name)
    mine = watch(room=room, stream_id=name, account_id=name, attributes=f'{{"any":"{len(name)}"}}')
    store.claim(room, occurrence(platform_session_id=name), 0, [mine])
    assert store.room(room) == RoomRecord(occurrence(platform_session_id=name), 1)
    assert store.watch(WATCH_ID) == mine
    assert store.room(Room("zego", name, name + " ")) == RoomRecord(None, 0)


def test_a_stream_is_a_place_of_its_own(store: Kept) -> None:
    stream = ROOM.stream("stream-1")
    store.claim(ROOM, occurrence(), 0, [])
    assert store.room(stream) == RoomRecord(None, 0)
    store.claim(stream, occurrence(ids.session_id(stream.key, "1")), 0, [])
    assert store.room(ROOM) == RoomRecord(occurrence(), 1)


def test_a_further_watch_is_added_once(store: Kept) -> None:
    assert store.add_watch(watch()) is True
    assert store.add_watch(watch(account_id="another")) is False
    assert store.watch(WATCH_ID) == watch()


def test_watches_are_those_of_the_session(store: Kept) -> None:
    other = ids.session_id(ROOM.key, "occurrence-2")
    mine = [watch(ids.watch_id(SESSION, role)) for role in ("primary", "shadow")]
    mine.append(watch(ids.watch_id(SESSION, "primary", ids.session_id("stream", 1))))
    for each in (*mine, watch(ids.watch_id(other, "primary"))):
        store.add_watch(each)
    assert sorted(store.watches(SESSION), key=lambda w: w.watch_id) == sorted(mine, key=lambda w: w.watch_id)
    assert store.watches("a" * 26) == []


def test_more_watches_than_one_answer_holds(store: Kept) -> None:
    """A query's page ends at 1 MB; attributes may be 32 KB."""
    large = '{"a":"' + "x" * 32_000 + '"}'
    mine = [watch(f"{SESSION}-primary-{number:016}", attributes=large) for number in range(40)]
    for each in mine:
        store.add_watch(each)
    assert store.watches(SESSION) == mine


def test_a_watch_keeps_everything_that_it_was_made_of(store: Kept) -> None:
    whole = watch(
        role="shadow",
        plan_name="直播",
        plan={"a": {"b": [1, 2.5, None, True, "x"]}, "empty": {}, "big": 2**60, "small": 1e-7},
        stream_id="stream-1",
        stream_url="rtmp://example.com/a?b=c#d",
        account_id="host-42",
        attributes='{"π":"🎧"}',
    )
    store.add_watch(whole)
    assert store.watch(WATCH_ID) == whole
