"""A notice against another, and against the end of the function: at every point, nothing may be lost."""

from collections.abc import Callable
from typing import Any

import pytest
from earshot.platforms.port import Notice, NoticeKind

from tests.unit.support.attending import (
    Scene,
    closed,
    crashing,
    entered,
    interleaved,
    known_of,
    left,
    ms,
    notice,
)
from tests.unit.support.makers import ROOM

X: dict[str, Any] = {"platform_session_id": "X"}
Y: dict[str, Any] = {"platform_session_id": "Y"}


# --- an entry against a close


def opened(**names: Any) -> Callable[[Scene], None]:
    return lambda scene: scene.open(1, **names)


def unknown(scene: Scene) -> None:
    """Nothing has been heard of the room."""


def peopled(scene: Scene) -> None:
    scene.open(1, **X)
    scene.take(entered(10, **X))


RACES: list[tuple[str, Callable[[Scene], None], Notice, Notice, bool]] = [
    # the room before, its close, somebody → is it open in the end
    ("the next session is entered", opened(**X), closed(100, **X), entered(120, **Y), True),
    ("entered later", opened(), closed(100), entered(120), True),
    ("entered in the next millisecond", opened(), closed(100), entered(100.001), True),
    ("entered at the close", opened(), closed(100), entered(100), False),
    ("entered before", opened(**X), closed(100, **X), entered(80, **X), False),
    ("entered before, nameless", opened(), closed(100), entered(80), False),
    ("the next session, its close known alone", unknown, closed(100, **X), entered(120, **Y), True),
    ("entered later, its close known alone", unknown, closed(100), entered(120), True),
    ("entered before, its close known alone", unknown, closed(100, **X), entered(80, **X), False),
    ("left before", peopled, closed(100, **X), left(95, **X), False),
    ("left after", peopled, closed(100, **X), left(101, **X), False),
    ("comes back in the next session", peopled, closed(100, **X), entered(120, **Y), True),
    (
        "a stream of the next session",
        peopled,
        closed(100, **X),
        notice(NoticeKind.STREAM_STARTED, 120, "user-7", stream_id="s1", **Y),
        True,
    ),
]


@pytest.mark.parametrize("at_once", [True, False], ids=["told at once", "told in any order"])
@pytest.mark.parametrize("close_first", [True, False], ids=["close interrupted", "entry interrupted"])
@pytest.mark.parametrize(
    ("before", "close", "person", "is_open"), [race[1:] for race in RACES], ids=[race[0] for race in RACES]
)
def test_an_entry_and_a_close_at_once(
    before: Callable[[Scene], None],
    close: Notice,
    person: Notice,
    is_open: bool,
    close_first: bool,
    at_once: bool,
) -> None:
    def make() -> Scene:
        scene = Scene(at_once=at_once)
        before(scene)
        scene.told.clear()
        return scene

    first, second = (close, person) if close_first else (person, close)
    scenes = list(interleaved(make, lambda scene: scene.take(first), lambda scene: scene.take(second)))
    assert len(scenes) > 2, "nothing was interrupted"
    for scene in scenes:
        assert scene.ends() == {is_open}


# --- crashes


NOTICES = [
    notice(NoticeKind.OPENED, 120, "user-7", **Y),
    closed(100, **X),
    entered(120, **Y),
    entered(50, **X),
    left(95, **X),
    left(95, stream_id="s1", **X),
    notice(NoticeKind.STREAM_STARTED, 120, "user-7", stream_id="s1", **Y),
    notice(NoticeKind.STREAM_STOPPED, 120, "user-7", stream_id="s1", **X),
]


def _waited_for(scene: Scene) -> None:
    """A room that somebody entered whose close was told of before."""
    scene.open(1, **X)
    scene.take(closed(60))
    scene.take(entered(110, "user-8", **Y))


@pytest.mark.parametrize("before", [unknown, opened(**X), peopled, _waited_for])
@pytest.mark.parametrize("said", NOTICES, ids=lambda said: f"{said.kind}-{(said.at - ms(0)) // 1000}")
def test_a_crash_anywhere_and_the_same_notice_again_lose_nothing(
    before: Callable[[Scene], None], said: Notice
) -> None:
    def make() -> Scene:
        scene = Scene()
        before(scene)
        scene.told.clear()
        return scene

    smooth = make()
    smooth.take(said, by_stream=True)
    tries = list(crashing(make, lambda scene: scene.take(said, by_stream=True)))
    assert [failed for _, failed in tries] == [True] * (len(tries) - 1) + [False]
    assert len(tries) > 1
    for scene, _ in tries:
        assert set(scene.told) == set(smooth.told)
        assert known_of(scene.store) == known_of(smooth.store)


def test_a_departure_that_crashed_and_an_entry_meanwhile() -> None:
    """The platform repeats the departure later than the person comes back."""
    for scene, _ in crashing(Scene, lambda scene: scene.take(left(9))):
        scene.take(entered(20))
        scene.take(left(9))
        assert scene.store.anybody_in(ROOM, 0) is not None
