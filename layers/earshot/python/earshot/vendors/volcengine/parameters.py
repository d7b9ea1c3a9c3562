"""``Parameters`` of a live submission: JSON in a string, under the keys that the plan names."""

import json
from collections.abc import Container, Mapping
from typing import Any

from earshot.errors import BadInput
from earshot.vendors.port import Submission
from earshot.vendors.volcengine.options import VolcengineOptions
from earshot.vendors.volcengine.params import CREDENTIALS, OPTIONAL, copied, put


def parameters(submission: Submission, options: VolcengineOptions) -> str:
    """The text. Raises BadInput for what the event, the credential or the plan lacks."""
    tree = copied(options.extraParameters)
    values = _values(submission, options)
    keys: Mapping[str, str | None] = options.parameters.model_dump()
    for name, key in keys.items():
        if key is not None and values.get(name) is not None:
            put(tree, key, values[name])
    if submission.watch.room.platform == "url":
        if not keys["url"]:
            raise BadInput("parameters.url", "is required for platform url")
    else:
        _add_room(tree, submission, options)
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":"))


def _values(submission: Submission, options: VolcengineOptions) -> dict[str, Any]:
    """``operate_time`` is that of the room's opening, in seconds: the same at every try."""
    watch = submission.watch
    is_pulled = watch.room.platform == "url"
    return {
        "operate_time": watch.opened_at // 1000,
        "account_id": watch.account_id or watch.room.room_id,
        "data_id": submission.task_ref,
        "biztype": options.biztype,
        "url": _stream_url(watch.stream_url) if is_pulled else None,
        "callback": submission.callback_url,
        "pass_through": submission.task_ref,
    }


def _stream_url(url: str | None) -> str:
    if not url:
        raise BadInput("stream_url", "is required for platform url")
    if "://" not in url or not url.isprintable() or " " in url:
        raise BadInput("url", "must be an address with a scheme, without blanks (stream_url)")
    return url


def _add_room(tree: dict[str, Any], submission: Submission, options: VolcengineOptions) -> None:
    room = submission.watch.room
    if options.roomParameters is None or room.platform not in CREDENTIALS:
        raise BadInput("platform", f"{room.platform} rooms are not heard, or not without roomParameters")
    keys = {name: key for name, key in options.roomParameters.model_dump().items() if key is not None}
    told = {"platform": room.platform, "app_id": room.app_id}
    told |= _target(submission, keys) | _credential(submission, keys)
    for name, value in told.items():
        if name in keys:
            put(tree, keys[name], value)


def _target(submission: Submission, keys: Container[str]) -> dict[str, str]:
    """What is listened to: the room; of a single stream its id, too."""
    watch = submission.watch
    room = {"room_id": watch.room.room_id}
    if watch.plan["target"] != "stream":
        if "room_id" not in keys:
            raise BadInput("roomParameters.room_id", "is required when the plan listens to whole rooms")
        return room
    if "stream_id" not in keys:
        raise BadInput("roomParameters.stream_id", "is required when the plan listens to single streams")
    if not watch.stream_id:
        raise BadInput("stream_id", "is required when the plan listens to single streams")
    return room | {"stream_id": watch.stream_id}


def _credential(submission: Submission, keys: Container[str]) -> dict[str, str]:
    """The parts that the platform's credential has, of those that the plan names keys for."""
    platform, found = submission.watch.room.platform, {}
    for name in CREDENTIALS[platform]:
        value = submission.secrets.get(name)
        if isinstance(value, str) and value:
            found[name] = value
        elif name in keys and name not in OPTIONAL.get(platform, ()):
            raise BadInput(name, f"is required (the credential's {name})")
    return found
