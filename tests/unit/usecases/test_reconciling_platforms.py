"""Rooms that are believed open: what platforms are asked, how often, and what if they do not answer."""

import pytest
from earshot.domain.attendance import Finding
from earshot.errors import EarshotError, GiveUp, Misconfigured, RetryLater
from earshot.platforms.port import RoomQuery

from tests.unit.support.attending import (
    HOUR_S,
    Query,
    Scene,
    closed,
    elsewhere,
    entered,
    left,
    ms,
)
from tests.unit.support.makers import ROOM
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


# --- a platform that does not answer


@pytest.mark.parametrize(
    "error", [RetryLater("agora_unreachable"), GiveUp("agora_404")], ids=["later", "never"]
)
def test_a_platform_that_does_not_answer_is_asked_again_in_a_minute(
    error: EarshotError, notes: Notes
) -> None:
    query = Query({HERE: 0}, errors=[error])
    scene = scene_with(query)
    scene.take(entered(10))
    scene.take(left(20))
    scene.store.settle_look(
        scene.store.due_rooms(ms(3 * HOUR_S), 1)[0],
        _found(scene.world.clock.now, peopled_at=ms(7), empty_since=ms(8)),
    )
    assert (scene.reconcile().looked, scene.told, due_in_s(scene)) == (0, [], 60)
    kept = scene.store.attendance(ROOM)
    assert (kept.peopled_at, kept.empty_since) == (ms(7), ms(8))
    assert notes.of("ES612")["reason"] == error.reason
    scene.world.clock.forward(60)
    assert scene.reconcile().closed == 1


def _found(due_at: int, **times: int) -> Finding:
    return Finding(due_at=due_at, **times)


def test_an_app_whose_secret_is_missing_is_counted_by_webhooks_and_asked_once_a_run(notes: Notes) -> None:
    missing = Misconfigured("secret zego.1234567890.server_secret", "is missing")
    query = Query({}, errors=[missing] * 9, batch=1)
    scene = scene_with(query)
    scene.open(room=elsewhere(1))
    scene.open(room=elsewhere(2, app_id="other"))
    for room in (ROOM, elsewhere(1), elsewhere(2, app_id="other")):
        scene.store.note_left(room, ms(20), scene.world.clock.now)
    assert scene.reconcile().closed == 3
    assert [app for app, _ in query.asked] == ["1234567890", "other"]
    assert notes.codes.count("ES613") == 2
    assert notes.of("ES613")["setting"] == "secret zego.1234567890.server_secret"
    scene.open(2 * HOUR_S)
    scene.world.clock.now = ms(2 * HOUR_S + 60)
    scene.reconcile()
    assert len(query.asked) == 3, "and again in the next"


# --- many rooms


def many(scene: Scene, count: int, app_id: str = "1234567890") -> None:
    for number in range(count):
        scene.open(room=elsewhere(number, app_id=app_id))
    scene.world.clock.forward(60)


def test_rooms_are_asked_for_in_batches_of_one_app_at_the_rate_that_is_allowed() -> None:
    query = Query(batch=10, per_second=4)
    scene = Scene(queries={"zego": query})
    query.meanwhile = lambda: rested.append(len(scene.rests))
    rested: list[int] = []
    many(scene, 25)
    many(scene, 3, "other")
    assert scene.reconcile().looked == 28
    assert [(app, len(rooms)) for app, rooms in query.asked] == [
        ("1234567890", 10),
        ("1234567890", 10),
        ("1234567890", 5),
        ("other", 3),
    ]
    assert len({name for app, rooms in query.asked for name in rooms if app != "other"}) == 25
    assert (scene.rests, rested) == ([0.25] * 4, [1, 2, 3, 4]), "before each call"


def test_where_there_is_nobody_to_ask_there_is_nothing_to_wait_for() -> None:
    scene = Scene()
    many(scene, 150)
    assert (scene.reconcile().looked, scene.rests) == (150, [])


def test_a_run_ends_in_time_and_the_rest_stays_due() -> None:
    query = Query({f"room-{number}": 1 for number in range(50)})
    scene = Scene(queries={"zego": query})
    many(scene, 50)
    query.meanwhile = lambda: scene.world.clock.forward(20)
    assert scene.reconcile(for_s=45).looked == 30
    assert len(scene.store.due_rooms(scene.world.clock.now, 100)) == 20
    assert scene.reconcile(for_s=45).looked == 20


def test_rooms_that_are_closed_go_off_the_list_unasked() -> None:
    query = Query()
    scene = scene_with(query)
    scene.take(closed(20))
    scene.store.note_left(elsewhere(9), ms(20), ms(20))
    scene.told.clear()
    assert (scene.reconcile().looked, query.asked, scene.rests, scene.told) == (0, [], [], [])
    assert scene.store.due_rooms(ms(9 * HOUR_S), 9) == []


def test_a_query_is_told_who_is_a_recorder() -> None:
    scene = scene_with(Query({HERE: 1}))
    asked: list[tuple[str, str | int]] = []

    def is_recorder(platform: str, user_id: str | int) -> bool:
        asked.append((platform, user_id))
        return user_id == "8"

    class Asking(Query):
        def people(self, app_id, room_ids, is_recorder):  # type: ignore[no-untyped-def]
            assert is_recorder(7) is False
            assert is_recorder("8") is True
            return {}

    scene.queries["zego"] = Asking()
    scene.reconcile(is_recorder=is_recorder)
    assert asked == [("zego", 7), ("zego", "8")]
