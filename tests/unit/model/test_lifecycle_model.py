"""Rooms, vendors, executions and the outbox in any order. ``MODEL_EXAMPLES=2000`` looks at more of them."""

import logging
import os
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from earshot import telemetry
from earshot.contract.plan import Plan
from earshot.errors import EarshotError, RetryLater
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.unit.model import checks
from tests.unit.model.clockwork import Clockwork
from tests.unit.model.deployment import Deployment
from tests.unit.model.recorders import Recorders, Tokens, ended
from tests.unit.support import makers
from tests.unit.support.fakes import Clock
from tests.unit.support.world import limits

EXAMPLES = int(os.environ.get("MODEL_EXAMPLES", "60"))
ROOMS = ("room-1", "room-2")
picks = st.integers(0, 11)
seams = st.one_of(st.none(), st.tuples(st.integers(0, 14), st.integers(0, 8), picks))


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Millions of notes that nobody reads."""
    silent = logging.Logger("silent", logging.CRITICAL)
    monkeypatch.setattr(telemetry, "_logger", silent)
    monkeypatch.setattr(telemetry, "count", lambda *_: None)


class Lifecycle(RuleBasedStateMachine):
    """One deployment with two rooms and two vendors."""

    @initialize(
        knows=st.sampled_from(["nothing", "key", "stream"]),
        talks=st.booleans(),
        forgets=st.booleans(),
        most=st.sampled_from([None, None, 2]),
        failover=st.booleans(),
        lasts_s=st.sampled_from([None, 600]),
    )
    def deploy(
        self, knows: str, talks: bool, forgets: bool, most: int | None, failover: bool, lasts_s: int | None
    ) -> None:
        clock = Clock(makers.START)
        names = ["shumei", "yidun"] if failover else ["shumei"]
        traits: dict[str, Any] = {"knows": knows, "talks": talks, "forgets": forgets, "most": most}
        vendors = {name: Recorders(name, clock, **traits, lasts_s=lasts_s) for name in ("shumei", "yidun")}
        rates = {"submits_per_s": None, "streams": most}
        self.world = Deployment(
            clock,
            vendors,
            Tokens(),
            Plan(failover=names[1:], look_s=300, probe_s=300, return_s=60),
            limits(zego={"mints_per_s": None}, shumei=rates, yidun=rates),
        )
        for vendor in vendors.values():
            vendor.on_stop = partial(checks.may_be_stopped, self.world, vendor)
        self.clock, self.hours = clock, Clockwork(self.world)
        self.opened("room-1")

    # rooms

    @rule(room=st.sampled_from(ROOMS))
    def opened(self, room: str) -> None:
        self._track("RoomOpened", room)

    @rule(room=st.sampled_from(ROOMS))
    def closed(self, room: str) -> None:
        self._track("RoomClosed", room)

    def _track(self, kind: str, room: str) -> None:
        self.clock.forward(0.001)
        since_s = (self.clock() - makers.START) / 1000
        self.world.track(kind, room_id=room, occurred_at=makers.at(since_s))

    # executions

    @rule(pick=picks, times=st.integers(1, 4), seam=seams)
    def steps(self, pick: int, times: int, seam: tuple[int, int, int] | None) -> None:
        ready = [one for one in self.world.executions.values() if one.may_step]
        if not ready:
            return
        one = ready[pick % len(ready)]

        def act() -> None:
            for _ in range(times):
                one.step()

        self._interrupted(act, seam)

    def _interrupted(self, act: Callable[[], object], seam: tuple[int, int, int] | None) -> None:
        if seam is not None:
            after, what, which = seam
            actions = self._actions(which)
            self.world.interruption = (after, actions[what % len(actions)])
        try:
            act()
        finally:
            self.world.interruption = None

    def _actions(self, which: int) -> list[Callable[[], None]]:
        """What may happen between two effects of somebody's step."""
        return [
            lambda: self.closed(ROOMS[which % 2]),
            lambda: self.restarted(which),
            lambda: self.steps(which, 4, None),
            self.world.relay,
            lambda: self.ends(which, "told"),
            lambda: self.hears(which, 0),
            lambda: self.clock.forward(3 * which + 1),
            _die,
            _throttle,
        ]

    @rule(pick=picks)
    def restarted(self, pick: int) -> None:
        """By somebody's hand."""
        watches = list(self.world.table._watches.values())
        watch = watches[pick % len(watches)]
        self.world.store.restart(watch.watch_id, watch.generation)

    @rule(pick=picks)
    def killed(self, pick: int) -> None:
        """An execution is stopped by hand."""
        alive = [one for one in self.world.executions.values() if one.at is not None]
        if alive:
            alive[pick % len(alive)].at = None

    @rule()
    def another_machine(self) -> None:
        self.world.version = f"machine-{int(self.world.version[8:]) + 1}"

    @rule(seam=seams)
    def reaped(self, seam: tuple[int, int, int] | None) -> None:
        self._interrupted(_suppressing(self.world.reap), seam)

    # the outbox

    @rule(many=st.integers(1, 4))
    def relayed(self, many: int) -> None:
        self.world.relay(many)

    @precondition(lambda self: self.world.outbox)
    @rule()
    def told_twice(self) -> None:
        self.world.outbox.insert(0, self.world.outbox[0])
        self.world.relay(2)

    @precondition(lambda self: self.world.outbox)
    @rule()
    def never_told(self) -> None:
        del self.world.outbox[0]

    # the vendors

    @rule(pick=picks, late_s=st.sampled_from([0, 0, 20, 100]))
    def hears(self, pick: int, late_s: int) -> None:
        """A segment comes, of an ear that listens or of one that did."""
        if all_ := self.hours.recordings():
            vendor, one = all_[pick % len(all_)]
            self.hours.push(vendor, one, min(one.stopped or self.clock(), self.clock() - late_s * 1000))

    @rule(pick=picks, how=st.sampled_from(["told", "told", "silently"]))
    def ends(self, pick: int, how: str) -> None:
        if live := self.hours.recordings(running=True):
            vendor, one = live[pick % len(live)]
            one.stopped, one.died = self.clock(), True
            if how == "told":
                self.hours.keep(vendor, one, ended(one))

    @rule(pick=picks)
    def falls_mute(self, pick: int) -> None:
        """It listens, and nothing that it tells arrives."""
        if live := self.hours.recordings(running=True):
            live[pick % len(live)][1].is_mute = True

    @rule(
        name=st.sampled_from(["shumei", "yidun"]),
        mood=st.sampled_from(["lost", "lost", "refused", "refused_for_good", "full", "unreachable"]),
    )
    def moody(self, name: str, mood: str) -> None:
        self.world.vendors[name].moods.append(mood)

    @rule(name=st.sampled_from(["shumei", "yidun"]), mood=st.sampled_from(["lost", "refused", "lied"]))
    def stops(self, name: str, mood: str) -> None:
        self.world.vendors[name].stops.append(mood)

    @rule(name=st.sampled_from(["shumei", "yidun"]), is_down=st.booleans())
    def down(self, name: str, is_down: bool) -> None:
        self.world.vendors[name].is_down = is_down

    @rule()
    def mints_nothing(self) -> None:
        self.world.platform.errors.append(RetryLater("throttled"))

    # time

    @rule(seconds=st.sampled_from([1, 3, 10, 21, 61, 90]))
    def passes(self, seconds: int) -> None:
        self.clock.forward(seconds)

    @rule(seconds=st.sampled_from([30, 120, 600, 1_800, 7_200, 20_000]), reaps=st.booleans())
    def goes_on(self, seconds: int, reaps: bool) -> None:
        """Everybody does what is due, and the vendors tell what they hear."""
        self.hours.run(seconds, reaps=reaps)

    # what must be so

    @invariant()
    def holds(self) -> None:
        if not hasattr(self, "world"):
            return
        checks.nothing_without_an_owner(self.world)
        checks.credentials_are_used_once(self.world)

    def teardown(self) -> None:
        """All is well again, and time goes by; then the rooms close."""
        if not hasattr(self, "world"):
            return
        for vendor in self.world.vendors.values():
            vendor.is_down, vendor.moods, vendor.stops = False, [], []
            for one in vendor.books.values():
                one.is_mute = False
        self.world.platform.errors = []
        self.hours.run(4_500)
        self.holds()
        checks.closed_rooms_cost_nothing(self.world)
        checks.open_rooms_are_heard(self.world)
        checks.only_one_drives(self.world)
        for room in ROOMS:
            self.closed(room)
        self.hours.run(4_500)
        self.holds()
        checks.everything_is_over(self.world)
        checks.closed_rooms_cost_nothing(self.world)
        checks.status_is_told_without_gaps(self.world)
        checks.ledgers_add_up(self.world)


def _die() -> None:
    raise ConnectionError("the function died here")


def _throttle() -> None:
    raise RetryLater("throttled")


def _suppressing(act: Callable[[], object]) -> Callable[[], None]:
    """A run that fails is not repeated: the next one comes in a minute."""

    def acts() -> None:
        try:
            act()
        except (EarshotError, ConnectionError):
            return

    return acts


Lifecycle.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
TestLifecycle = Lifecycle.TestCase
