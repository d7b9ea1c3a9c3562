"""What stands before every call: account, clock, signature, nonce, rate, in this order."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from dataclasses import dataclass, field

from local.doubles.accounts import Accounts
from local.doubles.lyrebird import signing
from local.doubles.lyrebird.codes import BUSY, CLOCK, REPLAY, UNSIGNED
from local.doubles.lyrebird.settings import LyrebirdSettings
from local.doubles.model import Now, Request
from local.doubles.rooms.codec import same
from local.doubles.slices.call import Refusal
from local.doubles.window import SlidingWindow

ACCOUNT, TIMESTAMP, NONCE, SIGNATURE = (
    f"X-Lyrebird-{name}" for name in ("Account", "Timestamp", "Nonce", "Signature")
)
SECONDS = re.compile(r"[0-9]{1,11}")
FRESH = re.compile(r"[A-Za-z0-9_-]{16,64}")


def _second() -> SlidingWindow:
    return SlidingWindow(1.0)


@dataclass
class Gate:
    """Lets calls in."""

    accounts: Accounts
    settings: LyrebirdSettings
    _seen: set[tuple[str, str]] = field(default_factory=set)
    _order: deque[tuple[float, tuple[str, str]]] = field(default_factory=deque)
    _rates: defaultdict[str, SlidingWindow] = field(default_factory=lambda: defaultdict(_second))

    def enter(self, request: Request, now: Now) -> str:
        """Whose call it is; raises Refusal."""
        account, stamp, nonce = (request.header(name) for name in (ACCOUNT, TIMESTAMP, NONCE))
        keys = self.accounts.secret("lyrebird", account, "api_key")
        if not keys:
            raise Refusal(UNSIGNED, f"{ACCOUNT}: no such account", ACCOUNT)
        self._clock(stamp, now)
        if not FRESH.fullmatch(nonce):
            raise Refusal(UNSIGNED, f"{NONCE}: must be 16 to 64 letters, digits, _ and -", NONCE)
        sent = request.header(SIGNATURE)
        # Any of several keys is right during a rotation.
        if not any(same(signing.of_call(account, stamp, nonce, request.body, key), sent) for key in keys):
            raise Refusal(UNSIGNED, SIGNATURE, SIGNATURE)
        self._replay((account, nonce), now)
        window = self._rates[account]
        if window.count(now.wall) >= self.settings.rate_limit:
            raise Refusal(BUSY)
        window.add(now.wall)
        return account

    def _clock(self, stamp: str, now: Now) -> None:
        if not SECONDS.fullmatch(stamp):
            raise Refusal(CLOCK, f"{TIMESTAMP}: must be Unix seconds", TIMESTAMP)
        if abs(int(stamp) - now.wall) > self.settings.clock_window:
            raise Refusal(CLOCK, TIMESTAMP, TIMESTAMP)

    def _replay(self, call: tuple[str, str], now: Now) -> None:
        """Remembered for as long as the clock may let its timestamp in. Only signed calls use a nonce up."""
        while self._order and self._order[0][0] < now.wall - 2 * self.settings.clock_window:
            self._seen.discard(self._order.popleft()[1])
        if call in self._seen:
            raise Refusal(REPLAY, NONCE, NONCE)
        self._seen.add(call)
        self._order.append((now.wall, call))
