"""Signs of life, ears that are given up, watches that wait or go to another execution."""

from __future__ import annotations

from dataclasses import replace

import pytest
from earshot.domain.lifecycle import Advice, Next
from earshot.domain.watch import Status, TaskState
from earshot.store.port import Conflict

from tests.contract.samples import (
    NOW,
    WATCH_ID,
    Kept,
    accepted,
    credential,
    open_task,
    signal,
    task,
    watch,
)

REF = task().task_ref
HERE = Advice(Next.WATCH)


@pytest.fixture(autouse=True)
def _a_task(store: Kept) -> None:
    store.add_watch(watch())
    open_task(store)


def test_a_sign_of_life_is_noted_now_and_then(store: Kept) -> None:
    noted = [store.hear_task(REF, NOW + after, 20_000) for after in (0, 1, 19_999, 20_000, 20_001)]
    assert noted == [True, False, False, True, False]
    (known,) = store.tasks(WATCH_ID)
    assert (known.first_heard_at, known.heard_at) == (NOW, NOW + 20_000)


def test_a_sign_of_life_of_no_task_is_none(store: Kept) -> None:
    assert not store.hear_task(task(7).task_ref, NOW, 0)
    assert store.task(task(7).task_ref) is None


def test_a_task_is_given_up_once(store: Kept) -> None:
    store.lose_task(REF, NOW)
    store.lose_task(REF, NOW + 5_000)
    store.lose_task(task(7).task_ref, NOW)
    (known,) = store.tasks(WATCH_ID)
    assert known.lost_at == NOW
    assert store.task(task(7).task_ref) is None


def test_an_acceptance_keeps_what_its_silence_means_and_what_it_takes_over_from(store: Kept) -> None:
    second = replace(task(2), after=1)
    store.put_credential(credential(2), NOW)
    store.open_task(second)
    store.accept_task(watch(), replace(accepted(2), silent_s=60, hears_from=NOW + 60_000, after=1), NOW)
    (_, known) = store.tasks(WATCH_ID)
    assert (known.silent_s, known.after, known.heard_at, known.lost_at) == (60, 1, None, None)
    assert (known.hears_from, known.first_heard_at) == (NOW + 60_000, None)


@pytest.mark.parametrize("permanent", [True, False])
def test_a_refusal_says_whether_it_is_for_good(store: Kept, permanent: bool) -> None:
    store.drop_task(REF, TaskState.REFUSED, "no", permanent=permanent)
    (known,) = store.tasks(WATCH_ID)
    assert (known.state, known.permanent) == (TaskState.REFUSED, permanent)


def test_a_watch_waits_from_the_first_time_on_until_it_is_heard(store: Kept) -> None:
    store.queue_watch(WATCH_ID, NOW)
    store.queue_watch(WATCH_ID, NOW + 9)
    assert store.watch(WATCH_ID).queued_at == NOW
    store.accept_task(store.watch(WATCH_ID), accepted(), NOW)
    assert store.watch(WATCH_ID).queued_at is None


def test_nothing_parked_has_no_token(store: Kept) -> None:
    assert store.token(WATCH_ID) is None
    assert store.token("another") is None


# executions


def test_a_decision_has_its_time(store: Kept) -> None:
    store.resolve(store.watch(WATCH_ID), HERE, NOW + 3)
    assert store.watch(WATCH_ID).moved_at == NOW + 3


def test_a_watch_is_handed_over_with_the_decision(store: Kept) -> None:
    store.resolve(store.watch(WATCH_ID), HERE, NOW)
    assert store.watch(WATCH_ID).generation == 0
    for generation in (1, 2):
        store.resolve(store.watch(WATCH_ID), Advice(Next.LEAVE, hands_over=True), NOW)
        assert store.watch(WATCH_ID).generation == generation


def test_a_decision_that_a_signal_overtook_hands_nothing_over(store: Kept) -> None:
    seen = store.watch(WATCH_ID)
    store.signal(WATCH_ID, signal())
    with pytest.raises(Conflict):
        store.resolve(seen, Advice(Next.LEAVE, hands_over=True), NOW)
    assert store.watch(WATCH_ID).generation == 0


def test_of_those_who_restart_a_watch_one_succeeds(store: Kept) -> None:
    assert [store.restart(WATCH_ID, 0), store.restart(WATCH_ID, 0)] == [True, False]
    assert [store.restart(WATCH_ID, 2), store.restart(WATCH_ID, 1)] == [False, True]
    assert store.watch(WATCH_ID).generation == 2


def test_what_is_over_or_unknown_is_not_restarted(store: Kept) -> None:
    over = replace(store.watch(WATCH_ID), reason="room_closed", closed_at=NOW)
    store.close_watch(over, {}, NOW)
    assert not store.restart(WATCH_ID, 0)
    assert not store.restart("another", 0)


# rooms that must be heard


def test_the_app_is_told_once_until_the_room_is_heard_again(store: Kept) -> None:
    store.resolve(store.watch(WATCH_ID), replace(HERE, unheard=True), NOW)
    store.resolve(store.watch(WATCH_ID), HERE, NOW + 9)
    assert store.watch(WATCH_ID).unheard_at == NOW
    store.accept_task(store.watch(WATCH_ID), accepted(), NOW)
    heard = store.watch(WATCH_ID)
    assert (heard.unheard_at, heard.status) == (None, Status.MODERATING)
