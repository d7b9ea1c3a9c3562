"""One occurrence of a room, one session, one execution: however often and in whatever order its events come."""

from unittest.mock import patch

import pytest

from tests.workflow.bundle import Bundle, bundle
from tests.workflow.disturbances import crash_once, no_duplicates

EARLY, NOON, LATE = "2026-11-21T01:10:00Z", "2026-11-21T01:20:00Z", "2026-11-21T01:30:00Z"


def untouched(b: Bundle) -> bool:
    """Nothing was started and no vendor or platform was asked for anything."""
    return not (b.executions() or b.doubles.mints() or b.doubles.calls("submit") or b.doubles.calls("finish"))


def test_the_same_opening_twice_is_one_session_and_one_execution() -> None:
    with bundle() as b:
        b.send("RoomOpened", occurred_at=NOON)
        b.send("RoomOpened", occurred_at=NOON)
        b.wait_quiet()
        assert len(b.executions()) == len(b.items("session")) == len(b.doubles.tasks()) == 1
        b.close()
        assert b.story() == ["Started", "Ended"]


def test_an_opening_repeated_after_the_close_starts_nothing() -> None:
    with bundle() as b:
        b.open(occurred_at=NOON)
        b.close(occurred_at=LATE)
        b.send("RoomOpened", occurred_at=NOON)
        assert len(b.executions()) == len(b.doubles.calls("submit")) == 1


@pytest.mark.parametrize("psid", [None, "6085791336856668982"])
def test_a_crash_between_the_claim_and_the_start_is_made_up_for_by_the_repeated_event(
    psid: str | None,
) -> None:
    with bundle() as b:
        crash_once(b, "track_room", "track", "start")
        _, failed = b.send("RoomOpened", occurred_at=NOON, platform_session_id=psid)
        assert failed
        assert untouched(b)
        assert len(b.items("session")) == len(b.items("watch")) == 1

        b.open(occurred_at=NOON, platform_session_id=psid)
        assert len(b.executions()) == len(b.items("session")) == len(b.doubles.running()) == 1


def test_a_crash_between_the_closing_and_its_signal_is_made_up_for_by_the_repeated_event() -> None:
    with bundle() as b:
        b.open(occurred_at=NOON)
        crash_once(b, "track_room", "track", "store", "signal")
        _, failed = b.send("RoomClosed", occurred_at=LATE)
        assert failed
        assert b.is_quiet()
        b.close(occurred_at=LATE)
        assert b.doubles.running() == []


@pytest.mark.parametrize("psid", [None, "6085791336856668982"])
def test_a_close_before_its_open_leaves_nothing_to_hear(psid: str | None) -> None:
    with bundle() as b:
        b.send("RoomClosed", occurred_at=LATE, platform_session_id=psid)
        b.send("RoomOpened", occurred_at=NOON, platform_session_id=psid)
        assert untouched(b)
        assert b.items("watch") == []
        assert b.events == []


def test_an_old_opening_after_a_close_wakes_nothing() -> None:
    with bundle() as b:
        b.open(occurred_at=NOON)
        b.close(occurred_at=LATE)
        b.send("RoomOpened", occurred_at=EARLY)
        assert len(b.executions()) == len(b.items("watch")) == 1
        assert len(b.doubles.calls("submit")) == 1


def test_an_old_close_does_not_end_a_reopened_room() -> None:
    with bundle() as b:
        b.open(occurred_at=EARLY)
        b.close(occurred_at=NOON)
        b.open(occurred_at=LATE)
        b.send("RoomClosed", occurred_at=NOON)
        b.wait_quiet()
        assert len(b.doubles.running()) == 1
        assert len(b.items("session")) == 2


def test_a_new_platform_session_closes_the_one_before_it() -> None:
    with bundle() as b:
        no_duplicates(b)
        b.open(occurred_at=EARLY, platform_session_id="s-1")
        b.send("RoomOpened", occurred_at=NOON, platform_session_id="s-2")
        b.wait(lambda: len(b.told("ModerationEnded")) == 1, "the first session ended")
        b.wait_quiet()
        assert b.ended()["reason"] == "superseded"
        first, second = b.doubles.tasks()
        assert (first["end_reason"], second["state"]) == ("finished", "running")


def test_a_crash_before_the_old_session_was_told_is_made_up_for_by_the_repeated_event() -> None:
    """Otherwise the displaced session is billed for ever: its own close is another session's by then."""
    with bundle() as b:
        no_duplicates(b)
        b.open(occurred_at=EARLY, platform_session_id="s-1")
        crash_once(b, "track_room", "track", "store", "signal")
        _, failed = b.send("RoomOpened", occurred_at=NOON, platform_session_id="s-2")
        assert failed
        b.open(occurred_at=NOON, platform_session_id="s-2")
        assert [task["state"] for task in b.doubles.tasks()] == ["ended", "running"]


def test_the_displaced_session_may_still_be_closed_by_its_own_event() -> None:
    with bundle() as b:
        no_duplicates(b)
        b.open(occurred_at=EARLY, platform_session_id="s-1")
        crash_once(b, "track_room", "track", "store", "signal")
        b.send("RoomOpened", occurred_at=NOON, platform_session_id="s-2")
        b.send("RoomClosed", occurred_at=NOON, platform_session_id="s-1")
        b.wait_quiet()
        first = b.doubles.tasks()[0]
        assert first["end_reason"] == "finished"


def test_two_openings_at_once_are_one_session() -> None:
    """The second reads the room before the first has written it."""
    with bundle() as b:
        store = b.modules["track_room"].track.store
        real = store.claim

        def overtaken(*args: object) -> None:
            with patch.object(store, "claim", real):
                b.send("RoomOpened", occurred_at=NOON)
            real(*args)

        with patch.object(store, "claim", overtaken):
            b.send("RoomOpened", occurred_at=NOON)
        b.wait_quiet()
        assert len(b.executions()) == len(b.items("session")) == len(b.doubles.tasks()) == 1
