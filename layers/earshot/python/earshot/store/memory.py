"""The in-memory twin: the same facts under the same conditions, without a network. tests/contract proves it equal."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from earshot.domain import ids
from earshot.domain.lifecycle import Advice
from earshot.domain.room import Occurrence, Room
from earshot.domain.watch import Credential, Signal, Status, Task, TaskState, Watch
from earshot.errors import CredentialClaimed
from earshot.store.memory_attendances import MemoryAttendances
from earshot.store.memory_books import MemoryBooks
from earshot.store.memory_circuits import MemoryCircuits
from earshot.store.memory_live import MemoryLive
from earshot.store.memory_queues import MemoryQueues
from earshot.store.memory_reservations import MemoryReservations
from earshot.store.port import Conflict, Missing, RoomRecord, Segment

LONGEST_KEY = 512
"""In bytes, of those that are looked for by how they begin."""


class MemoryStore(
    MemoryBooks, MemoryLive, MemoryCircuits, MemoryReservations, MemoryQueues, MemoryAttendances
):
    """See :class:`earshot.store.port.Store`. Single-threaded: races are proved on a server."""

    def __init__(self) -> None:
        super().__init__()
        self._rooms: dict[str, RoomRecord] = {}
        self._watches: dict[str, Watch] = {}
        self._tasks: dict[str, Task] = {}
        self._credentials: dict[tuple[str, int], Credential] = {}
        self._owners: dict[tuple[str, str], str] = {}
        self._segments: dict[tuple[str, str], Segment] = {}
        self._tokens: dict[str, str] = {}

    # rooms

    def room(self, room: Room) -> RoomRecord:
        return self._rooms.get(room.key, RoomRecord(None, 0))

    def claim(
        self,
        room: Room,
        record: Occurrence,
        version: int,
        watches: Sequence[Watch],
        due_at: int | None = None,
    ) -> None:
        if any(watch.watch_id in self._watches for watch in watches):
            raise Conflict("room")
        self.amend_room(room, record, version)
        self._watches |= {watch.watch_id: watch for watch in watches}
        if due_at is not None:
            self._attendances[room.key] = replace(self.attendance(room), due_at=due_at)

    def amend_room(self, room: Room, record: Occurrence, version: int) -> None:
        if self.room(room).version != version:
            raise Conflict("room")
        self._rooms[room.key] = RoomRecord(record, version + 1)

    def add_watch(self, watch: Watch) -> bool:
        if watch.watch_id in self._watches:
            return False
        self._watches[watch.watch_id] = watch
        return True

    def watches(self, session_id: str) -> list[Watch]:
        mine = (watch for watch in self._watches.values() if ids.session_of(watch.watch_id) == session_id)
        return sorted(mine, key=lambda watch: watch.watch_id)

    # watches

    def watch(self, watch_id: str) -> Watch:
        if watch_id not in self._watches:
            raise Missing(f"watch {watch_id}")
        return self._watches[watch_id]

    def next_number(self, watch_id: str) -> int:
        watch = self.watch(watch_id)
        self._watches[watch_id] = replace(watch, credentials=watch.credentials + 1)
        return watch.credentials + 1

    def token(self, watch_id: str) -> str | None:
        return self._tokens.get(watch_id)

    def queue_watch(self, watch_id: str, now: int) -> None:
        watch = self.watch(watch_id)
        self._watches[watch_id] = replace(watch, queued_at=watch.queued_at or now)

    def restart(self, watch_id: str, generation: int) -> bool:
        watch = self._watches.get(watch_id)
        if watch is None or watch.is_over or watch.generation != generation:
            return False
        self._tokens.pop(watch_id, None)
        self._watches[watch_id] = replace(watch, generation=generation + 1)
        return True

    def signal(self, watch_id: str, signal: Signal) -> bool:
        watch = self._watches.get(watch_id)
        if watch is None or watch.is_over or watch.last_word:
            return False
        self._watches[watch_id] = replace(watch, signal=signal)
        return True

    def resolve(self, watch: Watch, advice: Advice, now: int) -> None:
        held = self.watch(watch.watch_id)
        if (held.signal and held.signal.signal_id) != (watch.signal and watch.signal.signal_id):
            raise Conflict("signal")
        if held.status_seq != watch.status_seq:
            raise Conflict("status")
        signal = held.signal if held.signal and held.signal.is_last else None
        reason = held.reason if advice.reason is None else advice.reason
        held = replace(held, signal=signal, troubles=advice.troubles, reason=reason, moved_at=now)
        held = replace(held, generation=held.generation + advice.hands_over)
        held = replace(held, unheard_at=now if advice.unheard else held.unheard_at)
        if advice.status is not None and advice.status is not watch.status:
            held = replace(held, status=advice.status, status_at=now, status_seq=watch.status_seq + 1)
        self._tokens.pop(watch.watch_id, None)
        self._watches[watch.watch_id] = held

    def close_watch(self, watch: Watch, ledger: Mapping[str, Any], now: int) -> None:
        held = self.watch(watch.watch_id)
        if held.status_seq != watch.status_seq:
            raise Conflict("status")
        held = replace(held, ledger=dict(ledger))
        self._kept.discard(watch.watch_id)
        if not watch.is_over:
            held = replace(held, status=Status.ENDED, status_at=now, status_seq=watch.status_seq + 1)
            held = replace(held, reason=watch.reason, closed_at=watch.closed_at, failed=watch.failed)
        self._watches[watch.watch_id] = held

    # credentials and tasks

    def put_credential(self, credential: Credential, now: int) -> None:
        del now
        self._credentials[credential.watch_id, credential.number] = credential

    def open_task(self, task: Task) -> Credential:
        credential = self._credentials.pop((task.watch_id, task.number), None)
        if credential is None:
            raise CredentialClaimed("credential_claimed", f"number {task.number}")
        self._tasks[task.task_ref] = task
        return credential

    def accept_task(self, watch: Watch, task: Task, now: int) -> None:
        held = self.watch(watch.watch_id)
        if held.status_seq != watch.status_seq:
            raise Conflict("status")
        known = self._tasks[task.task_ref]
        self._tasks[task.task_ref] = replace(
            known,
            state=task.state,
            vendor_task_id=task.vendor_task_id,
            endpoint=task.endpoint,
            accepted_at=task.accepted_at,
            adopted=task.adopted,
            renew_at=task.renew_at,
            silent_s=task.silent_s,
            hears_from=task.hears_from,
        )
        self._owners[task.vendor, str(task.vendor_task_id)] = task.watch_id
        held = replace(
            held, current_task=task.task_ref, heard_by=task.vendor, queued_at=None, unheard_at=None
        )
        if watch.status is not Status.MODERATING:
            held = replace(held, status=Status.MODERATING, status_at=now, status_seq=watch.status_seq + 1)
        self._watches[watch.watch_id] = held

    def owner(self, vendor: str, vendor_task_id: str) -> str | None:
        return self._owners.get((vendor, vendor_task_id))

    def task(self, task_ref: str) -> Task | None:
        return self._tasks.get(task_ref)

    def tasks(self, watch_id: str) -> list[Task]:
        mine = (task for task in self._tasks.values() if task.watch_id == watch_id)
        return sorted(mine, key=lambda task: task.number)

    def drop_task(self, task_ref: str, state: TaskState, detail: str, *, permanent: bool = False) -> None:
        task = self._tasks.get(task_ref)
        if task is not None and task.state is not TaskState.RUNNING:
            self._tasks[task_ref] = replace(task, state=state, detail=detail, permanent=permanent)

    def learn_task(self, task_ref: str, vendor_task_id: str) -> bool:
        task = self._tasks.get(task_ref)
        if task is None or task.vendor_task_id is not None:
            return False
        self._tasks[task_ref] = replace(task, vendor_task_id=vendor_task_id)
        return True

    def hear_task(self, task_ref: str, now: int, every_ms: int) -> bool:
        task = self._tasks.get(task_ref)
        if task is None or (task.heard_at is not None and task.heard_at > now - every_ms):
            return False
        self._tasks[task_ref] = replace(
            task, heard_at=now, first_heard_at=now if task.first_heard_at is None else task.first_heard_at
        )
        return True

    def lose_task(self, task_ref: str, at: int) -> None:
        task = self._tasks.get(task_ref)
        if task is not None and task.lost_at is None:
            self._tasks[task_ref] = replace(task, lost_at=at)

    def end_task(self, task_ref: str, now: int, code: int | None, seconds: float | None) -> bool:
        task = self._tasks.get(task_ref)
        if task is None or task.ended_at is not None:
            return False
        self._tasks[task_ref] = replace(task, ended_at=now, end_code=code, vendor_seconds=seconds)
        return True

    def count_finish(self, task_ref: str, stopped_at: int | None = None) -> None:
        task = self._tasks[task_ref]
        first = stopped_at if task.stopped_at is None else task.stopped_at
        self._tasks[task_ref] = replace(task, finish_calls=task.finish_calls + 1, stopped_at=first)

    def finish_task(self, task_ref: str, now: int, due_at: int | None = None) -> None:
        task = self._tasks.get(task_ref)
        if task is not None and task.finished_at is None:
            self._tasks[task_ref] = replace(task, finished_at=now, due_at=due_at)

    def reopen_task(self, task_ref: str, now: int, since: int) -> bool:
        task = self._tasks.get(task_ref)
        if task is None or task.finished_at is None or task.finished_at > since:
            return False
        self._tasks[task_ref] = replace(task, finished_at=None, due_at=None, listened_at=now)
        return True

    def due_tasks(self, now: int, limit: int) -> list[Task]:
        due = [(task.due_at, task) for task in self._tasks.values() if task.due_at is not None]
        return [task for at, task in sorted(due, key=lambda pair: pair[0]) if at <= now][:limit]

    def settle_check(
        self,
        seen: Task,
        due_at: int | None,
        *,
        asked_until: int | None = None,
        listened_at: int | None = None,
    ) -> None:
        task = self._tasks.get(seen.task_ref)
        if task is not None and task.due_at == seen.due_at is not None:
            known = {"asked_until": asked_until, "listened_at": listened_at}
            told: dict[str, Any] = {name: value for name, value in known.items() if value is not None}
            self._tasks[seen.task_ref] = replace(task, due_at=due_at, **told)

    # segments

    def put_segment(self, segment: Segment) -> bool:
        if (segment.task_ref, segment.key) in self._segments:
            return False
        self._segments[segment.task_ref, segment.key] = segment
        return True

    def put_segments(self, segments: Sequence[Segment]) -> int:
        return sum(self.put_segment(segment) for segment in segments)

    def segment_keys(self, task_ref: str, prefix: str) -> list[str]:
        mine = (key for ref, key in self._segments if ref == task_ref and key.startswith(prefix))
        return sorted(key for key in mine if len(key.encode()) <= LONGEST_KEY)

    def segment(self, task_ref: str, key: str) -> Segment | None:
        return self._segments.get((task_ref, key))
