"""One call of Yidun's: a signed form to a host of the account's region, answered with a code and a ``result``."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError

from earshot import http_client
from earshot.answers import read
from earshot.clock import now_ms
from earshot.errors import OutcomeUnknown, RetryLater
from earshot.http_client import MAX_ANSWER_BYTES, Answer
from earshot.secrets import Keyring, Section
from earshot.vendors.yidun import codes
from earshot.vendors.yidun.account import identity, signed
from earshot.vendors.yidun.regions import addresses

HEADERS = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
MAX_NONCE = 99_999_999_999
"""``nonce`` is a positive number of at most 11 digits."""

Model = TypeVar("Model", bound=BaseModel)


class _Answer(BaseModel):
    code: int
    result: Any = None


@dataclass(frozen=True)
class Reply:
    """``is_doubtful``: a host before the one that answered failed over the same call, and may have done it."""

    code: int
    result: Any
    is_doubtful: bool


@dataclass(frozen=True)
class Call:
    """What is asked: of which product, where, in which version, with which fields besides those of every call."""

    product: str
    path: str
    version: str
    fields: Mapping[str, str]
    timeout_s: float
    max_bytes: int = MAX_ANSWER_BYTES


class Calls:
    """``base_url`` may hold ``{host}``; ``now`` gives epoch ms, ``nonce`` a number that no call had before."""

    def __init__(
        self, base_url: str, keyring: Keyring, now: Callable[[], int], nonce: Callable[[], int]
    ) -> None:
        self._base_url, self._keyring, self._now, self._nonce = base_url, keyring, now, nonce

    def section(self) -> Section:
        """The account."""
        return self._keyring.section("yidun")

    def make(self, call: Call) -> Reply:
        """The answer, whatever its code. An expired timestamp (420: certainly nothing was done) is tried once more.

        Raises RetryLater if nobody was reached, OutcomeUnknown for no answer or one that is not JSON.
        """
        reply = self._once(call)
        return self._once(call) if reply.code == codes.EXPIRED and not reply.is_doubtful else reply

    def _once(self, call: Call) -> Reply:
        answer, is_doubtful = self._send(call)
        found = read(answer, _Answer, "yidun")
        return Reply(found.code, found.result, is_doubtful)

    def _send(self, call: Call) -> tuple[Answer, bool]:
        """As the vendor's SDK: the region's next host once, where the first is not reached or fails."""
        section = self.section()
        first, *others = addresses(self._base_url, section, call.product)
        try:
            answer = self._post(first, section, call)
        except OutcomeUnknown:
            raise
        except RetryLater:
            if not others:
                raise
            return self._post(others[0], section, call), False
        if answer.status < 500 or not others:
            return answer, False
        try:
            return self._post(others[0], section, call), True
        except OutcomeUnknown:
            raise
        except RetryLater:
            return answer, True

    def _post(self, base: str, section: Section, call: Call) -> Answer:
        """Signed anew for every host: one that failed may remember the nonce."""
        fields = {
            **call.fields,
            **identity(section, call.product),
            "version": call.version,
            "timestamp": str(self._now()),
            "nonce": str(self._nonce()),
        }
        return http_client.call(
            "POST",
            base + call.path,
            timeout_s=call.timeout_s,
            body=urlencode(signed(section, fields)).encode(),
            headers=HEADERS,
            max_bytes=call.max_bytes,
        )


def shaped(model: type[Model], value: Any) -> Model | None:
    """A part of a ``result`` as it is documented; None for one of another shape."""
    try:
        return model.model_validate(value)
    except ValidationError:
        return None


def calls(base_url: str, keyring: Keyring) -> Calls:
    """With the clock, and nonces from the system's random source."""
    return Calls(base_url, keyring, now_ms, lambda: 1 + secrets.randbelow(MAX_NONCE))
