"""AGORA (声网). A split channel is one stream a seat; a public channel is entered without a token."""

from typing import TYPE_CHECKING, Any

from earshot.errors import BadInput
from earshot.vendors.port import Submission
from earshot.vendors.shumei import rules
from earshot.vendors.shumei.options import Sound
from earshot.vendors.shumei.streams.parts import held, is_mixed, listened_to, secret, within

if TYPE_CHECKING:
    from earshot.vendors.shumei.options_v4 import VideoOptions


def fields(submission: Submission, options: Sound) -> dict[str, Any]:
    """``agoraParam``; its ``appId`` and ``channel`` are Agora's, not Shumei's."""
    room = submission.watch.room
    param = {
        "appId": room.app_id,
        "channel": room.room_id,
        "isMixingEnabled": is_mixed(submission),
        "channelProfile": options.agoraParam.channelProfile,
        **_entrance(submission),
        **listened_to(submission, options.agoraParam),
    }
    _check_users(param)
    return {"streamType": "AGORA", "agoraParam": param}


VIDEO_SWITCHES = ("enableIntraRequest", "enableH265Support")


def video(submission: Submission, options: "VideoOptions") -> dict[str, Any]:
    """``agoraParam`` of a V4 video stream: no switch to mix, and users that are numbers."""
    room, chosen = submission.watch.room, options.agoraParam
    switches = {name: value for name in VIDEO_SWITCHES if (value := getattr(chosen, name)) is not None}
    param = {
        "appId": room.app_id,
        "channel": room.room_id,
        "channelProfile": chosen.channelProfile,
        **_entrance(submission),
        **switches,
        **listened_to(submission, chosen),
    }
    if users := param.get("untrustedUserIdList"):
        param["untrustedUserIdList"] = [str(user) for user in users]
        _check_users(param)
        param["untrustedUserIdList"] = [int(user) for user in param["untrustedUserIdList"]]
    return {"streamType": "AGORA", "agoraParam": within("agoraParam", param, {"appId": 64, "channel": 64})}


def _entrance(submission: Submission) -> dict[str, Any]:
    """With a token the uid that it was made for is required; without, the vendor may choose one."""
    given = submission.secrets
    token = {"token": secret(submission, "agoraParam.token", "token")} if given.get("token") else {}
    if not token and not given.get("uid"):
        return {}
    text = secret(submission, "agoraParam.uid", "uid")
    return {
        **token,
        "uid": held("agoraParam.uid", "the credential's uid", rules.decimal, text, 0, rules.UINT32_MAX),
    }


def _check_users(param: dict[str, Any]) -> None:
    where = "agoraParam.untrustedUserIdList"
    for user in param.get("untrustedUserIdList", ()):
        held(where, "the event's stream_id", rules.uint32_text, user)
        if user == str(param.get("uid")):
            raise BadInput(where, "must not hold the recorder's uid, which nobody in the channel may have")
