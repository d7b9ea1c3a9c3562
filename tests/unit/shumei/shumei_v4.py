"""Rooms, submissions and pushes of Shumei's V4, as its pages have them."""

import json
from dataclasses import replace
from typing import Any

from earshot.domain.verdict import Finding, Verdict
from earshot.errors import BadInput
from earshot.vendors.port import Submission
from earshot.vendors.shumei.apis import body_for
from earshot.vendors.shumei.options import parse
from earshot.vendors.shumei.reader import read
from earshot.vendors.shumei.request import encode

from tests.unit.support.samples import load
from tests.unit.support.shumei_calls import SETTINGS, keyring
from tests.unit.support.shumei_streams import AGORA, GIN, TRTC, URL, VOLC, ZEGO, Case

YUNXIN = Case(
    "yunxin",
    "fedcba9876543210fedcba9876543210",
    "evening",
    {"token": "join-token", "checksum": "record-token", "uid": "999000000042"},
    "7",
)
SOUND = {
    "AGORA": AGORA,
    "TRTC": TRTC,
    "VOLC": VOLC,
    "GIN": GIN,
    "ZEGO": ZEGO,
    "NORMAL": URL,
    "YUNXIN": YUNXIN,
}
VIDEO = {"AGORA": AGORA, "TRTC": TRTC, "VOLC": VOLC, "ZEGO": ZEGO, "NORMAL": URL}
V4, V4_VIDEO = {"generation": "v4"}, {"generation": "v4_video"}
TASK, VIDEO_TASK = "b639042cbfe229359e672074762c5583", "5515ce1f9b474a6c4a3d79a8dfcaeaf4"


def of(case: Case, generation: str, **options: Any) -> Case:
    """The same room, asked for in another generation."""
    return case.but(options={"generation": generation, **options})


def sent(case: Case, **watch: Any) -> dict[str, Any]:
    """The JSON that would be sent; ``watch`` changes the watch."""
    made: dict[str, Any] = json.loads(encode(_body(_with(case.submission(), watch))))
    return made


def _with(submission: Submission, watch: dict[str, Any]) -> Submission:
    return replace(submission, watch=replace(submission.watch, **watch))


def _body(submission: Submission) -> dict[str, Any]:
    section = keyring(SETTINGS).section("shumei")
    return body_for(submission, parse(submission.watch.plan["vendor_options"]), section)


def refused(case: Case, **watch: Any) -> str | None:
    """The field that is refused, or None."""
    try:
        sent(case, **watch)
    except BadInput as error:
        return error.field
    return None


def push(name: str, **changes: Any) -> bytes:
    """One of ``events/vendors/shumei``; a dotted path names a field, ``...`` leaves it out."""
    message = load("vendors", "shumei", f"{name}.json")
    for path, value in changes.items():
        at, (*parents, last) = message, path.split("__")
        for parent in parents:
            at = at.setdefault(parent, {})
        if value is ...:
            at.pop(last, None)
        else:
            at[last] = value
    return json.dumps(message).encode()


def findings(body: bytes, **options: Any) -> tuple[Finding, ...]:
    """Of the generation that the task's id is of."""
    generation = V4_VIDEO if VIDEO_TASK.encode() in body else V4
    return read(body, {**generation, **options})


def verdict(body: bytes, **options: Any) -> Verdict:
    """The one finding of a push, which must be a verdict."""
    (finding,) = findings(body, **options)
    assert isinstance(finding, Verdict)
    return finding
