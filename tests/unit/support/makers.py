"""Rooms, watches, tasks and events as the tests need them."""

from dataclasses import replace
from typing import Any

from earshot.contract import plan as plans
from earshot.domain import ids
from earshot.domain.room import Room
from earshot.domain.watch import Signal, SignalName, Task, TaskState, Watch
from earshot.platforms.port import MintRequest

START = 1_795_226_400_000
"""2026-11-21T02:00:00Z, the clock of every test."""

ROOM = Room("zego", "1234567890", "room-1001")
SESSION = ids.session_id(ROOM.key, "6085791336856668982")
WATCH_ID = ids.watch_id(SESSION, "primary")
TASK_ID = "a78eef377079acc6cdec24967ecde722"


def plan(platform: str = "zego", **fields: Any) -> dict[str, Any]:
    """A plan as a watch carries it; ``vendor_options`` are options of the vendor."""
    options = fields.pop("vendor_options", {})
    platform_options = fields.pop("platform_options", {})
    entry = plans.Plan.model_validate(
        {**fields, "vendors": {"shumei": options}, "platforms": {platform: platform_options}}
    )
    return plans.resolve(entry, platform)


def watch(**changes: Any) -> Watch:
    """A watch of the sample room."""
    base = Watch(WATCH_ID, SESSION, ROOM, "default", plan(), opened_at=START, status_at=START)
    return replace(base, **changes)


def task(number: int = 1, **changes: Any) -> Task:
    """A task that the vendor runs since it was submitted."""
    base = Task(
        ids.task_ref(WATCH_ID, number, hits_only=False),
        WATCH_ID,
        number,
        "shumei",
        state=TaskState.RUNNING,
        vendor_task_id=f"task-{number}",
        endpoint="sh",
        submitted_at=START,
        accepted_at=START,
    )
    return replace(base, **changes)


def asked(
    options: dict[str, Any] | None = None, now: int = START, *, room: Room = ROOM, number: int = 1
) -> MintRequest:
    """The request for a credential of the sample watch."""
    return MintRequest(room, WATCH_ID, number, options or {}, now)


def signal(name: SignalName = SignalName.ROOM_CLOSED, at: int = START, about: object = "") -> Signal:
    """A signal whose id is derived from what it is about."""
    return Signal(ids.digest(name, str(about), at), name, at, name.value)


def event(kind: str = "RoomOpened", **detail: Any) -> dict[str, Any]:
    """A room event as EventBridge delivers it; a detail of ``...`` is left out."""
    fields = {
        "platform": "zego",
        "app_id": "1234567890",
        "room_id": "room-1001",
        "occurred_at": "2026-11-21T02:00:00.000Z",
        **detail,
    }
    return {
        "version": "0",
        "id": "6f4b4a1e-0000-4000-8000-000000000001",
        "source": "earshot.rooms",
        "detail-type": kind,
        "detail": {name: value for name, value in fields.items() if value is not ...},
    }


def at(seconds: float) -> str:
    """``occurred_at`` so many seconds after the start (negative: before)."""
    from earshot.clock import iso

    return iso(START + round(seconds * 1000))
