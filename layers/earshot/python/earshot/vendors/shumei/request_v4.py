"""The submit bodies of V4 (V4 pages of the audio stream and of the video stream, request tables)."""

import json
from typing import TYPE_CHECKING, Any

from earshot.errors import BadInput
from earshot.log_codes import LogCode
from earshot.telemetry import note
from earshot.vendors.port import Submission
from earshot.vendors.shumei.request import encode, fitting
from earshot.vendors.shumei.streams import stream_fields

if TYPE_CHECKING:
    from earshot.vendors.shumei.options_v4 import AudioOptions, V4Options, VideoOptions

SHARED = (
    "lang",
    "audioDetectStep",
    "receiveTokenId",
    "deviceId",
    "ip",
    "level",
    "gender",
    "liveTitle",
    "anchorName",
)
VIDEO = (
    "streamName",
    "liveCover",
    "imgCompareBase",
    "detectFrequency",
    "detectStep",
    "imgBusinessDetectStep",
)
SWITCHES = ("returnAllText", "returnPreText", "returnPreAudio", "returnFinishInfo")
LONGEST_ID = 64
LONGEST_PASSED = 1_024
"""``passThrough`` of a video stream; taken for characters of its JSON."""


def audio_body(
    submission: Submission, options: "AudioOptions", access_key: str, app_id: str
) -> dict[str, Any]:
    """The JSON of a V4 audio stream. ``btId``, in ``data`` here, is the watch's, the same for every try."""
    data = {
        "btId": submission.watch.watch_id,
        **stream_fields(submission, options),
        **_chosen(options, SHARED),
        **_switches(options, SWITCHES),
        "tokenId": _account(submission, options.tokenId),
        "room": submission.watch.room.room_id,
        "extra": {"passThrough": _passed(submission)},
    }
    top = _chosen(options, ("eventId", "type", "businessType", "acceptLang"))
    return {
        "accessKey": access_key,
        "appId": app_id,
        **top,
        "callback": submission.callback_url,
        "data": fitting(data),
    }


def video_body(
    submission: Submission, options: "VideoOptions", access_key: str, app_id: str
) -> dict[str, Any]:
    """The JSON of a V4 video stream: it has no ``btId``, and ids that are shorter. Results of pictures and of sound
    go to the same address, which is asked for the sound's only where there is any."""
    account = _account(submission, options.tokenId)
    if len(account) > LONGEST_ID:
        raise BadInput("tokenId", f"must have at most {LONGEST_ID} characters (account_id, else room_id)")
    data = {
        **stream_fields(submission, options),
        **_chosen(options, (*SHARED, *VIDEO)),
        **_switches(options, (*SWITCHES, "returnAllImg")),
        "tokenId": account,
        **_what_fits(submission),
    }
    names = ("eventId", "imgType", "imgBusinessType", "audioType", "audioBusinessType", "acceptLang")
    url = submission.callback_url
    return {
        "accessKey": access_key,
        "appId": app_id,
        **_chosen(options, names),
        "imgCallback": url,
        **({"audioCallback": url} if options.has_sound else {}),
        "data": fitting(data),
    }


def _what_fits(submission: Submission) -> dict[str, Any]:
    """What may be left out, and is where it is too long: a room must not go unheard for that."""
    room, passed = submission.watch.room.room_id, _passed(submission)
    left_out = [] if len(room) <= LONGEST_ID else ["room_id"]
    if len(encode(passed).decode()) > LONGEST_PASSED:
        passed.pop("attributes")
        left_out.append("attributes")
    if left_out:
        fields = ",".join(left_out)
        note(LogCode.ES214, vendor="shumei", task_ref=submission.task_ref, fields=fields)
    return {**({} if "room_id" in left_out else {"room": room}), "extra": {"passThrough": passed}}


def _account(submission: Submission, chosen: str | None) -> str:
    return chosen or submission.watch.account_id or submission.watch.room.room_id


def _passed(submission: Submission) -> dict[str, Any]:
    return {"task_ref": submission.task_ref, "attributes": json.loads(submission.watch.attributes)}


def _chosen(options: "V4Options", names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(options, name)) is not None}


def _switches(options: "V4Options", names: tuple[str, ...]) -> dict[str, int]:
    return {name: int(getattr(options, name)) for name in names}
