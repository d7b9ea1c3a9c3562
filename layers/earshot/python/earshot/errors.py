"""Errors by what the caller should do, and nothing else.

Mapped once each: to an HTTP status here, to a state-machine error name by the class name (a Lambda error
carries it), to a batch failure by being raised. Messages reach execution histories and logs: never put a
token, a secret, audio text or a URL into one.
"""

from earshot.domain.failure import Failure


class EarshotError(Exception):
    """Base; ``reason`` is a stable snake_case word for events, metrics and tests."""

    status = 500
    failure = Failure.PASSING

    def __init__(self, reason: str, detail: str = "") -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(f"{reason}: {detail}" if detail else reason)


class RetryLater(EarshotError):
    """Nothing was done; the same call may work later."""

    status = 503


class OutcomeUnknown(RetryLater):
    """The other side may have done it. Ask again in a way that finds it, and own what it may have left."""


class Exhausted(RetryLater):
    """The vendor has no capacity or quota left for us now; another may."""


class CredentialClaimed(RetryLater):
    """The credential was used by an earlier try of this step: mint another."""


class Unfinished(RetryLater):
    """A vendor has not acknowledged the end of a task: finish again."""


class AlreadyDone(EarshotError):
    """It had been done before; go on."""

    status = 200


class GiveUp(EarshotError):
    """The other side refused, and will refuse again."""

    status = 422
    failure = Failure.PERMANENT


class Suspended(GiveUp):
    """The vendor refuses the whole account: no balance, no permission."""


class Refused(EarshotError):
    """We refuse the caller: not authenticated."""

    status = 401
    failure = Failure.PERMANENT


class BadInput(EarshotError):
    """The caller's data is wrong; ``field`` says where, ``rule`` what it had to be."""

    status = 400
    failure = Failure.PERMANENT

    def __init__(self, field: str, detail: str) -> None:
        self.field, self.rule = field, detail
        super().__init__("bad_input", f"{field}: {detail}")


class TooLarge(BadInput):
    """The caller's data is more than we keep."""

    status = 413


class Misconfigured(EarshotError):
    """The deployment is wrong; ``setting`` says where."""

    failure = Failure.PERMANENT

    def __init__(self, setting: str, detail: str) -> None:
        self.setting = setting
        super().__init__("misconfigured", f"{setting}: {detail}")


PERMANENT = frozenset({"GiveUp", "Suspended", "Refused", "BadInput", "TooLarge", "Misconfigured", "Missing"})


def failure_of(error_name: str) -> Failure:
    """How a state-machine error name counts. What we did not raise (a crash, a time-out) may pass."""
    return Failure.PERMANENT if error_name in PERMANENT else Failure.PASSING
