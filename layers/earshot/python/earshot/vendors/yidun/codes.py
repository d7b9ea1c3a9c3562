"""Yidun's return codes (the vendor's table for content safety, in public copies), by what to do.

``msg`` is never used to decide.
"""

from earshot.errors import EarshotError, Exhausted, GiveUp, Misconfigured, OutcomeUnknown, RetryLater
from earshot.log_codes import LogCode
from earshot.telemetry import note

SUCCESS = 200
EXPIRED = 420

MEANING = {
    400: "secretId or businessId missing",
    401: "business_id or secret_key wrong, expired, or not of this product",
    402: "the business is off line",
    404: "the business is not configured at the vendor",
    405: "a parameter is missing or malformed",
    410: "signature wrong: secret_key, or signature_method",
    411: "over the rate or the amount",
    413: "the trial's amount is used up",
    414: "the request or one of its fields is too long",
    415: "this version is not allowed for the business",
    420: "timestamp too far from the vendor's clock: is ours right?",
    430: "timestamp and nonce were used before",
    503: "service failure",
}
RETRIED = {411: Exhausted, 420: RetryLater, 430: RetryLater, 503: RetryLater}
SETTINGS = {
    401: "business_id",
    402: "business_id",
    404: "business_id",
    410: "secret_key",
    413: "business_id",
}
"""What an operator has to mend, here or at the vendor."""


def error_for(code: int) -> EarshotError:
    """The error that an answer's ``code`` stands for."""
    if code not in MEANING:
        return undocumented(f"yidun_{code}", code)
    if code in RETRIED:
        return RETRIED[code](f"yidun_{code}", MEANING[code])
    if code in SETTINGS:
        return Misconfigured(f"secret yidun.{SETTINGS[code]}", f"yidun_{code}: {MEANING[code]}")
    return GiveUp(f"yidun_{code}", MEANING[code])


def meaning(code: int) -> str:
    """In words; an undocumented code is noted."""
    return MEANING.get(code) or undocumented(f"yidun_{code}", code).detail


def undocumented(reason: str, vendor_code: int | str) -> OutcomeUnknown:
    """For what no page knows: it may have done what was asked."""
    note(LogCode.ES501, vendor="yidun", vendor_code=vendor_code)
    return OutcomeUnknown(reason, "undocumented code")
