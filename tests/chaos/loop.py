"""Virtual time: things to do at a second, and fibres, which are functions that may rest on the way.

A fibre has a thread of its own, but one thread at a time runs: whoever rests goes on with what is next, whatever it
is, and hands over where that is somebody else's. So what happens is as ordered as in one thread, and a handler can be
left in the middle of a call as Lambda leaves it, with others running meanwhile.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable
from typing import Any

Action = Callable[[], None]
Due = Callable[[], float | None]
STACK_BYTES = 512 * 1024
"""Of a fibre's thread: in a storm there are a thousand."""


class Abandoned(BaseException):
    """The run is over while a fibre rested."""


class Fibre:
    """A function that may rest; ``about`` is what it runs for."""

    def __init__(self, act: Action, about: Any) -> None:
        self.act, self.about = act, about


class Worker:
    """A thread that waits for its turn. The main thread is one too."""

    def __init__(self) -> None:
        self.fibre: Fibre | None = None
        self.closing = False
        self.thread: threading.Thread | None = None
        self._turn = threading.Lock()
        self._turn.acquire()

    def wait(self) -> None:
        """Until it is handed to."""
        self._turn.acquire()
        if self.closing:
            raise Abandoned

    def go(self) -> None:
        """It is its turn."""
        self._turn.release()


class Loop:
    """``second`` since the beginning. ``sources`` are things outside with an agenda of their own: when they are next
    due, and what is done then."""

    def __init__(self) -> None:
        self.second = 0.0
        self.current: Fibre | None = None
        self.steps = 0
        self._heap: list[tuple[float, int, Action | Fibre | Worker]] = []
        self._count = 0
        self._until = 0.0
        self._sources: list[tuple[Due, Action]] = []
        self._main = Worker()
        self._running = self._main
        self._idle: list[Worker] = []
        self._workers: list[Worker] = []
        self._raised: BaseException | None = None

    def at(self, second: float, action: Action | Fibre | Worker) -> None:
        """Do it then, or at once if that is over; what is to be done at the same second is done in this order."""
        self._count += 1
        heapq.heappush(self._heap, (max(second, self.second), self._count, action))

    def after(self, seconds: float, action: Action) -> None:
        """Do it so much later."""
        self.at(self.second + seconds, action)

    def source(self, due: Due, action: Action) -> None:
        """Something outside."""
        self._sources.append((due, action))

    def spawn(self, act: Action, about: Any = None) -> None:
        """Begin a fibre, once what happens now has happened."""
        self.at(self.second, Fibre(act, about))

    def run(self, until: float) -> None:
        """Everything until that second."""
        self._until = until
        self._drive(self._main)
        if self._raised is not None:
            raised, self._raised = self._raised, None
            raise raised
        self.second = until

    def sleep(self, seconds: float) -> None:
        """In a fibre: come back later."""
        fibre, worker, then = self.current, self._running, self.second + seconds
        if worker.closing or fibre is None:
            raise Abandoned
        if then <= self._until and self._peek() > then:
            self.second = then  # nothing else happens meanwhile
            return
        self.at(then, worker)
        self._drive(worker)
        self.current = fibre

    def close(self) -> None:
        """Leave no thread behind. Fibres that still rest are abandoned where they are."""
        for worker in self._workers:
            worker.closing = True
            self._running = worker
            worker.go()
            if worker.thread is not None:
                worker.thread.join()

    # what is next

    def _peek(self) -> float:
        """When anything happens next."""
        best = self._heap[0][0] if self._heap else float("inf")
        for due, _ in self._sources:
            when = due()
            if when is not None and when < best:
                best = when
        return best

    def _pop(self) -> tuple[float, Action | Fibre | Worker | None]:
        """What happens next, taken out; what is outside comes first, as one would see it there."""
        best = self._heap[0][0] if self._heap else float("inf")
        act: Action | None = None
        for due, action in self._sources:
            when = due()
            if when is not None and when <= best:
                best, act = when, action
        if best > self._until:
            return best, None
        if act is not None:
            return best, act
        return (best, heapq.heappop(self._heap)[2]) if self._heap else (best, None)

    # whose turn it is

    def _drive(self, me: Worker) -> None:
        """Do what is next in this thread, until it is its own turn (or, if it has no fibre, until it gets one)."""
        self.current = None
        while True:
            due, action = self._pop() if self._raised is None else (0.0, None)
            if action is None:
                self._hand(me, self._main)
                return
            self.second = max(self.second, due)
            self.steps += 1
            if isinstance(action, Worker):
                self._hand(me, action)
                return
            if isinstance(action, Fibre):
                other = me if me is not self._main and me.fibre is None else self._free()
                other.fibre = action
                self._hand(me, other)
                return
            try:
                action()
            except BaseException as error:  # whatever it is, the run ends with it
                self._raised = error

    def _hand(self, me: Worker, other: Worker) -> None:
        """It is the other's turn; returns when it is mine again."""
        if other is me:
            return
        self._running = other
        if me.fibre is None and me is not self._main:
            self._idle.append(me)
        other.go()
        me.wait()

    def _free(self) -> Worker:
        if self._idle:
            return self._idle.pop()
        worker, old = Worker(), threading.stack_size(STACK_BYTES)
        try:
            worker.thread = threading.Thread(target=self._live, args=(worker,), daemon=True)
            worker.thread.start()
        finally:
            threading.stack_size(old)
        self._workers.append(worker)
        return worker

    def _live(self, worker: Worker) -> None:
        """A worker's thread."""
        try:
            worker.wait()
            while True:
                fibre = worker.fibre
                assert fibre is not None
                self.current = fibre
                try:
                    fibre.act()
                except BaseException as error:  # whatever it is, the run ends with it
                    self._raised = error
                if worker.closing:
                    return
                worker.fibre = None
                self._drive(worker)
        except Abandoned:
            return
