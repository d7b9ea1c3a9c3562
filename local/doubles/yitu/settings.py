"""What can be changed about the Yitu double.

[T]: third-party code of Yitu's speech recognition; [?]: not found anywhere; [X]: invented here, for answers,
callbacks and the close call of live audio moderation are published nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local.doubles.settings import Settings, setting

NOTICE = "answer, callback and close are invented by this double"


@dataclass
class _Calls(Settings):
    """How calls are judged."""

    success_message: str = setting(
        f"SAAS_SUCC ({NOTICE})", "[T][X]", "`message` of good answers; speech recognition says SAAS_SUCC"
    )
    error_http_status: int = setting(200, "[?]", "HTTP status of answers whose rtn is not 0")
    clock_window: int = setting(300, "[?]", "real seconds a timestamp may be off, either way; 0: any")
    rate_limit: int = setting(50, "[?]", "calls per account in any window of one real second")
    max_streams: int = setting(50, "[?]", "running streams of an account")
    bad_parameter_rtn: int = setting(4001, "[X]", "rtn of a missing or wrong field")
    signature_rtn: int = setting(4003, "[X]", "rtn of a call that is not signed well")
    clock_rtn: int = setting(4004, "[X]", "rtn of a timestamp that is off")
    rate_rtn: int = setting(4029, "[X]", "rtn of a call too many")
    full_rtn: int = setting(4030, "[X]", "rtn of a stream too many")
    duplicate: str = setting(
        "refuse",
        "[?]",
        "an audioId that is running: `refuse` with its taskId, say `existing` (rtn 0, its taskId), or one `more`",
        ("refuse", "existing", "more"),
    )
    duplicate_rtn: int = setting(4009, "[X]", "rtn of an audioId that is running")
    unknown_rtn: int = setting(4040, "[X]", "rtn of a close of an unknown audioId")
    close_ended_rtn: int = setting(0, "[X]", "rtn of a close of an audioId that has ended")
    close_path: str = setting("/v1/antispam/streamscan/close", "[X]", "where streams are closed, by audioId")


@dataclass
class YituSettings(_Calls):
    """Nothing about callbacks is known; all of it is here to be changed."""

    segment_seconds: float = setting(10.0, "[?]", "scaled seconds per slice")
    segment_latency: float = setting(0.0, "[?]", "scaled seconds from the end of a slice to its callback")
    end_delay: float = setting(1.0, "[X]", "scaled seconds from the end of a stream to its callback")
    end_event: bool = setting(True, "[?]", "the end of a stream makes a callback (`event` `end`)")
    silence_limit: float = setting(0.0, "[?]", "scaled seconds without a voice that end a stream; 0: never")
    media_base_url: str = setting("https://media.example.com/yitu", "[X]", "start of `clip`; empty: no clips")
    push_timeout: float = setting(5.0, "[?]", "real seconds a receiver may take")
    push_intervals: list[Any] = setting(  # noqa: RUF009 - a factory inside, like any dataclass field
        [5.0, 10.0, 30.0],
        "[?]",
        "scaled seconds before each further attempt, counted from the failure of the one before",
    )
    push_content_type: str = setting("application/json", "[?]", "Content-Type of callbacks")
