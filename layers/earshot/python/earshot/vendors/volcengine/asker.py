"""Results of content security, had by asking: GetAudioLiveResult and GetVideoLiveResult.

Whether an answer holds everything since the beginning or only what is new is not documented; either will do.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from earshot.clock import now_ms
from earshot.errors import OutcomeUnknown, RetryLater
from earshot.secrets import Keyring
from earshot.vendors.volcengine import content
from earshot.vendors.volcengine.client import connected
from earshot.vendors.volcengine.content import ContentSecurity
from earshot.vendors.volcengine.options import CONTENT, RTC
from earshot.vendors.volcengine.slices import apart, encoded, says_something


class VolcengineAsker:
    """See :class:`earshot.vendors.port.Asker`."""

    every_ms = 10_000
    """Ours: how long a slice is, is not documented; every question counts against the rate that was bought."""

    def __init__(self, calls: ContentSecurity) -> None:
        self._calls = calls

    def asks(self, options: Mapping[str, Any]) -> bool:
        """Not of the RTC audit, which pushes, nor where the plan trusts pushes alone."""
        return options.get("product", CONTENT) == CONTENT and bool(options.get("asks", True))

    def ask(self, vendor_task_id: str, endpoint: str | None, options: Mapping[str, Any]) -> Sequence[bytes]:
        """One result a slice or frame; of a stream without any, its decision, unless it is to pass."""
        where = endpoint or content.endpoint(str(options.get("media")))
        if where.partition("/")[0] == RTC:
            return ()
        try:
            told = self._calls.ask(vendor_task_id, content.media_of(where))
        except OutcomeUnknown as error:
            raise RetryLater(error.reason, error.detail) from None  # nothing was done: it was a question
        if not told:
            return ()
        named = {**told, "DataId": vendor_task_id}
        return [encoded(part) for part in apart(named) if says_something(part)]


def connect(base_url: Callable[[str], str], keyring: Keyring) -> VolcengineAsker:
    """The registry's way in."""
    return VolcengineAsker(connected(base_url, keyring, now_ms)[0])
