"""What the webhook must know of a push before it says 200. Standard library only: this is a cold start.

A push carries neither time nor nonce (page 主动回调说明): who records one may repeat it, so a name is all that
keeps it from being told twice.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from earshot.errors import Refused
from earshot.vendors.port import Delivery, Unreadable
from earshot.vendors.yidun.apart import apart
from earshot.vendors.yidun.keys import DESCRIPTIONS, family, named
from earshot.vendors.yidun.naming import Block, word
from earshot.vendors.yidun.signing import signature

if TYPE_CHECKING:
    from earshot.secrets import Section

ANSWER = {"code": 200, "msg": "ok"}
"""Old pages ask for the status 200, newer ones for an agreed body, which this is inferred to be: unconfirmed."""
MAX_FIELDS = 32
BLANK = re.compile(r"[ \t\n\r]*")


def take(body: bytes, headers: Mapping[str, str], secrets: "Callable[[], Section]") -> Delivery:
    """One push: a form, signed over all of its fields as they are once decoded. No header says anything."""
    del headers
    form = _form(body)
    _authenticate(form, secrets)
    text = form.get("callbackData")
    if text is None:
        raise Unreadable("callbackData: is missing")
    found = _parsed(text, "callbackData")
    if not isinstance(found, list):
        return _delivery(found, text.encode(), "callbackData")
    if len(found) == 1:
        return identify(split(text.encode())[0])
    if not found:
        raise Unreadable("callbackData: is an empty array")
    raw = text.encode()
    return Delivery(f"batch#{hashlib.sha256(raw).hexdigest()}", is_hit=True, body=raw, is_batch=True)


def identify(result: bytes) -> Delivery:
    """See :mod:`earshot.vendors.yidun.keys`."""
    return _delivery(_parsed(_decoded(result), "body"), result, "body")


def split(batch: bytes) -> Sequence[bytes]:
    """The elements of an array, each as it is written."""
    text = _decoded(batch)
    found = _parsed(text, "body")
    if not isinstance(found, list):
        raise Unreadable("body: is not a JSON array")
    decoder, at, slices = json.JSONDecoder(), text.index("[") + 1, []
    for _ in found:
        start = BLANK.match(text, at).end()  # type: ignore[union-attr]  # nothing also matches
        _, end = decoder.raw_decode(text, start)
        slices.append(text[start:end].encode())
        at = text.find(",", end) + 1
    return slices


def _form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode(),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=MAX_FIELDS,
        )
    except ValueError:  # UnicodeDecodeError is one
        raise Refused("not_authenticated") from None
    form = dict(pairs)
    if len(form) < len(pairs):  # what is signed twice is not signed: which of the two is meant?
        raise Refused("not_authenticated")
    return form


def _authenticate(form: dict[str, str], secrets: "Callable[[], Section]") -> None:
    presented = form.get("signature")
    if not presented:
        raise Refused("not_authenticated")
    ours = secrets()
    if not _is_signed(form, presented, ours.all("secret_key")):
        raise Refused("not_authenticated")
    if form.get("secretId") not in ours.all("secret_id"):
        raise Refused("not_authenticated")
    business = form.get("businessId")  # absent for the live audio-video solution
    if business is not None and "business_id" in ours and business not in ours.all("business_id"):
        raise Refused("not_authenticated")


def _is_signed(form: dict[str, str], presented: str, keys: Sequence[str]) -> bool:
    method = form.get("signatureMethod") or "MD5"
    try:
        proofs = [signature(form, key, method) for key in keys]
    except ValueError:
        return False
    return any(hmac.compare_digest(proof.encode(), presented.encode()) for proof in proofs)


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise Unreadable(f"{where}: nested too deeply") from None
    except json.JSONDecodeError as error:
        raise Unreadable(f"{where}: is not JSON (line {error.lineno} column {error.colno})") from None
    except ValueError:
        raise Unreadable(f"{where}: holds a number of too many digits") from None


def _decoded(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Unreadable("body: is not JSON (UTF-8)") from None


def _delivery(item: Any, body: bytes, where: str) -> Delivery:
    if not isinstance(item, dict):
        raise Unreadable(f"{where}: is not a JSON object")
    try:
        key, is_hit = named(item)
    except RecursionError:
        raise Unreadable(f"{where}: nested too deeply") from None
    blocks = [item[name] for name in ("antispam", *DESCRIPTIONS) if isinstance(item.get(name), dict)]
    names = apart(partial(_ours, block) for block in blocks)
    return Delivery(key, is_hit, body, task_ref=names[0] if names else None, family=family(key))


def _ours(block: Block) -> list[str]:
    """Our own name of the task: both fields hold it, and ``language`` has only the second."""
    found = word(block, "dataId") or word(block, "callback")
    return [found] if found else []
