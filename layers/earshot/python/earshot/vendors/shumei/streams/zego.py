"""ZEGO (即构): a room, mixed or split, or one stream of it."""

from typing import TYPE_CHECKING, Any

from earshot.vendors.port import Submission
from earshot.vendors.shumei.options import ShumeiOptions
from earshot.vendors.shumei.streams.parts import (
    is_mixed,
    is_single,
    secret,
    stream_of,
    whole_room_only,
    within,
)

if TYPE_CHECKING:
    from earshot.vendors.shumei.options_v4 import AudioOptions, VideoOptions

INIT_DOMAIN = 5
"""Recommended by the seed (silence detection, one-time tokens); the vendor recommends 6 since July 2024."""
V4_INIT_DOMAIN = 6
"""Recommended by the V4 audio stream page."""


def fields(submission: Submission, options: ShumeiOptions) -> dict[str, Any]:
    """``zegoParam`` and ``initDomain``; ``isMixingEnabled`` is newer, and not for a single stream."""
    param = {
        "tokenId": secret(submission, "zegoParam.tokenId", "identify_token"),
        "testEnv": options.zegoParam.testEnv,
        **_target(submission),
    }
    init_domain = INIT_DOMAIN if options.initDomain is None else options.initDomain
    return {"streamType": "ZEGO", "zegoParam": param, "initDomain": init_domain}


def audio(submission: Submission, options: "AudioOptions") -> dict[str, Any]:
    """The same of a V4 audio stream, whose page has no ``testEnv``."""
    token = secret(submission, "zegoParam.tokenId", "identify_token")
    init_domain = V4_INIT_DOMAIN if options.initDomain is None else options.initDomain
    param = {"tokenId": token, **_target(submission)}
    return {"streamType": "ZEGO", "zegoParam": param, "initDomain": init_domain}


def video(submission: Submission, options: "VideoOptions") -> dict[str, Any]:  # noqa: ARG001 - it has none
    """``zegoParam`` of a V4 video stream: the room and the token, nothing else."""
    whole_room_only(submission, "ZEGO")
    token = secret(submission, "zegoParam.tokenId", "identify_token")
    param = {"tokenId": token, "roomId": submission.watch.room.room_id}
    return {"streamType": "ZEGO", "zegoParam": within("zegoParam", param, {"roomId": 64})}


def _target(submission: Submission) -> dict[str, Any]:
    if is_single(submission):
        return {"streamId": stream_of(submission)}
    return {"roomId": submission.watch.room.room_id, "isMixingEnabled": is_mixed(submission)}
