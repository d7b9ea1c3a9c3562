"""What a stored result comes to, by the plan's product."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from earshot.domain.verdict import Finding
from earshot.vendors.port import Unreadable
from earshot.vendors.volcengine import content_reader, rtc_reader
from earshot.vendors.volcengine.options import CONTENT, RTC


def read(body: bytes, options: Mapping[str, Any]) -> Sequence[Finding]:
    """A verdict: neither product tells of the end of a task."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("body: is not JSON") from None
    if not isinstance(message, dict):
        raise Unreadable("body: is not a JSON object")
    if options.get("product", CONTENT) == RTC:
        return rtc_reader.read(message, options)
    return content_reader.read(message, options)
