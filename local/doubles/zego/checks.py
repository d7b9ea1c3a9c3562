"""Gateway checks of ZEGO's server API, in the order in which they are documented.

Pages: "Accessing server APIs" (common parameters, signature) and "Return codes" (1000000xx), both [D].
The order between the checks is [?]; where the AppId's ServerSecret is looked up (before the clock and the
signature) is [I].
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass

from local.doubles.zego.settings import ZegoSettings

# What each action takes beyond the common parameters; arrays with or without brackets.
ACTIONS = {
    "GenerateIdentifyToken": {"EffectiveTime"},
    "DescribeUserNum": {"RoomId[]", "RoomId"},
    "DescribeUserList": {"RoomId", "Mode", "Limit", "Marker"},
    "DescribeSimpleStreamList": {"RoomId"},
}
HOST = re.compile(r"rtc-api(-(sha|hkg|fra|lax|bom|sgp))?\.zego\.im(:\d+)?")
COMMON = {"Action", "AppId", "SignatureNonce", "Timestamp", "Signature", "SignatureVersion", "IsTest"}
UINT32 = 2**32 - 1
INT64 = 2**63 - 1


@dataclass(frozen=True)
class Refusal:
    """A documented code and the parameter it is about."""

    code: int
    field: str
    message: str


def signature(app_id: str, nonce: str, secret: str, timestamp: str) -> str:
    """md5 over plain concatenation, lower-case hex. Not covered: every other parameter."""
    return hashlib.md5(f"{app_id}{nonce}{secret}{timestamp}".encode(), usedforsecurity=False).hexdigest()


def shape(params: dict[str, str], host: str, settings: ZegoSettings) -> Refusal | None:
    """Everything that can be said without knowing the app."""
    app_id, timestamp = params.get("AppId", ""), params.get("Timestamp", "")
    version = params.get("SignatureVersion", "")
    steps = (
        (settings.check_host and not HOST.fullmatch(host), 100000000, "Host", "host is wrong"),
        (not _whole(app_id, 1, UINT32), 100000001, "AppId", "AppId format is wrong"),
        (not timestamp, 100000002, "Timestamp", "timestamp is empty"),
        (not _whole(timestamp, 0, INT64), 100000003, "Timestamp", "timestamp format is wrong"),
        (not params.get("Action"), 100000006, "Action", "action is empty"),
        (params.get("Action") not in ACTIONS, 100000007, "Action", "action is not supported"),
        (not params.get("SignatureNonce"), 100000008, "SignatureNonce", "signature nonce is empty"),
        (not params.get("Signature"), 100000009, "Signature", "signature is empty"),
        (not version, 100000013, "SignatureVersion", "signature version is empty"),
        (version != "2.0", 100000014, "SignatureVersion", "signature version is not supported"),
    )
    return next((Refusal(code, field, text) for bad, code, field, text in steps if bad), None)


def proof(
    params: dict[str, str], secrets: tuple[str, ...], wall: float, settings: ZegoSettings
) -> Refusal | None:
    """The app, the clock and the signature; any of several secrets is right during a rotation."""
    if not secrets:
        return Refusal(100000010, "AppId", "ServerSecret of the AppId cannot be fetched")
    if abs(wall - int(params["Timestamp"])) > settings.clock_window:
        return Refusal(100000004, "Timestamp", "signature has expired")
    sent = params["Signature"].encode()
    parts = params["AppId"], params["SignatureNonce"], params["Timestamp"]
    for secret in secrets:
        if hmac.compare_digest(signature(parts[0], parts[1], secret, parts[2]).encode(), sent):
            return None
    return Refusal(100000005, "Signature", "signature is wrong")


def effective_time(text: str | None, settings: ZegoSettings) -> int | None:
    """The life of the token in seconds; ``None`` when what was sent is not allowed."""
    if text is None:
        return settings.default_effective
    return int(text) if _whole(text, 1, settings.max_effective) else None


def warnings(query: tuple[tuple[str, str], ...], seen_nonce: bool) -> list[str]:
    """What the vendor would let pass but a developer should know."""
    params = dict(query)
    known = COMMON | ACTIONS.get(params.get("Action", ""), {"EffectiveTime"})
    found = [f"{name} is not a parameter of this action" for name in params if name not in known]
    once = [name for name, _ in query if not name.startswith("RoomId")]
    if len(set(once)) != len(once):
        found.append("a parameter is repeated; the first one counts")
    if not re.fullmatch(r"[0-9a-f]{16}", params.get("SignatureNonce", "")):
        found.append(
            "SignatureNonce is not 16 hex characters"
        )  # demanded by the page, not by its own samples
    if seen_nonce:
        found.append("SignatureNonce was used before")  # whether the vendor refuses this is [?]
    if params.get("IsTest", "false").lower() not in ("true", "false"):
        found.append("IsTest is neither true nor false")
    return found


def _whole(text: str, low: int, high: int) -> bool:
    """A plain decimal integer within bounds (no sign, no blanks, ASCII digits only)."""
    return bool(re.fullmatch(r"[0-9]{1,19}", text)) and low <= int(text) <= high
