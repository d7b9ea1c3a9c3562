"""Volcengine RTC as far as rooms need it."""

from __future__ import annotations

from collections.abc import Iterable

from local.doubles.accounts import Accounts
from local.doubles.model import Json, Now, Reply, Request, Verdict
from local.doubles.orders import Facts
from local.doubles.rooms.entrance import NoEntry, Pass, Refused, Visit
from local.doubles.rooms.life import Event
from local.doubles.rooms.notice import Attempt, Notice, Sealed
from local.doubles.rooms.world import CloudWorld
from local.doubles.volcengine import events, tokens, v4
from local.doubles.volcengine.settings import VolcengineSettings

ACTION, VERSION = "GetRoomOnlineUsers", "2023-11-01"
LIST_LIMIT = 10_000
BAD_PARAMETER, NO_ACTION, TOO_FAST = 100024, 100008, 100018  # CodeN of these three is invented [?]
NAMES = {
    **v4.NAMES,
    BAD_PARAMETER: "InvalidParameter",
    NO_ACTION: "InvalidActionOrVersion",
    TOO_FAST: "FlowLimitExceeded",
}


class VolcengineWorld(CloudWorld[VolcengineSettings]):
    """Pure logic of the Volcengine double; see ``world.World``."""

    name = "volcengine"
    operations = ("online_users",)

    def __init__(self, accounts: Accounts, settings: VolcengineSettings | None = None) -> None:
        super().__init__(accounts, settings or VolcengineSettings())
        self._answers = 0

    def operation(self, request: Request) -> str | None:
        """One GET; another action is refused like it."""
        return "online_users" if request.method == "GET" and request.path == "/" else None

    def facts(self, request: Request) -> Facts:
        """App and room."""
        params = request.params()
        return {"app_id": (params.get("AppId", ""),), "room": (params.get("RoomId", ""),)}

    def answer(self, operation: str, request: Request, now: Now, verdict: Verdict, forget: bool) -> Reply:  # noqa: ARG002
        """Check and do the query."""
        params, s = request.params(), self.settings
        account = v4.check(request, self._secrets, now, s.clock_window, s.region)
        if (params.get("Action"), params.get("Version")) != (ACTION, VERSION):
            raise Refused(NO_ACTION, "no such action or version", "Action")
        app, room = params.get("AppId", ""), params.get("RoomId", "")
        for name, value in (("AppId", app), ("RoomId", room)):
            if not value:
                raise Refused(BAD_PARAMETER, f"{name} is missing", name)
        if account not in self.accounts.secret(self.name, app, "access_key_id"):
            raise Refused(BAD_PARAMETER, "no such app of this account", "AppId")
        if s.query_rate_limit and self.too_many(account, s.query_rate_limit, now):
            raise Refused(TOO_FAST, "too many requests", status=429)
        return Reply.of({"ResponseMetadata": self._metadata(), "Result": self._users(app, room)})

    def refusal(self, refused: Refused, now: Now) -> Reply:  # noqa: ARG002
        """``ResponseMetadata.Error``."""
        error = {
            "CodeN": refused.code,
            "Code": NAMES.get(refused.code, "InternalError"),
            "Message": refused.message,
        }
        s = self.settings
        status = s.signature_http_status if refused.code in v4.NAMES else s.error_http_status
        return Reply.of({"ResponseMetadata": self._metadata() | {"Error": error}}, refused.status or status)

    def notices(self, event: Event, now: Now) -> Iterable[Notice]:  # noqa: ARG002
        """Room callbacks."""
        return events.notices(event, self.settings)

    def seal(self, notice: Notice, attempt: Attempt, spoil: str) -> Sealed:
        """Signed with the callback's secret, inside the body."""
        return events.seal(notice, attempt, self.secret(notice, "webhook_secret", spoil), self.settings)

    def verify(self, visit: Visit, now: Now, warnings: list[str]) -> Pass:
        """App, room, user, signature, expiry; a privilege to publish is noted only."""
        keys = self.accounts.secret(self.name, visit.app_id, "app_key")
        if not keys:
            raise NoEntry("app_id", "no such app")
        token = tokens.read(visit.token)
        for reason, said, wanted in (
            ("app_id", token.app_id, visit.app_id),
            ("room", token.room, visit.room_id),
            ("user", token.user, visit.user),
        ):
            if said != wanted and (reason, said) != ("room", "*"):
                raise NoEntry(reason, f"token for {said!r}, used for {wanted!r}")
        if not tokens.signed_by(token, keys):
            raise NoEntry("signature", "made with another key")
        left = token.expires - now.wall
        if token.expires and left <= 0:
            raise NoEntry("expired", f"ended {-left:.0f} s ago")
        warnings += _remarks(token, now)
        return Pass(left if token.expires and self.settings.expels_on_expiry else None)

    def _users(self, app: str, room: str) -> Json:
        """``RoomExists`` false stands alone (comment in the vendor's Go SDK)."""
        life = self.rooms.open(app, room)
        if life is None:
            return {"RoomExists": False}
        seen = [stay.user for stay in life.present if events.visible(stay, self.settings)]
        unseen = [stay.user for stay in life.present if not events.visible(stay, self.settings)]
        return {
            "RoomExists": True,
            "TotalUser": len(seen),
            "VisibleUserList": seen,
            "TotalInvisibleUser": len(unseen),
            "InvisibleUserList": unseen[:LIST_LIMIT],
        }

    def _secrets(self, access_key: str) -> tuple[str, ...]:
        for app in self.accounts.apps.get(self.name, {}).values():
            if access_key in app.get("access_key_id", ()):
                return app.get("secret_access_key", ())
        return ()

    def _metadata(self) -> Json:
        self._answers += 1
        return {
            "RequestId": f"double-{self._answers:012d}",
            "Action": ACTION,
            "Version": VERSION,
            "Service": "rtc",
            "Region": self.settings.region,
        }


def _remarks(token: tokens.Token, now: Now) -> list[str]:
    found = []
    if token.room == "*":
        found.append("the token is for any room")
    if not token.expires:
        found.append("the token never ends")
    if any(right in token.privileges for right in tokens.PUBLISH):
        found.append("the token may publish")
    until = token.privileges.get(tokens.SUBSCRIBE)
    if until is None or (until and until <= now.wall):
        found.append("the token may not subscribe")
    return found
