"""An ear that may be dead, that has a better vendor, or that stands in the way of its own successor."""

from dataclasses import replace
from typing import Any

import pytest
from earshot.contract.plan import Plan
from earshot.domain import ids
from earshot.domain.watch import Status, Task, TaskState, Watch
from earshot.errors import AlreadyDone, EarshotError, Exhausted, GiveUp, RetryLater
from earshot.vendors.port import Accepted

from tests.unit.support.fakes import Vendor
from tests.unit.support.makers import START
from tests.unit.support.notes import Notes
from tests.unit.support.world import World, limits

TALKS = Accepted("task-1", "sh", signs_every_s=10)
TWO = Plan(failover=["yidun"])


def heard(*more: Any, plan: Plan | None = None, **world: Any) -> tuple[World, Watch]:
    """A room whose vendor says something every ten seconds; ``more``: what becomes of further submissions."""
    made = World(plans={"default": plan or Plan()}, **world)
    made.vendor.outcomes = [TALKS, *more]
    return made, made.listening()


def silent(*more: Any, plan: Plan | None = None, **world: Any) -> tuple[World, Watch]:
    """The same when it has said nothing for long."""
    made, watch = heard(*more, plan=plan, **world)
    made.clock.forward(30)
    made.store.hear_task(str(watch.current_task), made.clock(), 0)
    made.clock.forward(60)
    return made, watch


def replace_ear(world: World, watch: Watch) -> str:
    """What the machine does once it was told to mint."""
    number = world.mint(watch)
    return world.submit(watch, number, str(world.state["vendor"]))


def ear(world: World, watch: Watch, number: int) -> Task:
    return next(task for task in world.tasks(watch) if task.number == number)


# asked after


@pytest.mark.parametrize(
    ("plan", "signs_every_s", "silent_s"),
    [
        (Plan(), 10, 60),
        (Plan(silence_s=300), 10, 300),
        (Plan(silence_s=30), 120, 360),
        (Plan(), None, None),
        (Plan(keep="hits"), 10, None),
    ],
)
def test_what_silence_means_depends_on_what_is_asked_for(
    plan: Plan, signs_every_s: int | None, silent_s: int | None
) -> None:
    world = World(plans={"default": plan})
    world.vendor.outcomes = [Accepted("task-1", "sh", signs_every_s=signs_every_s)]
    assert world.tasks(world.listening())[0].silent_s == silent_s


def test_a_parked_watch_wakes_when_its_ear_falls_silent() -> None:
    world, _ = heard()
    assert (world.state["beat_s"], world.state["look_s"]) == (60, 3_600)


def test_an_ear_that_is_alive_is_left_alone(notes: Notes) -> None:
    world, watch = silent(Accepted("task-1", "sh", adopted=True))
    assert world.advise(watch)["next"] == "mint"
    replace_ear(world, watch)
    assert (world.state["next"], world.state["release"], world.state["beat_s"]) == ("watch", False, 60)
    assert ear(world, watch, 2).state is TaskState.DUPLICATE
    assert ear(world, watch, 1).heard_at == world.clock()
    assert (world.fresh(watch).current_task, world.fresh(watch).status_seq) == (watch.current_task, 1)
    assert "ES223" in notes.codes
    assert world.vendor.finished == []


def test_it_is_asked_after_under_its_own_name() -> None:
    """A vendor that knows duplicates by a key of ours must recognise the ear that it has."""
    alive, other = Accepted("task-1", "sh", adopted=True), Accepted("task-4", "sh")
    world, watch = silent(alive, alive, other)
    for _ in range(3):
        replace_ear(world, watch)
        world.clock.forward(60)
    assert [sent.ear for sent in world.vendor.submitted] == [ids.ear(watch.watch_id, 0)] * 4
    world.store.end_task(ear(world, watch, 4).task_ref, world.clock(), 3003, None)
    replace_ear(world, watch)
    assert world.vendor.submitted[-1].ear == ids.ear(watch.watch_id, 4)


def test_a_dead_one_is_replaced_and_counts_as_heard_up_to_its_last_sign(notes: Notes) -> None:
    world, watch = silent(Accepted("task-2", "sh", signs_every_s=10))
    sign = ear(world, watch, 1).heard_at
    replace_ear(world, watch)
    assert (ear(world, watch, 1).lost_at, world.fresh(watch).current_task) == (
        sign,
        ear(world, watch, 2).task_ref,
    )
    assert world.state["release"] is True, "nothing is to be waited for"
    assert "ES225" in notes.codes
    world.finish(watch, release=True)
    assert [call[0] for call in world.vendor.finished] == ["task-1"]
    world.close_room(140)
    world.finish(watch)
    world.close(watch)
    ledger = world.fresh(watch).ledger
    assert ledger is not None
    assert ledger["unmoderated_s"] == 60.0


def test_a_question_that_gets_no_answer_is_told_and_asked_again() -> None:
    world, watch = silent(RetryLater("unreachable"), Accepted("task-1", "sh", adopted=True))
    with pytest.raises(RetryLater):
        replace_ear(world, watch)
    state = world.advise(watch, "RetryLater")
    assert (state["next"], world.fresh(watch).status) == ("watch", Status.INTERRUPTED)
    world.clock.forward(state["look_s"])
    assert world.advise(watch)["next"] == "mint"
    replace_ear(world, watch)
    assert world.advise(watch)["next"] == "watch"
    assert world.fresh(watch).status is Status.MODERATING


# in the way of its own successor


def test_where_the_vendor_allows_no_overlap_the_old_ear_is_finished_first(notes: Notes) -> None:
    world, watch = heard(Accepted("task-1", "sh", adopted=True), Accepted("task-3", "sh"))
    world.store._tasks[str(watch.current_task)] = replace(ear(world, watch, 1), renew_at=world.clock())
    assert world.advise(watch)["next"] == "mint"
    replace_ear(world, watch)
    assert (world.state["next"], world.state["release"]) == ("mint", True)
    assert "ES224" in notes.codes
    world.clock.forward(1)
    world.finish(watch, release=True)
    assert [call[0] for call in world.vendor.finished] == ["task-1"]
    world.clock.forward(2)
    replace_ear(world, watch)
    assert world.fresh(watch).current_task == ear(world, watch, 3).task_ref
    world.close_room(60)
    world.finish(watch)
    world.close(watch)
    ledger = world.fresh(watch).ledger
    assert ledger is not None
    assert ledger["unmoderated_s"] == 3.0, "the gap is measured"


# another vendor


def test_a_suspect_ear_has_the_next_vendor_beside_it_at_once() -> None:
    world, watch = silent(plan=TWO)
    world.vendors["yidun"] = other = Vendor(outcomes=[Accepted("other-1", "cn")])
    assert world.advise(watch)["next"] == "mint"
    began = world.clock()
    troubles = []
    while not other.submitted:
        world.vendor.outcomes = [RetryLater("unreachable")]
        try:
            replace_ear(world, watch)
        except RetryLater:
            state = world.advise(watch, "RetryLater")
            troubles.append(state["wait_s"])
            assert state["next"] == "mint"
            world.clock.forward(state["wait_s"] + 3)
    assert world.clock() - began <= 20_000
    assert [task.vendor for task in world.tasks(watch) if task.is_live] == ["yidun"]
    assert ear(world, watch, 1).finished_at is None, "finished by the machine's release"


@pytest.mark.parametrize("error", [GiveUp("shumei_1902"), Exhausted("shumei_1901")])
def test_what_a_vendor_refuses_or_has_no_room_for_goes_to_the_next_at_once(error: EarshotError) -> None:
    world = World(plans={"default": TWO})
    world.vendor.outcomes, world.vendors["yidun"] = [error], Vendor(outcomes=[Accepted("other-1", "cn")])
    watch = world.opened()
    with pytest.raises(type(error)):
        replace_ear(world, watch)
    state = world.advise(watch, type(error).__name__)
    assert state["next"] == "mint"
    assert state["wait_s"] <= 2
    replace_ear(world, watch)
    assert (world.fresh(watch).status, world.tasks(watch)[-1].vendor) == (Status.MODERATING, "yidun")
    assert world.state["look_s"] == 300, "it looks whether the first has recovered"


def test_when_the_first_vendor_has_recovered_it_listens_again() -> None:
    world = World(plans={"default": TWO})
    world.vendor.outcomes, world.vendors["yidun"] = [Exhausted("shumei_1901")], Vendor()
    watch = world.opened()
    with pytest.raises(Exhausted):
        replace_ear(world, watch)
    world.advise(watch, "Exhausted")
    replace_ear(world, watch)
    world.clock.forward(300)
    assert world.advise(watch)["next"] == "watch", "it has no room for this one yet"
    world.clock.forward(301)
    assert world.advise(watch)["next"] == "mint"
    replace_ear(world, watch)
    assert [task.vendor for task in world.tasks(watch) if task.is_live] == ["yidun", "shumei"]
    assert world.state["release"] is False, "until the first has proved itself"


# an ear that ends right after it took over


def test_an_ear_that_was_kept_is_the_ear_again() -> None:
    world, watch = heard(Accepted("task-2", "sh", signs_every_s=10))
    world.store._tasks[str(watch.current_task)] = replace(ear(world, watch, 1), renew_at=world.clock())
    replace_ear(world, watch)
    world.store.end_task(ear(world, watch, 2).task_ref, world.clock(), 3003, None)
    state = world.advise(watch)
    assert (state["next"], state["release"], world.fresh(watch).status) == ("mint", True, Status.MODERATING)


# turns and streams


def test_a_credential_waits_for_its_turn_and_comes_back_for_it() -> None:
    world = World(limits=limits(zego={"mints_per_s": 1}))
    for room in range(5):
        world.track(room_id=f"room-{room}")
    watches = list(world.store._watches.values())
    waits = []
    for watch in watches:
        world.clock.now = START
        world.mint(watch)
        waits.append((world.state["next"], world.state["wait_s"], world.state["slot"]))
    assert [next_ for next_, _, _ in waits] == ["submit", "submit", "mint", "mint", "mint"]
    assert all(int(str(wait)) >= 1 and slot for next_, wait, slot in waits if next_ == "mint")
    last = watches[-1]
    world.clock.forward(float(str(waits[-1][1])))
    world.state = world.minting()(world.machine(last, slot=waits[-1][2], vendor="shumei"))
    assert world.state["next"] == "submit"
    assert world.clock() >= int(str(waits[-1][2]))


def test_a_submission_waits_for_its_turn_with_its_credential_unused() -> None:
    world = World(limits=limits(shumei={"submits_per_s": 1}, zego={"mints_per_s": None}))
    for room in range(4):
        world.track(room_id=f"room-{room}")
    states = []
    for watch in list(world.store._watches.values()):
        world.clock.now = START
        number = world.mint(watch)
        world.submit(watch, number, "shumei")
        states.append(world.state)
    assert [state["next"] for state in states] == ["watch", "watch", "submit", "submit"]
    assert (states[-1]["number"], states[-1]["vendor"]) == (1, "shumei")
    assert len(world.vendor.submitted) == 2


def test_a_room_waits_for_a_stream_and_is_next_when_one_is_free() -> None:
    world = World(limits=limits(shumei={"streams": 2}))
    world.track(room_id="first")
    world.track(room_id="second")
    first, second = world.store._watches.values()
    world.submit(first, world.mint(first))
    world.mint(second)
    assert (world.state["next"], world.state["look_s"]) == ("watch", 300)
    assert world.fresh(second).queued_at == world.clock()
    assert world.platform.minted[1:] == [], "no credential for nothing"
    world.store.drop_task(world.tasks(first)[0].task_ref, TaskState.REFUSED, "-")
    assert world.advise(second)["next"] == "mint"


def test_a_refused_submission_keeps_no_stream() -> None:
    world = World(limits=limits(shumei={"streams": 2}))
    world.vendor.outcomes = [RetryLater("shumei_1903")]
    watch = world.opened()
    with pytest.raises(RetryLater):
        world.submit(watch, world.mint(watch))
    assert world.store.streams_held("shumei") == 0


# two executions


@pytest.mark.parametrize("step", ["mint", "submit"])
def test_an_execution_of_an_earlier_generation_opens_nothing(step: str) -> None:
    world = World()
    watch = world.opened()
    number = world.mint(watch)
    world.store.restart(watch.watch_id, 0)
    with pytest.raises(AlreadyDone):
        world.mint(watch) if step == "mint" else world.submit(watch, number)
    assert world.vendor.submitted == []
    assert world.advise(watch, "AlreadyDone")["next"] == "leave"
    assert world.advise(watch, generation=1)["next"] == "mint"


def test_an_execution_of_another_machine_hands_a_quiet_watch_over(notes: Notes) -> None:
    world, watch = heard()
    state = world.advise(watch, version="machine-0")
    assert (state["next"], world.fresh(watch).generation) == ("leave", 1)
    assert "ES227" in notes.codes
    assert world.advise(watch, generation=1)["next"] == "watch"


def test_so_does_one_that_has_been_at_it_for_long() -> None:
    world, watch = heard()
    assert world.advise(watch, round=248)["round"] == 249
    assert world.advise(watch, round=249)["next"] == "leave"
