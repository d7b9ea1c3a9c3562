"""Derived ids: the same fact the same name, different facts different names, all fit for names and addresses."""

import re

from earshot.domain import ids
from hypothesis import assume, given
from hypothesis import strategies as st

SAFE = re.compile(r"[A-Za-z0-9_-]{1,80}")
"""Both an execution name and a URL path segment that needs no escaping."""

AWKWARD = [
    "#",
    "/",
    "a/b",
    "a#b",
    '"',
    '","',
    "'",
    "\\",
    " ",
    "房间一",
    "😀",
    "字" * 42 + "a",
    "é",
    "e\u0301",
]
part = st.one_of(st.sampled_from(AWKWARD), st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
Place = tuple[str, str, str, str | None]
place = st.tuples(part, part, part, st.one_of(st.none(), part))


@given(place, place)
def test_different_places_have_different_keys(one: Place, other: Place) -> None:
    assume(one != other)
    assert ids.room_key(*one) != ids.room_key(*other)


def test_parts_cannot_flow_into_each_other() -> None:
    keys = [
        ids.room_key("zego", "1", "ab"),
        ids.room_key("zego", "1a", "b"),
        ids.room_key("zego", "1", 'a","b'),
        ids.room_key("zego", '1","a', "b"),
        ids.room_key("zego", "1", "a", "b"),
        ids.room_key("zego", "1", "a#b"),
        ids.room_key("zego", "1", "a/b"),
    ]
    assert len(set(keys)) == len(keys)


def test_a_number_is_not_its_digits() -> None:
    room = ids.room_key("zego", "1", "r")
    assert ids.session_id(room, 1000) != ids.session_id(room, "1000")


def test_an_absent_part_is_not_an_empty_one() -> None:
    assert ids.digest("a", None) != ids.digest("a", "")
    assert ids.digest("a", None) != ids.digest("a")


@given(place, st.one_of(part, st.integers()), st.booleans(), st.integers(1, 10_000_000))
def test_every_id_is_safe_short_and_repeatable(
    where: Place, occurrence: str | int, hits_only: bool, number: int
) -> None:
    session = ids.session_id(ids.room_key(*where), occurrence)
    stream = ids.session_id(ids.room_key(*where), f"{occurrence}+")
    for watch in (ids.watch_id(session, "primary"), ids.watch_id(session, "primary", stream)):
        ref = ids.task_ref(watch, number, hits_only=hits_only)
        assert all(SAFE.fullmatch(made) for made in (session, watch, ref, f"{watch}-late-{number}"))
        assert ids.session_of(watch) == ids.session_of(ref) == session
        assert ids.watch_of(ref) == watch
        assert ids.keeps_hits_only(ref) is hits_only
    assert session == ids.session_id(ids.room_key(*where), occurrence)


def test_tasks_of_a_watch_have_their_own_refs() -> None:
    made = {ids.task_ref("w", number, hits_only=hits) for number in (1, 11, 111) for hits in (True, False)}
    assert len(made) == 6


def test_streams_of_a_session_have_their_own_watches() -> None:
    room = ids.room_key("zego", "1", "r")
    session = ids.session_id(room, "A")
    once, again = (ids.session_id(ids.room_key("zego", "1", "r", "s1"), at) for at in (10, 20))
    watches = {ids.watch_id(session, "primary", occurrence) for occurrence in (once, again, None)}
    assert len(watches | {ids.watch_id(session, "shadow")}) == 4


def test_a_digest_does_not_change_between_releases() -> None:
    """Ids of running sessions are on the table."""
    assert ids.digest("room", "zego", "1234567890", "room-1001", None) == "ptidfrkqfxl4ya7db7unrqcvfu"
