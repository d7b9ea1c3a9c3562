"""All calls: let in, judged, done, answered."""

from __future__ import annotations

from collections.abc import Callable

from local.doubles.model import Json, Now, Outcome, Reply, Verdict
from local.doubles.orders import Facts
from local.doubles.yidun.address import BadAddress, parse
from local.doubles.yidun.call import Call
from local.doubles.yidun.codes import MESSAGES, OK, Refusal, Route
from local.doubles.yidun.gate import Gate
from local.doubles.yidun.polling import Polls
from local.doubles.yidun.queries import Queries
from local.doubles.yidun.runner import Runner
from local.doubles.yidun.settings import YidunSettings
from local.doubles.yidun.stopping import Stops, task_ids
from local.doubles.yidun.submission import Submissions

Form = dict[str, str]
LARGEST_STATUS = 99


class Calls:
    """Judges and carries out."""

    def __init__(
        self,
        gate: Gate,
        runner: Runner,
        submissions: Submissions,
        polls: Polls,
        stops: Stops,
        queries: Queries,
        settings: YidunSettings,
    ) -> None:
        self._gate, self._runner, self._settings = gate, runner, settings
        self._submissions = submissions
        self._acts: dict[str, Callable[[Call], object]] = {
            "submit": submissions.submit,
            "poll": polls.poll,
            "feedback": stops.feedback,
            "sentences": queries.sentences,
            "segments": queries.segments,
            "extra": queries.extra,
            "monitor": queries.monitor,
            "tasks": queries.tasks,
        }

    def run(self, route: Route, form: Form | None, now: Now, forget: bool) -> Outcome:
        """One call; ``forget`` answers as if it had been done."""
        verdict = Verdict(code=OK)
        try:
            owner = self._gate.enter(route, form, now, verdict.warnings)
            call = Call(route, form or {}, owner, now, forget, verdict.warnings)
            result = self._acts[route.call](call)
        except Refusal as no:
            verdict.ok, verdict.code, verdict.field, verdict.message = False, no.code, no.field, no.message
            return Outcome(self._coded(no.code, MESSAGES[no.code]), verdict)
        return Outcome(_good(result), verdict)

    def coder(self, route: Route, form: Form | None) -> Callable[[int, str], Reply]:
        """Answers to order: a code, or (below 100) the status of a submission, the result of every stop."""

        def coded(code: int, message: str) -> Reply:
            if code > LARGEST_STATUS or route.operation not in ("submit", "finish"):
                return self._coded(code, message)
            if route.operation == "submit":
                return _good(self._submissions.ordered(route.product, code))
            return _good([{"taskId": task_id, "result": code} for task_id in task_ids(form or {})])

        return coded

    def facts(self, route: Route, form: Form | None) -> Facts:
        """What a fault order may match, read from a form that nobody has checked yet."""
        form = form or {}
        if route.operation == "submit":
            rooms = [form.get("roomId", ""), form.get("roomNo", ""), _room(form.get("url", ""))]
            return {"room": tuple(filter(None, rooms)), "data_id": (form.get("dataId", ""),)}
        found: dict[str, tuple[str, ...]] = {}
        for task_id in task_ids(form):
            task = self._runner.tasks.get(task_id)
            for name, values in (task.facts() if task else {"task": (task_id,)}).items():
                found[name] = found.get(name, ()) + values
        return found

    def _coded(self, code: int, message: str) -> Reply:
        answer = {"code": code, "msg": message}
        return Reply.of(answer, 200 if code == OK else self._settings.error_http_status)


def _good(result: object) -> Reply:
    answer: Json = {"code": OK, "msg": MESSAGES[OK], "result": result}
    return Reply.of(answer)


def _room(url: str) -> str:
    try:
        return parse(url).room
    except BadAddress:
        return ""
