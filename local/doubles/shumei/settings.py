"""What can be changed about the Shumei double."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local.doubles.settings import Settings, setting

LADDER = [5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 45.0, 50.0, 55.0, 60.0]
KEYED = {
    "ZEGO": True,
    "TRTC": True,
    "ALI": True,
    "NORMAL": True,
    "AGORA": True,
    "VOLC": False,
    "GIN": False,
}


@dataclass
class ShumeiSettings(Settings):
    """Defaults follow Shumei's "智能音频流识别产品API文档" (audio stream v2) and its QPS guide."""

    dialect: str = setting(
        "current",
        "[S][D]",
        "`seed` (2023-09-06): too many streams 1904; `current`: too many streams 1901, pull failure 1904, "
        "TRTC duplicates by `uid`, `strUserId` in every split",
        ("current", "seed"),
    )
    max_qps: int = setting(100, "[D]", "calls per organisation in any window of one real second; more → 1901")
    ten_ms_rule: bool = setting(True, "[D]", "also at most 0.3 × max_qps in any 10 ms")
    max_streams: int = setting(50, "[S]", "running tasks; a split room counts as one")
    out_of_balance: bool = setting(False, "[S]", "answer 9100 to every call")
    error_http_status: int = setting(200, "[?]", "HTTP status of answers whose code is not 1100")
    unknown_app_id_code: int = setting(
        0, "[?]", "code for an appId that is not the account's; 0: any is accepted"
    )
    allow_empty_required: bool = setting(
        False, "[?]", "accept empty strings in required fields (the sample has some)"
    )
    null_is_absent: bool = setting(False, "[?]", "treat JSON null as a missing field instead of a wrong type")
    accept_old_types: bool = setting(
        False, "[?]", "accept the 2022 names PORN, ABUSE, AD, POLITICAL, DEFAULT"
    )
    agora_subscribe_in_mixed: str = setting(
        "refuse",
        "[?]",
        "UNTRUSTED/TRUSTED without split for AGORA: `refuse` (1902) or `ignore`",
        ("refuse", "ignore"),
    )
    data_limit_bytes: int = setting(
        1_048_576, "[I]", "largest `data`, as compact UTF-8 JSON; the page says 1MB"
    )
    duplicate_key: dict[str, Any] = setting(  # noqa: RUF009 - a factory inside, like any dataclass field
        KEYED, "[I]", "per stream type: recognise duplicates; documented for TRTC [S] and ALI [D] only"
    )
    duplicate_code: int = setting(1100, "[T]", "top-level code of a duplicate answer")
    duplicate_detail_key: str = setting(
        "errorcode", "[S][D]", "name of the 1001 in a duplicate answer", ("errorcode", "errorCode")
    )
    duplicate_consumes_token: bool = setting(True, "[I]", "a duplicate submission uses up its IdentifyToken")
    token_single_use: str = setting(
        "always",
        "[I]",
        "reused IdentifyToken fails: `always`, or only with initDomain ≥ 5",
        ("always", "init_domain_5"),
    )
    pull_failure_delay: float = setting(
        3.0, "[I]", "scaled seconds from a submission with a bad token to its end"
    )
    pull_failure_notice: str = setting(
        "end",
        "[I]",
        "how a bad token is told: `end` (end-of-stream, 3005), `code_1904` (bare callback) or `both`",
        ("end", "code_1904", "both"),
    )
    gone_code: int = setting(
        3003,
        "[I]",
        "errorCode of a task whose recorder the platform has put out (room destroyed, same id again); "
        "3005 when its token has ended",
        (3001, 3002, 3003, 3004, 3005),
    )
    gone_delay: float = setting(2.0, "[I]", "scaled seconds from there to the end of the task")
    leading_blank_submit: bool = setting(
        False, "[S]", "blank before requestId in submit answers (the sample has one)"
    )
    leading_blank_finish: bool = setting(
        True, "[S]", "blank before requestId in finish answers (the sample has one)"
    )
    finish_request_id: str = setting(
        "task", "[I]", "requestId of a finish answer: the `task`'s or a `new` one", ("task", "new")
    )
    finish_unknown_code: int = setting(1902, "[?]", "finish of an unknown task", (1100, 1902, 1909))
    finish_ended_code: int = setting(1100, "[?]", "finish of a task that has ended", (1100, 1902, 1909))
    finish_strips_blanks: bool = setting(False, "[?]", "accept blanks around requestId in finish")
    finish_triggers_end: bool = setting(True, "[?]", "our own finish makes an end-of-stream callback")
    end_delay: float = setting(
        1.0, "[I]", "scaled seconds from the end of a task to its end-of-stream callback"
    )
    end_with_detail: bool = setting(True, "[?]", "end-of-stream callback carries detail.requestParams")
    end_with_risk_level: bool = setting(True, "[?]", "end-of-stream callback carries the worst riskLevel")
    segment_seconds: float = setting(10.0, "[S]", "scaled seconds per segment")
    segment_latency: float = setting(0.0, "[I]", "scaled seconds from the end of a segment to its callback")
    timeline: str = setting(
        "task",
        "[I]",
        "times in callbacks: `task` (acceptance + scaled seconds: contiguous, but ahead of real time) "
        "or `real` (ends now, segments overlap when scaled)",
        ("task", "real"),
    )
    content_without_pre_text: bool = setting(
        True, "[S]", "send `content` (this segment only) also without returnPreText"
    )
    trtc_mixed_id: str = setting(
        "recorder",
        "[S]",
        "segment ids of mixed TRTC: with the `recorder` id (as in the sample) or `plain`",
        ("recorder", "plain"),
    )
    media_base_url: str = setting(
        "https://media.example.com/clip", "[I]", "start of audioUrl and preAudioUrl"
    )
    max_pushes: int = setting(
        12, "[S]", "attempts per callback, the first included (whether it counts is [?])"
    )
    push_intervals: list[Any] = setting(  # noqa: RUF009
        LADDER, "[I]", "scaled seconds between attempts; the last one repeats"
    )
    push_timeout: float = setting(5.0, "[I]", "real seconds a receiver may take")
    push_content_type: str = setting("application/json; charset=utf-8", "[?]", "Content-Type of callbacks")
