"""The numbers to hold, each beside its bar: ``python -m tests.perf.bench``. Exit status 1 when one is missed.

Ratios are taken against floor programs (tests/perf/floors) that run in the same minute on the same machine, so they
carry over where milliseconds do not. What can be counted is counted, and does not vary.
"""

from __future__ import annotations

import logging
import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from unittest import mock

from tests.perf import burst, callback, cold_start, cost, counts, mint, polling, rooms, warm
from tests.template.bundle import FAKE_AWS

PACKAGES = ("boto3", "botocore", "pydantic", "aws-lambda-powertools", "requests")
COLD_RUNS, WARM_ROUNDS = 9, 15
DOOR = "receive_callback"
BAR_DOOR, BAR_OTHERS, BAR_WARM = 1.25, 1.6, 1.5
BAR_WRITES, BAR_TRANSITIONS = 1, 12
BAR_ALL, BAR_HITS = 0.002, 0.0008
BAR_BURST = 1.1
BAR_CROWD = 1.05
"""Vendors that nobody uses cost nothing; measuring has a noise of a few hundredths."""
BAR_FINISH_S = 5


@dataclass(frozen=True)
class Row:
    """One number: what was measured, against what, and the most that it may be."""

    what: str
    ours: str
    floor: str
    figure: float
    bar: float
    unit: str = ""

    @property
    def holds(self) -> bool:
        return self.figure <= self.bar

    def __str__(self) -> str:
        verdict = "ok  " if self.holds else "MISS"
        figures = f"{self.unit}{self.figure:<8.6g} bar {self.unit}{self.bar:g}"
        return f"{verdict}  {self.what:44} {self.ours:>11} {self.floor:>11}   {figures}"


def cold_rows() -> Iterator[Row]:
    """Import and initialisation against the SDK's own."""
    timings = cold_start.measure(COLD_RUNS)
    floor = f"{timings[cold_start.FLOOR].cpu * 1e3:.0f} ms"
    for name, timing in timings.items():
        if name != cold_start.FLOOR:
            bar = BAR_DOOR if name.startswith(DOOR) else BAR_OTHERS
            yield Row(
                f"import + init, {name}", f"{timing.cpu * 1e3:.0f} ms", floor, round(timing.ratio, 2), bar
            )
    ratio = round(cold_start.crowded(COLD_RUNS), 2)
    yield Row(f"the same with {cold_start.CROWD} more vendors, twice over", "", "", ratio, BAR_CROWD)


def warm_rows() -> Iterator[Row]:
    """One callback against its own floor."""
    for vendor in sorted(callback.PUSHES):
        result = warm.measure(WARM_ROUNDS, vendor)
        ours, floor = f"{result.ours * 1e6:.0f} us", f"{result.floor * 1e6:.0f} us"
        yield Row(f"CPU of one warm callback, {vendor}", ours, floor, round(result.ratio, 2), BAR_WARM)


def counted_rows() -> Iterator[Row]:
    """What does not vary."""
    one = counts.of_a_callback()
    yield Row("writes per callback, request path", f"{one.item_bytes} B", "", one.door_writes, BAR_WRITES)
    quiet = rooms.quiet().transitions
    yield Row("state transitions per quiet room-hour", "", "", quiet, BAR_TRANSITIONS)
    everything = sum(cost.stream_hour(one).values())
    yield Row("AWS cost per stream-hour, all kept", "", "", round(everything, 6), BAR_ALL, "$")
    hits = sum(cost.stream_hour(one, kept_share=cost.assumptions()["hits_share"]).values())
    yield Row("AWS cost per stream-hour, hits kept", "", "", round(hits, 6), BAR_HITS, "$")
    storm = burst.measure()
    times = f"{storm.lasted:.0f} s", f"{storm.floor:.0f} s"
    yield Row(f"burst of {burst.ROOMS}: makespan / (N/limit)", *times, round(storm.ratio, 3), BAR_BURST)
    yield Row("calls refused, rooms lost in that burst", "", "", storm.refused, 0)
    slowest = round(rooms.stormy().p99_finish_s, 2)
    yield Row("closed until finished, p99, simulated, in s", "", "", slowest, BAR_FINISH_S)


def _bill() -> None:
    one = counts.of_a_callback()
    share = cost.assumptions()["hits_share"]
    everything, hits = cost.stream_hour(one), cost.stream_hour(one, kept_share=share)
    print("\nof which, in millionths of a dollar" + " " * 13 + "all kept   hits kept")
    for name, usd in everything.items():
        print(f"      {name:44} {usd * 1e6:>5.0f} {hits[name] * 1e6:>11.0f}")
    print(f"and once for each room: ${cost.life():.6f} ({counts.transitions_per_life()} transitions)")


def _driving() -> None:
    print(
        "\na room-hour, played on virtual time"
        + " " * 15
        + "transitions  history   steps   unheard, s         $"
    )
    names = {"quiet": rooms.quiet, "renewed": rooms.renewed, "stormy": rooms.stormy}
    for name, hour in ((name, play()) for name, play in names.items()):
        unheard = (1 - hour.heard) * rooms.HOUR_S
        counted = f"{hour.transitions:>11.2f} {hour.events:>8.1f} {hour.invocations:>7.2f} {unheard:>12.1f}"
        print(f"      {name:44} {counted} {hour.usd:>9.6f}")


def _polling() -> None:
    found = polling.measure()
    print("\nresults fetched from a vendor's queue, table and vendor answering at once")
    print(
        f"      {found.per_second:.0f} a second in one run (Yidun hands out {found.handed_out:.0f} at most)",
        end="",
    )
    print(f", {found.cpu * 1e3:.2f} ms of CPU and {found.writes:.3f} writes each")


def _credentials() -> None:
    print("\nCPU of one credential, the platform's API answering at once, in ms")
    print("      " + "   ".join(f"{name} {cpu * 1e3:.2f}" for name, cpu in mint.measure().items()))


def main() -> int:
    """Print every row; 1 if any misses its bar."""
    print(f"Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in PACKAGES))
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n")
    print(f"{'':6}{'':44} {'ours':>11} {'floor':>11}   figure")
    missed = 0
    for rows in (cold_rows, warm_rows, counted_rows):
        for row in rows():
            print(row, flush=True)
            missed += not row.holds
    _bill()
    _driving()
    _credentials()
    _polling()
    print(f"\n{missed} missed" if missed else "\nall hold")
    return 1 if missed else 0


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    with mock.patch.dict(os.environ, FAKE_AWS):
        sys.exit(main())
