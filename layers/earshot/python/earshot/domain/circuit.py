"""What all rooms know of a vendor's health: found out by the first few that fail, and believed by the others.

Closed: everybody may submit. Open: nobody. Once ``open_until`` has passed it is half open: one now and then tries for
all, and its success closes the circuit while its failure opens it again, for longer.
"""

from dataclasses import dataclass, replace
from enum import StrEnum


class Trouble(StrEnum):
    """``OUTAGE``: no answer, or none with a meaning; ``ACCOUNT``: the vendor refuses whoever asks in our name."""

    OUTAGE = "outage"
    ACCOUNT = "account"


@dataclass(frozen=True)
class CircuitPolicy:
    """``threshold`` failures within ``window_s`` seconds, with no success between, open it for ``open_s``, doubled
    each time up to ``open_cap_s``; a refused account opens it at once for ``account_s``. Half open, somebody may try
    every ``try_every_s``, and a room that another vendor hears every ``return_every_s``. ``steady_s``: closed for so
    long, it is worth going back for. ``spread_s``: those that wait for it come back over so many seconds.
    """

    threshold: int = 5
    window_s: int = 60
    open_s: int = 30
    open_cap_s: int = 300
    account_s: int = 300
    try_every_s: int = 5
    return_every_s: int = 60
    steady_s: int = 60
    spread_s: int = 30

    def pause_s(self, opened_count: int) -> int:
        """For how long it opens, after it has opened so often without a success between."""
        doublings = min(opened_count, 20)
        return min(self.open_cap_s, self.open_s << doublings)


POLICY = CircuitPolicy()


@dataclass(frozen=True)
class Circuit:
    """Of one vendor; times are epoch milliseconds.

    ``failures`` in a row, the first at ``since`` (without any: when it opened or closed). ``open_until``: None
    while closed. ``opened_count``: how often it has opened without a success between. ``recovered_at``: when it was
    last closed by a success. ``version``: what a write is made against; 0: never written.
    """

    vendor: str
    failures: int = 0
    since: int = 0
    open_until: int | None = None
    opened_count: int = 0
    recovered_at: int | None = None
    version: int = 0

    @property
    def is_closed(self) -> bool:
        return self.open_until is None

    @property
    def is_clean(self) -> bool:
        """Whether a success would tell nothing new."""
        return self.is_closed and self.failures == 0


def is_open(circuit: Circuit, now: int) -> bool:
    """Whether nobody may try."""
    return circuit.open_until is not None and now < circuit.open_until


def is_half_open(circuit: Circuit, now: int) -> bool:
    """Whether one may try for all."""
    return circuit.open_until is not None and now >= circuit.open_until


def is_steady(circuit: Circuit, now: int, policy: CircuitPolicy = POLICY) -> bool:
    """Whether it has been closed for long enough to come back to."""
    recovered_at = circuit.recovered_at
    return circuit.is_closed and (recovered_at is None or now - recovered_at >= policy.steady_s * 1000)


def failed(circuit: Circuit, now: int, kind: Trouble, policy: CircuitPolicy = POLICY) -> Circuit:
    """The circuit after a failure; the same one if it says nothing new.

    What fails while it is open was asked before it opened: 10,000 rooms that time out together count once.
    """
    if is_open(circuit, now):
        return circuit
    if kind is Trouble.ACCOUNT:
        return _opened(circuit, now, policy.account_s)
    if not circuit.is_closed:
        return _opened(circuit, now, policy.pause_s(circuit.opened_count))
    goes_on = circuit.failures > 0 and now - circuit.since < policy.window_s * 1000
    failures, since = (circuit.failures + 1, circuit.since) if goes_on else (1, now)
    if failures >= policy.threshold:
        return _opened(circuit, now, policy.pause_s(circuit.opened_count))
    return replace(circuit, failures=failures, since=since)


def succeeded(circuit: Circuit, now: int) -> Circuit:
    """The circuit after a success; the same one if it says nothing new.

    While it is open a success was asked for before it opened, too: a vendor that takes every third submission has
    earned its rest.
    """
    if circuit.is_clean or is_open(circuit, now):
        return circuit
    recovered_at = circuit.recovered_at if circuit.is_closed else now
    return replace(circuit, failures=0, since=now, open_until=None, opened_count=0, recovered_at=recovered_at)


def _opened(circuit: Circuit, now: int, pause_s: int) -> Circuit:
    return replace(
        circuit,
        failures=0,
        since=now,
        open_until=now + pause_s * 1000,
        opened_count=circuit.opened_count + 1,
    )
