"""Every event against every state of a room's record."""

import pytest
from earshot.domain import ids
from earshot.domain.room import GRAVES_KEPT, Decision, Move, Occurrence, Room, decide_close, decide_open

ROOM = Room("zego", "1", "room")
OTHER = "the other session"


def name(occurrence: str | int) -> str:
    return ids.session_id(ROOM.key, occurrence)


def record(psid: str | None = None, opened: int = 10, **fields: object) -> Occurrence:
    times = {"opened_at": opened, "last_open_at": opened, **fields}
    return Occurrence(name(psid or opened), psid, **times)  # type: ignore[arg-type]


NAMELESS_OPEN = record()
NAMELESS_CLOSED = record(closed_at=20)
NAMED_OPEN = record("A")
NAMED_CLOSED = record("A", closed_at=20, graves=("A",))
NAMED_EMPTIED = record("A", closed_at=20)  # everybody had left: we closed it, its platform did not
GRAVE_ONLY = Occurrence(name("A"), "A", closed_at=20, graves=("A",))


OPENINGS: list[tuple[str, Occurrence | None, str | None, int, Move, str | None, str | None]] = [
    # state, latest, psid, at → move, session, superseded
    ("unknown room, nameless", None, None, 10, Move.CLAIM, name(10), None),
    ("unknown room, named", None, "A", 10, Move.CLAIM, name("A"), None),
    ("open, same time", NAMELESS_OPEN, None, 10, Move.REPEAT, name(10), None),
    ("open, later", NAMELESS_OPEN, None, 15, Move.REPEAT, name(10), None),
    ("open, earlier", NAMELESS_OPEN, None, 5, Move.REPEAT, name(10), None),
    ("closed, opened later", NAMELESS_CLOSED, None, 21, Move.CLAIM, name(21), None),
    ("closed, opened at the very end", NAMELESS_CLOSED, None, 20, Move.IGNORE, None, None),
    ("closed, old open", NAMELESS_CLOSED, None, 10, Move.IGNORE, None, None),
    ("named and open, same name", NAMED_OPEN, "A", 10, Move.REPEAT, name("A"), None),
    ("named and open, same name, later", NAMED_OPEN, "A", 99, Move.REPEAT, name("A"), None),
    ("named and closed, same name", NAMED_CLOSED, "A", 10, Move.IGNORE, name("A"), None),
    ("named and closed, same name, later", NAMED_CLOSED, "A", 99, Move.IGNORE, name("A"), None),
    ("named and emptied, entered later", NAMED_EMPTIED, "A", 21, Move.CLAIM, name("A from 21"), None),
    ("named and emptied, entered at the very end", NAMED_EMPTIED, "A", 20, Move.IGNORE, name("A"), None),
    ("named and emptied, entered before", NAMED_EMPTIED, "A", 15, Move.IGNORE, name("A"), None),
    ("named and emptied, a newer one", NAMED_EMPTIED, "B", 20, Move.CLAIM, name("B"), None),
    ("close came first", GRAVE_ONLY, "A", 10, Move.IGNORE, name("A"), None),
    ("named and open, a newer one", NAMED_OPEN, "B", 11, Move.CLAIM, name("B"), name("A")),
    ("named and open, an older one", NAMED_OPEN, "B", 9, Move.IGNORE, None, None),
    ("named and open, one as old", NAMED_OPEN, "B", 10, Move.IGNORE, None, None),
    ("named and closed, a newer one", NAMED_CLOSED, "B", 20, Move.CLAIM, name("B"), None),
    ("named and closed, an older one", NAMED_CLOSED, "B", 19, Move.IGNORE, None, None),
    ("named and open, nameless event", NAMED_OPEN, None, 15, Move.REPEAT, name("A"), None),
    ("named and closed, nameless old", NAMED_CLOSED, None, 15, Move.IGNORE, None, None),
    ("named and closed, nameless new", NAMED_CLOSED, None, 21, Move.CLAIM, name(21), None),
    ("nameless and open, named event", NAMELESS_OPEN, "B", 15, Move.REPEAT, name(10), None),
    ("nameless and closed, named new", NAMELESS_CLOSED, "B", 21, Move.CLAIM, name("B from 21"), None),
    ("nameless and closed, named old", NAMELESS_CLOSED, "B", 15, Move.IGNORE, None, None),
]


@pytest.mark.parametrize(
    ("latest", "psid", "at", "move", "session", "superseded"),
    [case[1:] for case in OPENINGS],
    ids=[case[0] for case in OPENINGS],
)
def test_an_opening(
    latest: Occurrence | None, psid: str | None, at: int, move: Move, session: str, superseded: str
) -> None:
    decision = decide_open(ROOM, latest, psid, at)
    assert (decision.move, decision.session_id, decision.superseded) == (move, session, superseded)
    if move is Move.CLAIM:
        assert decision.record
        assert decision.record.is_open
        assert decision.record.session_id == session
        assert decision.record.opened_at == at


CLOSINGS: list[tuple[str, Occurrence | None, str | None, int, Move, str | None, bool]] = [
    # state, latest, psid, at → move, session, is the room open afterwards
    ("unknown room, nameless", None, None, 20, Move.CLOSE, name(20), False),
    ("unknown room, named", None, "A", 20, Move.CLOSE, name("A"), False),
    ("open", NAMELESS_OPEN, None, 20, Move.CLOSE, name(10), False),
    ("open, closed in the same millisecond", NAMELESS_OPEN, None, 10, Move.CLOSE, name(10), False),
    ("open, an old close", NAMELESS_OPEN, None, 9, Move.IGNORE, None, True),
    ("closed, again", NAMELESS_CLOSED, None, 20, Move.CLOSE, name(10), False),
    ("closed, a later close", NAMELESS_CLOSED, None, 30, Move.CLOSE, name(10), False),
    ("named and open, its own close", NAMED_OPEN, "A", 20, Move.CLOSE, name("A"), False),
    ("named and open, its own close by a slow clock", NAMED_OPEN, "A", 9, Move.CLOSE, name("A"), False),
    ("named and open, another's close", NAMED_OPEN, "B", 20, Move.IGNORE, None, True),
    ("named and closed, again", NAMED_CLOSED, "A", 20, Move.CLOSE, name("A"), False),
    ("named and emptied, its own close", NAMED_EMPTIED, "A", 30, Move.CLOSE, name("A"), False),
    ("named and emptied, emptied again", NAMED_EMPTIED, None, 30, Move.CLOSE, name("A"), False),
    ("named and closed, another's close", NAMED_CLOSED, "B", 30, Move.IGNORE, None, False),
    ("named and open, nameless close", NAMED_OPEN, None, 20, Move.CLOSE, name("A"), False),
    ("named and open, nameless old close", NAMED_OPEN, None, 5, Move.IGNORE, None, True),
    ("nameless and open, named close", NAMELESS_OPEN, "A", 20, Move.CLOSE, name(10), False),
    ("nameless and open, named old close", NAMELESS_OPEN, "A", 5, Move.IGNORE, None, True),
]


@pytest.mark.parametrize(
    ("latest", "psid", "at", "move", "session", "is_open"),
    [case[1:] for case in CLOSINGS],
    ids=[case[0] for case in CLOSINGS],
)
def test_a_closing(
    latest: Occurrence | None, psid: str | None, at: int, move: Move, session: str, is_open: bool
) -> None:
    decision = decide_close(ROOM, latest, psid, at)
    assert (decision.move, decision.session_id) == (move, session)
    after = decision.record or latest
    assert after
    assert after.is_open is is_open


def test_a_repeat_that_changes_nothing_writes_nothing() -> None:
    assert decide_open(ROOM, NAMELESS_OPEN, None, 10).record is None
    assert decide_open(ROOM, NAMED_OPEN, "A", 10).record is None
    assert decide_close(ROOM, NAMELESS_CLOSED, None, 20).record is None
    assert decide_close(ROOM, NAMED_CLOSED, "A", 25).record is None


def test_an_open_whose_close_came_first_ends_what_was_still_open_before_it() -> None:
    buried = decide_close(ROOM, NAMED_OPEN, "B", 30).record
    decision = decide_open(ROOM, buried, "B", 20)
    assert decision == Decision(
        Move.CLOSE, Occurrence(name("B"), "B", 20, 20, closed_at=20, graves=("B",)), None, name("A")
    )


def test_the_latest_opening_time_is_kept_so_that_an_older_close_cannot_end_it() -> None:
    reopened = decide_open(ROOM, NAMELESS_OPEN, None, 30).record
    assert decide_close(ROOM, reopened, None, 25).move is Move.IGNORE
    assert decide_close(ROOM, reopened, None, 31).move is Move.CLOSE


def test_a_named_entry_at_a_later_time_keeps_an_older_nameless_close_from_ending_it() -> None:
    entered = decide_open(ROOM, NAMED_OPEN, "A", 30).record
    assert entered == record("A", last_open_at=30)
    assert decide_open(ROOM, entered, "A", 20).record is None
    assert decide_close(ROOM, entered, None, 29) == Decision(Move.IGNORE, None)
    assert decide_close(ROOM, entered, None, 31).move is Move.CLOSE


@pytest.mark.parametrize("at", [15, 20, 99])
def test_once_the_platform_has_closed_its_session_nobody_enters_it(at: int) -> None:
    buried = decide_close(ROOM, NAMED_EMPTIED, "A", 15).record
    assert buried == record("A", closed_at=20, graves=("A",)), "our close was later, and stands"
    assert decide_open(ROOM, buried, "A", at) == Decision(Move.IGNORE, None, name("A"))


def test_every_part_of_a_platforms_session_has_a_name_of_its_own() -> None:
    held: Occurrence | None = None
    claimed = []
    for at in (10, 30, 50):
        opened = decide_open(ROOM, held, "A", at)
        assert opened.move is Move.CLAIM
        claimed.append(opened.session_id)
        held = decide_close(ROOM, opened.record, None, at + 10).record
    assert claimed == [name("A"), name("A from 30"), name("A from 50")]


def test_a_session_that_its_platform_closed_is_not_entered_whatever_the_record_is_of() -> None:
    """Its opening never came: the record is of a nameless session, and remembers the close."""
    nameless = decide_close(ROOM, NAMELESS_OPEN, "A", 20).record
    assert nameless == record(closed_at=20, graves=("A",))
    assert decide_open(ROOM, nameless, "A", 21).move is Move.IGNORE


def test_as_many_graves_are_kept_as_promised_and_no_more() -> None:
    held: Occurrence | None = record("open")
    for number in range(GRAVES_KEPT + 1):
        held = decide_close(ROOM, held, f"S{number}", 50).record
    assert held
    assert held.graves == tuple(f"S{number}" for number in range(1, GRAVES_KEPT + 1))


def test_a_grave_is_dug_once() -> None:
    held = decide_close(ROOM, NAMED_OPEN, "B", 30).record
    assert decide_close(ROOM, held, "B", 30) == Decision(Move.IGNORE, None)


def test_a_stream_is_a_place_of_its_own() -> None:
    assert ROOM.stream("s1").key != ROOM.key
    assert ROOM.stream("s1").key != ROOM.stream("s2").key
    assert ROOM.stream("s1") == Room("zego", "1", "room", "s1")
