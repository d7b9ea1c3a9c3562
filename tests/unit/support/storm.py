"""Many rooms at once on a virtual clock: the real reservations, the doubles' own limits, latencies out of a seed.

Every caller has a clock of its own: what rests in one function takes no time of another's. What arrives at a vendor
arrives in the order of time.
"""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from earshot.store.memory import MemoryStore
from earshot.usecases.pace import Pace

from local.doubles.accounts import DEFAULT, Accounts
from local.doubles.model import Now
from local.doubles.rooms.entrance import Refused
from local.doubles.shumei.gate import Gate, Refusal
from local.doubles.shumei.settings import ShumeiSettings
from local.doubles.zego.world import ZegoWorld
from tests.unit.support.fakes import Clock
from tests.unit.support.makers import START

APP_ID = "1234567890"
MINTS_PER_S, SUBMITS_PER_S = 100, 50
Step = Callable[[int], None]


@dataclass
class Agenda:
    """What happens when, in epoch ms."""

    ahead: list[tuple[int, int, Step]] = field(default_factory=list)
    order: "count[int]" = field(default_factory=count)

    def at(self, when: int, step: Step) -> None:
        heapq.heappush(self.ahead, (when, next(self.order), step))

    def run(self) -> None:
        while self.ahead:
            when, _, step = heapq.heappop(self.ahead)
            step(when)


@dataclass(frozen=True)
class Weather:
    """Latencies in ms; ``restless``: how often in a hundred a sleep lasts too long."""

    luck: random.Random
    cold: int = 2
    restless: int = 1
    way: tuple[int, int] = (20, 60)

    def machine(self) -> int:
        """From one state to the first line of the next function."""
        if self.luck.randrange(100) < self.cold:
            return self.luck.randint(400, 1_200)
        return self.luck.randint(20, 120)

    def overslept(self) -> int:
        return (
            self.luck.randint(31, 150)
            if self.luck.randrange(100) < self.restless
            else self.luck.randint(0, 3)
        )

    def travels(self) -> int:
        return self.luck.randint(*self.way)


@dataclass
class Storm:
    """``rooms`` opened within a second; ``started`` and ``minted``: when each call arrived, ``refused`` those that
    were too many."""

    rooms: int
    seed: int = 1
    store: MemoryStore = field(default_factory=MemoryStore)
    agenda: Agenda = field(default_factory=Agenda)
    minted: dict[int, int] = field(default_factory=dict)
    started: dict[int, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    weather: Weather = field(init=False)
    zego: ZegoWorld = field(init=False)
    shumei: Gate = field(init=False)

    def __post_init__(self) -> None:
        self.weather = Weather(random.Random(self.seed))
        accounts = Accounts.read(DEFAULT)
        self.zego = ZegoWorld(accounts)
        self.shumei = Gate(accounts, ShumeiSettings(max_qps=SUBMITS_PER_S))

    def run(self) -> "Storm":
        for room in range(self.rooms):
            self.agenda.at(START + self.weather.luck.randrange(1_000), self._mint(room, None))
        self.agenda.run()
        return self

    @property
    def stretch(self) -> float:
        """How long it took until all were started, as a multiple of what the narrowest limit makes it last."""
        return (max(self.started.values()) - START) / 1000 / (self.rooms / SUBMITS_PER_S)

    @property
    def mint_stretch(self) -> float:
        return (max(self.minted.values()) - START) / 1000 / (self.rooms / MINTS_PER_S)

    def _mint(self, room: int, held: int | None) -> Step:
        return self._paced(
            f"mint:zego:{APP_ID}", MINTS_PER_S, held, lambda slot: self._mint(room, slot), self._at_zego(room)
        )

    def _submit(self, room: int, held: int | None) -> Step:
        return self._paced(
            "submit:shumei", SUBMITS_PER_S, held, lambda slot: self._submit(room, slot), self._at_shumei(room)
        )

    def _paced(
        self, bucket: str, per_s: int, held: int | None, again: Callable[[int], Step], call: Step
    ) -> Step:
        """A function's run: wait in the machine and come again, or rest and call."""

        def step(now: int) -> None:
            clock = Clock(now)

            def rest(seconds: float) -> None:
                clock.forward(seconds)
                clock.now += self.weather.overslept()

            slot = Pace(self.store, rest, clock).slot(bucket, per_s, held)
            if slot.wait_ms:
                wait_ms = -(-slot.wait_ms // 1000) * 1000
                self.agenda.at(clock.now + wait_ms + self.weather.machine(), again(slot.at))
            else:
                self.agenda.at(clock.now + self.weather.travels(), call)

        return step

    def _at_zego(self, room: int) -> Step:
        def arrive(now: int) -> None:
            try:
                self.zego._rate("mint", APP_ID, {}, Now(now / 1000, 0))
            except Refused:
                self.refused.append("zego")
            else:
                self.minted[room] = now
                self.agenda.at(
                    now + self.weather.travels() + self.weather.machine(), self._submit(room, None)
                )

        return arrive

    def _at_shumei(self, room: int) -> Step:
        def arrive(now: int) -> None:
            try:
                self.shumei.enter({"accessKey": DEFAULT["shumei"]["access_key"]}, Now(now / 1000, 0))
            except Refusal:
                self.refused.append("shumei")
            else:
                self.started[room] = now

        return arrive
