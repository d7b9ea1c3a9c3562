"""What stands before every call, in the order of a simulator's checks: ids, clock, replay, signature, version."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field

from local.doubles.accounts import Accounts
from local.doubles.model import Now
from local.doubles.rooms.codec import same
from local.doubles.yidun import codes
from local.doubles.yidun.codes import AUDIO, Refusal, Route
from local.doubles.yidun.settings import YidunSettings
from local.doubles.yidun.signing import SIGNATURE, NoMethod, signature

COMMON = ("secretId", "businessId", "version", "timestamp", "nonce", "signatureMethod", SIGNATURE)
MILLISECONDS = re.compile(r"[0-9]{1,13}")
NUMERIC_NONCE = re.compile(r"[1-9][0-9]{0,10}")
Call = tuple[str, str, str]


@dataclass(frozen=True)
class Owner:
    """Whose a task is: a key and the product that it was used for."""

    secret_id: str
    product: str


@dataclass
class Gate:
    """Lets calls in."""

    accounts: Accounts
    settings: YidunSettings
    _seen: set[Call] = field(default_factory=set)
    _order: deque[tuple[float, Call]] = field(default_factory=deque)

    def enter(self, route: Route, form: dict[str, str] | None, now: Now, warnings: list[str]) -> Owner:
        """Whose call it is; raises Refusal."""
        if form is None:
            raise Refusal(codes.UNSIGNED, "body", "is not a form")
        self._ids(route, form, warnings)
        call = (form["secretId"], form.get("nonce", ""), form.get("timestamp", ""))
        self._clock(call[2], now)
        self._replay(call, now)
        self._signature(form)
        # Only signed calls are remembered: nobody else can use up a nonce [I].
        self._seen.add(call)
        self._order.append((now.wall, call))
        self._common(route, form)
        return Owner(form["secretId"], route.product)

    def _ids(self, route: Route, form: dict[str, str], warnings: list[str]) -> None:
        wanted = ("secretId", "businessId") if route.product == AUDIO else ("secretId",)
        for name in wanted:
            if not form.get(name):
                raise Refusal(codes.NO_IDS, name)
        if not self._secret(form["secretId"], "secret_key"):
            raise Refusal(codes.FORBIDDEN, "secretId")
        if route.product != AUDIO:
            warnings += ["businessId is not of this product"] if "businessId" in form else []
        elif form["businessId"] not in self._secret(form["secretId"], "business_id"):
            raise Refusal(codes.FORBIDDEN, "businessId")

    def _clock(self, timestamp: str, now: Now) -> None:
        """A timestamp that is none is told after the signature."""
        known = MILLISECONDS.fullmatch(timestamp)
        if known and abs(int(timestamp) / 1000 - now.wall) > self.settings.clock_window:
            raise Refusal(codes.LATE, "timestamp")

    def _replay(self, call: Call, now: Now) -> None:
        """(secretId, nonce, timestamp), for as long as the clock lets a timestamp in."""
        while self._order and self._order[0][0] < now.wall - 2 * self.settings.clock_window:
            self._seen.discard(self._order.popleft()[1])
        if call in self._seen and all(call):
            raise Refusal(codes.REPLAY, "nonce")

    def _signature(self, form: dict[str, str]) -> None:
        """Any of several keys is right during a rotation."""
        sent = form.get(SIGNATURE, "")
        try:
            keys = self._secret(form["secretId"], "secret_key")
            made = [signature(form, key, form.get("signatureMethod", "")) for key in keys]
        except NoMethod as no:
            raise Refusal(codes.BAD, "signatureMethod", str(no)) from None
        if not any(same(one, sent) for one in made):
            raise Refusal(codes.UNSIGNED, SIGNATURE)

    def _common(self, route: Route, form: dict[str, str]) -> None:
        nonce = form.get("nonce", "")
        if not MILLISECONDS.fullmatch(form.get("timestamp", "")):
            raise Refusal(codes.BAD, "timestamp", "must be Unix milliseconds")
        if not nonce or (self.settings.strict_nonce and not NUMERIC_NONCE.fullmatch(nonce)):
            raise Refusal(codes.BAD, "nonce")
        if not form.get("version"):
            raise Refusal(codes.BAD, "version")
        if form["version"] not in route.versions:
            raise Refusal(codes.NO_VERSION, "version", f"must be one of {list(route.versions)}")

    def _secret(self, secret_id: str, name: str) -> tuple[str, ...]:
        return self.accounts.secret("yidun", secret_id, name)
