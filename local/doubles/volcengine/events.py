"""Room callbacks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

from local.doubles.model import Json
from local.doubles.rooms.life import HOST, Event, Stay
from local.doubles.rooms.notice import Attempt, Notice, Sealed
from local.doubles.volcengine.settings import VolcengineSettings

REASON = {"lost": "connectionLost", "expired": "onUserTokenDidExpire"}
VERSION = "2020-12-01"
SIGNED = ("EventType", "EventData", "EventTime", "EventId", "AppId", "Version", "Nonce")
BEIJING = timezone(timedelta(hours=8))


def visible(stay: Stay, settings: VolcengineSettings) -> bool:
    """Whether others see a participant."""
    if stay.recorder:
        return settings.recorder_visible
    return stay.role == HOST or settings.audience_visible


def notices(event: Event, settings: VolcengineSettings) -> Iterator[Notice]:
    """The callback of an event; there is none of streams."""
    life, stay = event.life, event.stay
    name = _name(event, settings)
    if not name:
        return
    data: Json = {"RoomId": life.room_id}
    if stay:
        data |= {"UserId": stay.user, "DeviceType": "linux" if stay.recorder else "android"}
    if event.kind == "left":
        data["Reason"] = REASON.get(event.reason, "userLeave")
    data["Timestamp"] = event.when.ms
    user = stay.user if stay else ""
    yield Notice(name, life.app_id, data, event.kind, life.room_id, user)


def _name(event: Event, settings: VolcengineSettings) -> str:
    if event.stay is None:
        return {"opened": "RoomCreate" if settings.room_create else "", "closed": "RoomDestroy"}[event.kind]
    if event.kind == "role":
        if settings.audience_visible:
            return ""  # nobody's visibility changes
        to_visible = event.stay.role == HOST
        return "RoleChangeInvisible2Visible" if to_visible else "RoleChangeVisible2Invisible"
    name = {"entered": "UserJoinRoom", "left": "UserLeaveRoom"}.get(event.kind, "")
    return name if not name or visible(event.stay, settings) else f"Invisible{name}"


def signature(body: Json, secret: str) -> str:
    """Plain SHA-256 over the values and the secret, sorted by bytes."""
    parts = sorted([*(str(body[name]) for name in SIGNED), secret], key=str.encode)
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def seal(notice: Notice, attempt: Attempt, secret: str, settings: VolcengineSettings) -> Sealed:
    """The same text on every attempt."""
    when = datetime.fromtimestamp(int(attempt.first.wall), UTC).astimezone(BEIJING)
    body: Json = {
        "EventType": notice.event,
        "EventData": json.dumps(notice.content, ensure_ascii=False, separators=(",", ":")),
        "EventTime": when.isoformat(),
        "EventId": f"{round(attempt.first.wall * 1000)}{attempt.delivery:06d}",
        "AppId": notice.app_id,
        "Version": VERSION,
        "Nonce": f"{attempt.delivery % 0x10000:04x}",
    }
    if secret:
        body["Signature"] = signature(body, secret)
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Sealed(text, content_type=settings.webhook_content_type)
