"""When a call may go that may be made only so often, by all functions together: its slot is reserved on the table."""

from collections.abc import Callable
from dataclasses import dataclass

from earshot.domain import pacing
from earshot.log_codes import LogCode
from earshot.store.slots import Reservations
from earshot.telemetry import note

TRIES = 3
"""Slots that a caller may lose by oversleeping before it is sent away."""


@dataclass(frozen=True)
class Slot:
    """``at`` (epoch ms) is the caller's. ``wait_ms`` above 0: nothing may be called yet; come again after so long,
    with ``at`` in hand, and the rest is short."""

    at: int
    wait_ms: int


@dataclass(frozen=True)
class Pace:
    """See the module. ``rest`` waits seconds.

    Buckets are named ``mint:<platform>:<app id>``, ``submit:<vendor>`` and ``finish:<vendor>``: each has a reserve of
    its own, so that what stops a bill never queues behind what starts one.
    """

    store: Reservations
    rest: Callable[[float], None]
    now: Callable[[], int]

    def slot(self, bucket: str, per_s: float | None, held: int | None = None) -> Slot:
        """The caller's slot under a limit of ``per_s`` calls a second (None: none, it goes at once); ``held`` is the
        one that it came back with. One that is near is waited for here.

        Whoever comes later than the tolerance has lost its slot and gets another: late calls would meet those
        whose turn it is.
        """
        if per_s is None:
            return Slot(self.now(), 0)
        at = held
        for _ in range(TRIES):
            if at is None or pacing.is_lost(at, self.now()):
                at = self._reserve(bucket, per_s, at)
            if wait_ms := pacing.wait_ms(at, self.now()):
                return Slot(at, wait_ms)
            if self._came(at):
                return Slot(at, 0)
        at = self._reserve(bucket, per_s, at)
        return Slot(at, max(1, at - self.now()))

    def within(self, bucket: str, per_s: float | None, patience_ms: int) -> bool:
        """Whether the caller may go, after a rest of ``patience_ms`` at most; if not, it has used up no slot."""
        if per_s is None:
            return True
        latest, interval = self.now() + patience_ms, pacing.interval_us(per_s)
        late_ms = 0
        for _ in range(TRIES):
            at = self.store.reserve_by(bucket, self.now() + late_ms, interval, latest)
            if at is None:
                return False
            if self._came(at):
                return True
            late_ms = self._lost(bucket, at)
        return False

    def _reserve(self, bucket: str, per_s: float, lost: int | None) -> int:
        """After one that was lost not before as much time has passed again: where every write is slow, a slot that is
        due at once is lost before it is known."""
        late_ms = 0 if lost is None else self._lost(bucket, lost)
        return self.store.reserve(bucket, self.now() + late_ms, pacing.interval_us(per_s))

    def _lost(self, bucket: str, slot: int) -> int:
        """How late it came, as far as it may be waited for on the spot."""
        late_ms = max(0, self.now() - slot)
        note(LogCode.ES231, bucket=bucket, late_ms=late_ms)
        return min(late_ms, pacing.REST_MS)

    def _came(self, at: int) -> bool:
        """Rest until the slot; False if that took too long."""
        if at > self.now():
            self.rest((at - self.now()) / 1000)
        return not pacing.is_lost(at, self.now())
