"""The submit body (v2 page, tables 通用请求参数 and 扩展请求参数). That of V4: ``request_v4``."""

import json
from typing import Any

from earshot.errors import BadInput
from earshot.vendors.port import Submission
from earshot.vendors.shumei.options import ShumeiOptions
from earshot.vendors.shumei.streams import stream_fields

MAX_DATA_BYTES = 1_048_576
"""``data`` 最长1MB."""

DATA_OPTIONS = ("channel", "lang", "role", "audioDetectStep")
NEWER_OPTIONS = ("receiveTokenId", "deviceId", "ip", "level", "gender")
DATA_SWITCHES = ("returnAllText", "returnPreText", "returnPreAudio", "returnFinishInfo")


def submit_body(
    submission: Submission, options: ShumeiOptions, access_key: str, app_id: str | None
) -> dict[str, Any]:
    """The JSON of a submission. ``btId`` is the watch's, the same for every try: the vendor's own advice for
    a lost answer is to submit again, and be told of the duplicate."""
    body = {
        "accessKey": access_key,
        "type": options.type,
        "businessType": options.businessType,
        "btId": submission.watch.watch_id,
        "appId": options.appId or app_id,
        "callback": submission.callback_url,
        "data": fitting(_data(submission, options)),
    }
    return {name: value for name, value in body.items() if value is not None}


def fitting(data: dict[str, Any]) -> dict[str, Any]:
    """The same, if it is small enough for every generation."""
    size = len(encode(data))
    if size > MAX_DATA_BYTES:
        raise BadInput("attributes", f"Shumei takes 1 MB of data, this is {size} bytes")
    return data


def _data(submission: Submission, options: ShumeiOptions) -> dict[str, Any]:
    watch = submission.watch
    chosen = {name: getattr(options, name) for name in (*DATA_OPTIONS, *NEWER_OPTIONS, *DATA_SWITCHES)}
    return {
        **stream_fields(submission, options),
        **{name: value for name, value in chosen.items() if value is not None},
        "tokenId": options.tokenId or watch.account_id or watch.room.room_id,
        "room": watch.room.room_id,
        "extra": {
            "passThrough": {"task_ref": submission.task_ref, "attributes": json.loads(watch.attributes)}
        },
    }


def encode(body: dict[str, Any]) -> bytes:
    """UTF-8 JSON, characters as they are (escaped CJK would triple ``data``)."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
