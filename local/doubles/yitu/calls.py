"""Submit (a reseller's page, section "yitu-audio"), and a close that is invented."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.doubles.model import Json, Outcome, Reply, Request, Verdict
from local.doubles.orders import Facts
from local.doubles.settings import BadField
from local.doubles.slices import fields
from local.doubles.slices.call import Call, Place, Refusal
from local.doubles.slices.runner import Runner
from local.doubles.slices.task import Task
from local.doubles.yitu.gate import Gate
from local.doubles.yitu.settings import YituSettings

OK = 0
SUBMIT = "/v1/antispam/streamscan"
SCHEMES = ("http", "https", "rtmp")
TOP = ("lang", "scene", "callback", "data", "clientInfo")
SWITCHES = ("returnAllText", "returnBeforeText", "returnBeforeAudio")
DATA = ("audioUrl", "audioId", *SWITCHES)
CLIENT = ("userId", "roomId", "userNick", "mac", "imei", "imsi", "umid")


class Calls:
    """Judges and carries out; see ``slices.world.Rules``."""

    end_codes: tuple[int, ...] = ()

    def __init__(
        self, gate: Gate, runner: Runner, settings: YituSettings, entropy: Callable[[int], str]
    ) -> None:
        self._gate, self._runner = gate, runner
        self._settings, self._entropy = settings, entropy

    def place(self, request: Request) -> Place | None:
        """Where a call went."""
        operation = {SUBMIT: "submit", self._settings.close_path: "finish"}.get(request.path)
        if operation is None:
            return None
        return Place(operation if request.method == "POST" else "")

    def facts(self, place: Place, body: Any) -> Facts:
        """What a fault order may match."""
        body = body if isinstance(body, dict) else {}
        if place.operation == "finish":
            task = self._by_audio_id(body.get("audioId"))
            return task.facts() if task else {"data_id": (str(body.get("audioId")),)}
        data, client = (body[n] if isinstance(body.get(n), dict) else {} for n in ("data", "clientInfo"))
        rooms = (client.get("roomId"), data.get("audioUrl"))
        return {"data_id": (str(data.get("audioId")),), "room": tuple(str(room) for room in rooms if room)}

    def run(self, call: Call) -> Outcome:
        """One call."""
        verdict = Verdict(code=OK, warnings=call.warnings)
        act = self._submit if call.place.operation == "submit" else self._close
        try:
            dev_id = self._gate.enter(call.request, call.now)
            if not isinstance(call.body, dict):
                raise BadField("body", "must be a JSON object")
            return Outcome(self._answer(OK, self._settings.success_message, act(dev_id, call)), verdict)
        except BadField as bad:
            refusal = Refusal(self._settings.bad_parameter_rtn, str(bad), bad.field)
        except Refusal as refused:
            refusal = refused
        verdict.ok, verdict.code = False, refusal.code
        verdict.field, verdict.message = refusal.field, refusal.message
        return Outcome(self._answer(refusal.code, refusal.message, refusal.data), verdict)

    def coded(self, code: int, message: str) -> Reply:
        """An answer with a rtn and nothing behind it."""
        return self._answer(code, message, {})

    def _answer(self, rtn: int, message: str, more: Json) -> Reply:
        answer: Json = {"rtn": rtn, "message": message, "requestId": self._entropy(16)}
        return Reply.of(answer | more, 200 if rtn == OK else self._settings.error_http_status)

    def _submit(self, dev_id: str, call: Call) -> Json:
        _check(call.body, call.warnings)
        data: Json = call.body["data"]
        twin = self._runner.twin((dev_id, data["audioId"]))
        if twin is not None and self._settings.duplicate == "existing":
            call.warnings.append("data.audioId: is running")
            return _names(twin)
        if twin is not None and self._settings.duplicate == "refuse":
            code = self._settings.duplicate_rtn
            raise Refusal(code, "data.audioId: is running", "data.audioId", _names(twin))
        if sum(task.owner == dev_id for task in self._runner.running.values()) >= self._settings.max_streams:
            raise Refusal(self._settings.full_rtn, "too many streams")
        task = self._task(dev_id, call)
        if not call.forget:
            self._runner.start(task)
        return _names(task)

    def _task(self, dev_id: str, call: Call) -> Task:
        data, room = call.body["data"], call.body["clientInfo"].get("roomId", "")
        names = (data["audioId"], room, data["audioUrl"])
        return Task(
            id=self._entropy(16),
            owner=dev_id,
            key=data["audioId"],
            callback=call.body["callback"],
            platform="url",
            room=room or data["audioUrl"],
            names=tuple(name for name in names if name),
            body=call.body,
            by_speaker=False,
            started=call.now.scaled,
            wall=call.now.wall,
        )

    def _close(self, dev_id: str, call: Call) -> Json:
        fields.known("", call.body, ("audioId",), call.warnings)
        task = self._by_audio_id(fields.text("", call.body, "audioId"))
        if task is None or task.owner != dev_id:
            raise Refusal(self._settings.unknown_rtn, "audioId: no such stream", "audioId")
        task.counts["finish_calls"] += 1
        if not task.running and self._settings.close_ended_rtn != OK:
            raise Refusal(self._settings.close_ended_rtn, "audioId: has ended", "audioId", _names(task))
        if not call.forget:
            self._runner.end(task, "finished", None, call.now.scaled, call.now)
        return _names(task)

    def _by_audio_id(self, audio_id: object) -> Task | None:
        """The running one, else the newest."""
        found = [task for task in self._runner.tasks.values() if task.key == audio_id]
        return next((task for task in found if task.running), found[-1] if found else None)


def _names(task: Task) -> Json:
    return {"taskId": task.id, "audioId": task.key}


def _check(body: Json, warnings: list[str]) -> None:
    """Hold a submission against the page's tables; raises BadField."""
    fields.known("", body, TOP, warnings)
    for name in ("lang", "scene"):
        fields.optional_text("", body, name)
    fields.url("", body, "callback", ("http", "https"))
    data, client = fields.inner("", body, "data"), fields.inner("", body, "clientInfo")
    fields.known("data.", data, DATA, warnings)
    fields.url("data.", data, "audioUrl", SCHEMES)
    fields.text("data.", data, "audioId")
    for name in SWITCHES:
        fields.switch("data.", data, name)
    # The page's list goes on beyond what could be read.
    fields.known("clientInfo.", client, CLIENT, warnings)
    for name in CLIENT:
        fields.optional_text("clientInfo.", client, name)
