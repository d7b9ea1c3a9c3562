"""Nothing is billed without an owner: finish until acknowledged, then the ledger."""

from dataclasses import replace
from typing import Any
from unittest.mock import Mock

import pytest
from earshot.domain.watch import Status, Task, TaskState, Watch
from earshot.errors import AlreadyDone, EarshotError, Misconfigured, OutcomeUnknown, RetryLater, Unfinished

from tests.unit.support.makers import START, task
from tests.unit.support.notes import Notes
from tests.unit.support.world import World


def with_tasks(world: World, *tasks: Task) -> Watch:
    """A watch whose tasks are these; the last one is current."""
    watch = world.opened()
    mine = [
        replace(one, watch_id=watch.watch_id, task_ref=f"{watch.watch_id}-{one.number}a") for one in tasks
    ]
    world.store._tasks = {one.task_ref: one for one in mine}
    world.store._watches[watch.watch_id] = replace(
        watch, status=Status.MODERATING, current_task=mine[-1].task_ref if mine else None
    )
    return world.fresh(watch)


def test_a_running_task_is_finished_where_it_was_accepted() -> None:
    world = World()
    watch = with_tasks(world, task(1, endpoint="gg"))
    assert world.finish(watch) == watch.plan["settle_s"] > 0, "last callbacks are waited for"
    assert world.vendor.finished == [("task-1", "gg", False)]
    (finished,) = world.tasks(watch)
    assert (finished.finished_at, finished.finish_calls) == (START, 1)


def test_a_finish_is_not_repeated_once_acknowledged() -> None:
    world = World()
    watch = with_tasks(world, task(1))
    world.finish(watch)
    world.finish(watch)
    assert len(world.vendor.finished) == 1


def test_nothing_to_finish_is_fine() -> None:
    world = World()
    assert world.finish(world.opened()) == 0
    assert world.vendor.finished == []


@pytest.mark.parametrize(
    "error", [RetryLater("shumei_1903"), OutcomeUnknown("no_answer"), Misconfigured("a", "b")]
)
def test_an_unacknowledged_finish_is_repeated(error: EarshotError, notes: Notes) -> None:
    world = World()
    watch = with_tasks(world, task(1))
    world.vendor.finishes = {"task-1": [error]}
    with pytest.raises(Unfinished, match=error.reason):
        world.finish(watch)
    assert world.tasks(watch)[0].finished_at is None
    assert "ES209" in notes.codes
    world.finish(watch)
    assert (world.tasks(watch)[0].finish_calls, "ES208" in notes.codes) == (2, True)


def test_one_failure_does_not_keep_the_others_open() -> None:
    world = World()
    watch = with_tasks(world, task(1), task(2))
    world.vendor.finishes = {"task-1": [RetryLater("shumei_1903")]}
    with pytest.raises(Unfinished, match="1 tasks"):
        world.finish(watch)
    assert [one.finished_at is not None for one in world.tasks(watch)] == [False, True]


def test_an_ended_task_is_finished_all_the_same_and_the_vendor_told_that_we_know() -> None:
    world = World()
    watch = with_tasks(world, task(1, ended_at=START))
    assert world.finish(watch) == 0, "nothing is expected of a task that has ended"
    assert world.vendor.finished == [("task-1", "sh", True)]


def test_an_adopted_task_is_finished_once_for_both_its_refs() -> None:
    world = World()
    lost = task(1, state=TaskState.UNKNOWN, vendor_task_id="same", endpoint=None, accepted_at=None)
    watch = with_tasks(world, lost, task(2, vendor_task_id="same", endpoint="xjp", adopted=True))
    world.finish(watch)
    assert world.vendor.finished == [("same", "xjp", False)]
    assert all(one.finished_at for one in world.tasks(watch))
    assert sum(one.finish_calls for one in world.tasks(watch)) == 1


def test_what_is_known_of_one_ref_is_known_of_its_twin() -> None:
    world = World()
    lost = task(1, state=TaskState.UNKNOWN, vendor_task_id="same", ended_at=START)
    watch = with_tasks(world, lost, task(2, vendor_task_id="same"))
    world.finish(watch)
    assert world.vendor.finished == [("same", "sh", True)]


def test_a_task_learned_from_a_callback_is_finished_where_the_plan_sends_it() -> None:
    world = World()
    watch = with_tasks(world, task(1, state=TaskState.UNKNOWN, endpoint=None, accepted_at=None))
    world.finish(watch)
    assert world.vendor.finished == [("task-1", "sh", False)]


def test_an_unresolved_task_is_waited_for_but_cannot_be_finished() -> None:
    world = World()
    watch = with_tasks(world, task(1, state=TaskState.UNKNOWN, vendor_task_id=None))
    assert world.finish(watch) == watch.plan["settle_s"]
    assert world.vendor.finished == []


def test_release_spares_the_ear_that_listens() -> None:
    world = World()
    twin = task(2, state=TaskState.UNKNOWN, vendor_task_id="task-3", accepted_at=None)
    watch = with_tasks(world, task(1), twin, task(3))
    world.clock.forward(20)
    world.finish(watch, release=True)
    assert [call[0] for call in world.vendor.finished] == ["task-1"]


def test_release_takes_the_current_task_too_once_it_is_dead() -> None:
    world = World()
    watch = with_tasks(world, task(1, ended_at=START))
    world.finish(watch, release=True)
    assert [call[0] for call in world.vendor.finished] == ["task-1"]


# --- closing


def test_closing_settles_and_says_why() -> None:
    world = World()
    watch = world.listening()
    world.close_room(60)
    world.clock.forward(3)
    world.finish(watch)
    assert world.close(watch) == {"ok": True}
    ended = world.fresh(watch)
    assert (ended.status, ended.reason, ended.closed_at) == (Status.ENDED, "room_closed", START + 60_000)
    assert ended.ledger
    assert (ended.ledger["open_s"], ended.ledger["audited_s"]) == (60.0, 60.0)
    assert ended.ledger["calls"] == {"mint": 1, "unclaimed": 0, "submit": 1, "finish": 1}


def test_a_task_that_came_to_light_sends_the_machine_back_to_finish() -> None:
    world = World()
    watch = world.listening()
    world.close_room()
    with pytest.raises(Unfinished):
        world.close(watch)
    assert world.fresh(watch).status is Status.MODERATING


def test_an_abandoned_watch_is_closed_with_an_alarm_and_its_tasks_named(notes: Notes) -> None:
    world = World()
    watch = world.listening()
    world.close_room()
    assert world.close(watch, abandoned=True) == {"ok": False}
    ledger = world.fresh(watch).ledger
    assert ledger
    assert ledger["unfinished"] == [watch.current_task]
    assert "ES211" in notes.codes


def test_a_failed_watch_ends_with_the_reason_of_its_failure() -> None:
    world = World()
    watch = world.opened()
    world.advise(watch, "GiveUp", '{"errorMessage": "shumei_1902: bad parameter"}')
    world.close_room()
    assert world.close(watch) == {"ok": False}
    assert world.fresh(watch).reason == "shumei_1902"


def test_a_close_that_is_repeated_says_the_same() -> None:
    """Lambda may run it twice; the execution must not succeed because the first answer was lost."""
    world = World()
    watch = world.opened()
    world.advise(watch, "GiveUp", '{"errorMessage": "shumei_1902: bad parameter"}')
    first = world.close(watch)
    assert world.close(watch) == first == {"ok": False}


def test_what_was_minted_and_not_used_is_forgotten_and_counted() -> None:
    world = World()
    watch = world.listening()
    world.mint(watch)
    world.close_room(60)
    world.finish(watch)
    for _ in range(2):
        world.close(watch)
        ledger = world.fresh(watch).ledger
        assert ledger
        assert ledger["calls"] == {"mint": 2, "unclaimed": 1, "submit": 1, "finish": 1}
    assert world.store._credentials == {}


def test_what_was_heard_is_in_the_totals_of_its_day_once() -> None:
    world = World()
    watch = world.listening()
    world.close_room(60)
    world.finish(watch)
    for _ in range(2):
        world.close(watch)
    (total,) = world.store.totals("2026-11-21")
    assert (total.vendor, total.app_id, total.plan) == ("shumei", "1234567890", "default")
    assert (total.audited_s, total.unmoderated_s, total.calls, total.watches) == (60.0, 0.0, 2, 1)


def test_busy_totals_close_the_watch_all_the_same_and_the_step_is_tried_again() -> None:
    world = World()
    watch = world.listening()
    world.close_room(60)
    world.finish(watch)
    book = world.store.book
    world.store.book = Mock(side_effect=RetryLater("table_busy"))  # type: ignore[method-assign]
    with pytest.raises(RetryLater, match="table_busy"):
        world.close(watch)
    assert world.fresh(watch).is_over
    world.store.book = book  # type: ignore[method-assign]
    assert world.close(watch) == {"ok": True}
    assert world.store.totals("2026-11-21")[0].audited_s == 60.0


def test_closing_twice_refreshes_the_ledger_and_the_totals_and_nothing_else() -> None:
    world = World()
    watch = world.listening()
    world.close_room(60)
    world.finish(watch)
    world.close(watch)
    ended = world.fresh(watch)
    world.store.end_task(str(ended.current_task), world.clock(), None, 58.0)
    world.clock.forward(1_000)
    world.close(watch)
    again = world.fresh(watch)
    assert again.ledger
    assert again.ledger["vendor_s"] == 58.0
    assert world.store.totals("2026-11-21")[0].vendor_s == 58.0
    changed: dict[str, Any] = {"ledger": None, "accrued_until": None, "booked": None}
    assert replace(again, **changed) == replace(ended, **changed)


def test_a_superseded_watch_says_so() -> None:
    world = World()
    world.track(platform_session_id="A")
    watch = world.only_watch()
    world.track(platform_session_id="B", occurred_at="2026-11-21T02:00:09Z")
    world.close(watch)
    assert world.fresh(watch).reason == "superseded"


def test_a_machine_that_broke_down_while_the_room_was_open_is_a_failure_that_is_told() -> None:
    """Nobody said that it should end, and nobody listens any more."""
    world = World()
    watch = world.listening()
    world.finish(watch)
    assert world.close(watch) == {"ok": False}
    ended = world.fresh(watch)
    assert (ended.reason, ended.failed, ended.closed_at) == ("lifecycle_broke_down", True, world.clock())
    assert ended.status_seq == watch.status_seq + 2, "it failed, then it ended"


def test_a_failure_that_was_told_is_not_told_again() -> None:
    world = World()
    watch = world.opened()
    world.advise(watch, "GiveUp", '{"errorMessage": "shumei_1902: bad parameter"}')
    failed = world.fresh(watch)
    world.close(watch)
    assert world.fresh(watch).status_seq == failed.status_seq + 1


def test_a_task_that_its_vendor_has_forgotten_counts_as_heard_up_to_its_last_sign() -> None:
    world = World()
    watch = with_tasks(world, task(1, heard_at=START + 30_000))
    world.vendor.finishes = {"task-1": [AlreadyDone("shumei_1902", "no such task")]}
    world.clock.forward(300)
    world.finish(watch)
    (known,) = world.tasks(watch)
    assert (known.finished_at, known.lost_at) == (world.clock(), START + 30_000)


def test_one_that_told_of_its_end_counts_as_heard_up_to_that() -> None:
    world = World()
    watch = with_tasks(world, task(1, heard_at=START + 30_000, ended_at=START + 90_000))
    world.vendor.finishes = {"task-1": [AlreadyDone("shumei_1902", "no such task")]}
    world.finish(watch)
    assert world.tasks(watch)[0].lost_at is None


@pytest.mark.parametrize(
    ("fields", "believed"), [({}, False), ({"finish_calls": 9}, False), ({"finish_calls": 10}, True)]
)
def test_a_vendor_that_knows_no_such_task_is_believed_when_it_says_so_again_and_again(
    fields: dict[str, Any], believed: bool
) -> None:
    world = World()
    world.finish(with_tasks(world, task(1, **fields)))
    assert [known for _, _, known in world.vendor.finished] == [believed]
