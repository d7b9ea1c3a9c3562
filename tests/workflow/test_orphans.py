"""Executions that are killed, and signals that are lost: found within a minute, finished, told with their cost."""

import threading
from dataclasses import replace
from typing import Any

import pytest
from earshot.domain.orphans import Price
from earshot.domain.watch import Status

from tests.workflow.bundle import Bundle, bundle

DRIVEN = ("Mint", "Submit", "Watch")
"""States in which an execution that is killed leaves a room that is open."""


def kill(b: Bundle) -> None:
    """Somebody stops every execution by hand."""
    for execution in b.executions():
        if execution["status"] == "RUNNING":
            b.sfn.stop_execution(executionArn=execution["executionArn"])


def reap(b: Bundle) -> dict[str, int]:
    """The minute's run; the clock goes on between its looks, and so does whatever has been started."""

    def rest(seconds: float) -> None:
        b.advance(seconds, step=seconds)
        threading.Event().wait(0.05)

    reaper = replace(b.modules["reap_watches"].reap, rest=rest, price=lambda _: Price(3.6, "CNY"))
    run = reaper(b.doubles.clock.time_ns() // 1_000_000 + 50_000)
    b.pump()
    return dict(run.found)


def is_parked(b: Bundle) -> bool:
    watch = b.watch()
    return b.store.token(watch.watch_id) is not None and watch.status is Status.MODERATING


def wait_ended(b: Bundle) -> None:
    """By whichever of its executions."""
    b.wait(lambda: b.watch().is_over and b.is_over(), "ended")


def nothing_is_left(b: Bundle) -> None:
    assert b.doubles.running() == []
    assert b.ledger()["unfinished"] == []
    assert b.story().count("Ended") == 1
    assert all(task.finished_at for task in b.tasks() if task.vendor_task_id)


def orphan(b: Bundle) -> dict[str, Any]:
    (told,) = b.told("OrphanFound")
    return told


def test_an_execution_that_is_killed_while_parked_is_found_and_its_ear_is_kept() -> None:
    with bundle() as b:
        b.open()
        b.advance(11)
        kill(b)
        b.doubles.clock.second += 10
        assert reap(b) == {"undriven": 1}
        b.wait(lambda: is_parked(b), "parked")
        assert b.watch().generation == 1
        assert len(b.doubles.calls("submit")) == len(b.doubles.running()) == 1
        assert b.doubles.calls("finish") == []
        told = orphan(b)
        assert (told["kind"], told["vendor"], told["currency"]) == ("undriven", "shumei", "CNY")
        assert told["task_id"] == b.tasks()[0].vendor_task_id
        assert told["cost"] == pytest.approx(told["seconds"] / 1000, abs=1e-6)
        b.send("RoomClosed")
        wait_ended(b)
        nothing_is_left(b)


def test_a_room_that_closes_while_nobody_drives_its_watch_is_finished() -> None:
    with bundle() as b:
        b.open()
        kill(b)
        b.send("RoomClosed")
        b.advance(30)
        assert b.doubles.calls("finish") == []
        assert "undriven" in reap(b)
        wait_ended(b)
        nothing_is_left(b)
        assert b.ended()["reason"] == "room_closed"


@pytest.mark.parametrize("state", DRIVEN)
def test_wherever_an_execution_is_killed_the_room_is_heard_again(state: str) -> None:
    with bundle() as b:
        b.once(state, lambda: kill(b))
        b.send("RoomOpened")
        b.wait(b.is_over, "killed")
        b.doubles.clock.second += 61
        assert "undriven" in reap(b)
        b.wait(lambda: is_parked(b), "parked")
        b.send("RoomClosed")
        wait_ended(b)
        nothing_is_left(b)


@pytest.mark.parametrize("state", ["Finish", "Close"])
def test_an_execution_that_is_killed_while_it_closes_is_made_up_for(state: str) -> None:
    with bundle() as b:
        b.open()
        b.once(state, lambda: kill(b))
        b.send("RoomClosed")
        b.wait(b.is_over, "killed")
        b.doubles.clock.second += 61
        found = reap(b)
        wait_ended(b)
        nothing_is_left(b)
        assert found in ({"undriven": 1}, {}), (
            "what was under way when it was killed may have ended the watch"
        )


def test_a_close_that_was_written_and_never_told_is_told() -> None:
    with bundle() as b:
        b.open()
        b.advance(120)
        watch = b.watch()
        held = b.store.room(watch.room)
        assert held.latest
        closed_at = b.doubles.clock.time_ns() // 1_000_000
        b.store.amend_room(watch.room, replace(held.latest, closed_at=closed_at), held.version)
        assert reap(b) == {"room_over": 1}
        wait_ended(b)
        nothing_is_left(b)
        assert orphan(b)["kind"] == "room_over"
        assert orphan(b)["seconds"] <= 60


def test_a_signal_whose_delivery_was_lost_is_delivered() -> None:
    with bundle() as b:
        b.open()
        lost: list[str] = []
        relay: Any = b.modules["relay_changes"]
        relay.relay = replace(relay.relay, wake=lost.append)
        b.send("RoomClosed")
        assert len(lost) == 1
        b.doubles.clock.second += 41
        assert reap(b) == {"undelivered": 1}
        wait_ended(b)
        nothing_is_left(b)


def test_a_healthy_room_is_left_alone() -> None:
    with bundle() as b:
        b.open()
        for _ in range(3):
            b.doubles.clock.second += 61
            assert reap(b) == {}
        assert b.watch().generation == 0
        assert len(b.executions()) == 1
        b.close()
        assert reap(b) == {}
        nothing_is_left(b)


def test_a_healthy_watch_that_is_restarted_is_heard_by_one_ear() -> None:
    with bundle() as b:
        b.open()
        watch = b.watch()
        assert b.store.restart(watch.watch_id, 0)
        b.pump()
        b.wait(lambda: is_parked(b), "parked")
        b.advance(30)
        assert len(b.doubles.running()) == len(b.doubles.calls("submit")) == 1
        b.send("RoomClosed")
        b.wait(lambda: b.watch().is_over, "ended")
        nothing_is_left(b)
