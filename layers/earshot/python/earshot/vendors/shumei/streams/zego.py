"""ZEGO (即构): a room, mixed or split, or one stream of it."""

from typing import Any

from earshot.vendors.port import Submission
from earshot.vendors.shumei.options import ShumeiOptions
from earshot.vendors.shumei.streams.parts import is_mixed, is_single, secret, stream_of

INIT_DOMAIN = 5
"""Recommended by the seed (silence detection, one-time tokens); the vendor recommends 6 since July 2024."""


def fields(submission: Submission, options: ShumeiOptions) -> dict[str, Any]:
    """``zegoParam`` and ``initDomain``; ``isMixingEnabled`` is newer, and not for a single stream."""
    param: dict[str, Any] = {
        "tokenId": secret(submission, "zegoParam.tokenId", "identify_token"),
        "testEnv": options.zegoParam.testEnv,
    }
    if is_single(submission):
        param["streamId"] = stream_of(submission)
    else:
        param["roomId"] = submission.watch.room.room_id
        param["isMixingEnabled"] = is_mixed(submission)
    init_domain = INIT_DOMAIN if options.initDomain is None else options.initDomain
    return {"streamType": "ZEGO", "zegoParam": param, "initDomain": init_domain}
