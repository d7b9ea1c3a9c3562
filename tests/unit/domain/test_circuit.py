"""A vendor's circuit: few failures open it, one success closes it, and nobody hammers meanwhile."""

from dataclasses import replace

import pytest
from earshot.domain.circuit import (
    POLICY,
    Circuit,
    CircuitPolicy,
    Trouble,
    failed,
    is_half_open,
    is_open,
    is_steady,
    succeeded,
)
from hypothesis import given
from hypothesis import strategies as st

NOW = 1_800_000_000_000
S = 1_000
FRESH = Circuit("v", version=3)
OUTAGE, ACCOUNT = Trouble.OUTAGE, Trouble.ACCOUNT


def after(*seconds: float, circuit: Circuit = FRESH) -> Circuit:
    """The circuit after failures at these seconds."""
    for second in seconds:
        circuit = failed(circuit, NOW + round(second * S), OUTAGE)
    return circuit


def pause(circuit: Circuit) -> int:
    assert circuit.open_until is not None
    return (circuit.open_until - circuit.since) // S


def test_a_fresh_one_is_closed_clean_and_steady() -> None:
    assert (FRESH.is_closed, FRESH.is_clean, is_steady(FRESH, NOW)) == (True, True, True)
    assert (is_open(FRESH, NOW), is_half_open(FRESH, NOW)) == (False, False)


def test_four_failures_leave_it_closed_and_the_fifth_opens_it() -> None:
    four = after(0, 1, 2, 3)
    assert (four.failures, four.since, four.is_closed, four.is_clean) == (4, NOW, True, False)
    five = failed(four, NOW + 4 * S, OUTAGE)
    assert (is_open(five, NOW + 4 * S), pause(five), five.opened_count) == (True, 30, 1)


def test_at_the_same_moment_they_count_as_well() -> None:
    assert not after(0, 0, 0, 0, 0).is_closed


def test_failures_that_are_a_minute_apart_are_not_one_row() -> None:
    late = after(0, 1, 2, 3, 60)
    assert (late.failures, late.since) == (1, NOW + 60 * S)
    assert not after(0, 1, 2, 3, 59.999).is_closed


def test_a_success_between_starts_the_count_afresh() -> None:
    cleared = succeeded(after(0, 1, 2, 3), NOW + 4 * S)
    assert (cleared.is_clean, cleared.recovered_at) == (True, None)
    assert after(5, 6, 7, 8, circuit=cleared).is_closed


def test_a_success_of_a_clean_one_says_nothing_new() -> None:
    assert succeeded(FRESH, NOW) is FRESH


def test_what_comes_in_late_while_it_is_open_neither_prolongs_nor_closes_it() -> None:
    opened = after(0, 0, 0, 0, 0)
    for second in (0, 1, 29.999):
        at = NOW + round(second * S)
        assert failed(opened, at, OUTAGE) is opened
        assert failed(opened, at, ACCOUNT) is opened
        assert succeeded(opened, at) is opened


def test_it_is_half_open_when_its_time_is_over() -> None:
    opened = after(0, 0, 0, 0, 0)
    assert (is_open(opened, NOW + 29_999), is_half_open(opened, NOW + 29_999)) == (True, False)
    assert (is_open(opened, NOW + 30_000), is_half_open(opened, NOW + 30_000)) == (False, True)


def test_half_open_one_success_closes_it_and_it_is_steady_a_minute_later() -> None:
    opened = after(0, 0, 0, 0, 0)
    closed = succeeded(opened, NOW + 31 * S)
    assert (closed.is_clean, closed.opened_count, closed.recovered_at) == (True, 0, NOW + 31 * S)
    assert [is_steady(closed, NOW + at * S) for at in (31, 90, 91)] == [False, False, True]


def test_a_failure_now_and_then_does_not_make_it_unsteady() -> None:
    assert is_steady(after(0), NOW)
    recovered = replace(FRESH, recovered_at=NOW)
    assert is_steady(succeeded(after(100, circuit=recovered), NOW + 101 * S), NOW + 101 * S)


def test_half_open_one_failure_opens_it_again_for_longer_up_to_five_minutes() -> None:
    circuit, pauses = after(0, 0, 0, 0, 0), []
    for _ in range(7):
        assert circuit.open_until is not None
        pauses.append(pause(circuit))
        circuit = failed(circuit, circuit.open_until, OUTAGE)
    assert pauses == [30, 60, 120, 240, 300, 300, 300]


def test_a_refused_account_opens_it_at_once_for_five_minutes() -> None:
    refused = failed(FRESH, NOW, ACCOUNT)
    assert (pause(refused), refused.opened_count) == (300, 1)
    again = failed(refused, NOW + 300 * S, ACCOUNT)
    assert (pause(again), again.opened_count) == (300, 2)


def test_after_an_outage_that_is_over_the_next_is_short_again() -> None:
    circuit = after(0, 0, 0, 0, 0)
    circuit = failed(circuit, NOW + 30 * S, OUTAGE)
    circuit = succeeded(circuit, NOW + 90 * S)
    assert pause(after(100, 100, 100, 100, 100, circuit=circuit)) == 30


def test_the_version_is_the_stores_affair() -> None:
    assert {after(0).version, after(0, 0, 0, 0, 0).version, succeeded(after(0), NOW).version} == {3}


def test_the_policy_is_data() -> None:
    strict = CircuitPolicy(threshold=1, open_s=7, open_cap_s=10)
    opened = failed(FRESH, NOW, OUTAGE, strict)
    assert pause(opened) == 7
    assert pause(failed(opened, NOW + 7 * S, OUTAGE, strict)) == 10


@pytest.mark.parametrize("count", [0, 1, 30, 10_000])
def test_however_often_it_opened_the_pause_is_a_number(count: int) -> None:
    assert 30 <= POLICY.pause_s(count) <= 300


EVENTS = st.lists(
    st.tuples(st.integers(0, 90_000), st.sampled_from(["outage", "account", "success"])), max_size=60
)


@given(EVENTS)
def test_whatever_happens_it_is_in_one_state_and_opens_for_a_reason(events: list[tuple[int, str]]) -> None:
    circuit, now, row = FRESH, NOW, 0
    for pause_ms, what in events:
        now += pause_ms
        before = circuit
        circuit = succeeded(before, now) if what == "success" else failed(before, now, Trouble(what))
        row = 0 if what == "success" else row + 1
        assert [circuit.is_closed, is_open(circuit, now), is_half_open(circuit, now)].count(True) == 1
        assert 0 <= circuit.failures < POLICY.threshold
        assert (circuit.opened_count == 0) == circuit.is_closed
        if before.is_closed and not circuit.is_closed:
            assert what == "account" or row >= POLICY.threshold
        if circuit.open_until is not None:
            assert POLICY.open_s <= pause(circuit) <= POLICY.open_cap_s
        if is_open(before, now):
            assert circuit is before
        elif what == "success":
            assert circuit.is_clean
