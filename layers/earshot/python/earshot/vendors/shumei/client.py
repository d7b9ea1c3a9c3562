"""Calls to Shumei's stream APIs: submit and finish.

JSON over POST, ``accessKey`` in the body, and one host a cluster; the rest is in :mod:`earshot.vendors.shumei.apis`.
"""

from collections.abc import Callable, Mapping, Sequence
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
from earshot.errors import AlreadyDone, EarshotError, Misconfigured, OutcomeUnknown, RetryLater
from earshot.secrets import Keyring
from earshot.vendors.port import Accepted, Ending, Submission
from earshot.vendors.shumei import codes
from earshot.vendors.shumei.apis import APIS, SOUND_VARIABLE, body_for, reached
from earshot.vendors.shumei.options import parse
from earshot.vendors.shumei.request import encode

SUBMIT_TIMEOUT_S = max(api.submit_timeout_s for api in APIS.values())
FINISH_TIMEOUT_S = max(api.finish_timeout_s for api in APIS.values())
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


def _unheard_of(variable: str) -> str:
    raise Misconfigured(variable, "has no value")


class ShumeiClient:
    """See :class:`earshot.vendors.port.Client`. ``base_url`` is the audio streams' address, ``asked`` gives those of
    other APIs by their variable, when they are needed; both may hold ``{cluster}``. An endpoint is a generation and a
    cluster, v2's the bare cluster."""

    finish_batch = 1
    finish_every_ms = 0

    def __init__(self, base_url: str, keyring: Keyring, asked: Callable[[str], str] = _unheard_of) -> None:
        self._base_url, self._keyring, self._asked = base_url, keyring, asked

    def submit(self, submission: Submission) -> Accepted:
        """Open a task on the plan's cluster; a duplicate (1001) is adopted under its ``dupRequestId``."""
        options = parse(submission.watch.plan["vendor_options"])
        api, endpoint, signs = APIS[options.generation], options.endpoint, options.signs_every_s
        body = body_for(submission, options, self._keyring.section("shumei"))
        answer = self._post(endpoint, api.submit_path, body, api.submit_timeout_s)
        # The duplicate is tested apart from `code`: which code it comes with is not documented.
        if answer.detail and answer.detail.error_code == codes.DUPLICATE_STREAM:
            if not answer.detail.dupRequestId:
                raise OutcomeUnknown("shumei_1001", "duplicate without dupRequestId")
            return Accepted(answer.detail.dupRequestId, endpoint, adopted=True, signs_every_s=signs)
        if answer.code != codes.SUCCESS:
            raise codes.error_for(answer.code, options.generation)
        if not answer.requestId:
            raise OutcomeUnknown("shumei_1100", "success without requestId")
        return Accepted(answer.requestId, endpoint, signs_every_s=signs)

    def named(self, submission: Submission) -> tuple[str, str] | None:
        """The vendor names its tasks."""
        del submission
        return None

    def endpoint(self, options: Mapping[str, Any]) -> str:
        """The plan's generation and cluster."""
        return parse(options).endpoint

    def finish(self, endings: Sequence[Ending]) -> list[EarshotError | None]:
        """Close a task by the API, and on the cluster, that accepted it. Safe to repeat."""
        return [self._finish(ending) for ending in endings]

    def _finish(self, ending: Ending) -> EarshotError | None:
        body = {
            "accessKey": self._keyring.section("shumei").newest("access_key"),
            "requestId": ending.vendor_task_id,
        }
        endpoint = ending.endpoint or self.endpoint(ending.options)
        api = APIS[reached(endpoint)[0]]
        answer = self._post(endpoint, api.finish_path, body, api.finish_timeout_s)
        if answer.code == codes.SUCCESS:
            return None
        if ending.known_ended and answer.code in codes.TASK_UNKNOWN:
            return AlreadyDone(f"shumei_{answer.code}", "no such task")
        return RetryLater(f"shumei_{answer.code}", codes.MEANING.get(answer.code, "undocumented code"))

    def _post(self, endpoint: str, path: str, body: dict[str, Any], timeout_s: float) -> _Answer:
        generation, cluster = reached(endpoint)
        variable = APIS[generation].variable
        base_url = self._base_url if variable == SOUND_VARIABLE else self._asked(variable)
        url = base_url.replace("{cluster}", cluster) + path
        answer = http_client.call("POST", url, timeout_s=timeout_s, body=encode(body), headers=HEADERS)
        return read(answer, _Answer, "shumei")


def connect(base_url: Callable[[str], str], keyring: Keyring) -> ShumeiClient:
    """The registry's way in."""
    return ShumeiClient(base_url(SOUND_VARIABLE), keyring, base_url)
