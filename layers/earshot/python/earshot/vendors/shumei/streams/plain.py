"""NORMAL: an address. There are no speakers to tell apart, so every target is the same."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from earshot.errors import BadInput
from earshot.vendors.port import Submission
from earshot.vendors.shumei.options import Options

if TYPE_CHECKING:
    from earshot.vendors.shumei.options_v4 import VideoOptions

SCHEMES = frozenset({"http", "https", "rtmp", "rtmps", "rtp", "hls", "hdl"})
"""Those of the page's question 3.4, and rtmps, which is newer."""
LONGEST_VIDEO_URL = 600


def fields(submission: Submission, options: Options) -> dict[str, Any]:  # noqa: ARG001 - it has none
    """``url``."""
    address = submission.watch.stream_url
    if not address:
        raise BadInput("stream_url", "is required for platform url")
    if urlsplit(address).scheme not in SCHEMES:
        raise BadInput("url", f"must have one of the schemes {', '.join(sorted(SCHEMES))} (stream_url)")
    return {"streamType": "NORMAL", "url": address}


def video(submission: Submission, options: "VideoOptions") -> dict[str, Any]:
    """The same, with an address that is not too long for the V4 video stream page."""
    made = fields(submission, options)
    if len(made["url"]) > LONGEST_VIDEO_URL:
        raise BadInput("url", f"must have at most {LONGEST_VIDEO_URL} characters (stream_url)")
    return made
