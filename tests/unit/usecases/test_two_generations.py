"""A watch that is restarted while it is well: whenever that happens and whoever is quicker, one execution goes on and
one task listens, and in the end none does."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from earshot.domain.watch import Watch
from earshot.errors import EarshotError
from earshot.usecases.stream_slots import HandOn
from earshot.usecases.submit_stream import SubmitStream
from earshot.vendors.port import Accepted, Submission
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.support.world import BASE, KEY, World

PARKED, GONE = "parked", "gone"


@dataclass
class Execution:
    """One execution of a watch, a step at a time, as the machine goes."""

    world: World
    watch: Watch
    generation: int
    at: str = "mint"
    known: dict[str, Any] = field(default_factory=dict)

    def step(self) -> None:
        """To the next state; a parked one stays."""
        if self.at in {PARKED, GONE}:
            return
        try:
            self._go()
        except EarshotError as error:
            self._look(type(error).__name__)

    def _go(self) -> None:
        world, watch = self.world, self.watch
        if self.known.get("release"):
            self.known["release"] = False
            world.finish(watch, release=True)
        if self.at == "mint":
            self._to(world.minting()(self._machine()))
        elif self.at == "submit":
            self._to(submitting(world)(self._machine()))
        elif self.at == "watch":
            self._park()
        elif self.at == "look":
            self._look()
        elif self.at == "leave":
            self.at = GONE
        else:
            world.finish(watch)
            world.close(watch)
            self.at = GONE

    def _park(self) -> None:
        if self.world.fresh(self.watch).signal is not None:
            self._look()
            return
        self.world.store._tokens[self.watch.watch_id] = f"token-{self.generation}"
        self.at = PARKED

    def wake(self) -> None:
        """Its token is handed back, or its time-out has come."""
        if self.at == PARKED:
            self._look()

    def _look(self, error: str = "") -> None:
        self._to(self.world.advise(self.watch, error, **{**self._kept(), "generation": self.generation}))

    def _machine(self) -> dict[str, Any]:
        return self.world.machine(self.watch, **{**self._kept(), "generation": self.generation})

    def _kept(self) -> dict[str, Any]:
        return {
            name: self.known[name] for name in ("number", "vendor", "slot", "round") if name in self.known
        }

    def _to(self, state: dict[str, Any]) -> None:
        self.known, self.at = dict(state), str(state["next"])


def submitting(world: World) -> SubmitStream:
    return SubmitStream(
        store=world.store,
        vendor=lambda _: world.vendor,
        callback_base=BASE,
        callback_key=lambda: KEY,
        health=world.health(),
        pace=world.pace(),
        per_s=world.limits.submits_per_s,
        hand_on=HandOn(world.streams(), world.store, world.clock),
        now=world.clock,
    )


def listening(world: World) -> set[str]:
    """Tasks that the vendor runs."""
    opened = {f"task-{number}" for number, _ in enumerate(world.vendor.submitted, start=1)}
    return opened - {vendor_task_id for vendor_task_id, _, _ in world.vendor.finished}


def settle(world: World, both: list[Execution], steps: int = 40) -> None:
    for _ in range(steps):
        for execution in both:
            execution.step()


@settings(max_examples=300)
@given(restart_at=st.integers(0, 6), turns=st.lists(st.booleans(), min_size=0, max_size=16))
def test_one_goes_on_and_one_task_listens(restart_at: int, turns: list[bool]) -> None:
    """``turns``: which of the two makes the next step."""
    world = World()
    watch = world.opened()
    older = Execution(world, watch, 0)
    for _ in range(restart_at):
        older.step()
    assert world.store.restart(watch.watch_id, 0)
    newer = Execution(world, watch, 1, at="look")
    for is_newer in turns:
        (newer if is_newer else older).step()
    goes_on_alone(world, older, newer)


def goes_on_alone(world: World, older: Execution, newer: Execution) -> None:
    """Until the room is closed, and there is nothing left."""
    settle(world, [older, newer])
    for _ in range(2):  # an ear that was replaced is let go once the one that took over has proved itself
        world.clock.forward(30)
        older.wake()
        newer.wake()
        settle(world, [older, newer])
    assert (older.at, newer.at) == (GONE, PARKED)
    assert len(listening(world)) == 1
    world.close_room(7_200)
    newer.wake()
    settle(world, [newer])
    assert newer.at == GONE
    assert world.fresh(newer.watch).is_over
    assert listening(world) == set()


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 4])
def test_a_restart_in_the_middle_of_a_submission_leaves_nothing_at_the_vendor(steps: int) -> None:
    """``steps`` that the newer one has made when the older one's call returns."""
    world = World()
    watch = world.opened()
    older, newer = Execution(world, watch, 0), Execution(world, watch, 1, at="look")

    def restarted(_submission: Submission) -> Accepted:
        assert world.store.restart(watch.watch_id, 0)
        for _ in range(steps):
            newer.step()
        return Accepted("task-1", "sh")

    world.vendor.outcomes = [restarted]
    older.step()
    older.step()
    goes_on_alone(world, older, newer)
