"""ZEGO's return codes (doc-zh.zego.im article 19702), by what to do. ``Code`` decides, nothing else."""

from earshot.errors import EarshotError, GiveUp, Misconfigured, RetryLater
from earshot.log_codes import LogCode
from earshot.telemetry import note

RETRIED = {
    100000004: "signature expired: check the clock",
    100000015: "gateway internal error",
    206: "rate limit of the app",
    207: "rate limit of the room",
    30002: "rate limit",
    1010: "rate limit",
    5007: "rate limit",
    50006: "internal request failed",
    50007: "internal request failed",
    50009: "audit failed",
}
MISCONFIGURED = {
    100000000: ("ZegoBaseUrl", "wrong host"),
    100000001: ("app_id", "ZEGO wants a number"),
    100000005: ("server_secret", "signature refused"),
    100000010: ("app_id", "ServerSecret not found: check the AppId"),
    100000011: ("app_id", "app configuration not found: check the AppId"),
    100000016: ("is_test", "the app has no production environment"),
    100000017: ("app_id", "the service is not enabled for this app"),
    9: ("app_id", "the API is not enabled for this app: ask ZEGO"),
}
REFUSED = frozenset(
    {
        *(100000002, 100000003, 100000006, 100000007, 100000008, 100000009, 100000013, 100000014),
        *(1, 2, 3, 8, 104, 105, 121, 122, 123, 124, 138, 151, 154, 1008, 1012, 5018, 5024, 5201, 5202),
        *(50001, 50003, 50011, 50012, 50013, 50117, 50123, 50124),
    }
)


def error_for(code: int, app_id: str) -> EarshotError:
    """The error that an answer's ``Code`` stands for."""
    if code in RETRIED:
        return RetryLater(f"zego_{code}", RETRIED[code])
    if code in MISCONFIGURED:
        setting, detail = MISCONFIGURED[code]
        return Misconfigured(f"zego.{app_id}.{setting}", f"zego_{code}: {detail}")
    if code in REFUSED:
        return GiveUp(f"zego_{code}", "refused")
    note(LogCode.ES501, vendor="zego", vendor_code=code)
    return RetryLater(f"zego_{code}", "undocumented code")
