"""Our close of an empty room against an entry, and against the end of the function, at every point."""

import pytest
from earshot.errors import RetryLater
from earshot.platforms.port import Notice

from tests.unit.support.attending import (
    GRACE_S,
    HOUR_S,
    Query,
    Scene,
    closed,
    crashing,
    entered,
    interleaved,
    is_open,
    left,
    ms,
)
from tests.unit.support.makers import ROOM, at

X = "platform_session_id"


def emptied(*, at_once: bool = False, asked: bool = False) -> Scene:
    """Somebody entered and left; the grace is over, or the platform has said nobody a grace ago."""
    scene = Scene(at_once=at_once)
    scene.open(platform_session_id="X")
    scene.take(entered(10, platform_session_id="X"))
    if asked:
        scene.queries["zego"] = Query({ROOM.room_id: 0})
        scene.world.clock.forward(60)
        scene.reconcile()
    else:
        scene.take(left(50, platform_session_id="X"))
    scene.world.clock.forward(GRACE_S)
    scene.told.clear()
    return scene


ENTRIES: list[tuple[str, Notice, bool]] = [
    ("the same comes back", entered(80, platform_session_id="X"), True),
    ("another comes", entered(80, "user-8", platform_session_id="X"), True),
    ("another comes, nameless", entered(80, "user-8"), True),
    ("in the platform's next session", entered(80, "user-8", platform_session_id="Y"), True),
    ("in the next millisecond", entered(50.001, "user-8", platform_session_id="X"), True),
    ("left before, told late", left(49, "user-8", platform_session_id="X"), False),
]
MODES = pytest.mark.parametrize("at_once", [True, False], ids=["told at once", "told in any order"])


@MODES
@pytest.mark.parametrize("entry_first", [True, False], ids=["entry interrupted", "run interrupted"])
@pytest.mark.parametrize(
    ("person", "open_"), [case[1:] for case in ENTRIES], ids=[case[0] for case in ENTRIES]
)
def test_an_entry_and_our_close_at_once(
    person: Notice, open_: bool, entry_first: bool, at_once: bool
) -> None:
    def enter(scene: Scene) -> None:
        scene.take(person)

    acts = (enter, Scene.reconcile) if entry_first else (Scene.reconcile, enter)
    scenes = list(interleaved(lambda: emptied(at_once=at_once), *acts))
    assert len(scenes) > 2
    for scene in scenes:
        assert scene.ends() == {open_}
        _goes_on(scene, open_)


def _goes_on(scene: Scene, open_: bool) -> None:
    """Nor do later runs close a room that somebody is in."""
    scene.come_through()
    for _ in range(3):
        scene.world.clock.forward(600)
        scene.reconcile()
        scene.come_through()
        assert is_open(scene.store) is open_


@MODES
@pytest.mark.parametrize("psid", ["X", "Y"])
def test_an_entry_against_a_close_that_the_platforms_answer_asks_for(psid: str, at_once: bool) -> None:
    person = entered(HOUR_S + 90, "user-8", platform_session_id=psid)
    for scene in interleaved(
        lambda: emptied(at_once=at_once, asked=True), Scene.reconcile, lambda scene: scene.take(person)
    ):
        assert scene.ends() == {True}


@MODES
def test_the_platforms_own_close_and_ours_at_once(at_once: bool) -> None:
    over = closed(52, platform_session_id="X")
    for first, second in ((0, 1), (1, 0)):
        acts = [lambda scene: scene.take(over), Scene.reconcile]
        for scene in interleaved(lambda: emptied(at_once=at_once), acts[first], acts[second]):
            assert scene.ends() == {False}
            scene.come_through()
            scene.take(entered(51, platform_session_id="X"))
            assert scene.ends() == {False}


@MODES
def test_two_runs_at_once_close_a_room_once(at_once: bool) -> None:
    for scene in interleaved(lambda: emptied(at_once=at_once), Scene.reconcile, Scene.reconcile):
        assert scene.ends() == {False}
        assert {detail for _, detail in scene.told} == {scene.told[0][1]}


def test_a_run_that_dies_anywhere_is_made_up_for_by_the_next() -> None:
    tries = list(crashing(emptied, Scene.reconcile))
    assert len(tries) > 6
    for scene, _ in tries:
        assert set(scene.kinds) == {"RoomClosed"}
        assert scene.ends() == {False}


def test_a_room_whose_close_could_not_be_told_stays_due() -> None:
    scene = emptied()
    due_at = scene.store.attendance(ROOM).due_at

    def refuse() -> None:
        if scene.store.attendance(ROOM).closed_at is not None:
            raise RetryLater("bus_busy")

    scene.before = refuse
    with pytest.raises(RetryLater):
        scene.reconcile()
    assert scene.told == []
    assert scene.store.attendance(ROOM).due_at == due_at


def test_a_close_that_was_told_and_got_lost_is_told_again_a_grace_later() -> None:
    scene = emptied()
    for _ in range(3):
        scene.reconcile()
        assert scene.reconcile().looked == 0
        scene.world.clock.forward(GRACE_S)
    assert scene.kinds == ["RoomClosed"] * 3
    assert len(set(scene.told)) == 1
    scene.come_through()
    assert (scene.reconcile().looked, is_open(scene.store)) == (0, False)
    assert scene.store.due_rooms(ms(9 * HOUR_S), 9) == []


def test_a_platforms_close_that_got_lost_is_told_by_the_next_look() -> None:
    scene = Scene(queries={"zego": Query({ROOM.room_id: 0})})
    scene.open(platform_session_id="X")
    scene.take(entered(10, platform_session_id="X"))
    scene.take(closed(20, platform_session_id="X"))
    scene.told.clear()
    scene.world.clock.forward(60)
    assert scene.reconcile().closed == 1
    assert [at(20) in detail for _, detail in scene.told] == [True]
    assert scene.ends() == {False}
