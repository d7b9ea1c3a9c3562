"""Ten thousand rooms in one second: nobody is refused, nobody is lost, and it takes hardly longer than it must."""

from dataclasses import replace
from heapq import heappop, heappush

import pytest
from earshot.domain.watch import Signal, SignalName, Watch
from earshot.store.memory import MemoryStore
from earshot.usecases.stream_slots import HandOn, StreamSlots

from tests.unit.support import makers
from tests.unit.support.fakes import Clock
from tests.unit.support.makers import START
from tests.unit.support.storm import Storm, Weather
from tests.unit.support.world import limits

ROOMS = 10_000


@pytest.fixture(scope="module")
def storm() -> Storm:
    return Storm(ROOMS).run()


def test_no_limit_is_ever_broken(storm: Storm) -> None:
    """By the doubles' own count: ZEGO's in any second, Shumei's in any second and in any ten milliseconds."""
    assert storm.refused == []


def test_no_room_is_lost(storm: Storm) -> None:
    assert set(storm.minted) == set(storm.started) == set(range(ROOMS))


def test_it_takes_a_tenth_longer_than_the_limit_at_most(storm: Storm) -> None:
    assert 1 <= storm.mint_stretch <= 1.1
    assert 1 <= storm.stretch <= 1.1


def test_the_doubles_would_have_noticed() -> None:
    """Callers that are nobody's turn: the gates do count."""
    wild = Storm(300)
    for room in range(300):
        wild.agenda.at(START + room * 3, wild._at_zego(room))
        wild.agenda.at(START + room * 10, wild._at_shumei(room))
    wild.agenda.run()
    assert {"zego", "shumei"} == set(wild.refused)


@pytest.mark.parametrize("seed", range(3))
def test_in_worse_weather_it_takes_longer_and_nobody_is_refused(seed: int) -> None:
    """Every third function starts cold, every fifth sleep lasts too long."""
    storm = Storm(1_500, seed)
    storm.weather = replace(storm.weather, cold=33, restless=20)
    storm.run()
    assert storm.refused == []
    assert len(storm.started) == 1_500


def test_the_margin_is_needed() -> None:
    """With a way that differs by more than is allowed for, a limit is broken sooner or later."""
    storm = Storm(3_000)
    storm.weather = Weather(storm.weather.luck, way=(0, 900))
    storm.run()
    assert storm.refused


# more rooms than streams


class Evening:
    """Rooms that are opened, wait for a stream and end; a signal arrives a little later."""

    def __init__(self, streams: int) -> None:
        self.clock, self.store = Clock(START), MemoryStore()
        self.slots = StreamSlots(self.store, limits(shumei={"streams": streams}), self.clock)
        self.hand_on = HandOn(self.slots, self, self.clock)
        self.signals: list[tuple[int, str]] = []
        self.started: list[str] = []
        self.rooms: dict[str, Watch] = {}
        self.most = 0

    def open(self, name: str, priority: int) -> bool:
        self.clock.now += 1
        self.rooms[name] = makers.watch(watch_id=name, plan={"priority": priority})
        return self.try_to_start(name)

    def try_to_start(self, name: str) -> bool:
        if name in self.started or not self.slots.take("shumei", f"{name}-1a", self.rooms[name]):
            return False
        self.started.append(name)
        self.most = max(self.most, self.store.streams_held("shumei"))
        return True

    def signal(self, watch_id: str, signal: Signal) -> bool:
        assert signal.name is SignalName.SLOT_FREE
        heappush(self.signals, (self.clock() + 50, watch_id))
        return True

    def end(self, name: str, after_ms: int) -> None:
        self.clock.now += after_ms
        self.hand_on("shumei", f"{name}-1a")
        while self.signals and self.signals[0][0] <= self.clock() + 50:
            self.try_to_start(heappop(self.signals)[1])


def test_when_streams_run_out_rooms_start_in_their_order_as_others_end() -> None:
    evening, rooms = Evening(streams=100), 1_000
    names = [f"room-{number:04}" for number in range(rooms)]
    waiting = [name for number, name in enumerate(names) if not evening.open(name, number * 7 % 10)]
    assert len(evening.started) == 95, "some are kept for renewals"
    running = list(evening.started)
    while running:
        evening.end(running.pop(0), after_ms=200)
        running = [name for name in evening.started if f"{name}-1a" in evening.store._holders["shumei"]]
    order = sorted(waiting, key=lambda name: (evening.rooms[name].plan["priority"], name))
    assert evening.started[95:] == order
    assert evening.most == 95
    assert evening.store.waiting_streams("shumei", 9) == []
    assert evening.store.streams_held("shumei") == 0
