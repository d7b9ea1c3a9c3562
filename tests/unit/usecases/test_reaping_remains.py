"""Watches that do not move, what ended watches left, and what is told of all that."""

from __future__ import annotations

import pytest
from earshot.domain import ids
from earshot.domain.orphans import OrphanKind, Price
from earshot.domain.room import Room
from earshot.domain.watch import Status, Watch
from earshot.errors import Misconfigured, RetryLater

from tests.unit.support import makers
from tests.unit.support.makers import START, WATCH_ID
from tests.unit.support.notes import Notes
from tests.unit.support.reaping import Reaper, is_left_alone


@pytest.fixture
def reaper() -> Reaper:
    return Reaper()


# neither parked nor moving


def running(reaper: Reaper, **changes: object) -> Watch:
    watch = reaper.listening()
    reaper.store._tokens.clear()
    return reaper.change(watch, **{"status": Status.MODERATING, "moved_at": START, **changes})


def test_a_watch_that_does_not_move_is_restarted(reaper: Reaper, notes: Notes) -> None:
    watch = running(reaper)
    reaper.clock.forward(19 * 60)
    is_left_alone(reaper, watch)
    reaper.clock.now = START
    assert reaper.run(20, after_s=20 * 60 + 1).found == {"stuck": 1}
    assert reaper.store.watch(WATCH_ID).generation == 1
    assert notes.of("ES704")["seconds"] == 20 * 60 + 16


def test_a_plan_that_pauses_longer_has_more_patience(reaper: Reaper) -> None:
    patient = makers.plan(retry={"cap_s": 3_600})
    watch = running(reaper, plan=patient)
    reaper.clock.forward(74 * 60)
    is_left_alone(reaper, watch)
    assert reaper.run(20, after_s=120).found == {"stuck": 1}


def test_one_that_moved_or_parked_meanwhile_is_left_alone(
    reaper: Reaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = running(reaper)
    stale = reaper.store.live_watches()
    monkeypatch.setattr(reaper.store, "live_watches", lambda: stale)
    reaper.clock.forward(3_600)
    reaper.store._tokens[WATCH_ID] = "token"
    is_left_alone(reaper, watch)
    reaper.store._tokens.clear()
    is_left_alone(reaper, reaper.change(watch, moved_at=reaper.clock()))


def test_a_closing_watch_that_nobody_finishes_is_restarted(reaper: Reaper) -> None:
    watch = running(reaper)
    reaper.signal(watch)
    assert reaper.run(20, after_s=14 * 60).found == {}
    assert reaper.run(20, after_s=60).found == {"stuck": 1}


def test_a_vendor_that_does_not_acknowledge_is_asked_by_who_asked_first(reaper: Reaper) -> None:
    watch = running(reaper)
    reaper.signal(watch)
    task = reaper.store.tasks(WATCH_ID)[0]
    reaper.store.count_finish(task.task_ref, START)
    assert reaper.run(20, after_s=3_600).found == {}
    reaper.store.finish_task(task.task_ref, reaper.clock())
    assert reaper.run(20, after_s=3_600).found == {}, "nor is one that settles"


def test_a_failed_watch_is_finishing(reaper: Reaper) -> None:
    running(reaper, status=Status.FAILED)
    reaper.store.count_finish(f"{WATCH_ID}-1a", START)
    assert reaper.run(20, after_s=3_600).found == {}


# what ended watches left


def ended(reaper: Reaper) -> Watch:
    watch = reaper.listening()
    reaper.machine.names.clear()
    reaper.change(watch, closed_at=START)
    ledger = {"unfinished": [f"{WATCH_ID}-1a"]}
    reaper.store.close_watch(reaper.store.watch(WATCH_ID), ledger, START)
    return reaper.change(watch, closed_at=START)


def test_what_an_ended_watch_left_is_finished_once_an_hour(reaper: Reaper, notes: Notes) -> None:
    ended(reaper)
    for _ in range(3):
        reaper.run(after_s=9 * 60)
    assert reaper.starter.calls[0] == (f"{WATCH_ID}-reap-0", "finish")
    assert reaper.starter.names == [f"{WATCH_ID}-reap-0"]
    assert [orphan.kind for orphan in reaper.told] == [OrphanKind.LEFT_RUNNING]
    assert notes.codes.count("ES705") == 1
    reaper.run(after_s=3_600)
    assert reaper.starter.names == [f"{WATCH_ID}-reap-0", f"{WATCH_ID}-reap-1"]


@pytest.mark.parametrize("suffix", ["", "-late-1", "-reap-0"])
def test_not_beside_somebody_who_finishes_it(reaper: Reaper, suffix: str) -> None:
    ended(reaper)
    reaper.machine.names = [f"{WATCH_ID}{suffix}"]
    reaper.run(after_s=3_600)
    assert reaper.starter.calls == []


def test_what_was_finished_after_all_is_not_finished_again(reaper: Reaper) -> None:
    ended(reaper)
    reaper.store.finish_task(f"{WATCH_ID}-1a", reaper.clock())
    assert reaper.run(after_s=3_600).found == {}
    assert reaper.starter.calls == []


def test_after_a_week_it_is_an_operators(reaper: Reaper) -> None:
    ended(reaper)
    reaper.run(after_s=8 * 86_400)
    assert reaper.starter.calls == []


def test_a_watch_that_left_nothing_is_gone(reaper: Reaper) -> None:
    watch = reaper.listening()
    reaper.machine.names.clear()
    reaper.store.close_watch(watch, {"unfinished": []}, START)
    assert reaper.run(after_s=3_600).live == 0


# what is told


def test_each_task_that_may_have_run_is_told(reaper: Reaper) -> None:
    watch = reaper.listening()
    reaper.add_task(watch, 2, accepted_at=START + 3_590_000)
    reaper.add_task(watch, 3, finished_at=START + 5)
    reaper.add_task(watch, 4, vendor_task_id="task-1")
    reaper.machine.names.clear()
    reaper.run(after_s=3_600)
    told = {orphan.task_id: orphan.seconds for orphan in reaper.told}
    assert told == {"task-1": 3_615.0, "task-2": 25.0}, "from when it listened"


def test_without_a_price_there_is_no_cost(reaper: Reaper) -> None:
    reaper.prices.clear()
    reaper.listening()
    reaper.machine.names.clear()
    reaper.run(after_s=3_600)
    assert [(orphan.task_id, orphan.cost) for orphan in reaper.told] == [("task-1", None)]


def test_a_bus_that_refuses_costs_the_report_and_nothing_else(reaper: Reaper, notes: Notes) -> None:
    reaper.refuses = [RetryLater("bus_busy")]
    reaper.listening()
    reaper.machine.names.clear()
    assert reaper.run(after_s=3_600).found == {"undriven": 1}
    assert notes.of("ES708")["reason"] == "bus_busy"
    assert reaper.store.watch(WATCH_ID).generation == 1


# what fails


def test_a_look_that_fails_is_followed_by_another(reaper: Reaper, notes: Notes) -> None:
    reaper.listening()
    reaper.machine.names.clear()
    reaper.machine.failures = [None, RetryLater("executions_unknown")]
    assert reaper.run(after_s=3_600).found == {"undriven": 1}
    assert notes.of("ES706")["reason"] == "executions_unknown"
    assert reaper.told[0].found_at == START + 3_645_000, "two looks in a row"


def test_one_watch_that_fails_does_not_cost_the_others(
    reaper: Reaper, notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = reaper.listening()
    other_id = ids.watch_id(ids.session_id("room", 2), "primary")
    other = Room("zego", "1234567890", "room-2")
    reaper.listening(watch_id=other_id, session_id=ids.session_of(other_id), room=other)
    restart = reaper.store.restart

    def busy(watch_id: str, generation: int) -> bool:
        if watch_id == first.watch_id:
            raise RetryLater("table_busy")
        return restart(watch_id, generation)

    monkeypatch.setattr(reaper.store, "restart", busy)
    reaper.machine.names.clear()
    assert reaper.run(20, after_s=3_600).found == {"undriven": 1}
    assert notes.of("ES706")["watch_id"] == first.watch_id
    assert reaper.store.watch(other_id).generation == 1


def test_time_that_is_up_is_up(reaper: Reaper, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(5):
        watch_id = ids.watch_id(ids.session_id("room", n), "primary")
        room = Room("zego", "1234567890", f"room-{n}")
        reaper.listening(watch_id=watch_id, session_id=ids.session_of(watch_id), room=room)
    reaper.machine.names.clear()
    restart = reaper.store.restart

    def slow(watch_id: str, generation: int) -> bool:
        reaper.clock.forward(3)
        return restart(watch_id, generation)

    monkeypatch.setattr(reaper.store, "restart", slow)
    assert sum(reaper.run(20, after_s=3_600).found.values()) == 2


# who waits for a stream


def test_whoever_waits_for_a_stream_is_called_once_a_run(reaper: Reaper, notes: Notes) -> None:
    watch = reaper.listening(plan={**makers.plan(), "order": ["shumei", "yidun"]})
    reaper.change(watch, queued_at=START)
    reaper.free = {"yidun": 1}
    assert reaper.run().called == 1
    assert reaper.called == ["shumei", "yidun"]
    assert notes.of("ES707")["called"] == 1


def test_nobody_is_called_where_nobody_waits(reaper: Reaper) -> None:
    reaper.listening()
    assert reaper.run().called == 0
    assert reaper.called == []


def test_a_vendor_whose_line_cannot_be_read_does_not_cost_the_run(
    reaper: Reaper, notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_self: Reaper, _vendor: str) -> int:
        raise RetryLater("table_busy")

    monkeypatch.setattr(Reaper, "_call", busy)
    reaper.change(reaper.listening(), queued_at=START)
    assert reaper.run().called == 0
    assert notes.of("ES706")["vendor"] == "shumei"


def test_a_price_that_cannot_be_read_costs_the_price(
    reaper: Reaper, notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Wrong(dict[str, Price]):
        def get(self, *_: object) -> Price:
            raise Misconfigured("secret limits.shumei.price_per_hour", "must be a number, 0 or more")

    reaper.prices = Wrong()
    reaper.listening()
    reaper.machine.names.clear()
    assert reaper.run(after_s=3_600).found == {"undriven": 1}
    assert notes.of("ES708")["reason"] == "misconfigured"
    assert [(orphan.task_id, orphan.cost) for orphan in reaper.told] == [("task-1", None)]
