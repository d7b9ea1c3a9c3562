"""When a parked watch looks again, when its ear is to be replaced, and what the new one is known by."""

from typing import Any

import pytest
from earshot.domain import ids
from earshot.domain.ears import current_task, strays
from earshot.domain.failure import Failure
from earshot.domain.lifecycle import Advice, Next, RetryPolicy, Situation, advise, parking
from earshot.domain.watch import SignalName, Status, Task, TaskState, Watch
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.support.makers import START, WATCH_ID, plan, signal, task, watch

NOW = START + 3_000_000
LOOKS_S = plan()["look_s"]


def due(at: int = NOW, **fields: Any) -> Task:
    """The ear, with the time of its renewal."""
    return task(1, renew_at=at, **fields)


def moderating(**fields: Any) -> Watch:
    known = {"status": Status.MODERATING, "current_task": task(1).task_ref, "credentials": 1}
    given_: dict[str, Any] = {**known, "plan": plan(probe_s=0), **fields}
    return watch(**given_)


def advice(seen: Watch, *tasks: Task, **fields: Any) -> Advice:
    given_: dict[str, Any] = {"retry": RetryPolicy(), "now": NOW, "luck": 0.0, **fields}
    return advise(Situation(watch=seen, tasks=tasks, **given_))


def look_s(seen: Watch, ear: Task | None) -> int:
    return parking(seen, [ear] if ear else [], NOW).look_s


# looking


@pytest.mark.parametrize(
    ("in_ms", "seconds"),
    [
        (1_000, 2),
        (1_001, 2),
        (59_999, 60),
        (LOOKS_S * 1_000, LOOKS_S),
        (LOOKS_S * 1_000 + 1, LOOKS_S),
        (86_400_000, LOOKS_S),
        (1, 2),
        (0, 2),
        (-1, 2),
        (-86_400_000, 2),
    ],
)
def test_a_watch_looks_in_time_for_a_renewal_and_at_least_as_often_as_its_plan_says(
    in_ms: int, seconds: int
) -> None:
    assert look_s(moderating(), due(NOW + in_ms)) == seconds


@given(st.integers(-(10**9), 10**9))
def test_a_look_is_never_early_by_more_than_a_second_and_never_late(in_ms: int) -> None:
    looks = look_s(moderating(), due(NOW + in_ms))
    assert 2 <= looks <= LOOKS_S
    if 2_000 <= in_ms <= LOOKS_S * 1_000:
        assert in_ms <= looks * 1_000 < in_ms + 1_000


@pytest.mark.parametrize(
    "current", [None, task(1), due(NOW + 9_000, ended_at=NOW), due(NOW + 9_000, finished_at=NOW)]
)
def test_where_nothing_is_to_be_replaced_the_plan_says(current: Task | None) -> None:
    assert look_s(moderating(), current) == LOOKS_S


def test_the_plan_of_the_watch_is_the_one_that_counts() -> None:
    assert look_s(moderating(plan=plan(look_s=60, probe_s=0)), due(NOW + 600_000)) == 60


def test_the_current_task_is_the_one_that_was_accepted_last() -> None:
    tasks = [task(1), task(2), task(3)]
    assert current_task(watch(current_task=task(2).task_ref), tasks) == tasks[1]
    assert current_task(watch(), []) is None


@pytest.mark.parametrize("gone", [{"ended_at": NOW}, {"finished_at": NOW}, {"lost_at": NOW}])
def test_where_that_listens_no_more_another_that_still_does_is_the_ear(gone: dict[str, Any]) -> None:
    old, new = task(1), task(2, **gone)
    assert current_task(watch(current_task=new.task_ref), [old, new]) == old
    assert current_task(watch(current_task=new.task_ref), [task(1, ended_at=NOW), new]) == new


# renewing


@pytest.mark.parametrize(
    ("late_ms", "then"), [(-1_001, Next.WATCH), (-1_000, Next.MINT), (60_000, Next.MINT)]
)
def test_an_ear_is_replaced_when_it_is_time(late_ms: int, then: Next) -> None:
    said = advice(moderating(), due(NOW - late_ms))
    assert (said.next, said.renews) == (then, then is Next.MINT)
    assert (said.status, said.reason, said.wait_s) == (None, None, 0), "nobody is told, nothing is waited for"


def test_an_ear_that_nothing_ends_is_never_replaced() -> None:
    assert advice(moderating(), task(1), now=START + 400 * 86_400_000).next is Next.WATCH


@pytest.mark.parametrize("fields", [{"ended_at": NOW - 1}, {"finished_at": NOW - 1}])
def test_an_ear_that_ended_meanwhile_is_an_interruption_and_no_renewal(fields: dict[str, Any]) -> None:
    said = advice(moderating(), due(**fields))
    assert (said.next, said.renews, said.status) == (Next.MINT, False, Status.INTERRUPTED)


@pytest.mark.parametrize("name", [SignalName.ROOM_CLOSED, SignalName.STOP_REQUESTED])
def test_a_room_that_closed_has_nothing_replaced(name: SignalName) -> None:
    assert advice(moderating(signal=signal(name)), due()).next is Next.FINISH


def test_a_stray_is_released_on_the_way() -> None:
    lost = task(2, state=TaskState.UNKNOWN, accepted_at=None)
    said = advice(moderating(), due(), lost)
    assert (said.next, said.renews, said.release) == (Next.MINT, True, True)


def test_the_ear_that_was_replaced_is_a_stray() -> None:
    old, new = due(), task(2)
    assert strays([old, new], new) == [old]
    assert advice(moderating(current_task=new.task_ref, credentials=2), old, new) == Advice(
        Next.WATCH, release=True
    )


@pytest.mark.parametrize(
    ("ago_ms", "heard", "released"), [(5_000, False, False), (5_000, True, True), (20_000, False, True)]
)
def test_it_is_kept_until_the_new_one_has_proved_itself(ago_ms: int, heard: bool, released: bool) -> None:
    old, new = task(1), task(2, accepted_at=NOW - ago_ms, heard_at=NOW if heard else None)
    seen = moderating(current_task=new.task_ref, credentials=2)
    assert advice(seen, old, new).release is released
    assert parking(seen, [old, new], NOW).release is released
    if not released:
        assert parking(seen, [old, new], NOW).look_s == 15, "looked at again when its time is over"


# a renewal that fails


@pytest.mark.parametrize("failure", [Failure.PASSING, Failure.PERMANENT])
@pytest.mark.parametrize("troubles", [0, 49, 50, 500])
def test_a_failed_renewal_never_closes_the_ear_that_listens(failure: Failure, troubles: int) -> None:
    said = advice(moderating(troubles=troubles, credentials=2), due(), failure=failure, failure_reason="x")
    assert (said.next, said.status, said.reason) == (Next.WATCH, None, None)
    assert said.troubles == troubles + 1


def test_not_even_where_nothing_is_to_be_tried_again() -> None:
    retry = RetryPolicy(max_attempts=0)
    said = advice(moderating(credentials=2), due(), failure=Failure.PERMANENT, retry=retry)
    assert said.next is Next.WATCH


def test_it_is_waited_out_parked_for_the_room_may_close_meanwhile() -> None:
    """A pause hears no signal, and the ear is billed."""
    said = advice(moderating(troubles=7, credentials=9), due(), failure=Failure.PASSING)
    assert said.wait_s <= 2
    assert said.look_s == 128


def test_a_failed_renewal_is_tried_again_later_and_later() -> None:
    """The ear has long been healthy: that must not make each try the first one (25,000 events end an execution)."""
    seen, looks = moderating(), []
    for number in range(2, 13):
        tried = advice(seen, due(), luck=0.99)
        assert (tried.next, tried.renews) == (Next.MINT, True)
        seen = moderating(troubles=tried.troubles, credentials=number)
        failed = advice(seen, due(), failure=Failure.PASSING, luck=0.99)
        looks.append(failed.look_s)
        seen = moderating(troubles=failed.troubles, credentials=number)
    assert looks == [2, 4, 8, 16, 32, 64, 128, 255, 299, 299, 299]


def test_troubles_before_the_ear_opened_do_not_count_for_its_first_renewal() -> None:
    assert advice(moderating(troubles=40, credentials=1), due()).troubles == 0


def test_parking_that_fails_before_it_is_time_is_breathed_out() -> None:
    said = advice(moderating(troubles=1), due(NOW + 60_000), failure=Failure.PASSING)
    assert (said.next, said.wait_s, said.look_s) == (Next.WATCH, 2, None)


# names


def test_an_ear_is_named_by_what_it_takes_over_from() -> None:
    names = {ids.ear(WATCH_ID, after) for after in range(12)} | {ids.ear(f"{WATCH_ID}-1", 1)}
    assert len(names) == 13
    assert ids.ear(WATCH_ID, 0) == ids.ear(WATCH_ID, 0)
    assert max(len(name) for name in names) <= 80


STREAM_WATCH = ids.watch_id(ids.session_of(WATCH_ID), "shadow", ids.session_id("r", 5))


@pytest.mark.parametrize("watch_id", [WATCH_ID, STREAM_WATCH])
@pytest.mark.parametrize("number", [1, 9_999_999])
def test_every_task_ref_has_the_shape_of_one(watch_id: str, number: int) -> None:
    assert all(ids.is_task_ref(ids.task_ref(watch_id, number, hits_only=hits)) for hits in (True, False))


REF = task(1).task_ref


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1a",
        WATCH_ID,
        REF[:-1],
        REF[1:],
        f"{REF}\n",
        f" {REF}",
        f"{REF}a",
        f"{REF}/../x",
        REF.upper(),
        REF.replace("primary", "pri#mary"),
        REF.replace("-1a", "-١a"),
        REF.replace("-1a", "-1b"),
        REF.replace("-1a", f"-{'1' * 100}a"),
        f"{WATCH_ID[:25]}0-primary-1a",
        "room-42:0007",
    ],
)
def test_what_has_not(text: str) -> None:
    assert not ids.is_task_ref(text)
