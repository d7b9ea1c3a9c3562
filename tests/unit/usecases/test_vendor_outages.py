"""An outage, and ten thousand rooms that do not each discover it."""

import heapq
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from earshot.domain.watch import Watch
from earshot.errors import EarshotError, OutcomeUnknown, Suspended
from earshot.store.memory import MemoryStore
from earshot.usecases.vendor_health import VendorHealth

from tests.unit.support import makers
from tests.unit.support.fakes import Clock
from tests.unit.support.makers import START

ROOMS, A_SECOND = 10_000, 100
"""Rooms that open, and how many of them in a second (what a platform mints)."""
TIMEOUT_MS = 3_000
FIRST, SECOND = "shumei", "yidun"


class Turnstile(MemoryStore):
    """Knows when turns were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[int] = Counter()

    def take_turn(self, name: str, now: int, every_ms: int) -> int:
        self.asked[now // 1000] += 1
        return super().take_turn(name, now, every_ms)


@dataclass
class Outage:
    """``FIRST`` answers every submission with ``error`` until ``over_at``, after ``TIMEOUT_MS``."""

    watch: Watch
    over_at: int
    error: EarshotError = field(default_factory=lambda: OutcomeUnknown("no_answer"))
    store: Turnstile = field(default_factory=Turnstile)
    clock: Clock = field(default_factory=lambda: Clock(START))
    attempts: list[int] = field(default_factory=list)
    heard: Counter[str] = field(default_factory=Counter)
    last_heard_at: int = START

    def run(self) -> None:
        """Every room until somebody hears it."""
        health, luck = VendorHealth(self.store, self.clock), random.Random(7)
        ahead: list[tuple[int, int, Callable[[], None]]] = []

        def later(at: int, what: Callable[[], None]) -> None:
            heapq.heappush(ahead, (at, luck.getrandbits(60), what))

        def choose() -> None:
            choice = health.choose(self.watch, [], luck.random())
            if choice.vendor is None:
                assert choice.wait_ms > 0
                later(self.clock.now + choice.wait_ms, choose)
            elif choice.vendor == FIRST and self.clock.now < self.over_at:
                self.attempts.append(self.clock.now)
                later(self.clock.now + TIMEOUT_MS, fail)
            else:
                health.succeeded(choice.vendor)
                self.heard[choice.vendor] += 1
                self.last_heard_at = self.clock.now

        def fail() -> None:
            health.failed(FIRST, self.error)
            later(self.clock.now + 1_000, choose)

        for number in range(ROOMS):
            later(START + number * 1000 // A_SECOND, choose)
        while ahead:
            self.clock.now, _, what = heapq.heappop(ahead)
            what()

    def after_discovery(self) -> Counter[int]:
        """Attempts per half minute, but for those that were under way when the first failures came in."""
        known_at = START + TIMEOUT_MS + 1_000
        return Counter((at - START) // 30_000 for at in self.attempts if at > known_at)


@pytest.mark.parametrize(
    "error", [OutcomeUnknown("no_answer"), Suspended("shumei_9100")], ids=["outage", "account"]
)
def test_rooms_without_another_vendor_wait_and_one_of_them_tries(error: EarshotError) -> None:
    outage = Outage(makers.watch(), over_at=START + 900_000, error=error)
    outage.run()
    assert outage.heard == {FIRST: ROOMS}
    assert len(outage.attempts) <= (TIMEOUT_MS + 1_000) * A_SECOND // 1000 + 10
    assert max(outage.after_discovery().values(), default=0) <= 2, "a handful in every half-open interval"
    assert outage.last_heard_at <= outage.over_at + 300_000 + 40_000, "and nobody is forgotten"
    assert max(outage.store.asked.values()) <= 500, "an item takes 1,000 writes a second"


def test_rooms_with_another_vendor_are_heard_at_once() -> None:
    outage = Outage(makers.watch(plan=makers.plan(failover=[SECOND])), over_at=START + 900_000)
    outage.run()
    assert outage.heard.total() == ROOMS
    assert outage.last_heard_at <= START + ROOMS * 1000 // A_SECOND + TIMEOUT_MS + 2_000
    assert max(outage.after_discovery().values(), default=0) <= 2
