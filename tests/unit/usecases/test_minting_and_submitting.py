"""A credential for every submission, and an owner for whatever the vendor may have opened."""

import pytest
from earshot import callback_url
from earshot.domain.watch import Status, TaskState
from earshot.errors import AlreadyDone, CredentialClaimed, GiveUp, OutcomeUnknown, RetryLater
from earshot.vendors.port import Accepted, Submission

from tests.unit.support.notes import Notes
from tests.unit.support.world import BASE, KEY, World


class Killed(BaseException):
    """The runtime took the function away."""


def test_a_mint_keeps_the_secret_on_the_table_and_answers_a_number() -> None:
    world = World()
    watch = world.opened()
    assert [world.mint(watch), world.mint(watch)] == [1, 2]
    credential = world.store._credentials[watch.watch_id, 1]
    assert credential.secrets == {"identify_token": "token-1"}
    assert credential.expires_at == world.clock() + 86_400_000
    first, second = world.platform.minted
    assert (first.room, first.options["effective_time_s"], first.now) == (watch.room, 86_400, world.clock())
    assert (first.watch_id, first.number, second.number) == (watch.watch_id, 1, 2)


def test_a_closed_room_mints_nothing() -> None:
    world = World()
    watch = world.opened()
    world.close_room()
    with pytest.raises(AlreadyDone, match="room_closed"):
        world.mint(watch)
    assert world.platform.minted == []


def test_an_ended_watch_mints_and_submits_nothing() -> None:
    world = World()
    watch = world.opened()
    number = world.mint(watch)
    world.close(watch)
    for step in (lambda: world.mint(watch), lambda: world.submit(watch, number)):
        with pytest.raises(AlreadyDone):
            step()
    assert world.vendor.submitted == []


def test_a_failed_mint_takes_a_number_and_leaves_nothing() -> None:
    world = World()
    watch = world.opened()
    world.platform.errors = [RetryLater("zego_206")]
    with pytest.raises(RetryLater):
        world.mint(watch)
    assert world.store._credentials == {}
    assert world.mint(watch) == 2, "a number is never used twice"


def test_a_submission_carries_the_credential_and_a_proven_address() -> None:
    world = World()
    watch = world.opened()
    ref = world.submit(watch, world.mint(watch))
    (sent,) = world.vendor.submitted
    assert (sent.task_ref, sent.secrets) == (ref, {"identify_token": "token-1"})
    assert sent.callback_url == callback_url.build(BASE, KEY, "shumei", ref)


def test_an_acceptance_is_written_whole() -> None:
    world = World()
    watch = world.listening()
    (task,) = world.tasks(watch)
    assert (task.state, task.vendor_task_id, task.endpoint) == (TaskState.RUNNING, "task-1", "sh")
    assert (task.accepted_at, task.adopted) == (world.clock(), False)
    assert (watch.status, watch.current_task) == (Status.MODERATING, task.task_ref)


def test_a_closed_room_is_not_submitted() -> None:
    world = World()
    watch = world.opened()
    number = world.mint(watch)
    world.close_room()
    with pytest.raises(AlreadyDone):
        world.submit(watch, number)
    assert world.vendor.submitted == []


def test_a_credential_is_claimed_once() -> None:
    world = World()
    watch = world.opened()
    number = world.mint(watch)
    world.submit(watch, number)
    with pytest.raises(CredentialClaimed):
        world.submit(watch, number)
    assert len(world.vendor.submitted) == 1


def test_a_function_killed_after_acceptance_leaves_an_owned_task_and_no_second_use() -> None:
    world = World()
    watch = world.opened()
    number = world.mint(watch)

    def accepted_then_killed(_: Submission) -> Accepted:
        raise Killed

    world.vendor.outcomes = [accepted_then_killed]
    with pytest.raises(Killed):
        world.submit(watch, number)
    (task,) = world.tasks(watch)
    assert (task.state, task.is_unresolved) == (TaskState.SUBMITTING, True)
    with pytest.raises(CredentialClaimed):
        world.submit(watch, number)
    assert len(world.vendor.submitted) == 1


def test_a_lost_answer_leaves_a_task_that_will_be_looked_for(notes: Notes) -> None:
    world = World()
    watch = world.opened()
    world.vendor.outcomes = [OutcomeUnknown("no_answer", "ReadTimeout")]
    with pytest.raises(OutcomeUnknown):
        world.submit(watch, world.mint(watch))
    (task,) = world.tasks(watch)
    assert (task.state, task.detail, task.is_unresolved) == (TaskState.UNKNOWN, "no_answer", True)
    assert "ES204" in notes.codes


@pytest.mark.parametrize("error", [RetryLater("shumei_1901"), GiveUp("shumei_1902", "bad parameter")])
def test_a_refusal_opens_nothing(error: RetryLater | GiveUp) -> None:
    world = World()
    watch = world.opened()
    world.vendor.outcomes = [error]
    with pytest.raises(type(error)):
        world.submit(watch, world.mint(watch))
    (task,) = world.tasks(watch)
    assert (task.state, task.detail, task.is_unresolved) == (TaskState.REFUSED, error.reason, False)
    assert world.fresh(watch).status is Status.OPENING


def test_the_duplicate_is_adopted_under_the_running_tasks_id(notes: Notes) -> None:
    world = World()
    watch = world.opened()
    world.vendor.outcomes = [OutcomeUnknown("no_answer"), Accepted("running", "sh", adopted=True)]
    with pytest.raises(OutcomeUnknown):
        world.submit(watch, world.mint(watch))
    ref = world.submit(watch, world.mint(watch))
    assert [sent.secrets["identify_token"] for sent in world.vendor.submitted] == ["token-1", "token-2"]
    lost, adopted = world.tasks(watch)
    assert (adopted.vendor_task_id, adopted.adopted) == ("running", True)
    assert (lost.vendor_task_id, lost.is_unresolved) == ("running", False), "it is the task that was lost"
    assert world.fresh(watch).current_task == ref
    assert "ES203" in notes.codes


def test_a_second_task_resumes_the_watch_without_telling_it_anew() -> None:
    world = World()
    watch = world.listening()
    world.submit(watch, world.mint(watch))
    assert world.fresh(watch).status_seq == watch.status_seq
    assert world.fresh(watch).current_task == world.tasks(watch)[1].task_ref


def test_a_hits_only_plan_says_so_in_the_address() -> None:
    from earshot.contract.plan import Plan

    world = World(plans={"default": Plan(keep="hits")})
    watch = world.listening()
    assert watch.current_task == f"{watch.watch_id}-1h"


def test_no_secret_and_no_address_is_noted(notes: Notes) -> None:
    world = World()
    world.listening()
    assert "token-1" not in notes.text
    assert "/callbacks/" not in notes.text
    assert "token-1" not in repr(world.vendor.submitted)
