"""What Yidun asks when a recorder of a long room needs a fresh token (易盾token获取规范).

That page could not be found: the names of the fields, what is signed and the shape of the answer are settings under
``yidun.token_api``, and every default here is unconfirmed, taken from how Yidun's other calls look.
"""

import hmac
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from earshot.errors import BadInput, Refused
from earshot.vendors.port import TokenRequest
from earshot.vendors.yidun.signing import signature

if TYPE_CHECKING:
    from earshot.secrets import Section

MAX_BODY_BYTES = 16_384
MAX_FIELDS = 50
MAX_AGE_MS = 300_000
SHORTEST_KEY = 16
NAMES = {
    "task_field": "taskId",
    "data_field": "dataId",
    "channel_field": "channel",
    "time_field": "timestamp",
}
ANSWER = '{"code": 200, "msg": "ok", "result": {"token": "{token}", "uid": "{uid}"}}'
PARTS = {
    "zego": ("identify_token", ""),
    "agora": ("token", "uid"),
    "volcengine": ("token", "user_id"),
    "yunxin": ("checksum", "uid"),
}
"""By platform, the parts of a credential that are the token and the recorder's id."""


def read(key: str, body: bytes, secrets: "Section", now: int) -> TokenRequest:
    """Who asks, for which task. ``key`` is the part of the address that nobody can guess, empty if there is none.

    Raises Refused for what is not proved, or too old.
    """
    names = secrets.part("token_api")
    _check_key(key, names)
    fields = _fields(body)
    if (names.optional("signature") or "fields") != "none":
        _check_signature(fields, secrets)
    elif "url_key" not in names:
        raise names.wrong("signature", "may be none only where url_key guards the address")
    name = {setting: names.optional(setting) or default for setting, default in NAMES.items()}
    _check_age(fields.get(name["time_field"]), now)
    return TokenRequest(
        task_ref=fields.get(name["data_field"]) or None,
        vendor_task_id=fields.get(name["task_field"]) or None,
        room_id=fields.get(name["channel_field"]) or None,
    )


def answer(platform: str, credential: Mapping[str, str], secrets: "Section") -> str:
    """The JSON that hands a credential out; ``token_api.answer`` is its template."""
    if platform not in PARTS:
        raise BadInput("platform", f"Yidun asks for no tokens of {platform} rooms")
    token, uid = (credential.get(part, "") for part in PARTS[platform])
    if not token:
        raise BadInput(PARTS[platform][0], "is not in the credential")
    names = secrets.part("token_api")
    try:
        template = json.loads(names.optional("answer") or ANSWER)
    except ValueError:
        raise names.wrong("answer", "must be JSON, with {token} and {uid} as texts of their own") from None
    return json.dumps(_filled(template, {"{token}": token, "{uid}": uid}), ensure_ascii=False)


def _filled(node: Any, values: Mapping[str, str]) -> Any:
    if isinstance(node, dict):
        return {name: _filled(inner, values) for name, inner in node.items()}
    if isinstance(node, list):
        return [_filled(inner, values) for inner in node]
    return values.get(node, node) if isinstance(node, str) else node


def _check_key(key: str, names: "Section") -> None:
    keys = names.all("url_key") if "url_key" in names else ()
    if any(len(known) < SHORTEST_KEY for known in keys):
        raise names.wrong("url_key", f"must have at least {SHORTEST_KEY} characters")
    fits = [hmac.compare_digest(known.encode(), key.encode("utf-8", "surrogatepass")) for known in keys]
    if keys and not any(fits):
        raise Refused("not_authenticated")


def _check_signature(fields: Mapping[str, str], secrets: "Section") -> None:
    claimed = fields.get("signature", "").lower().encode("utf-8", "surrogatepass")
    if fields.get("secretId") not in secrets.all("secret_id"):
        raise Refused("not_authenticated")
    try:
        right = [
            signature(fields, key, fields.get("signatureMethod") or "MD5").encode()
            for key in secrets.all("secret_key")
        ]
    except ValueError:
        raise Refused("not_authenticated") from None
    fits = [hmac.compare_digest(known, claimed) for known in right]
    if not any(fits):
        raise Refused("not_authenticated")


def _check_age(text: str | None, now: int) -> None:
    """Only where the request tells its time at all."""
    if text is None:
        return
    if not text.isascii() or not text.isdecimal() or len(text) > 13 or abs(now - int(text)) > MAX_AGE_MS:
        raise Refused("too_old")


def _fields(body: bytes) -> dict[str, str]:
    """A form, or a flat JSON object."""
    if len(body) > MAX_BODY_BYTES:
        raise Refused("too_large")
    try:
        text = body.decode()
        # Pairs, of JSON too: what is signed twice is not signed.
        pairs = json.loads(text, object_pairs_hook=list) if text.startswith("{") else _pairs(text)
        fields = {name: "" if value is None else str(value) for name, value in pairs}
        "".join(fields.values()).encode()  # half a character names nothing of ours
    except (ValueError, RecursionError):
        raise Refused("not_authenticated") from None
    if len(fields) != len(pairs):
        raise Refused("not_authenticated")
    return fields


def _pairs(text: str) -> list[tuple[str, str]]:
    return parse_qsl(
        text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MAX_FIELDS
    )
