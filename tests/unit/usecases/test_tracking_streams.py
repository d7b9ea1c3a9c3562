"""Plans that listen to single streams, and platforms that are one."""

import pytest
from earshot.contract.plan import Plan
from earshot.domain.room import Move
from earshot.domain.watch import Watch
from earshot.errors import BadInput

from tests.unit.support.makers import at
from tests.unit.support.world import World


def by_stream() -> World:
    return World(plans={"default": Plan(target="stream")})


def watches(world: World) -> list[Watch]:
    return list(world.store._watches.values())


def test_a_room_alone_is_not_listened_to() -> None:
    world = by_stream()
    assert world.track() is Move.CLAIM
    assert watches(world) == []


def test_each_stream_has_a_watch_in_the_rooms_session() -> None:
    world = by_stream()
    world.track(platform_session_id="A")
    for stream in ("s1", "s2", "s1"):
        world.track("StreamStarted", stream_id=stream, occurred_at=at(1))
    assert [watch.stream_id for watch in watches(world)] == ["s1", "s2"]
    assert len({watch.session_id for watch in watches(world)}) == 1
    assert world.starter.names == [watch.watch_id for watch in watches(world)]


def test_a_stream_before_its_room_opens_the_room() -> None:
    world = by_stream()
    world.track("StreamStarted", stream_id="s1", occurred_at=at(1))
    assert world.track(platform_session_id="A") is Move.REPEAT
    world.track("StreamStarted", stream_id="s2", occurred_at=at(2))
    assert len({watch.session_id for watch in watches(world)}) == 1


def test_a_stopped_stream_ends_its_own_watch_only() -> None:
    world = by_stream()
    world.track()
    for stream in ("s1", "s2"):
        world.track("StreamStarted", stream_id=stream, occurred_at=at(1))
    assert world.track("StreamStopped", stream_id="s1", occurred_at=at(2)) is Move.CLOSE
    first, second = watches(world)
    assert first.last_word
    assert first.last_word.reason == "stream_stopped"
    assert second.last_word is None


def test_a_stream_that_comes_back_is_watched_anew() -> None:
    world = by_stream()
    world.track()
    world.track("StreamStarted", stream_id="s1", occurred_at=at(1))
    world.track("StreamStopped", stream_id="s1", occurred_at=at(2))
    world.track("StreamStarted", stream_id="s1", occurred_at=at(3))
    assert [bool(watch.last_word) for watch in watches(world)] == [True, False]
    assert len(world.starter.names) == 2


def test_a_stop_before_its_start_starts_nothing() -> None:
    world = by_stream()
    world.track()
    world.track("StreamStopped", stream_id="s1", occurred_at=at(2))
    assert world.track("StreamStarted", stream_id="s1", occurred_at=at(1)) is Move.IGNORE
    assert watches(world) == []


def test_a_stop_in_a_room_that_nobody_knows_changes_nothing() -> None:
    world = by_stream()
    assert world.track("StreamStopped", stream_id="s1") is Move.CLOSE
    assert watches(world) == []


def test_the_rooms_close_ends_every_stream() -> None:
    world = by_stream()
    world.track(platform_session_id="A")
    for stream in ("s1", "s2"):
        world.track("StreamStarted", stream_id=stream, occurred_at=at(1))
    world.close_room(60, platform_session_id="A")
    assert all(watch.last_word for watch in watches(world))
    assert world.track("StreamStarted", stream_id="s3", occurred_at=at(30)) is Move.IGNORE


def test_a_stream_left_over_from_the_last_session_is_watched_in_the_next() -> None:
    """The room closed and no StreamStopped came."""
    world = by_stream()
    world.track(platform_session_id="A")
    world.track("StreamStarted", stream_id="s1", occurred_at=at(1))
    world.close_room(60, platform_session_id="A")
    world.track(platform_session_id="B", occurred_at=at(70))
    world.track("StreamStarted", stream_id="s1", occurred_at=at(71))
    old, new = watches(world)
    assert old.session_id != new.session_id
    world.clock.forward(60)
    world.track("StreamStopped", stream_id="s1", occurred_at=at(80))
    assert world.fresh(new).last_word


def test_streams_mean_nothing_to_a_plan_that_listens_to_rooms() -> None:
    world = World()
    assert world.track("StreamStarted", stream_id="s1") is Move.IGNORE
    assert (world.store._rooms, watches(world)) == ({}, [])


def test_a_plain_address_is_a_room_whatever_the_plans_target() -> None:
    world = by_stream()
    world.track(platform="url", stream_url="rtmp://live.example.com/a?key=1")
    (watch,) = watches(world)
    assert (watch.stream_url, watch.stream_id) == ("rtmp://live.example.com/a?key=1", None)


def test_a_stream_event_without_a_stream_is_refused() -> None:
    for kind in ("StreamStarted", "StreamStopped"):
        with pytest.raises(BadInput) as refused:
            by_stream().track(kind)
        assert refused.value.field == "stream_id"
