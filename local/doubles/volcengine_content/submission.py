"""What a submission says (``AppId``, ``Service``, ``Parameters``: a string that holds JSON)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from local.doubles.model import Json, Request
from local.doubles.volcengine_content.codes import BAD, Refusal
from local.doubles.volcengine_content.settings import ContentSettings
from local.doubles.volcengine_content.task import Key, Target

PLATFORMS = ("zego",)
"""Of whose rooms it is known that Volcengine enters them."""
USUAL = ("operate_time", "account_id", "biztype")
EXPECTED = ("operate_time", "account_id")


@dataclass(frozen=True)
class Submission:
    """One submission, judged."""

    key: Key
    parameters: Json
    target: Target
    callback: str
    pass_through: str


def object_of(text: bytes | str) -> Json | None:
    """A JSON object, or nothing."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def key_of(request: Request, service: str) -> Key:
    """``AppId``, ``Service`` and ``DataId`` of a result or close call: from the JSON body, else from the query."""
    if request.body:
        found = object_of(request.body)
        if found is None:
            raise Refusal(BAD, "body", "is not a JSON object")
    else:
        found = dict(request.params())
        text = found.get("AppId", "")
        found["AppId"] = int(text) if text.isdecimal() and text.isascii() else text
    return _app(found), _service(found, service), _text(found, "DataId")


def read(request: Request, service: str, settings: ContentSettings, warnings: list[str]) -> Submission:
    """Judge the fields of a submission; raises Refusal."""
    body = object_of(request.body)
    if body is None:
        raise Refusal(BAD, "body", "is not a JSON object")
    app, named = _app(body), _service(body, service)
    text = body.get("Parameters")
    if not isinstance(text, str):
        raise Refusal(BAD, "Parameters", "must be a string that holds JSON")
    given = object_of(text)
    if given is None:
        raise Refusal(BAD, "Parameters", "does not hold a JSON object")
    data_id = _text(given, "data_id")
    _usual(given, settings, warnings)
    callback = _address(given, settings.callback_key)
    passed = given.get(settings.pass_through_key, "") if settings.pass_through_key else ""
    if not isinstance(passed, str):
        raise Refusal(BAD, settings.pass_through_key, "must be a string")
    return Submission((app, named, data_id), given, target_of(given, settings), callback, passed)


def target_of(given: Json, settings: ContentSettings) -> Target:
    """An address, or a room whose keys the settings name; raises Refusal."""
    if "url" in given:
        return Target(url=_address(given, "url"))
    keys = settings.room_keys
    said = {name: _optional(given, key) for name, key in keys.items()}
    if not said.get("room_id") and not said.get("stream_id"):
        raise Refusal(BAD, "url", "is missing, and no room is named")
    if not said.get("token"):
        raise Refusal(BAD, keys.get("token", "token"), "a room wants a token")
    platform = said.pop("platform", "").lower() or PLATFORMS[0]
    if platform not in PLATFORMS:
        raise Refusal(BAD, keys["platform"], f"must be one of {list(PLATFORMS)}")
    return Target(platform=platform, **said)


def _app(found: Json) -> int:
    app = found.get("AppId")
    if not isinstance(app, int) or isinstance(app, bool):
        raise Refusal(BAD, "AppId", "must be an integer")
    return app


def _service(found: Json, service: str) -> str:
    if found.get("Service") != service:
        raise Refusal(BAD, "Service", f"must be {service} for this action")
    return service


def _text(found: Json, name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str) or not value:
        raise Refusal(BAD, name, "must be a string that is not empty")
    return value


def _optional(given: Json, key: str) -> str:
    """Ids may be numbers: nobody has told their types [?]."""
    value: Any = given.get(key, "")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Refusal(BAD, key, "must be a string or a number")
    return str(value)


def _address(given: Json, key: str) -> str:
    """An absolute address; empty when there is no such key."""
    if not key or (key not in given and key != "url"):
        return ""
    value = _text(given, key)
    try:
        parts = urlsplit(value)
    except ValueError:
        raise Refusal(BAD, key, "is not an address") from None
    if not parts.scheme or not parts.netloc:
        raise Refusal(BAD, key, "is not an address")
    return value


def _usual(given: Json, settings: ContentSettings, warnings: list[str]) -> None:
    """What every official sample has; whether live calls want it is not known."""
    for name in USUAL:
        if name in given:
            continue
        if settings.strict_parameters and name in EXPECTED:
            raise Refusal(BAD, name, "is missing")
        warnings.append(f"Parameters.{name} is in the vendor's samples and missing here")
    stamp, account = given.get("operate_time", 0), given.get("account_id", "")
    if isinstance(stamp, bool) or not str(stamp).isdecimal():
        raise Refusal(BAD, "operate_time", "must be Unix seconds")
    if not isinstance(account, str):
        raise Refusal(BAD, "account_id", "must be a string")
