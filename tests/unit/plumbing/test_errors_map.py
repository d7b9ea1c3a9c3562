"""Errors by what the caller should do: each mapped once."""

import pytest
from earshot.domain.failure import Failure
from earshot.errors import (
    AlreadyDone,
    BadInput,
    CredentialClaimed,
    EarshotError,
    Exhausted,
    GiveUp,
    Misconfigured,
    OutcomeUnknown,
    Refused,
    RetryLater,
    Suspended,
    TooLarge,
    Unfinished,
    failure_of,
)
from earshot.store.port import Conflict, Missing

MAP: list[tuple[EarshotError, int, Failure]] = [
    (EarshotError("x"), 500, Failure.PASSING),
    (RetryLater("x"), 503, Failure.PASSING),
    (OutcomeUnknown("x"), 503, Failure.PASSING),
    (Exhausted("x"), 503, Failure.PASSING),
    (CredentialClaimed("x"), 503, Failure.PASSING),
    (Unfinished("x"), 503, Failure.PASSING),
    (Conflict("x"), 503, Failure.PASSING),
    (AlreadyDone("x"), 200, Failure.PASSING),
    (GiveUp("x"), 422, Failure.PERMANENT),
    (Suspended("x"), 422, Failure.PERMANENT),
    (Missing("x"), 422, Failure.PERMANENT),
    (Refused("x"), 401, Failure.PERMANENT),
    (BadInput("f", "x"), 400, Failure.PERMANENT),
    (TooLarge("f", "x"), 413, Failure.PERMANENT),
    (Misconfigured("s", "x"), 500, Failure.PERMANENT),
]


@pytest.mark.parametrize(("error", "status", "failure"), MAP, ids=lambda value: type(value).__name__)
def test_status_and_failure(error: EarshotError, status: int, failure: Failure) -> None:
    assert (error.status, error.failure) == (status, failure)


@pytest.mark.parametrize(("error", "failure"), [(error, failure) for error, _, failure in MAP])
def test_the_state_machine_sees_the_same_by_the_class_name(error: EarshotError, failure: Failure) -> None:
    """A store's own error may reach a step's handler too: the machine knows it by its name alone."""
    assert failure_of(type(error).__name__) is failure


@pytest.mark.parametrize(
    "name", ["States.Timeout", "Lambda.Unknown", "Runtime.ExitError", "Exception", "KeyError", "Killed", ""]
)
def test_what_we_did_not_raise_may_pass(name: str) -> None:
    assert failure_of(name) is Failure.PASSING


def test_every_error_of_the_tree_is_in_the_map() -> None:
    def below(kind: type[EarshotError]) -> set[type[EarshotError]]:
        return {kind}.union(*(below(child) for child in kind.__subclasses__()))

    ours = {kind for kind in below(EarshotError) if kind.__module__.startswith("earshot.")}
    assert ours == {type(error) for error, _, _ in MAP}


def test_messages() -> None:
    assert str(RetryLater("zego_206")) == "zego_206"
    assert str(RetryLater("zego_206", "rate limit")) == "zego_206: rate limit"
    assert str(BadInput("room_id", "is empty")) == "bad_input: room_id: is empty"
    assert (BadInput("room_id", "x").field, Misconfigured("plan", "x").setting) == ("room_id", "plan")
    assert BadInput("room_id", "x").reason == "bad_input"
