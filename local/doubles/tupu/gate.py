"""What stands before every call: account, signature, clock, nonce, rate. The vendor's order is [?]."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from dataclasses import dataclass, field

from local.doubles.accounts import Accounts, App
from local.doubles.model import Json, Now
from local.doubles.tupu import codes
from local.doubles.tupu.codes import Refusal, Route
from local.doubles.tupu.keys import is_signature, private_key, public_text, signing_key
from local.doubles.tupu.settings import TupuSettings
from local.doubles.window import SlidingWindow

NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
MILLISECONDS = 1e11
"""A larger timestamp cannot be one in seconds."""


def _window() -> SlidingWindow:
    return SlidingWindow(1.0)


@dataclass
class Gate:
    """Lets calls in."""

    accounts: Accounts
    settings: TupuSettings
    _seen: set[tuple[str, str]] = field(default_factory=set)
    _order: deque[tuple[float, tuple[str, str]]] = field(default_factory=deque)
    _rates: defaultdict[str, SlidingWindow] = field(default_factory=lambda: defaultdict(_window))

    def enter(self, route: Route, body: object, now: Now, warnings: list[str]) -> Json:
        """The body, if the call may go on; raises Refusal."""
        account = self.accounts.apps.get("tupu", {}).get(route.secret_id)
        if account is None:
            raise Refusal(codes.NO_SECRET_ID, "secretId")
        if self.settings.account_abnormal:
            raise Refusal(codes.ABNORMAL)
        if not isinstance(body, dict):
            raise Refusal(codes.BAD, "body", "must be a JSON object")
        stamp, nonce = as_signed(body.get("timestamp")), as_signed(body.get("nonce"))
        moment = _moment(stamp)
        self._signature(route, account, f"{route.secret_id},{stamp},{nonce}", body.get("signature"))
        if not nonce:
            raise Refusal(codes.BAD, "nonce", "is required")
        self._clock(moment, now)
        self._replay((route.secret_id, nonce), now)
        self._rate(route.secret_id, now)
        warnings += _remarks(body, account)
        return body

    def _signature(self, route: Route, account: App, text: str, sent: object) -> None:
        """Any of several keys is right during a rotation."""
        keys = [key.public_key() for pem in account["private_key"] if (key := private_key(pem))]
        if not keys or not self.settings.certificate_uploaded:
            raise Refusal(codes.NO_KEY, "secretId", f"no RSA key is known for {route.secret_id}")
        if not isinstance(sent, str) or not any(is_signature(sent, text, key) for key in keys):
            raise Refusal(codes.UNAUTHORISED, "signature", f"is not one over {text!r}")

    def _clock(self, moment: float, now: Now) -> None:
        if self.settings.timestamp_unit == "either" and moment > MILLISECONDS:
            moment /= 1000
        if abs(moment - now.wall) > self.settings.clock_window:
            raise Refusal(codes.BAD_TIME, "timestamp", "is too far from the time of day")

    def _replay(self, call: tuple[str, str], now: Now) -> None:
        """Only signed calls use a nonce up [I]."""
        while self._order and self._order[0][0] < now.wall - 2 * self.settings.clock_window:
            self._seen.discard(self._order.popleft()[1])
        if call in self._seen and self.settings.replay_code:
            raise Refusal(self.settings.replay_code, "nonce", "was used before")
        self._seen.add(call)
        self._order.append((now.wall, call))

    def _rate(self, secret_id: str, now: Now) -> None:
        limit, window = self.settings.rate_limit, self._rates[secret_id]
        if limit and window.count(now.wall) >= limit:
            raise Refusal(self.settings.rate_code, None, "too many calls")
        window.add(now.wall)


def as_signed(value: object) -> str:
    """The text that stands for a value under the signature: a text as it is, a number in its shortest form [I]."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return str(int(value)) if isinstance(value, int) or value.is_integer() else repr(value)


def _moment(stamp: str) -> float:
    if not NUMBER.fullmatch(stamp):
        raise Refusal(codes.BAD_TIME, "timestamp", "must be Unix seconds")
    return float(stamp)


def _remarks(body: Json, account: App) -> list[str]:
    """What is taken, and may yet go wrong."""
    found = [
        f"{name} is a number: whether the signature fits hangs on how it is written"
        for name in ("timestamp", "nonce")
        if not isinstance(body.get(name), str)
    ]
    own = account.get("vendor_public_key", ())
    if own and public_text(signing_key().public_key()) not in own:
        found.append("vendor_public_key is not the one that belongs to this double's signing key")
    return found
