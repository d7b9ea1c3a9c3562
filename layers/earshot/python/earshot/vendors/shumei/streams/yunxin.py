"""YUNXIN (网易云信), a stream type of the V4 audio stream page since November 2025. It has no switch to mix."""

from typing import TYPE_CHECKING, Any

from earshot.vendors.port import Submission
from earshot.vendors.shumei import rules
from earshot.vendors.shumei.streams.parts import held, secret, whole_room_only

if TYPE_CHECKING:
    from earshot.vendors.shumei.options_v4 import AudioOptions


def fields(submission: Submission, options: "AudioOptions") -> dict[str, Any]:
    """``yunxinParam``; ``cname`` is the channel's name, ``uid`` the recorder's number."""
    whole_room_only(submission, "YUNXIN")
    room, uid = submission.watch.room, secret(submission, "yunxinParam.uid", "uid")
    param = {
        "token": secret(submission, "yunxinParam.token", options.yunxinParam.tokenFrom),
        "cname": room.room_id,
        "uid": held("yunxinParam.uid", "the credential's uid", rules.decimal, uid, 0, rules.INT64_MAX),
        "appKey": room.app_id,
    }
    return {"streamType": "YUNXIN", "yunxinParam": param}
