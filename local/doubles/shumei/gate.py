"""What stands before every Shumei call: whose it is, which cluster, whether it may come in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from local.doubles.accounts import Accounts
from local.doubles.model import Json, Now, Request
from local.doubles.shumei.codes import BAD, BUSY, FORBIDDEN, MESSAGES, NO_BALANCE
from local.doubles.shumei.generation import V2, V4, VIDEO
from local.doubles.shumei.settings import ShumeiSettings
from local.doubles.window import SlidingWindow

CLUSTERS = ("sh", "gg", "xjp")


@dataclass(frozen=True)
class Api:
    """One interface: what it does, of which generation, on which hosts, in which clusters (by document)."""

    operation: str
    generation: str
    host: str = "audio"
    clusters: tuple[str, ...] = CLUSTERS
    clusters_json: tuple[str, ...] = CLUSTERS


PATHS = {
    "/v2/saas/anti_fraud/audiostream": Api("submit", V2),
    "/v2/saas/anti_fraud/finish_audiostream": Api("finish", V2),
    "/audiostream/v4": Api("submit", V4),
    "/finish_audiostream/v4": Api("finish", V4),
    "/videostream/v4": Api("submit", VIDEO, "video", clusters_json=("sh", "xjp")),
    "/finish_videostream/v4": Api("finish", VIDEO, "video", (*CLUSTERS, "yd"), ("sh", "xjp")),
}
HOST = re.compile(r"api-(audio|video)stream-([a-z]+)\.")
PREFIXED = re.compile(r"/([a-z]+)(/.+)")


@dataclass(frozen=True)
class Place:
    """Where a call went. ``operation`` is None for a path or a cluster that does not exist."""

    cluster: str
    operation: str | None
    generation: str = V2


def place(request: Request, video_clusters: str = "md") -> Place:
    """Cluster by path prefix, else by Host header, else Shanghai (the prefix is the double's own idea)."""
    path, cluster, host = request.path, "sh", ""
    named = HOST.match(request.header("Host"))
    prefixed = PREFIXED.fullmatch(path)
    if prefixed and path not in PATHS:
        cluster, path = prefixed.groups()
    elif named:
        host, cluster = named.groups()
    api = PATHS.get(path)
    if api is None or host not in ("", api.host):
        return Place(cluster, None)
    offered = api.clusters if video_clusters == "md" else api.clusters_json
    return Place(cluster, api.operation if cluster in offered else None, api.generation)


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

    def enter(self, body: object, now: Now, generation: str = V2) -> Json:
        """The body, if the call may go on."""
        if not isinstance(body, dict):
            raise Refusal(BAD, f"{MESSAGES[BAD]}: body must be a JSON object", "body")
        key = body.get("accessKey")
        if not isinstance(key, str) or not key:
            raise Refusal(BAD, f"{MESSAGES[BAD]}: accessKey is required as a string", "accessKey")
        if key not in self.accounts.shumei_keys:
            raise Refusal(FORBIDDEN, MESSAGES[FORBIDDEN], "accessKey")
        if self.settings.out_of_balance:
            code = NO_BALANCE if generation != V4 else self.settings.v4_no_balance_code
            raise Refusal(code, MESSAGES[code])
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
