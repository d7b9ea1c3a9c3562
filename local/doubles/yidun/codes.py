"""Calls, codes and labels of Yidun's live audio and live audio-video solution."""

from __future__ import annotations

from dataclasses import dataclass

AUDIO, WALL = "liveaudio", "livewallsolution"
OK, NO_IDS, FORBIDDEN, BAD, UNSIGNED, BUSY, TOO_LONG, NO_VERSION, LATE, REPLAY = (
    *(200, 400, 401, 405, 410),
    *(411, 414, 415, 420, 430),
)
# Table of the content-safety products [T].
MESSAGES = {
    OK: "ok",
    NO_IDS: "bad request",
    FORBIDDEN: "forbidden",
    402: "business offline",
    404: "not found",
    BAD: "param error",
    UNSIGNED: "signature failure",
    BUSY: "high frequency",
    413: "trial style amount over limit",
    TOO_LONG: "param len over limit",
    NO_VERSION: "target version limit",
    LATE: "request expired",
    REPLAY: "replay attack",
    503: "service unavailable",
}
# ``result.status`` of a submission (LiveAudioSubmitCodeEnum [S]) and results of a stop.
SUBMITTED, FAILED, FULL, DUPLICATE = 0, 1, 2, 3
STOPPED, NO_TASK = 0, 2
BY_YIDUN, BY_CUSTOMER = 0, 1
NO_STREAM = 2
FAILURES = (1, 2, 3, 4)
# Of query answers.
FOUND, EXPIRED, UNKNOWN = 0, 20, 30


@dataclass(frozen=True)
class Route:
    """One path: the operation of fault orders, the product, its versions, and the call."""

    operation: str
    product: str
    versions: tuple[str, ...]
    call: str


_V1, _V3, _V4 = ("v1", "v1.0"), ("v3", "v3.1"), ("v4", "v4.1")
ROUTES = {
    "/v4/liveaudio/check": Route("submit", AUDIO, _V4, "submit"),
    "/v4/liveaudio/callback/results": Route("poll", AUDIO, _V4, "poll"),
    "/v1/liveaudio/feedback": Route("finish", AUDIO, _V1, "feedback"),
    "/v1/liveaudio/query/task": Route("query", AUDIO, _V1, "sentences"),
    "/v1/liveaudio/query/monitor": Route("query", AUDIO, _V1, "monitor"),
    "/v1/liveaudio/query/extra": Route("query", AUDIO, _V1, "extra"),
    "/v1/liveaudio/query/segment": Route("query", AUDIO, _V1, "segments"),
    "/v3/livewallsolution/check": Route("submit", WALL, _V3, "submit"),
    "/v3/livewallsolution/callback/results": Route("poll", WALL, _V3, "poll"),
    "/v1/livewallsolution/feedback": Route("finish", WALL, _V1, "feedback"),
    "/v1/livewallsolution/query/task": Route("query", WALL, _V1, "tasks"),
    "/v1/livewallsolution/query/audio/task": Route("query", WALL, _V1, "sentences"),
    "/v1/livewallsolution/query/monitor": Route("query", WALL, _V1, "monitor"),
}

# The scripts' ``risk_type`` says the meaning in Shumei's numbers; a number that is not here is sent as it is.
LABELS = {
    100: 500,
    110: 300,
    200: 100,
    210: 600,
    250: 100,
    260: 500,
    300: 200,
    400: 700,
    520: 900,
    600: 400,
    700: 900,
    900: 900,
}
MOAN = 250
OTHER = 900
# Audio sub-labels "其他" by label (v3-era list); moaning is 色情挑逗.
SUB_LABELS = {
    100: "100001",
    200: "200012",
    300: "300016",
    400: "400017",
    500: "500013",
    600: "600018",
    700: "700019",
    900: "900020",
}
FLIRTING = "100004"


class Refusal(Exception):
    """A code, and the field it is about if there is one."""

    def __init__(self, code: int, field: str | None = None, why: str = "") -> None:
        message = ": ".join(part for part in (MESSAGES[code], field or "", why) if part)
        super().__init__(message)
        self.code, self.field, self.message = code, field, message
