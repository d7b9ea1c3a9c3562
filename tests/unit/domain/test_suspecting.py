"""Ears that may be dead, vendors that take over, rooms that must be heard, and executions that hand over."""

from typing import Any

import pytest
from earshot.domain.ears import is_proven, is_silent, is_suspect
from earshot.domain.failure import Failure
from earshot.domain.lifecycle import Advice, Next, RetryPolicy, Situation, advise, parking
from earshot.domain.watch import Status, Task, TaskState, Watch

from tests.unit.support.makers import START, plan, signal, task, watch

NOW = START + 3_000_000
TWO = {"order": ["shumei", "yidun"], "return_s": 300}


def planned(**fields: Any) -> dict[str, Any]:
    return {**plan(), "probe_s": 3_600, "return_s": 300, **fields}


def heard(**fields: Any) -> Watch:
    """A watch that somebody listens for."""
    known = {
        "status": Status.MODERATING,
        "current_task": task(1).task_ref,
        "credentials": 1,
        "plan": planned(),
    }
    return watch(**{**known, **fields})


def ear(ago_s: float, silent_s: int | None = 60, **fields: Any) -> Task:
    """An ear that was last heard of so many seconds ago."""
    return task(1, heard_at=NOW - round(ago_s * 1000), silent_s=silent_s, **fields)


def advice(seen: Watch, *tasks: Task, **fields: Any) -> Advice:
    given: dict[str, Any] = {"retry": RetryPolicy(), "now": NOW, "luck": 0.0, **fields}
    return advise(Situation(watch=seen, tasks=tasks, **given))


# liveness


@pytest.mark.parametrize(("ago_s", "suspect"), [(0, False), (59.999, False), (60, True), (9_999, True)])
def test_an_ear_that_should_be_heard_of_is_suspect_when_it_is_not(ago_s: float, suspect: bool) -> None:
    one = ear(ago_s)
    assert is_suspect(heard(), one, NOW) is is_silent(one, NOW) is suspect
    said = advice(heard(), one)
    assert (said.next, said.renews) == ((Next.MINT, True) if suspect else (Next.WATCH, False))


@pytest.mark.parametrize(("ago_s", "suspect"), [(3_598, False), (3_599, True)])
def test_one_that_gives_no_regular_signs_is_asked_after_now_and_then(ago_s: float, suspect: bool) -> None:
    one = ear(ago_s, silent_s=None, accepted_at=NOW - 10**8)
    assert is_suspect(heard(), one, NOW) is suspect
    assert not is_silent(one, NOW), "it promised nothing"


def test_the_time_since_its_acceptance_counts_while_nothing_was_heard() -> None:
    assert not is_suspect(heard(), task(1, silent_s=60, accepted_at=NOW - 59_000), NOW)
    assert is_suspect(heard(), task(1, silent_s=60, accepted_at=NOW - 60_000), NOW)


def test_a_plan_may_ask_after_nobody() -> None:
    assert not is_suspect(heard(plan=planned(probe_s=0)), ear(10**6, silent_s=None), NOW)


def test_a_parked_watch_beats_as_its_ear_does() -> None:
    park = parking(heard(), [ear(1)], NOW)
    assert (park.look_s, park.beat_s) == (3_600, 60)


def test_without_regular_signs_it_looks_in_time_to_ask() -> None:
    park = parking(heard(), [ear(3_000, silent_s=None)], NOW)
    assert (park.look_s, park.beat_s) == (600, 599), (
        "a machine wants the beat to be shorter than the time-out"
    )


def test_a_suspicion_that_cannot_be_cleared_is_told_and_followed_up_parked() -> None:
    said = advice(heard(troubles=3), ear(100), failure=Failure.PASSING, failure_reason="unreachable")
    assert (said.next, said.status, said.reason) == (Next.WATCH, Status.INTERRUPTED, "silent")
    assert said.look_s == 8


def test_an_ear_that_is_heard_again_is_told_too() -> None:
    said = advice(heard(status=Status.INTERRUPTED), ear(1))
    assert (said.next, said.status) == (Next.WATCH, Status.MODERATING)


# another vendor


def test_a_suspicion_is_not_waited_beside_while_another_vendor_may_be_tried() -> None:
    seen = heard(plan=planned(**TWO))
    for troubles in range(4):
        tried = heard(plan=seen.plan, troubles=troubles, credentials=3)
        said = advice(tried, ear(90), failure=Failure.PASSING)
        assert said.next is Next.MINT
        assert said.wait_s <= 2
    late = advice(heard(plan=seen.plan, troubles=9, credentials=9), ear(90), failure=Failure.PASSING)
    assert late.next is Next.WATCH, "all have had their tries"


def test_what_one_vendor_refuses_for_good_another_may_take() -> None:
    refused = task(1, state=TaskState.REFUSED, permanent=True, vendor_task_id=None, accepted_at=None)
    seen = heard(status=Status.OPENING, current_task=None, plan=planned(**TWO))
    said = advice(seen, refused, failure=Failure.PERMANENT, failure_reason="shumei_1902")
    assert (said.next, said.status) == (Next.MINT, None)
    assert said.wait_s <= 2


@pytest.mark.parametrize("vendors", [("shumei",), ("shumei", "yidun")])
def test_what_all_refuse_for_good_is_given_up(vendors: tuple[str, ...]) -> None:
    refused = [
        task(number, vendor=vendor, state=TaskState.REFUSED, permanent=True, vendor_task_id=None)
        for number, vendor in enumerate(vendors, 1)
    ]
    seen = heard(status=Status.OPENING, current_task=None, plan=planned(order=list(vendors)))
    said = advice(seen, *refused, failure=Failure.PERMANENT, failure_reason="no")
    assert (said.next, said.status, said.reason) == (Next.FINISH, Status.FAILED, "no")


def test_what_fails_for_good_before_any_vendor_is_asked_is_given_up() -> None:
    seen = heard(status=Status.OPENING, current_task=None, plan=planned(**TWO))
    said = advice(seen, failure=Failure.PERMANENT, failure_reason="misconfigured:zego")
    assert said.status is Status.FAILED


def test_a_watch_goes_back_to_its_first_vendor_while_the_other_listens() -> None:
    second = task(1, vendor="yidun")
    seen = heard(plan=planned(**TWO, probe_s=0))
    assert advice(seen, second).next is Next.WATCH
    said = advice(seen, second, wants_back=True)
    assert (said.next, said.renews, said.status) == (Next.MINT, True, None)


def test_beside_another_than_its_first_vendor_a_watch_looks_more_often() -> None:
    seen = heard(plan=planned(**TWO, probe_s=0))
    assert parking(seen, [task(1, vendor="yidun")], NOW).look_s == 300
    assert parking(seen, [task(1, vendor="shumei")], NOW).look_s == 3_600


# waiting for a stream


def test_a_room_that_waits_for_a_stream_has_no_trouble() -> None:
    said = advice(heard(status=Status.OPENING, current_task=None, queued_at=NOW - 9_000, troubles=50))
    assert (said.next, said.wait_s, said.troubles, said.status) == (Next.MINT, 0, 50, None)


# rooms that must be heard

CLOSED = {"when_unheard": "closed", "unheard_s": 60}


@pytest.mark.parametrize(("ago_s", "unheard"), [(10, False), (60, True), (3_000, True)])
def test_a_room_that_must_be_heard_and_is_not_is_told(ago_s: int, unheard: bool) -> None:
    at = NOW - ago_s * 1000
    seen = heard(status=Status.INTERRUPTED, status_at=at, plan=planned(**CLOSED), troubles=9)
    said = advice(seen, task(1, accepted_at=at - 1_000, ended_at=at))
    assert (said.next, said.unheard) == (Next.MINT, unheard)
    if not unheard:
        assert said.wait_s == 50, "and in time"


@pytest.mark.parametrize(
    ("fields", "tasks"),
    [
        ({"plan": planned(), "status": Status.INTERRUPTED}, [task(1, ended_at=START)]),
        (
            {"plan": planned(**CLOSED), "status": Status.INTERRUPTED, "unheard_at": NOW},
            [task(1, ended_at=START)],
        ),
        ({"plan": planned(**CLOSED, probe_s=0)}, [task(1)]),
    ],
)
def test_a_room_that_need_not_be_or_is_heard_or_known_to_be_unheard_is_not(
    fields: dict[str, Any], tasks: list[Task]
) -> None:
    assert not advice(heard(status_at=START, **fields), *tasks).unheard


def test_one_that_is_given_up_is_told_at_once() -> None:
    seen = heard(status=Status.OPENING, current_task=None, opened_at=NOW - 1_000, plan=planned(**CLOSED))
    assert advice(seen, failure=Failure.PERMANENT, failure_reason="no").unheard


# handing over


@pytest.mark.parametrize(
    ("fields", "tasks"),
    [
        ({}, [ear(1)]),
        ({}, [ear(100)]),
        ({}, [ear(1, renew_at=NOW)]),
        ({}, [ear(1, ended_at=NOW)]),
        ({"current_task": task(2).task_ref, "credentials": 2}, [ear(1), task(2, accepted_at=NOW - 1_000)]),
        ({"current_task": None, "status": Status.OPENING}, []),
    ],
)
def test_an_old_execution_hands_its_watch_over_wherever_it_stands(
    fields: dict[str, Any], tasks: list[Task]
) -> None:
    """A room whose ear is asked after again and again would fill a history too."""
    said = advice(heard(**fields), *tasks, is_old=True)
    assert (said.next, said.hands_over, said.release) == (Next.LEAVE, True, False)


@pytest.mark.parametrize("fields", [{"signal": signal()}, {"status": Status.FAILED}])
def test_but_not_one_that_is_to_be_finished(fields: dict[str, Any]) -> None:
    said = advice(heard(**fields), ear(1), is_old=True)
    assert (said.next, said.hands_over) == (Next.FINISH, False)


def test_an_ear_that_may_be_deaf_at_first_has_proved_nothing_until_then() -> None:
    """The one that it replaces is kept as long."""
    deaf = task(1, accepted_at=NOW, hears_from=NOW + 60_000)
    assert not is_proven(deaf, NOW + 60_000)
    assert is_proven(deaf, NOW + 80_000)
    assert not is_silent(task(1, accepted_at=NOW, hears_from=NOW + 60_000, silent_s=60), NOW + 119_000)
