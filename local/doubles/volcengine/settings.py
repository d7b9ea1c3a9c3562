"""What can be changed about the Volcengine double."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local.doubles.rooms import settings as rooms
from local.doubles.settings import setting
from local.doubles.volcengine.detection.settings import DetectionSettings
from local.doubles.volcengine.gateway import TIME_STATUSES


@dataclass
class VolcengineSettings(DetectionSettings):
    """Defaults follow Volcengine's pages on callbacks and tokens, and its public SDKs."""

    room_create: bool = setting(False, "[T]", "send RoomCreate; it is in no list of the vendor's")
    recorder_visible: bool = setting(
        True,
        "[?]",
        "recorders make UserJoinRoom; off: InvisibleUserJoinRoom, and in the list of the invisible",
    )
    audience_visible: bool = setting(True, "[I]", "people who only listen are visible")
    expels_on_expiry: bool = setting(
        True, "[D]", "a recorder is put out when its token ends (onUserTokenDidExpire)"
    )
    query_rate_limit: int = setting(0, "[?]", "GetRoomOnlineUsers per account and real second; 0: no limit")
    error_http_status: int = setting(400, "[?]", "HTTP status of refusals that are not the gateway's")
    timestamp_http_status: int = setting(
        403, "[D]", "HTTP status of InvalidTimestamp; the two pages differ", TIME_STATUSES
    )
    clock_window: int = setting(900, "[I]", "real seconds an X-Date may be off, either way")
    region: str = setting("cn-north-1", "[D]", "region in the scope of signatures")
    webhook_retries: list[Any] = setting([1.0, 1.0], "[?]", rooms.RETRIES)  # noqa: RUF009
    webhook_timeout: float = setting(5.0, "[D]", rooms.TIMEOUT)
