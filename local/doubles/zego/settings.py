"""What can be changed about the ZEGO double."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local.doubles.rooms import settings as rooms
from local.doubles.rooms.settings import WebhookSettings
from local.doubles.settings import setting

LADDER = [2.0, 4.0, 8.0, 16.0, 32.0]
GROUPS = {"room": True, "login": True, "stream": True}


@dataclass
class ZegoSettings(WebhookSettings):
    """Defaults follow ZEGO's pages "GenerateIdentifyToken", "Accessing server APIs", "Return codes", "Callback"."""

    rate_limit: int = setting(100, "[S]", "calls per AppId in any window of one real second; more → Code 206")
    rate_counts_refused: bool = setting(True, "[?]", "whether calls answered 206 count in the window too")
    error_http_status: int = setting(200, "[?]", "HTTP status of answers whose Code is not 0")
    clock_window: int = setting(600, "[D]", "real seconds a Timestamp may be off, either way")
    default_effective: int = setting(3600, "[S]", "EffectiveTime when none is sent")
    max_effective: int = setting(2_592_000, "[S]", "largest EffectiveTime")
    bad_effective_code: int = setting(2, "[?]", "Code for an EffectiveTime out of range or not an integer")
    token_clock: str = setting(
        "scaled", "[I]", "clock on which tokens expire: `scaled` or `real` seconds", ("scaled", "real")
    )
    check_host: bool = setting(
        False, "[D]", "refuse Host headers that are not ZEGO's (100000000); off on loopback"
    )
    user_num_rate_limit: int = setting(10, "[D]", "DescribeUserNum per AppId and second; more → 206")
    user_num_rooms: int = setting(10, "[D]", "rooms in one DescribeUserNum")
    user_list_rate_limit: int = setting(200, "[D]", "DescribeUserList per AppId and second; more → 206")
    stream_list_rate_limit: int = setting(
        50, "[D]", "DescribeSimpleStreamList per AppId and second; more → 206"
    )
    room_rate: bool = setting(
        True,
        "[D]",
        "per room: DescribeUserList once a second, DescribeSimpleStreamList once in ten; more → 207",
    )
    bad_input_code: int = setting(2, "[I]", "Code for a missing RoomId, too many rooms, a Limit out of range")
    recorder_counts: bool = setting(True, "[D]", "robots are in UserCount (and in AdminUserCount)")
    recorder_keeps_room: bool = setting(True, "[?]", rooms.RECORDER_KEEPS)
    recorder_logs_in: bool = setting(True, "[I]", "robots make room_login and room_logout, with user_role 4")
    lost_after: float = setting(100.0, "[D]", rooms.LOST_AFTER)
    close_callback: bool = setting(False, "[D]", "a room closed by its owner makes room_close")
    webhook_groups: dict[str, Any] = setting(  # noqa: RUF009
        GROUPS, "[D]", "which groups have an address; an event without one is not sent"
    )
    webhook_encoding: str = setting(
        "json",
        "[?]",
        "body: `json`, `percent` (percent-encoded JSON) or `form` (fields)",
        ("json", "percent", "form"),
    )
    webhook_numbers: str = setting(
        "documented",
        "[D]",
        "`documented` (numbers in room events, strings in others), `strings` or `numbers` (appid, timestamp) "
        "everywhere",
        ("documented", "strings", "numbers"),
    )
    webhook_fresh_stamp: bool = setting(
        False, "[?]", "each attempt and each copy has a new timestamp and nonce"
    )
    webhook_retries: list[Any] = setting(LADDER, "[D]", rooms.RETRIES)  # noqa: RUF009
    webhook_success: str = setting("2xx", "[D]", rooms.SUCCESS, ("200", "2xx"))
    webhook_content_type: str = setting("application/json", "[?]", rooms.CONTENT_TYPE)
