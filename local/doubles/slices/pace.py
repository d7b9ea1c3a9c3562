"""The settings that this package reads; every double has its own defaults, marks and meanings."""

from __future__ import annotations

from typing import Any, Protocol


class Pace(Protocol):
    """How long things take: scaled seconds, but for ``push_timeout``, which is in real ones."""

    segment_seconds: float
    segment_latency: float
    end_delay: float
    silence_limit: float
    push_timeout: float
    push_intervals: list[Any]
    push_content_type: str
