"""Which vendor of its plan's order a room's next task goes to, and what every submission tells all rooms of a vendor.

Cost: ``choose`` makes one read, which may be a moment old; an outcome makes one more, unless this process found the
circuit clean a moment ago. Nothing is written while all is well.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from earshot.domain import circuit as circuits
from earshot.domain.circuit import POLICY, Circuit, Trouble
from earshot.domain.standing import Standing, may_again_at, standing
from earshot.domain.watch import Task, Watch
from earshot.errors import (
    AlreadyDone,
    BadInput,
    CredentialClaimed,
    EarshotError,
    Exhausted,
    GiveUp,
    Misconfigured,
    RetryLater,
    Suspended,
)
from earshot.log_codes import LogCode
from earshot.store.port import Conflict, Missing, Turns
from earshot.store.sharing import Circuits
from earshot.telemetry import note

TRIES = 3
"""Of a write that loses against another; who loses them all is one of many that say the same."""
BELIEVED_MS = 5_000
"""So long a circuit that was clean is believed to be, by the process that saw it: a success rarely tells anything."""
SILENT = (AlreadyDone, CredentialClaimed, Conflict, Missing, BadInput)
"""Raised on our side of the call: they say nothing of the vendor."""


class HealthStore(Circuits, Turns, Protocol):
    """What this use case needs of the store."""


@dataclass(frozen=True)
class Choice:
    """The vendor of the next task; None: ask again in ``wait_ms``.

    ``reason``: ``first``, ``failover``, ``probe`` (its circuit is half open, and this room tries for all),
    ``circuit_open`` (nobody can be tried), or ``refused_by_all`` (every vendor has refused this very room for good).
    """

    vendor: str | None
    wait_ms: int
    reason: str


@dataclass(frozen=True)
class VendorHealth:
    """See the module."""

    store: HealthStore
    now: Callable[[], int]
    _clean_at: dict[str, int] = field(default_factory=dict, repr=False)

    def choose(self, watch: Watch, tasks: Sequence[Task], luck: float) -> Choice:
        """Where the watch's next task goes; ``tasks`` are all of its tasks, oldest first.

        The first vendor of the order that is well, for everybody and for this room. If there is none, one that failed
        this room (the longest ago), if it is well for others: how hard to try is the lifecycle's affair. ``luck`` in
        [0, 1) spreads those that wait. Raises RetryLater if the table cannot be asked.
        """
        now, order = self.now(), watch.order
        known = self.store.circuits(order)
        standings = _standings(watch, order, tasks, now)
        waits = {vendor: may_again_at(here) - now for vendor, here in standings.items() if here.is_refusing}
        refused_by_all = len(waits) == len(order)
        for vendor in _in_turn(order, standings):
            waits[vendor] = self._wait_ms(known[vendor], now)
            if not waits[vendor]:
                return _chosen(watch, order, known[vendor])
        spread = int(luck * POLICY.spread_s * 1000)
        return Choice(
            None, min(waits.values()) + spread, "refused_by_all" if refused_by_all else "circuit_open"
        )

    def wants_back(self, watch: Watch, current: Task, tasks: Sequence[Task]) -> bool:
        """Whether a better vendor than the one that listens has recovered; nothing is asked if it is the first.

        One that nobody has tried since its outage would never recover: a room is sent back to it now and then.
        """
        now, order = self.now(), watch.order
        better = order[: order.index(current.vendor)] if current.vendor in order else order
        standings = _standings(watch, better, tasks, now)
        fit = [one for one in better if not (standings[one].is_refusing or standings[one].is_failing)]
        if not fit:
            return False
        known = self.store.circuits(fit)
        found = next((one for one in fit if self._is_worth_it(known[one], now)), None)
        if found is not None:
            note(LogCode.ES244, watch_id=watch.watch_id, vendor=found, instead_of=current.vendor)
        return found is not None

    def succeeded(self, vendor: str) -> None:
        """The vendor took a submission. Never raises: a table that is busy must not undo what was accepted."""
        if self.now() - self._clean_at.get(vendor, -BELIEVED_MS) >= BELIEVED_MS:
            self._told(vendor, circuits.succeeded, "")

    def failed(self, vendor: str, error: EarshotError) -> None:
        """What its client raised on a submission. Never raises: the error itself is what the caller goes on with.

        An outage or a refused account counts against it. Out of capacity, or a refusal of this room alone: it has
        answered, so it is well.
        """
        if isinstance(error, SILENT):
            return
        kind = _trouble(error)
        if kind is None:
            self.succeeded(vendor)
            return
        self._clean_at.pop(vendor, None)
        self._told(vendor, lambda seen, now: circuits.failed(seen, now, kind), error.reason)

    def _told(self, vendor: str, step: Callable[[Circuit, int], Circuit], reason: str) -> None:
        try:
            for _ in range(TRIES):
                now, seen = self.now(), self.store.circuits([vendor])[vendor]
                after = step(seen, now)
                if after == seen or self.store.put_circuit(seen, after):
                    self._learned(seen, after, now, reason)
                    return
        except RetryLater:
            return

    def _learned(self, seen: Circuit, after: Circuit, now: int, reason: str) -> None:
        if after.is_clean:
            self._clean_at[after.vendor] = now
        if after.opened_count > seen.opened_count:
            open_s = ((after.open_until or now) - now) // 1000
            note(LogCode.ES241, vendor=after.vendor, reason=reason, open_s=open_s, count=after.opened_count)
        if after.is_closed and not seen.is_closed:
            note(LogCode.ES242, vendor=after.vendor, open_s=(now - seen.since) // 1000)

    def _wait_ms(self, seen: Circuit, now: int) -> int:
        """0: now. Taking the turn of a half-open circuit is to answer for it: last of all questions."""
        if seen.open_until is None:
            return 0
        if circuits.is_open(seen, now):
            return seen.open_until - now
        return self.store.take_turn(f"circuit:{seen.vendor}", now, POLICY.try_every_s * 1000)

    def _is_worth_it(self, seen: Circuit, now: int) -> bool:
        if not circuits.is_half_open(seen, now):
            return circuits.is_steady(seen, now)
        # A turn of its own: the one for trying is taken when the vendor is chosen.
        return not self.store.take_turn(f"circuit:{seen.vendor}:return", now, POLICY.return_every_s * 1000)


def _standings(watch: Watch, order: Sequence[str], tasks: Sequence[Task], now: int) -> dict[str, Standing]:
    """A vendor without another beside it is never passed over for what it did to one room."""
    if len(watch.order) == 1:
        return {vendor: Standing() for vendor in order}
    return {vendor: standing(watch, vendor, tasks, now) for vendor in order}


def _in_turn(order: Sequence[str], standings: Mapping[str, Standing]) -> list[str]:
    """Those that may be asked: the well ones in the plan's order, then those that failed, the longest ago first."""
    able = [vendor for vendor in order if not standings[vendor].is_refusing]
    return sorted(able, key=lambda one: standings[one].failed_at if standings[one].is_failing else 0)


def _chosen(watch: Watch, order: Sequence[str], seen: Circuit) -> Choice:
    vendor, before = seen.vendor, order[: order.index(seen.vendor)]
    if before:
        note(LogCode.ES243, watch_id=watch.watch_id, vendor=vendor, passed_over=",".join(before))
    reason = "failover" if before else "first"
    return Choice(vendor, 0, reason if seen.is_closed else "probe")


def _trouble(error: EarshotError) -> Trouble | None:
    """None: the vendor is well."""
    if isinstance(error, Misconfigured | Suspended):
        return Trouble.ACCOUNT
    return None if isinstance(error, Exhausted | GiveUp) else Trouble.OUTAGE
