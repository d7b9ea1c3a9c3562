"""What can be changed about the Tupu double."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local.doubles.settings import Settings, setting
from local.doubles.tupu.codes import MODERATION, TRANSCRIPTION, VULGAR

SCHEMES = ["rtmp", "rtmps", "http", "https", "rtsp", "hls"]


@dataclass
class _Answers(Settings):
    """How calls are judged and answered."""

    clock_window: int = setting(300, "[?]", "real seconds a timestamp may be off, either way; more → 12")
    timestamp_unit: str = setting(
        "seconds",
        "[P]",
        "`seconds`, or `either`: milliseconds too, as at the history call",
        ("seconds", "either"),
    )
    replay_code: int = setting(0, "[?]", "code for a nonce that was used before; 0: it may be used again")
    certificate_uploaded: bool = setting(True, "[I]", "off: the customer has uploaded no public key → 9")
    account_abnormal: bool = setting(False, "[S]", "answer 8 to every call")
    rate_limit: int = setting(
        0, "[?]", "calls per secretId in any real second, refused ones apart; 0: no limit"
    )
    rate_code: int = setting(17, "[?]", "code of calls beyond rate_limit")
    error_http_status: int = setting(200, "[I]", "HTTP status of answers whose code is not 0")
    error_shape: str = setting(
        "envelope",
        "[S]",
        "refusals are the signed `envelope`, or a bare object with a key `error`",
        ("envelope", "error"),
    )
    answer_signature: str = setting(
        "good", "[I]", "signature of answers: `good`, `broken` or `missing`", ("good", "broken", "missing")
    )
    nonce_as: str = setting(
        "text", "[P]", "`nonce` of answers and callbacks: `text` or `number`", ("text", "number")
    )


@dataclass
class _Submissions(_Answers):
    """Which streams are taken."""

    missing_callback_code: int = setting(11, "[S][T]", "a stream without `callback`: 11, or 10", (10, 11))
    url_schemes: list[Any] = setting(SCHEMES, "[I]", "schemes of `url`; any other → 15")  # noqa: RUF009 - a factory inside
    allowed_tasks: list[Any] = setting(  # noqa: RUF009
        [MODERATION, VULGAR, TRANSCRIPTION], "[I]", "task ids this secretId may ask for; any other → 7"
    )
    configured_tasks: list[Any] = setting(  # noqa: RUF009
        [MODERATION, VULGAR], "[I]", "tasks that run where `tasks` is absent; none → 13"
    )
    max_streams: int = setting(30, "[P][I]", "running streams of a secretId; more → 17 (video's trial limit)")
    batch_errors: str = setting(
        "whole",
        "[?]",
        "one bad stream among several refuses the `whole` call, or gets `code` and `message` as its `element`",
        ("whole", "element"),
    )
    duplicates: str = setting(
        "accepted",
        "[?]",
        "the same address again, running: `accepted`, the `first` one's requestId, or `refused` (15)",
        ("accepted", "first", "refused"),
    )
    zego_fields: dict[str, Any] = setting(  # noqa: RUF009
        {"room": "", "app": "", "token": ""},
        "[?]",
        "fields of a stream with ZEGO's room id, app id and token; without room and token no ZEGO room is taken (15)",
        free=True,
    )
    zego_path: str = setting(
        "", "[?]", "path (before the secretId) where ZEGO rooms are submitted; empty: where streams are"
    )
    bad_token_code: int = setting(
        0, "[?]", "code for a ZEGO token that does not open the room; 0: taken, and never heard of again"
    )


@dataclass
class _Lives(_Submissions):
    """How tasks end, and what is said about it."""

    close_delay: float = setting(1.0, "[I]", "scaled seconds from a close to the end of the task")
    unknown_code: int = setting(16, "[I]", "close or search of a requestId that does not exist")
    closed_code: int = setting(16, "[I]", "close or search of a task that has ended")
    close_partly: str = setting(
        "told",
        "[?]",
        "of a close some are not there: the others are closed and it is `told` or `ignored`, or all is `refused`",
        ("told", "ignored", "refused"),
    )
    search_result: bool = setting(
        False, "[?]", "search answers with `result` {requestId, status}, which is invented"
    )
    dead_stream: str = setting(
        "stays",
        "[?]",
        "a stream that is no more: its task `stays`, producing nothing, or it `ends` after dead_stream_seconds",
        ("stays", "ends"),
    )
    dead_stream_seconds: float = setting(60.0, "[?]", "scaled seconds that a dead stream is tried again")
    end_notice: str = setting(
        "off",
        "[?]",
        "a notice of the end, whose format is invented: `off`, for callbackRules 2 (`rule_2`), or `always`",
        ("off", "rule_2", "always"),
    )
    end_delay: float = setting(1.0, "[I]", "scaled seconds from the end of a task to its notice")


@dataclass
class _Results(_Lives):
    """What callbacks say."""

    slice_seconds: float = setting(10.0, "[P]", "scaled seconds per slice (about ten in the example)")
    slice_latency: float = setting(0.0, "[I]", "scaled seconds from the end of a slice to its callback")
    late_after: float = setting(
        0.0, "[I]", "scaled seconds after the end at which the slice that it cut short comes; 0: it does not"
    )
    timeline: str = setting(
        "task",
        "[I]",
        "times of slices: `task` (acceptance + scaled seconds) or `real` (ends now)",
        ("task", "real"),
    )
    zone_hours: int = setting(8, "[I]", "hours that the wall clock of slices is ahead of UTC")
    rule_2: str = setting(
        "violations",
        "[?]",
        "slices with callbackRules 2: as 0 (`violations`), as 1 (`every`) or `nothing`",
        ("violations", "every", "nothing"),
    )
    plain_text: str = setting(
        "violations",
        "[I]",
        "transcription with callbackRules 0: of slices with `violations`, of all with `text`, or `nothing`",
        ("violations", "text", "nothing"),
    )
    callbacks: str = setting(
        "together",
        "[I]",
        "several tasks: `together` in one callback (one key per task that ran), or each its own (`apart`)",
        ("together", "apart"),
    )
    slices_per_callback: int = setting(
        1, "[?]", "elements of so many slices in one callback (its arrays may hold several)"
    )
    callback_shape: str = setting(
        "envelope",
        "[P]",
        "`envelope`; `codeless`: its json has no code, message, timestamp, nonce; `bare`: the page's bare object",
        ("envelope", "codeless", "bare"),
    )
    callback_form: bool = setting(False, "[?]", "the envelope is a form of two fields instead of JSON")
    moderation_array: str = setting("violations", "[I]", "name of the array of the moderation task")
    vulgar_array: str = setting("violations", "[I]", "name of the array of the vulgar task")
    forum_field: str = setting(
        "forumId",
        "[P]",
        "how forumId comes back: `forumId` (table) or `dataId` (example)",
        ("forumId", "dataId"),
    )
    with_request_id: bool = setting(True, "[P]", "elements have requestId (newer copy of the page)")
    echo: bool = setting(True, "[P]", "elements have roomId, userId, forumId as they were sent")
    seis: bool = setting(False, "[P]", "elements have SEIs (empty, unless the script has some)")
    rate_as: str = setting(
        "number", "[P][T]", "`rate`: `number`, `text` or `null`", ("number", "text", "null")
    )
    vulgar_label_as: str = setting(
        "text", "[P]", "`label` of a vulgar slice: `text` (table) or `number` (example)", ("text", "number")
    )
    keyword_field: str = setting(
        "keyword",
        "[P][S]",
        "name of the word in `details`: `keyword`, or `key` (old Go SDK)",
        ("keyword", "key"),
    )
    model_details: bool = setting(
        False, "[P]", "what no word was found for is in `details` too, with an empty keyword"
    )
    pre_speech_field: str = setting("preSpeech", "[I]", "name of the link that returnPreSpeech asks for")
    media_base_url: str = setting(
        "https://media.example.com/tupu", "[I]", "start of the addresses of audio pieces; empty: none"
    )


@dataclass
class TupuSettings(_Results):
    """[P] page · [S] official SDK · [T] reseller's page · [I] inferred · [?] not found."""

    push_retries: int = setting(2, "[P][I]", "further attempts of a callback (said of files)")
    push_interval: float = setting(5.0, "[?]", "scaled seconds between attempts")
    push_timeout: float = setting(5.0, "[?]", "real seconds a receiver may take")
    any_2xx: bool = setting(False, "[?]", "every status of 200 to 299 acknowledges, not 200 alone")
    push_fresh_stamp: bool = setting(False, "[?]", "each attempt has a new timestamp and nonce")
    corrupt_how: str = setting(
        "signature",
        "[I]",
        "what the fault `corrupt` does: a wrong `signature`, none (`unsigned`), half a `body`",
        ("signature", "unsigned", "body"),
    )
