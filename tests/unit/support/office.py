"""Finished tasks, and a vendor that can be asked about them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from earshot.contract.plan import Plan
from earshot.domain.watch import SignalName, Task, Watch
from earshot.store.port import Segment
from earshot.usecases.reconcile_tasks import ReconcileTasks
from earshot.vendors import registry
from earshot.vendors.yidun.door import identify

from tests.unit.support import makers
from tests.unit.support.makers import START
from tests.unit.support.world import World
from tests.unit.yidun.yidun_results import EVIDENCES, encode, hit

MINUTE = 60_000
SOON, LATE = 10 * MINUTE, 26 * 60 * MINUTE
CLOSED = START + MINUTE
FOUND = {"taskId": "task-1", "censorSource": 2}


def sentence(second: int, level: int = 2, task_id: str = "task-1") -> bytes:
    """A result as an auditor tells it."""
    at = START + second * 1_000
    said = {**EVIDENCES, "suggestion": level, "startTime": at, "endTime": at + 900, "url": ...}
    return encode({"antispam": FOUND | {"taskId": task_id, "evidences": said}})


def pushed(second: int, level: int = 2) -> bytes:
    """The same as a push brings it."""
    at = START + second * 1_000
    return hit(startTime=at, endTime=at + 900, suggestion=level, segmentId=f"segment-{second}")


@dataclass
class Auditor:
    """``runs`` are its answers in order, then no; ``told`` its results; an exception is raised where it stands."""

    runs: list[bool | BaseException | None] = field(default_factory=list)
    told: Sequence[bytes | BaseException] = ()
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def still_runs(self, vendor_task_id: str, endpoint: str | None, since: int, now: int) -> bool | None:
        self.asked.append((vendor_task_id, endpoint, since, now))
        self.meanwhile()
        answer = self.runs.pop(0) if self.runs else False
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def results(
        self, vendor_task_id: str, endpoint: str | None, start: int, end: int, options: Mapping[str, Any]
    ) -> Iterator[bytes]:
        del options
        self.asked.append((vendor_task_id, endpoint, start, end))
        self.meanwhile()
        for result in self.told:
            if isinstance(result, BaseException):
                raise result
            yield result


@dataclass
class Office:
    """Rooms that were heard and closed after a minute; ``keep`` as in the plan."""

    keep: str = "all"
    vendor: str = "yidun"
    auditor: Auditor = field(default_factory=Auditor)
    world: World = field(init=False)

    def __post_init__(self) -> None:
        options: dict[str, Any] = {"yidun": {}} if self.vendor == "yidun" else {}
        plan = Plan.model_validate({"vendor": self.vendor, "keep": self.keep, "vendors": options})
        self.world = World(plans={"default": plan})

    def heard(self, **detail: Any) -> tuple[Watch, Task]:
        self.world.track(**detail)
        watch = next(one for one in self.world.store._watches.values() if one.current_task is None)
        self.world.submit(watch, self.world.mint(watch))
        return self.world.fresh(watch), self.world.tasks(watch)[-1]

    def close(self, watch: Watch) -> None:
        self.world.clock.now = max(CLOSED, self.world.clock.now)
        self.world.store.signal(watch.watch_id, makers.signal(SignalName.ROOM_CLOSED, self.world.clock.now))
        self.world.finish(self.world.fresh(watch))
        self.world.vendor.finished.clear()

    def finished(self, **detail: Any) -> Task:
        watch, task = self.heard(**detail)
        self.close(watch)
        return self.task(task)

    def look(self, at: int | None = None, for_ms: int = 45_000) -> int:
        clock = self.world.clock
        clock.now = clock.now if at is None else at
        reconcile = ReconcileTasks(
            self.world.store,
            lambda _: self.world.vendor,
            lambda _: self.auditor,
            registry.door,
            self.world.stop_queue(),
            clock,
        )
        return reconcile(clock.now + for_ms)

    def task(self, task: Task) -> Task:
        found = self.world.store.task(task.task_ref)
        assert found
        return found

    def due(self, task: Task, at: int | None) -> None:
        self.world.store._tasks[task.task_ref] = replace(self.task(task), due_at=at)

    @property
    def kept(self) -> list[Segment]:
        return list(self.world.store._segments.values())

    def push(self, task: Task, *bodies: bytes) -> None:
        for body in bodies:
            self.world.store.put_segment(Segment(task.task_ref, identify(body).key, "yidun", body, START))
