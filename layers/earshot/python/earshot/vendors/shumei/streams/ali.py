"""ALI (阿里云), newer than the seed revision: on the vendor's page since February 2024."""

from typing import Any

from earshot.vendors.port import Submission
from earshot.vendors.shumei.options import ShumeiOptions
from earshot.vendors.shumei.streams.parts import is_mixed, secret, whole_room_only


def fields(submission: Submission, options: ShumeiOptions) -> dict[str, Any]:
    """``aliParam``; ``room`` is the channel of the token, and is pulled once only."""
    whole_room_only(submission, "ALI")
    mixed = is_mixed(submission)
    param = {
        "token": secret(submission, "aliParam.token", "token"),
        "room": submission.watch.room.room_id,
        "userId": secret(submission, "aliParam.userId", "user_id"),
        "isMixingEnabled": str(mixed).lower() if options.aliParam.mixingAsText else mixed,
    }
    return {"streamType": "ALI", "aliParam": param}
