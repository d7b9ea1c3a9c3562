"""The two calls of every generation (page "智能音频流识别产品API文档", 2.1 and 2.2, and those of V4)."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from local.doubles.model import Json, Now, Outcome, Reply, Verdict
from local.doubles.settings import BadField
from local.doubles.shumei.codes import BAD, BUSY, DUPLICATE, MESSAGES, OK, PULL, TOO_MANY_STREAMS
from local.doubles.shumei.door import Door
from local.doubles.shumei.fields import Check
from local.doubles.shumei.gate import Gate, Place, Refusal
from local.doubles.shumei.generation import V2, VIDEO
from local.doubles.shumei.runner import Runner
from local.doubles.shumei.submission import bt_id_of, read
from local.doubles.shumei.tables_video import FINISH as FINISH_VIDEO
from local.doubles.shumei.target import Target, duplicate_key, target_of
from local.doubles.shumei.task import Task

ROOM_NAMES = ("roomId", "strRoomId", "channel", "room", "cname")


class Calls:
    """Judges and carries out submit and finish."""

    def __init__(self, gate: Gate, runner: Runner, door: Door, entropy: Callable[[int], str]) -> None:
        self._gate, self._runner, self._door, self._entropy = gate, runner, door, entropy
        self._accounts, self._settings = gate.accounts, gate.settings

    def run(self, where: Place, body: object, now: Now, forget: bool) -> Outcome:
        """One call; ``forget`` answers as if it had been done."""
        check = Check(self._settings)
        verdict = Verdict(code=OK, warnings=check.warnings)
        act = self._submit if where.operation == "submit" else self._finish
        try:
            return Outcome(
                act(where, self._gate.enter(body, now, where.generation), now, forget, check), verdict
            )
        except BadField as bad:
            refusal = Refusal(BAD, f"{MESSAGES[BAD]}: {bad}", bad.field)
        except Refusal as refused:
            refusal = refused
        verdict.ok, verdict.code = False, refusal.code
        verdict.field, verdict.message = refusal.field, refusal.message
        return Outcome(self.coded(refusal.code, refusal.message), verdict)

    def coded(self, code: int, message: str) -> Reply:
        """An answer with a code and nothing behind it."""
        return self._answer(code, message, self._entropy(16))

    def facts(self, where: Place, body: object) -> dict[str, tuple[str, ...]]:
        """What a fault order may match, read from a body that nobody has checked yet."""
        found: dict[str, tuple[str, ...]] = {"cluster": (where.cluster,)}
        if not isinstance(body, dict):
            return found
        task = self._runner.tasks.get(str(body.get("requestId", "")).strip())
        if where.operation == "finish":
            return task.facts() if task else found
        data = body.get("data")
        data = data if isinstance(data, dict) else {}
        params = [value for value in data.values() if isinstance(value, dict)]
        rooms = [data.get("room"), *(p.get(n) for p in params for n in ROOM_NAMES)]
        streams = [data.get("url"), *(p.get("streamId") for p in params)]
        return found | {
            "room": tuple(str(room) for room in rooms if room),
            "stream": tuple(str(stream) for stream in streams if stream),
            "bt_id": (bt_id_of(body),),
        }

    def _submit(self, where: Place, body: Json, now: Now, forget: bool, check: Check) -> Reply:
        wish = read(where.generation, body, check)
        self._app(body, where.generation)
        target, new_id = target_of(wish.data, where.generation), self._entropy(16)
        key = self._key(where.generation, body["accessKey"], wish.data, target)
        twin = self._runner.twin(key) if self._settings.duplicate_key[target.stream_type] else None
        if twin is not None:
            return self._duplicate(twin, wish.data, new_id, now)
        self._capacity(where.generation)
        trtc_video = where.generation == VIDEO and target.stream_type == "TRTC"
        task = Task(
            id=new_id,
            access_key=body["accessKey"],
            cluster=where.cluster,
            target=target,
            key=key,
            started=now.scaled,
            wall=now.wall,
            # Used up here and now: the answer may still get lost on its way.
            pull=self._pull(wish.data, new_id, now),
            generation=where.generation,
            most_users=self._settings.video_max_users if trtc_video else None,
            **vars(wish),
        )
        if forget:
            self._door.leave(task.id, now)
        else:
            self._runner.start(task)
        return self._answer(OK, MESSAGES[OK], task.id, self._settings.leading_blank_submit)

    def _key(self, generation: str, access_key: str, data: Json, target: Target) -> Hashable:
        """Whether one interface knows the streams of another is not written anywhere; here it does not [I]."""
        dialect = self._settings.dialect if generation == V2 else "current"
        return (generation, duplicate_key(access_key, data, target, dialect))

    def _capacity(self, generation: str) -> None:
        """One contract for all interfaces; only the code differs (video: 1904 still)."""
        if len(self._runner.running) >= self._settings.max_streams:
            old = generation == VIDEO or (generation == V2 and self._settings.dialect == "seed")
            raise Refusal(PULL if old else BUSY, TOO_MANY_STREAMS)

    def _app(self, body: Json, generation: str) -> None:
        s = self._settings
        code = s.video_unknown_app_id_code if generation == VIDEO else s.unknown_app_id_code
        if code and body.get("appId") not in (None, "", self._accounts.shumei_app_id):
            raise Refusal(code, f"{MESSAGES.get(code, '')}: appId", "appId")

    def _pull(self, data: Json, task_id: str, now: Now) -> str:
        """Enter the room. A bad credential is accepted at first: the vendor learns it when it enters [I].

        ZEGO's page gives a token one audit [S]; Shumei's says that initDomain 5 enforces it [D].
        """
        lenient = self._settings.token_single_use == "init_domain_5" and (data.get("initDomain") or 0) < 5
        return self._door.enter(data, task_id, lenient, now, self._runner.put_out(task_id))

    def _duplicate(self, twin: Task, data: Json, new_id: str, now: Now) -> Reply:
        if self._settings.duplicate_consumes_token:
            self._door.spend(data, new_id, now)
        code = self._settings.duplicate_code
        detail = {self._settings.duplicate_detail_key: DUPLICATE, "dupRequestId": twin.id}
        message = MESSAGES.get(code, MESSAGES[OK])
        return self._answer(code, message, new_id, self._settings.leading_blank_submit, detail)

    def _finish(self, where: Place, body: Json, now: Now, forget: bool, check: Check) -> Reply:
        request_id = body.get("requestId")
        if where.generation == VIDEO:
            check.table("", body, FINISH_VIDEO)
        if not isinstance(request_id, str) or not request_id.strip():
            raise BadField("requestId", "is required as a string")
        if request_id != request_id.strip():
            check.warnings.append("requestId has blanks around it")
            request_id = request_id.strip() if self._settings.finish_strips_blanks else request_id
        task = self._runner.tasks.get(request_id)
        if task is None or not _same(task, where, body):
            return self._strange(self._settings.finish_unknown_code, "requestId: no such task", check)
        task.counts["finish_calls"] += 1
        if not task.running and self._settings.finish_ended_code != OK:
            return self._strange(self._settings.finish_ended_code, "requestId: the task has ended", check)
        if not forget:
            self._runner.end(task, "finished", None, now.scaled)
        answered = task.id if self._settings.finish_request_id == "task" else self._entropy(16)
        blank = self._settings.leading_blank_finish and where.generation != VIDEO
        return self._answer(OK, MESSAGES[OK], answered, blank)

    def _strange(self, code: int, why: str, check: Check) -> Reply:
        if code != OK:
            raise Refusal(code, f"{MESSAGES.get(code, '')}: {why}", "requestId")
        check.warnings.append(why)
        return self.coded(code, MESSAGES[OK])

    def _answer(
        self, code: int, message: str, request_id: str, blank: bool = False, detail: Json | None = None
    ) -> Reply:
        answer: Json = {
            "code": code,
            "message": message,
            "requestId": f" {request_id}" if blank else request_id,
        }
        status = 200 if code == OK else self._settings.error_http_status
        return Reply.of(answer | ({"detail": detail} if detail else {}), status)


def _same(task: Task, where: Place, body: Json) -> bool:
    """Whether a task is known at this place to this caller; each interface knows its own [I]."""
    here = (where.cluster, where.generation, body["accessKey"])
    return (task.cluster, task.generation, task.access_key) == here
