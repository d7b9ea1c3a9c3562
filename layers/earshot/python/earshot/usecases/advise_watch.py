"""Lifecycle step: after every wake, failure or time-out, look at the facts and choose the next step."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from earshot.domain.failure import Failure
from earshot.domain.lifecycle import Advice, RetryPolicy, Situation, advise, current_task, look_s
from earshot.domain.watch import Task, Watch
from earshot.errors import RetryLater, failure_of
from earshot.log_codes import LogCode
from earshot.store.port import Conflict, Lifecycle
from earshot.telemetry import note
from earshot.usecases.start_watch import machine_state

ATTEMPTS = 5
WORD = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class AdviseWatch:
    """See the module. ``luck`` in [0, 1) is the jitter."""

    store: Lifecycle
    now: Callable[[], int]
    luck: Callable[[], float]

    def __call__(self, watch_id: str, error: Mapping[str, str]) -> dict[str, Any]:
        """The machine's whole state for its next round."""
        for _ in range(ATTEMPTS):
            watch, tasks = self.store.watch(watch_id), self.store.tasks(watch_id)
            advice = self._advise(watch, tasks, error)
            try:
                self.store.resolve(watch, advice, self.now())
            except Conflict:
                continue
            note(
                LogCode.ES207, watch_id=watch_id, next=advice.next, wait_s=advice.wait_s, reason=advice.reason
            )
            if advice.renews:
                note(LogCode.ES212, watch_id=watch_id)
            look = advice.look_s or look_s(watch, current_task(watch, tasks), self.now())
            return machine_state(
                watch_id, advice.next.value, look, wait_s=advice.wait_s, release=advice.release
            )
        raise RetryLater("watch_contended", "signals kept coming")

    def _advise(self, watch: Watch, tasks: Sequence[Task], error: Mapping[str, str]) -> Advice:
        name = error.get("Error", "")
        failure = failure_of(name) if name and name != "AlreadyDone" else None
        if failure is not None:
            code = LogCode.ES205 if failure is Failure.PERMANENT else LogCode.ES206
            note(code, watch_id=watch.watch_id, error=name, reason=_reason(error))
        return advise(
            Situation(
                watch=watch,
                tasks=tasks,
                retry=RetryPolicy(**watch.plan["retry"]),
                now=self.now(),
                luck=self.luck(),
                failure=failure,
                failure_reason=_reason(error),
            )
        )


def _reason(error: Mapping[str, str]) -> str:
    """Our own errors put a stable word before the colon of their message; of others the name must do."""
    name = error.get("Error", "")
    try:
        message = json.loads(error.get("Cause") or "{}").get("errorMessage")
    except (ValueError, AttributeError):
        return name
    word, _, rest = message.partition(":") if isinstance(message, str) else ("", "", "")
    if word in {"misconfigured", "bad_input"}:
        return f"{word}:{rest.partition(':')[0].strip()}"
    return word if WORD.fullmatch(word) else name
