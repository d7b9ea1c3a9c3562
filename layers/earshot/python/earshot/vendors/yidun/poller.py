"""Results that wait at Yidun, for accounts whose tasks are submitted without a callback address (轮询模式)."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from earshot.secrets import Keyring
from earshot.vendors.yidun import codes
from earshot.vendors.yidun.account import is_polled
from earshot.vendors.yidun.calls import Call, Calls, calls
from earshot.vendors.yidun.options import VERSIONS

PATHS = {
    "liveaudio": "/v4/liveaudio/callback/results",
    "livewall": "/v3/livewallsolution/callback/results",
}
TIMEOUT_S = 10.0
"""The vendor's demos."""
MAX_BYTES = 16_000_000
"""Ours: two hundred results, the longest sentences with their evidence."""


class YidunPoller:
    """See :class:`earshot.vendors.port.Poller`. A source is a product."""

    every_ms = 600
    """Fewer than 20 calls in 10 s (page of v3 results)."""
    max_batch = 200
    """The page of a sibling's results; unconfirmed for live audio."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def sources(self) -> Sequence[str]:
        """``products`` of the account, live audio alone if it does not say."""
        section = self._calls.section()
        if not is_polled(section):
            return ()
        products = section.all("products") if "products" in section else ("liveaudio",)
        if not set(products) <= set(PATHS):
            raise section.wrong("products", f"must be of {', '.join(PATHS)}")
        return tuple(dict.fromkeys(products))

    def fetch(self, source: str, request_id: str) -> Sequence[bytes]:
        """``yidunRequestId`` makes it safe to repeat: each result is handed out under one only."""
        fields = {"yidunRequestId": request_id}
        version = VERSIONS[source][0]
        reply = self._calls.make(Call(source, PATHS[source], version, fields, TIMEOUT_S, MAX_BYTES))
        if reply.code != codes.SUCCESS:
            raise codes.error_for(reply.code)
        if reply.result is None:
            return ()
        results = reply.result if isinstance(reply.result, list) else [reply.result]
        return tuple(_bytes(result) for result in results)


def _bytes(result: Any) -> bytes:
    """Compact JSON in UTF-8; with escapes if it holds half a character, which UTF-8 has not: one odd result must not
    keep back the others of its batch."""
    try:
        return json.dumps(result, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(result, separators=(",", ":")).encode()


def connect(base_url: Callable[[str], str], keyring: Keyring) -> YidunPoller:
    """The registry's way in."""
    return YidunPoller(calls(base_url("YIDUN_BASE_URL"), keyring))
