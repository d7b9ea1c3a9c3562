"""Finishing a task. Where the vendor takes many in one call, and few calls, whoever has the turn finishes for all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from earshot.errors import AlreadyDone, EarshotError, RetryLater
from earshot.log_codes import LogCode
from earshot.store.port import Lifecycle, Stops, WaitingStop
from earshot.telemetry import note
from earshot.vendors.port import Client, Ending

QUEUED = "stop_queued"
"""The reason while a task waits for somebody's call, and nothing is wrong."""


class StopStore(Lifecycle, Stops, Protocol):
    """What this use case needs of the store."""


def _at_once(vendor: str, patience_ms: int) -> bool:
    del vendor, patience_ms
    return True


def _nobody_waits(vendor: str, task_ref: str) -> None:
    del vendor, task_ref


@dataclass(frozen=True)
class StopQueue:
    """See the module. ``first_check``: when to ask a vendor about a task that was finished then (None: never);
    ``rest`` waits seconds. ``may_call``: whether a call to a vendor that takes one at a time may go, after a rest of
    so many milliseconds at most; ``hand_on`` frees the stream of a vendor's task that has ended."""

    store: StopStore
    first_check: Callable[[str, int], int | None]
    rest: Callable[[float], None]
    now: Callable[[], int]
    may_call: Callable[[str, int], bool] = _at_once
    hand_on: Callable[[str, str], None] = _nobody_waits

    def __call__(
        self, vendor: str, client: Client, ending: Ending, refs: Sequence[str], patience_ms: int
    ) -> EarshotError | None:
        """None once the vendor has acknowledged the end of the task, and the tasks of ours that it is (``refs``) are
        written as finished, by whoever's call; else why not yet. No ``refs``: known as finished, it listens on.

        ``patience_ms``: how long to wait for a turn. Who can come again should not wait: it costs a Lambda, and the
        task is finished all the same.
        """
        ending = replace(ending, endpoint=ending.endpoint or client.endpoint(ending.options))
        stop = WaitingStop(ending.vendor_task_id, ending.known_ended, tuple(refs))
        if not client.finish_every_ms:
            return self._finish_one(vendor, client, ending, stop, patience_ms)
        queue = f"{vendor}:{ending.endpoint}"
        self.store.ask_stop(queue, stop, self.now())
        until = self.now() + patience_ms
        while wait_ms := self.store.take_turn(f"stop:{queue}", self.now(), client.finish_every_ms):
            if self.now() + wait_ms > until:
                return self._later(queue, stop)
            self.rest(wait_ms / 1000)
        return self._finish_all(vendor, queue, client, ending)

    def _finish_one(
        self, vendor: str, client: Client, ending: Ending, stop: WaitingStop, patience_ms: int
    ) -> EarshotError | None:
        if not self.may_call(vendor, patience_ms):
            return RetryLater(QUEUED, "others are being finished first")
        (error,) = _outcomes(client, [ending])
        if not _is_done(error):
            return error
        self._finished(vendor, stop, error)
        return None

    def _later(self, queue: str, stop: WaitingStop) -> EarshotError | None:
        """Unless it was finished between our looking at it and our asking: then nobody waits."""
        tasks = [self.store.task(ref) for ref in stop.task_refs]
        if not tasks or not all(task is not None and task.finished_at is not None for task in tasks):
            return RetryLater(QUEUED, "others are being finished first")
        self.store.settle_stop(queue, stop.vendor_task_id)
        return None

    def _finish_all(self, vendor: str, queue: str, client: Client, mine: Ending) -> EarshotError | None:
        """A call for everybody who waits. What fails goes on waiting: its own caller comes again."""
        waiting = self.store.waiting_stops(queue, mine.vendor_task_id, client.finish_batch)
        if not waiting:
            return None  # somebody else's call was quicker
        endings = [Ending(stop.vendor_task_id, mine.endpoint, {}, stop.known_ended) for stop in waiting]
        outcomes = dict(zip(waiting, _outcomes(client, endings), strict=True))
        for stop, error in outcomes.items():
            if _is_done(error):
                self._finished(vendor, stop, error)
                self.store.settle_stop(queue, stop.vendor_task_id)
        mine_is = [e for stop, e in outcomes.items() if stop.vendor_task_id == mine.vendor_task_id]
        return next((error for error in mine_is if not _is_done(error)), None)

    def _lose(self, ref: str) -> None:
        """The vendor knows no such task, and told of no end: nobody knows how long it listened after its last sign;
        but if it was asked to end before, and the answer was lost, that was its end."""
        task = self.store.task(ref)
        if task is not None and task.ended_at is None:
            self.store.lose_task(ref, max(task.last_sign, task.stopped_at or 0))

    def _finished(self, vendor: str, stop: WaitingStop, told: EarshotError | None) -> None:
        for ref in stop.task_refs:
            if told is not None:
                self._lose(ref)
            # First: a task that is written as finished is not finished again, and would keep its stream.
            self.hand_on(vendor, ref)
            self.store.finish_task(ref, self.now(), self.first_check(vendor, self.now()))
        note(LogCode.ES208, task_ref=",".join(stop.task_refs), task_id=stop.vendor_task_id)


def _is_done(error: EarshotError | None) -> bool:
    return error is None or isinstance(error, AlreadyDone)


def _outcomes(client: Client, endings: Sequence[Ending]) -> Sequence[EarshotError | None]:
    try:
        return client.finish(endings)
    except EarshotError as error:
        return [error] * len(endings)
