"""Codes, classes and ends of Lyrebird's page (docs/lyrebird-api.md)."""

from __future__ import annotations

from local.doubles.slices.task import Task

OK, BAD, UNSIGNED, CLOCK, REPLAY, BUSY, FULL, NO_BALANCE, UNKNOWN, TWIN = (0, *range(2001, 2010))
MESSAGES = {
    OK: "ok",
    BAD: "bad parameter",
    UNSIGNED: "bad signature",
    CLOCK: "timestamp out of tolerance",
    REPLAY: "nonce used before",
    BUSY: "too many calls",
    FULL: "too many streams",
    NO_BALANCE: "insufficient balance",
    UNKNOWN: "no such stream",
    TWIN: "stream is running already",
    5000: "internal error",
    5003: "busy",
}

STOPPED, SOURCE_GONE, NO_CREDENTIAL, SILENT = 0, 10, 11, 12
_ENDS = {"finished": STOPPED, "pull_failed": NO_CREDENTIAL, "expired": NO_CREDENTIAL, "silent": SILENT}
TOKEN_DEAD = 3005  # of a script: the token has ended

VERDICTS = {"PASS": "ok", "REVIEW": "doubt", "REJECT": "bad"}
CONFIDENCE = {"REVIEW": 60, "REJECT": 95}
# The scripts' ``risk_type`` says the meaning in Shumei's numbers.
_CLASSES = {
    100: "politics",
    110: "violence",
    200: "porn",
    210: "abuse",
    250: "moan",
    260: "politics",
    300: "ads",
    520: "minor",
}


def class_of(risk_type: int | None) -> str:
    """One of the page's eight classes."""
    return _CLASSES.get(risk_type or 0, "other")


def end_code(task: Task) -> int:
    """Why a stream ended."""
    if task.reason == "scripted":
        return NO_CREDENTIAL if task.code == TOKEN_DEAD else SOURCE_GONE
    if task.reason == "admin":
        return SOURCE_GONE if task.code is None else task.code
    return _ENDS.get(task.reason or "", SOURCE_GONE)
