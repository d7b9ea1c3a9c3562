"""What a watch does next, in each situation."""

from typing import Any

import pytest
from earshot.domain.ears import strays, unfinished
from earshot.domain.failure import Failure
from earshot.domain.lifecycle import Advice, Next, RetryPolicy, Situation, advise
from earshot.domain.watch import SignalName, Status, Task, TaskState, Watch

from tests.unit.support.makers import START, signal, task, watch

NOW = START + 100_000


def situation(seen: Watch, *tasks: Task, **fields: Any) -> Situation:
    given: dict[str, Any] = {"retry": RetryPolicy(), "now": NOW, "luck": 0.0, **fields}
    return Situation(watch=seen, tasks=tasks, **given)


def moderating(current: int = 1, **fields: Any) -> Watch:
    return watch(status=Status.MODERATING, current_task=task(current).task_ref, **fields)


@pytest.mark.parametrize(("lives_s", "troubles"), [(0, 3), (59, 3), (60, 0), (3_598, 0)])
def test_a_live_task_is_watched_and_health_is_what_ends_a_row_of_troubles(
    lives_s: int, troubles: int
) -> None:
    """A wake proves nothing: a late end of the task before, or a push that beat the submit's answer, comes once to
    every task of a stream that fails at once, and would make its troubles endless and its pauses short."""
    seen = situation(moderating(troubles=3), task(), now=START + lives_s * 1000)
    assert advise(seen) == Advice(Next.WATCH, troubles=troubles)


@pytest.mark.parametrize("name", [SignalName.ROOM_CLOSED, SignalName.STOP_REQUESTED])
def test_a_last_word_finishes_whatever_else_is_true(name: SignalName) -> None:
    seen = moderating(signal=signal(name), reason="kept", troubles=2)
    for failure in (None, Failure.PASSING, Failure.PERMANENT):
        assert advise(situation(seen, task(), failure=failure)) == Advice(
            Next.FINISH, reason="kept", troubles=2
        )


@pytest.mark.parametrize("status", [Status.FAILED, Status.ENDED])
def test_a_watch_that_is_over_only_finishes(status: Status) -> None:
    assert advise(situation(watch(status=status, reason="r"), task())).next is Next.FINISH


@pytest.mark.parametrize("name", [SignalName.TASK_ENDED, SignalName.STRAY_TASK])
def test_a_passing_signal_is_not_believed_while_the_task_lives(name: SignalName) -> None:
    assert advise(situation(moderating(signal=signal(name)), task())).next is Next.WATCH


def test_an_ended_task_is_replaced_after_a_pause_and_released() -> None:
    ended = task(ended_at=START + 5_000, end_code=3005)
    assert advise(situation(moderating(), ended)) == Advice(
        Next.MINT,
        wait_s=1,
        release=True,
        status=Status.INTERRUPTED,
        reason="task_ended_3005",
        troubles=1,
    )


def test_an_end_without_a_code_says_so() -> None:
    advice = advise(situation(moderating(), task(ended_at=START + 5_000)))
    assert advice.reason == "task_ended_unexplained"


def test_a_finished_current_task_is_replaced() -> None:
    advice = advise(situation(moderating(), task(finished_at=NOW)))
    assert (advice.next, advice.release) == (Next.MINT, False)


@pytest.mark.parametrize(("lived_s", "troubles"), [(59, 5), (60, 1), (3_600, 1)])
def test_a_task_that_lived_long_starts_the_count_afresh(lived_s: int, troubles: int) -> None:
    ended = task(ended_at=START + lived_s * 1000)
    assert advise(situation(moderating(troubles=4), ended)).troubles == troubles


def test_a_healthy_life_of_nothing_never_counts_troubles() -> None:
    ended = task(ended_at=START)
    advice = advise(situation(moderating(troubles=4), ended, retry=RetryPolicy(healthy_s=0)))
    assert advice.troubles == 1


def test_no_task_at_all_is_a_trouble() -> None:
    advice = advise(situation(watch()))
    assert (advice.next, advice.reason, advice.troubles, advice.status) == (Next.MINT, "no_task", 1, None)


def test_a_current_task_that_the_table_does_not_know_is_no_task() -> None:
    assert advise(situation(moderating())).reason == "no_task"


def test_a_passing_failure_tries_again_and_counts() -> None:
    advice = advise(situation(watch(troubles=1), failure=Failure.PASSING, failure_reason="zego_206"))
    assert advice == Advice(Next.MINT, wait_s=2, reason="zego_206", troubles=2)


def test_a_passing_failure_beside_a_live_task_interrupts_nobody() -> None:
    """Parking failed, not listening: the task that is heard is not given up for that."""
    advice = advise(situation(moderating(troubles=1), task(), failure=Failure.PASSING, failure_reason="x"))
    assert advice == Advice(Next.WATCH, wait_s=2, troubles=2)


def test_a_passing_failure_after_the_task_ended_is_an_interruption() -> None:
    ended = task(ended_at=START + 5_000)
    advice = advise(situation(moderating(), ended, failure=Failure.PASSING, failure_reason="zego_206"))
    assert (advice.next, advice.status, advice.reason) == (Next.MINT, Status.INTERRUPTED, "zego_206")
    assert advice.release, "what has ended is finished all the same"


def test_an_interruption_is_told_once() -> None:
    advice = advise(situation(watch(status=Status.INTERRUPTED), failure=Failure.PASSING))
    assert advice.status is None


def test_a_permanent_failure_gives_up() -> None:
    advice = advise(situation(watch(troubles=7), failure=Failure.PERMANENT, failure_reason="shumei_1902"))
    assert advice == Advice(Next.FINISH, status=Status.FAILED, reason="shumei_1902", troubles=7)


@pytest.mark.parametrize(("troubles", "then"), [(2, Next.MINT), (3, Next.FINISH)])
def test_troubles_are_bounded(troubles: int, then: Next) -> None:
    retry = RetryPolicy(max_attempts=3)
    seen = situation(
        watch(troubles=troubles), failure=Failure.PASSING, failure_reason="zego_206", retry=retry
    )
    advice = advise(seen)
    assert advice.next is then
    if then is Next.FINISH:
        assert (advice.status, advice.reason) == (Status.FAILED, "gave_up_after_3:zego_206")


def test_no_attempts_at_all_gives_up_at_once() -> None:
    seen = situation(watch(), failure=Failure.PASSING, retry=RetryPolicy(max_attempts=0))
    assert advise(seen).next is Next.FINISH


def test_a_stray_beside_the_live_task_is_released() -> None:
    lost = task(1, state=TaskState.UNKNOWN, accepted_at=None)
    assert advise(situation(moderating(current=2), lost, task(2))) == Advice(Next.WATCH, release=True)


def test_an_adopted_twin_is_not_a_stray() -> None:
    lost = task(1, state=TaskState.UNKNOWN, vendor_task_id="same", accepted_at=None)
    adopted = task(2, vendor_task_id="same", adopted=True)
    assert strays([lost, adopted], adopted) == []
    assert not advise(situation(moderating(current=2), lost, adopted)).release


@pytest.mark.parametrize(
    ("fields", "is_stray"),
    [
        ({}, True),
        ({"finished_at": NOW}, False),
        ({"vendor_task_id": None}, False),
        ({"ended_at": NOW}, True),
    ],
)
def test_what_is_a_stray(fields: dict[str, Any], is_stray: bool) -> None:
    assert bool(strays([task(1, **fields)], task(2))) is is_stray


def test_beside_a_dead_current_task_everything_unfinished_is_a_stray() -> None:
    dead = task(ended_at=NOW)
    assert strays([dead], dead) == [dead]
    assert strays([dead], None) == [dead]


@pytest.mark.parametrize(
    ("fields", "open_at_the_vendor"),
    [
        ({}, True),
        ({"state": TaskState.UNKNOWN, "accepted_at": None}, True),
        ({"state": TaskState.SUBMITTING, "accepted_at": None}, True),
        ({"ended_at": NOW}, True),
        ({"finished_at": NOW}, False),
        ({"vendor_task_id": None}, False),
    ],
)
def test_what_is_unfinished(fields: dict[str, Any], open_at_the_vendor: bool) -> None:
    """An end that was only reported counts for nothing: the report is not signed."""
    one = task(1, **fields)
    assert unfinished([one]) == ([one] if open_at_the_vendor else [])


def test_what_is_finished_under_one_ref_is_finished_under_every_other() -> None:
    lost = task(1, state=TaskState.UNKNOWN, vendor_task_id="same", accepted_at=None)
    adopted = task(2, vendor_task_id="same", finished_at=NOW)
    assert unfinished([lost, adopted, task(3)]) == [task(3)]
