"""How often calls may come; refused calls do not count [I]."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from local.doubles.window import SlidingWindow
from local.doubles.yidun.call import Call
from local.doubles.yidun.codes import BUSY, Refusal
from local.doubles.yidun.gate import Owner
from local.doubles.yidun.settings import YidunSettings

POLL_SECONDS = 10.0


def _window() -> SlidingWindow:
    return SlidingWindow(1.0)


@dataclass
class Rates:
    """Windows of real time, per operation and owner."""

    settings: YidunSettings
    _seconds: defaultdict[tuple[str, Owner], SlidingWindow] = field(
        default_factory=lambda: defaultdict(_window)
    )
    _polls: defaultdict[Owner, SlidingWindow] = field(
        default_factory=lambda: defaultdict(lambda: SlidingWindow(POLL_SECONDS))
    )

    def pass_or_refuse(self, call: Call) -> None:
        """Count a call that is otherwise good; raises Refusal."""
        operation, s = call.route.operation, self.settings
        if operation == "poll":
            # "Fewer than 20 calls per 10 s" (v3-era page of results).
            window, limit = self._polls[call.owner], s.poll_rate - 1
        elif operation in ("submit", "finish"):
            limit = s.submit_rate if operation == "submit" else s.feedback_rate
            window = self._seconds[operation, call.owner]
        else:
            return
        if window.count(call.now.wall) >= limit:
            raise Refusal(BUSY)
        window.add(call.now.wall)
