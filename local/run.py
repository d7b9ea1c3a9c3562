"""``make run``: a real deployment of the real template moderates three rooms from opening to closing."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from local.double_admin import DoubleAdmin
from local.down import down
from local.failures import StepFailed
from local.listener import Event, Listener, open_or_close
from local.options import Options
from local.places import ROOT, Home
from local.stack import Stack
from local.up import up

HOME = Home(ROOT / ".local" / "run")
TIME_SCALE = 20.0
OPEN_FOR = 140.0  # scaled seconds
LONGEST = 30.0  # real seconds from the last closing to the last end

ROOMS = {
    "room-1001": "two people talk, one turns abusive",
    "room-1002": "the answer to the submission is lost: the task is found and adopted",
    "room-1003": "the token goes bad: a new one, and a new task",
}
ABUSE = {
    "at": 20,
    "speaker": "user-7",
    "text": "你这个废物",
    "risk_level": "REJECT",
    "risk_type": 210,
    "score": 870,
}
HELLO = {"at": 3, "speaker": "user-8", "text": "大家晚上好", "every": 60}
SCENARIO = {
    "name": "make run",
    "rooms": {
        "room-1001": {"lines": [HELLO, ABUSE]},
        "room-1002": {"lines": [HELLO]},
        "room-1003": {
            "clock": "room",
            "lines": [HELLO],
            "ends": {"at": 30, "error_code": 3005, "once": True},
        },
    },
}
LOST_ANSWER = {"on": "submit", "fault": "accept_then_drop", "times": 1, "match": {"room": "room-1002"}}


def main() -> int:
    """Returns the exit code: 0 only if every room was moderated and every task was finished."""
    began = time.monotonic()
    try:
        stack = up(HOME, replace(Options(), port=0, time_scale=TIME_SCALE))
        problems = _moderate(stack)
    except StepFailed as failed:
        problems = [str(failed)]
    finally:
        down(HOME, say=lambda _line: None)
    for problem in problems:
        print(f"failed: {problem}", file=sys.stderr)
    print(f"{'not ' if problems else ''}all well, {time.monotonic() - began:.0f} s")
    return 1 if problems else 0


def _moderate(stack: Stack) -> list[str]:
    shumei = DoubleAdmin(stack.doubles["shumei"])
    shumei.post("scenario", SCENARIO)
    shumei.post("faults", LOST_ANSWER)
    listener, heard = Listener(stack), defaultdict[str, list[Event]](list)
    for room, story in ROOMS.items():
        print(f"{room}: {story}")
        _send(stack, "RoomOpened", room)
    _listen(listener, heard, lambda: False, OPEN_FOR / TIME_SCALE)
    for room in ROOMS:
        _send(stack, "RoomClosed", room)
    _listen(listener, heard, lambda: all(_ended(heard[room]) for room in ROOMS), LONGEST)
    return [*_problems(heard), *_unfinished(shumei)]


def _send(stack: Stack, detail_type: str, room: str) -> None:
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    detail = {"platform": "zego", "app_id": "1234567890", "room_id": room, "occurred_at": now}
    open_or_close(stack, detail_type, detail)


def _listen(
    listener: Listener, heard: dict[str, list[Event]], enough: Callable[[], bool], seconds: float
) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not enough():
        for event in listener.heard():
            heard[event["detail"]["room"]["room_id"]].append(event)
            print(f"  {event['detail']['occurred_at']}  {_line(event)}")
        time.sleep(0.1)


def _line(event: Event) -> str:
    kind, detail = event["detail-type"], event["detail"]
    facts = [detail.get(name) for name in ("risk_level", "text", "reason", "ledger")]
    facts += [label["code"] for label in detail.get("labels", [])]
    return " ".join(str(part) for part in (detail["room"]["room_id"], kind, *facts) if part)


def _ended(events: list[Event]) -> bool:
    return any(event["detail-type"] == "ModerationEnded" for event in events)


def _problems(heard: dict[str, list[Event]]) -> list[str]:
    found = [f"{room}: ModerationEnded never came" for room in ROOMS if not _ended(heard[room])]
    kinds = {room: {event["detail-type"] for event in heard[room]} for room in ROOMS}
    found += [f"{room}: no segment was judged" for room in ROOMS if "SegmentJudged" not in kinds[room]]
    if not any(event["detail"].get("risk_level") == "REJECT" for event in heard["room-1001"]):
        found.append("room-1001: the abuse was not heard")
    if not {"ModerationInterrupted", "ModerationResumed"} <= kinds["room-1003"]:
        found.append("room-1003: the interruption was not told")
    return found


def _unfinished(shumei: DoubleAdmin) -> list[str]:
    tasks = shumei.get("state")["tasks"]
    return [
        f"task {task['id']} still listens to {task['room']}" for task in tasks if task["state"] == "running"
    ]


if __name__ == "__main__":
    sys.exit(main())
