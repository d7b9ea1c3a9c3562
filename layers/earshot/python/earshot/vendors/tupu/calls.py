"""One call of Tupu's: signed JSON to an address that ends with the ``secretId``, answered with a signed envelope."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from earshot import http_client
from earshot.clock import now_ms
from earshot.errors import OutcomeUnknown
from earshot.http_client import Answer
from earshot.secrets import Keyring, Section
from earshot.vendors.tupu.elements import word
from earshot.vendors.tupu.envelope import is_genuine
from earshot.vendors.tupu.signing import signed

HEADERS = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Reply:
    """What Tupu has signed."""

    code: int
    result: Any


class Calls:
    """``now`` gives epoch ms, ``nonce`` a number that no call had before."""

    def __init__(
        self, base_url: str, keyring: Keyring, now: Callable[[], int], nonce: Callable[[], int]
    ) -> None:
        self._base_url, self._keyring, self._now, self._nonce = base_url, keyring, now, nonce

    def make(self, path: str, fields: Mapping[str, Any], timeout_s: float) -> Reply:
        """The answer, whatever its code.

        Raises RetryLater if nobody was reached; OutcomeUnknown for no answer, or one that is not signed: a failure
        that anybody on the way could have written is not believed, for what it says was not done may run.
        """
        section = self._keyring.section("tupu")
        proof = signed(section, str(self._now() // 1000), str(self._nonce()))
        body = json.dumps({**fields, **proof}, separators=(",", ":")).encode()
        url = f"{self._base_url.rstrip('/')}{path}/{quote(section.newest('secret_id'), safe='')}"
        answer = http_client.call("POST", url, timeout_s=timeout_s, body=body, headers=HEADERS)
        return _opened(answer, section)


def _opened(answer: Answer, section: Section) -> Reply:
    """The status is not looked at: what is signed says it all, and what is not says nothing."""
    envelope = _object(answer.body)
    if envelope is None:
        raise OutcomeUnknown("tupu_unreadable_answer", f"HTTP {answer.status}, not the documented JSON")
    text = envelope.get("json")
    if not isinstance(text, str):
        kind = "error" if "error" in envelope else "unreadable"
        raise OutcomeUnknown(f"tupu_{kind}_answer", f"HTTP {answer.status}, without a signed envelope")
    said = _object(text) or {}
    code = _code(said.get("code"))
    if not is_genuine(text, envelope.get("signature"), section):
        claimed = "without a code" if code is None else f"it says code {code}"
        raise OutcomeUnknown("tupu_unsigned_answer", f"HTTP {answer.status}, not signed by Tupu: {claimed}")
    if code is None:
        raise OutcomeUnknown("tupu_unreadable_answer", "signed, and without a code")
    return Reply(code, said.get("result"))


def _code(value: Any) -> int | None:
    try:
        return int(word(value) or "")
    except ValueError:
        return None


def _object(text: str | bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def calls(base_url: str, keyring: Keyring) -> Calls:
    """With the clock, and 32-bit nonces from the system's random source."""
    return Calls(base_url, keyring, now_ms, lambda: secrets.randbits(32))
