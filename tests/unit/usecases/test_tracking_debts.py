"""A session that is over is told so, whoever has to do it: the debt stands on the room's record until it is paid."""

from typing import Any

import pytest
from earshot.contract.plan import Plan
from earshot.domain import ids
from earshot.domain.watch import Watch

from tests.unit.support.makers import ROOM, at
from tests.unit.support.meddling import dies_at, meanwhile
from tests.unit.support.notes import Notes
from tests.unit.support.world import World

A, B = "psid-a", "psid-b"
SESSION_A = ids.session_id(ROOM.key, A)


def debts(world: World) -> dict[str, str]:
    latest = world.store.room(ROOM).latest
    assert latest
    return dict(latest.untold)


def watch_of(world: World, psid: str) -> Watch:
    return world.store.watch(ids.watch_id(ids.session_id(ROOM.key, psid), "primary"))


def test_a_debt_is_struck_off_once_it_is_paid() -> None:
    world = World()
    world.track(platform_session_id=A)
    assert debts(world) == {}
    world.close_room(60, platform_session_id=A)
    assert debts(world) == {}
    assert watch_of(world, A).last_word


def test_a_crash_leaves_the_debt_on_the_record() -> None:
    world = World()
    world.track(platform_session_id=A)
    dies_at(world.store, "signal")
    with pytest.raises(ConnectionError):
        world.close_room(60, platform_session_id=A)
    assert debts(world) == {SESSION_A: "room_closed"}


ANYTHING: list[tuple[str, dict[str, Any]]] = [
    ("RoomOpened", {"platform_session_id": B, "occurred_at": at(5)}),
    ("RoomClosed", {"platform_session_id": B, "occurred_at": at(60)}),
    ("RoomOpened", {"platform_session_id": A, "occurred_at": at(0)}),
    ("RoomOpened", {"platform_session_id": "psid-c", "occurred_at": at(50)}),
    ("RoomClosed", {"platform_session_id": "psid-c", "occurred_at": at(60)}),
]


@pytest.mark.parametrize(("kind", "detail"), ANYTHING)
def test_whoever_comes_next_pays(kind: str, detail: dict[str, Any], notes: Notes) -> None:
    """B displaced A, and the function died before A was told; the next event of the room may be any."""
    world = World()
    world.track(platform_session_id=A)
    dies_at(world.store, "signal")
    with pytest.raises(ConnectionError):
        world.track(platform_session_id=B, occurred_at=at(5))
    assert watch_of(world, A).last_word is None
    world.clock.forward(60)
    world.track(kind, **detail)
    word = watch_of(world, A).last_word
    assert word
    assert word.reason == "superseded"
    assert SESSION_A not in debts(world)
    assert "ES105" in notes.codes


def test_a_debt_that_was_paid_but_not_struck_off_is_paid_again_at_no_harm() -> None:
    world = World()
    world.track(platform_session_id=A)
    meanwhile(world.store, "amend_room", lambda: dies_at(world.store, "amend_room"))
    with pytest.raises(ConnectionError):
        world.close_room(60, platform_session_id=A)
    word = watch_of(world, A).last_word
    assert debts(world) == {SESSION_A: "room_closed"}
    world.close_room(90, platform_session_id=A)
    assert (debts(world), watch_of(world, A).last_word) == ({}, word)


# --- a stream that starts while its room is somebody else's business


def by_stream() -> World:
    world = World(plans={"default": Plan(target="stream")})
    world.track(platform_session_id=A)
    return world


def start_stream(world: World) -> Watch:
    world.track("StreamStarted", stream_id="s1", occurred_at=at(1))
    (watch,) = world.store._watches.values()
    return watch


def test_a_stream_that_starts_while_its_room_closes_is_not_left_behind() -> None:
    """The close found no watch to tell: the start must find the close."""
    world = by_stream()
    meanwhile(world.store, "claim", lambda: world.close_room(60, platform_session_id=A))
    watch = start_stream(world)
    assert watch.last_word
    assert world.starter.names == []


def test_a_stream_that_starts_while_its_room_is_replaced_is_not_left_behind() -> None:
    world = by_stream()
    meanwhile(world.store, "claim", lambda: world.track(platform_session_id=B, occurred_at=at(5)))
    watch = start_stream(world)
    assert watch.session_id == SESSION_A
    assert watch.last_word
    assert world.starter.names == []


def test_a_stream_of_an_open_room_is_told_nothing() -> None:
    world = by_stream()
    watch = start_stream(world)
    assert (watch.last_word, world.starter.names) == (None, [watch.watch_id])


# --- what is noted


def test_what_happened_to_a_room_is_noted(notes: Notes) -> None:
    world = World()
    watch = world.listening(platform_session_id=A)
    world.advise(watch)
    world.close_room(60, platform_session_id=A)
    assert [code for code in notes.codes if code != "ES202"] == ["ES201", "ES207", "ES103"]
    notes.records.clear()
    world.track(platform_session_id=A)
    world.close_room(60, platform_session_id="unknown")
    world.track("StreamStarted", stream_id="s1")
    assert notes.codes == ["ES102", "ES102", "ES102"]
