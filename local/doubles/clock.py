"""The only place where the doubles look at a real clock."""

from __future__ import annotations

import time

from local.doubles.model import Now


class ScaledClock:
    """Real time, and time that runs ``scale`` times faster."""

    def __init__(self, scale: float) -> None:
        self.scale = scale
        # Monotonic, so that a laptop's clock correction never moves segments; the wall clock is read afresh
        # each time because signatures must be judged by what everybody else's clock says.
        self._start = time.monotonic()

    def now(self) -> Now:
        """This instant."""
        return Now(wall=time.time(), scaled=(time.monotonic() - self._start) * self.scale)

    def real_seconds(self, scaled: float) -> float:
        """How long a scaled duration takes in reality."""
        return scaled / self.scale
