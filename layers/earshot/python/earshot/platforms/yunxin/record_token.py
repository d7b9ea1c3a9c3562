"""``getRecordSdkUserChecksum``: the token of a recorder, which only Yunxin makes (doc.yunxin.163.com/nerecord,
concept/TkwODcxMTA; the answer's shape is not on that page and taken from Yidun's guide)."""

from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict

from earshot import http_client
from earshot.answers import read
from earshot.errors import OutcomeUnknown, RetryLater
from earshot.log_codes import LogCode
from earshot.platforms.yunxin.options import YunxinOptions
from earshot.telemetry import note

PATH = "/nrtc/getRecordSdkUserChecksum.action"
TIMEOUT_S = 5.0
TYPE = "1"
NOT_YET = 414
"""A checksum that Yunxin does not accept (secret, clock), and just as well a room that nobody has entered yet."""


class _Answer(BaseModel):
    model_config = ConfigDict(extra="allow")

    code: int

    @property
    def fields(self) -> dict[str, Any]:
        return self.model_extra or {}


def fetch(base_url: str, headers: dict[str, str], channel: str, uid: int, settings: YunxinOptions) -> str:
    """The record token. Raises RetryLater: nothing that Yunxin documents says that asking again is in vain."""
    form = {"channelName": channel, "type": TYPE, "uid": str(uid)}
    form["expireSeconds"] = str(settings.record_token_life_s)
    if settings.accid is not None:
        form["accid"] = settings.accid
    answer = read(_post(base_url, headers, form), _Answer, "yunxin")
    if answer.code != 200:
        raise _refused(answer.code)
    token = answer.fields.get(settings.record_answer_field)
    if not isinstance(token, str) or not token:
        raise OutcomeUnknown("yunxin_200", f"no {settings.record_answer_field}: {', '.join(answer.fields)}")
    return token


def _post(base_url: str, headers: dict[str, str], form: dict[str, str]) -> http_client.Answer:
    kind = {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"}
    return http_client.call(
        "POST", base_url + PATH, timeout_s=TIMEOUT_S, body=urlencode(form).encode(), headers=headers | kind
    )


def _refused(code: int) -> RetryLater:
    if code == NOT_YET:
        return RetryLater("yunxin_414", "nobody in the room yet, or a wrong app_secret or clock")
    note(LogCode.ES501, vendor="yunxin", vendor_code=code)
    return RetryLater(f"yunxin_{code}", "undocumented code")
