"""The address of what is to be listened to (page 接口调用概述): a stream to pull, or a room for the vendor's robot to
enter, with a token of ours ("短期房间") or without ("长期房间", the vendor asks for one).

Everything of ours in an address is percent-encoded, each part for itself. Errors tell no value: it may be a token.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from earshot.errors import BadInput
from earshot.vendors.port import Submission
from earshot.vendors.yidun.options import YidunOptions
from earshot.vendors.yidun.params import size

SCHEMES = ("rtp", "srtp", "rtmp", "rtmps", "mmsh", "mmst", "hls", "http", "tcp", "https")
DECIMAL = re.compile(r"[1-9][0-9]{0,11}", re.ASCII)
AGORA_UIDS = 2**32 - 1
YUNXIN_UIDS = 10**12 - 1
"""At most 12 digits."""
UNFIT = re.compile(r"[\x00-\x20\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Address:
    """``lasts_s``: for how long the vendor documents it to be good, None if it sets no limit."""

    url: str = field(repr=False)
    lasts_s: int | None = None


def address(submission: Submission, options: YidunOptions) -> Address:
    """Where the vendor is sent to. Raises BadInput."""
    platform = submission.watch.room.platform
    builder = BUILDERS.get(platform)
    if builder is None:
        raise BadInput("platform", f"Yidun cannot be sent to a {platform} room by this version")
    found = builder(submission, options)
    if size(found.url) > options.urlMaxLength:
        raise BadInput("url", f"must have at most {options.urlMaxLength} characters, has {size(found.url)}")
    return found


def _pulled(submission: Submission, _: YidunOptions) -> Address:
    url = submission.watch.stream_url
    if not url:
        raise BadInput("stream_url", "is required for platform url")
    if url.partition("://")[0].lower() not in SCHEMES or "://" not in url:
        raise BadInput("url", f"must have one of the schemes {', '.join(SCHEMES)} (stream_url)")
    if UNFIT.search(url):
        raise BadInput("url", "must not contain blanks, control characters or lone surrogates (stream_url)")
    return Address(url)


def _zego(submission: Submission, options: YidunOptions) -> Address:
    """The page appends the test mark to a long room's address with ``&``, though there is no ``?``."""
    room = f"rtc://room.zego.im/{_encoded('room_id', submission.watch.room.room_id)}"
    if not options.has_token:
        return Address(room + (options.rtcTestAddress if options.zegoTestEnv else ""))
    test = "&testenv=true" if options.zegoTestEnv else ""
    token = _token(submission, "identify_token")
    return Address(f"{room}?identify_token={token}{test}", options.shortRoomLimits.zego)


def _agora(submission: Submission, options: YidunOptions) -> Address:
    """A public channel is entered with a uid alone; no limit is documented for it."""
    low = "?videoStreamType=1" if options.agoraLowStream else ""
    channel = _place(submission) + low
    if not options.has_token:
        return Address(f"agora://{channel}")
    uid = _uid(submission, AGORA_UIDS)
    if not submission.secrets.get("token"):
        return Address(f"agora://{uid}@{channel}")
    return Address(f"agora://{uid}:{_token(submission, 'token')}@{channel}", options.shortRoomLimits.agora)


def _yunxin(submission: Submission, options: YidunOptions) -> Address:
    """The token is the recorder's: the ``checksum`` of Yunxin's getRecordSdkUserChecksum."""
    channel = _place(submission)
    if not options.has_token:
        return Address(f"yunxin://{channel}")
    entrance = f"{_uid(submission, YUNXIN_UIDS)}:{_token(submission, 'checksum')}"
    return Address(f"yunxin://{entrance}@{channel}", options.shortRoomLimits.yunxin)


def _volcengine(submission: Submission, options: YidunOptions) -> Address:
    channel = f"volcengine.com/{_place(submission)}"
    if not options.has_token:
        return Address(f"rtc://{channel}")
    user = _secret(submission, "uid", "user_id")
    if ":" in user:
        raise BadInput("uid", "must not contain a colon (the credential's user_id)")
    entrance = f"{_encoded('uid', user)}:{_token(submission, 'token')}"
    return Address(f"rtc://{entrance}@{channel}", options.shortRoomLimits.volcengine)


BUILDERS: dict[str, Callable[[Submission, YidunOptions], Address]] = {
    "url": _pulled,
    "zego": _zego,
    "agora": _agora,
    "yunxin": _yunxin,
    "volcengine": _volcengine,
}


def _place(submission: Submission) -> str:
    room = submission.watch.room
    return f"{_encoded('app_id', room.app_id)}/{_encoded('room_id', room.room_id)}"


def _uid(submission: Submission, most: int) -> str:
    """A robot's number, written without sign and leading zeros."""
    text = _secret(submission, "uid", "uid")
    if not DECIMAL.fullmatch(text) or int(text) > most:
        raise BadInput("uid", f"must be a decimal number from 1 to {most} (the credential's uid)")
    return text


def _token(submission: Submission, name: str) -> str:
    return _encoded("token", _secret(submission, "token", name))


def _secret(submission: Submission, what: str, name: str) -> str:
    value = submission.secrets.get(name)
    if not isinstance(value, str) or not value:
        raise BadInput(what, f"is required (the credential's {name})")
    return value


def _encoded(what: str, text: str) -> str:
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        raise BadInput(what, "must not contain lone surrogates") from None
