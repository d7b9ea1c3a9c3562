"""What stories of long rooms have in common: accounts without webhooks, places, and the doubles' books read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

from tests.workflow.bundle import QUICK, Bundle
from tests.workflow.wire import DAWN
from tests.workflow.yidun_rooms import PUSHED

Span = tuple[float, float]
WEBHOOKS = ("callback_secret", "webhook_secret", "webhook_key", "url_key")
ACCOUNTS: dict[str, Any] = {
    **PUSHED,
    **{
        name: {
            app_id: {k: v for k, v in fields.items() if k not in WEBHOOKS}
            for app_id, fields in PUSHED[name].items()
        }
        for name in ("zego", "agora", "trtc", "volcengine")
    },
}
"""Clouds that tell nothing: the backend says when a room opens and closes."""
SEGMENT_S = 10.0


def place(platform: str, room_id: str = "room-7") -> dict[str, Any]:
    return {"platform": platform, "app_id": next(iter(ACCOUNTS[platform])), "room_id": room_id}


def plan(**fields: Any) -> dict[str, Any]:
    return {"default": {**QUICK, **fields}}


def populate(b: Bundle, platform: str, room_id: str = "room-7") -> None:
    """Somebody is there, so that the room outlives its recorders."""
    b.doubles.drive(platform, "person_enters", room_id, "4711")


def submissions(b: Bundle, name: str = "submit") -> list[dict[str, Any]]:
    """What Shumei was asked to listen to."""
    return [call["body"] for call in b.doubles.calls(name)]


def books(tasks: Iterable[dict[str, Any]], now: float) -> list[Span]:
    """When a double's tasks listened, oldest first."""
    found = [(task["started"], now if task["ended"] is None else task["ended"]) for task in tasks]
    return sorted(found)


def unheard(spans: Sequence[Span], since: float, until: float) -> list[Span]:
    """The stretches without anybody."""
    gaps, at = [], since
    for start, end in [*sorted(spans), (until, until)]:
        if start > at:
            gaps.append((at, min(start, until)))
        at = max(at, end)
    return gaps


def total(spans: Iterable[Span]) -> float:
    return sum(end - start for start, end in spans)


def second(stamp: str) -> float:
    """An event's time as the doubles count it."""
    return datetime.fromisoformat(stamp).timestamp() - DAWN


def judged(b: Bundle) -> dict[str, list[Span]]:
    """The times of the verdicts that were told, by the vendor's task."""
    found: dict[str, list[Span]] = {}
    for event in b.told("SegmentJudged"):
        found.setdefault(event["task_id"], []).append(
            (second(event["started_at"]), second(event["ended_at"]))
        )
    return found


def told_twice(b: Bundle) -> list[float]:
    """By pairs of tasks that listened at the same time: the seconds that both judged."""
    found = []
    for one, other in combinations(judged(b).values(), 2):
        both = sum(max(0.0, min(a[1], c[1]) - max(a[0], c[0])) for a in one for c in other)
        found.append(both)
    return found


def stamp(now: float) -> str:
    """A second of the doubles as an event says it."""
    moment = datetime.fromtimestamp(DAWN + now, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
