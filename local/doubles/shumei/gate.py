"""What stands before every Shumei call: whose it is, which cluster, whether it may come in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from local.doubles.accounts import Accounts
from local.doubles.model import Json, Now, Request
from local.doubles.shumei.codes import BAD, BUSY, FORBIDDEN, MESSAGES, NO_BALANCE
from local.doubles.shumei.settings import ShumeiSettings
from local.doubles.window import SlidingWindow

PATHS = {
    "/v2/saas/anti_fraud/audiostream": "submit",
    "/v2/saas/anti_fraud/finish_audiostream": "finish",
}
CLUSTERS = ("sh", "gg", "xjp")
HOST = re.compile(r"api-audiostream-([a-z]+)\.")
PREFIXED = re.compile(r"/([a-z]+)(/v2/.*)")


@dataclass(frozen=True)
class Place:
    """Where a call went. ``operation`` is None for a path or a cluster that does not exist."""

    cluster: str
    operation: str | None


def place(request: Request) -> Place:
    """Cluster by path prefix, else by Host header, else Shanghai (the prefix is the double's own idea)."""
    path, cluster = request.path, "sh"
    named = HOST.match(request.header("Host"))
    prefixed = PREFIXED.fullmatch(path)
    if named:
        cluster = named.group(1)
    if prefixed:
        cluster, path = prefixed.groups()
    return Place(cluster, PATHS.get(path) if cluster in CLUSTERS else None)


@dataclass(frozen=True)
class Refusal(Exception):
    """A code, and the field it is about if there is one."""

    code: int
    message: str
    field: str | None = None


@dataclass
class Gate:
    """Order of the checks: body, accessKey, balance, rate, then the fields. The vendor's order is [?]."""

    accounts: Accounts
    settings: ShumeiSettings
    _second: SlidingWindow = field(default_factory=lambda: SlidingWindow(1.0))
    _blink: SlidingWindow = field(default_factory=lambda: SlidingWindow(0.01))

    def enter(self, body: object, now: Now) -> Json:
        """The body, if the call may go on."""
        if not isinstance(body, dict):
            raise Refusal(BAD, f"{MESSAGES[BAD]}: body must be a JSON object", "body")
        key = body.get("accessKey")
        if not isinstance(key, str) or not key:
            raise Refusal(BAD, f"{MESSAGES[BAD]}: accessKey is required as a string", "accessKey")
        if key not in self.accounts.shumei_keys:
            raise Refusal(FORBIDDEN, MESSAGES[FORBIDDEN], "accessKey")
        if self.settings.out_of_balance:
            raise Refusal(NO_BALANCE, MESSAGES[NO_BALANCE])
        if self._too_fast(now.wall):
            raise Refusal(BUSY, MESSAGES[BUSY])
        return body

    def _too_fast(self, wall: float) -> bool:
        """QPS guide [D]: one second and any ten milliseconds, per organisation. Refused calls count [?]."""
        limit = self.settings.max_qps
        fast = self._second.count(wall) >= limit
        burst = self._blink.count(wall) + 1 > max(1.0, 0.3 * limit)
        self._second.add(wall)
        self._blink.add(wall)
        return fast or (self.settings.ten_ms_rule and burst)


def decode(raw: bytes) -> object:
    """The body as JSON whatever its content type; text that is no JSON stays text."""
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return raw.decode("utf-8", "replace")


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
