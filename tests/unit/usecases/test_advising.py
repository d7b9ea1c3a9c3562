"""The machine asks, the facts decide."""

import json

import pytest
from earshot.contract.plan import Plan, Retry
from earshot.domain.watch import Signal, SignalName, Status, Watch
from earshot.errors import RetryLater
from earshot.store.memory import MemoryStore

from tests.unit.support.makers import signal
from tests.unit.support.meddling import meanwhile
from tests.unit.support.notes import Notes
from tests.unit.support.world import World


def lambda_cause(message: str, kind: str = "RetryLater") -> str:
    """What Step Functions makes of an exception of a Python function."""
    return json.dumps({"errorMessage": message, "errorType": kind, "requestId": "r", "stackTrace": []})


def test_the_answer_is_the_machines_whole_state() -> None:
    world = World()
    watch = world.listening()
    assert world.advise(watch) == {
        "watch_id": watch.watch_id,
        "key": {"pk": f"SESSION#{watch.session_id}", "sk": f"WATCH#{watch.watch_id}"},
        "next": "watch",
        "wait_s": 0,
        "look_s": 3_600,
        "beat_s": 3_599,
        "release": False,
        "number": 0,
        "vendor": "",
        "slot": 0,
        "driver": "0",
        "generation": 0,
        "round": 1,
        "error": {"Error": "", "Cause": ""},
    }


def test_a_new_watch_goes_to_mint() -> None:
    world = World()
    state = world.advise(world.opened())
    assert (state["next"], state["wait_s"]) == ("mint", 1)


def test_a_closed_room_goes_to_finish_without_a_wait() -> None:
    world = World()
    watch = world.listening()
    world.close_room()
    state = world.advise(watch, "AlreadyDone", lambda_cause("room_closed", "AlreadyDone"))
    assert (state["next"], state["wait_s"]) == ("finish", 0)
    assert world.fresh(watch).last_word, "whoever looks later must still see it"


def test_a_passing_signal_is_taken_away_once_it_was_looked_at() -> None:
    world = World()
    watch = world.listening()
    world.store.signal(watch.watch_id, signal(SignalName.TASK_ENDED))
    assert world.advise(watch)["next"] == "watch"
    assert world.fresh(watch).signal is None


def test_a_signal_that_comes_meanwhile_is_looked_at_too() -> None:
    world = World()
    watch = world.listening()
    closed = signal(SignalName.ROOM_CLOSED)
    meanwhile(world.store, "resolve", lambda: world.store.signal(watch.watch_id, closed))
    assert world.advise(watch)["next"] == "finish"


def test_signals_without_end_are_left_to_the_next_try() -> None:
    class Noisy(MemoryStore):
        seen = 0

        def watch(self, watch_id: str) -> Watch:
            held = super().watch(watch_id)
            self.seen += 1
            self.signal(watch_id, Signal(f"s{self.seen}", SignalName.TASK_ENDED, 0, "again"))
            return held

    world = World(store=Noisy())
    with pytest.raises(RetryLater, match="watch_contended"):
        world.advise(world.opened())


@pytest.mark.parametrize(
    ("error", "message", "then", "reason"),
    [
        ("RetryLater", "zego_206: rate limit of the app", "mint", "zego_206"),
        ("OutcomeUnknown", "no_answer: ReadTimeout", "mint", "no_answer"),
        ("CredentialClaimed", "credential_claimed: number 1", "mint", "credential_claimed"),
        ("GiveUp", "shumei_1902: bad parameter", "finish", "shumei_1902"),
        ("BadInput", "bad_input: stream_id: is required", "finish", "bad_input:stream_id"),
        ("Exception", "something else: 'x'", "mint", "Exception"),
        ("States.Timeout", "", "mint", "States.Timeout"),
        ("Lambda.Unknown", "The service returned 500", "mint", "Lambda.Unknown"),
        ("Runtime.ExitError", "RequestId: 1 Error: Runtime exited", "mint", "Runtime.ExitError"),
    ],
)
def test_a_failed_step(error: str, message: str, then: str, reason: str) -> None:
    world = World()
    watch = world.opened()
    assert world.advise(watch, error, lambda_cause(message, error))["next"] == then
    assert world.fresh(watch).reason == reason


@pytest.mark.parametrize(
    "cause",
    [
        '{"errorMessage":"shumei_1902: bad parameter","errorType":"GiveUp"}',
        '{ "errorType": "GiveUp", "errorMessage" : "shumei_1902: bad parameter" }',
    ],
)
def test_the_reason_is_found_however_the_cause_is_spaced(cause: str) -> None:
    world = World()
    watch = world.opened()
    world.advise(watch, "GiveUp", cause)
    assert world.fresh(watch).reason == "shumei_1902"


def test_a_misconfiguration_is_told_with_a_reason_that_says_what() -> None:
    """9101 gives up *with a clear reason*: ModerationFailed is all that an operator sees at first."""
    world = World()
    watch = world.opened()
    message = "misconfigured: shumei.access_key: shumei_9101: no permission, or wrong accessKey"
    world.advise(watch, "Misconfigured", lambda_cause(message, "Misconfigured"))
    reason = world.fresh(watch).reason or ""
    assert "9101" in reason or "access_key" in reason


@pytest.mark.parametrize("cause", ["", "not JSON", '{"errorMessage": "', '{"errorMessage": ""}', "{}"])
def test_a_cause_that_says_nothing_leaves_the_name(cause: str) -> None:
    world = World()
    watch = world.opened()
    world.advise(watch, "States.TaskFailed", cause)
    assert world.fresh(watch).reason == "States.TaskFailed"


def test_a_permanent_failure_fails_the_watch(notes: Notes) -> None:
    world = World()
    watch = world.opened()
    world.advise(watch, "Misconfigured", lambda_cause("misconfigured: secret zego: is missing"))
    assert world.fresh(watch).status is Status.FAILED
    assert "ES205" in notes.codes


def test_troubles_in_a_row_end_in_failure_and_back_off_grows(notes: Notes) -> None:
    world = World(plans={"default": Plan(retry=Retry(max_attempts=3, base_s=8))})
    watch = world.opened()
    waits = [world.advise(watch, "RetryLater", lambda_cause("zego_206: x"))["wait_s"] for _ in range(3)]
    assert waits == [4, 8, 16]
    state = world.advise(watch, "RetryLater", lambda_cause("zego_206: x"))
    assert state["next"] == "finish"
    assert world.fresh(watch).reason == "gave_up_after_3:zego_206"
    assert notes.codes.count("ES206") == 4


def test_jitter_is_asked_for() -> None:
    world = World(luck=0.99)
    assert world.advise(world.opened())["wait_s"] == 2


def test_an_interruption_moves_the_watch_and_asks_for_release() -> None:
    world = World()
    watch = world.listening()
    (task,) = world.tasks(watch)
    world.clock.forward(120)
    world.store.end_task(task.task_ref, world.clock(), 3005, 110.0)
    world.store.signal(watch.watch_id, signal(SignalName.TASK_ENDED))
    state = world.advise(watch)
    assert (state["next"], state["release"]) == ("mint", True)
    assert (world.fresh(watch).status, world.fresh(watch).reason) == (Status.INTERRUPTED, "task_ended_3005")
