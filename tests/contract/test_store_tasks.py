"""Credentials and tasks: claimed once, owned always."""

from __future__ import annotations

from dataclasses import replace

import pytest
from earshot.domain import ids
from earshot.domain.lifecycle import Advice, Next
from earshot.domain.watch import Status, TaskState
from earshot.errors import CredentialClaimed
from earshot.store.port import Conflict

from tests.contract.samples import (
    NOW,
    ROOM,
    SECRET,
    SESSION,
    WATCH_ID,
    Kept,
    accepted,
    credential,
    open_task,
    task,
    watch,
)

REF = task().task_ref


@pytest.fixture(autouse=True)
def _a_watch(store: Kept) -> None:
    store.add_watch(watch())


# credentials


@pytest.mark.parametrize("expires_at", [NOW + 60_000, NOW, None])
def test_a_credential_opens_its_task(store: Kept, expires_at: int | None) -> None:
    store.put_credential(credential(expires_at=expires_at), NOW)
    assert store.open_task(task()) == credential(expires_at=expires_at)
    assert store.task(REF) == task()


def test_a_credential_opens_one_task(store: Kept) -> None:
    open_task(store)
    with pytest.raises(CredentialClaimed):
        store.open_task(task(submitted_at=NOW + 1))
    assert store.tasks(WATCH_ID) == [task()]


def test_a_credential_opens_the_task_of_its_number_alone(store: Kept) -> None:
    store.put_credential(credential(1), NOW)
    with pytest.raises(CredentialClaimed):
        store.open_task(task(2))
    assert store.tasks(WATCH_ID) == []


def test_a_credential_that_was_never_minted_opens_nothing(store: Kept) -> None:
    with pytest.raises(CredentialClaimed):
        store.open_task(task())
    assert store.tasks(WATCH_ID) == []


def test_an_empty_credential_is_one(store: Kept) -> None:
    """A plain address needs no secret, and is submitted once all the same."""
    store.put_credential(replace(credential(), secrets={}), NOW)
    assert store.open_task(task()).secrets == {}
    with pytest.raises(CredentialClaimed):
        store.open_task(task())


def test_a_secret_is_on_no_watch_and_no_task(store: Kept) -> None:
    open_task(store)
    store.accept_task(watch(), accepted(), NOW)
    assert SECRET not in repr(store.watches(SESSION))
    assert SECRET not in repr(store.tasks(WATCH_ID))
    assert SECRET not in repr(credential())


# tasks


def test_a_task_that_nobody_opened_is_none(store: Kept) -> None:
    assert store.task(REF) is None
    assert store.tasks(WATCH_ID) == []


def test_tasks_come_in_the_order_of_their_numbers(store: Kept) -> None:
    for number in (10, 2, 1, 12, 9, 11):
        open_task(store, number)
    assert [each.number for each in store.tasks(WATCH_ID)] == [1, 2, 9, 10, 11, 12]


def test_tasks_are_those_of_the_watch(store: Kept) -> None:
    """Ids of a session's watches begin alike."""
    others = [
        ids.watch_id(SESSION, "primary", ids.session_id(ROOM.key, 2)),
        ids.watch_id(SESSION, "primary-2"),
    ]
    for watch_id in (WATCH_ID, *others):
        open_task(store, 1, watch_id)
    for watch_id in (WATCH_ID, *others):
        assert store.tasks(watch_id) == [task(1, watch_id)]


def test_an_accepted_task_becomes_the_watchs_current_one(store: Kept) -> None:
    open_task(store)
    store.accept_task(watch(), accepted(), NOW + 6)
    assert store.task(REF) == accepted()
    moved = watch(
        status=Status.MODERATING, status_seq=1, status_at=NOW + 6, current_task=REF, heard_by="shumei"
    )
    assert store.watch(WATCH_ID) == moved


def test_a_vendors_task_belongs_to_the_watch_that_it_was_last_accepted_for(store: Kept) -> None:
    assert store.owner("shumei", str(accepted().vendor_task_id)) is None
    open_task(store)
    store.accept_task(watch(), accepted(), NOW)
    assert store.owner("shumei", str(accepted().vendor_task_id)) == WATCH_ID
    assert store.owner("another", str(accepted().vendor_task_id)) is None


def test_the_next_task_of_a_moderating_watch_moves_nothing(store: Kept) -> None:
    for number in (1, 2):
        open_task(store, number)
        store.accept_task(store.watch(WATCH_ID), accepted(number), NOW + number)
    held = store.watch(WATCH_ID)
    assert (held.status_seq, held.status_at, held.current_task) == (1, NOW + 1, task(2).task_ref)
    assert store.task(task(2).task_ref) == accepted(2)


def test_an_acceptance_for_a_watch_that_moved_is_a_conflict(store: Kept) -> None:
    open_task(store)
    store.resolve(watch(), Advice(Next.FINISH, status=Status.FAILED), NOW)
    held = store.watch(WATCH_ID)
    with pytest.raises(Conflict):
        store.accept_task(watch(), accepted(), NOW)
    assert store.watch(WATCH_ID) == held
    assert store.task(REF) == task()


@pytest.mark.parametrize("state", [TaskState.REFUSED, TaskState.UNKNOWN])
def test_a_submission_that_came_to_nothing_says_why(store: Kept, state: TaskState) -> None:
    open_task(store)
    store.drop_task(REF, state, "shumei_1902")
    assert store.task(REF) == task(state=state, detail="shumei_1902")


def test_a_late_failure_never_overrules_an_acceptance(store: Kept) -> None:
    open_task(store)
    store.accept_task(watch(), accepted(), NOW)
    store.drop_task(REF, TaskState.UNKNOWN, "no_answer")
    assert store.task(REF) == accepted()


def test_the_vendors_id_is_learnt_once(store: Kept) -> None:
    open_task(store)
    assert store.learn_task(REF, "vendor-1") is True
    assert store.learn_task(REF, "vendor-2") is False
    assert store.task(REF) == task(vendor_task_id="vendor-1")


def test_an_acceptance_tells_the_id_too(store: Kept) -> None:
    open_task(store)
    store.learn_task(REF, "vendor-0")
    store.accept_task(watch(), accepted(), NOW)
    assert store.learn_task(REF, "vendor-2") is False
    assert store.task(REF) == accepted()


@pytest.mark.parametrize(("code", "seconds"), [(None, None), (3005, 12.5), (0, 0.0), (3001, 600)])
def test_the_first_report_of_an_end_stands(store: Kept, code: int | None, seconds: float | None) -> None:
    open_task(store)
    assert store.end_task(REF, NOW + 1, code, seconds) is True
    assert store.end_task(REF, NOW + 2, 3002, 99.0) is False
    assert store.task(REF) == task(ended_at=NOW + 1, end_code=code, vendor_seconds=seconds)


def test_a_finish_is_counted_and_its_first_acknowledgement_stands(store: Kept) -> None:
    open_task(store)
    for at in (NOW + 1, NOW + 2):
        store.count_finish(REF, at)
        store.finish_task(REF, at)
    assert store.task(REF) == task(finish_calls=2, stopped_at=NOW + 1, finished_at=NOW + 1)


def test_an_end_and_a_finish_stand_beside_each_other(store: Kept) -> None:
    open_task(store)
    store.accept_task(watch(), accepted(), NOW)
    store.finish_task(REF, NOW + 8)
    assert store.end_task(REF, NOW + 9, None, 8.1) is True
    assert store.task(REF) == replace(accepted(), finished_at=NOW + 8, ended_at=NOW + 9, vendor_seconds=8.1)


def test_nothing_is_made_of_a_task_that_nobody_opened(store: Kept) -> None:
    store.drop_task(REF, TaskState.UNKNOWN, "no_answer")
    assert store.learn_task(REF, "vendor-1") is False
    assert store.end_task(REF, NOW, None, None) is False
    store.finish_task(REF, NOW)
    assert store.task(REF) is None
    assert store.tasks(WATCH_ID) == []
