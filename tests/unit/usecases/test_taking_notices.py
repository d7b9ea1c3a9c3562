"""What a webhook says becomes events: in whatever order it is said, and however often."""

import json
from typing import Any

import pytest
from earshot.domain.room import Move
from earshot.platforms.port import Notice, NoticeKind

from tests.unit.support.attending import (
    GRACE_S,
    HOUR_S,
    Scene,
    closed,
    entered,
    known_of,
    left,
    ms,
    notice,
)
from tests.unit.support.makers import ROOM, at

X: dict[str, Any] = {"platform_session_id": "X"}
Y: dict[str, Any] = {"platform_session_id": "Y"}


def detail(scene: Scene, number: int = 0) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(scene.told[number][1])
    return parsed


# --- each kind of notice


PLACE = {"platform": "zego", "app_id": "1234567890", "room_id": "room-1001", "plan": "default"}


def test_an_opening_names_its_session_and_who_opened() -> None:
    scene = Scene()
    scene.take(notice(NoticeKind.OPENED, 5, "owner-42", **X))
    assert scene.kinds == ["RoomOpened"]
    assert detail(scene) == {**PLACE, **X, "occurred_at": at(5), "account_id": "owner-42"}
    assert known_of(scene.store)["people"] == {}, "who opened it may be somebody's server"


def test_a_close_names_its_session() -> None:
    scene = Scene()
    scene.take(closed(9, **X))
    assert scene.kinds == ["RoomClosed"]
    assert detail(scene) == {**PLACE, **X, "occurred_at": at(9)}
    assert scene.store.attendance(ROOM).closed_at == ms(9)


def test_an_entry_opens_a_room_that_nobody_knew_under_its_plan() -> None:
    scene = Scene()
    scene.take(entered(5, **X), plan="strict")
    assert scene.kinds == ["RoomOpened"]
    assert detail(scene) == {**PLACE, **X, "occurred_at": at(5), "plan": "strict"}


def test_an_entry_into_an_open_room_is_no_news() -> None:
    scene = Scene()
    scene.open(**X)
    scene.take(entered(5, **X))
    assert scene.told == []
    person = scene.store.anybody_in(ROOM, 0)
    assert person
    assert (person.user_id, person.at, person.platform_session_id) == ("user-7", ms(5), "X")


def test_a_departure_is_looked_after_when_the_grace_is_over() -> None:
    scene = Scene()
    scene.open(**X)
    scene.take(entered(5, **X))
    scene.take(left(9, **X))
    assert scene.told == []
    assert scene.store.anybody_in(ROOM, 0) is None
    known = scene.store.attendance(ROOM)
    assert (known.left_at, known.due_at) == (ms(9), ms(HOUR_S + GRACE_S))


@pytest.mark.parametrize("by_stream", [True, False])
@pytest.mark.parametrize("stream", [None, "s1"])
def test_a_departure_that_ends_a_stream_says_so_where_streams_are_listened_to(
    by_stream: bool, stream: str | None
) -> None:
    scene = Scene()
    scene.take(left(9, stream_id=stream, **X), by_stream=by_stream)
    assert scene.kinds == (["StreamStopped"] if by_stream and stream else [])
    if scene.told:
        who = {"account_id": "user-7"}
        assert detail(scene) == {**PLACE, **X, **who, "occurred_at": at(9), "stream_id": "s1"}


@pytest.mark.parametrize("who", [None, "user-7"])
def test_a_stream_starts_and_stops(who: str | None) -> None:
    scene = Scene()
    scene.open(**X)
    for kind in (NoticeKind.STREAM_STARTED, NoticeKind.STREAM_STOPPED):
        scene.take(notice(kind, 5, who, stream_id="s1", **X))
    assert scene.kinds == ["StreamStarted", "StreamStopped"]
    told = {**PLACE, **X, "occurred_at": at(5), "stream_id": "s1", **({"account_id": who} if who else {})}
    assert [detail(scene, n) for n in (0, 1)] == [told] * 2


def test_who_starts_a_stream_is_there_though_the_entry_was_lost() -> None:
    scene = Scene()
    scene.take(notice(NoticeKind.STREAM_STARTED, 5, "user-7", stream_id="s1", **X))
    assert scene.kinds == ["RoomOpened", "StreamStarted"]
    assert scene.store.anybody_in(ROOM, 0) is not None
    scene.come_through()
    scene.take(notice(NoticeKind.STREAM_STOPPED, 7, "user-7", stream_id="s1", **X))
    assert scene.store.anybody_in(ROOM, 0) is not None, "who is silent is there"


def test_a_change_of_role_keeps_a_person_there_through_a_close() -> None:
    """The entry of before the close is over; the change of after it is an entry that got lost."""
    scene = Scene()
    scene.open()
    scene.take(entered(5))
    scene.take(closed(50))
    scene.take(entered(60))
    assert scene.kinds == ["RoomClosed", "RoomOpened"]
    assert scene.ends() == {True}


@pytest.mark.parametrize("said", [entered(5), left(5)])
def test_a_notice_of_nobody_counts_nobody(said: Notice) -> None:
    scene = Scene()
    scene.take(Notice("key", said.kind, said.room_id, said.at))
    assert (scene.told, known_of(scene.store)["people"], known_of(scene.store)["attendances"]) == ([], {}, {})


# --- late and shuffled


@pytest.mark.parametrize("at_s", [20, 99, 100])
def test_an_entry_of_before_the_close_that_comes_late_opens_nothing(at_s: float) -> None:
    scene = Scene()
    scene.open(**X)
    scene.take(closed(100, **X))
    scene.come_through()
    scene.take(entered(at_s, **X))
    scene.take(notice(NoticeKind.OPENED, 1, **X))
    assert scene.ends() == {False}


def test_an_entry_that_comes_after_the_departure_says_nothing() -> None:
    scene = Scene()
    scene.take(left(9))
    scene.take(entered(5))
    assert scene.told == []
    assert scene.store.anybody_in(ROOM, 0) is None


def test_a_departure_that_comes_after_the_next_entry_says_nothing() -> None:
    scene = Scene()
    scene.open()
    for said in (entered(5), entered(20), left(9)):
        scene.take(said)
    assert scene.store.anybody_in(ROOM, 0) is not None
    assert scene.store.attendance(ROOM).due_at == ms(HOUR_S + 60), "of the opening, not of the departure"


def test_one_session_after_the_other() -> None:
    scene = Scene(at_once=True)
    scene.take(entered(5, **X))
    scene.take(closed(50, **X))
    scene.take(entered(60, **Y))
    assert (scene.kinds, scene.latest().platform_session_id) == (
        ["RoomOpened", "RoomClosed", "RoomOpened"],
        "Y",
    )
    scene.take(closed(50, **X))
    assert scene.latest().is_open


def test_a_crowd_opens_a_room_once() -> None:
    scene = Scene(at_once=True)
    scene.open(1)
    scene.take(closed(50))
    for number in range(5):
        scene.take(entered(60 + number, f"user-{number}"))
    assert scene.kinds == ["RoomClosed", "RoomOpened"]


def test_tracking_what_was_told_twice_is_tracking_it_once() -> None:
    scene = Scene()
    scene.take(entered(5, **X))
    scene.track(*scene.told, *scene.told)
    assert len(scene.store._watches) == 1
    assert scene.world.track("RoomOpened", occurred_at=at(5), **X) is Move.REPEAT


# --- who makes a room


@pytest.mark.parametrize("before", [[entered(5)], [entered(5), left(9)]], ids=["somebody there", "all gone"])
def test_a_room_that_is_made_anew_where_people_are_told_of_is_not_opened_by_that(
    before: list[Notice],
) -> None:
    """Our own recorder may have made it, by entering a room that everybody had left: a room would open itself."""
    scene = Scene()
    for said in before:
        scene.take(said)
    known = len(scene.told)
    scene.take(notice(NoticeKind.OPENED, 60, "robot-1", **Y))
    assert scene.kinds[known:] == []
    scene.take(closed(70, **Y))
    scene.take(entered(80, "user-8", platform_session_id="Z"))
    assert scene.kinds[known:] == ["RoomClosed", "RoomOpened"], "a person opens it"


def test_a_day_without_people_is_enough_for_a_room_to_be_opened_by_its_making() -> None:
    """The platform may have stopped to tell of people."""
    scene, day_s = Scene(), 86_400
    scene.take(entered(5))
    scene.take(left(9))
    scene.world.clock.now = ms(9 + day_s)
    scene.take(notice(NoticeKind.OPENED, 8.999 + day_s, **Y))
    assert scene.kinds == ["RoomOpened"]
    scene.take(notice(NoticeKind.OPENED, 9 + day_s, **Y))
    assert scene.kinds == ["RoomOpened", "RoomOpened"]
