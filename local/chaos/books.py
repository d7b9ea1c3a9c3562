"""What happened, by the doubles' journals and states, the table and the bus; never by our own logs.

Times are seconds since the doubles' clock began (their ``second``); ``origin`` is that moment in epoch seconds. The
journals and states are what ``GET /_double/journal`` and ``GET /_double/state`` answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

Json = Any
VENDORS = ("shumei", "yidun")
LIMITS = {
    "shumei": {1901},
    "yidun": {411},
    "zego": {206, 207},
    "agora": {429},
    "yunxin": {416},
    "volcengine": {100018, 100019},
}
"""Codes by which a vendor or platform says that a limit was exceeded; what the fault book made it say is not ours."""


@dataclass(frozen=True)
class Room:
    """``spans``: when somebody was in it, or its backend had it open; ``told``: when anything about it was taken from
    its platform or backend. Of what nobody tells nobody can know."""

    platform: str
    room_id: str
    spans: tuple[tuple[float, float], ...]
    told: tuple[float, ...]


@dataclass(frozen=True)
class VendorTask:
    """A task that a vendor accepted. ``started`` and ``ended`` by the vendor; ``entered``: its recorder got into the
    room; ``end_told``: when its notice of the end was first acknowledged; ``answered``: when the answer to its
    submission left, None if nobody ever got it; ``finished``: the first finish call that was answered; ``known_at``:
    when anything of its was first acknowledged; ``silent_s``: the longest without a sign of it."""

    vendor: str
    id: str
    room: str
    watch_id: str
    started: float
    ended: float | None
    how: str
    entered: bool
    billed_s: float
    answered: float | None
    finished: float | None
    end_told: float | None
    known_at: float | None
    silent_s: float = 0.0


@dataclass(frozen=True)
class Submission:
    """A call that reached a vendor's door, with the credential in it."""

    vendor: str
    second: float
    watch_id: str
    task_ref: str
    credential: str
    taken: bool


@dataclass(frozen=True)
class Push:
    """A result that was acknowledged with 200."""

    vendor: str
    task_id: str
    segment_id: str
    second: float
    is_hit: bool


@dataclass(frozen=True)
class Refusal:
    """A call that came too fast, or a stream too many."""

    where: str
    operation: str
    code: int
    second: float


@dataclass(frozen=True)
class Event:
    """What our bus carried."""

    second: float
    kind: str
    detail: Mapping[str, Json]


@dataclass(frozen=True)
class Watch:
    """As the table has it in the end; times in seconds of the run."""

    watch_id: str
    platform: str
    room_id: str
    status: str
    failed: bool
    keeps_hits: bool
    opened: float
    closed: float | None
    ledger: Mapping[str, Json] | None


@dataclass(frozen=True)
class Execution:
    """One of the machine's."""

    name: str
    status: str
    events: int = 0


@dataclass(frozen=True)
class Books:
    """Everything. ``until``: when they were closed; ``segment_s``: how long a vendor's segment is; ``skew_ms``: by
    how much a container's clock may have been off; ``lag_s``: how long an answer may have been on its way;
    ``late_s``: how late what was acknowledged may have been understood; ``letters``: how many were dead-lettered,
    lost room events apart."""

    until: float
    segment_s: float = 10.0
    skew_ms: int = 0
    lag_s: float = 0.0
    late_s: float = 0.0
    rooms: tuple[Room, ...] = ()
    tasks: tuple[VendorTask, ...] = ()
    submissions: tuple[Submission, ...] = ()
    pushes: tuple[Push, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    events: tuple[Event, ...] = ()
    watches: tuple[Watch, ...] = ()
    executions: tuple[Execution, ...] = ()
    letters: int = 0


@dataclass
class Double:
    """One double's books."""

    name: str
    state: Mapping[str, Json]
    journal: Sequence[Mapping[str, Json]] = field(default_factory=list)

    def calls(self, operation: str) -> Iterable[Mapping[str, Json]]:
        """What it was asked."""
        return (e for e in self.journal if e["kind"] == "call" and e.get("operation") == operation)

    def pushes(self) -> Iterable[Mapping[str, Json]]:
        """What was acknowledged."""
        return (e for e in self.journal if e["kind"] == "push" and e.get("status") == 200)


def rooms_of(double: Double) -> list[Room]:
    """A platform's rooms, by when people were in them."""
    spans: dict[str, list[tuple[float, float]]] = {}
    told: dict[str, list[float]] = {}
    for push in double.pushes():
        told.setdefault(str(push.get("room")).strip('"'), []).append(push["second"])
    for life in double.state["rooms"]:
        room = str(life["room_id"]).strip('"')
        for person in life["people"]:
            end = person["to"]["at"] if person["to"] else double.state["second"]
            spans.setdefault(room, []).append((person["from"]["at"], end))
    return [
        Room(double.name, room, tuple(union(known)), tuple(told.get(room, ())))
        for room, known in spans.items()
    ]


def tasks_of(double: Double) -> list[VendorTask]:
    """A vendor's tasks."""
    submitted = {_answered_id(call): call for call in double.calls("submit") if _is_whole(call)}
    signs = _signs(double)
    finished: dict[str, float] = {}
    for call in double.calls("finish"):
        if _is_whole(call):
            for task_id in _finished_ids(call):
                finished.setdefault(task_id, call["second"])
    return [
        _task(
            double.name, view, submitted.get(view["id"]), finished.get(view["id"]), signs.get(view["id"], [])
        )
        for view in double.state["tasks"]
    ]


def _task(
    vendor: str,
    view: Mapping[str, Json],
    answer: Mapping[str, Json] | None,
    finished: float | None,
    signs: list[tuple[float, str]],
) -> VendorTask:
    ends = (at for at, kind in signs if kind in {"end", "failure"})
    until = view["ended"] if finished is None else finished
    before = [at for at, _ in signs if until is not None and at <= until]
    return VendorTask(
        vendor,
        view["id"],
        str(view["room"]),
        view["bt_id"] if vendor == "shumei" else view["data_id"].rpartition("-")[0],
        view["started"],
        view["ended"],
        str(view["end_reason"]),
        view["token"] == "ok",
        view["billed_seconds"],
        answered=answer["second"] + answer["answer"]["hold"] if answer else None,
        finished=finished,
        end_told=min(ends, default=None),
        known_at=min((at for at, _ in signs), default=None),
        silent_s=0.0 if until is None else _longest_gap([view["started"], *sorted(before), until]),
    )


def _longest_gap(moments: list[float]) -> float:
    return max(later - sooner for sooner, later in pairwise(moments))


def _signs(double: Double) -> dict[str, list[tuple[float, str]]]:
    """What was acknowledged of each task, and of which kind it was."""
    found: dict[str, list[tuple[float, str]]] = {}
    for push in double.pushes():
        if "task" in push:
            found.setdefault(push["task"], []).append((push["second"], str(push.get("push"))))
    return found


def _is_whole(call: Mapping[str, Json]) -> bool:
    """Whether the caller may have read the answer."""
    return not call["answer"]["cut"] and isinstance(call["answer"]["body"], dict)


def _answered_id(call: Mapping[str, Json]) -> str:
    body = call["answer"]["body"]
    inner = body.get("result") if isinstance(body.get("result"), dict) else body
    detail = body.get("detail") if isinstance(body.get("detail"), dict) else {}
    return str(detail.get("dupRequestId") or inner.get("taskId") or inner.get("requestId") or "").strip()


def _finished_ids(call: Mapping[str, Json]) -> list[str]:
    body, answer = call["body"], call["answer"]["body"]
    if "requestId" in body:
        return [str(body["requestId"])] if answer.get("code") in {1100, 1902, 1909} else []
    if answer.get("code") != 200:
        return []
    return [str(one["taskId"]) for one in json.loads(body.get("feedbacks", "[]"))]


def submissions_of(double: Double) -> list[Submission]:
    """Everything that came to a vendor's door, refused calls included."""
    return [
        _submission(double.name, call) for call in double.calls("submit") if isinstance(call["body"], dict)
    ]


def _submission(vendor: str, call: Mapping[str, Json]) -> Submission:
    body = call["body"]
    if vendor == "shumei":
        params = [value for value in body["data"].values() if isinstance(value, dict)]
        names = ("tokenId", "token", "userSig")
        found = [str(p[n]) for p in params for n in names if isinstance(p.get(n), str)]
        watch_id, ref = body["btId"], body["callback"].split("/")[-2]
    else:
        found = [body["url"].partition("?")[2]] if "token" in body["url"] else []
        watch_id, ref = body["dataId"].rpartition("-")[0], body["dataId"]
    taken = call["verdict"].get("ok") is True
    return Submission(vendor, call["second"], watch_id, ref, found[0] if found else "", taken)


def pushes_of(double: Double) -> list[Push]:
    """Results that were acknowledged."""
    found = []
    for push in double.pushes():
        if push.get("push") == "segment":
            body, task = push["body"], push["task"]
            if double.name == "shumei":
                if isinstance(body, dict) and body.get("requestId"):
                    is_hit = body.get("riskLevel") != "PASS"
                    found.append(Push("shumei", task, body["requestId"], push["second"], is_hit))
            else:
                found += [Push("yidun", task, name, push["second"], False) for name in _segment_ids(body)]
    return found


def _segment_ids(node: Json) -> list[str]:
    if isinstance(node, dict):
        own = [str(node["segmentId"])] if node.get("segmentId") else []
        return own + [name for value in node.values() for name in _segment_ids(value)]
    if isinstance(node, list):
        return [name for value in node for name in _segment_ids(value)]
    return []


def refusals_of(double: Double) -> list[Refusal]:
    """What was refused for want of patience, unless it was ordered to be."""
    known = LIMITS.get(double.name, set())
    return [
        Refusal(double.name, str(call.get("operation")), call["verdict"]["code"], call["second"])
        for call in double.journal
        if call["kind"] == "call" and not call["fault"] and call["verdict"].get("code") in known
    ]


def union(spans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Sorted, overlaps joined."""
    joined: list[tuple[float, float]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def uncovered(span: tuple[float, float], by: Iterable[tuple[float, float]]) -> float:
    """Seconds of a span that none of the others covers."""
    start, end = span
    left = end - start
    for begins, ends in union(by):
        left -= max(0.0, min(end, ends) - max(start, begins))
    return left
