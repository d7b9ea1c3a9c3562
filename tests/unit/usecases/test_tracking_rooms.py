"""Room events: one session, one execution, no zombie."""

from typing import Any

import pytest
from earshot.contract.plan import Plan
from earshot.domain import ids
from earshot.domain.room import Move
from earshot.domain.watch import SignalName
from earshot.errors import BadInput, RetryLater
from earshot.store.memory import MemoryStore
from earshot.store.port import Conflict

from tests.unit.support.fakes import Starter
from tests.unit.support.makers import ROOM, START, at, signal
from tests.unit.support.meddling import dies_at, meanwhile
from tests.unit.support.notes import Notes
from tests.unit.support.world import World

A, B = "psid-a", "psid-b"


def started(world: World) -> list[str]:
    return world.starter.names


def watch_of(psid: str) -> str:
    return ids.watch_id(ids.session_id(ROOM.key, psid), "primary")


def told(world: World, psid: str) -> str | None:
    watch = world.store.watch(watch_of(psid))
    return watch.last_word.reason if watch.last_word else None


def test_an_opening_claims_a_session_and_starts_its_watch() -> None:
    world = World()
    assert world.track(platform_session_id=A, account_id="host-42", attributes={"a": [1, "二"]}) is Move.CLAIM
    watch = world.only_watch()
    assert started(world) == [watch.watch_id] == [watch_of(A)]
    assert (watch.opened_at, watch.account_id, watch.attributes) == (START, "host-42", '{"a": [1, "二"]}')
    assert watch.plan["vendor_options"]["channel"] == "VOICE_ROOM"


def test_the_same_event_twice_is_one_session_and_one_execution() -> None:
    world = World()
    assert [world.track(), world.track()] == [Move.CLAIM, Move.REPEAT]
    assert len(started(world)) == 1
    assert world.only_watch()


def test_two_at_once_are_one_session() -> None:
    """The other writer comes between our read and our write."""
    world = World()
    meanwhile(world.store, "claim", world.track)
    assert world.track() is Move.REPEAT
    assert len(started(world)) == 1


def test_a_room_that_everybody_writes_is_tried_again_later() -> None:
    class Contended(MemoryStore):
        def claim(self, *args: object) -> None:
            raise Conflict("room")

    with pytest.raises(RetryLater, match="room_contended"):
        World(store=Contended()).track()


@pytest.mark.parametrize("psid", [A, None])
def test_a_close_before_its_open_starts_nothing(psid: str | None) -> None:
    world = World()
    world.close_room(60, platform_session_id=psid)
    assert world.track(platform_session_id=psid) is Move.IGNORE
    assert started(world) == []
    assert world.store._watches == {}


@pytest.mark.parametrize("psid", [A, None])
def test_an_old_open_after_the_close_wakes_nothing(psid: str | None) -> None:
    world = World()
    world.track(platform_session_id=psid)
    world.close_room(60, platform_session_id=psid)
    assert world.track(platform_session_id=psid) is Move.IGNORE
    assert len(world.starter.calls) == 1


def test_a_close_tells_the_watch_once_and_for_all() -> None:
    world = World()
    watch = world.opened()
    assert world.close_room(60) is Move.CLOSE
    word = world.fresh(watch).last_word
    assert word
    assert (word.name, word.reason, word.at) == (SignalName.ROOM_CLOSED, "room_closed", START + 60_000)
    assert world.close_room(90) is Move.CLOSE
    assert world.fresh(watch).last_word == word


def test_the_next_session_of_a_room_is_another() -> None:
    world = World()
    world.track()
    world.close_room(60)
    world.clock.forward(60)
    assert world.track(occurred_at=at(100)) is Move.CLAIM
    assert len(set(started(world))) == 2


def test_a_newer_session_supersedes_the_one_that_was_never_closed(notes: Notes) -> None:
    world = World()
    world.track(platform_session_id=A)
    world.track(platform_session_id=B, occurred_at=at(5))
    assert (told(world, A), told(world, B)) == ("superseded", None)
    assert "ES105" in notes.codes


def test_a_session_whose_close_came_first_ends_the_one_before_it() -> None:
    world = World()
    world.track(platform_session_id=A)
    world.close_room(60, platform_session_id=B)
    assert world.track(platform_session_id=B, occurred_at=at(30)) is Move.CLOSE
    assert told(world, A) == "superseded"
    assert started(world) == [watch_of(A)]


def test_a_crash_between_claim_and_start_is_made_up_for_by_the_repeated_event() -> None:
    world = World(starter=Starter(failures=1))
    with pytest.raises(ConnectionError):
        world.track()
    assert world.track() is Move.REPEAT
    assert len(started(world)) == 1


def test_a_crash_between_close_and_signal_is_made_up_for_by_the_repeated_event() -> None:
    world = World()
    watch = world.opened()
    dies_at(world.store, "signal")
    with pytest.raises(ConnectionError):
        world.close_room(60)
    world.close_room(60)
    assert world.fresh(watch).last_word


def test_a_crash_between_superseding_and_signal_is_made_up_for_by_the_repeated_event() -> None:
    """Otherwise the old watch listens, and bills, for as long as an execution may live."""
    world = World()
    world.track(platform_session_id=A)
    dies_at(world.store, "signal")
    with pytest.raises(ConnectionError):
        world.track(platform_session_id=B, occurred_at=at(5))
    world.track(platform_session_id=B, occurred_at=at(5))
    assert told(world, A) == "superseded"


def ears(world: World) -> list[str]:
    """Sessions whose watch was started and not told to end."""
    return [
        watch.session_id
        for watch in world.store._watches.values()
        if watch.watch_id in started(world) and watch.last_word is None
    ]


def check_one_ear_for_the_open_room(world: World) -> None:
    latest = world.store.room(ROOM).latest
    assert latest
    assert latest.is_open
    assert ears(world) == [latest.session_id]


@pytest.mark.parametrize("named", [True, False])
def test_a_close_that_crashed_comes_again_when_the_room_has_opened_again(named: bool) -> None:
    """A minute later, when the room's record may already be about the next session."""
    world = World()
    world.track(platform_session_id=A if named else None)
    dies_at(world.store, "signal")
    with pytest.raises(ConnectionError):
        world.close_room(60, platform_session_id=A if named else None)
    world.track(platform_session_id=B if named else None, occurred_at=at(70))
    world.close_room(60, platform_session_id=A if named else None)
    check_one_ear_for_the_open_room(world)


@pytest.mark.parametrize("named", [True, False])
def test_a_room_that_reopens_while_its_close_is_written_is_listened_to(named: bool) -> None:
    """The opening is written between the close's read and its write; then it may be repeated, as every event may."""
    world = World()
    world.track(platform_session_id=A if named else None)
    opening: dict[str, Any] = {"platform_session_id": B if named else None, "occurred_at": at(70)}
    meanwhile(world.store, "amend_room", lambda: world.track(**opening))
    world.close_room(60, platform_session_id=A if named else None)
    world.track(**opening)
    check_one_ear_for_the_open_room(world)


def test_a_repeated_open_of_a_closing_room_starts_nothing_again() -> None:
    """The last word pends; the execution has not ended the watch yet."""
    world = World()
    world.track(platform_session_id=A)
    watch = world.only_watch()
    world.store.signal(watch.watch_id, signal())
    world.starter.names.clear()
    assert world.track(platform_session_id=A) is Move.REPEAT
    assert started(world) == []


@pytest.mark.parametrize("kind", ["RoomOpened", "RoomClosed", "StreamStarted", "StreamStopped"])
def test_an_unknown_platform_is_refused_with_nothing_half_created(kind: str) -> None:
    """Also on a close: a misspelt platform would otherwise close nothing, and say nothing."""
    world = World()
    with pytest.raises(BadInput) as refused:
        world.track(kind, platform="Zego", stream_id="s1")
    assert refused.value.field == "platform"
    assert (world.store._rooms, world.store._watches) == ({}, {})


def test_an_unknown_plan_is_refused_and_the_known_ones_named() -> None:
    world = World(plans={"default": Plan(), "strict": Plan()})
    with pytest.raises(BadInput, match="default, strict") as refused:
        world.track(plan="no such plan")
    assert refused.value.field == "plan"
    assert world.store._rooms == {}


def test_the_plan_of_a_watch_does_not_change_under_it() -> None:
    world = World()
    watch = world.opened()
    world.plans = {"default": Plan(settle_s=600)}
    world.track()
    assert world.fresh(watch).plan == watch.plan
    assert watch.plan["settle_s"] != 600


def test_a_clock_that_runs_ahead_opens_no_room_in_the_future() -> None:
    world = World()
    assert world.opened(occurred_at=at(1_800)).opened_at == START
