"""Things to keep, made of as little as a test needs to say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

from earshot.domain import ids
from earshot.domain.room import Occurrence, Room
from earshot.domain.watch import Credential, Signal, SignalName, Task, TaskState, Watch
from earshot.store.port import Segment, Store

NOW = 1_800_000_000_000
ROOM = Room("zego", "1234567890", "room-1001")
SESSION = ids.session_id(ROOM.key, "occurrence-1")
WATCH_ID = ids.watch_id(SESSION, "primary")
SECRET = "an-identify-token"  # searched for where it must not be
ODD_IDS = (
    "a room",
    "a/room#with?marks&more",
    'it\'s "quoted" \\ {} ${x}',
    "直播间-房間-ルーム",
    "🎧" * 30,
    "é" * 63 + "x",  # 127 bytes
    "SESSION#ROOM",
    " ",
)


class Kept(Store, Protocol):
    """A store, and the way to read a segment back, which no function needs."""

    def segment(self, task_ref: str, key: str) -> Segment | None:
        """One segment, whole."""


def occurrence(session_id: str = SESSION, **more: Any) -> Occurrence:
    """An open session."""
    return Occurrence(session_id, opened_at=NOW, last_open_at=NOW, **more)


def watch(watch_id: str = WATCH_ID, **more: Any) -> Watch:
    """A watch that nobody has worked on yet."""
    plan = {"vendor": "shumei", "retry": {"base_s": 2.5, "max_attempts": 50}, "look_s": 3600, "none": None}
    base = Watch(watch_id, ids.session_of(watch_id), ROOM, "default", plan, opened_at=NOW, status_at=NOW)
    return replace(base, **more)


def signal(name: SignalName = SignalName.TASK_ENDED, signal_id: str = "signal-1") -> Signal:
    """Something to react to."""
    return Signal(signal_id, name, NOW + 1, name.value)


def credential(
    number: int = 1, watch_id: str = WATCH_ID, expires_at: int | None = NOW + 60_000
) -> Credential:
    """A way in, used once."""
    return Credential(watch_id, number, "zego", expires_at, {"identify_token": SECRET})


def task(number: int = 1, watch_id: str = WATCH_ID, **more: Any) -> Task:
    """A submission under way."""
    ref = ids.task_ref(watch_id, number, hits_only=False)
    return replace(Task(ref, watch_id, number, "shumei", submitted_at=NOW), **more)


def accepted(number: int = 1, watch_id: str = WATCH_ID) -> Task:
    """The same, taken by the vendor."""
    return task(
        number,
        watch_id,
        state=TaskState.RUNNING,
        vendor_task_id=f"vendor-{number}",
        endpoint="sh",
        accepted_at=NOW + 5,
        adopted=number % 2 == 0,
    )


def open_task(store: Kept, number: int = 1, watch_id: str = WATCH_ID) -> Task:
    """A task in the store."""
    store.put_credential(credential(number, watch_id), NOW)
    store.open_task(task(number, watch_id))
    return task(number, watch_id)


def segment(key: str = "vendor-1_1", body: bytes = b'{"code":1100}', **more: Any) -> Segment:
    """A callback."""
    return replace(Segment(task().task_ref, key, "shumei", body, NOW), **more)
