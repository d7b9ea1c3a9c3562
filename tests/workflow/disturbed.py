"""What a test does to the bundle's steps, and what the interpreter tells of them.

A test may have any step disturbed: by something that happens just before it (``once``) or by an error in its
place (``fail``).
"""

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Disturbance = Callable[[], object]


class Disturbed:
    """See the module. ``log`` holds every step that was begun, ``waited`` and ``tries`` what took no time."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.waited: list[tuple[str, float]] = []
        self.tries = 0
        self.tokens: list[str] = []
        self._once: dict[str, deque[Disturbance]] = defaultdict(deque)
        self._fails: dict[str, Iterator[BaseException]] = {}

    def once(self, state: str, *acts: Disturbance) -> None:
        """Just before the next runs of a step (a state's name, or a function's outside the machine)."""
        self._once[state].extend(acts)

    def fail(self, state: str, errors: Iterable[BaseException]) -> None:
        """Errors in the place of the step's next runs."""
        self._fails[state] = iter(errors)

    def _disturb(self, state: str) -> None:
        self.log.append(state)
        if self._once[state]:
            self._once[state].popleft()()
        if error := next(self._fails.get(state, iter(())), None):
            raise error

    def calm(self) -> None:
        """No step is disturbed any more."""
        self._once.clear()
        self._fails.clear()

    # what the interpreter tells

    def waits(self, state: str, seconds: float) -> None:
        """Nobody waits here, but things may happen meanwhile."""
        self.waited.append((state, seconds))
        self._disturb(state)

    def backs_off(self, _seconds: float) -> None:
        """A Retry. The breath keeps a machine that retries for hours from starving the test."""
        self.tries += 1
        threading.Event().wait(0.001)

    def parks(self, request: dict[str, Any]) -> None:
        """The Watch state is about to write its token."""
        self.tokens.append(request["ExpressionAttributeValues"][":token"]["S"])
        self._disturb("Watch")

    def parked(self) -> None:
        """The token can be answered from now on."""
        if self._once["Parked"]:
            self._once["Parked"].popleft()()
