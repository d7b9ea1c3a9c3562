"""A new release is deployed while rooms are open, as ``make deploy`` does it; nobody in them is to notice."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator

from local.chaos import gather
from local.chaos.books import Books
from local.chaos.invariants import violations
from local.chaos.release import MARK, roll_out
from local.chaos.scene import Scene
from local.chaos.script import Life
from local.chaos.stage import HOST, is_over, letters, warm_up
from local.places import Home

PATIENCE_S = 150.0
"""Real seconds for what must happen."""
LATE = 5
"""Rooms that open when the deployment is over."""
TIME_SCALE = 4.0


class Rollout:
    """One deployment over open rooms."""

    def __init__(self, home: Home, scene: Scene, count: int) -> None:
        self.home, self.scene, self.name = home, scene, f"r{uuid.uuid4().hex[:6]}"
        self.early = [Life(f"{self.name}-{number}", "zego", 0, 0, ()) for number in range(count)]
        self.late = [Life(f"{self.name}-late-{number}", "zego", 0, 0, ()) for number in range(LATE)]
        self.rooms = {life.room_id for life in (*self.early, *self.late)}
        self._since, self._letters = gather.marks(scene), letters(scene)

    def play(self) -> list[str]:
        """What is wrong, in sentences."""
        self.open(self.early)
        if not self.scene.eventually(lambda: self.heard(self.early), PATIENCE_S):
            return ["not every room was heard before the deployment"]
        before = {one["executionArn"] for one in self.scene.executions()}
        begun = self.scene.now
        roll_out(self.home, self.scene.stack, self.name)
        deployed = self.scene.now
        self.open(self.late)
        found = (
            [] if self.scene.eventually(lambda: self.heard(self.late), PATIENCE_S) else ["late rooms unheard"]
        )
        self.scene.rest_until(self.scene.now + 60)
        closed = self.scene.now
        self.close([*self.early, *self.late])
        self.scene.eventually(self.at_rest, PATIENCE_S)
        books = gather.gather(self.scene, self.rooms, self._since, letters(self.scene) - self._letters)
        found += [
            *violations(books),
            *_heard_to_the_end(books, closed),
            *_pushes_went_on(books, begun, deployed),
        ]
        return [*found, *self.definitions(before)]

    def open(self, lives: list[Life]) -> None:
        """People enter, and their backend says so."""
        for life in lives:
            self.scene.doubles["zego"].post(f"rooms/{life.room_id}/enter", {"user_id": HOST})
        self.scene.say(("RoomOpened", life.detail(self.scene.iso(self.scene.now))) for life in lives)

    def close(self, lives: list[Life]) -> None:
        """Their backend says so, and they are out."""
        self.scene.say(("RoomClosed", life.detail(self.scene.iso(self.scene.now))) for life in lives)
        for life in lives:
            self.scene.doubles["zego"].post(f"rooms/{life.room_id}/close", {})

    def heard(self, lives: list[Life]) -> bool:
        """Whether each has a task."""
        return {life.room_id for life in lives} <= {task["room"] for task in self.scene.tasks("shumei")}

    def at_rest(self) -> bool:
        """Whether all has ended and been told."""
        ended = {
            e["detail"]["room"]["room_id"] for e in self.scene.events if e["detail-type"] == "ModerationEnded"
        }
        tasks = [task for task in self.scene.tasks("shumei") if task["room"] in self.rooms]
        return self.rooms <= ended and all(map(is_over, tasks)) and not self.scene.executions("RUNNING")

    def definitions(self, before: set[str]) -> Iterator[str]:
        """Executions go by the definition that they began with."""
        for one in self.scene.executions():
            entered = (
                event.get("stateEnteredEventDetails", {}) for event in self.scene.history(one["executionArn"])
            )
            is_new = next(e["name"] for e in entered if e) == MARK
            if is_new is (one["executionArn"] in before):
                yield f"execution {one['name']} went by the {'new' if is_new else 'old'} definition"
            if one["status"] != "SUCCEEDED":
                yield f"execution {one['name']} is {one['status']}"


def _heard_to_the_end(books: Books, closed: float) -> Iterator[str]:
    last: dict[str, float] = {}
    for task in books.tasks:
        last[task.room] = max(last.get(task.room, 0), task.ended or books.until)
    for room, ended in last.items():
        if ended < closed:
            yield f"room {room}: heard until {ended:.1f}, closed at {closed:.1f}"


def _pushes_went_on(books: Books, begun: float, deployed: float) -> Iterator[str]:
    taken = [push for push in books.pushes if begun < push.second < deployed]
    if not taken:
        yield "no result was taken while the deployment went on"
    print(
        json.dumps({"deployment_s": round(deployed - begun), "results_taken_meanwhile": len(taken)}),
        flush=True,
    )


def run(home: Home, scene: Scene, count: int) -> int:
    """Returns the exit code."""
    scene.doubles["shumei"].post("settings", {"segment_seconds": 30.0, "max_streams": 10 * count})
    warm_up(scene)
    found = Rollout(home, scene, count).play()
    for one in found[:30]:
        print(f"  ! {one}")
    print(f"{len(found)} violations" if found else "all holds")
    return 1 if found else 0
