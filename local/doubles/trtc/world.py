"""Tencent TRTC as far as rooms need it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from local.doubles.accounts import Accounts
from local.doubles.model import Now, Reply, Request, Verdict
from local.doubles.rooms.entrance import NoEntry, Pass, Refused, Visit
from local.doubles.rooms.life import AUDIENCE, Event, Life, Stay
from local.doubles.rooms.notice import Attempt, Notice, Sealed
from local.doubles.rooms.world import CloudWorld
from local.doubles.trtc import events, rooms, tokens
from local.doubles.trtc.settings import TrtcSettings


class TrtcWorld(CloudWorld[TrtcSettings]):
    """Pure logic of the TRTC double; see ``world.World``. No call is played: there is no query."""

    name = "trtc"
    operations = ("call",)

    def __init__(self, accounts: Accounts, settings: TrtcSettings | None = None) -> None:
        super().__init__(accounts, settings or TrtcSettings())

    def operation(self, request: Request) -> str | None:  # noqa: ARG002
        """None."""
        return None

    def answer(self, operation: str, request: Request, now: Now, verdict: Verdict, forget: bool) -> Reply:  # noqa: ARG002
        """Nothing to answer."""
        raise Refused(404, "no such call")

    def refusal(self, refused: Refused, now: Now) -> Reply:  # noqa: ARG002
        """Tencent's shape of errors."""
        error = {"Code": str(refused.code), "Message": refused.message}
        return Reply.of({"Response": {"Error": error, "RequestId": "double"}})

    def room_key(self, room_id: str, details: Mapping[str, str] | None = None) -> str:
        """``details["room_kind"]``: ``number`` or ``string``."""
        return rooms.key_of(room_id, (details or {}).get("room_kind", self.settings.digits_are))

    def linger(self, life: Life, last: Stay) -> float:  # noqa: ARG002
        """A live room whose last participant was audience."""
        stays = self.settings.scene == "live" and last.role == AUDIENCE
        return self.settings.audience_linger if stays else 0.0

    def notices(self, event: Event, now: Now) -> Iterable[Notice]:  # noqa: ARG002
        """Room and media callbacks."""
        return events.notices(event, self.settings)

    def seal(self, notice: Notice, attempt: Attempt, spoil: str) -> Sealed:
        """Signed with the key of the console."""
        return events.seal(notice, attempt, self.secret(notice, "webhook_key", spoil), self.settings)

    def verify(self, visit: Visit, now: Now, warnings: list[str]) -> Pass:
        """App, user, signature, expiry. A UserSig names no room; who is in stays in when it ends [I]."""
        keys = self.accounts.secret(self.name, visit.app_id, "secret_key")
        if not keys:
            raise NoEntry("app_id", "no such app")
        sig = tokens.read(visit.token)
        if str(sig.app_id) != visit.app_id:
            raise NoEntry("app_id", f"UserSig for {sig.app_id}, used for {visit.app_id}")
        if sig.user != visit.user:
            raise NoEntry("user", f"UserSig for {sig.user!r}, entered as {visit.user!r}")
        if not tokens.signed_by(sig, keys):
            raise NoEntry("signature", "made with another key")
        left = sig.issued + sig.expire - now.wall
        if left <= 0:
            raise NoEntry("expired", f"ended {-left:.0f} s ago")
        if sig.buffer:
            warnings.append("a PrivateMapKey is used as a UserSig")
        return Pass()
