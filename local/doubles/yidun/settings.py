"""What can be changed about the Yidun double."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local.doubles.settings import Settings, setting

LIMITS = {"zego": 3600, "agora": 86400, "yunxin": 2592000, "volcengine": 86400}
TOKEN_FIELDS = {
    name: name
    for name in (
        *("secretId", "businessId", "timestamp", "nonce", "signature"),
        *("taskId", "dataId", "channel", "appId", "platform"),
    )
}
TOKEN_ANSWER = {"code": "code", "result": "result", "token": "token", "uid": "uid"}


@dataclass
class _Calls(Settings):
    """How calls are judged."""

    error_http_status: int = setting(200, "[I]", "HTTP status of answers whose code is not 200")
    clock_window: int = setting(300, "[I]", "real seconds a timestamp may be off, either way; more → 420")
    strict_nonce: bool = setting(
        False, "[P][S]", "refuse (405) a nonce that is no positive number of at most 11 digits"
    )
    submit_rate: int = setting(100, "[T]", "submissions per product in any real second; more → 411")
    poll_rate: int = setting(20, "[P]", "so many polls in any ten real seconds are too many → 411")
    feedback_rate: int = setting(10, "[I]", "stops per product in any real second; more → 411")
    data_id_required: bool = setting(
        True, "[T]", "a submission without dataId → 405 (the Java demo has none)"
    )
    url_limit: int = setting(1024, "[T]", "characters of `url`; the sibling live-video page says 2048")
    max_streams: int = setting(100, "[?]", "running tasks of a product; more → status 2")
    task_id_with: dict[str, Any] = setting(  # noqa: RUF009 - a factory inside, like any dataclass field
        {"1": False, "2": False, "3": True}, "[?]", "by submission status: the answer has a taskId"
    )
    duplicate_task_id: str = setting(
        "first", "[?]", "taskId with status 3: the `first` task's, or a `new` one", ("first", "new")
    )
    duplicate_consumes_token: bool = setting(True, "[I]", "a duplicate submission uses up its IdentifyToken")
    too_many_code: int = setting(405, "[I]", "code for more than 100 elements in a stop", (405, 414))
    query_span: int = setting(600, "[S]", "longest span of a query by time, in seconds; more → 405")


@dataclass
class _Rooms(_Calls):
    """How rooms are entered and lost."""

    pull_failure_delay: float = setting(
        3.0, "[I]", "scaled seconds from a submission that cannot get in to its end"
    )
    pull_timeout: float = setting(
        150.0, "[I]", "scaled seconds without room or people until a task ends (finishType 0)"
    )
    empty_room_ends: bool = setting(
        True, "[I]", "nobody there and nothing said for pull_timeout ends a task; off: only a lost room does"
    )
    short_room_limit: dict[str, Any] = setting(  # noqa: RUF009
        LIMITS, "[P][I]", "scaled seconds until a task with a token in its address loses the room; 0: never"
    )
    token_url: str = setting("", "[?]", "the customer's token API for long rooms; none: such a task fails")
    token_fields: dict[str, Any] = setting(  # noqa: RUF009
        TOKEN_FIELDS, "[?]", "names of the fields of a token fetch; an empty one is not sent", free=True
    )
    token_answer: dict[str, Any] = setting(  # noqa: RUF009
        TOKEN_ANSWER, "[?]", "names in its answer; `result` empty: token and uid are at the top", free=True
    )
    token_timeout: float = setting(2.0, "[?]", "real seconds the token API may take")
    token_retries: int = setting(1, "[?]", "further attempts of a token fetch")
    token_retry_delay: float = setting(1.0, "[?]", "scaled seconds before them")


@dataclass
class _Results(_Rooms):
    """What results say."""

    sentence_seconds: float = setting(5.0, "[I]", "longest sentence in scaled seconds; the next line ends it")
    sentence_latency: float = setting(0.0, "[I]", "scaled seconds from the end of a sentence to its result")
    late_after: float = setting(
        0.0,
        "[P]",
        "scaled seconds after the end at which the sentence that it cut short comes; 0: it does not",
    )
    end_delay: float = setting(1.0, "[I]", "scaled seconds from the end of a task to its end item")
    passes: bool = setting(True, "[I]", "sentences without a hit are delivered")
    blocks: dict[str, Any] = setting(  # noqa: RUF009
        {"asr": False, "language": False, "voice": False, "quality": False},
        "[S]",
        "which further blocks every sentence has",
    )
    blocks_together: bool = setting(False, "[S]", "all blocks of a sentence in one item, not one item each")
    times: str = setting(
        "epoch",
        "[I]",
        "startTime and endTime: `epoch` or `relative` to the start, in ms",
        ("epoch", "relative"),
    )
    sparse: bool = setting(False, "[S]", "everything that is optional in an item is left out")
    extra_fields: bool = setting(False, "[S]", "items have blocks and fields that nobody knows")
    group_id_as_number: bool = setting(False, "[S]", "strategyGroupId is a number (Go), not a string (Java)")
    media_base_url: str = setting(
        "https://media.example.com/yidun", "[T]", "start of the addresses of audio pieces; empty: none"
    )


@dataclass
class YidunSettings(_Results):
    """Defaults follow the pages that each mark stands for; [P] page, [S] vendor's SDK or demo."""

    push_timeout: float = setting(2.0, "[T][P]", "real seconds a receiver may take")
    push_interval: float = setting(600.0, "[P]", "scaled seconds between attempts of a push")
    push_for: float = setting(86400.0, "[P]", "scaled seconds from the first attempt until it is given up")
    push_content_type: str = setting("application/x-www-form-urlencoded", "[P]", "Content-Type of pushes")
    signature_method: str = setting(
        "",
        "[S]",
        "signatureMethod of pushes and token fetches; empty: not sent, MD5",
        ("", "MD5", "SHA1", "SHA256", "SM3"),
    )
    strict_ack: bool = setting(
        False, "[P]", "an answer that is not JSON with code 200 is a failure (newer pages)"
    )
    push_array: bool = setting(False, "[S]", "callbackData is an array of all items of one sentence")
    corrupt_how: str = setting(
        "signature",
        "[I]",
        "what the fault `corrupt` does: a wrong `signature`, none (`unsigned`), half a `body`",
        ("signature", "unsigned", "body"),
    )
    poll_batch: int = setting(200, "[P]", "most results in one poll")
    poll_memory: float = setting(3600.0, "[?]", "scaled seconds that a yidunRequestId is remembered")
    poll_empty: str = setting("list", "[S]", "`result` of an empty poll: `list` or `null`", ("list", "null"))
    retention: float = setting(604800.0, "[P]", "scaled seconds that results are kept for polls and queries")
    wall_review_retention: float = setting(
        2592000.0, "[S]", "scaled seconds that human actions of the solution can be queried"
    )
