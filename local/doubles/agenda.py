"""Things to do at a scaled second."""

from __future__ import annotations

import heapq
from collections.abc import Callable

from local.doubles.model import Now

Action = Callable[[float, Now], None]


class Agenda:
    """A queue ordered by due second, then by insertion, so that equal seconds stay deterministic."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Action]] = []
        self._count = 0

    def at(self, due: float, action: Action) -> None:
        """Do ``action(due, now)`` once the scaled clock reaches ``due``."""
        self._count += 1
        heapq.heappush(self._heap, (due, self._count, action))

    def next_due(self) -> float | None:
        """Second of the earliest entry."""
        return self._heap[0][0] if self._heap else None

    def run(self, now: Now) -> None:
        """Do everything due, in order; actions may add further entries, also due ones."""
        while self._heap and self._heap[0][0] <= now.scaled:
            due, _, action = heapq.heappop(self._heap)
            action(due, now)
