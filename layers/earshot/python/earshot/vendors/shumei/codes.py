"""Shumei's return codes (v2 page, "code和message的列表", and the V4 pages' tables), by what to do.

1901 (since 2023-09-27) and 1904 have exchanged meanings between revisions: both are capacity or pull trouble,
and both are tried again; only 1901 has always been about capacity. On the V4 video stream page 1904 still is "too
many streams", so there it is capacity too, and never the end of a pull. ``message`` is never used to decide.
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

SUCCESS = 1100
DUPLICATE_STREAM = 1001
PULL_FAILED = 1904
TASK_UNKNOWN = frozenset({1902, 1909})
"""Answers of the finish call for a task that is gone; believed once we know of its end, or after many of them."""

MEANING = {
    1901: "over the rate or the number of streams",
    1902: "bad parameter",
    1903: "service failure",
    1904: "too many streams, or the stream could not be pulled",
    1909: "stream does not exist",
    9100: "no balance left",
    9101: "no permission, or wrong accessKey",
}
RETRIED = {1901: Exhausted, 1903: RetryLater, 1904: RetryLater}
NO_BALANCE = 9100


def error_for(code: int, generation: str = "v2") -> EarshotError:
    """The error that a submit answer's ``code`` stands for."""
    meaning = MEANING.get(code)
    if meaning is None:
        note(LogCode.ES501, vendor="shumei", vendor_code=code)
        return OutcomeUnknown(f"shumei_{code}", "undocumented code")
    if code == PULL_FAILED and generation == "v4_video":
        return Exhausted(f"shumei_{code}", "too many streams")
    if code in RETRIED:
        return RETRIED[code](f"shumei_{code}", meaning)
    if code == 9101:
        return Misconfigured("shumei.access_key", f"shumei_{code}: {meaning}")
    return (Suspended if code == NO_BALANCE else GiveUp)(f"shumei_{code}", meaning)
