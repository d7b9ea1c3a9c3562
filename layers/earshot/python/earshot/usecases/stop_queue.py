"""Finishing a task where the vendor takes many in one call, and few calls: whoever has the turn finishes for all."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from earshot.errors import EarshotError, RetryLater
from earshot.store.port import Stops, WaitingStop
from earshot.vendors.port import Client, Ending

PATIENCE_MS = 4_000
"""Longer waits are the machine's, which do not cost a Lambda."""


@dataclass(frozen=True)
class StopQueue:
    """See the module. ``rest`` waits seconds."""

    store: Stops
    rest: Callable[[float], None]
    now: Callable[[], int]

    def __call__(self, vendor: str, client: Client, ending: Ending) -> EarshotError | None:
        """None once the vendor has acknowledged the end of the task, in whoever's call; else why not yet."""
        ending = replace(ending, endpoint=ending.endpoint or client.endpoint(ending.options))
        if not client.finish_every_ms:
            return _outcomes(client, [ending])[0]
        queue = f"{vendor}:{ending.endpoint}"
        self.store.ask_stop(queue, WaitingStop(ending.vendor_task_id, ending.known_ended), self.now())
        return self._wait(queue, client, ending)

    def _wait(self, queue: str, client: Client, ending: Ending) -> EarshotError | None:
        until = self.now() + PATIENCE_MS
        while True:
            wait_ms = self.store.take_turn(f"stop:{queue}", self.now(), client.finish_every_ms)
            if wait_ms == 0:
                return self._finish(queue, client, ending)
            if self.now() + wait_ms > until:
                return RetryLater("stop_queued", "others are being finished first")
            self.rest(wait_ms / 1000)
            if not self.store.waits_stop(queue, ending.vendor_task_id):
                return None

    def _finish(self, queue: str, client: Client, mine: Ending) -> EarshotError | None:
        """A call for everybody who waits. What fails goes on waiting: its own caller comes again."""
        waiting = self.store.waiting_stops(queue, mine.vendor_task_id, client.finish_batch)
        endings = [Ending(stop.vendor_task_id, mine.endpoint, {}, stop.known_ended) for stop in waiting]
        if not endings or endings[0].vendor_task_id != mine.vendor_task_id:
            return None  # somebody else's call was quicker
        outcomes = _outcomes(client, endings)
        for ending, error in zip(endings, outcomes, strict=True):
            if error is None:
                self.store.settle_stop(queue, ending.vendor_task_id)
        return outcomes[0]


def _outcomes(client: Client, endings: list[Ending]) -> list[EarshotError | None]:
    try:
        return client.finish(endings)
    except EarshotError as error:
        return [error] * len(endings)
