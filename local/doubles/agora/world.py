"""Agora as far as rooms need it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from urllib.parse import unquote

from local.doubles.accounts import Accounts
from local.doubles.agora import events, queries, tokens
from local.doubles.agora.settings import AgoraSettings
from local.doubles.model import Now, Reply, Request, Verdict
from local.doubles.orders import Facts
from local.doubles.rooms.codec import same
from local.doubles.rooms.entrance import NoEntry, Pass, Refused, Visit
from local.doubles.rooms.life import Event
from local.doubles.rooms.notice import Attempt, Notice, Sealed
from local.doubles.rooms.world import CloudWorld

USERS = re.compile(r"/dev/v1/channel/user/([^/]+)/(.+)")
CHANNELS = re.compile(r"/dev/v1/channel/([^/]+)")
DAY = 86_400


class AgoraWorld(CloudWorld[AgoraSettings]):
    """Pure logic of the Agora double; see ``world.World``."""

    name = "agora"
    operations = ("users", "channels")

    def __init__(self, accounts: Accounts, settings: AgoraSettings | None = None) -> None:
        super().__init__(accounts, settings or AgoraSettings())
        self._events = 0

    def operation(self, request: Request) -> str | None:
        """By path; GET only."""
        if request.method != "GET":
            return None
        if USERS.fullmatch(request.path):
            return "users"
        return "channels" if CHANNELS.fullmatch(request.path) else None

    def facts(self, request: Request) -> Facts:
        """App and channel."""
        app, channel = _target(request)
        return {"app_id": (app,), "room": (channel,) if channel else ()}

    def answer(self, operation: str, request: Request, now: Now, verdict: Verdict, forget: bool) -> Reply:  # noqa: ARG002
        """Check and do one query."""
        app, channel = _target(request)
        account = self._customer(request)
        if app not in self.accounts.apps.get(self.name, {}):
            raise Refused(400, "invalid appid", "appid")
        if account not in self.accounts.secret(self.name, app, "customer_id"):
            raise Refused(403, "forbidden", "Authorization")
        if self.too_many(f"{operation}:{account}", self.settings.query_rate_limit, now):
            raise Refused(429, "too many requests")
        if operation == "users":
            data = queries.users(self.rooms.open(app, channel), self.settings.channel_profile)
        else:
            data = queries.channels(self.rooms, app, request.params())
        return Reply.of({"success": True, "data": data})

    def refusal(self, refused: Refused, now: Now) -> Reply:  # noqa: ARG002
        """HTTP status and a message."""
        return Reply.of({"message": refused.message}, refused.code)

    def notices(self, event: Event, now: Now) -> Iterable[Notice]:
        """Channel events."""
        self._events += 1
        # Of the time, so that it grows over restarts too.
        sequence = round(now.wall * 1000) * 1000 + self._events % 1000
        return events.notices(event, self.settings, sequence)

    def seal(self, notice: Notice, attempt: Attempt, spoil: str) -> Sealed:
        """Signed with the console's secret."""
        return events.seal(notice, attempt, self.secret(notice, "webhook_secret", spoil), self.settings)

    def address_checks(self, app_id: str, now: Now) -> Iterable[Notice]:
        """Channel ``test_webhook``."""
        return events.address_checks(app_id, int(now.wall))

    def verify(self, visit: Visit, now: Now, warnings: list[str]) -> Pass:
        """App, channel, uid, expiry, the privilege to join; a privilege to publish is noted only."""
        certificates = self.accounts.secret(self.name, visit.app_id, "app_certificate")
        if visit.app_id not in self.accounts.apps.get(self.name, {}):
            raise NoEntry("app_id", "no such app")
        if not visit.token:
            if self.settings.token_required:
                raise NoEntry("missing", "the project wants tokens")
            return Pass()
        token = tokens.read(visit.token)
        _expect("app_id", token.app_id, visit.app_id)
        if not tokens.signed_by(token, certificates):
            raise NoEntry("signature", "made with another certificate")
        warnings += _rights(token.rtc, visit)
        if token.expire > DAY:
            warnings.append("the token lives longer than a day")
        left = token.ends() - now.wall
        if left <= 0:
            raise NoEntry("expired", f"ended {-left:.0f} s ago")
        return Pass(left if self.settings.expels_on_expiry else None)

    def _customer(self, request: Request) -> str:
        """HTTP Basic with an account-wide key pair; the account."""
        kind, _, packed = request.header("Authorization").partition(" ")
        try:
            sent = base64.b64decode(packed, validate=True).decode()
        except ValueError:
            sent = ""
        for secrets in self.accounts.apps.get(self.name, {}).values():
            for name in secrets.get("customer_id", ()):
                pairs = [f"{name}:{secret}" for secret in secrets.get("customer_secret", ())]
                if kind.lower() == "basic" and any(same(pair, sent) for pair in pairs):
                    return name
        raise Refused(401, "Unauthorized", "Authorization")


def _target(request: Request) -> tuple[str, str]:
    users = USERS.fullmatch(request.path)
    if users:
        return users.group(1), unquote(users.group(2))
    channels = CHANNELS.fullmatch(request.path)
    return (channels.group(1) if channels else "", "")


def _rights(rtc: tokens.Rtc | None, visit: Visit) -> list[str]:
    """Channel, uid and privileges; what a recorder should not have is noted only."""
    if rtc is None or tokens.JOIN not in rtc.privileges:
        raise NoEntry("privilege", "no privilege to join")
    _expect("room", rtc.channel, visit.room_id)
    if rtc.uid:
        _expect("user", rtc.uid, visit.user)
    found = [] if rtc.uid else ["the token is for any uid"]
    if any(right in rtc.privileges for right in tokens.PUBLISH):
        found.append("the token may publish")
    return found


def _expect(reason: str, said: str, wanted: str) -> None:
    if said != wanted:
        raise NoEntry(reason, f"token for {said!r}, used for {wanted!r}")
