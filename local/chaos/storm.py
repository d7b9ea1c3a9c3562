"""Every room of an evening opens in the same second."""

from __future__ import annotations

import time
import uuid
from typing import Any

from local.chaos import gather
from local.chaos.invariants import violations
from local.chaos.scene import Scene
from local.chaos.script import Life
from local.chaos.stage import HOST, letters

TIME_SCALE = 0.25  # slower than real: two cores are to carry what a region carries
LIMIT = 100.0  # calls a second, at ZEGO's and at Shumei's door
PATIENCE_S = 300.0  # real
Json = dict[str, Any]


def run(scene: Scene, count: int) -> int:
    """Open, wait until all are heard, close; print how long it took against the limit. Returns the exit code."""
    scene.doubles["shumei"].post("settings", {"segment_seconds": 60.0, "max_streams": 2 * count})
    name = f"storm-{uuid.uuid4().hex[:4]}"
    lives = [Life(f"{name}-{number}", "zego", 0, 0, ()) for number in range(count)]
    rooms, since, before = {life.room_id for life in lives}, gather.marks(scene), letters(scene)
    for life in lives:
        scene.doubles["zego"].post(f"rooms/{life.room_id}/enter", {"user_id": HOST})
    began, opened = time.monotonic(), scene.now
    scene.say([("RoomOpened", life.detail(scene.iso(opened))) for life in lives])
    scene.eventually(lambda: len(_heard(scene, rooms)) == count, PATIENCE_S, 1.0)
    heard = _heard(scene, rooms)
    print(
        f"{len(heard)} of {count} rooms heard, {time.monotonic() - began:.0f} s of this machine", flush=True
    )
    for life in lives:
        scene.doubles["zego"].post(f"rooms/{life.room_id}/close", {})
    closed = scene.now
    scene.say([("RoomClosed", life.detail(scene.iso(closed))) for life in lives])
    scene.eventually(lambda: not scene.executions("RUNNING"), PATIENCE_S, 1.0)
    books = gather.gather(scene, rooms, since, letters(scene) - before)
    _report(heard, opened, count)
    found = violations(books)
    for one in found[:20]:
        print(f"  ! {one}")
    print("all holds" if not found else f"{len(found)} violations")
    return 1 if found or len(heard) < count else 0


def _heard(scene: Scene, rooms: set[str]) -> dict[str, float]:
    """When the first task of each room began."""
    began: dict[str, float] = {}
    for task in scene.tasks("shumei"):
        if task["room"] in rooms:
            began[task["room"]] = min(task["started"], began.get(task["room"], task["started"]))
    return began


def _report(heard: dict[str, float], opened: float, count: int) -> None:
    if heard:
        least, took = count / LIMIT, max(heard.values()) - opened
        print(
            f"all heard after {took:.1f} s; the limit alone takes {least:.1f} s: {took / least:.2f} times that"
        )
