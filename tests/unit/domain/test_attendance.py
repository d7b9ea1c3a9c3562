"""Who is in a room: when an entry is news, and when an open room is to be closed or looked at again."""

from dataclasses import replace

import pytest
from earshot.domain.attendance import Attendance, Finding, Patience, find, needs_opening
from earshot.domain.room import Move, Occurrence, Room, decide_close, decide_open
from hypothesis import given
from hypothesis import strategies as st

ROOM = Room("zego", "1", "room")
GRACE, LOOK, UNENTERED = 60, 300, 900
PATIENCE = Patience(GRACE, LOOK, UNENTERED)
OPEN = Occurrence("session", opened_at=10, last_open_at=10)
REOPENED = replace(OPEN, last_open_at=40)
CLOSED = replace(OPEN, closed_at=50)


def here(**times: int) -> Attendance:
    return Attendance(ROOM, **times)


# --- an entry


ENTRIES = [
    # what is known of the room, of its people, when the person was there → is it news
    ("a room that nobody knows", None, here(), 20, True),
    ("an open room", OPEN, here(), 20, False),
    ("an open room, entered before it was opened", OPEN, here(), 5, False),
    ("a closed room, entered later", CLOSED, here(), 51, True),
    ("a closed room, entered at its very end", CLOSED, here(), 50, False),
    ("a closed room, entered before", CLOSED, here(), 20, False),
    ("a closed room whose close was noted", CLOSED, here(closed_at=50), 51, True),
    ("a close is on its way, entered before", OPEN, here(closed_at=50), 20, False),
    ("a close is on its way, entered at its time", OPEN, here(closed_at=50), 50, False),
    ("a close is on its way, entered later", OPEN, here(closed_at=50), 51, True),
    ("a later close than the record's is on its way", CLOSED, here(closed_at=60), 55, False),
    ("the close of a room that nobody knows", None, here(closed_at=50), 50, False),
    ("the close of a room that nobody knows, entered later", None, here(closed_at=50), 51, True),
    ("opened again since the close", REOPENED, here(closed_at=39), 45, False),
    ("opened again at the time of the close", REOPENED, here(closed_at=40), 45, True),
    ("opened again and closed again", REOPENED, here(closed_at=44), 45, True),
]


@pytest.mark.parametrize(
    ("latest", "attendance", "at", "is_news"),
    [case[1:] for case in ENTRIES],
    ids=[case[0] for case in ENTRIES],
)
def test_an_entry(latest: Occurrence | None, attendance: Attendance, at: int, is_news: bool) -> None:
    assert needs_opening(latest, attendance, at) is is_news


TIMES = st.integers(1, 100)
MAYBE = st.none() | TIMES


@st.composite
def records(draw: st.DrawFn) -> Occurrence:
    opened, more = draw(TIMES), draw(st.integers(0, 50))
    psid = draw(st.sampled_from([None, "A"]))
    return Occurrence("session", psid, opened, opened + more)


@given(records(), MAYBE, MAYBE, TIMES)
def test_what_is_told_is_news_no_more(
    latest: Occurrence, over: int | None, noted: int | None, at: int
) -> None:
    """Otherwise every entry of a crowd would open the room again."""
    latest = replace(latest, closed_at=over)
    attendance = Attendance(ROOM, closed_at=noted)
    opened = decide_open(ROOM, latest, None, at)
    if needs_opening(latest, attendance, at) and opened.move is not Move.IGNORE:
        assert not needs_opening(opened.record or latest, attendance, at)


@given(records(), MAYBE, MAYBE, TIMES)
def test_who_came_after_the_close_is_never_left_alone(
    latest: Occurrence, over: int | None, noted: int | None, at: int
) -> None:
    """With the close on its way, the room is open once both have come, in either order."""
    latest = replace(latest, closed_at=over)
    attendance = Attendance(ROOM, closed_at=noted)
    if at <= max(noted or 0, over or 0):
        return
    told = needs_opening(latest, attendance, at)
    assert told or (latest.is_open and (latest.last_open_at or 0) > (noted or 0))
    entered = (decide_open(ROOM, latest, None, at).record or latest) if told else latest
    end = decide_close(ROOM, entered, None, noted).record or entered if noted else entered
    assert end.is_open


# --- a look


def later(at: int, **kept: int) -> Finding:
    return Finding(due_at=at, **kept)


def close(at: int, now: int, **kept: int) -> Finding:
    return Finding(close_at=at, due_at=now + GRACE, **kept)


LOOKS = [
    # latest, attendance, asked, is_seen, now → finding
    ("people, says the platform", OPEN, here(), 3, False, 200, later(500, peopled_at=200)),
    ("people where all had left", OPEN, here(left_at=50), 1, False, 200, later(500, peopled_at=200)),
    ("people where it was empty", OPEN, here(empty_since=90), 1, False, 200, later(500, peopled_at=200)),
    ("people after a close", OPEN, here(closed_at=50), 1, False, 200, later(500, peopled_at=200)),
    (
        "nobody, for the first time",
        OPEN,
        here(peopled_at=90),
        0,
        True,
        200,
        later(260, peopled_at=90, empty_since=200),
    ),
    ("nobody, too soon again", OPEN, here(empty_since=200), 0, True, 259, later(260, empty_since=200)),
    ("nobody, a grace later", OPEN, here(empty_since=200), 0, True, 260, close(200, 260, empty_since=200)),
    (
        "nobody since before it was opened",
        REOPENED,
        here(empty_since=30),
        0,
        True,
        99,
        later(100, empty_since=30),
    ),
    ("nobody, never entered", OPEN, here(), 0, False, 200, later(1100, empty_since=200)),
    ("still never entered", OPEN, here(empty_since=200), 0, False, 1099, later(1100, empty_since=200)),
    (
        "never entered for long",
        OPEN,
        here(empty_since=200),
        0,
        False,
        1100,
        close(200, 1100, empty_since=200),
    ),
    (
        "nobody, and people were there once",
        OPEN,
        here(peopled_at=100, empty_since=200),
        0,
        False,
        260,
        close(200, 260, peopled_at=100, empty_since=200),
    ),
    (
        "nobody, and people were there before it was opened",
        OPEN,
        here(peopled_at=9, empty_since=200),
        0,
        False,
        260,
        later(1100, peopled_at=9, empty_since=200),
    ),
    ("all left, in the grace", OPEN, here(left_at=50), None, False, 109, later(110)),
    ("all left, after the grace", OPEN, here(left_at=50), None, False, 110, close(50, 110)),
    ("all left and nobody is there", OPEN, here(left_at=50), 0, False, 110, close(50, 110)),
    ("all left before it was opened again", REOPENED, here(left_at=30), None, False, 99, later(100)),
    (
        "all left before, closed as of the opening",
        REOPENED,
        here(left_at=30),
        None,
        False,
        100,
        close(40, 100),
    ),
    ("one left, another is there", OPEN, here(left_at=50), None, True, 500, later(800)),
    ("one is there", OPEN, here(peopled_at=7), None, True, 500, later(800, peopled_at=7)),
    ("left before this session", OPEN, here(left_at=10), None, False, 500, Finding()),
    ("nobody can tell", OPEN, here(), None, False, 500, Finding()),
    ("a close got lost", OPEN, here(closed_at=50), None, False, 51, close(50, 51)),
    ("a close got lost, says the platform too", OPEN, here(closed_at=50), 0, False, 51, close(50, 51)),
    ("a close got lost, entered since", OPEN, here(closed_at=50), None, True, 51, later(351)),
    ("a close before the opening", REOPENED, here(closed_at=39), None, False, 500, Finding()),
    ("a close at the opening", REOPENED, here(closed_at=40), None, False, 500, close(40, 500)),
]


@pytest.mark.parametrize(
    ("latest", "attendance", "asked", "is_seen", "now", "finding"),
    [case[1:] for case in LOOKS],
    ids=[case[0] for case in LOOKS],
)
def test_a_look(
    latest: Occurrence, attendance: Attendance, asked: int | None, is_seen: bool, now: int, finding: Finding
) -> None:
    assert find(latest, attendance, asked=asked, is_seen=is_seen, now=now, patience=PATIENCE) == finding


def test_a_room_nobody_entered_has_a_quarter_of_an_hour() -> None:
    assert Patience(60_000, 300_000).unentered == 900_000


@st.composite
def attendances(draw: st.DrawFn) -> Attendance:
    names = ("closed_at", "left_at", "peopled_at", "empty_since")
    return Attendance(ROOM, due_at=1, **{name: draw(MAYBE) for name in names})


ASKED = st.none() | st.integers(0, 3)
NOW = st.integers(150, 3_000)


@given(records(), attendances(), ASKED, st.booleans(), NOW)
def test_a_close_is_one_that_closes(
    latest: Occurrence, known: Attendance, asked: int | None, is_seen: bool, now: int
) -> None:
    found = find(latest, known, asked=asked, is_seen=is_seen, now=now, patience=PATIENCE)
    if found.close_at is None:
        return
    assert not asked, "nobody closes a room that people are in"
    assert found.close_at <= now
    assert found.due_at == now + GRACE, "looked at again, should the event be lost"
    assert decide_close(ROOM, latest, None, found.close_at).move is Move.CLOSE


@given(records(), attendances(), ASKED, st.booleans(), NOW)
def test_a_look_is_followed_by_another_unless_nobody_can_tell(
    latest: Occurrence, known: Attendance, asked: int | None, is_seen: bool, now: int
) -> None:
    found = find(latest, known, asked=asked, is_seen=is_seen, now=now, patience=PATIENCE)
    if found.due_at is None:
        assert found == Finding()
        assert (asked, is_seen) == (None, False)
    else:
        assert now < found.due_at <= now + UNENTERED
    assert found == find(latest, known, asked=asked, is_seen=is_seen, now=now, patience=PATIENCE)


@given(records(), attendances(), ASKED, st.booleans(), NOW)
def test_an_empty_room_has_its_grace(
    latest: Occurrence, known: Attendance, asked: int | None, is_seen: bool, now: int
) -> None:
    """But for a room whose close was noted and has not come through."""
    known = replace(known, closed_at=None)
    found = find(latest, known, asked=asked, is_seen=is_seen, now=now, patience=PATIENCE)
    if found.close_at is not None:
        assert now >= found.close_at + GRACE
        assert found.close_at >= (latest.last_open_at or 0)
        assert known.left_at or known.empty_since, "said by a departure, or by the platform before"


@given(records(), attendances(), st.booleans(), NOW, st.integers(0, UNENTERED))
def test_the_platform_must_say_nobody_twice(
    latest: Occurrence, known: Attendance, is_seen: bool, now: int, after: int
) -> None:
    known = replace(known, closed_at=None, left_at=None, empty_since=None)
    first = find(latest, known, asked=0, is_seen=is_seen, now=now, patience=PATIENCE)
    assert (first.close_at, first.empty_since) == (None, now)
    assert first.due_at
    known = replace(known, empty_since=first.empty_since, peopled_at=first.peopled_at)
    again = find(latest, known, asked=0, is_seen=is_seen, now=now + after, patience=PATIENCE)
    assert again.close_at == (now if now + after >= first.due_at else None)


@given(records(), attendances(), NOW)
def test_people_are_the_end_of_an_emptiness(latest: Occurrence, known: Attendance, now: int) -> None:
    found = find(latest, known, asked=1, is_seen=False, now=now, patience=PATIENCE)
    assert found == Finding(due_at=now + LOOK, peopled_at=now)


@given(records(), attendances(), st.sampled_from([None, 0]), st.integers(60, 100), NOW)
def test_a_room_is_closed_as_of_its_last_departure(
    latest: Occurrence, known: Attendance, asked: int | None, left_at: int, now: int
) -> None:
    """Also where a close was noted that somebody came after."""
    known = replace(known, left_at=left_at)
    found = find(latest, known, asked=asked, is_seen=False, now=now, patience=PATIENCE)
    if known.counts(latest) and found.close_at is not None:
        assert found.close_at >= left_at
