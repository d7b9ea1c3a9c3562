"""What can be changed about the Yunxin double."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local.doubles.rooms import settings as rooms
from local.doubles.rooms.settings import WebhookSettings
from local.doubles.settings import setting


@dataclass
class YunxinSettings(WebhookSettings):
    """Defaults follow Yunxin's pages on room callbacks, server APIs and the record token."""

    room_events: bool = setting(
        False, "[D]", "send events 1 and 2; the account manager turns them on, and they cost"
    )
    null_fields: bool = setting(False, "[D]", "fields that have no value are there as null")
    created_spelling: str = setting(
        "documented",
        "[D]",
        "`documented` (createtime in 1, creaetime in 2, createTime in 4 and 5) or `createtime` everywhere",
        ("documented", "createtime"),
    )
    clock_window: int = setting(300, "[D]", "real seconds a CurTime may be off, either way; more → 414")
    error_http_status: int = setting(200, "[?]", "HTTP status of answers whose code is not 200")
    query_ok_code: int = setting(200, "[D]", "code of a query that worked", (0, 200))
    unknown_room_code: int = setting(404, "[?]", "code of a query about a room that does not exist")
    query_rate_limit: int = setting(50, "[D]", "calls per app and real second; more → 429")
    checksum_field: str = setting("checksum", "[?]", "name of the record token in its answer")
    default_record_seconds: int = setting(86_400, "[?]", "expireSeconds when none is sent")
    max_record_seconds: int = setting(2_592_000, "[D]", "largest expireSeconds")
    record_single_use: bool = setting(False, "[D]", "a record token is good for one entrance")
    token_clock: str = setting(
        "scaled", "[I]", "clock on which record tokens expire: `scaled` or `real` seconds", ("scaled", "real")
    )
    join_token_enters: bool = setting(False, "[D]", "a recorder may enter with a join token too")
    lost_after: float = setting(60.0, "[?]", rooms.LOST_AFTER)
    webhook_retries: list[Any] = setting([5.0, 10.0, 15.0], "[?]", rooms.RETRIES)  # noqa: RUF009
