"""The audit of Volcengine's own RTC rooms: StartDetection, StopDetection (www.volcengine.com/docs/6348/1189716 and
1189715), ListDetectionTask (github.com/volcengine/volc-sdk-golang, ``service/rtc``)."""

from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, WrapValidator

from earshot.answers import or_none
from earshot.errors import AlreadyDone, BadInput, EarshotError, Misconfigured, OutcomeUnknown, RetryLater
from earshot.secrets import Keyring
from earshot.vendors.port import Accepted, Ending, Submission
from earshot.vendors.volcengine.detections import Detection, named
from earshot.vendors.volcengine.gateway import Call, Gateway, error_of
from earshot.vendors.volcengine.options import RTC, VolcengineOptions

ACCOUNT = "volcengine"
TIMEOUT_S = 5.0
"""Of one call; the SDK's is 10, but a submission makes two."""
RUNNING = 1
MAX_CALLBACK = 1_024
"""Ours, like every rule of the address but that it begins with a domain name."""
CHOSEN = ("CallbackType", "MediaType", "Interval", "Duration", "IdleSec")
NOT_AUDITED = frozenset({"volcengine_code", "volcengine_InvalidParameter"})
"""What a stop of nothing may be answered with: its code is not documented. Believed where that was to be expected."""


class _Task(BaseModel):
    """One of ``ListDetectionTask``; whether an audit of the whole room has a ``UserId`` is not documented."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    RoomId: str
    UserId: Annotated[str | None, WrapValidator(or_none)] = None
    Status: int


class _Listed(BaseModel):
    EventData: list[Annotated[_Task | None, WrapValidator(or_none)]] | None = None


class RtcAudit:
    """Calls with the access key of the room's application. An endpoint is the product with the application's id."""

    def __init__(self, gateway: Gateway, keyring: Keyring) -> None:
        self._gateway, self._keyring = gateway, keyring

    def submit(self, submission: Submission, options: VolcengineOptions) -> Accepted:
        """Open a task. A start is safe to repeat, and its answer does not say whether the room was audited already:
        that is asked before. Where nobody could tell, it may have been."""
        where = _where(submission)
        _check_callback(submission.callback_url, checks=options.checksCallback)
        runs = self._runs(where, options.version)
        chosen = {name: value for name in CHOSEN if (value := getattr(options, name)) is not None}
        content = {**where.fields, "Callback": submission.callback_url, **chosen}
        error = self._attempt("StartDetection", where, options.version, content)
        if error is not None:
            raise error
        return Accepted(
            *called(submission),
            adopted=runs is not False,
            signs_every_s=options.signs_every_s,
            deaf_s=options.warm_up_s,
        )

    def finish(self, ending: Ending) -> EarshotError | None:
        """Stop what is audited there, whoever has started it."""
        where = named(ending.vendor_task_id)
        if where is None:
            return RetryLater("volcengine_task_id", "it is not the name of an audit")
        version = str(ending.options.get("version") or VolcengineOptions().version)
        error = self._attempt("StopDetection", where, version, where.fields)
        if error is not None and ending.known_ended and error.reason in NOT_AUDITED:
            return AlreadyDone(error.reason, "taken for: not audited")
        return error

    def _runs(self, where: Detection, version: str) -> bool | None:
        """Whether it is audited already; None if that cannot be told, which keeps nobody from starting it."""
        section = self._keyring.section(ACCOUNT, where.app_id)
        try:
            reply = self._gateway.make(Call("ListDetectionTask", version, TIMEOUT_S, where.fields), section)
            return None if reply.fault else any(_is_about(task, where) for task in _tasks(reply.result))
        except (EarshotError, ValueError):
            return None

    def _attempt(
        self, action: str, where: Detection, version: str, content: Mapping[str, Any]
    ) -> EarshotError | None:
        section = self._keyring.section(ACCOUNT, where.app_id)
        reply = self._gateway.make(Call(action, version, TIMEOUT_S, content=content), section)
        error = error_of(reply, section)
        # The text of a success tells whether there was anything to do; it decides nothing.
        if error is None and not isinstance(reply.result, Mapping):
            return OutcomeUnknown("volcengine_unreadable_answer", "without the documented Result")
        return error


def called(submission: Submission) -> tuple[str, str]:
    """What is audited, which is the task's name, and where."""
    where = _where(submission)
    return where.name, f"{RTC}/{where.app_id}"


def _tasks(result: Any) -> Sequence[_Task]:
    """Raises ValueError for what is not as documented."""
    return [task for task in _Listed.model_validate(result or {}).EventData or [] if task is not None]


def _is_about(task: _Task, where: Detection) -> bool:
    return task.Status == RUNNING and task.RoomId == where.room_id and (task.UserId or None) == where.user_id


def _where(submission: Submission) -> Detection:
    watch = submission.watch
    if watch.room.platform != "volcengine":
        raise BadInput(
            "platform", f"the RTC audit hears rooms of volcengine alone, not of {watch.room.platform}"
        )
    user = (watch.account_id or watch.stream_id) if watch.plan["target"] == "stream" else None
    if watch.plan["target"] == "stream" and not user:
        raise BadInput("account_id", "is required when the plan listens to single streams")
    where = Detection(watch.room.app_id, watch.room.room_id, user)
    for field, value in where.fields.items():
        if any(0xD800 <= ord(character) < 0xE000 for character in value):
            raise BadInput(field, "must not contain lone surrogates")
    return where


def _check_callback(url: str, *, checks: bool) -> None:
    """The vendor takes an address that it cannot use without a word, and delivers nothing."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or len(url) > MAX_CALLBACK:
        raise Misconfigured("callback address", f"must be absolute, with at most {MAX_CALLBACK} characters")
    if checks and (parts.scheme != "https" or not _is_domain(parts.hostname)):
        raise Misconfigured(
            "callback address", "must be https and begin with a domain name (or set checksCallback to false)"
        )


def _is_domain(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return "." in host
    return False
