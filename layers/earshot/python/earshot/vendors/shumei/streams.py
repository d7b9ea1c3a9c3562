"""``data.streamType`` and its parameter object (v2 page, tables under "扩展请求参数")."""

from typing import Any

from earshot.errors import BadInput
from earshot.vendors.port import Submission
from earshot.vendors.shumei.options import ShumeiOptions

ZEGO_INIT_DOMAIN = 5
"""Recommended by the seed (silence detection, one-time tokens); the vendor recommends 6 since July 2024."""


def stream_fields(submission: Submission, options: ShumeiOptions) -> dict[str, Any]:
    """The part of ``data`` that says what to listen to."""
    platform = submission.watch.room.platform
    if platform == "zego":
        return _zego(submission, options)
    if platform == "url":
        return _normal(submission)
    raise BadInput("platform", f"Shumei cannot be sent to a {platform} room by this version")


def _zego(submission: Submission, options: ShumeiOptions) -> dict[str, Any]:
    watch = submission.watch
    param: dict[str, Any] = {
        "tokenId": submission.secrets["identify_token"],
        "testEnv": options.zegoParam.testEnv,
    }
    if watch.plan["target"] == "stream":
        if not watch.stream_id:
            raise BadInput("stream_id", "is required when the plan listens to single streams")
        param["streamId"] = watch.stream_id
    else:
        param["roomId"] = watch.room.room_id
        param["isMixingEnabled"] = watch.plan["target"] == "room_mixed"
    init_domain = ZEGO_INIT_DOMAIN if options.initDomain is None else options.initDomain
    return {"streamType": "ZEGO", "zegoParam": param, "initDomain": init_domain}


def _normal(submission: Submission) -> dict[str, Any]:
    if not submission.watch.stream_url:
        raise BadInput("stream_url", "is required for platform url")
    return {"streamType": "NORMAL", "url": submission.watch.stream_url}
