"""Ten thousand rooms in one second, on a virtual clock: how much longer it takes than their narrowest limit says."""

from __future__ import annotations

from dataclasses import dataclass

from tests.unit.support.storm import SUBMITS_PER_S, Storm

ROOMS = 10_000


@dataclass(frozen=True)
class Result:
    """In seconds of virtual time; ``refused`` by the doubles' own limits."""

    lasted: float
    floor: float
    refused: int

    @property
    def ratio(self) -> float:
        return self.lasted / self.floor


def measure() -> Result:
    """Deterministic: latencies come out of a seed."""
    storm = Storm(ROOMS).run()
    floor = ROOMS / SUBMITS_PER_S
    lost = ROOMS - len(storm.started)
    return Result(storm.stretch * floor, floor, len(storm.refused) + lost)
