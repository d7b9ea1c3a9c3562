"""One call through the vendor's gateway: signed, and answered in its envelope (the SDKs' ``ResponseMetadata``)."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, WrapValidator

from earshot import http_client
from earshot.answers import or_none, read
from earshot.errors import EarshotError
from earshot.http_client import MAX_ANSWER_BYTES
from earshot.secrets import Section
from earshot.signing import volcengine_v4 as v4
from earshot.vendors.volcengine import codes

HEADER_TEXT = re.compile(r"[!-~]+")


class _Error(BaseModel):
    model_config = ConfigDict(coerce_numbers_to_str=True, str_strip_whitespace=True)

    CodeN: Annotated[int | None, WrapValidator(or_none)] = None
    Code: Annotated[str | None, WrapValidator(or_none)] = None


class _Metadata(BaseModel):
    Error: Any = None


class _Answer(BaseModel):
    ResponseMetadata: Annotated[_Metadata | None, WrapValidator(or_none)] = None
    Result: Any = None


@dataclass(frozen=True)
class Fault:
    """What the gateway, or the service behind it, has against a call. ``number`` 0: not the gateway."""

    family: str
    number: int | None


@dataclass(frozen=True)
class Reply:
    """``result`` is as the service gave it."""

    fault: Fault | None
    result: Any


@dataclass(frozen=True)
class Call:
    """What is asked: ``fields`` go as a query, ``content`` as a JSON body."""

    action: str
    version: str
    timeout_s: float
    fields: Mapping[str, str] = field(default_factory=dict)
    content: Mapping[str, Any] | None = None
    max_bytes: int = MAX_ANSWER_BYTES


class Gateway:
    """Calls of one ``service`` at one address; ``now`` is epoch ms."""

    def __init__(self, base_url: Callable[[], str], service: str, now: Callable[[], int]) -> None:
        self._base_url, self._service, self.now = base_url, service, now

    def make(self, call: Call, section: Section) -> Reply:
        """The answer; ``section`` holds the access key. A time that was refused is taken once more.

        Raises RetryLater, OutcomeUnknown, or Misconfigured if the clock or the key is wrong.
        """
        key = _access_key(section)
        reply = self._once(call, key)
        if _is_expired(reply):
            reply = self._once(call, key)
        if reply.fault and _is_expired(reply):
            raise codes.gateway_error(reply.fault.family, section)
        return reply

    def _once(self, call: Call, key: v4.AccessKey) -> Reply:
        asked = v4.query({"Action": call.action, "Version": call.version, **call.fields})
        url = f"{self._base_url()}/?{asked}"
        body = b"" if call.content is None else encode(call.content)
        method, kind = ("GET", None) if call.content is None else ("POST", v4.JSON)
        headers = v4.headers(method, url, body, key, self.now(), service=self._service, content_type=kind)
        answer = http_client.call(
            method,
            url,
            timeout_s=call.timeout_s,
            body=body or None,
            headers=headers,
            max_bytes=call.max_bytes,
        )
        said = read(answer, _Answer, "volcengine")
        return Reply(_fault(said.ResponseMetadata.Error if said.ResponseMetadata else None), said.Result)


def error_of(reply: Reply, section: Section) -> EarshotError | None:
    """What the fault stands for, None if there is none."""
    return codes.gateway_error(reply.fault.family, section) if reply.fault else None


def encode(content: Mapping[str, Any]) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _is_expired(reply: Reply) -> bool:
    return reply.fault is not None and reply.fault.family == codes.EXPIRED


def _fault(error: Any) -> Fault | None:
    """An object that says nothing is no error; what is neither nothing nor an object is one that nobody knows."""
    if error is None or error == {}:
        return None
    try:
        told = _Error.model_validate(error)
    except ValueError:
        return Fault("", None)
    if not told.Code and told.CodeN == 0:
        return None
    family = codes.FAMILIES.get(told.CodeN or 0) or (told.Code or "").partition(".")[0]
    return Fault(family, told.CodeN)


def _access_key(section: Section) -> v4.AccessKey:
    key = v4.AccessKey(section.newest("access_key_id"), section.newest("secret_access_key"))
    if not HEADER_TEXT.fullmatch(key.id):
        raise section.wrong("access_key_id", "must be ASCII without blanks")
    return key
