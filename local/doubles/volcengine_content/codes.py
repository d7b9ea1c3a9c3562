"""Actions (SDK tables), business codes (code table of the sibling product) and words of content security."""

from __future__ import annotations

from dataclasses import dataclass

AUDIO, VIDEO = "audio_live_risk", "video_live_risk"
VERSION = "2022-04-25"
API = "BusinessSecurity"
"""The service in the scope of signatures."""
OK, BAD, NO_PERMISSION, BUSY, NO_BALANCE = 0, 1001, 1003, 1004, 1005
MESSAGES = {
    OK: "success",
    BAD: "invalid parameters",
    1002: "auth failed",
    NO_PERMISSION: "no permission",
    BUSY: "qps limit",
    NO_BALANCE: "insufficient balance",
    2000: "internal error",
}
DECISIONS = {"PASS": "PASS", "REVIEW": "REVIEW", "REJECT": "BLOCK"}
"""By the scripts' levels."""


@dataclass(frozen=True)
class Action:
    """One of the six calls: the operation of fault orders, its method, the service that it is about."""

    operation: str
    method: str
    service: str


ACTIONS = {
    "AsyncLiveAudioRisk": Action("submit", "POST", AUDIO),
    "GetAudioLiveResult": Action("poll", "GET", AUDIO),
    "CloseAudioLive": Action("finish", "POST", AUDIO),
    "AsyncLiveVideoRisk": Action("submit", "POST", VIDEO),
    "GetVideoLiveResult": Action("poll", "GET", VIDEO),
    "CloseVideoLive": Action("finish", "POST", VIDEO),
}


class Refusal(Exception):
    """A business code, the field that it is about, and what is wrong with it (for the journal)."""

    def __init__(self, code: int, field: str = "", message: str = "") -> None:
        super().__init__(f"{code} {field} {message}")
        self.code, self.field, self.message = code, field, message
