"""Hours of rooms on virtual time: counts, which are the same every time."""

from __future__ import annotations

from tests.perf import bench, counts, rooms


def test_a_quiet_room_is_looked_at_and_nothing_else() -> None:
    hour = rooms.quiet()
    assert hour.transitions == counts.transitions_per_quiet_hour() <= bench.BAR_TRANSITIONS
    assert hour.invocations == 1


def test_a_renewed_room_is_heard_throughout() -> None:
    hour = rooms.renewed()
    assert (1 - hour.heard) * rooms.HOUR_S < 1
    assert hour.p99_finish_s <= bench.BAR_FINISH_S


def test_a_room_that_is_driven_costs_less_than_its_callbacks() -> None:
    assert rooms.quiet().usd < rooms.renewed().usd < bench.BAR_HITS
