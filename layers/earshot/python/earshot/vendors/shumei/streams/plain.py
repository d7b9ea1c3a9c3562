"""NORMAL: an address. There are no speakers to tell apart, so every target is the same."""

from typing import Any
from urllib.parse import urlsplit

from earshot.errors import BadInput
from earshot.vendors.port import Submission
from earshot.vendors.shumei.options import ShumeiOptions

SCHEMES = frozenset({"http", "https", "rtmp", "rtmps", "rtp", "hls", "hdl"})
"""Those of the page's question 3.4, and rtmps, which is newer."""


def fields(submission: Submission, options: ShumeiOptions) -> dict[str, Any]:  # noqa: ARG001 - it has none
    """``url``."""
    address = submission.watch.stream_url
    if not address:
        raise BadInput("stream_url", "is required for platform url")
    if urlsplit(address).scheme not in SCHEMES:
        raise BadInput("url", f"must have one of the schemes {', '.join(sorted(SCHEMES))} (stream_url)")
    return {"streamType": "NORMAL", "url": address}
