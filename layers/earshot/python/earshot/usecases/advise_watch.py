"""Lifecycle step: after every wake, failure or time-out, look at the facts and choose the next step."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from earshot.domain.ears import current_task
from earshot.domain.failure import Failure
from earshot.domain.lifecycle import ROUNDS, Advice, Next, RetryPolicy, Situation, advise, parking
from earshot.domain.spending import Spending
from earshot.domain.watch import Task, Watch
from earshot.errors import RetryLater, failure_of
from earshot.log_codes import LogCode
from earshot.store.port import Conflict, Lifecycle
from earshot.telemetry import note
from earshot.usecases.start_watch import next_state
from earshot.usecases.thrift import cut_for
from earshot.usecases.vendor_health import VendorHealth

ATTEMPTS = 5
WORD = re.compile(r"[a-z][a-z0-9_]*")
State = Mapping[str, Any]
TURN: Mapping[str, object] = {"slot": 0, "vendor": ""}
"""A slot at the platform that was reserved before the watch was parked to wait for it, and for which vendor."""


@dataclass(frozen=True)
class AdviseWatch:
    """See the module. ``spending`` says, and writes, how far what the watch costs is to be cut; ``books`` adds what
    was heard to the totals. ``luck`` in [0, 1) is the jitter; ``version``: of the machine that is deployed now."""

    store: Lifecycle
    health: VendorHealth
    spending: Callable[[Watch, Sequence[Task]], Spending]
    books: Callable[[Watch, Sequence[Task]], bool]
    version: str
    now: Callable[[], int]
    luck: Callable[[], float]

    def __call__(self, state: State, version: str) -> dict[str, object]:
        """The machine's whole state for its next round; ``version`` is that of the machine that asks."""
        error = state["error"]
        state = {**state, "round": state.get("round", 0) + 1}
        for _ in range(ATTEMPTS):
            watch, tasks = self.store.watch(state["watch_id"]), self.store.tasks(state["watch_id"])
            if state.get("generation", 0) < watch.generation:
                note(LogCode.ES226, watch_id=watch.watch_id)
                return next_state(state, Next.LEAVE.value, watch.plan["look_s"])
            spent = self.spending(watch, tasks)
            self.books(watch, tasks)
            if spent.level != watch.level or spent.stops:
                watch = self.store.watch(watch.watch_id)
            is_old = state["round"] >= ROUNDS or (version != self.version and state["round"] > 0)
            advice = self._advise(watch, tasks, error, is_old=is_old)
            try:
                self.store.resolve(watch, advice, self.now())
            except Conflict:
                continue
            self._note(watch, advice)
            return self._state(state, watch, tasks, advice, spent.look_s)
        raise RetryLater("watch_contended", "signals kept coming")

    def _state(
        self, state: State, watch: Watch, tasks: Sequence[Task], advice: Advice, spent_look_s: int | None
    ) -> dict[str, object]:
        park, keeps = parking(watch, tasks, self.now()), _keeps_turn(state, advice)
        look = advice.look_s or park.look_s
        look = look if spent_look_s is None else max(2, min(look, spent_look_s))
        return next_state(
            state,
            advice.next.value,
            look,
            beat_s=min(look - 1, park.beat_s),
            wait_s=advice.wait_s,
            release=advice.release,
            **({name: state.get(name) or default for name, default in TURN.items()} if keeps else {}),
        )

    def _note(self, watch: Watch, advice: Advice) -> None:
        note(
            LogCode.ES207,
            watch_id=watch.watch_id,
            next=advice.next,
            wait_s=advice.wait_s,
            reason=advice.reason,
        )
        if advice.renews:
            note(LogCode.ES212, watch_id=watch.watch_id)
        if advice.hands_over:
            note(LogCode.ES227, watch_id=watch.watch_id)

    def _advise(
        self, watch: Watch, tasks: Sequence[Task], error: Mapping[str, str], *, is_old: bool
    ) -> Advice:
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
                is_old=is_old,
                wants_back=self._wants_back(watch, tasks),
                is_cut=_is_cut(watch, current_task(watch, tasks)),
            )
        )

    def _wants_back(self, watch: Watch, tasks: Sequence[Task]) -> bool:
        """Nothing is asked where there is no better vendor than the one that listens."""
        current = current_task(watch, tasks)
        if current is None or not current.is_live or current.vendor == watch.order[0]:
            return False
        return self.health.wants_back(watch, current, tasks)


def _keeps_turn(state: State, advice: Advice) -> bool:
    """A step that failed may have left another turn than one to mint."""
    return advice.next is Next.MINT and not state["error"].get("Error")


def _is_cut(watch: Watch, current: Task | None) -> bool:
    """Whether the ear listens otherwise than the watch's level of spending wants."""
    if current is None or current.level == watch.level:
        return False
    return cut_for(watch, current.vendor, current.level) != cut_for(watch, current.vendor, watch.level)


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
