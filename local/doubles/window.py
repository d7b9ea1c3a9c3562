"""True sliding-window counting."""

from __future__ import annotations

from collections import deque


class SlidingWindow:
    """Counts events in every half-open window of ``seconds`` that ends now.

    Two events exactly ``seconds`` apart never share a window.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._events: deque[float] = deque()

    def count(self, at: float) -> int:
        """Events in the window that ends at ``at``."""
        # Events from the future appear when the wall clock is set back; they must not block for hours.
        while self._events and (self._events[0] <= at - self.seconds or self._events[0] > at):
            self._events.popleft()
        return len(self._events)

    def add(self, at: float) -> None:
        """Note one event."""
        self._events.append(at)
