"""NetEase Yunxin NERTC as far as rooms need it."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl

from local.doubles.accounts import Accounts
from local.doubles.model import Json, Now, Reply, Request, Verdict
from local.doubles.orders import Facts
from local.doubles.rooms.codec import numeric, same
from local.doubles.rooms.entrance import NoEntry, Pass, Refused, Visit
from local.doubles.rooms.life import HOST, Event, Life
from local.doubles.rooms.notice import Attempt, Notice, Sealed
from local.doubles.rooms.world import CloudWorld
from local.doubles.settings import BadField
from local.doubles.yunxin import events
from local.doubles.yunxin.settings import YunxinSettings
from local.doubles.yunxin.tokens import Record, RecordDesk, check_join, read_join, sha1

RECORD = "/nrtc/getRecordSdkUserChecksum.action"
PATHS = {
    ("GET", "/v3/api/rooms"): "room",
    ("GET", "/v3/api/rooms/members"): "members",
    ("POST", RECORD): "record_token",
    ("POST", f"/nimserver{RECORD}"): "record_token",
}
REFUSED = 414
LONGEST_UID, LONGEST_NONCE = 12, 128


class YunxinWorld(CloudWorld[YunxinSettings]):
    """Pure logic of the Yunxin double; see ``world.World``."""

    name = "yunxin"
    operations = ("record_token", "room", "members")

    def __init__(self, accounts: Accounts, settings: YunxinSettings | None = None) -> None:
        super().__init__(accounts, settings or YunxinSettings())
        self.desk = RecordDesk()
        self._answers = 0

    def operation(self, request: Request) -> str | None:
        """By method and path."""
        return PATHS.get((request.method, request.path))

    def facts(self, request: Request) -> Facts:
        """App and room."""
        room = request.params().get("cname") or _form(request).get("channelName", "")
        return {"app_id": (request.header("AppKey"),), "room": (room,)}

    def answer(self, operation: str, request: Request, now: Now, verdict: Verdict, forget: bool) -> Reply:
        """Check and do one call."""
        verdict.code = 200
        app = self._gate(request, now)
        if operation == "record_token":
            return self._record_token(app, request, now, forget)
        name = request.params().get("cname", "")
        if not name:
            raise Refused(REFUSED, "cname is missing", "cname")
        life = self.rooms.open(app, name)
        if life is None:
            raise Refused(self.settings.unknown_room_code, "room not exist", "cname")
        found = _room(life) if operation == "room" else {"members": _members(life)}
        return self._answered(self.settings.query_ok_code, found)

    def refusal(self, refused: Refused, now: Now) -> Reply:  # noqa: ARG002
        """The code in the body; the newer APIs say ``errmsg`` and the older ``desc``."""
        words = {"errmsg": refused.message, "desc": refused.message}
        status = refused.status or self.settings.error_http_status
        return self._answered(refused.code, words, status)

    def notices(self, event: Event, now: Now) -> Iterable[Notice]:  # noqa: ARG002
        """Room callbacks."""
        return events.notices(event, self.settings)

    def seal(self, notice: Notice, attempt: Attempt, spoil: str) -> Sealed:
        """Signed with the app's secret."""
        return events.seal(notice, attempt, self.secret(notice, "app_secret", spoil), self.settings)

    def address_checks(self, app_id: str, now: Now) -> Iterable[Notice]:  # noqa: ARG002
        """``{}``."""
        return [events.address_check(app_id)]

    def sends_im_event(self, now: Now, kind: int = 1, app_id: str | None = None) -> bool:
        """An event of the chat service at the same address."""
        return self.outbox.add(events.im_event(self._app(app_id), kind, round(now.wall * 1000)), now)

    def extra_admin(self, method: str, path: str, body: Json, now: Now) -> Json | None:
        """``POST /_double/webhooks/im``."""
        if (method, path) != ("POST", "webhooks/im"):
            return super().extra_admin(method, path, body, now)
        kind = body.get("event_type", 1)
        if not isinstance(kind, int):
            raise BadField("event_type", "must be a number")
        return {"ok": True, "sent": int(self.sends_im_event(now, kind, body.get("app_id")))}

    def verify(self, visit: Visit, now: Now, warnings: list[str]) -> Pass:
        """A record token that was issued here, for this channel and uid."""
        secrets = self.accounts.secret(self.name, visit.app_id, "app_secret")
        if not secrets:
            raise NoEntry("app_id", "no such app")
        record = self.desk.find(visit.token)
        if record is not None:
            return self._check_record(record, visit, now)
        if not self.settings.join_token_enters:
            raise NoEntry("unknown", "no record token of this cloud; a join token does not do")
        warnings.append("entered with a join token")
        check_join(read_join(visit.token), (visit.app_id, visit.user, visit.room_id), secrets, now)
        return Pass()

    def _check_record(self, record: Record, visit: Visit, now: Now) -> Pass:
        wanted = {"app_id": visit.app_id, "room": visit.room_id, "user": visit.user}
        said = {"app_id": record.app, "room": record.channel, "user": record.uid}
        for reason, value in wanted.items():
            if said[reason] != value:
                raise NoEntry(reason, f"token for {said[reason]!r}, used for {value!r}")
        if (now.wall if record.clock == "real" else now.scaled) >= record.ends:
            raise NoEntry("expired", "the record token has ended")
        if record.used and self.settings.record_single_use:
            raise NoEntry("used", "the record token was used before")
        record.used = True
        return Pass()

    def _gate(self, request: Request, now: Now) -> str:
        """AppKey, Nonce, CurTime in seconds, CheckSum: 414 for all of them."""
        app, nonce, stamp = (request.header(name) for name in ("AppKey", "Nonce", "CurTime"))
        secrets = self.accounts.secret(self.name, app, "app_secret")
        if not secrets:
            raise Refused(REFUSED, "no such app", "AppKey")
        if not nonce or len(nonce) > LONGEST_NONCE:
            raise Refused(REFUSED, f"1 to {LONGEST_NONCE} characters", "Nonce")
        if not stamp.isdigit() or abs(int(stamp) - now.wall) > self.settings.clock_window:
            raise Refused(REFUSED, "not Unix seconds of these five minutes", "CurTime")
        sent = request.header("CheckSum")
        if not any(same(sha1(secret, nonce, stamp), sent) for secret in secrets):
            raise Refused(REFUSED, "another checksum", "CheckSum")
        limit = self.settings.query_rate_limit
        if self.too_many(app, limit, now):
            raise Refused(429, "too many requests", status=429)
        return app

    def _record_token(self, app: str, request: Request, now: Now, forget: bool) -> Reply:
        form, s = _form(request), self.settings
        channel, uid = form.get("channelName", ""), form.get("uid", "")
        seconds = form.get("expireSeconds", str(s.default_record_seconds))
        if not channel:
            raise Refused(REFUSED, "channelName is missing", "channelName")
        if form.get("type") != "1":
            raise Refused(REFUSED, "type must be 1", "type")
        if not uid.isdigit() or len(uid) > LONGEST_UID or not int(uid):
            raise Refused(REFUSED, f"a number of at most {LONGEST_UID} digits", "uid")
        if not seconds.isdigit() or not 1 <= int(seconds) <= s.max_record_seconds:
            raise Refused(REFUSED, "out of range", "expireSeconds")
        life = self.rooms.open(app, channel)
        if life is None or not life.present:
            raise Refused(REFUSED, "no such room, or nobody in it", "channelName")
        start = now.wall if s.token_clock == "real" else now.scaled
        record = Record(app, channel, uid, start + int(seconds), s.token_clock)
        token = self.desk.issue(record, keep=not forget)
        return Reply.of({"code": 200, s.checksum_field: token})

    def _answered(self, code: int, more: Json, status: int = 200) -> Reply:
        self._answers += 1
        return Reply.of({"code": code, "requestId": f"double-{self._answers:012d}"} | more, status)


def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))


def _room(life: Life) -> Json:
    """Flat beside ``code``, as the vendor's Java SDK reads it [C]."""
    return {
        "cid": life.id,
        "cname": life.room_id,
        "uid": numeric(life.opener),
        "total": len(life.present),
        "stats": 1,
        "createtime": life.opened.ms,
        "destroytime": 0,
    }


def _members(life: Life) -> list[Json]:
    return [
        {
            "uid": numeric(stay.user),
            "starttime": stay.entered.ms,
            "userRole": 0 if stay.role == HOST else 1,
        }
        for stay in life.present
    ]
