"""Which vendor a room's next task goes to, and what a submission's outcome tells all rooms."""

from collections.abc import Callable
from typing import Any

import pytest
from earshot.domain.circuit import Circuit
from earshot.domain.watch import Task, TaskState, Watch
from earshot.errors import (
    AlreadyDone,
    BadInput,
    CredentialClaimed,
    EarshotError,
    Exhausted,
    GiveUp,
    Misconfigured,
    OutcomeUnknown,
    RetryLater,
    Suspended,
)
from earshot.store.memory import MemoryStore
from earshot.store.port import Conflict, Missing
from earshot.usecases.vendor_health import Choice, VendorHealth

from tests.unit.support import makers
from tests.unit.support.fakes import Clock
from tests.unit.support.makers import START
from tests.unit.support.notes import Notes

FIRST, SECOND = "shumei", "yidun"
DOWN = RetryLater("shumei_1903")
ALONE = makers.watch()
BOTH = makers.watch(plan=makers.plan(failover=[SECOND]))


class Counted(MemoryStore):
    """Counts what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.reads, self.writes, self.refuses, self.busy = 0, 0, 0, False

    def circuits(self, vendors: Any) -> dict[str, Circuit]:
        self.reads += 1
        if self.busy:
            raise RetryLater("table_busy")
        return super().circuits(vendors)

    def put_circuit(self, seen: Circuit, now_: Circuit) -> bool:
        self.writes += 1
        if self.refuses:
            self.refuses -= 1
            return False
        return super().put_circuit(seen, now_)


class Ward:
    """A deployment's vendors, and one room."""

    def __init__(self, watch: Watch = BOTH) -> None:
        self.store, self.clock, self.watch = Counted(), Clock(START), watch
        self.health = VendorHealth(self.store, self.clock)
        self.tasks: list[Task] = []

    def choose(self, luck: float = 0.0) -> Choice:
        return self.health.choose(self.watch, self.tasks, luck)

    def vendor(self) -> str | None:
        return self.choose().vendor

    def fail(self, vendor: str = FIRST, times: int = 5, error: EarshotError = DOWN) -> None:
        for _ in range(times):
            self.health.failed(vendor, error)

    def circuit(self, vendor: str = FIRST) -> Circuit:
        return self.store._circuits.get(vendor, Circuit(vendor))

    def tried(self, vendor: str, **more: Any) -> None:
        """A submission of the room's that was refused just now."""
        fields: dict[str, Any] = {"state": TaskState.REFUSED, "vendor_task_id": None, "accepted_at": None}
        number = len(self.tasks) + 1
        self.tasks.append(makers.task(number, vendor=vendor, submitted_at=self.clock(), **{**fields, **more}))

    def heard(self, vendor: str) -> Task:
        """A task that listens since now."""
        self.tried(vendor, state=TaskState.RUNNING, vendor_task_id="t", accepted_at=self.clock())
        return self.tasks[-1]

    def back(self) -> bool:
        return self.health.wants_back(self.watch, self.tasks[-1], self.tasks)


# --- the choice


def test_while_all_is_well_the_first_listens_for_one_read_and_no_write(notes: Notes) -> None:
    ward = Ward()
    assert ward.choose() == Choice(FIRST, 0, "first")
    ward.health.succeeded(FIRST)
    assert (ward.store.reads, ward.store.writes, ward.store._turns) == (2, 0, {})
    ward.health.succeeded(FIRST)
    assert ward.store.reads == 2, "believed for a moment"
    assert notes.codes == []


def test_a_plan_from_before_there_was_an_order_names_one_vendor() -> None:
    plan = {name: value for name, value in makers.plan().items() if name not in {"order", "vendors"}}
    assert Ward(makers.watch(plan=plan)).choose() == Choice(FIRST, 0, "first")


def test_the_first_that_is_down_is_passed_over_and_told(notes: Notes) -> None:
    ward = Ward()
    ward.fail()
    assert ward.choose() == Choice(SECOND, 0, "failover")
    assert notes.codes == ["ES241", "ES243"]
    assert notes.of("ES241")["reason"] == "shumei_1903"
    assert notes.of("ES243")["passed_over"] == FIRST


def test_what_fails_once_or_twice_for_everybody_is_weather() -> None:
    ward = Ward()
    ward.fail(times=4)
    assert ward.vendor() == FIRST
    ward.health.succeeded(FIRST)
    ward.fail(times=4)
    assert ward.vendor() == FIRST


def test_where_all_are_down_the_room_waits_for_the_soonest() -> None:
    ward = Ward()
    ward.fail(FIRST, error=Misconfigured("secret", "wrong"))
    ward.fail(SECOND)
    assert ward.choose() == Choice(None, 30_000, "circuit_open")
    assert ward.choose(luck=0.5).wait_ms == 45_000


def test_one_vendor_that_is_down_is_waited_for_and_no_credential_is_minted() -> None:
    ward = Ward(ALONE)
    ward.fail()
    ward.clock.forward(10)
    assert ward.choose() == Choice(None, 20_000, "circuit_open")


def test_half_open_one_room_tries_for_all() -> None:
    ward = Ward(ALONE)
    ward.fail()
    ward.clock.forward(30)
    assert ward.choose() == Choice(FIRST, 0, "probe")
    assert ward.choose() == Choice(None, 5_000, "circuit_open")
    ward.clock.forward(5)
    assert ward.choose() == Choice(FIRST, 0, "probe")


def test_half_open_the_others_go_to_the_next_vendor_and_the_turn_is_not_taken_in_vain() -> None:
    ward = Ward()
    ward.fail()
    ward.clock.forward(30)
    ward.tried(FIRST)
    ward.tried(FIRST)
    assert ward.vendor() == SECOND, "it has failed this room, which asks for no turn"
    ward.tasks = []
    assert [ward.choose().reason, ward.choose().reason] == ["probe", "failover"]


def test_the_trial_that_succeeds_lets_everybody_in_and_the_one_that_fails_nobody(notes: Notes) -> None:
    ward = Ward(ALONE)
    ward.fail()
    ward.clock.forward(30)
    ward.fail(times=1)
    assert ward.choose() == Choice(None, 60_000, "circuit_open")
    ward.clock.forward(60)
    ward.health.succeeded(FIRST)
    assert (ward.vendor(), ward.circuit().is_clean) == (FIRST, True)
    assert notes.codes == ["ES241", "ES241", "ES242"]
    assert notes.of("ES242")["open_s"] == 60


# --- what a vendor did to this room


def test_a_refusal_for_good_sends_the_room_to_the_next_for_ten_minutes() -> None:
    ward = Ward()
    ward.tried(FIRST, permanent=True)
    assert ward.vendor() == SECOND
    ward.clock.forward(600)
    assert ward.vendor() == FIRST


def test_two_failures_in_a_row_send_the_room_to_the_next_and_one_does_not() -> None:
    ward = Ward()
    ward.tried(FIRST)
    assert ward.vendor() == FIRST
    ward.tried(FIRST)
    assert ward.vendor() == SECOND


def test_where_all_have_failed_the_room_goes_round() -> None:
    """How often and until when is the lifecycle's affair: a room does not wait for nothing."""
    ward, went = Ward(), []
    for _ in range(8):
        ward.clock.forward(10)
        vendor = ward.vendor()
        assert vendor is not None
        went.append(vendor)
        ward.tried(vendor)
    assert went == [FIRST, FIRST, SECOND, SECOND, FIRST, SECOND, FIRST, SECOND]


def test_one_that_has_failed_is_better_than_one_that_is_down() -> None:
    ward = Ward()
    ward.tried(FIRST)
    ward.tried(FIRST)
    ward.fail(SECOND)
    assert ward.vendor() == FIRST


def test_where_all_have_refused_the_room_it_is_told_so() -> None:
    ward = Ward()
    ward.tried(FIRST, permanent=True)
    ward.clock.forward(100)
    ward.tried(SECOND, permanent=True)
    assert ward.choose() == Choice(None, 500_000, "refused_by_all")


def test_one_that_refused_is_not_asked_however_long_the_other_is_down() -> None:
    ward = Ward()
    ward.tried(FIRST, permanent=True)
    ward.fail(SECOND)
    assert ward.choose() == Choice(None, 30_000, "circuit_open")


@pytest.mark.parametrize("permanent", [False, True])
def test_a_vendor_without_another_is_never_out_by_what_it_did_to_one_room(permanent: bool) -> None:
    ward = Ward(ALONE)
    for _ in range(3):
        ward.tried(FIRST, permanent=permanent)
    assert ward.choose() == Choice(FIRST, 0, "first")


def test_a_vendor_that_takes_the_room_and_is_never_heard_of_is_left_after_the_second_time() -> None:
    ward = Ward()
    for heard_by in (FIRST, SECOND):
        assert ward.vendor() == FIRST
        ward.tried(FIRST, state=TaskState.RUNNING, accepted_at=ward.clock(), silent_s=60)
        ward.clock.forward(60)
        assert ward.vendor() == heard_by


# --- back to a better one


def test_the_first_has_nobody_to_go_back_to_and_asks_nothing() -> None:
    ward = Ward()
    ward.heard(FIRST)
    assert (ward.back(), ward.store.reads) == (False, 0)


def test_the_room_goes_back_a_minute_after_the_first_has_recovered(notes: Notes) -> None:
    ward = Ward()
    ward.fail()
    ward.heard(SECOND)
    assert not ward.back()
    ward.clock.forward(30)
    ward.health.succeeded(FIRST)
    ward.clock.forward(59)
    assert not ward.back()
    ward.clock.forward(1)
    assert ward.back()
    assert notes.of("ES244")["vendor"] == FIRST


def test_one_that_was_never_down_is_gone_back_to_once_its_failures_are_forgotten() -> None:
    ward = Ward()
    ward.tried(FIRST)
    ward.tried(FIRST)
    ward.heard(SECOND)
    assert not ward.back()
    ward.clock.forward(600)
    assert ward.back()


def test_nobody_goes_back_to_one_that_refused_the_room() -> None:
    ward = Ward()
    ward.tried(FIRST, permanent=True)
    ward.heard(SECOND)
    assert not ward.back()


def test_one_that_nobody_tries_any_more_is_tried_by_a_room_now_and_then() -> None:
    ward = Ward()
    ward.fail()
    ward.heard(SECOND)
    ward.clock.forward(300)
    assert [ward.back(), ward.back()] == [True, False]
    assert ward.choose() == Choice(FIRST, 0, "probe"), "whoever goes back still gets the turn"
    ward.clock.forward(60)
    assert ward.back()


def test_a_vendor_outside_the_order_is_worse_than_all() -> None:
    ward = Ward()
    ward.heard("another")
    assert ward.back()


# --- what an outcome says


@pytest.mark.parametrize("error", [RetryLater("x"), OutcomeUnknown("x")])
def test_five_times_no_answer_is_an_outage(error: EarshotError) -> None:
    ward = Ward()
    ward.fail(error=error, times=4)
    assert ward.circuit().is_closed
    ward.fail(error=error, times=1)
    assert ward.circuit().open_until == START + 30_000


@pytest.mark.parametrize("error", [Misconfigured("s", "x"), Suspended("shumei_9100")])
def test_a_refused_account_is_refused_for_everybody(error: EarshotError) -> None:
    ward = Ward()
    ward.fail(error=error, times=1)
    assert ward.circuit().open_until == START + 300_000


@pytest.mark.parametrize("error", [Exhausted("shumei_1901"), GiveUp("shumei_1902")])
def test_what_was_answered_is_no_outage(error: EarshotError) -> None:
    ward = Ward()
    ward.fail(times=4)
    ward.fail(error=error, times=9)
    assert ward.circuit().is_clean


@pytest.mark.parametrize(
    "error",
    [BadInput("platform", "x"), AlreadyDone("x"), CredentialClaimed("x"), Conflict("x"), Missing("x")],
)
def test_what_we_raised_ourselves_says_nothing(error: EarshotError) -> None:
    ward = Ward()
    ward.fail(times=4)
    ward.fail(error=error, times=9)
    assert (ward.circuit().failures, ward.store.writes) == (4, 4)


def test_a_success_clears_what_failures_there_were_though_they_were_just_seen() -> None:
    ward = Ward()
    ward.health.succeeded(FIRST)
    ward.fail(times=4)
    ward.health.succeeded(FIRST)
    assert ward.circuit().is_clean


def test_what_another_process_saw_fail_is_cleared_a_moment_later() -> None:
    ward = Ward()
    ward.health.succeeded(FIRST)
    VendorHealth(ward.store, ward.clock).failed(FIRST, DOWN)
    ward.health.succeeded(FIRST)
    assert ward.circuit().failures == 1
    ward.clock.forward(5)
    ward.health.succeeded(FIRST)
    assert ward.circuit().is_clean


def test_what_comes_in_late_while_it_is_open_writes_nothing() -> None:
    ward = Ward()
    ward.fail()
    writes = ward.store.writes
    ward.fail(times=100)
    ward.health.succeeded(FIRST)
    assert ward.store.writes == writes


@pytest.mark.parametrize(("refuses", "failures", "writes"), [(2, 1, 3), (3, 0, 3)])
def test_a_write_that_loses_looks_again_and_leaves_it_after_three(
    refuses: int, failures: int, writes: int
) -> None:
    ward = Ward()
    ward.store.refuses = refuses
    ward.fail(times=1)
    assert (ward.circuit().failures, ward.store.writes) == (failures, writes)


def told(ward: Ward) -> list[Callable[[], None]]:
    return [lambda: ward.health.succeeded(FIRST), lambda: ward.health.failed(FIRST, DOWN)]


def test_a_busy_table_does_not_undo_a_submission(notes: Notes) -> None:
    ward = Ward()
    ward.store.busy = True
    for tell in told(ward):
        tell()
    assert (ward.store.writes, notes.codes) == (0, [])
    with pytest.raises(RetryLater):
        ward.choose()
