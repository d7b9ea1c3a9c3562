"""What goes by itself: the machine's timers, the outbox, the reaper's runs, and what vendors tell."""

from dataclasses import dataclass

from earshot.store.port import Segment

from tests.unit.model.deployment import Deployment
from tests.unit.model.recorders import SEGMENT_MS, Recorders, Recording, judged

PUSH_MS, REAP_MS = 40_000, 60_000
STORMY = 400
"""Steps without any time between, of all executions together: more is a machine that spins."""


@dataclass
class Clockwork:
    """``pushes``: how many there have been."""

    world: Deployment
    pushes: int = 0

    def recordings(self, *, running: bool = False) -> list[tuple[Recorders, Recording]]:
        found = [(vendor, one) for vendor in self.world.vendors.values() for one in vendor.books.values()]
        return [(vendor, one) for vendor, one in found if one.runs or not running]

    def push(self, vendor: Recorders, one: Recording, at: int) -> None:
        if at - SEGMENT_MS >= one.began and not one.is_mute:
            one.late_ms = 0 if one.stopped is None else self.world.clock() - one.stopped
            self.keep(vendor, one, judged(one, at))

    def keep(self, vendor: Recorders, one: Recording, body: bytes) -> None:
        self.pushes += 1
        self.world.store.put_segment(
            Segment(one.ref, f"push-{self.pushes}", vendor.name, body, self.world.clock())
        )

    def run(self, seconds: int, *, reaps: bool = True) -> None:
        end = self.world.clock() + seconds * 1000
        push_at, reap_at = self.world.clock(), self.world.clock()
        talks = any(vendor.talks for vendor in self.world.vendors.values())
        push_ms = PUSH_MS if talks else max(PUSH_MS, seconds * 1000 // 40)
        reap_ms = max(REAP_MS, seconds * 1000 // 80)
        while True:
            self._due()
            if self.world.clock() >= end:
                return
            if self.world.clock() >= push_at:
                push_at = self.world.clock() + push_ms
                for vendor, one in self.recordings(running=True):
                    self.push(vendor, one, self.world.clock())
                continue
            if reaps and self.world.clock() >= reap_at:
                reap_at = self.world.clock() + reap_ms
                self.world.reap()
                continue
            timers = [one.until for one in self.world.executions.values() if one.at is not None]
            later = [
                at for at in [*timers, push_at, end, *([reap_at] if reaps else [])] if at > self.world.clock()
            ]
            self.world.clock.now = min(later)

    def _due(self) -> None:
        for _ in range(STORMY):
            self.world.relay()
            ready = [one for one in self.world.executions.values() if one.may_step]
            if not ready:
                return
            for one in ready:
                one.step()
        trails = [one.trail[-12:] for one in self.world.executions.values() if one.at is not None]
        raise AssertionError(f"it spins: {trails}")
