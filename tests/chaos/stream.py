"""The table's stream: lanes of records in order, batches, repeats, and what is given up."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from earshot.store.port import Change, WatchChange

from tests.chaos.lambdas import Lambdas
from tests.chaos.machine import Failure

LANES = 10
"""``ParallelizationFactor`` of one shard: a key stays in its lane."""
MOST_BACK_OFF_S = 60.0


@dataclass
class Lane:
    """Records in order. ``tries`` of the first batch; ``most`` of it while it is cut in halves."""

    waiting: deque[dict[str, Any]] = field(default_factory=deque)
    flying: bool = False
    tries: int = 0
    most: int = 100


class Stream:
    """Hands changes to the function that relays them, as its event source mapping does."""

    def __init__(self, lambdas: Lambdas, luck: Random, letters: list[dict[str, Any]]) -> None:
        (self._function,) = [one for one in lambdas.known.values() if one.relays]
        self._lambdas, self._luck, self._letters = lambdas, luck, letters
        self._lanes = [Lane(most=self._function.batch) for _ in range(LANES)]
        self._sequence = 0

    def take(self, partition: str, change: Change) -> None:
        """A write's record; it is seen a moment later."""
        self._sequence += 1
        record = {
            "eventName": "MODIFY" if isinstance(change, WatchChange) and change.was else "INSERT",
            "dynamodb": {"SequenceNumber": f"{self._sequence:021}", "Keys": {"pk": {"S": partition}}},
            "change": change,
        }
        lane = self._lanes[zlib.crc32(partition.encode()) % LANES]
        lane.waiting.append(record)
        loop = self._lambdas.loop
        late_s = self._luck.uniform(0.05, 0.4) + self._lambdas.book.lag_s("stream", loop.second)
        loop.after(late_s, lambda: self._deliver(lane))

    @property
    def waiting(self) -> int:
        """Records that are not told yet."""
        return sum(len(lane.waiting) for lane in self._lanes)

    def _deliver(self, lane: Lane) -> None:
        if lane.flying or not lane.waiting:
            return
        lane.flying = True
        batch = [lane.waiting[at] for at in range(min(lane.most, len(lane.waiting)))]
        self._lambdas.invoke(
            self._function.name, {"Records": batch}, lambda answer: self._answered(lane, batch, answer)
        )

    def _answered(self, lane: Lane, batch: list[dict[str, Any]], answer: Any) -> None:
        lane.flying = False
        told = self._told(batch, answer)
        for _ in range(told):
            lane.waiting.popleft()
        if told == len(batch):
            lane.tries, lane.most = 0, self._function.batch
            self._again(batch)
            self._deliver(lane)
            return
        lane.tries = 1 if told else lane.tries + 1
        if isinstance(answer, Failure):
            lane.most = max(1, len(batch) // 2)
        if lane.tries > self._function.attempts:
            left = batch[told:]
            self._letters.append({"stream": [record["dynamodb"]["Keys"] for record in left]})
            for _ in left:
                lane.waiting.popleft()
            lane.tries = 0
        back_off = min(MOST_BACK_OFF_S, 0.5 * 2.0 ** min(lane.tries, 10)) * self._luck.uniform(0.5, 1)
        self._lambdas.loop.after(back_off, lambda: self._deliver(lane))

    def _told(self, batch: list[dict[str, Any]], answer: Any) -> int:
        """How many of a batch are done with: up to the first that it reports."""
        if isinstance(answer, Failure):
            return 0
        failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
        numbers = [record["dynamodb"]["SequenceNumber"] for record in batch]
        return next((at for at, number in enumerate(numbers) if number in failed), len(batch))

    def _again(self, batch: list[dict[str, Any]]) -> None:
        """At least once: a batch may come once more, by itself."""
        loop = self._lambdas.loop
        for later_s in self._lambdas.book.again_s("stream", loop.second):
            loop.after(later_s, self._sending({"Records": list(batch)}))

    def _sending(self, payload: dict[str, Any]) -> Callable[[], None]:
        return lambda: self._lambdas.invoke(self._function.name, payload, _ignore)


def _ignore(_answer: Any) -> None:
    """A repetition's outcome decides nothing."""
