"""More rooms than a vendor takes at a time: who is heard, who waits, who is next, and what the wait costs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.workflow.bundle import QUICK, Bundle
from tests.workflow.stories import ACCOUNTS, place, plan, populate, stamp
from tests.workflow.timekeeping import Timekeeper, timely

PLANS = {f"p{priority}": {**QUICK, "priority": priority} for priority in (1, 3, 5, 7, 9)}
ROOMS = {"heard-a": "p5", "heard-b": "p5", "last": "p9", "urgent": "p1", "usual": "p5"}
STREAMS = 3
"""Of which one is kept for renewals."""


@contextmanager
def full(streams: int = STREAMS) -> Iterator[tuple[Bundle, Timekeeper]]:
    """Five rooms, of which two are heard."""
    limits = {**ACCOUNTS, "limits": {"shumei": {"streams": streams}}}
    plans = {"default": QUICK, **PLANS}
    with timely(None, plans, accounts=ACCOUNTS, secrets=limits) as (b, keeper):
        b.doubles.shumei.settings.update({"max_streams": 2})
        for room, name in ROOMS.items():
            populate(b, "zego", room)
            b.send("RoomOpened", plan=name, **place("zego", room))
            keeper.live(10)
        yield b, keeper


def close(b: Bundle, keeper: Timekeeper, room: str) -> None:
    b.send("RoomClosed", occurred_at=stamp(b.doubles.clock.second), **place("zego", room))
    keeper.live(5)


def running(b: Bundle) -> list[str]:
    """The rooms that the vendor listens to."""
    return [task["room"] for task in b.doubles.running()]


def codes(b: Bundle) -> set[int]:
    return {call["answer"]["body"]["code"] for call in b.doubles.calls("submit")}


def ledgers(b: Bundle) -> dict[str, dict[str, Any]]:
    return {event["room"]["room_id"]: event["ledger"] for event in b.told("ModerationEnded")}


def test_who_finds_no_stream_waits_without_a_credential() -> None:
    with full() as (b, keeper):
        keeper.live(400)
        assert running(b) == ["heard-a", "heard-b"]
        assert len(b.doubles.mints()) == len(b.doubles.calls("submit")) == 2
        assert codes(b) == {1100}
        assert [event["room"]["room_id"] for event in b.told("ModerationStarted")] == ["heard-a", "heard-b"]


def test_as_rooms_close_those_that_wait_are_heard_by_priority() -> None:
    with full() as (b, keeper):
        came: list[list[str]] = []
        for gone in ("heard-a", "heard-b", "urgent"):
            close(b, keeper, gone)
            came.append(running(b))
        assert came == [["heard-b", "urgent"], ["urgent", "usual"], ["usual", "last"]]
        assert codes(b) == {1100}
        assert len(b.doubles.mints()) == 5
        for room in ("usual", "last"):
            close(b, keeper, room)
        b.wait_over()
        assert running(b) == []


def test_the_wait_is_in_the_ledger() -> None:
    with full() as (b, keeper):
        keeper.live(60)
        opened_at = dict(zip(ROOMS, range(0, 50, 10), strict=True))
        close(b, keeper, "heard-a")
        started = {task["room"]: task["started"] for task in b.doubles.tasks()}
        assert started["urgent"] - opened_at["urgent"] > 60
        for room in ("urgent", "usual", "last", "heard-b"):
            close(b, keeper, room)
        b.wait_over()
        told = ledgers(b)
        for room, since in opened_at.items():
            books = [task for task in b.doubles.tasks() if task["room"] == room]
            heard_s = sum(task["billed_seconds"] for task in books)
            assert told[room]["audited_s"] == pytest.approx(heard_s, abs=2)
            if room in started:
                assert told[room]["unmoderated_s"] == pytest.approx(started[room] - since, abs=2)
        assert told["heard-b"]["unmoderated_s"] < 2, "its turns at platform and vendor"


def test_who_closes_while_waiting_leaves_the_line() -> None:
    with full() as (b, keeper):
        close(b, keeper, "urgent")
        told = ledgers(b)["urgent"]
        assert (told["audited_s"], told["calls"]["mint"], told["tasks"]) == (0, 0, [])
        assert told["unmoderated_s"] == pytest.approx(20, abs=3)
        close(b, keeper, "heard-a")
        assert running(b) == ["heard-b", "usual"]


def test_a_signal_that_is_lost_is_made_up_for() -> None:
    with full() as (b, keeper):
        asleep = b.modules["finish_stream"].finish.hand_on.store
        real = type(asleep).signal
        lost: list[str] = []

        def losing(self: Any, watch_id: str, signal: Any) -> bool:
            if signal.name == "slot_free" and not lost:
                lost.append(watch_id)
                return True
            return bool(real(self, watch_id, signal))

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(type(asleep), "signal", losing)
            close(b, keeper, "heard-a")
            assert (lost, running(b)) == ([lost[0]], ["heard-b"])
            keeper.live(310)
        assert len(running(b)) == 2


def test_rooms_that_are_heard_change_their_ears_though_others_wait() -> None:
    """One stream is kept for that: nobody goes unheard for the sake of one who waits."""
    secrets = {**ACCOUNTS, "limits": {"shumei": {"streams": STREAMS}}}
    renewed = plan(renew_before_s=120, platforms={"agora": {"token_life_s": 600}})
    with timely(None, renewed, accounts=ACCOUNTS, secrets=secrets) as (b, keeper):
        b.doubles.shumei.settings.update({"max_streams": STREAMS, "duplicate_key": {"AGORA": False}})
        for number in range(3):
            populate(b, "agora", f"room-{number}")
            b.send("RoomOpened", **place("agora", f"room-{number}"))
            keeper.live(2)
        keeper.live(600)
        tasks = {
            room: [task for task in b.doubles.tasks() if task["room"] == room]
            for room in ("room-0", "room-1")
        }
        assert len(b.doubles.tasks()) == 4
        for mine in tasks.values():
            assert [task["end_reason"] for task in mine] == ["finished", None]
            assert mine[1]["started"] < mine[0]["ended"]
        assert codes(b) == {1100}
        assert len({call["body"]["data"]["agoraParam"]["token"] for call in b.doubles.calls("submit")}) == 4
        assert b.told("ModerationInterrupted") == []
