"""All calls: let in, judged, done, answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from local.doubles.accounts import Accounts
from local.doubles.model import Json, Now, Outcome, Reply, Request, Verdict
from local.doubles.orders import Facts
from local.doubles.rooms.entrance import Refused
from local.doubles.volcengine import gateway, v4
from local.doubles.volcengine_content import results, submission
from local.doubles.volcengine_content.codes import (
    ACTIONS,
    API,
    BAD,
    BUSY,
    MESSAGES,
    NO_BALANCE,
    NO_PERMISSION,
    OK,
    VERSION,
    Action,
    Refusal,
)
from local.doubles.volcengine_content.door import Clouds
from local.doubles.volcengine_content.runner import Runner
from local.doubles.volcengine_content.settings import ContentSettings
from local.doubles.volcengine_content.task import Task
from local.doubles.window import SlidingWindow

NAME = "volcengine_content"


class Calls:
    """Judges and carries out."""

    def __init__(
        self,
        accounts: Accounts,
        runner: Runner,
        door: Clouds,
        settings: ContentSettings,
        entropy: Callable[[int], str],
    ) -> None:
        self._accounts, self._runner, self._door = accounts, runner, door
        self._settings, self._entropy = settings, entropy
        self._envelope = gateway.Envelope(API)
        self._rates: defaultdict[str, SlidingWindow] = defaultdict(lambda: SlidingWindow(1.0))

    def run(self, request: Request, now: Now, forget: bool) -> Outcome:
        """One call; ``forget`` answers as if it had been done."""
        verdict = Verdict(code=OK)
        try:
            account, action = self._let_in(request, now)
            data = self._act(account, action, request, now, forget, verdict.warnings)
        except (Refused, Refusal) as no:
            verdict.ok, verdict.code, verdict.field = False, no.code, no.field or None
            verdict.message = no.message
            return Outcome(self._refusal(request, no), verdict)
        return Outcome(self._answer(request, OK, MESSAGES[OK], data), verdict)

    def coder(self, request: Request) -> Callable[[int, str], Reply]:
        """Answers to order: the gateway's codes have six digits."""

        def coded(code: int, message: str) -> Reply:
            if code in gateway.CODES:
                return self._refusal(request, Refused(code, message))
            return self._answer(request, code, MESSAGES.get(code, message), None)

        return coded

    def facts(self, request: Request) -> Facts:
        """What a fault order may match, read from a call that nobody has checked yet."""
        body = submission.object_of(request.body) or dict(request.params())
        parameters = body.get("Parameters")
        given = submission.object_of(parameters) if isinstance(parameters, str) else None
        data_id = str((given or {}).get("data_id") or body.get("DataId") or "")
        found: dict[str, tuple[str, ...]] = {"app_id": (str(body.get("AppId", "")),)}
        found |= {"task": (data_id,), "data_id": (data_id,), "room": ()}
        known = self._runner.named(data_id)
        if given is not None:
            try:
                found["room"] = (submission.target_of(given, self._settings).room,)
            except Refusal:
                found["room"] = ()
        elif known:
            found["room"] = (known[-1].room,)
        return found

    def _let_in(self, request: Request, now: Now) -> tuple[str, Action]:
        s, asked = self._settings, request.params()
        account = v4.check(request, self._secrets, now, v4.Scope(s.region, API, s.clock_window))
        for name in ("Action", "Version"):
            if not asked.get(name):
                raise Refused(gateway.NO_PARAMETER, f"{name} is missing", name)
        action = ACTIONS.get(asked["Action"])
        if action is None or asked["Version"] != VERSION or request.method != action.method:
            raise Refused(gateway.NO_ACTION, "no such action, version or method", "Action")
        window = self._rates[account]
        window.add(now.wall)
        if window.count(now.wall) > s.qps_limit:
            raise Refusal(BUSY)
        if not s.services[action.service]:
            raise Refusal(NO_PERMISSION, "Service", "is not opened")
        return account, action

    def _act(
        self, account: str, action: Action, request: Request, now: Now, forget: bool, warnings: list[str]
    ) -> Json | None:
        if action.operation == "submit":
            if self._settings.out_of_balance:
                raise Refusal(NO_BALANCE)
            wish = submission.read(request, action.service, self._settings, warnings)
            self._own(account, wish.key[0])
            return self._submit(wish, now, forget, warnings)
        key = submission.key_of(request, action.service)
        self._own(account, key[0])
        task = self._runner.latest(key, now)
        if action.operation == "poll":
            return self._poll(task, forget)
        return self._close(task, now, forget)

    def _own(self, account: str, app_id: int) -> None:
        known = self._accounts.secret(NAME, account, "app_id")
        if known and str(app_id) not in known:
            raise Refusal(self._settings.unknown_app_code, "AppId", "is not the account's")

    def _submit(self, wish: submission.Submission, now: Now, forget: bool, warnings: list[str]) -> Json:
        """A task that has ended may be started anew under the same ``data_id`` [I]."""
        twin, visitor, s = self._runner.latest(wish.key, now), self._entropy(16), self._settings
        if twin is not None and twin.running:
            if s.duplicate_consumes_token:
                self._door.spend(wish.target, visitor, now)
            if s.duplicate == "refuse":
                raise Refusal(BAD, "data_id", "is running already")
            warnings.append("data_id is running already: nothing new was started")
        elif forget:
            self._door.spend(wish.target, visitor, now)
        else:
            place = (wish.key, wish.parameters, wish.target, visitor, wish.callback, wish.pass_through)
            self._runner.start(Task(*place, now.scaled, now.wall), now)
        return {"PassThrough": wish.pass_through}

    def _poll(self, task: Task | None, forget: bool) -> Json:
        s = self._settings
        if task is None:
            if s.unknown_task == "refuse":
                raise Refusal(BAD, "DataId", "no such task")
            return {}
        task.counts["poll_calls"] += 1
        if not task.running and s.ended_data != "kept":
            if s.ended_data == "refuse":
                raise Refusal(BAD, "DataId", "the task has ended")
            return {}
        told = task.slices[task.handed if s.poll_returns == "new" else 0 :]
        if not forget:
            task.handed = len(task.slices)
            task.counts["polled"] = task.handed
        return results.data(task, told, s)

    def _close(self, task: Task | None, now: Now, forget: bool) -> Json:
        s = self._settings
        if task is None:
            if s.close_unknown_code:
                raise Refusal(s.close_unknown_code, "DataId", "no such task")
            return {"PassThrough": ""}
        task.counts["finish_calls"] += 1
        if not task.running and s.close_ended_code:
            raise Refusal(s.close_ended_code, "DataId", "the task has ended")
        if not forget:
            self._runner.end(task, "finished", now.scaled, now)
        return {"PassThrough": task.pass_through}

    def _secrets(self, access_key: str) -> tuple[str, ...]:
        return self._accounts.secret(NAME, access_key, "secret_access_key")

    def _refusal(self, request: Request, no: Refused | Refusal) -> Reply:
        s = self._settings
        if isinstance(no, Refusal):
            return self._answer(request, no.code, MESSAGES[no.code], None)
        metadata = self._envelope.metadata(request.params(), s.region)
        return gateway.refusal(metadata, no, s.timestamp_http_status)

    def _answer(self, request: Request, code: int, message: str, data: Json | None) -> Reply:
        """HTTP 200 whatever the code. Whether a refusal has ``Data`` is [?]: it has none."""
        metadata = self._envelope.metadata(request.params(), self._settings.region)
        result: Json = {"RequestId": metadata["RequestId"], "Code": code, "Message": message}
        if data is not None:
            result["Data"] = data
        return Reply.of({"ResponseMetadata": metadata, "Result": result})
