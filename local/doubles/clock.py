"""The only place where the doubles look at a real clock."""

from __future__ import annotations

import time

from local.doubles.model import Now


class ScaledClock:
    """Real time, and time that runs ``scale`` times faster.

    With an ``origin`` (epoch seconds) there is one clock only: the time of day runs faster too, from that moment on,
    for signatures, rates and time-outs of receivers alike; whoever calls must have the same.
    """

    def __init__(self, scale: float, origin: float | None = None) -> None:
        self.scale, self.origin = scale, origin
        # Monotonic, so that a laptop's clock correction never moves segments; the wall clock is read afresh
        # each time because signatures must be judged by what everybody else's clock says.
        self._start = time.monotonic()

    def now(self) -> Now:
        """This instant."""
        if self.origin is not None:
            scaled = (time.time() - self.origin) * self.scale
            return Now(wall=self.origin + scaled, scaled=scaled)
        return Now(wall=time.time(), scaled=(time.monotonic() - self._start) * self.scale)

    def real_seconds(self, scaled: float) -> float:
        """How long a scaled duration takes in reality."""
        return scaled / self.scale
