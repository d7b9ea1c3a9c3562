"""What the doubles' journals and states say, as the books have it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from local.chaos.books import (
    LIMITS,
    Json,
    Push,
    Refusal,
    Room,
    Submission,
    VendorTask,
    union,
)


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
