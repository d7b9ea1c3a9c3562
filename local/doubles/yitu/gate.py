"""What stands before every call: the signature of Yitu's platform, the clock, the rate. Their order is not known."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import defaultdict
from dataclasses import dataclass, field

from local.doubles.accounts import Accounts
from local.doubles.model import Now, Request
from local.doubles.rooms.codec import same
from local.doubles.slices.call import Refusal
from local.doubles.window import SlidingWindow
from local.doubles.yitu.settings import YituSettings

ACCOUNT, TIMESTAMP, SIGNATURE = "x-dev-id", "x-request-send-timestamp", "x-signature"
SECONDS = re.compile(r"[0-9]{1,11}")


def signature(dev_id: str, timestamp: str, dev_key: str) -> str:
    """Lower-case hex over DevId followed directly by the timestamp; the body is not signed."""
    return hmac.new(dev_key.encode(), f"{dev_id}{timestamp}".encode(), hashlib.sha256).hexdigest()


def _second() -> SlidingWindow:
    return SlidingWindow(1.0)


@dataclass
class Gate:
    """Lets calls in."""

    accounts: Accounts
    settings: YituSettings
    _rates: defaultdict[str, SlidingWindow] = field(default_factory=lambda: defaultdict(_second))

    def enter(self, request: Request, now: Now) -> str:
        """Whose call it is; raises Refusal."""
        s = self.settings
        dev_id, stamp, sent = (request.header(name) for name in (ACCOUNT, TIMESTAMP, SIGNATURE))
        keys = self.accounts.secret("yitu", dev_id, "dev_key")
        if not keys:
            raise Refusal(s.signature_rtn, f"{ACCOUNT}: no such account", ACCOUNT)
        # Any of several keys is right during a rotation.
        if not any(same(signature(dev_id, stamp, key), sent) for key in keys):
            raise Refusal(s.signature_rtn, f"{SIGNATURE}: is wrong", SIGNATURE)
        off = abs(int(stamp) - now.wall) if SECONDS.fullmatch(stamp) else None
        if off is None or (s.clock_window and off > s.clock_window):
            raise Refusal(s.clock_rtn, f"{TIMESTAMP}: must be Unix seconds of now", TIMESTAMP)
        window = self._rates[dev_id]
        if window.count(now.wall) >= s.rate_limit:
            raise Refusal(s.rate_rtn, "too many calls")
        window.add(now.wall)
        return dev_id
