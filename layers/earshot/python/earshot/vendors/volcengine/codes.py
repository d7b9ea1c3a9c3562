"""What answers of the gateway and of content security stand for, by what to do. Texts are never used to decide.

The gateway's errors: volcengine.com/docs/6369/68677 and 6720/108305, whose HTTP statuses differ, so ``CodeN`` and
``Code`` decide. Business codes: www.volcengine.com/docs/6504/165998, the page of a sibling behind the same service.
"""

from collections.abc import Mapping

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
from earshot.secrets import Section
from earshot.telemetry import note

EXPIRED = "InvalidTimestamp"
FAMILIES = {
    100002: "MissingParameter",
    100003: "MissingAuthenticationToken",
    100004: "MissingRequestInfo",
    100005: "MissingSignature",
    100006: EXPIRED,
    100007: "ServiceNotFound",
    100008: "InvalidActionOrVersion",
    100009: "InvalidAccessKey",
    100010: "SignatureDoesNotMatch",
    100012: "LackPolicy",
    100013: "AccessDenied",
    100014: "InternalError",
    100015: "FailToConnect",
    100016: "InternalServiceTimeout",
}
SETTINGS: Mapping[str, str] = {
    "InvalidAccessKey": "access_key_id",
    "SignatureDoesNotMatch": "secret_access_key",
    "LackPolicy": "access_key_id",
    "AccessDenied": "access_key_id",
}
"""What an operator has to mend, here or at the vendor."""
REFUSED = frozenset(
    {
        *("MissingParameter", "MissingAuthenticationToken", "MissingRequestInfo", "MissingSignature"),
        *("ServiceNotFound", "InvalidActionOrVersion", "InvalidParameter"),
    }
)
RETRIED: Mapping[str, type[RetryLater]] = {
    "InternalError": OutcomeUnknown,
    "InternalServiceTimeout": OutcomeUnknown,
    "FailToConnect": RetryLater,
    "FlowLimitExceeded": Exhausted,
}
"""Whether an error inside came before or after what was asked is not documented."""

SUCCESS, BAD_PARAMETER, AUTH_FAILED = 0, 1001, 1002
NO_PERMISSION, OVER_RATE, NO_BALANCE, INTERNAL = 1003, 1004, 1005, 2000
MEANING = {
    BAD_PARAMETER: "invalid parameters",
    AUTH_FAILED: "authentication failed",
    NO_PERMISSION: "service not opened, or expired",
    OVER_RATE: "over the rate that was bought",
    NO_BALANCE: "no balance left",
    INTERNAL: "error inside",
}
NOT_GONE = frozenset({AUTH_FAILED, NO_PERMISSION, OVER_RATE, INTERNAL})
"""Answers to a close that say nothing of the task."""


def gateway_error(family: str, section: Section) -> EarshotError:
    """The error that the gateway's ``Code`` stands for, without what follows its point."""
    if family == EXPIRED:
        return Misconfigured("clock", f"volcengine_{EXPIRED}: it may be off by two minutes")
    if family in SETTINGS:
        return section.wrong(SETTINGS[family], f"volcengine_{family}: refused")
    if family in REFUSED:
        return GiveUp(f"volcengine_{family}", "refused")
    if family in RETRIED:
        return RETRIED[family](f"volcengine_{family}", "the rate limit, or an error inside")
    return undocumented("volcengine_code", family)


def business_error(code: int, section: Section) -> EarshotError:
    """The error that ``Result.Code`` of a submission stands for."""
    if code not in MEANING:
        return undocumented(f"volcengine_{code}", code)
    reason, meaning = f"volcengine_{code}", MEANING[code]
    if code == AUTH_FAILED:
        return section.wrong("access_key_id", f"{reason}: {meaning}")
    if code in {NO_PERMISSION, NO_BALANCE}:
        return Suspended(reason, meaning)
    if code == BAD_PARAMETER:
        return GiveUp(reason, meaning)
    return (Exhausted if code == OVER_RATE else OutcomeUnknown)(reason, meaning)


def undocumented(reason: str, vendor_code: int | str) -> OutcomeUnknown:
    """For what no page knows: it may have done what was asked."""
    note(LogCode.ES501, vendor="volcengine", vendor_code=str(vendor_code)[:64])
    return OutcomeUnknown(reason, "undocumented code")
