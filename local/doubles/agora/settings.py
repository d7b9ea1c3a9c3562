"""What can be changed about the Agora double."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local.doubles.rooms import settings as rooms
from local.doubles.rooms.settings import WebhookSettings
from local.doubles.settings import setting


@dataclass
class AgoraSettings(WebhookSettings):
    """Defaults follow Agora's pages on notifications, channel management and token servers."""

    query_rate_limit: int = setting(20, "[D]", "calls of each query per account and real second; more → 429")
    channel_profile: str = setting(
        "live",
        "[I]",
        "profile of all channels: `live` (103–106) or `communication` (107, 108)",
        ("live", "communication"),
    )
    recorder_client_type: int = setting(3, "[I]", "clientType of recorders (platform 6); 0: left out")
    with_account: bool = setting(True, "[D]", "`account` in events; on the Chinese page only")
    expels_on_expiry: bool = setting(True, "[D]", "a recorder is put out when its token ends (reason 12)")
    token_required: bool = setting(True, "[D]", "off: a project without token authentication")
    signature_versions: str = setting(
        "both", "[D]", "which signature headers are sent: `both`, `v1` or `v2`", ("both", "v1", "v2")
    )
    lost_after: float = setting(10.0, "[D]", rooms.LOST_AFTER)
    webhook_retries: list[Any] = setting([0.0, 5.0, 15.0], "[I]", rooms.RETRIES)  # noqa: RUF009
    webhook_timeout: float = setting(10.0, "[D]", rooms.TIMEOUT)
