"""What can be changed about the TRTC double."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local.doubles.rooms import settings as rooms
from local.doubles.rooms.settings import WebhookSettings
from local.doubles.settings import setting

EVERY_TEN = [0.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0]


@dataclass
class TrtcSettings(WebhookSettings):
    """Defaults follow Tencent's pages on event callbacks, room lifecycle and UserSig."""

    scene: str = setting(
        "live",
        "[D]",
        "`live` (an audience who leaves last lets the room linger) or `call` (dismissed at once)",
        ("live", "call"),
    )
    audience_linger: float = setting(
        600.0, "[D]", "scaled seconds that a live room stays when an audience left last"
    )
    digits_are: str = setting(
        "number",
        "[?]",
        "what a room named by digits is, where nobody says: a `number` or a `string`",
        ("number", "string"),
    )
    dismissed_as_string: bool = setting(
        True, "[D]", "RoomId of 102 is a string even for a numeric room (as in the sample)"
    )
    body_style: str = setting(
        "compact",
        "[D]",
        "`compact`, or `tabs`: with tabs and line feeds (as in the signed sample)",
        ("compact", "tabs"),
    )
    lost_after: float = setting(90.0, "[D]", rooms.LOST_AFTER)
    webhook_retries: list[Any] = setting(EVERY_TEN, "[D]", rooms.RETRIES)  # noqa: RUF009
    webhook_max_age: float = setting(60.0, "[D]", rooms.MAX_AGE)
    webhook_timeout: float = setting(5.0, "[D]", rooms.TIMEOUT)
