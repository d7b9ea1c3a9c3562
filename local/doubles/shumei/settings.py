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
    "YUNXIN": False,
}


@dataclass
class ShumeiSettings(Settings):
    """Defaults follow Shumei's "智能音频流识别产品API文档" (audio stream v2, V4), its "智能视频流识别产品API文档"
    (video stream V4) and its QPS guide. What has no prefix holds for every generation that has such a thing."""

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
    v4_bt_id_anywhere: bool = setting(
        False,
        "[?]",
        "V4 audio: a btId at top level alone is enough (beside data.btId it always is tolerated)",
    )
    v4_bt_id_key: str = setting(
        "btId", "[D]", "V4 audio: btId of callbacks: as in the table, or as in the sample", ("btId", "btid")
    )
    v4_no_balance_code: int = setting(
        9100, "[?]", "V4 audio: code of `out_of_balance`; its table has no 9100", (9100, 9101)
    )
    v4_request_params: str = setting(
        "always",
        "[D]",
        "V4 audio: requestParams in `always` every callback, or as before 2024-08 `at_end` only",
        ("always", "at_end"),
    )
    v4_stat_code_always: bool = setting(
        False, "[?]", "V4 and video: statCode 0 also without returnFinishInfo"
    )
    v4_language_shape: str = setting(
        "array",
        "[D]",
        "V4 audio: audioTags.language as in the sample, or as in the table",
        ("array", "object"),
    )
    v4_end_with_audio_detail: bool = setting(
        False, "[?]", "V4 audio: end-of-stream callback carries audioDetail with the worst riskLevel"
    )
    v4_patience_normal: float = setting(
        390.0, "[D]", "V4 audio NORMAL: scaled seconds until a stream that is not there ends (12 tries)"
    )
    v4_patience_agora: float = setting(0.0, "[D]", "V4 audio AGORA: the same (2 tries without a wait)")
    v4_patience_zego: float = setting(300.0, "[D]", "V4 audio ZEGO: the same (10 tries, every 30 s)")
    v4_patience_other: float = setting(
        0.0, "[?]", "V4 audio TRTC, VOLC, GIN, ALI, YUNXIN and video ALI: the same"
    )
    v4_retry_bad_credential: bool = setting(
        False,
        "[?]",
        "V4 and video: a credential that is wrong is tried as long as a stream that is not there",
    )
    v4_max_pushes: int = setting(
        20, "[D]", "V4 audio: attempts per callback, the first included (at most 20, or 12 as in v2)"
    )
    video_clusters: str = setting(
        "md",
        "[D]",
        "video: by the `md` document sh, xjp, gg (finish also yd), by the `json` one sh, xjp",
        ("md", "json"),
    )
    video_unknown_app_id_code: int = setting(
        1902, "[?]", "video: code for an appId that is not the account's (it is checked strictly [D])"
    )
    video_lang_required: bool = setting(False, "[?]", "video: data.lang is required (md: Y, json: N)")
    video_token_id_limit: int = setting(64, "[D]", "video: characters of data.tokenId (json: 64, md: 40)")
    video_user_sig_limit: int = setting(
        0,
        "[?]",
        "video: characters of trtcParam.userSig; the page's 128 would refuse every real one; 0: no limit",
    )
    video_zego_more_fields: str = setting(
        "ignore",
        "[?]",
        "video: streamId, isMixingEnabled in zegoParam, initDomain in data: `ignore` or `refuse` (1902)",
        ("ignore", "refuse"),
    )
    video_frequency_above: str = setting(
        "refuse", "[?]", "video: detectFrequency above 60: `refuse` (1902) or `clamp`", ("refuse", "clamp")
    )
    video_max_users: int = setting(8, "[D]", "video: audited users of a TRTC room")
    video_time_keys: str = setting(
        "camel",
        "[D]",
        "video: audioStartTime (json, samples), or `snake` audio_starttime (md)",
        ("camel", "snake"),
    )
    video_end_error_code: bool = setting(True, "[D]", "video: errorCode in end-of-stream callbacks (md only)")
    video_patience: float = setting(
        3990.0,
        "[I]",
        "video NORMAL, ZEGO, TRTC, VOLC: scaled seconds until a stream that is not there ends "
        "(12 rounds of 300 s, and 5, 10 … 60 s)",
    )
    video_patience_agora: float = setting(300.0, "[D]", "video AGORA: the same (one round)")
    video_max_pushes: int = setting(
        13, "[D]", "video: attempts per callback, the first included (json: 12 retries; md: 20 pushes)"
    )
    video_push_intervals: list[Any] = setting(  # noqa: RUF009
        LADDER, "[D]", "video: scaled seconds between attempts; the last one repeats"
    )
