"""The burst of the bench, which depends on no clock."""

from __future__ import annotations

from tests.perf import bench, burst


def test_a_burst_takes_hardly_longer_than_its_limit_and_breaks_none() -> None:
    result = burst.measure()
    assert result.refused == 0
    assert 1 <= result.ratio <= bench.BAR_BURST
    assert result == burst.measure()
