"""The three calls: start, stop, ask (docs/lyrebird-api.md)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from local.doubles.lyrebird.codes import (
    BAD,
    FULL,
    MESSAGES,
    NO_BALANCE,
    NO_CREDENTIAL,
    OK,
    SILENT,
    SOURCE_GONE,
    STOPPED,
    TWIN,
    UNKNOWN,
    end_code,
)
from local.doubles.lyrebird.door import Clouds
from local.doubles.lyrebird.gate import Gate
from local.doubles.lyrebird.settings import LyrebirdSettings
from local.doubles.lyrebird.submission import Source, check
from local.doubles.model import Json, Now, Outcome, Reply, Request, Verdict
from local.doubles.orders import Facts
from local.doubles.settings import BadField
from local.doubles.slices.call import Call, Place, Refusal
from local.doubles.slices.runner import Runner
from local.doubles.slices.task import Task

PATH = re.compile(r"/v1/streams(?:/([A-Za-z0-9]+)(/stop)?)?")


class Calls:
    """Judges and carries out; see ``slices.world.Rules``."""

    end_codes: tuple[int, ...] = (STOPPED, SOURCE_GONE, NO_CREDENTIAL, SILENT)

    def __init__(
        self,
        gate: Gate,
        runner: Runner,
        door: Clouds,
        settings: LyrebirdSettings,
        entropy: Callable[[int], str],
    ) -> None:
        self._gate, self._runner, self._door = gate, runner, door
        self._settings, self._entropy = settings, entropy
        self._acts = {"submit": self._start, "finish": self._stop, "query": self._ask}

    def place(self, request: Request) -> Place | None:
        """Where a call went."""
        found = PATH.fullmatch(request.path)
        if found is None:
            return None
        stream_id, stop = found.groups()
        wanted, operation = ("GET", "query") if stream_id and not stop else ("POST", "submit")
        if request.method != wanted:
            return Place("")
        return Place("finish" if stop else operation, stream_id or "")

    def facts(self, place: Place, body: Any) -> Facts:
        """What a fault order may match."""
        task = self._runner.tasks.get(place.task_id)
        if place.operation != "submit":
            return task.facts() if task else {"task": (place.task_id,)}
        body = body if isinstance(body, dict) else {}
        source = body["source"] if isinstance(body.get("source"), dict) else {}
        rooms = [source.get(name) for name in ("room_id", "channel", "url")]
        key = body.get("stream_key")
        return {"room": tuple(str(room) for room in rooms if room), "data_id": (str(key),) if key else ()}

    def run(self, call: Call) -> Outcome:
        """One call."""
        verdict = Verdict(code=OK, warnings=call.warnings)
        try:
            account = self._gate.enter(call.request, call.now)
            return Outcome(
                _answer(OK, MESSAGES[OK], self._acts[call.place.operation](account, call)), verdict
            )
        except BadField as bad:
            refusal = Refusal(BAD, str(bad), bad.field)
        except Refusal as refused:
            refusal = refused
        verdict.ok, verdict.code = False, refusal.code
        verdict.field, verdict.message = refusal.field, refusal.message
        name = MESSAGES[refusal.code]
        text = f"{name}: {refusal.message}" if refusal.message else name
        return Outcome(_answer(refusal.code, text, refusal.data), verdict)

    def coded(self, code: int, message: str) -> Reply:
        """An answer with a code and nothing behind it."""
        return _answer(code, MESSAGES.get(code, message), {})

    def _start(self, account: str, call: Call) -> Json:
        if not isinstance(call.body, dict):
            raise BadField("body", "must be a JSON object")
        source = check(account, call.body, call.warnings)
        if self._settings.out_of_balance:
            raise Refusal(NO_BALANCE)
        twin = self._runner.twin((account, call.body["stream_key"]))
        if twin is not None:
            # Its credential stays unused.
            raise Refusal(TWIN, "stream_key", "stream_key", {"stream_id": twin.id})
        if sum(task.owner == account for task in self._runner.running.values()) >= self._settings.max_streams:
            raise Refusal(FULL)
        task = self._task(account, source, call)
        if call.forget:
            self._door.spend(source, task.id, call.now)
        else:
            # Entered here and now: the answer may still get lost on its way.
            task.pull = self._door.enter(source, task.id, call.now, self._runner.put_out(task.id))
            self._runner.start(task, self._settings.pull_failure_delay)
        return {"stream_id": task.id, "stream_key": task.key, "state": "running"}

    def _task(self, account: str, source: Source, call: Call) -> Task:
        body: Json = call.body
        return Task(
            id=f"lb{self._entropy(12)}",
            owner=account,
            key=body["stream_key"],
            callback=body["callback"],
            platform=source.kind,
            room=source.room,
            names=(body["stream_key"], source.room),
            body=body,
            by_speaker=source.kind != "url",
            started=call.now.scaled,
            wall=call.now.wall,
        )

    def _stop(self, account: str, call: Call) -> Json:
        task = self._mine(account, call)
        task.counts["finish_calls"] += 1
        if not call.forget:
            self._runner.end(task, "finished", None, call.now.scaled, call.now)
        state = "stopping" if call.forget else self._state(task, call.now)
        return {"stream_id": task.id, "state": state}

    def _ask(self, account: str, call: Call) -> Json:
        task = self._mine(account, call)
        state = self._state(task, call.now)
        answer: Json = {"stream_id": task.id, "stream_key": task.key, "state": state}
        answer |= {"started_ms": task.milliseconds(0.0), "heard_s": int(task.billed(call.now.scaled))}
        return answer | ({"end_code": end_code(task)} if state == "ended" else {})

    def _mine(self, account: str, call: Call) -> Task:
        task = self._runner.tasks.get(call.place.task_id)
        gone = task and task.ended is not None and call.now.scaled > task.ended + self._settings.retention
        if task is None or task.owner != account or gone:
            raise Refusal(UNKNOWN, field="stream_id")
        return task

    def _state(self, task: Task, now: Now) -> str:
        """It hears nothing more from its end on; ``ended`` comes with the notice."""
        if task.ended is None:
            return "running"
        return "stopping" if now.scaled < task.ended + self._settings.end_delay else "ended"


def _answer(code: int, message: str, data: Json) -> Reply:
    return Reply.of({"code": code, "message": message, "data": data})
