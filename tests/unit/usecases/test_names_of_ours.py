"""Vendors that know a task by a name of ours: whatever became of a submission, it can be finished."""

from contextlib import suppress
from dataclasses import replace

import pytest
from earshot.domain.ears import strays, unfinished
from earshot.domain.ledger import settle
from earshot.domain.watch import Task, TaskState, Watch
from earshot.errors import AlreadyDone, GiveUp, OutcomeUnknown, RetryLater, Unfinished
from earshot.vendors.port import Accepted, Submission

from tests.unit.support.makers import START, task, watch
from tests.unit.support.meddling import dies_at
from tests.unit.support.world import World

LOST = OutcomeUnknown("read_timeout")


def name_of(submission: Submission) -> tuple[str, str]:
    return f"named-{submission.task_ref}", "product"


@pytest.fixture
def world() -> World:
    made = World()
    made.vendor.name_of = name_of
    return made


def lost(world: World) -> Watch:
    """A room whose only submission was not answered."""
    world.vendor.outcomes = [LOST]
    opened = world.opened()
    with pytest.raises(OutcomeUnknown):
        world.submit(opened, world.mint(opened))
    return world.fresh(opened)


def finished(world: World) -> list[tuple[str, str | None]]:
    return [(name, endpoint) for name, endpoint, _ in world.vendor.finished]


def test_a_submission_that_was_never_answered_is_finished_by_its_name(world: World) -> None:
    opened = lost(world)
    (try_,) = world.tasks(opened)
    world.close_room()
    world.finish(opened)
    assert finished(world) == [(f"named-{try_.task_ref}", "product")]


def test_so_is_one_whose_function_died_in_the_call(world: World) -> None:
    opened = world.opened()
    number = world.mint(opened)
    dies_at(world.vendor, "submit")
    with pytest.raises(ConnectionError):
        world.submit(opened, number)
    (try_,) = world.tasks(opened)
    world.close_room()
    world.finish(opened)
    assert finished(world) == [(f"named-{try_.task_ref}", "product")]


def test_a_refused_one_has_nothing_to_finish(world: World) -> None:
    world.vendor.outcomes = [GiveUp("refused")]
    opened = world.opened()
    with pytest.raises(GiveUp):
        world.submit(opened, world.mint(opened))
    world.close_room()
    world.finish(opened)
    assert finished(world) == []


def test_it_is_finished_as_soon_as_another_listens_and_no_sooner(world: World) -> None:
    opened = lost(world)
    (try_,) = world.tasks(opened)
    assert strays(world.tasks(opened), None) == []
    world.vendor.outcomes = [Accepted("another", "product")]
    world.submit(opened, world.mint(opened))
    world.finish(world.fresh(opened), release=True)
    assert finished(world) == [(f"named-{try_.task_ref}", "product")]


def test_a_client_that_cannot_name_it_says_why_when_it_submits(world: World) -> None:
    def refuses(_: Submission) -> tuple[str, str]:
        raise RetryLater("no_secret_yet")

    world.vendor.name_of = refuses
    opened = world.opened()
    world.submit(opened, world.mint(opened))
    assert [one.named for one in world.tasks(opened)] == [None]


def lost_try(**fields: object) -> Task:
    made = task(1, state=TaskState.UNKNOWN, vendor_task_id=None, accepted_at=None)
    return replace(made, named="ours", **fields)  # type: ignore[arg-type]


def test_a_lost_try_is_not_believed_to_have_listened_and_is_no_secret_once_finished() -> None:
    closing = lost_try(finished_at=START + 50_000)
    ledger = settle(watch(), [closing], START + 100_000)
    assert (ledger["audited_s"], ledger["unresolved"], ledger["unfinished"]) == (0.0, [], [])
    assert [entry["task_id"] for entry in ledger["tasks"]] == ["ours"]


def test_a_name_that_is_given_again_is_finished_again() -> None:
    """A room's own audit is stopped and started under the one name that it has."""
    first = task(1, vendor_task_id="app/room", accepted_at=START, finished_at=START + 10_000)
    second = task(2, vendor_task_id="app/room", accepted_at=START + 20_000)
    assert unfinished([first, second]) == [second]
    assert unfinished([first, replace(second, accepted_at=START + 5_000)]) == []


def test_one_that_is_gone_when_it_is_finished_again_ended_at_the_first_call(world: World) -> None:
    """Else a hits-only room whose answer was lost would be told as unheard since its last hit."""
    opened = world.listening()
    (ear,) = world.tasks(opened)
    world.close_room(600)
    world.clock.forward(600)
    gone = AlreadyDone("no_such_task")
    world.vendor.finishes = {str(ear.vendor_task_id): [OutcomeUnknown("unreadable_answer"), gone]}
    for _ in range(2):
        with suppress(Unfinished):
            world.finish(world.fresh(opened))
    (ended,) = world.tasks(opened)
    assert ended.lost_at == ended.stopped_at
    assert ended.stopped_at is not None
    assert ended.stopped_at >= START + 600_000


def test_one_that_is_gone_when_it_is_first_finished_ended_at_its_last_sign(world: World) -> None:
    """Whatever was answered before: a refusal ends nothing."""
    opened = world.listening()
    (ear,) = world.tasks(opened)
    world.close_room(600)
    world.clock.forward(600)
    world.vendor.finishes = {str(ear.vendor_task_id): [RetryLater("busy"), AlreadyDone("no_such_task")]}
    for _ in range(2):
        with suppress(Unfinished):
            world.finish(world.fresh(opened))
    (ended,) = world.tasks(opened)
    assert (ended.lost_at, ended.stopped_at) == (ear.last_sign, None)
