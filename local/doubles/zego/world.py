"""ZEGO's server API as far as an audit needs it: tokens, head counts, and callbacks of its rooms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from local.doubles.accounts import Accounts
from local.doubles.call_faults import elsewhere
from local.doubles.model import Json, Now, Outcome, Reply, Request, Verdict
from local.doubles.orders import Facts
from local.doubles.rooms.entrance import OK, NoEntry, Pass, Refused, Visit
from local.doubles.rooms.life import Event
from local.doubles.rooms.notice import Attempt, Notice, Sealed
from local.doubles.rooms.world import CloudWorld
from local.doubles.settings import BadField
from local.doubles.window import SlidingWindow
from local.doubles.zego import checks, events, queries
from local.doubles.zego.settings import ZegoSettings
from local.doubles.zego.tokens import TokenDesk

OPERATIONS = {
    "GenerateIdentifyToken": "mint",
    "DescribeUserNum": "user_num",
    "DescribeUserList": "user_list",
    "DescribeSimpleStreamList": "stream_list",
}
SESSIONS_PER_MS = 3_500_000  # so that a session id is 19 digits long: more than a float holds


class ZegoWorld(CloudWorld[ZegoSettings]):
    """Pure logic of the ZEGO double; see ``world.World``."""

    name = "zego"
    operations = tuple(OPERATIONS.values())

    def __init__(
        self, accounts: Accounts, settings: ZegoSettings | None = None, desk: TokenDesk | None = None
    ) -> None:
        super().__init__(accounts, settings or ZegoSettings())
        self.desk = desk or TokenDesk()
        self._nonces: set[tuple[str, str]] = set()
        self._answers = 0
        self._room_rates: defaultdict[tuple[str, str], SlidingWindow] = defaultdict(
            lambda: SlidingWindow(10.0)
        )

    def operation(self, request: Request) -> str | None:
        """By ``Action``; one that is not played is refused like one of those that are."""
        if request.path != "/" or request.method != "GET":
            return None
        return OPERATIONS.get(request.params().get("Action", ""), "mint")

    def facts(self, request: Request) -> Facts:
        """App and rooms."""
        return {
            "app_id": (request.params().get("AppId", ""),),
            "room": tuple(queries.room_ids(request)),
        }

    def elsewhere(self, request: Request) -> Outcome:
        """Another path or method."""
        return elsewhere(request, request.path == "/")

    def answer(self, operation: str, request: Request, now: Now, verdict: Verdict, forget: bool) -> Reply:
        """Check and do one action."""
        params = request.params()
        nonce = (params.get("AppId", ""), params.get("SignatureNonce", ""))
        verdict.warnings = checks.warnings(request.query, nonce in self._nonces)
        self._nonces.add(nonce)
        self._gate(request, params, now)
        app, s = params["AppId"], self.settings
        self._rate(operation, app, params, now)
        match operation:
            case "user_num":
                data = queries.user_num(self.rooms, app, queries.room_ids(request), s)
            case "user_list":
                data = queries.user_list(self.rooms, app, params, s)
            case "stream_list":
                data = queries.stream_list(self.rooms, app, params, s)
            case _:
                data = self._mint(app, params, now, forget)
        return Reply.of({"Code": 0, "Data": data, "Message": "success", "RequestId": self._request_id(now)})

    def refusal(self, refused: Refused, now: Now) -> Reply:
        """``Code`` decides; the HTTP status is a setting."""
        code = refused.code
        answer = {"Code": code, "Message": refused.message, "RequestId": self._request_id(now)}
        return Reply.of(answer, self.settings.error_http_status if code else 200)

    def life_id(self, now: Now, count: int) -> int:
        """``room_session_id``: above 2^53, below 2^63."""
        return round(now.wall * 1000) * SESSIONS_PER_MS + count

    def notices(self, event: Event, now: Now) -> Iterable[Notice]:  # noqa: ARG002
        """Room, login and stream callbacks."""
        return events.notices(event, self.settings)

    def seal(self, notice: Notice, attempt: Attempt, spoil: str) -> Sealed:
        """Signed with the callback secret."""
        return events.seal(notice, attempt, self.secret(notice, "callback_secret", spoil), self.settings)

    @property
    def close_is_told(self) -> bool:
        """``CloseRoom`` makes no room_close unless it is asked for [D]."""
        return self.settings.close_callback

    def verify(self, visit: Visit, now: Now, warnings: list[str]) -> Pass:  # noqa: ARG002
        """An IdentifyToken names nothing: no app, no room, no user."""
        state = self.desk.redeem(visit.token, visit.by, now)
        if state != OK and not (state == "used" and visit.spent_is_fine):
            raise NoEntry(state, f"IdentifyToken is {state}")
        app_id = self.desk.app_of(visit.token) or visit.app_id
        return Pass(user=visit.user or f"robot-{visit.by[:8]}", app_id=app_id)

    def spend(self, visit: Visit, now: Now) -> None:
        """A duplicate submission uses its token up."""
        self.desk.redeem(visit.token, visit.by, now)

    def visited_room(self, visit: Visit) -> str:
        """The room, or for a stream the room in which it is published."""
        if visit.room_id:
            return visit.room_id
        for life in self.rooms.of(visit.app_id):
            if any(s.id == visit.details.get("stream") for stay in life.present for s in stay.publishing):
                return life.room_id
        return ""

    def state(self, now: Now) -> Json:
        """Rooms, and tokens without their values."""
        return super().state(now) | {"tokens": self.desk.view(now)}

    def extra_admin(self, method: str, path: str, body: Json, now: Now) -> Json | None:
        """``POST /_double/redeem`` for an audit vendor's double that runs in another process."""
        if (method, path) != ("POST", "redeem"):
            return super().extra_admin(method, path, body, now)
        for name in ("token", "by"):
            if not isinstance(body.get(name), str):
                raise BadField(name, "must be a string")
        return {"result": self.desk.redeem(body["token"], body["by"], now)}

    def _gate(self, request: Request, params: dict[str, str], now: Now) -> None:
        secrets = self.accounts.zego.get(params.get("AppId", ""), ())
        no = checks.shape(params, request.header("Host"), self.settings)
        no = no or checks.proof(params, secrets, now.wall, self.settings)
        if no is not None:
            raise Refused(no.code, no.message, no.field)

    def _rate(self, operation: str, app: str, params: dict[str, str], now: Now) -> None:
        """More than the limit in the second that ends now. Only signed calls count [I]."""
        s = self.settings
        limit = {
            "mint": s.rate_limit,
            "user_num": s.user_num_rate_limit,
            "user_list": s.user_list_rate_limit,
            "stream_list": s.stream_list_rate_limit,
        }[operation]
        if self.too_many(f"{operation}:{app}", limit, now, s.rate_counts_refused):
            raise Refused(206, "qps limit of the app", "AppId")
        room = f"{operation}:{app}:{params.get('RoomId', '')}"
        if not s.room_rate or operation not in ("user_list", "stream_list"):
            return
        if operation == "user_list":
            full = self.too_many(room, 1, now, s.rate_counts_refused)
        else:
            window = self._room_rates[app, params.get("RoomId", "")]
            full = window.count(now.wall) >= 1
            if not full or s.rate_counts_refused:
                window.add(now.wall)
        if full:
            raise Refused(207, "qps limit of the room", "RoomId")

    def _mint(self, app: str, params: dict[str, str], now: Now, forget: bool) -> Json:
        seconds = checks.effective_time(params.get("EffectiveTime"), self.settings)
        if seconds is None:
            raise Refused(self.settings.bad_effective_code, "input parameter is wrong", "EffectiveTime")
        token = self.desk.mint(app, seconds, self.settings.token_clock, now, keep=not forget)
        return {"IdentifyToken": token, "RemainTime": seconds}

    def _request_id(self, now: Now) -> str:
        """The sample's shape: a word and a time in nanoseconds."""
        self._answers += 1
        return f"DoubleRequestId{int(now.wall * 1000) * 1_000_000 + self._answers % 1_000_000}"
