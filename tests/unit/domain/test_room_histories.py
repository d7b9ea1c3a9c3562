"""Whole histories of a room, shuffled and repeated: where they may end.

What is promised: events that all carry the platform's session id, or that all do not, may come in any order and
any number of times (of named sessions, as many as there are graves). A mixture is right when it comes in the order
of its times; then each event may still come again at any later moment.
"""

from dataclasses import dataclass, field
from itertools import permutations

import pytest
from earshot.domain.room import GRAVES_KEPT, Move, Occurrence, Room, decide_close, decide_open
from hypothesis import given
from hypothesis import strategies as st

ROOM = Room("zego", "1", "房间 / 'a'#1")
Event = tuple[str, str | None, int]
"""open or close, the platform's session id, time."""


@dataclass
class End:
    """Where a history led."""

    record: Occurrence | None = None
    claims: list[str] = field(default_factory=list)
    over: set[str] = field(default_factory=set)

    @property
    def running(self) -> list[str]:
        """Claimed and never told that it is over."""
        return [session for session in self.claims if session not in self.over]


def play(events: list[Event]) -> End:
    end = End()
    for kind, psid, at in events:
        decision = (decide_open if kind == "open" else decide_close)(ROOM, end.record, psid, at)
        if decision.move is Move.CLAIM and decision.session_id:
            end.claims.append(decision.session_id)
        if decision.superseded:
            end.over.add(decision.superseded)
        if decision.move is Move.CLOSE and decision.session_id:
            end.over.add(decision.session_id)
        end.record = decision.record or end.record
    return end


@st.composite
def history(draw: st.DrawFn, most: int = 6) -> tuple[list[Event], bool]:
    """Sessions one after the other, in order, and whether the last is still open."""
    still_open = draw(st.booleans())
    times = sorted(draw(st.sets(st.integers(0, 10_000), min_size=2, max_size=2 * most)))
    if len(times) % 2 != still_open:
        times.pop()
    events: list[Event] = [
        ("close" if index % 2 else "open", f"S{index // 2}", at) for index, at in enumerate(times)
    ]
    return events, len(times) % 2 == 1


def repeated(data: st.DataObject, events: list[Event]) -> list[Event]:
    return events + data.draw(st.lists(st.sampled_from(events), max_size=6)) if events else []


def check(events: list[Event], still_open: bool, end: End) -> None:
    assert len(end.claims) == len(set(end.claims)), "a session was claimed twice"
    assert (end.record is not None and end.record.is_open) == still_open
    if still_open and end.record:
        assert end.running == [end.record.session_id]
    else:
        assert end.running == []
    assert play(events) == end, "the same events in the same order led elsewhere"


@given(st.data())
def test_named_sessions_in_any_order(data: st.DataObject) -> None:
    events, still_open = data.draw(history(most=GRAVES_KEPT))
    shuffled = data.draw(st.permutations(repeated(data, events)))
    end = play(shuffled)
    check(shuffled, still_open, end)
    if still_open and end.record:
        assert end.record.platform_session_id == events[-1][1]


@given(st.data())
def test_nameless_sessions_in_any_order(data: st.DataObject) -> None:
    events, still_open = data.draw(history())
    nameless: list[Event] = [(kind, None, at) for kind, _, at in events]
    shuffled = data.draw(st.permutations(repeated(data, nameless)))
    check(shuffled, still_open, play(shuffled))


@given(st.lists(st.tuples(st.sampled_from(["open", "close"]), st.none(), st.integers(0, 20)), max_size=12))
def test_nameless_events_of_any_kind_end_as_the_latest_of_them_says(events: list[Event]) -> None:
    """Also what is no history: two opens in a row, a close alone, everything in one millisecond."""
    opens = [at for kind, _, at in events if kind == "open"]
    closes = [at for kind, _, at in events if kind == "close"]
    end = play(events)
    check(events, bool(opens) and max(opens) > max(closes, default=-1), end)


@given(st.data())
def test_a_mixture_in_order_with_late_repetitions(data: st.DataObject) -> None:
    events, still_open = data.draw(history())
    mixed: list[Event] = [(kind, psid if data.draw(st.booleans()) else None, at) for kind, psid, at in events]
    played = list(mixed)
    for event in data.draw(st.lists(st.sampled_from(mixed), max_size=4)) if mixed else []:
        played.insert(data.draw(st.integers(played.index(event) + 1, len(played))), event)
    check(played, still_open, play(played))


@given(st.data())
def test_named_sessions_whose_opens_were_lost_claim_nothing_they_should_not(data: st.DataObject) -> None:
    """Any part of a history may be missing: still no session twice, and none left running behind another."""
    events, _ = data.draw(history(most=GRAVES_KEPT))
    kept = data.draw(st.lists(st.sampled_from(events), max_size=12)) if events else []
    end = play(kept)
    assert len(end.claims) == len(set(end.claims))
    assert len(end.running) <= 1
    seen_closed = {psid for kind, psid, _ in kept if kind == "close"}
    if end.running and end.record:
        assert end.record.platform_session_id not in seen_closed


# --- a platform's session that was emptied, and entered again


ENTERED_AGAIN: list[Event] = [("open", "X", 1), ("close", None, 50), ("open", "X", 80), ("close", "X", 100)]


@pytest.mark.parametrize("ended", [True, False], ids=["ended", "going on"])
@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
def test_an_emptied_session_entered_again_in_every_order(order: tuple[int, ...], ended: bool) -> None:
    events = [ENTERED_AGAIN[number] for number in order if ended or number < 3]
    check(events, not ended, play(events))


@given(st.data(), st.booleans())
def test_an_emptied_session_entered_again_with_repetitions(data: st.DataObject, ended: bool) -> None:
    events = ENTERED_AGAIN if ended else ENTERED_AGAIN[:3]
    shuffled = data.draw(st.permutations(repeated(data, events)))
    check(shuffled, not ended, play(shuffled))


@st.composite
def emptied_history(draw: st.DrawFn, sessions: int) -> tuple[list[Event], bool]:
    """Named sessions, each of them emptied (nameless close) and entered again some times, and then ended or not."""
    times = iter(
        sorted(draw(st.sets(st.integers(0, 10_000), min_size=16 * sessions, max_size=16 * sessions)))
    )
    events: list[Event] = []
    still_open = False
    for number in range(sessions):
        is_last = number == sessions - 1
        for part in range(draw(st.integers(1, 4))):
            if part:
                events.append(("close", None, next(times)))
            events += [("open", f"S{number}", next(times)) for _ in range(draw(st.integers(1, 2)))]
        ending = draw(st.sampled_from(["platform", "emptied", "both", "none"])) if is_last else "platform"
        if ending in {"emptied", "both"}:
            events.append(("close", None, next(times)))
        if ending in {"platform", "both"}:
            events.append(("close", f"S{number}", next(times)))
        still_open = ending == "none"
    return events, still_open


@given(st.data())
def test_a_session_emptied_any_number_of_times_in_any_order(data: st.DataObject) -> None:
    events, still_open = data.draw(emptied_history(1))
    shuffled = data.draw(st.permutations(repeated(data, events)))
    check(shuffled, still_open, play(shuffled))


@given(st.data())
def test_sessions_emptied_any_number_of_times_in_any_order(data: st.DataObject) -> None:
    events, still_open = data.draw(emptied_history(data.draw(st.integers(2, 3))))
    shuffled = data.draw(st.permutations(repeated(data, events)))
    check(shuffled, still_open, play(shuffled))
