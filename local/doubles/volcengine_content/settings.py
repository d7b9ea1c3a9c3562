"""What can be changed about the double of Volcengine content security."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local.doubles.model import Json
from local.doubles.settings import BadField, Settings, setting
from local.doubles.volcengine.gateway import TIME_STATUSES

ROOM_FIELDS = ("platform", "app_id", "room_id", "stream_id", "token")
OPENED = {"audio_live_risk": True, "video_live_risk": True}


@dataclass
class _Calls(Settings):
    """How calls are judged."""

    region: str = setting("cn-north-1", "[C]", "region in the scope of signatures")
    clock_window: int = setting(120, "[D~]", "real seconds an X-Date may be off, either way")
    timestamp_http_status: int = setting(
        403, "[D]", "HTTP status of InvalidTimestamp; the two pages differ", TIME_STATUSES
    )
    qps_limit: int = setting(
        100, "[?]", "calls per access key in any real second, refused ones included; more → 1004"
    )
    out_of_balance: bool = setting(False, "[D~]", "answer 1005 to submissions")
    services: dict[str, Any] = setting(  # noqa: RUF009 - a factory inside, like any dataclass field
        OPENED, "[D~]", "which services are opened; the others → 1003"
    )
    unknown_app_code: int = setting(1003, "[?]", "code for an AppId that is not the account's", (1001, 1003))
    strict_parameters: bool = setting(
        False, "[I]", "refuse (1001) Parameters without operate_time or account_id; off: a warning"
    )
    room_keys: dict[str, Any] = setting(  # noqa: RUF009
        {},
        "[?]",
        "keys of RTC rooms inside Parameters, by `platform`, `app_id`, `room_id`, `stream_id`, `token`; "
        "none: only streams with a `url` are taken",
        free=True,
    )
    pass_through_key: str = setting(
        "", "[?]", "key inside Parameters whose text comes back as PassThrough; empty: none does"
    )
    duplicate: str = setting(
        "accept",
        "[I]",
        "the data_id of a running task again: `accept` silently or `refuse` (1001)",
        ("accept", "refuse"),
    )
    duplicate_consumes_token: bool = setting(True, "[I]", "a duplicate submission uses up its IdentifyToken")
    unknown_task: str = setting(
        "refuse", "[?]", "results of an unknown DataId: `refuse` (1001) or `empty` Data", ("refuse", "empty")
    )
    close_unknown_code: int = setting(1001, "[?]", "code for closing an unknown DataId", (0, 1001))
    close_ended_code: int = setting(0, "[?]", "code for closing a task that has ended", (0, 1001))


@dataclass
class _Tasks(_Calls):
    """How tasks live."""

    pull_failure_delay: float = setting(
        3.0, "[I]", "scaled seconds from a submission that cannot get in to its end, of which nobody is told"
    )
    gone_delay: float = setting(
        2.0, "[I]", "scaled seconds from a recorder that is put out to the end of its task"
    )
    longest_task: float = setting(0.0, "[?]", "scaled seconds until a task ends by itself; 0: never")
    slice_seconds: float = setting(10.0, "[?]", "scaled seconds of an audio slice")
    frame_seconds: float = setting(10.0, "[?]", "scaled seconds between two frames of each user")
    result_latency: float = setting(0.0, "[I]", "scaled seconds from the end of a slice to its result")


@dataclass
class ContentSettings(_Tasks):
    """Defaults follow the vendor's SDKs [C] and pages of a sibling product behind the same service [D~]."""

    poll_returns: str = setting(
        "all", "[?]", "slices of a result call: `all` so far, or only those that are `new`", ("all", "new")
    )
    ended_data: str = setting(
        "kept",
        "[?]",
        "results after the end: `kept`, `empty` Data or `refuse` (1001)",
        ("kept", "empty", "refuse"),
    )
    retention: float = setting(
        0.0, "[?]", "scaled seconds after its end until a task is unknown; 0: it is kept"
    )
    decision_before_results: str = setting(
        "PASS", "[?]", "Decision of a task that has no slice yet; empty: left out"
    )
    quiet_slices: bool = setting(True, "[I]", "slices and frames without a word and without a hit are there")
    offsets: str = setting("ms", "[?]", "unit of StartTime and EndTime", ("s", "ms"))
    time_stamps: str = setting(
        "ms", "[?]", "unit of StartTimeStamp, EndTimeStamp and LiveFirstGetStreamTime", ("s", "ms")
    )
    details: bool = setting(True, "[I]", "Details and Frames are there; off: left out")
    slice_order: str = setting("ascending", "[I]", "order of Details and Frames", ("ascending", "descending"))
    decisions: dict[str, Any] = setting(  # noqa: RUF009
        {}, "[I]", "other words for PASS, REVIEW and BLOCK", free=True
    )
    labels: dict[str, Any] = setting(  # noqa: RUF009
        {}, "[?]", "Label by the scripts' risk_type; one without is sent as it is", free=True
    )
    media_base_url: str = setting("https://media.example.com/volcengine", "[I]", "start of FrameUrl and Url")
    callback_key: str = setting(
        "", "[?]", "key inside Parameters whose address results are pushed to; empty: no pushes"
    )
    push_whole: bool = setting(False, "[?]", "a push has all slices so far, not only the new one")
    push_passes: bool = setting(True, "[?]", "slices with PASS are pushed too")
    push_retries: list[Any] = setting(  # noqa: RUF009
        [1.0, 1.0], "[?]", "scaled seconds before each further attempt of a push"
    )
    push_timeout: float = setting(5.0, "[?]", "real seconds a receiver may take")
    push_content_type: str = setting("application/json", "[?]", "Content-Type of pushes")

    def update(self, values: Json) -> Settings:
        """Refuses names that mean nothing to ``room_keys``."""
        keys = values.get("room_keys")
        for name in keys if isinstance(keys, dict) else ():
            if name not in ROOM_FIELDS:
                raise BadField(f"room_keys.{name}", f"must be one of {list(ROOM_FIELDS)}")
        return super().update(values)
