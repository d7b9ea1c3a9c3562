"""What the model of the lifecycle (tests/unit/model) has found, each as it should be."""

import pytest
from earshot.domain.watch import Task, Watch
from earshot.errors import AlreadyDone, OutcomeUnknown, RetryLater
from earshot.store.port import Segment
from earshot.usecases.read_segment import ReadSegment
from earshot.usecases.reconcile_tasks import first_check
from earshot.usecases.stop_queue import StopQueue
from earshot.usecases.stream_slots import HandOn
from earshot.vendors.port import Accepted

from tests.unit.model.recorders import PushReader, Recording, judged
from tests.unit.support.fakes import SlipDoor
from tests.unit.support.makers import START
from tests.unit.support.world import World, limits

STREAMS = 2
OF_TWO = {"shumei": {"streams": STREAMS, "submits_per_s": None}, "zego": {"mints_per_s": None}}
LOST = OutcomeUnknown("timed_out")


def of_two_streams(*outcomes: Accepted | OutcomeUnknown) -> World:
    world = World(limits=limits(**OF_TWO))
    world.vendor.outcomes = list(outcomes)
    return world


def adopted(world: World, signs_every_s: int | None = None) -> Watch:
    """A room whose first answer was lost: its ear stands under two refs."""
    first = Accepted("task-1", "sh", adopted=True, lasts_s=600, signs_every_s=signs_every_s)
    world.vendor.outcomes = [LOST, first, *world.vendor.outcomes]
    watch = world.opened()
    with pytest.raises(OutcomeUnknown):
        world.submit(watch, world.mint(watch))
    world.submit(watch, world.mint(watch))
    assert [task.vendor_task_id for task in world.tasks(watch)] == ["task-1", "task-1"]
    return world.fresh(watch)


def loses_its_try(world: World) -> Watch:
    """A room that waits for a stream while the answer to its first try is lost; pushes have told the task's id."""
    watch = world.opened()
    with pytest.raises(OutcomeUnknown):
        world.submit(watch, world.mint(watch))
    world.store.learn_task(world.tasks(watch)[0].task_ref, "task-1")
    world.mint(watch)
    assert world.fresh(watch).queued_at is not None
    return world.fresh(watch)


def release(world: World, watch: Watch) -> None:
    """As the function does it: with the task its stream is free."""
    hand_on = HandOn(world.streams(), world.store, world.clock)
    stop = StopQueue(world.store, first_check, world.clock.forward, world.clock, hand_on=hand_on)
    world.finish_with(stop, watch, release=True)


def finished(world: World) -> list[str]:
    return [vendor_task_id for vendor_task_id, _, _ in world.vendor.finished]


# streams


def test_a_stream_is_not_kept_for_a_credential_that_could_not_be_minted() -> None:
    world = of_two_streams()
    world.platform.errors = [RetryLater("throttled")] * 5
    watch = world.opened()
    for _ in range(5):
        with pytest.raises(RetryLater):
            world.mint(watch)
        assert world.store.streams_held("shumei") == 1
    world.submit(watch, world.mint(watch))
    assert world.store.streams_held("shumei") == 1


@pytest.mark.parametrize("is_minted", [True, False])
def test_a_room_that_closes_before_its_submission_keeps_no_stream(is_minted: bool) -> None:
    world = of_two_streams()
    watch = world.opened()
    if is_minted:
        world.mint(watch)
    else:
        world.platform.errors = [RetryLater("throttled")]
        with pytest.raises(RetryLater):
            world.mint(watch)
    world.close_room()
    world.finish(watch)
    world.close(watch)
    assert world.store.streams_held("shumei") == 0


def test_an_execution_that_steps_aside_gives_back_what_it_took_too_late() -> None:
    world = of_two_streams()
    watch = world.opened()
    number = world.mint(watch)
    world.store.restart(watch.watch_id, 0)
    with pytest.raises(AlreadyDone):
        world.submit(watch, number)
    assert world.store.streams_held("shumei") == 0


def test_a_try_whose_answer_was_lost_does_not_hold_the_stream_that_its_own_watch_waits_for() -> None:
    world = of_two_streams(LOST)
    watch = loses_its_try(world)
    state = world.advise(watch)
    assert (state["next"], state["release"]) == ("mint", True)
    release(world, watch)
    assert world.store.streams_held("shumei") == 0
    world.submit(watch, world.mint(watch))
    assert world.fresh(watch).current_task is not None


def test_an_ear_that_may_be_dead_makes_room_for_its_successor() -> None:
    talks = Accepted("task-1", "sh", signs_every_s=10)
    world = of_two_streams(talks)
    watch = world.listening()
    world.store.take_stream("shumei", "another", STREAMS, START)
    world.clock.forward(90)
    assert world.advise(watch)["next"] == "mint"
    world.mint(watch)
    assert (world.state["next"], world.state["release"]) == ("mint", True)
    (ear,) = world.tasks(watch)
    assert ear.lost_at == START, "it was never heard"
    release(world, watch)
    world.submit(watch, world.mint(watch))
    assert finished(world) == ["task-1"]
    assert world.fresh(watch).current_task != ear.task_ref


# an ear under two refs


def test_an_adopted_ear_listens_until_its_successor_has_proved_itself() -> None:
    world = World()
    watch = adopted(world)
    world.clock.forward(480)
    assert world.advise(watch)["next"] == "mint"
    world.submit(watch, world.mint(watch))
    assert (world.state["next"], world.state["release"]) == ("watch", False)
    release(world, watch)
    assert finished(world) == []
    world.clock.forward(20)
    assert world.advise(watch)["release"] is True
    release(world, watch)
    assert finished(world) == ["task-1"]


def test_an_adopted_ear_that_died_counts_as_heard_up_to_its_last_sign() -> None:
    world = World()
    watch = adopted(world, 10)
    world.clock.forward(90)
    world.submit(watch, world.mint(watch))
    assert [task.lost_at for task in world.tasks(watch)] == [START, START, None]
    world.close_room(100)
    world.finish(watch)
    world.close(watch)
    ledger = world.fresh(watch).ledger
    assert ledger is not None
    assert (ledger["audited_s"], ledger["unmoderated_s"]) == (10.0, 90.0)


def test_an_ear_that_had_been_silent_when_its_room_closed_counts_up_to_its_last_sign() -> None:
    """Its execution was gone, or its vendor was down: nobody came to replace it."""
    world = World()
    watch = adopted(world, 10)
    world.clock.forward(100)
    world.store.hear_task(str(watch.current_task), world.clock(), 0)
    world.close_room(400)
    world.finish(watch)
    world.close(watch)
    ledger = world.fresh(watch).ledger
    assert ledger is not None
    assert (ledger["audited_s"], ledger["unmoderated_s"]) == (100.0, 300.0)
    assert finished(world) == ["task-1"], "it may listen all the same"


def test_an_adopted_task_that_listens_on_is_finished_again() -> None:
    world = World()
    watch = adopted(world)
    world.close_room(60)
    world.finish(watch)
    world.close(watch)
    world.clock.forward(120)
    push(world, world.tasks(watch)[0], "task-1")
    world.finish(watch)
    assert finished(world) == ["task-1", "task-1"]
    assert all(task.finished_at == world.clock() for task in world.tasks(watch))


def push(world: World, task: Task, vendor_task_id: str) -> None:
    """A segment that has just ended, at the address of a task."""
    one = Recording(vendor_task_id, task.task_ref, "", "", task.watch_id, START)
    read = ReadSegment(
        world.store, lambda _: SlipDoor(), lambda _: PushReader(), world.starter, world.beats.append
    )
    read(Segment(task.task_ref, "late", "shumei", judged(one, world.clock()), world.clock()))
