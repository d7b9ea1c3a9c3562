"""Executions that died are found within a minute and replaced; what somebody looks after is left alone."""

from __future__ import annotations

import pytest
from earshot.domain import ids
from earshot.domain.orphans import OrphanKind
from earshot.domain.room import Room

from tests.unit.support import makers
from tests.unit.support.makers import START, WATCH_ID
from tests.unit.support.notes import Notes
from tests.unit.support.reaping import MINUTE, Reaper, is_left_alone

QUIET = {"ES707"}


@pytest.fixture
def reaper() -> Reaper:
    return Reaper()


# what is well


def test_nothing_lives_and_nothing_is_found(reaper: Reaper, notes: Notes) -> None:
    assert (reaper.run().live, reaper.told) == (0, [])
    assert set(notes.codes) == QUIET


@pytest.mark.parametrize("age_s", [0, 59, 61, 3_600, 86_400 * 300])
def test_a_parked_watch_is_left_alone_for_ever(reaper: Reaper, age_s: int, notes: Notes) -> None:
    watch = reaper.listening()
    reaper.clock.forward(age_s)
    is_left_alone(reaper, watch)
    assert set(notes.codes) == QUIET


def test_it_looks_four_times_a_run_and_never_beyond_its_time(reaper: Reaper) -> None:
    reaper.run(50)
    assert reaper.rests == [15, 15, 15]
    assert reaper.clock() < START + 50_000


def test_a_watch_whose_execution_is_about_to_be_started_is_young(reaper: Reaper) -> None:
    watch = makers.watch(opened_at=START - MINUTE * 60, status_at=START)
    reaper.open_room(watch)
    is_left_alone(reaper, watch)
    reaper.run(after_s=20)
    assert reaper.store.watch(WATCH_ID).generation == 1


# executions that died


def test_a_watch_without_an_execution_gets_another_within_a_minute(reaper: Reaper, notes: Notes) -> None:
    reaper.listening()
    reaper.clock.forward(3_600)
    reaper.machine.names.clear()
    reaper.machine.stopped[WATCH_ID] = reaper.clock() - 20_000
    began = reaper.clock()
    run = reaper.run()
    assert run.found == {"undriven": 1}
    assert reaper.store.watch(WATCH_ID).generation == 1
    (orphan,) = reaper.told
    assert (orphan.kind, orphan.task_id, orphan.vendor) == (OrphanKind.UNDRIVEN, "task-1", "shumei")
    assert orphan.found_at - began == 15_000
    assert (orphan.seconds, orphan.cost) == (35.0, 0.0175)
    told = notes.of("ES702")
    assert (told["seconds"], told["cost"], told["currency"]) == (35.0, 0.0175, "EUR")


@pytest.mark.parametrize("dies_s", range(0, 60, 4))
def test_whenever_an_execution_dies_it_is_found_within_a_minute(reaper: Reaper, dies_s: int) -> None:
    """Runs come once a minute and know nothing of each other."""
    reaper.listening()
    reaper.clock.forward(3_600)
    began, dies_at = reaper.clock(), reaper.clock() + dies_s * 1_000

    def at_each_rest() -> None:
        if reaper.clock() >= dies_at:
            reaper.machine.names.clear()

    for minute in range(3):
        reaper.clock.now = began + minute * MINUTE
        at_each_rest()
        reaper.meanwhile = [at_each_rest] * 3
        reaper.run()
    assert reaper.told[0].found_at - dies_at <= MINUTE
    assert reaper.told[0].kind is OrphanKind.UNDRIVEN


def test_one_that_was_never_started_counts_from_its_last_move(reaper: Reaper) -> None:
    reaper.open_room(makers.watch())
    reaper.run(after_s=120)
    (orphan,) = reaper.told
    assert (orphan.seconds, orphan.task_id, orphan.cost) == (135.0, None, None)
    assert reaper.machine.asked == [WATCH_ID]


def test_only_the_execution_of_its_generation_drives_it(reaper: Reaper) -> None:
    reaper.listening()
    reaper.store.restart(WATCH_ID, 0)
    reaper.run(after_s=3_600)
    assert reaper.store.watch(WATCH_ID).generation == 2
    assert reaper.machine.asked == [f"{WATCH_ID}-g1"]
    reaper.machine.names.append(f"{WATCH_ID}-g2")
    reaper.store._tokens[WATCH_ID] = "token"
    assert reaper.run().found == {}


@pytest.mark.parametrize("suffix", ["-late-3", "-reap-0", "-again-1795226400"])
def test_one_that_finishes_brings_it_to_its_end_too(reaper: Reaper, suffix: str) -> None:
    watch = reaper.listening()
    reaper.machine.names = [f"{WATCH_ID}{suffix}"]
    reaper.clock.forward(3_600)
    is_left_alone(reaper, watch)


def test_an_execution_of_another_watch_does_not(reaper: Reaper) -> None:
    reaper.listening()
    reaper.machine.names = [f"{WATCH_ID}-g1", f"{WATCH_ID}-a2b3c4d5e6f7a2b3", WATCH_ID[:-1]]
    assert reaper.run(after_s=3_600).found == {"undriven": 1}


def test_an_execution_that_is_missing_for_one_look_is_not_believed_dead(reaper: Reaper) -> None:
    watch = reaper.listening()
    reaper.clock.forward(3_600)
    names = reaper.machine.names[:]
    reaper.machine.names = []
    back = [lambda: reaper.machine.names.extend(names), reaper.machine.names.clear]
    reaper.meanwhile = [*back, back[0]]
    is_left_alone(reaper, watch)


def test_a_watch_that_moves_meanwhile_is_not_believed_dead(reaper: Reaper) -> None:
    reaper.listening()
    reaper.clock.forward(3_600)
    reaper.machine.names.clear()
    reaper.meanwhile = [lambda: reaper.change(makers.watch(), moved_at=reaper.clock())] * 3
    assert reaper.run().found == {}


def test_one_that_is_handed_over_has_time_to_be_started(reaper: Reaper) -> None:
    reaper.listening()
    reaper.clock.forward(3_600)
    reaper.machine.names.clear()
    reaper.store.restart(WATCH_ID, 0)

    def starts() -> None:
        reaper.machine.names.append(f"{WATCH_ID}-g1")
        reaper.change(makers.watch(), moved_at=reaper.clock())

    reaper.meanwhile = [starts]
    assert reaper.run().found == {}
    assert reaper.store.watch(WATCH_ID).generation == 1


def test_it_is_restarted_once_in_a_run(reaper: Reaper) -> None:
    reaper.listening()
    reaper.machine.names.clear()
    reaper.run(50, after_s=3_600)
    assert reaper.store.watch(WATCH_ID).generation == 1
    reaper.run(50)
    assert reaper.store.watch(WATCH_ID).generation == 2, (
        "a start that was lost is made up for by the next run"
    )


def test_of_many_dead_all_are_asked_after_at_once(reaper: Reaper) -> None:
    for n in range(60):
        watch_id = ids.watch_id(ids.session_id("room", n), "primary")
        room = Room("zego", "1234567890", f"room-{n}")
        reaper.listening(watch_id=watch_id, session_id=ids.session_of(watch_id), room=room)
    reaper.machine.stopped = dict.fromkeys(reaper.machine.names[:30], START + 590000)
    reaper.machine.names = []
    assert reaper.run(after_s=600).found == {"undriven": 60}
    assert len(reaper.machine.asked) == 60
    assert sorted({orphan.seconds for orphan in reaper.told}) == [25.0, 615.0]
