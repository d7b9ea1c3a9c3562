"""GIN as far as rooms need it: tokens by the operator's protocol, and the recorder's entrance."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass

from local.doubles.accounts import Accounts
from local.doubles.gin.settings import GinSettings
from local.doubles.model import Json, Now, Reply, Request, Verdict
from local.doubles.orders import Facts
from local.doubles.rooms.codec import same, sha256_hmac
from local.doubles.rooms.entrance import NoEntry, Pass, Refused, Visit
from local.doubles.rooms.world import RoomWorld

FIELDS = ("app_id", "room_id", "recorder_id")


@dataclass
class GinToken:
    """A token that was given out."""

    app_id: str
    room: str
    user: str
    ends: float | None
    used: bool = False


def signature(key: str, timestamp: str, body: bytes) -> str:
    """Over the timestamp, a point and the raw body."""
    return sha256_hmac(key.encode(), f"{timestamp}.".encode() + body).hex()


class GinWorld(RoomWorld[GinSettings]):
    """Pure logic of the GIN double; see ``world.World``. It has no webhooks."""

    name = "gin"
    operations = ("token",)

    def __init__(self, accounts: Accounts, settings: GinSettings | None = None) -> None:
        super().__init__(accounts, settings or GinSettings())
        self._tokens: dict[str, GinToken] = {}
        self._count = 0

    def operation(self, request: Request) -> str | None:
        """Any path: the operator chooses it."""
        return "token" if request.method == "POST" else None

    def facts(self, request: Request) -> Facts:
        """App, room and recorder."""
        body = _object(request)
        return {
            "app_id": (str(body.get("app_id")),),
            "room": (str(body.get("room_id")),),
            "user": (str(body.get("recorder_id")),),
        }

    def answer(self, operation: str, request: Request, now: Now, verdict: Verdict, forget: bool) -> Reply:  # noqa: ARG002
        """Check and give a token."""
        body = _object(request)
        for name in FIELDS:
            if not isinstance(body.get(name), str) or not body[name]:
                raise Refused(400, f"{name} must be a string", name)
        verdict.warnings += [f"{name} is not of the protocol" for name in body if name not in FIELDS]
        app, room, user = (body[name] for name in FIELDS)
        self._gate(app, request, now)
        if self.settings.room_must_exist and self.rooms.open(app, room) is None:
            raise Refused(404, "nobody is in this room", "room_id")
        self._count += 1
        token = "gin-" + hashlib.sha256(f"{app}/{room}/{user}/{self._count}/{now.wall}".encode()).hexdigest()
        life = self.settings.expires_in_s
        if not forget:
            self._tokens[token] = GinToken(app, room, user, now.scaled + life if life else None)
        port = str(self.settings.port) if self.settings.port_as_text else self.settings.port
        answer: Json = {"token": token, "ip": self.settings.ip, "port": port}
        return Reply.of(answer | ({"expires_in_s": life} if life else {}))

    def refusal(self, refused: Refused, now: Now) -> Reply:  # noqa: ARG002
        """The HTTP status is the code."""
        status = refused.code if 200 <= refused.code <= 599 else 500
        return Reply.of({"error": refused.message}, status)

    def verify(self, visit: Visit, now: Now, warnings: list[str]) -> Pass:  # noqa: ARG002
        """Given out here, for this room, not over; entered at the ip and port that were said."""
        token = self._tokens.get(visit.token)
        if token is None:
            raise NoEntry("unknown", "not given out here")
        if token.room != visit.room_id:
            raise NoEntry("room", f"token for {token.room!r}, used for {visit.room_id!r}")
        said = {"ip": self.settings.ip, "port": str(self.settings.port)}
        for name, value in said.items():
            if visit.details.get(name, value) != value:
                raise NoEntry(name, f"entered at {visit.details[name]!r} instead of {value!r}")
        if token.ends is not None and now.scaled >= token.ends:
            raise NoEntry("expired", "the token has ended")
        if token.used and self.settings.single_use:
            raise NoEntry("used", "the token was used before")
        token.used = True
        return Pass(user=token.user, app_id=token.app_id)

    def _gate(self, app: str, request: Request, now: Now) -> None:
        keys = self.accounts.secret(self.name, app, "token_key")
        if not keys:
            raise Refused(403, "no such app", "app_id")
        stamp, sent = request.header("X-Earshot-Timestamp"), request.header("X-Earshot-Signature")
        if not re.fullmatch(r"[0-9]{1,12}", stamp) or abs(int(stamp) - now.wall) > self.settings.clock_window:
            raise Refused(401, "timestamp is not of these minutes", "X-Earshot-Timestamp")
        if not any(same(signature(key, stamp, request.body), sent) for key in keys):
            raise Refused(401, "wrong signature", "X-Earshot-Signature")


def _object(request: Request) -> Json:
    try:
        found = json.loads(request.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
