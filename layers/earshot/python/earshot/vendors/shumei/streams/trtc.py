"""TRTC (腾讯). The recorder's ``userId`` is in the duplicate key; ``uid`` is the one user to listen to."""

from typing import TYPE_CHECKING, Any

from earshot.vendors.port import Submission
from earshot.vendors.shumei import rules
from earshot.vendors.shumei.options import Sound
from earshot.vendors.shumei.streams.parts import (
    held,
    is_mixed,
    is_single,
    secret,
    stream_of,
    whole_room_only,
    within,
)

if TYPE_CHECKING:
    from earshot.vendors.shumei.options_v4 import VideoOptions

SPLIT, MIXED = 2, 4
"""``demoSences``, in the vendor's spelling."""
LONGEST_USER_ID = 32
"""The page says "32bit" of a string; read as 32 characters."""


def fields(submission: Submission, options: Sound) -> dict[str, Any]:
    """``trtcParam``. There is no field for a PrivateMapKey: the vendor cannot enter a room that demands one."""
    uid = stream_of(submission) if is_single(submission) else options.trtcParam.uid
    param = {**_entrance(submission), **({"uid": uid} if uid else {})}
    return {"streamType": "TRTC", "trtcParam": param}


def video(submission: Submission, options: "VideoOptions") -> dict[str, Any]:
    """``trtcParam`` of a V4 video stream: no single user, but the ``appScene``. The page's 128 characters for
    ``userSig`` are not held to: TRTC's own signatures are longer."""
    whole_room_only(submission, "TRTC")
    scene = options.trtcParam.appScene
    param = {**_entrance(submission), **({"appScene": scene} if scene is not None else {})}
    return {"streamType": "TRTC", "trtcParam": within("trtcParam", param, {"strRoomId": 128})}


def _entrance(submission: Submission) -> dict[str, Any]:
    app_id = submission.watch.room.app_id
    recorder = secret(submission, "trtcParam.userId", "user_id")
    return {
        "sdkAppId": held(
            "trtcParam.sdkAppId", "the event's app_id", rules.decimal, app_id, 1, rules.UINT32_MAX
        ),
        "demoSences": MIXED if is_mixed(submission) else SPLIT,
        "userId": held("trtcParam.userId", "the credential's user_id", rules.word, recorder, LONGEST_USER_ID),
        "userSig": secret(submission, "trtcParam.userSig", "user_sig"),
        **_room(submission),
    }


def _room(submission: Submission) -> dict[str, Any]:
    """One of ``roomId`` and ``strRoomId``, never both: the number would win."""
    room_id, source = submission.watch.room.room_id, "the event's room_id"
    if secret(submission, "trtcParam.roomId", "room_id_kind") == "number":
        return {"roomId": held("trtcParam.roomId", source, rules.decimal, room_id, 1, rules.TRTC_ROOM_MAX)}
    return {"strRoomId": held("trtcParam.strRoomId", source, rules.word, room_id)}
