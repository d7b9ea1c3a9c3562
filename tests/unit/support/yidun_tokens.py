"""Questions for a fresh token, as Yidun may put them."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from earshot.errors import Misconfigured, Refused
from earshot.secrets import Section
from earshot.vendors.port import TokenRequest
from earshot.vendors.yidun.token_api import read

from tests.unit.yidun.yidun_results import SECRETS, sign, signed
from tests.unit.yidun.yidun_wire import NOW, TASK

REF = "room-42:0007"
FIELDS = {"secretId": "a" * 32, "taskId": TASK, "dataId": REF, "channel": "room 42", "timestamp": str(NOW)}
GOOD = signed(FIELDS)
URL_KEY = "a-key-of-an-address"
UNSIGNED = {"signature": "none", "url_key": URL_KEY}
"""Settings by which the address is all the proof."""


def section(token_api: Any = None, **account: Any) -> Section:
    """The account; ``token_api`` are its settings of this name."""
    return Section("yidun", SECRETS | account | ({} if token_api is None else {"token_api": token_api}))


def in_json(fields: dict[str, Any], secret_key: str = "c" * 32, algorithm: str = "md5") -> bytes:
    """A signed question in JSON; null is signed as nothing."""
    told = {name: "" if value is None else str(value) for name, value in fields.items()}
    return json.dumps({**fields, "signature": sign(told, secret_key, algorithm)}, ensure_ascii=False).encode()


def but(**changes: Any) -> dict[str, Any]:
    """The fields with others; ``...`` leaves one out."""
    return {name: value for name, value in (FIELDS | changes).items() if value is not ...}


def ask(body: bytes, token_api: Any = None, *, key: str = "", now: int = NOW, **account: Any) -> TokenRequest:
    """What is read of a question that comes to an address with this key."""
    return read(key, body, section(token_api, **account), now)


def refusal(body: bytes, token_api: Any = None, **more: Any) -> str:
    """Why it is refused."""
    with pytest.raises(Refused) as error:
        ask(body, token_api, **more)
    return error.value.reason


def wrong_setting(token_api: Any = None, **more: Any) -> str:
    """The setting that is wrong."""
    with pytest.raises(Misconfigured) as error:
        ask(GOOD, token_api, **more)
    return error.value.setting


UNPROVED = {
    "no signature": urlencode(FIELDS).encode(),
    "an empty signature": urlencode(FIELDS | {"signature": ""}).encode(),
    "a signature of no hex": urlencode(FIELDS | {"signature": "示例"}).encode(),
    "half a signature": urlencode(FIELDS | {"signature": sign(FIELDS)[:16]}).encode(),
    "a changed field": GOOD.replace(b"room+42", b"room+43"),
    "an added field": GOOD + b"&uid=1",
    "an added field without a value": GOOD + b"&uid=",
    "a field left out": GOOD.replace(b"&channel=room+42", b""),
    "a field twice": GOOD + b"&taskId=" + TASK.encode(),
    "the signature twice": GOOD + b"&signature=" + sign(FIELDS).encode(),
    "another secretId": signed(but(secretId="x" * 32)),
    "no secretId": signed(but(secretId=...)),
    "another key": signed(FIELDS, "o" * 32),
    "an empty body": b"",
    "blanks": b" \r\n",
    "no form": b"hello",
    "no UTF-8": GOOD + b"&a=\xff",
    "no UTF-8 behind percents": GOOD + b"&a=%ff",
    "half a character": GOOD + b"&a=%ed%a0%80",
    "too many fields": signed(but(**{f"field{number}": "" for number in range(45)})),
    "JSON that was changed": in_json(FIELDS).replace(b"room 42", b"room 43"),
    "JSON without a signature": json.dumps(FIELDS).encode(),
    "JSON whose signature is null": json.dumps(FIELDS | {"signature": None}).encode(),
    "JSON with a field twice": b'{"taskId": "other", ' + in_json(FIELDS)[1:],
    "JSON that ends early": in_json(FIELDS)[:-1],
    "JSON behind which something comes": in_json(FIELDS) + b"x",
    "an array": b"[" + in_json(FIELDS) + b"]",
    "nothing in JSON": b"{}",
    "deep JSON": b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
    "a number without end": b'{"timestamp":' + b"9" * 5_000 + b"}",
}
"""What nobody who knows the key has sent."""
