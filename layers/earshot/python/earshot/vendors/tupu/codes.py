"""Codes inside an answer's ``json`` (Java SDK, ErrorCode; some from a reseller's page), by what to do.

The two sources contradict each other about 10 and 11, and 18 is cut off in the only one that has it: the first two
are refusals in either meaning, the third is taken for one that nobody documents. 102 and 103 are made up by the SDK
itself and never sent. ``message`` is never used to decide.
"""

from earshot.errors import (
    EarshotError,
    Exhausted,
    GiveUp,
    Misconfigured,
    OutcomeUnknown,
    RetryLater,
    Suspended,
)
from earshot.log_codes import LogCode
from earshot.telemetry import note

SUCCESS = 0

MEANING = {
    1: "authorisation failed: the signature is not of the public key in the console",
    2: "model id error",
    3: "no file",
    4: "API version error",
    5: "API version no longer supported",
    6: "secretId error",
    7: "a task id is not allowed for this secretId",
    8: "the state of the secretId is abnormal",
    9: "no public key uploaded",
    10: "pipeId error, or the callback is missing",
    11: "the callback is missing, or the interface could not be accessed",
    12: "time parameter error: check the clock",
    13: "no task configured, or all of them closed",
    14: "the stream could not be fetched",
    15: "illegal parameter",
    16: "nothing found",
    17: "over the number of streams",
    100: "server error",
    101: "unknown error",
}
MISCONFIGURED = {1: "private_key", 6: "secret_id", 9: "private_key"}
RETRIED: dict[int, type[RetryLater]] = {
    12: RetryLater,
    14: RetryLater,
    17: Exhausted,
    100: OutcomeUnknown,
    101: OutcomeUnknown,
}
"""100 and 101 may come after the stream was begun."""
ABNORMAL = 8


def error_for(code: int) -> EarshotError:
    """The error that a submit answer's ``code`` stands for."""
    reason, meaning = f"tupu_{code}", MEANING.get(code)
    if meaning is None:
        return undocumented(code)
    if code in RETRIED:
        return RETRIED[code](reason, meaning)
    if code in MISCONFIGURED:
        return Misconfigured(f"tupu.{MISCONFIGURED[code]}", f"{reason}: {meaning}")
    return (Suspended if code == ABNORMAL else GiveUp)(reason, meaning)


def undocumented(code: int) -> OutcomeUnknown:
    """It may mean that something was done."""
    note(LogCode.ES501, vendor="tupu", vendor_code=code)
    return OutcomeUnknown(f"tupu_{code}", "undocumented code")


def meaning(code: int) -> str:
    """In words, for an error that is none of the above."""
    return MEANING.get(code, "undocumented code")
