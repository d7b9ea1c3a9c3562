"""Watches of rooms that are over, and watches that do not hear a signal, are told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from earshot.domain import ids
from earshot.domain.orphans import OrphanKind
from earshot.domain.room import Occurrence
from earshot.domain.watch import SignalName, Watch

from tests.unit.support import makers
from tests.unit.support.makers import START, WATCH_ID
from tests.unit.support.notes import Notes
from tests.unit.support.reaping import Reaper, is_left_alone


@pytest.fixture
def reaper() -> Reaper:
    return Reaper()


# rooms that are over


def test_a_watch_learns_that_its_room_is_over(reaper: Reaper, notes: Notes) -> None:
    watch = reaper.listening()
    reaper.clock.forward(3_600)
    reaper.close_room(watch, reaper.clock() - 5_000)
    assert reaper.run().found == {"room_over": 1}
    signal = reaper.store.watch(WATCH_ID).signal
    assert signal is not None
    assert (signal.name, signal.reason, signal.at) == (
        SignalName.ROOM_CLOSED,
        "room_closed",
        START + 3_615_000,
    )
    assert signal.signal_id == ids.digest(WATCH_ID, SignalName.ROOM_CLOSED), "as the event would have said it"
    assert (reaper.told[0].seconds, notes.of("ES701")["reason"]) == (20.0, "room_closed")


def test_a_session_that_another_took_the_place_of_is_over(reaper: Reaper) -> None:
    watch = reaper.listening()
    newer = replace(
        session_of(reaper, watch), session_id="another", untold=((watch.session_id, "superseded"),)
    )
    reaper.store.amend_room(watch.room, newer, 1)
    reaper.run(after_s=3_600)
    signal = reaper.store.watch(WATCH_ID).signal
    assert signal is not None
    assert signal.reason == "superseded"


def session_of(reaper: Reaper, watch: Watch) -> Occurrence:
    latest = reaper.store.room(watch.room).latest
    assert latest
    return latest


def test_a_room_that_is_reopened_between_two_looks_is_not_closed(reaper: Reaper) -> None:
    watch = reaper.listening()
    before = session_of(reaper, watch)
    reaper.close_room(watch, START)
    reaper.meanwhile = [
        lambda: reaper.store.amend_room(watch.room, before, reaper.store.room(watch.room).version)
    ]
    assert reaper.run(after_s=3_600).found == {}


def test_one_that_was_told_meanwhile_is_nobodys_orphan(reaper: Reaper) -> None:
    watch = reaper.listening()
    reaper.close_room(watch, START)
    reaper.meanwhile = [lambda: reaper.signal(watch)]
    assert reaper.run(30, after_s=3_600).found == {}


def test_a_dead_watch_of_a_room_that_is_over_is_told_before_it_is_restarted(
    reaper: Reaper, notes: Notes
) -> None:
    watch = reaper.listening()
    reaper.clock.forward(3_600)
    reaper.close_room(watch, reaper.clock())
    reaper.machine.names.clear()
    assert reaper.run().found == {"room_over": 1, "undriven": 1}
    held = reaper.store.watch(WATCH_ID)
    assert held.last_word is not None
    assert held.generation == 1
    assert [orphan.kind for orphan in reaper.told] == [OrphanKind.ROOM_OVER], "its cost counts once"
    assert [code for code in notes.codes if code != "ES707"] == ["ES701", "ES702"]


def of_stream(reaper: Reaper) -> Watch:
    """A watch of one stream, in an open room."""
    stream = makers.ROOM.stream("stream-1")
    mine = Occurrence(ids.session_id(stream.key, "1"), opened_at=START, last_open_at=START)
    watch_id = ids.watch_id(makers.SESSION, "primary", mine.session_id)
    watch = reaper.listening(watch_id=watch_id, stream_id="stream-1")
    reaper.store.claim(stream, mine, 0, [])
    return watch


def test_a_stream_in_an_open_room_is_left_alone(reaper: Reaper) -> None:
    watch = of_stream(reaper)
    reaper.clock.forward(3_600)
    is_left_alone(reaper, watch)


@pytest.mark.parametrize("end", ["stream_stopped", "superseded", "room_closed"])
def test_a_stream_is_over_with_itself_and_with_its_room(reaper: Reaper, end: str) -> None:
    watch = of_stream(reaper)
    place = watch.room if end == "room_closed" else watch.room.stream("stream-1")
    held = reaper.store.room(place)
    assert held.latest
    over = (
        replace(held.latest, closed_at=START) if end != "superseded" else replace(held.latest, session_id="2")
    )
    reaper.store.amend_room(place, over, held.version)
    assert reaper.run(after_s=3_600).found == {"room_over": 1}
    signal = reaper.store.watch(watch.watch_id).signal
    assert signal is not None
    assert signal.reason == end


def test_a_room_that_could_not_be_read_is_not_over(reaper: Reaper, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = reaper.listening()
    reaper.close_room(watch, START)
    monkeypatch.setattr(reaper.store, "latest_sessions", lambda _: {})
    assert reaper.run(after_s=3_600).found == {}


# signals that were lost


def test_a_signal_that_was_not_delivered_is_delivered_within_a_minute(reaper: Reaper, notes: Notes) -> None:
    watch = reaper.listening()
    reaper.clock.forward(3_600)
    reaper.signal(watch)
    assert reaper.run().found == {"undelivered": 1}
    assert reaper.woken == ["token"]
    assert reaper.told[0].seconds == 45.0
    assert "token" not in str(notes.of("ES703").values())


@pytest.mark.parametrize("name", [SignalName.TASK_ENDED, SignalName.STRAY_TASK, SignalName.SLOT_FREE])
def test_whatever_the_signal_says(reaper: Reaper, name: SignalName) -> None:
    watch = reaper.listening()
    reaper.signal(watch, name)
    reaper.run(1, after_s=41)
    assert reaper.woken == ["token"]


def test_one_that_is_on_its_way_is_left_to_the_relay(reaper: Reaper) -> None:
    watch = reaper.listening()
    reaper.signal(watch)
    reaper.run(10, after_s=39)
    assert reaper.woken == []


def test_a_token_that_belongs_to_nobody_is_made_up_for_by_another_execution(reaper: Reaper) -> None:
    watch = reaper.listening()
    reaper.signal(watch)
    reaper.run(10, after_s=121)
    assert reaper.woken == []
    assert reaper.store.watch(WATCH_ID).generation == 1


def test_a_signal_that_was_taken_meanwhile_is_not_delivered_again(
    reaper: Reaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = reaper.listening()
    reaper.signal(watch, SignalName.TASK_ENDED)
    stale = reaper.store.live_watches()
    reaper.change(watch, signal=None)
    monkeypatch.setattr(reaper.store, "live_watches", lambda: stale)
    assert reaper.run(10, after_s=50).found == {}
    assert reaper.woken == []
