"""What can be changed about RTC audits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local.doubles.rooms.settings import WebhookSettings
from local.doubles.settings import setting


@dataclass
class DetectionSettings(WebhookSettings):
    """Defaults follow the pages of ``StartDetection``, ``StopDetection`` and ``DetectionResult``."""

    detection_warm_up: float = setting(
        60.0, "[D]", "scaled seconds after an app's first start in which nothing is heard"
    )
    detection_streams: int = setting(17, "[D]", "streams that the audit of a room takes: the first ones")
    detection_rate_limit: int = setting(
        0, "[?]", "calls of audits per account and real second; more → FlowLimitExceeded; 0: no limit"
    )
    detection_out_of_range: str = setting(
        "refuse",
        "[I]",
        "Interval, Duration, IdleSec out of range: `refuse` or `clamp`",
        ("refuse", "clamp"),
    )
    already_started_message: str = setting(
        "The task has already been started", "[I]", "Result.Message of the same start again"
    )
    in_progress_code: str = setting(
        "InvalidParameter",
        "[?]",
        "Code where the audit of the room is in the way of one user's start or stop",
    )
    stop_unknown: str = setting(
        "success", "[?]", "stop of an audit that does not run: `success` or `refuse`", ("success", "refuse")
    )
    console_callback: str = setting(
        "", "[?]", "address of the console, for an empty Callback; empty: nothing is delivered"
    )
    audio_segment_info: dict[str, Any] = setting(  # noqa: RUF009 - a factory inside, like any dataclass field
        {},
        "[?]",
        "fields of AudioSegmentInfo, each with what it carries: `number`, `start_ms`, `end_ms`, `duration_ms`; "
        "none: it is absent",
        free=True,
    )
    risk_names: dict[str, Any] = setting(  # noqa: RUF009
        {"100": "POLITY"},
        "[I]",
        "Name of a risk by the scripts' risk_type; one without is `risk_<number>`",
        free=True,
    )
    detection_media_url: str = setting(
        "https://media.example.com/detection", "[I]", "start of Audio and of Images"
    )
    detection_corrupt_how: str = setting(
        "signature",
        "[I]",
        "what the fault `corrupt` does: a wrong `signature`, none (`unsigned`), half a `body`",
        ("signature", "unsigned", "body"),
    )
