"""What can be changed about the Lyrebird double. [P]: docs/lyrebird-api.md says so; [I]: it is silent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local.doubles.settings import Settings, setting


@dataclass
class _Calls(Settings):
    """How calls are judged."""

    clock_window: int = setting(300, "[P]", "real seconds a timestamp may be off, either way; more → 2003")
    rate_limit: int = setting(20, "[P]", "calls per account in any window of one real second; more → 2005")
    max_streams: int = setting(50, "[P]", "running streams of an account; more → 2006")
    out_of_balance: bool = setting(False, "[P]", "answer 2007 to every start")
    retention: float = setting(86400.0, "[P]", "scaled seconds that a stream is known after its end")


@dataclass
class LyrebirdSettings(_Calls):
    """Defaults are those of the page."""

    segment_seconds: float = setting(10.0, "[P]", "scaled seconds per slice")
    segment_latency: float = setting(0.0, "[I]", "scaled seconds from the end of a slice to its event")
    gather_seconds: float = setting(
        0.0, "[I]", "scaled seconds for which events of a stream wait for more of them, ten at most"
    )
    end_delay: float = setting(
        1.0, "[I]", "scaled seconds from the end of a stream (`stopping`) to its ended event (`ended`)"
    )
    pull_failure_delay: float = setting(
        3.0, "[I]", "scaled seconds from a start with a bad credential to its end (end_code 11)"
    )
    silence_limit: float = setting(
        600.0, "[P]", "scaled seconds without a voice that end a stream (end_code 12); 0: never"
    )
    media_base_url: str = setting(
        "https://media.example.com/lyrebird", "[I]", "start of `clip`; empty: no clips"
    )
    push_timeout: float = setting(5.0, "[P]", "real seconds a receiver may take")
    push_intervals: list[Any] = setting(  # noqa: RUF009 - a factory inside, like any dataclass field
        [2.0, 4.0, 8.0, 16.0, 32.0],
        "[P]",
        "scaled seconds before each further attempt, counted from the failure of the one before",
    )
    push_content_type: str = setting("application/json; charset=utf-8", "[P]", "Content-Type of pushes")
    corrupt_how: str = setting(
        "signature",
        "[I]",
        "what the fault `corrupt` does: a wrong `signature`, none (`unsigned`), half a `body`, a `stale` time",
        ("signature", "unsigned", "body", "stale"),
    )
