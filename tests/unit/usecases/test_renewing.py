"""An ear that may not listen for ever is replaced before it ends, and nobody notices."""

import json
from dataclasses import replace
from typing import Any

import pytest
from earshot.contract.plan import Plan
from earshot.domain import ids
from earshot.domain.watch import Status, TaskState, Watch
from earshot.errors import AlreadyDone, EarshotError, GiveUp, OutcomeUnknown, RetryLater
from earshot.platforms.port import Platform
from earshot.vendors.port import Accepted

from tests.unit.support.makers import START
from tests.unit.support.notes import Notes
from tests.unit.support.world import World

LASTS_S = 3_600
EARLY_S = 300
DUE = START + (LASTS_S - EARLY_S) * 1_000


def lasting(number: int, lasts_s: int | None = LASTS_S) -> Accepted:
    return Accepted(f"task-{number}", "sh", lasts_s=lasts_s)


def heard(*more: Any, **plan: Any) -> tuple[World, Watch]:
    """A room that is listened to for an hour at a time; ``more``: what becomes of further submissions."""
    chosen = Plan(**{"renew_before_s": EARLY_S, **plan})
    world = World(plans={"default": chosen})
    world.vendor.outcomes = [lasting(1), *more]
    return world, world.listening()


def due(*more: Any, **plan: Any) -> tuple[World, Watch]:
    """The same when it is time."""
    world, watch = heard(*more, **plan)
    world.clock.now = DUE
    return world, watch


def renew(world: World, watch: Watch) -> str:
    """What the machine does once it was told to mint."""
    return world.submit(watch, world.mint(watch))


def prove(world: World, watch: Watch) -> None:
    """The new ear has had its time: the machine looks, and lets the old one go."""
    world.clock.forward(20)
    assert world.advise(watch)["release"] is True


def fail(world: World, watch: Watch, error: type[EarshotError]) -> dict[str, Any]:
    """The machine tries, fails and asks."""
    try:
        renew(world, watch)
    except error as raised:
        return world.advise(watch, error.__name__, json.dumps({"errorMessage": str(raised)}))
    raise AssertionError("it did not fail")


# when


def test_an_ear_says_when_it_is_to_be_replaced() -> None:
    world, watch = heard()
    assert world.tasks(watch)[0].renew_at == DUE
    assert world.state["look_s"] == LASTS_S - EARLY_S


def test_a_parked_watch_looks_in_time_and_never_more_seldom_than_its_plan_says() -> None:
    world, watch = heard()
    for gone_s, look_s in ((0, 3_300), (3_000, 300), (297, 3), (1.5, 2)):
        world.clock.forward(gone_s)
        assert world.advise(watch)["look_s"] == look_s
    world, watch = heard(look_s=60)
    assert (world.state["look_s"], world.advise(watch)["look_s"]) == (60, 60)


def test_before_it_is_time_nothing_is_done() -> None:
    world, watch = heard()
    world.clock.now = DUE - 1_500
    state = world.advise(watch)
    assert (state["next"], state["look_s"]) == ("watch", 2)


def test_when_it_is_time_another_is_opened_and_nobody_is_told(notes: Notes) -> None:
    world, watch = due()
    state = world.advise(watch)
    assert (state["next"], state["wait_s"], state["release"]) == ("mint", 0, False)
    now = world.fresh(watch)
    assert (now.status, now.status_seq, now.reason) == (Status.MODERATING, 1, None), (
        "moderating, and without a reason to think otherwise"
    )
    assert notes.codes.count("ES212") == 1


def test_a_vendor_that_sets_no_limit_is_never_asked_again() -> None:
    world = World(plans={"default": Plan(probe_s=0)})
    world.vendor.outcomes = [lasting(1, None)]
    watch = world.listening()
    assert world.tasks(watch)[0].renew_at is None
    world.clock.forward(365 * 86_400)
    state = world.advise(watch)
    assert (state["next"], state["look_s"]) == ("watch", 3_600)


@pytest.mark.parametrize(
    ("lasts_s", "after_s"), [(3_600, 1_800), (1_000, 500), (60, 30), (7_200, 3_600), (7_201, 3_601), (1, 1)]
)
def test_an_ear_that_ends_sooner_than_it_would_be_renewed_is_not_replaced_without_end(
    lasts_s: int, after_s: int
) -> None:
    """A plan may renew an hour early, ZEGO's token may last an hour."""
    world = World(plans={"default": Plan(renew_before_s=3_600)})
    world.vendor.outcomes = [lasting(1, lasts_s)]
    assert world.tasks(world.listening())[0].renew_at == START + after_s * 1_000


# how


def test_the_replacement_takes_over_and_the_old_ear_is_released() -> None:
    world, watch = due(lasting(2))
    world.advise(watch)
    ref = renew(world, watch)
    assert (world.state["next"], world.state["release"], world.state["look_s"]) == ("watch", False, 20)
    now = world.fresh(watch)
    assert (now.current_task, now.status, now.status_seq) == (ref, Status.MODERATING, watch.status_seq)
    prove(world, watch)
    world.finish(watch, release=True)
    assert [call[0] for call in world.vendor.finished] == ["task-1"]
    state = world.advise(watch)
    assert (state["next"], state["release"]) == ("watch", False)


def test_a_release_that_failed_is_asked_for_at_the_next_look() -> None:
    world, watch = due(lasting(2))
    renew(world, watch)
    prove(world, watch)
    assert world.advise(watch)["release"] is True


def test_the_first_ear_releases_nothing() -> None:
    world, _ = heard()
    assert (world.state["next"], world.state["release"]) == ("watch", False)


def test_an_ear_has_a_name_of_its_own_however_many_there_are() -> None:
    world, watch = heard(*(lasting(number) for number in range(2, 5)))
    for _ in range(3):
        world.clock.forward(LASTS_S - EARLY_S)
        assert world.advise(watch)["next"] == "mint"
        renew(world, watch)
    assert [sent.ear for sent in world.vendor.submitted] == [ids.ear(watch.watch_id, n) for n in range(4)]
    assert [task.renew_at for task in world.tasks(watch)] == [
        START + n * (LASTS_S - EARLY_S) * 1_000 for n in range(1, 5)
    ]


def test_every_try_of_one_ear_has_its_name() -> None:
    """The vendor knows a duplicate by it: a try whose answer was lost must not become a second ear."""
    world = World()
    world.vendor.outcomes = [OutcomeUnknown("no_answer"), lasting(1), OutcomeUnknown("no_answer"), lasting(2)]
    watch = world.opened()
    for _ in range(2):
        fail(world, watch, OutcomeUnknown)
        renew(world, watch)
        world.clock.now = START + LASTS_S * 1_000
    first, last = ids.ear(watch.watch_id, 0), ids.ear(watch.watch_id, 2)
    assert [sent.ear for sent in world.vendor.submitted] == [first, first, last, last]


def test_the_ear_after_an_interruption_is_another_one_too() -> None:
    world, watch = heard(lasting(2))
    world.store.end_task(str(watch.current_task), world.clock(), 3, None)
    assert world.advise(watch)["next"] == "mint"
    renew(world, watch)
    one, other = (sent.ear for sent in world.vendor.submitted)
    assert one != other


# what may go wrong


@pytest.mark.parametrize("error", [RetryLater("yidun_411"), OutcomeUnknown("no_answer"), GiveUp("yidun_401")])
def test_a_renewal_that_fails_keeps_the_ear_and_is_tried_again_after_a_pause(error: EarshotError) -> None:
    world, watch = due(error, lasting(2))
    state = fail(world, watch, type(error))
    assert (state["next"], state["release"]) == ("watch", False)
    assert state["look_s"] >= 1
    assert world.fresh(watch).status is Status.MODERATING
    assert world.fresh(watch).status_seq == watch.status_seq
    assert world.fresh(watch).current_task == watch.current_task
    assert world.vendor.finished == []
    world.clock.forward(state["look_s"])
    assert world.advise(watch)["next"] == "mint"
    assert world.tasks(watch)[0].is_live
    renew(world, watch)
    assert world.fresh(watch).current_task == world.tasks(watch)[-1].task_ref


@pytest.mark.parametrize("error", [RetryLater("zego_206"), GiveUp("zego_205")])
def test_a_credential_that_cannot_be_had_keeps_the_ear_too(error: EarshotError, notes: Notes) -> None:
    world, watch = due()
    world.platform.errors = [error]
    state = fail(world, watch, type(error))
    assert (state["next"], world.fresh(watch).status) == ("watch", Status.MODERATING)
    assert notes.codes.count("ES205") == isinstance(error, GiveUp), "an alarm, and no end"


def test_however_often_it_fails_it_is_tried_ever_more_seldom_and_never_given_up() -> None:
    world, watch = due(*[RetryLater("yidun_411")] * 80)
    looks = []
    for _ in range(80):
        state = fail(world, watch, RetryLater)
        assert state["next"] == "watch"
        looks.append(state["look_s"])
        assert state["wait_s"] <= 2, "no longer deaf than that: the room may close"
        world.clock.forward(state["look_s"])
        assert world.advise(watch)["next"] == "mint"
    assert looks == sorted(looks)
    assert (looks[0], looks[-1]) == (2, 150)


def test_an_ear_that_ends_before_its_replacement_came_is_an_interruption() -> None:
    world, watch = due(RetryLater("yidun_411"), lasting(2))
    fail(world, watch, RetryLater)
    world.store.end_task(str(watch.current_task), world.clock(), 3, None)
    assert world.advise(watch)["next"] == "mint"
    assert world.fresh(watch).status is Status.INTERRUPTED
    renew(world, watch)
    assert world.fresh(watch).status is Status.MODERATING


def test_a_lost_replacement_that_comes_to_light_is_released() -> None:
    world, watch = due(OutcomeUnknown("no_answer"), lasting(3))
    fail(world, watch, OutcomeUnknown)
    renew(world, watch)
    lost = world.tasks(watch)[1]
    assert lost.state is TaskState.UNKNOWN
    world.store.learn_task(lost.task_ref, "task-2")
    prove(world, watch)
    world.finish(watch, release=True)
    assert sorted(call[0] for call in world.vendor.finished) == ["task-1", "task-2"]


def test_a_replacement_that_was_opened_by_a_lost_try_is_adopted_and_the_old_ear_released() -> None:
    world, watch = due(OutcomeUnknown("no_answer"), Accepted("task-2", "sh", adopted=True, lasts_s=LASTS_S))
    fail(world, watch, OutcomeUnknown)
    renew(world, watch)
    prove(world, watch)
    world.finish(watch, release=True)
    assert [call[0] for call in world.vendor.finished] == ["task-1"]


@pytest.mark.parametrize("step", ["mint", "submit"])
def test_a_room_that_closes_meanwhile_is_finished(step: str) -> None:
    world, watch = due()
    number = 0 if step == "mint" else world.mint(watch)
    world.close_room(LASTS_S)
    with pytest.raises(AlreadyDone):
        world.mint(watch) if step == "mint" else world.submit(watch, number)
    assert world.advise(watch, "AlreadyDone")["next"] == "finish"
    world.finish(watch)
    assert [call[0] for call in world.vendor.finished] == ["task-1"]


def test_a_room_that_closes_while_the_replacement_is_opened_has_both_finished() -> None:
    world, watch = due()

    def closes(_: object) -> Accepted:
        world.close_room(LASTS_S)
        return lasting(2)

    world.vendor.outcomes = [closes]
    renew(world, watch)
    assert world.advise(watch)["next"] == "finish"
    world.finish(watch)
    assert sorted(call[0] for call in world.vendor.finished) == ["task-1", "task-2"]


def test_a_room_that_closes_after_a_failed_renewal_is_finished() -> None:
    world, watch = due(RetryLater("yidun_411"))
    fail(world, watch, RetryLater)
    world.close_room(LASTS_S)
    assert world.advise(watch)["next"] == "finish"


# a vendor that fetches its own credentials


def test_where_no_credential_is_needed_none_is_minted_and_tasks_are_numbered_all_the_same() -> None:
    world = World()
    watch = world.opened()
    asked: list[tuple[str, object]] = []

    def is_needed(vendor: str, options: object) -> bool:
        asked.append((vendor, options))
        return False

    def no_platform(name: str) -> Platform:
        raise AssertionError(name)

    mint = replace(world.minting(), platform=no_platform, is_needed=is_needed)
    assert [mint(world.machine(watch))["number"], mint(world.machine(watch))["number"]] == [1, 2]
    assert asked[0] == ("shumei", watch.plan["vendor_options"])
    world.submit(watch, 2)
    (sent,) = world.vendor.submitted
    assert (dict(sent.secrets), sent.task_ref) == ({}, f"{watch.watch_id}-2a")
