"""Watches: signals, decisions and the end, in every order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from earshot.domain.lifecycle import Advice, Next
from earshot.domain.watch import LAST_WORDS, SignalName, Status, Watch
from earshot.store.port import Conflict, Missing

from tests.contract.samples import NOW, SESSION, WATCH_ID, Kept, accepted, open_task, signal, watch

CLOSED = signal(SignalName.ROOM_CLOSED, "closed")
GO_ON = Advice(Next.WATCH)
LEDGER = {"open_s": 10.5, "vendor_s": None, "calls": {"mint": 1}, "tasks": [{"end_code": 3001}]}


@pytest.fixture(autouse=True)
def _a_watch(store: Kept) -> None:
    store.add_watch(watch())


def test_a_watch_that_does_not_exist_is_missing(store: Kept) -> None:
    with pytest.raises(Missing):
        store.watch(f"{SESSION}-other")


def test_credentials_are_counted(store: Kept) -> None:
    assert [store.next_number(WATCH_ID) for _ in range(3)] == [1, 2, 3]
    assert store.watch(WATCH_ID).credentials == 3


def test_credentials_of_nothing_are_not_counted(store: Kept) -> None:
    with pytest.raises(Missing):
        store.next_number(f"{SESSION}-other")
    assert [each.watch_id for each in store.watches(SESSION)] == [WATCH_ID]


# signals


def test_a_signal_pends(store: Kept) -> None:
    assert store.signal(WATCH_ID, signal()) is True
    assert store.watch(WATCH_ID) == watch(signal=signal())


def test_a_newer_signal_takes_the_place_of_one_that_was_not_the_last_word(store: Kept) -> None:
    store.signal(WATCH_ID, signal())
    stray = signal(SignalName.STRAY_TASK, "signal-2")
    assert store.signal(WATCH_ID, stray) is True
    assert store.watch(WATCH_ID).signal == stray


@pytest.mark.parametrize("last", sorted(LAST_WORDS))
@pytest.mark.parametrize("later", list(SignalName))
def test_a_last_word_is_never_overwritten(store: Kept, last: SignalName, later: SignalName) -> None:
    assert store.signal(WATCH_ID, signal(last, "last")) is True
    assert store.signal(WATCH_ID, signal(later, "later")) is False
    assert store.watch(WATCH_ID).signal == signal(last, "last")


def test_a_last_word_overrules_what_pended(store: Kept) -> None:
    store.signal(WATCH_ID, signal())
    assert store.signal(WATCH_ID, CLOSED) is True
    assert store.watch(WATCH_ID).last_word == CLOSED


def test_an_ended_watch_is_told_nothing(store: Kept) -> None:
    store.close_watch(over(watch()), LEDGER, NOW)
    assert store.signal(WATCH_ID, CLOSED) is False
    assert store.watch(WATCH_ID).signal is None


def test_nobody_is_told_nothing(store: Kept) -> None:
    assert store.signal(f"{SESSION}-other", CLOSED) is False
    assert len(store.watches(SESSION)) == 1


# decisions


def test_a_decision_moves_the_status_and_says_why(store: Kept) -> None:
    advice = Advice(Next.MINT, status=Status.INTERRUPTED, reason="task_ended_3005", troubles=2)
    store.resolve(watch(), advice, NOW + 7)
    moved = watch(
        status=Status.INTERRUPTED,
        status_seq=1,
        status_at=NOW + 7,
        reason="task_ended_3005",
        troubles=2,
        moved_at=NOW + 7,
    )
    assert store.watch(WATCH_ID) == moved


def test_a_decision_to_go_on_moves_nothing(store: Kept) -> None:
    store.resolve(watch(), replace(GO_ON, status=Status.OPENING), NOW + 7)
    store.resolve(watch(), GO_ON, NOW + 8)
    assert store.watch(WATCH_ID) == watch(moved_at=NOW + 8)


def test_a_reason_stands_until_there_is_another(store: Kept) -> None:
    store.resolve(watch(), replace(GO_ON, reason="first"), NOW)
    store.resolve(watch(), replace(GO_ON, troubles=3), NOW)
    assert store.watch(WATCH_ID) == watch(reason="first", troubles=3, moved_at=NOW)


def test_a_decision_takes_away_the_signal_that_it_looked_at(store: Kept) -> None:
    store.signal(WATCH_ID, signal())
    store.resolve(store.watch(WATCH_ID), GO_ON, NOW)
    assert store.watch(WATCH_ID) == watch(moved_at=NOW)


def test_a_decision_leaves_the_last_word(store: Kept) -> None:
    store.signal(WATCH_ID, CLOSED)
    store.resolve(store.watch(WATCH_ID), Advice(Next.FINISH), NOW)
    assert store.watch(WATCH_ID) == watch(signal=CLOSED, moved_at=NOW)


@pytest.mark.parametrize("pended", [False, True])
def test_a_decision_about_what_has_changed_is_a_conflict(store: Kept, pended: bool) -> None:
    if pended:
        store.signal(WATCH_ID, signal())
    read = store.watch(WATCH_ID)
    newer = signal(signal_id="signal-2")
    store.signal(WATCH_ID, newer)
    with pytest.raises(Conflict):
        store.resolve(read, Advice(Next.FINISH, status=Status.FAILED, reason="x", troubles=9), NOW)
    assert store.watch(WATCH_ID) == watch(signal=newer)


def test_a_decision_that_was_made_already_is_a_conflict(store: Kept) -> None:
    store.signal(WATCH_ID, signal())
    read = store.watch(WATCH_ID)
    store.resolve(read, GO_ON, NOW)
    with pytest.raises(Conflict):
        store.resolve(read, replace(GO_ON, troubles=5), NOW)
    assert store.watch(WATCH_ID) == watch(moved_at=NOW)


def test_a_decision_forgets_no_credential_that_was_counted_meanwhile(store: Kept) -> None:
    read = store.watch(WATCH_ID)
    store.next_number(WATCH_ID)
    store.resolve(read, GO_ON, NOW)
    assert store.next_number(WATCH_ID) == 2


def test_a_decision_about_nothing_writes_nothing(store: Kept) -> None:
    gone = watch(f"{SESSION}-other")
    with pytest.raises((Conflict, Missing)):
        store.resolve(gone, GO_ON, NOW)
    assert [each.watch_id for each in store.watches(SESSION)] == [WATCH_ID]


def test_a_status_number_is_given_once(store: Kept) -> None:
    """It names an event: of two moves from one reading, one must read again."""
    open_task(store)
    read = store.watch(WATCH_ID)
    store.accept_task(read, accepted(), NOW)
    with pytest.raises(Conflict):
        store.resolve(read, Advice(Next.FINISH, status=Status.FAILED, reason="timed_out"), NOW + 1)
    assert store.watch(WATCH_ID).status is Status.MODERATING


# the end


def over(read: Watch, *, failed: bool = False) -> Watch:
    """A watch with the reason and the time of its end."""
    return replace(read, reason="the reason", closed_at=NOW + 3, failed=failed)


@pytest.mark.parametrize("failed", [False, True])
def test_a_watch_ends_with_its_ledger(store: Kept, failed: bool) -> None:
    store.signal(WATCH_ID, CLOSED)
    last = over(store.watch(WATCH_ID), failed=failed)
    store.close_watch(last, LEDGER, NOW + 4)
    ended = replace(last, status=Status.ENDED, status_seq=1, status_at=NOW + 4, ledger=LEDGER)
    assert store.watch(WATCH_ID) == ended
    assert ended.is_over


def test_closing_twice_refreshes_the_ledger_and_says_nothing_new(store: Kept) -> None:
    store.close_watch(over(watch()), LEDGER, NOW + 4)
    first = store.watch(WATCH_ID)
    again = replace(first, reason="another", closed_at=NOW + 30, failed=True)
    store.close_watch(again, {"open_s": 11.0}, NOW + 40)
    assert store.watch(WATCH_ID) == replace(first, ledger={"open_s": 11.0})


def test_a_failed_watch_ends_too(store: Kept) -> None:
    store.resolve(watch(), Advice(Next.FINISH, status=Status.FAILED, reason="refused"), NOW)
    store.close_watch(over(store.watch(WATCH_ID), failed=True), LEDGER, NOW)
    ended = store.watch(WATCH_ID)
    assert (ended.status, ended.status_seq, ended.failed) == (Status.ENDED, 2, True)


def test_closing_what_has_moved_is_a_conflict(store: Kept) -> None:
    store.resolve(watch(), Advice(Next.MINT, status=Status.INTERRUPTED), NOW)
    held = store.watch(WATCH_ID)
    with pytest.raises(Conflict):
        store.close_watch(over(watch()), LEDGER, NOW)
    assert store.watch(WATCH_ID) == held


def test_closing_nothing_writes_nothing(store: Kept) -> None:
    with pytest.raises((Conflict, Missing)):
        store.close_watch(over(watch(f"{SESSION}-other")), LEDGER, NOW)
    assert len(store.watches(SESSION)) == 1
