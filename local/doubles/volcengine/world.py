"""Volcengine RTC as far as rooms need it, and its own audit of them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from urllib.parse import unquote

from local.doubles import admin, scenario
from local.doubles.accounts import Accounts
from local.doubles.model import Json, Now, Push, Reply, Request, Verdict
from local.doubles.orders import Facts
from local.doubles.rooms.codec import parsed_object
from local.doubles.rooms.entrance import NoEntry, Pass, Refused, Visit
from local.doubles.rooms.life import Event
from local.doubles.rooms.notice import Attempt, Notice, Sealed
from local.doubles.rooms.world import CloudWorld
from local.doubles.scenario import Scenario
from local.doubles.volcengine import events, gateway, tokens, v4
from local.doubles.volcengine.detection.calls import OPERATIONS, VERSIONS, Calls
from local.doubles.volcengine.detection.request import Wrong
from local.doubles.volcengine.detection.runner import Runner
from local.doubles.volcengine.pushing import Delivery, PushOutbox, Terms
from local.doubles.volcengine.settings import VolcengineSettings

ONLINE_USERS, VERSION = "GetRoomOnlineUsers", "2023-11-01"
LIST_LIMIT = 10_000
BAD_PARAMETER, TOO_FAST = 100024, 100018  # CodeN of these two is invented [?]
NAMES = {BAD_PARAMETER: "InvalidParameter", TOO_FAST: "FlowLimitExceeded"}
RESULT_EVENT = "MachineReviewResult"
FIRST_RESULT = 1_000_001
"""Results are numbered apart from room callbacks, so that no ``EventId`` comes twice."""


class VolcengineWorld(CloudWorld[VolcengineSettings]):
    """Pure logic of the Volcengine double; see ``world.World``."""

    name = "volcengine"
    operations = ("online_users", "submit", "finish", "query", "push")

    def __init__(
        self,
        accounts: Accounts,
        settings: VolcengineSettings | None = None,
        played: Scenario | None = None,
    ) -> None:
        super().__init__(accounts, settings or VolcengineSettings())
        self._envelope, self._asked = gateway.Envelope("rtc"), dict[str, str]()
        numbers, s = count(FIRST_RESULT), self.settings
        self._results = PushOutbox(
            self.agenda,
            self.faults,
            self.journal,
            lambda: Terms(
                s.webhook_retries, s.webhook_timeout, s.webhook_content_type, s.detection_corrupt_how
            ),
            self._sealed_result,
            number=lambda: next(numbers),
        )
        self.runner = Runner(self.agenda, self._results, self.rooms, s, played or Scenario())
        self._audits = Calls(self.runner, s)

    def handle(self, request: Request, now: Now) -> Reply:
        """Answer one call and write it down."""
        self._asked = request.params()
        if not request.path.startswith(admin.PREFIX):
            self.agenda.run(now)  # what is due by now comes before the call, whatever the server's tick
        return super().handle(request, now)

    def operation(self, request: Request) -> str | None:
        """By ``Action``; another GET is refused like the query of a room."""
        if request.path != "/":
            return None
        known = OPERATIONS.get(request.params().get("Action", ""))
        return known or ("online_users" if request.method == "GET" else None)

    def facts(self, request: Request) -> Facts:
        """App, room and user."""
        try:
            said = parsed_object(request.body) if request.body else dict(request.params())
        except NoEntry:
            said = {}
        names = {"app_id": "AppId", "room": "RoomId", "user": "UserId"}
        return {name: (str(said.get(field, "")),) for name, field in names.items()}

    def answer(self, operation: str, request: Request, now: Now, verdict: Verdict, forget: bool) -> Reply:
        """Check and do a call."""
        account = self._signed(operation, request, now)
        if operation == "online_users":
            result = self._online_users(account, request, now)
            return Reply.of({"ResponseMetadata": self._metadata(), "Result": result})
        if self.settings.detection_rate_limit and self.too_many(
            f"audits:{account}", self.settings.detection_rate_limit, now
        ):
            raise Refused(TOO_FAST, "too many requests", status=429)
        try:
            self._own(account, self._audits.app_of(request))
            result = self._audits.run(operation, request, now, forget, verdict.warnings)
        except Wrong as no:
            verdict.ok, verdict.code, verdict.field, verdict.message = False, None, no.field, str(no)
            return self._wrong(no)
        return Reply.of({"ResponseMetadata": self._metadata(), "Result": result})

    def refusal(self, refused: Refused, now: Now) -> Reply:  # noqa: ARG002
        """``ResponseMetadata.Error``."""
        s = self.settings
        if refused.code in gateway.CODES:
            return gateway.refusal(self._metadata(), refused, s.timestamp_http_status)
        name = NAMES.get(refused.code, "InternalError")
        error = {"CodeN": refused.code, "Code": name, "Message": refused.message}
        metadata = self._metadata() | {"Error": error}
        return Reply.of({"ResponseMetadata": metadata}, refused.status or s.error_http_status)

    def advance(self, now: Now) -> list[Push]:
        """Let time pass; the webhooks and results that are due."""
        return super().advance(now) + self._results.drain()

    def push_result(self, push: Push, status: int | None, now: Now, note: str = "") -> None:
        """Report what the receiver answered."""
        if not self._results.result(push, status, now, note):
            super().push_result(push, status, now, note)

    def state(self, now: Now) -> Json:
        """The truth about all rooms, and all audits with their books."""
        tasks = [task.view() for task in self.runner.tasks]
        return super().state(now) | admin.books(now, self.runner.scenario.name, tasks)

    def admin(self, request: Request, now: Now) -> Reply | None:
        """``scenario`` and ``tasks/{id}/end``, and what all clouds have."""
        match request.method, *request.path.removeprefix(admin.PREFIX).split("/"):
            case "POST", "scenario":
                self.runner.play(scenario.parse(admin.read_yaml(request)), now)
                return Reply.of({"ok": True, "scenario": self.runner.scenario.name})
            case "POST", "tasks", task_id, "end":
                task = next((one for one in self.runner.tasks if one.id == unquote(task_id)), None)
                if task is None:
                    return Reply.of({"error": "no such task", "field": "id"}, 404)
                self.runner.end(task, "admin", now.scaled)
                return Reply.of(task.view())
        return super().admin(request, now)

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

    def _online_users(self, account: str, request: Request, now: Now) -> Json:
        params, s = request.params(), self.settings
        app, room = params.get("AppId", ""), params.get("RoomId", "")
        for name, value in (("AppId", app), ("RoomId", room)):
            if not value:
                raise Refused(BAD_PARAMETER, f"{name} is missing", name)
        if account not in self.accounts.secret(self.name, app, "access_key_id"):
            raise Refused(BAD_PARAMETER, "no such app of this account", "AppId")
        if s.query_rate_limit and self.too_many(account, s.query_rate_limit, now):
            raise Refused(TOO_FAST, "too many requests", status=429)
        return self._users(app, room)

    def _signed(self, operation: str, request: Request, now: Now) -> str:
        """Signature first, then the action [I]."""
        s, asked = self.settings, request.params()
        account = v4.check(request, self._secrets, now, v4.Scope(s.region, "rtc", s.clock_window))
        for name in ("Action", "Version"):
            if not asked.get(name):
                raise Refused(gateway.NO_PARAMETER, f"{name} is missing", name)
        known = VERSIONS if operation != "online_users" else (VERSION,) * (asked["Action"] == ONLINE_USERS)
        method = "POST" if operation in ("submit", "finish") else "GET"
        if asked["Version"] not in known or request.method != method:
            raise Refused(gateway.NO_ACTION, "no such action, version or method", "Action")
        return account

    def _own(self, account: str, app_id: str) -> None:
        if account not in self.accounts.secret(self.name, app_id, "access_key_id"):
            raise Wrong("AppId", "no such app of this account")

    def _wrong(self, no: Wrong) -> Reply:
        """No ``CodeN`` to speak of: it is not the gateway that refuses."""
        error = {"CodeN": 0, "Code": no.code, "Message": str(no)}
        answer = {"ResponseMetadata": self._metadata() | {"Error": error}, "Result": {"Message": ""}}
        return Reply.of(answer, self.settings.error_http_status)

    def _sealed_result(self, delivery: Delivery, spoil: str) -> str:
        """Signed like a room callback [I], the same text on every attempt."""
        app = delivery.task.facts()["app_id"][0]
        notice = Notice(RESULT_EVENT, app, delivery.data)
        attempt = Attempt(delivery.id, delivery.attempts, 0, delivery.born, delivery.born)
        return self.seal(notice, attempt, spoil).body

    def _secrets(self, access_key: str) -> tuple[str, ...]:
        for app in self.accounts.apps.get(self.name, {}).values():
            if access_key in app.get("access_key_id", ()):
                return app.get("secret_access_key", ())
        return ()

    def _metadata(self) -> Json:
        return self._envelope.metadata(self._asked, self.settings.region)


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
