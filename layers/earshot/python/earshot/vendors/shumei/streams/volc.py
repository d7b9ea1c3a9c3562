"""VOLC (火山引擎). Always split: there is no switch to mix."""

from typing import TYPE_CHECKING, Any

from earshot.vendors.port import Submission
from earshot.vendors.shumei.options import Sound
from earshot.vendors.shumei.streams.parts import listened_to, secret, whole_room_only, within

if TYPE_CHECKING:
    from earshot.vendors.shumei.options_v4 import VideoOptions

VIDEO_LONGEST = {"appId": 64, "roomId": 128, "userId": 64}


def fields(submission: Submission, options: Sound) -> dict[str, Any]:
    """``volcParam``; its ``appId`` is the platform's, not Shumei's."""
    param = {**_entrance(submission), **listened_to(submission, options.volcParam)}
    return {"streamType": "VOLC", "volcParam": param}


def video(submission: Submission, options: "VideoOptions") -> dict[str, Any]:  # noqa: ARG001 - it has none
    """``volcParam`` of a V4 video stream: the room, without a choice of users."""
    whole_room_only(submission, "VOLC")
    param = within("volcParam", _entrance(submission), VIDEO_LONGEST)
    return {"streamType": "VOLC", "volcParam": param}


def _entrance(submission: Submission) -> dict[str, Any]:
    room = submission.watch.room
    return {
        "appId": room.app_id,
        "roomId": room.room_id,
        "token": secret(submission, "volcParam.token", "token"),
        "userId": secret(submission, "volcParam.userId", "user_id"),
    }
