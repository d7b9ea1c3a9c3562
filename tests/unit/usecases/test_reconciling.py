"""Rooms that are believed open: who is asked, how often, and what becomes of the answer."""

import json

import pytest
from earshot.platforms.port import RoomQuery

from tests.unit.support.attending import (
    GRACE_S,
    HOUR_S,
    LOOK_S,
    Query,
    Scene,
    closed,
    elsewhere,
    entered,
    is_open,
    left,
    ms,
)
from tests.unit.support.makers import ROOM, at
from tests.unit.support.meddling import meanwhile
from tests.unit.support.notes import Notes

HERE = ROOM.room_id


def scene_with(query: RoomQuery | None = None, *, at_once: bool = True) -> Scene:
    """An open room that is due."""
    scene = Scene(queries={"zego": query} if query else {}, at_once=at_once)
    scene.open(platform_session_id="X")
    scene.world.clock.forward(60)
    return scene


def due_in_s(scene: Scene) -> float | None:
    due_at = scene.store.attendance(ROOM).due_at
    return None if due_at is None else (due_at - scene.world.clock.now) / 1000


def told_at(scene: Scene) -> list[tuple[str, str]]:
    return [(kind, json.loads(detail)["occurred_at"]) for kind, detail in scene.told]


# --- what the platform says


def test_a_room_with_people_is_looked_at_again_and_not_before() -> None:
    query = Query({HERE: 3})
    scene = scene_with(query)
    assert (scene.reconcile().looked, scene.told, due_in_s(scene)) == (1, [], LOOK_S)
    assert scene.reconcile().looked == 0
    scene.world.clock.forward(LOOK_S)
    assert scene.reconcile().looked == 1
    assert query.asked == [("1234567890", (HERE,))] * 2


def test_nobody_must_be_said_twice_a_grace_apart() -> None:
    scene = scene_with(Query({HERE: 0}))
    scene.take(entered(10))
    assert (scene.reconcile().closed, scene.told, due_in_s(scene)) == (0, [], GRACE_S)
    scene.world.clock.forward(GRACE_S)
    assert scene.reconcile().closed == 1
    assert told_at(scene) == [("RoomClosed", at(HOUR_S + 60))], "as of the first time"
    assert not is_open(scene.store)
    assert "platform_session_id" not in scene.told[0][1], "to the platform it goes on"


def test_people_between_two_times_nobody_start_it_anew() -> None:
    query = Query({HERE: 0})
    scene = scene_with(query)
    scene.take(entered(10))
    for people, wait, is_closed in ((0, GRACE_S, 0), (1, LOOK_S, 0), (0, GRACE_S, 0), (0, 0, 1)):
        query.people_by_room[HERE] = people
        assert scene.reconcile().closed == is_closed
        scene.world.clock.forward(wait)
    assert told_at(scene) == [("RoomClosed", at(HOUR_S + 60 + GRACE_S + LOOK_S))]


def test_a_room_that_nobody_entered_has_a_quarter_of_an_hour() -> None:
    scene = scene_with(Query({HERE: 0}))
    scene.reconcile()
    assert due_in_s(scene) == 900
    scene.world.clock.forward(899.999)
    assert scene.reconcile().looked == 0
    scene.world.clock.forward(0.001)
    assert scene.reconcile().closed == 1
    assert not is_open(scene.store)


def test_the_platform_beats_a_departure_that_was_wrong() -> None:
    scene = scene_with(Query({HERE: 1}))
    scene.take(entered(10))
    scene.take(left(20))
    scene.world.clock.forward(GRACE_S)
    assert (scene.reconcile().closed, due_in_s(scene)) == (0, LOOK_S)


def test_the_platform_beats_a_departure_that_got_lost() -> None:
    """Somebody came just after the platform had said nobody, and went unheard: it says nobody for ever after."""
    scene = scene_with(Query({HERE: 0}))
    scene.take(entered(10))
    scene.reconcile()
    scene.take(entered(HOUR_S + 61, "user-8"))
    for _ in range(20):
        scene.world.clock.forward(GRACE_S)
        scene.reconcile()
    assert not is_open(scene.store)


def test_a_room_that_the_answer_leaves_out_is_nobodys_guess() -> None:
    scene = scene_with(Query({}))
    assert (scene.reconcile().looked, scene.told, due_in_s(scene)) == (1, [], None)
    scene.take(left(10))
    scene.world.clock.forward(GRACE_S)
    assert scene.reconcile().closed == 1


# --- what only webhooks say


def test_the_last_departure_closes_a_room_as_of_its_time_when_the_grace_is_over(notes: Notes) -> None:
    scene = scene_with()
    for said in (entered(10), entered(11, "user-8"), left(20), left(30, "user-8")):
        scene.take(said)
    scene.world.clock.forward(GRACE_S - 0.001)
    assert scene.reconcile().closed == 0
    scene.world.clock.forward(0.001)
    assert scene.reconcile().closed == 1
    assert told_at(scene) == [("RoomClosed", at(30))]
    assert not is_open(scene.store)
    assert notes.of("ES611")["asked"] is False
    assert notes.of("ES614")["closed"] == 0


def test_one_who_stays_keeps_a_room_open() -> None:
    scene = scene_with()
    for said in (entered(10), entered(11, "user-8"), left(30)):
        scene.take(said)
    scene.world.clock.forward(GRACE_S)
    assert (scene.reconcile().closed, due_in_s(scene)) == (0, LOOK_S)


@pytest.mark.parametrize("who", ["user-7", "user-8"])
def test_an_entry_in_the_grace_keeps_a_room_open(who: str) -> None:
    scene = scene_with()
    for said in (entered(10), left(20), entered(50, who)):
        scene.take(said)
    scene.world.clock.forward(GRACE_S)
    assert (scene.reconcile().closed, scene.told, is_open(scene.store)) == (0, [], True)


@pytest.mark.parametrize("psid", ["X", "Y"])
def test_an_entry_after_the_close_opens_a_session_of_ours_anew(psid: str) -> None:
    """Also in the platform's same session: our recorder may have kept it alive."""
    scene = scene_with()
    first = scene.latest().session_id
    for said in (entered(10), left(20)):
        scene.take(said)
    scene.world.clock.forward(GRACE_S)
    scene.reconcile()
    scene.take(entered(HOUR_S + 120, "user-8", platform_session_id=psid))
    assert scene.kinds == ["RoomClosed", "RoomOpened"]
    assert is_open(scene.store)
    assert scene.latest().session_id != first
    assert len(scene.world.starter.names) == 2
    assert due_in_s(scene) == 60, "and is looked at"


def test_an_entry_in_the_platforms_session_after_the_platforms_own_close_opens_nothing() -> None:
    scene = scene_with()
    for said in (entered(10), left(20), closed(30, platform_session_id="X")):
        scene.take(said)
    scene.take(entered(25, "user-8", platform_session_id="X"))
    assert not is_open(scene.store)
    scene.world.clock.forward(GRACE_S)
    assert (scene.reconcile().looked, due_in_s(scene)) == (0, None)


def test_a_departure_during_the_run_has_its_grace_too() -> None:
    """One left long ago and the room is due; the last leaves while the run waits for another app's platform."""
    scene = scene_with()
    scene.take(entered(10))
    scene.take(entered(11, "user-8"))
    scene.take(left(20, "user-8"))
    scene.world.clock.forward(GRACE_S)
    scene.queries["agora"] = Query({"room-1": 1}, meanwhile=lambda: scene.take(left(HOUR_S + 120)))
    scene.open(room=elsewhere(1, "agora"))
    scene.store.note_left(elsewhere(1, "agora"), ms(20), scene.world.clock.now)
    assert scene.reconcile().closed == 0
    scene.world.clock.forward(GRACE_S)
    assert scene.reconcile().closed == 1
    assert told_at(scene) == [("RoomClosed", at(HOUR_S + 120))]


def test_who_came_after_a_close_that_was_given_up_has_a_grace_and_a_time_of_their_own() -> None:
    """A run noted the close and then found who had come meanwhile, whose departure is the last."""
    scene = scene_with()
    for said in (entered(10), left(20)):
        scene.take(said)
    scene.world.clock.forward(GRACE_S)
    meanwhile(scene.store, "note_closed", lambda: scene.take(entered(50, "user-8")))
    assert scene.reconcile().closed == 0
    scene.take(left(90, "user-8"))
    scene.world.clock.forward(GRACE_S)
    assert scene.reconcile().closed == 1
    assert told_at(scene) == [("RoomClosed", at(90))]
