"""Calls to Shumei's audio stream v2 API: submit and finish.

The v2 page gives JSON over POST, ``accessKey`` in the body, 3 s and 1 s as time-outs, and one host a cluster.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    WrapValidator,
)

from earshot import http_client
from earshot.answers import or_none, read
from earshot.errors import AlreadyDone, EarshotError, OutcomeUnknown, RetryLater
from earshot.secrets import Keyring
from earshot.vendors.port import Accepted, Ending, Submission
from earshot.vendors.shumei import codes
from earshot.vendors.shumei.options import ShumeiOptions
from earshot.vendors.shumei.request import encode, submit_body

SUBMIT_PATH = "/v2/saas/anti_fraud/audiostream"
FINISH_PATH = "/v2/saas/anti_fraud/finish_audiostream"
SUBMIT_TIMEOUT_S = 3.0
FINISH_TIMEOUT_S = 1.0
SEGMENT_S = 10
"""With ``returnAllText`` every audited segment of about so long is pushed, a silent one too."""
HEADERS = {"Content-Type": "application/json; charset=utf-8"}


class _Detail(BaseModel):
    """``detail``; the spelling of its code differs between the vendor's own pages."""

    model_config = ConfigDict(coerce_numbers_to_str=True, str_strip_whitespace=True)

    error_code: int | None = Field(None, validation_alias=AliasChoices("errorcode", "errorCode"))
    dupRequestId: str | None = None


class _Answer(BaseModel):
    """An answer of either call. ``requestId`` may carry a leading blank (the vendor's sample does)."""

    model_config = ConfigDict(coerce_numbers_to_str=True, str_strip_whitespace=True)

    code: int
    requestId: str | None = None
    detail: Annotated[_Detail | None, WrapValidator(or_none)] = None


class ShumeiClient:
    """See :class:`earshot.vendors.port.Client`. ``base_url`` may hold ``{cluster}``."""

    finish_batch = 1
    finish_every_ms = 0

    def __init__(self, base_url: str, keyring: Keyring) -> None:
        self._base_url, self._keyring = base_url, keyring

    def submit(self, submission: Submission) -> Accepted:
        """Open a task on the plan's cluster; a duplicate (1001) is adopted under its ``dupRequestId``."""
        options = ShumeiOptions.model_validate(submission.watch.plan["vendor_options"])
        section = self._keyring.section("shumei")
        body = submit_body(submission, options, section.newest("access_key"), section.optional("app_id"))
        answer = self._post(options.cluster, SUBMIT_PATH, body, SUBMIT_TIMEOUT_S)
        # The duplicate is tested apart from `code`: which code it comes with is not documented.
        signs = SEGMENT_S * (options.audioDetectStep or 1) if options.returnAllText else None
        if answer.detail and answer.detail.error_code == codes.DUPLICATE_STREAM:
            if not answer.detail.dupRequestId:
                raise OutcomeUnknown("shumei_1001", "duplicate without dupRequestId")
            return Accepted(answer.detail.dupRequestId, options.cluster, adopted=True, signs_every_s=signs)
        if answer.code != codes.SUCCESS:
            raise codes.error_for(answer.code)
        if not answer.requestId:
            raise OutcomeUnknown("shumei_1100", "success without requestId")
        return Accepted(answer.requestId, options.cluster, signs_every_s=signs)

    def endpoint(self, options: Mapping[str, Any]) -> str:
        """The plan's cluster."""
        return ShumeiOptions.model_validate(dict(options)).cluster

    def finish(self, endings: Sequence[Ending]) -> list[EarshotError | None]:
        """Close a task on the cluster that accepted it. Safe to repeat."""
        return [self._finish(ending) for ending in endings]

    def _finish(self, ending: Ending) -> EarshotError | None:
        body = {
            "accessKey": self._keyring.section("shumei").newest("access_key"),
            "requestId": ending.vendor_task_id,
        }
        cluster = ending.endpoint or self.endpoint(ending.options)
        answer = self._post(cluster, FINISH_PATH, body, FINISH_TIMEOUT_S)
        if answer.code == codes.SUCCESS:
            return None
        if ending.known_ended and answer.code in codes.TASK_UNKNOWN:
            return AlreadyDone(f"shumei_{answer.code}", "no such task")
        return RetryLater(f"shumei_{answer.code}", codes.MEANING.get(answer.code, "undocumented code"))

    def _post(self, cluster: str, path: str, body: dict[str, Any], timeout_s: float) -> _Answer:
        url = self._base_url.replace("{cluster}", cluster) + path
        answer = http_client.call("POST", url, timeout_s=timeout_s, body=encode(body), headers=HEADERS)
        return read(answer, _Answer, "shumei")


def connect(base_url: str, keyring: Keyring) -> ShumeiClient:
    """The registry's way in."""
    return ShumeiClient(base_url, keyring)
