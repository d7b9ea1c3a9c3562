"""VOLC (火山引擎). Always split: there is no switch to mix."""

from typing import Any

from earshot.vendors.port import Submission
from earshot.vendors.shumei.options import ShumeiOptions
from earshot.vendors.shumei.streams.parts import listened_to, secret


def fields(submission: Submission, options: ShumeiOptions) -> dict[str, Any]:
    """``volcParam``; its ``appId`` is the platform's, not Shumei's."""
    room = submission.watch.room
    param = {
        "appId": room.app_id,
        "roomId": room.room_id,
        "token": secret(submission, "volcParam.token", "token"),
        "userId": secret(submission, "volcParam.userId", "user_id"),
        **listened_to(submission, options.volcParam),
    }
    return {"streamType": "VOLC", "volcParam": param}
