"""Results that wait to be polled (page "直播音频结果获取")."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from local.doubles.model import Json
from local.doubles.yidun.gate import Owner
from local.doubles.yidun.settings import YidunSettings
from local.doubles.yidun.task import Task


@dataclass(frozen=True)
class Waiting:
    """One result."""

    task: Task
    item: Json
    born: float


@dataclass
class Backlog:
    """Each result is handed out once, and again to the same ``yidunRequestId``."""

    settings: YidunSettings
    _queues: defaultdict[Owner, deque[Waiting]] = field(default_factory=lambda: defaultdict(deque))
    _batches: dict[tuple[Owner, str], tuple[float, list[Json]]] = field(default_factory=dict)

    def add(self, task: Task, items: Iterable[Json], at: float) -> None:
        """Keep results."""
        for item in items:
            self._queues[task.owner].append(Waiting(task, item, at))
            task.backlog += 1

    def take(self, owner: Owner, request_id: str, at: float, forget: bool) -> list[Json]:
        """The next batch. ``forget``: it is not handed out, though it looks so."""
        self._expire(owner, at)
        key, queue = (owner, request_id), self._queues[owner]
        if request_id and key in self._batches:
            return self._batches[key][1]
        count = min(len(queue), self.settings.poll_batch)
        if forget:
            return [queue[index].item for index in range(count)]
        taken = [queue.popleft() for _ in range(count)]
        for waiting in taken:
            waiting.task.backlog -= 1
            waiting.task.counts["polled"] += 1
        items = [waiting.item for waiting in taken]
        if request_id and items:  # an empty answer is no batch: the id may get one later [?]
            self._batches[key] = (at, items)
        return items

    def size(self) -> int:
        """Results that nobody has polled."""
        return sum(map(len, self._queues.values()))

    def _expire(self, owner: Owner, at: float) -> None:
        queue = self._queues[owner]
        while queue and queue[0].born + self.settings.retention <= at:
            queue.popleft().task.backlog -= 1
        old = [key for key, (born, _) in self._batches.items() if born + self.settings.poll_memory <= at]
        for key in old:
            del self._batches[key]
