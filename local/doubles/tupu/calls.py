"""Submit, close and search: let in, judged, done, answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from local.doubles.model import Json, Now, Outcome, Reply, Verdict
from local.doubles.orders import Facts
from local.doubles.tupu.codes import BAD, MESSAGES, OK, Refusal, Route
from local.doubles.tupu.gate import Gate
from local.doubles.tupu.runner import Runner
from local.doubles.tupu.seal import Sealer
from local.doubles.tupu.settings import TupuSettings
from local.doubles.tupu.submission import Submissions
from local.doubles.tupu.task import Task


@dataclass(frozen=True)
class Call:
    """One call that was let in. ``forget``: answer as if it had been done, and leave no trace."""

    route: Route
    body: Json
    now: Now
    forget: bool
    warnings: list[str]

    def elements(self) -> list[object]:
        """``speechStream``."""
        found = self.body.get("speechStream")
        if not isinstance(found, list) or not found:
            raise Refusal(BAD, "speechStream", "must be an array with elements")
        return found


class Calls:
    """Judges and carries out."""

    def __init__(
        self, gate: Gate, runner: Runner, submissions: Submissions, sealer: Sealer, settings: TupuSettings
    ) -> None:
        self._gate, self._runner, self._sealer, self._settings = gate, runner, sealer, settings
        self._submissions = submissions
        self._acts: dict[str, Callable[[Call], Json]] = {
            "submit": self._submit,
            "finish": self._close,
            "query": self._search,
        }

    def run(self, route: Route, body: object, now: Now, forget: bool) -> Outcome:
        """One call; ``forget`` answers as if it had been done."""
        verdict = Verdict(code=OK)
        try:
            let_in = self._gate.enter(route, body, now, verdict.warnings)
            more = self._acts[route.operation](Call(route, let_in, now, forget, verdict.warnings))
        except Refusal as no:
            verdict.ok, verdict.code, verdict.field, verdict.message = False, no.code, no.field, no.message
            return Outcome(self.coder(now)(no.code, MESSAGES.get(no.code, "refused")), verdict)
        return Outcome(self._sealer.answer(OK, MESSAGES[OK], now, more), verdict)

    def coder(self, now: Now) -> Callable[[int, str], Reply]:
        """Answers with a code and nothing behind it."""
        return lambda code, message: self._sealer.answer(code, message, now)

    def facts(self, route: Route, body: object) -> Facts:
        """What a fault order may match, read from a body that nobody has checked yet."""
        elements = _objects(body)
        if route.operation == "submit":
            return {
                "room": _values(elements, "roomId", self._settings.zego_fields["room"]),
                "stream": _values(elements, "url"),
                "data_id": _values(elements, "forumId"),
            }
        ids = _values(elements, "requestId")
        facts: dict[str, tuple[str, ...]] = {"task": ids}
        for task in filter(None, map(self._runner.tasks.get, ids)):
            for name, values in task.facts().items():
                facts[name] = facts.get(name, ()) + values
        return facts

    def _submit(self, call: Call) -> Json:
        elements = call.elements()
        return self._submissions.submit(call.route, call.body, elements, call.now, call.forget, call.warnings)

    def _close(self, call: Call) -> Json:
        """Several at once. What the answer says of each is not known."""
        found, missing = [], []
        for element in call.elements():
            request_id = element.get("requestId") if isinstance(element, dict) else None
            if not isinstance(request_id, str) or not request_id:
                raise Refusal(BAD, "requestId", "is required as a string")
            try:
                found.append(self._task(call, request_id))
            except Refusal as no:
                missing.append(no)
        partly = "told" if not found else self._settings.close_partly
        told = [no for no in missing if no.code != OK]
        if told and partly == "refused":
            raise told[0]
        for task in found:
            if not call.forget:
                self._runner.close(task, call.now)
        if told and partly == "told":
            raise told[0]
        call.warnings.extend(no.message for no in missing)
        return {}

    def _search(self, call: Call) -> Json:
        try:
            task = self._task(call, call.body.get("requestId"))
        except Refusal as no:
            if no.code != OK:
                raise
            return {}
        if not self._settings.search_result:
            return {}
        return {"result": {"requestId": task.id, "status": "running" if task.running else "ended"}}

    def _task(self, call: Call, request_id: object) -> Task:
        """The task that is meant; a code of 0 for those that have ended makes them as good as running ones."""
        if not isinstance(request_id, str) or not request_id:
            raise Refusal(BAD, "requestId", "is required as a string")
        task = self._runner.of(call.route.secret_id, request_id)
        if task is None:
            raise Refusal(self._settings.unknown_code, "requestId", "no such task")
        if call.route.operation == "finish":
            task.counts["finish_calls"] += 1
        if not task.running and self._settings.closed_code != OK:
            raise Refusal(self._settings.closed_code, "requestId", "the task has ended")
        return task


def _objects(body: object) -> list[Json]:
    """The elements of a call, and the call itself: a search has its id there."""
    if not isinstance(body, dict):
        return []
    found = body.get("speechStream")
    elements = found if isinstance(found, list) else []
    return [*(one for one in elements if isinstance(one, dict)), body]


def _values(elements: list[Json], *names: str) -> tuple[str, ...]:
    return tuple(str(one[name]) for one in elements for name in names if name and one.get(name))
