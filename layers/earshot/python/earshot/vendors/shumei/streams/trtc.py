"""TRTC (腾讯). The recorder's ``userId`` is in the duplicate key; ``uid`` is the one user to listen to."""

from typing import Any

from earshot.vendors.port import Submission
from earshot.vendors.shumei import rules
from earshot.vendors.shumei.options import ShumeiOptions
from earshot.vendors.shumei.streams.parts import held, is_mixed, is_single, secret, stream_of

SPLIT, MIXED = 2, 4
"""``demoSences``, in the vendor's spelling."""
LONGEST_USER_ID = 32
"""The page says "32bit" of a string; read as 32 characters."""


def fields(submission: Submission, options: ShumeiOptions) -> dict[str, Any]:
    """``trtcParam``. There is no field for a PrivateMapKey: the vendor cannot enter a room that demands one."""
    app_id = submission.watch.room.app_id
    recorder = secret(submission, "trtcParam.userId", "user_id")
    uid = stream_of(submission) if is_single(submission) else options.trtcParam.uid
    param = {
        "sdkAppId": held(
            "trtcParam.sdkAppId", "the event's app_id", rules.decimal, app_id, 1, rules.UINT32_MAX
        ),
        "demoSences": MIXED if is_mixed(submission) else SPLIT,
        "userId": held("trtcParam.userId", "the credential's user_id", rules.word, recorder, LONGEST_USER_ID),
        "userSig": secret(submission, "trtcParam.userSig", "user_sig"),
        **_room(submission),
        **({"uid": uid} if uid else {}),
    }
    return {"streamType": "TRTC", "trtcParam": param}


def _room(submission: Submission) -> dict[str, Any]:
    """One of ``roomId`` and ``strRoomId``, never both: the number would win."""
    room_id, source = submission.watch.room.room_id, "the event's room_id"
    if secret(submission, "trtcParam.roomId", "room_id_kind") == "number":
        return {"roomId": held("trtcParam.roomId", source, rules.decimal, room_id, 1, rules.TRTC_ROOM_MAX)}
    return {"strRoomId": held("trtcParam.strRoomId", source, rules.word, room_id)}
