"""ZEGO's server API as far as an audit needs it: GenerateIdentifyToken."""

from __future__ import annotations

from collections import defaultdict

from local.doubles import admin
from local.doubles.accounts import Accounts
from local.doubles.call_faults import RESET, Coded, apply
from local.doubles.faults import FaultBook
from local.doubles.journal import Journal, answer_view
from local.doubles.model import Json, Now, Outcome, Push, Reply, Request, Verdict
from local.doubles.settings import BadField
from local.doubles.window import SlidingWindow
from local.doubles.zego import checks
from local.doubles.zego.checks import Refusal
from local.doubles.zego.settings import ZegoSettings
from local.doubles.zego.tokens import TokenDesk


class ZegoWorld:
    """Pure logic of the ZEGO double; see ``model.World``."""

    name = "zego"

    def __init__(
        self, accounts: Accounts, settings: ZegoSettings | None = None, desk: TokenDesk | None = None
    ) -> None:
        self.settings: ZegoSettings = settings or ZegoSettings()
        self.faults = FaultBook(("mint",))
        self.desk = desk or TokenDesk()
        self.accounts = accounts
        self.journal = Journal(lambda: [s for many in accounts.zego.values() for s in many])
        self._calls: defaultdict[str, SlidingWindow] = defaultdict(lambda: SlidingWindow(1.0))
        self._nonces: set[tuple[str, str]] = set()
        self._answers = 0

    def handle(self, request: Request, now: Now) -> Reply:
        """Answer one call and write it down."""
        if request.path.startswith(admin.PREFIX):
            return admin.handle(self, request, now)
        params = request.params()
        order = self.faults.dying()
        if order is not None:
            outcome = Outcome(RESET, Verdict(ok=None, message="not looked at: fault die"))
        elif request.path != "/" or request.method != "GET":
            outcome = _elsewhere(request)
        else:
            order = self.faults.take("mint", {"app_id": (params.get("AppId", ""),)})
            outcome = apply(order, lambda forget: self._call(request, now, forget), self._coded(now))
        self._write(request, order.view() if order else None, outcome, now)
        return outcome.reply

    def advance(self, now: Now) -> list[Push]:  # noqa: ARG002
        """ZEGO pushes nothing here."""
        return []

    def push_result(self, push: Push, status: int | None, now: Now, note: str = "") -> None:
        """Never called: there are no pushes."""

    def next_due(self) -> float | None:
        """Nothing happens by itself."""
        return None

    def state(self, now: Now) -> Json:
        """Tokens without their values."""
        return {
            "second": round(now.scaled, 3),
            "apps": list(self.accounts.zego),
            "tokens": self.desk.view(now),
        }

    def admin(self, request: Request, now: Now) -> Reply | None:
        """``POST /_double/redeem`` for an audit vendor's double that runs in another process."""
        if (request.method, request.path) != ("POST", "/_double/redeem"):
            return None
        body = admin.read_object(request)
        for name in ("token", "by"):
            if not isinstance(body.get(name), str):
                raise BadField(name, "must be a string")
        return Reply.of({"result": self.desk.redeem(body["token"], body["by"], now)})

    def _call(self, request: Request, now: Now, forget: bool) -> Outcome:
        params = request.params()
        nonce = (params.get("AppId", ""), params.get("SignatureNonce", ""))
        verdict = Verdict(warnings=checks.warnings(request.query, nonce in self._nonces))
        self._nonces.add(nonce)
        refusal = self._refusal(request, params, now)
        seconds = checks.effective_time(params.get("EffectiveTime"), self.settings)
        if refusal is None and seconds is None:
            refusal = Refusal(self.settings.bad_effective_code, "EffectiveTime", "input parameter is wrong")
        if refusal is not None or seconds is None:
            return self._refused(refusal or Refusal(1, "", "failed"), verdict, now)
        token = self.desk.mint(params["AppId"], seconds, self.settings.token_clock, now, keep=not forget)
        verdict.code = 0
        data = {"IdentifyToken": token, "RemainTime": seconds}
        answer = {"Code": 0, "Data": data, "Message": "success", "RequestId": self._request_id(now)}
        return Outcome(Reply.of(answer), verdict)

    def _refusal(self, request: Request, params: dict[str, str], now: Now) -> Refusal | None:
        secrets = self.accounts.zego.get(params.get("AppId", ""), ())
        refusal = checks.shape(params, request.header("Host"), self.settings)
        refusal = refusal or checks.proof(params, secrets, now.wall, self.settings)
        if refusal is None and self._too_many(params["AppId"], now.wall):
            return Refusal(206, "AppId", "qps limit of the app")
        return refusal

    def _too_many(self, app_id: str, wall: float) -> bool:
        """More than the limit in the second that ends now. Only signed calls count [I]."""
        window = self._calls[app_id]
        full = window.count(wall) >= self.settings.rate_limit
        if not full or self.settings.rate_counts_refused:
            window.add(wall)
        return full

    def _refused(self, refusal: Refusal, verdict: Verdict, now: Now) -> Outcome:
        verdict.ok, verdict.code = False, refusal.code
        verdict.field, verdict.message = refusal.field, refusal.message
        return Outcome(self._coded(now)(refusal.code, refusal.message), verdict)

    def _coded(self, now: Now) -> Coded:
        def reply(code: int, message: str) -> Reply:
            answer = {"Code": code, "Message": message, "RequestId": self._request_id(now)}
            return Reply.of(answer, self.settings.error_http_status if code else 200)

        return reply

    def _request_id(self, now: Now) -> str:
        """The sample's shape: a word and a time in nanoseconds."""
        self._answers += 1
        return f"DoubleRequestId{int(now.wall * 1000) * 1_000_000 + self._answers % 1_000_000}"

    def _write(self, request: Request, fault: Json | None, outcome: Outcome, now: Now) -> None:
        self.journal.add(
            "call",
            now,
            operation="mint",
            method=request.method,
            path=request.path,
            query=request.params(),
            verdict=vars(outcome.verdict),
            fault=fault,
            answer=answer_view(outcome.reply),
        )


def _elsewhere(request: Request) -> Outcome:
    status = 405 if request.path == "/" else 404
    text = f"{request.method} {request.path} is nothing that this double plays"
    return Outcome(Reply.of({"error": text}, status), Verdict(ok=False, message=text))
