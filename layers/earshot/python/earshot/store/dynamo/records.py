"""Items to models and back: the only place that knows attribute names."""

import json
from typing import Any

from earshot.domain.attendance import Attendance, Person
from earshot.domain.room import Occurrence, Room
from earshot.domain.watch import Credential, Signal, SignalName, Status, Task, TaskState, Watch
from earshot.store.dynamo import codec

DAY_S = 86_400
OPEN_DAYS = 400
"""Items of something open outlive the longest execution (a year)."""


def ttl(now_ms: int, days: int) -> int:
    """An expiry in epoch seconds."""
    return now_ms // 1000 + days * DAY_S


def occurrence_item(room: Room, record: Occurrence, version: int, now_ms: int) -> dict[str, Any]:
    return codec.item(
        {
            "kind": "room",
            "platform": room.platform,
            "app_id": room.app_id,
            "room_id": room.room_id,
            "session_id": record.session_id,
            "platform_session_id": record.platform_session_id,
            "opened_at": record.opened_at,
            "last_open_at": record.last_open_at,
            "closed_at": record.closed_at,
            "graves": list(record.graves),
            "untold": [list(debt) for debt in record.untold],
            "version": version,
            "expires_at": ttl(now_ms, OPEN_DAYS),
        }
    )


def occurrence(item: dict[str, Any]) -> Occurrence:
    row = codec.fields(item)
    return Occurrence(
        session_id=row["session_id"],
        platform_session_id=row.get("platform_session_id"),
        opened_at=row.get("opened_at"),
        last_open_at=row.get("last_open_at"),
        closed_at=row.get("closed_at"),
        graves=tuple(json.loads(row["graves"])),
        untold=tuple((session, reason) for session, reason in json.loads(row["untold"])),
    )


def attendance(item: dict[str, Any]) -> Attendance:
    row = codec.fields(item)
    times = ("closed_at", "left_at", "peopled_at", "empty_since", "due_at")
    return Attendance(
        Room(row["platform"], row["app_id"], row["room_id"]), **{name: row.get(name) for name in times}
    )


def person(item: dict[str, Any]) -> Person:
    row = codec.fields(item)
    plain = ("user_id", "is_present", "at", "order")
    return Person(**{name: row[name] for name in plain}, platform_session_id=row.get("platform_session_id"))


def watch_item(watch: Watch) -> dict[str, Any]:
    return codec.item(
        {
            "kind": "watch",
            "watch_id": watch.watch_id,
            "session_id": watch.session_id,
            "platform": watch.room.platform,
            "app_id": watch.room.app_id,
            "room_id": watch.room.room_id,
            "plan_name": watch.plan_name,
            "plan": dict(watch.plan),
            "opened_at": watch.opened_at,
            "role": watch.role,
            "stream_id": watch.stream_id,
            "stream_url": watch.stream_url,
            "account_id": watch.account_id,
            "attributes": watch.attributes,
            "status": watch.status,
            "status_seq": watch.status_seq,
            "status_at": watch.status_at,
            "troubles": watch.troubles,
            "credentials": watch.credentials,
            "expires_at": ttl(watch.opened_at, OPEN_DAYS),
        }
    )


def watch(item: dict[str, Any]) -> Watch:
    """A watch, from the table or from a stream record's image."""
    row = codec.fields(item)
    plain = ("watch_id", "session_id", "plan_name", "opened_at", "role", "attributes")
    counted = ("status_seq", "status_at", "troubles", "credentials")
    optional = (
        *("stream_id", "stream_url", "account_id", "reason", "current_task", "closed_at"),
        *("heard_by", "queued_at", "moved_at", "unheard_at", "accrued_until"),
    )
    wanted: dict[str, Any] = {name: row[name] for name in (*plain, *counted)}
    wanted |= {name: row.get(name) for name in optional}
    return Watch(
        room=Room(row["platform"], row["app_id"], row["room_id"]),
        plan=json.loads(row["plan"]),
        status=Status(row["status"]),
        signal=_signal(row),
        failed=row.get("failed", False),
        ledger=json.loads(row["ledger"]) if "ledger" in row else None,
        generation=row.get("generation", 0),
        level=row.get("level", 0),
        spend=json.loads(row["spend"]) if "spend" in row else None,
        booked=json.loads(row["booked"]) if "booked" in row else None,
        **wanted,
    )


def _signal(row: dict[str, Any]) -> Signal | None:
    if "signal_id" not in row:
        return None
    return Signal(row["signal_id"], SignalName(row["signal_name"]), row["signal_at"], row["signal_reason"])


TASK_FIELDS = (
    *("task_ref", "watch_id", "number", "vendor", "vendor_task_id", "named", "endpoint", "submitted_at"),
    *("accepted_at", "ended_at", "end_code", "vendor_seconds", "finished_at", "finish_calls", "stopped_at"),
    *("adopted", "renew_at", "due_at", "asked_until", "listened_at", "detail"),
    *("hears_from", "first_heard_at", "heard_at", "silent_s", "lost_at", "permanent", "after", "level"),
)


def task_item(task: Task) -> dict[str, Any]:
    fields = {name: getattr(task, name) for name in TASK_FIELDS}
    return codec.item(
        {"kind": "task", "state": task.state, **fields, "expires_at": ttl(task.submitted_at, OPEN_DAYS)}
    )


def task(item: dict[str, Any]) -> Task:
    row = codec.fields(item)
    return Task(
        state=TaskState(row["state"]),
        **{name: row[name] for name in TASK_FIELDS if name in row},
    )


def credential_item(credential: Credential, now_ms: int) -> dict[str, Any]:
    """Expires with the credential: nobody claims it later."""
    expiry_s = credential.expires_at // 1000 if credential.expires_at is not None else ttl(now_ms, 1)
    return codec.item(
        {
            "kind": "credential",
            "watch_id": credential.watch_id,
            "number": credential.number,
            "platform": credential.platform,
            "vendor": credential.vendor,
            "ends_ear": credential.ends_ear,
            "credential_expires_at": credential.expires_at,
            "secrets": dict(credential.secrets),
            "expires_at": min(expiry_s, ttl(now_ms, 1)),
        }
    )


def credential(item: dict[str, Any]) -> Credential:
    row = codec.fields(item)
    return Credential(
        watch_id=row["watch_id"],
        number=row["number"],
        platform=row["platform"],
        expires_at=row.get("credential_expires_at"),
        secrets=json.loads(row["secrets"]),
        vendor=row.get("vendor", ""),
        ends_ear=row.get("ends_ear", True),
    )
