"""One execution of the state machine, a state at a time, with its waits, retries and time-outs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from earshot.errors import EarshotError, Unfinished

if TYPE_CHECKING:
    from tests.unit.model.deployment import Deployment

FINISH_TRIES, RELEASE_TRIES, ADVISE_TRIES, CLOSE_TRIES, PARK_TRIES = 600, 2, 20, 50, 20


@dataclass
class Execution:
    """``at``: the state that it is in, None once it has ended; ``until``: nothing happens before (epoch ms), and the
    parking ends then; ``token``: of its parking."""

    bundle: Deployment
    name: str
    state: dict[str, Any]
    version: str
    at: str | None = "Route"
    until: int = 0
    look_until: int = 0
    token: str | None = None
    tries: int = 0
    is_busy: bool = False
    failed_at: int | None = None
    trail: list[str] = field(default_factory=list)

    @property
    def watch_id(self) -> str:
        return str(self.state["watch_id"])

    @property
    def may_step(self) -> bool:
        return self.at is not None and not self.is_busy and self.until <= self.bundle.clock()

    def step(self) -> None:
        """To the next state, if it is time."""
        if not self.may_step or self.at is None:
            return
        self.trail.append(self.at)
        self.is_busy = True
        states: dict[str, Callable[[], None]] = {
            "Route": self._route,
            "Release": self._release,
            "Mint": self._mint,
            "Submit": self._submit,
            "Watch": self._watch,
            "Parked": self._timed_out,
            "Advise": self._advise,
            "Finish": self._finish,
            "Close": self._close,
            "Abandon": self._abandon,
        }
        try:
            states[self.at]()
        finally:
            self.is_busy = False

    def woken(self, token: str) -> None:
        """Its token is handed back."""
        if self.at == "Parked" and self.token == token:
            self._to("Advise")

    def beaten(self, token: str) -> None:
        """Somebody said that all is well."""
        if self.at == "Parked" and self.token == token:
            self.until = min(self.look_until, self.bundle.clock() + self.state["beat_s"] * 1000)

    def _to(self, state: str | None, wait_s: float = 0) -> None:
        self.at, self.until, self.tries = state, self.bundle.clock() + round(wait_s * 1000), 0

    def _again(self, most: int, cap_s: int, otherwise: str | None) -> None:
        self.tries += 1
        if self.tries > most:
            self._to(otherwise)
        else:
            self.until = self.bundle.clock() + min(cap_s, 2 ** min(self.tries - 1, 12)) * 1000

    def _route(self) -> None:
        state = self.state
        if state["release"] and "released" not in state:
            self._to("Release")
            return
        after = {"watch": "Watch", "mint": "Mint", "submit": "Submit"}.get(state["next"])
        if after is not None:
            self._to(after, state["wait_s"])
        elif state["next"] == "leave":
            self._to(None)
        else:
            self._to("Advise" if state["next"] == "look" else "Finish")

    def _release(self) -> None:
        try:
            self.bundle.finish(self.watch_id, release=True)
        except (EarshotError, ConnectionError):
            self._again(RELEASE_TRIES, 300, "Route")
            if self.at == "Release":
                return
        self.state["released"] = True
        self._to("Route")

    def _mint(self) -> None:
        self._lifecycle_step(self.bundle.mint)

    def _submit(self) -> None:
        self._lifecycle_step(self.bundle.submit)

    def _lifecycle_step(self, step: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        try:
            self.state = step(self.state)
        except (EarshotError, ConnectionError) as error:
            self._caught(error)
        else:
            self._to("Route")

    def _caught(self, error: Exception) -> None:
        cause = f'{{"errorMessage": "{error.reason if isinstance(error, EarshotError) else "died"}"}}'
        self.state["error"] = {"Error": type(error).__name__, "Cause": cause}
        self._to("Advise")

    def _watch(self) -> None:
        self.token = f"{self.name}/{len(self.trail)}"
        try:
            is_parked = self.bundle.store.park(self.watch_id, int(self.state["driver"]), self.token)
        except (EarshotError, ConnectionError):
            self._again(PARK_TRIES, 60, "Advise")
            return
        if is_parked:
            self.look_until = self.bundle.clock() + self.state["look_s"] * 1000
            self._to("Parked", min(self.state["look_s"], self.state["beat_s"]))
        else:
            self._to("Advise")

    def _timed_out(self) -> None:
        self._to("Advise")

    def _advise(self) -> None:
        try:
            self.state = self.bundle.advise(self.state, self.version)
        except (EarshotError, ConnectionError):
            self._again(ADVISE_TRIES, 60, "Finish")
        else:
            self._to("Route")

    def _finish(self) -> None:
        try:
            wait_s = self.bundle.finish(self.watch_id, release=False)
        except (EarshotError, ConnectionError):
            self._again(FINISH_TRIES, 300, "Abandon")
        else:
            self._to("Close", wait_s)

    def _close(self) -> None:
        try:
            self.bundle.close(self.watch_id, abandoned=False)
        except Unfinished:
            self._to("Finish")
        except (EarshotError, ConnectionError):
            self._again(CLOSE_TRIES, 300, None)
        else:
            self._to(None)

    def _abandon(self) -> None:
        try:
            self.bundle.close(self.watch_id, abandoned=True)
        except (EarshotError, ConnectionError):
            self._again(CLOSE_TRIES, 300, None)
        else:
            self._to(None)
