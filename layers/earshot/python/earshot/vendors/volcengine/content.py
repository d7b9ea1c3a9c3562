"""Content security (内容安全) of live streams: submit, ask and close, as the vendor's SDKs send them.

No task id is ever handed out: ``DataId``, which is ours, names the task in every call.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, ValidationError, WrapValidator

from earshot.answers import or_none
from earshot.errors import AlreadyDone, BadInput, EarshotError, OutcomeUnknown, RetryLater
from earshot.log_codes import LogCode
from earshot.secrets import Keyring, Section
from earshot.telemetry import note
from earshot.vendors.port import Accepted, Ending, Submission
from earshot.vendors.volcengine import codes
from earshot.vendors.volcengine.gateway import Call, Gateway, Reply, encode
from earshot.vendors.volcengine.options import CONTENT, VolcengineOptions
from earshot.vendors.volcengine.parameters import parameters

ACCOUNT = "volcengine_content"
SERVICE = "BusinessSecurity"
VERSION = "2022-04-25"
SERVICES = {"audio": "audio_live_risk", "video": "video_live_risk"}
SUBMIT = {"audio": "AsyncLiveAudioRisk", "video": "AsyncLiveVideoRisk"}
ASK = {"audio": "GetAudioLiveResult", "video": "GetVideoLiveResult"}
CLOSE = {"audio": "CloseAudioLive", "video": "CloseVideoLive"}
"""By ``media``. Names on the wire: the SDKs' own names of the close calls are others."""
TIMEOUT_S = 5.0
"""The SDKs'."""
MAX_RESULT_BYTES = 16_000_000
"""Ours: all slices of a long stream, should every answer hold them all."""


class _Result(BaseModel):
    """``Result`` of any call."""

    model_config = ConfigDict(str_strip_whitespace=True)

    Code: int
    Data: Annotated[dict[str, Any] | None, WrapValidator(or_none)] = None


class ContentSecurity:
    """Calls about the account's own application. An endpoint is the product with the medium."""

    def __init__(self, gateway: Gateway, keyring: Keyring) -> None:
        self._gateway, self._keyring = gateway, keyring

    def submit(self, submission: Submission, options: VolcengineOptions) -> Accepted:
        """Open a task."""
        media, section = options.media, self._keyring.section(ACCOUNT)
        content = {
            "AppId": _app_id(section),
            "Service": SERVICES[media],
            "Parameters": parameters(submission, options),
        }
        _check_text(content)
        call = Call(SUBMIT[media], VERSION, TIMEOUT_S, content=content)
        result = _result(self._gateway.make(call, section), section)
        if result.Code != codes.SUCCESS:
            raise codes.business_error(result.Code, section)
        return Accepted(*called(submission, options), signs_every_s=options.signs_every_s)

    def ask(self, name: str, media: str) -> Mapping[str, Any] | None:
        """``Data`` of the task, None if there is none."""
        section = self._keyring.section(ACCOUNT)
        fields = {"AppId": str(_app_id(section)), "Service": SERVICES[media], "DataId": name}
        call = Call(ASK[media], VERSION, TIMEOUT_S, fields, max_bytes=MAX_RESULT_BYTES)
        result = _result(self._gateway.make(call, section), section)
        if result.Code == codes.SUCCESS:
            return result.Data
        if result.Code in {codes.BAD_PARAMETER, codes.INTERNAL}:
            # The question has no parameter but the task's name: nothing of it there is known by now.
            raise RetryLater(f"volcengine_{result.Code}", codes.MEANING[result.Code])
        raise codes.business_error(result.Code, section)

    def finish(self, ending: Ending) -> EarshotError | None:
        """Close a task. Which code says that it is gone is not documented."""
        section = self._keyring.section(ACCOUNT)
        media = _media(ending)
        content = {"AppId": _app_id(section), "Service": SERVICES[media], "DataId": ending.vendor_task_id}
        reply = self._gateway.make(Call(CLOSE[media], VERSION, TIMEOUT_S, content=content), section)
        code = _result(reply, section).Code
        if code == codes.SUCCESS:
            return None
        reason, meaning = f"volcengine_{code}", codes.MEANING.get(code, "undocumented code")
        if code not in codes.MEANING:
            note(LogCode.ES501, vendor="volcengine", vendor_code=str(code)[:64])
        is_believed = ending.known_ended or ending.options.get("closeErrors") == "gone"
        if is_believed and code not in codes.NOT_GONE:
            return AlreadyDone(reason, f"taken for: no such task ({meaning})")
        return RetryLater(reason, meaning)


def called(submission: Submission, options: VolcengineOptions) -> tuple[str, str]:
    """The task's name, and where it is asked about and closed. It is that of the try: whether the vendor takes a name
    that runs already, and for what, is not documented, and a try whose answer was lost is closed by its name."""
    return submission.task_ref, endpoint(options.media)


def endpoint(media: str) -> str:
    """Where a task is asked about and closed."""
    return f"{CONTENT}/{media}"


def media_of(where: str) -> str:
    """What :func:`endpoint` was made of."""
    media = where.partition("/")[2]
    return media if media in SERVICES else "audio"


def _media(ending: Ending) -> str:
    return media_of(ending.endpoint or endpoint(str(ending.options.get("media"))))


def _result(reply: Reply, section: Section) -> _Result:
    if reply.fault and reply.fault.number != 0:
        raise codes.gateway_error(reply.fault.family, section)
    try:
        return _Result.model_validate(reply.result)
    except ValidationError:
        raise OutcomeUnknown("volcengine_unreadable_answer", "without the documented Result") from None


def _app_id(section: Section) -> int:
    text = section.newest("app_id")
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise section.wrong("app_id", "must be a whole number: the console's, not an RTC application's")
    return int(text)


def _check_text(content: Mapping[str, Any]) -> None:
    """Half a character cannot be sent."""
    try:
        encode(content)
    except UnicodeEncodeError:
        raise BadInput("Parameters", "must not contain lone surrogates") from None
