"""Calls, codes, tasks and labels of Tupu's speech stream."""

from __future__ import annotations

import re
from dataclasses import dataclass

OK = 0
UNAUTHORISED, NO_SECRET_ID, NO_SUCH_TASK, ABNORMAL, NO_KEY = 1, 6, 7, 8, 9
NO_CALLBACK, BAD_TIME, NO_TASK, BAD, NOT_FOUND, FULL = 11, 12, 13, 15, 16, 17
# Java SDK's table and a reseller's; 10, 11 and 18 differ between them. Tupu's own wording is not known but for 0.
MESSAGES = {
    OK: "success",
    UNAUTHORISED: "authorisation failed",
    2: "model id error",
    3: "no file",
    4: "API version error",
    5: "API version is no longer supported",
    NO_SECRET_ID: "secretId error",
    NO_SUCH_TASK: "task id is not allowed for this secretId",
    ABNORMAL: "secretId state abnormal",
    NO_KEY: "no certificate uploaded",
    10: "callback missing",
    NO_CALLBACK: "callback missing",
    BAD_TIME: "time parameter error",
    NO_TASK: "no task configured",
    14: "file error",
    BAD: "illegal parameter",
    NOT_FOUND: "nothing found",
    FULL: "concurrency over the limit",
    100: "server error",
    101: "unknown error",
}
MODERATION = "5caee6b2a76925c55a09a6d2"
VULGAR = "5c8213b9bc807806aab0a574"
TRANSCRIPTION = "5ca1bd6b3872ecc9afb99132"

# The scripts' ``risk_type`` says the meaning in Shumei's numbers; a number that is not here is sent as it is.
NORMAL, OWN = "Normal", "UserDefine"
LABELS = {
    100: "Politics",
    110: "Terror",
    200: "Porn",
    210: "Abuse",
    260: "Politics",
    280: "Sensitive",
    300: "ADs",
    340: "ADs",
    400: "Nosense",
    500: "Nosense",
    520: "Sensitive",
    600: "Sensitive",
    700: "Sensitive",
    900: OWN,
}
MOAN = 250
"""A sound without words: the vulgar task hears it, those that read a text do not."""
ACTIONS = {"PASS": "pass", "REVIEW": "review", "REJECT": "block"}
RANK = {"PASS": 0, "REVIEW": 1, "REJECT": 2}

_PATH = re.compile(r"(/v3/recognition/speech/stream(?:/(close|search))?)/([^/]+)")
_OPERATIONS = {None: "submit", "close": "finish", "search": "query"}


@dataclass(frozen=True)
class Route:
    """A call: the operation of fault orders, and whose secretId its path ends with."""

    operation: str
    secret_id: str
    zego: bool = True
    """ZEGO rooms may be submitted here (if at all)."""


def route_of(path: str, zego_path: str) -> Route | None:
    """``None`` for a path that is not played. The same paths are at api.speech and at api.open."""
    before, _, last = path.rpartition("/")
    if zego_path and before == zego_path.rstrip("/") and last:
        return Route("submit", last)
    found = _PATH.fullmatch(path)
    return Route(_OPERATIONS[found[2]], found[3], not zego_path) if found else None


class Refusal(Exception):
    """A code, and the field it is about if there is one."""

    def __init__(self, code: int, field: str | None = None, why: str = "") -> None:
        message = ": ".join(part for part in (MESSAGES.get(code, "refused"), field or "", why) if part)
        super().__init__(message)
        self.code, self.field, self.message = code, field, message
