"""Plays a script on a scene."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from local.chaos import gather
from local.chaos.books import Books
from local.chaos.reading import readings
from local.chaos.scene import Scene
from local.chaos.script import PUBLISHING, VENDORS, Life, Script

HOST = "4711"
PATIENCE_S = 45.0
"""Real seconds after the last event in which everything has to come to rest."""

Act = tuple[float, Callable[[], object]]


class Stage:
    """One seed's rooms on a stack that other seeds had before."""

    def __init__(self, scene: Scene, script: Script) -> None:
        self.scene, self.script = scene, script
        self.rooms = {life.room_id for life in script.lives}
        self._since, self._letters = gather.marks(scene), letters(scene)
        self._dice = random.Random(script.seed)
        self.killed = 0

    def play(self) -> Books:
        """From the first event until all is at rest; what happened."""
        begun = self.scene.now
        acts = [*self._people(), *self._told(begun), *self._faults(), *self._disturbances()]
        for at, act in sorted(acts, key=lambda one: one[0]):
            self.scene.rest_until(begun + at)
            act()
        self._behave()
        self.scene.eventually(self._at_rest, PATIENCE_S)
        return gather.gather(self.scene, self.rooms, self._since, letters(self.scene) - self._letters)

    def _people(self) -> list[Act]:
        acts: list[Act] = []
        for life in self.script.lives:
            if life.platform in self.scene.doubles:
                acts.append((life.opens, self._person(life, "enter", user_id=HOST)))
                acts.append((life.closes, self._person(life, "close")))
            if life.platform in PUBLISHING:
                acts.append((life.opens, self._person(life, "publish", user_id=HOST)))
        return acts

    def _person(self, life: Life, verb: str, **more: str) -> Callable[[], object]:
        double = self.scene.doubles[life.platform]
        return lambda: double.post(f"rooms/{life.room_id}/{verb}", more)

    def _told(self, begun: float) -> list[Act]:
        def tell(life: Life, kind: str) -> Callable[[], object]:
            at = life.opens if kind == "RoomOpened" else life.closes
            return lambda: self.scene.say([(kind, life.detail(self.scene.iso(begun + at)))])

        return [(at, tell(life, kind)) for life in self.script.lives for at, kind in life.told]

    def _faults(self) -> list[Act]:
        def order(double: str, what: dict[str, Any]) -> Callable[[], object]:
            return lambda: self.scene.doubles[double].post("faults", what)

        def end(room: str, code: int) -> Callable[[], object]:
            return lambda: self._end(room, code)

        orders: list[Act] = [(one.at, order(one.double, one.order)) for one in self.script.orders]
        return [*orders, *((at, end(room, code)) for at, room, code in self.script.ends)]

    def _end(self, room: str, code: int) -> None:
        for reading in readings(VENDORS):
            verb, said = reading.ending(code)
            for task in self.scene.tasks(reading.double):
                if task["room"] == room and task["state"] == "running":
                    name = quote(task["id"], safe="")
                    self.scene.doubles[reading.double].post(f"tasks/{name}/{verb}", said)

    def _disturbances(self) -> list[Act]:
        acts: list[Act] = [(at, self._kill) for at in self.script.kills]
        for start, end in self.script.pauses:
            acts += [(start, lambda: stream(self.scene, False)), (end, lambda: stream(self.scene, True))]
        return acts

    def _kill(self) -> None:
        workers = processes_below(self.scene.stack.pids["emulator"])
        if workers:
            try:
                os.kill(self._dice.choice(workers), signal.SIGKILL)
            except ProcessLookupError:
                return  # it had just ended by itself
            self.killed += 1

    def _behave(self) -> None:
        for double in self.scene.doubles.values():
            double.delete("faults")
        stream(self.scene, True)

    def _at_rest(self) -> bool:
        tasks = [
            (task, reading)
            for reading in readings(VENDORS)
            for task in self.scene.tasks(reading.double)
            if task["room"] in self.rooms
        ]
        ended = {
            e["detail"]["room"]["room_id"] for e in self.scene.events if e["detail-type"] == "ModerationEnded"
        }
        told = {task["room"] for task, _ in tasks} <= ended
        over = all(is_over(task, tells_end=reading.tells_end) for task, reading in tasks)
        return told and over and not self.scene.executions("RUNNING")


def is_over(task: dict[str, Any], *, tells_end: bool = True) -> bool:
    """A task that has ended and told all it has to tell, or given up."""
    segments, end = task["segments"], task["end_notice"]
    pending = segments["pushed"] - segments["acknowledged"] - segments["given_up"]
    told = not tells_end or end["acknowledged"] + end["given_up"] >= 1
    return bool(task["state"] != "running" and pending <= 0 and told)


def letters(scene: Scene) -> int:
    """How many wait in the dead-letter queue."""
    asked = scene.stack.client("sqs").get_queue_attributes(
        QueueUrl=scene.stack.dead_letter_queue_url, AttributeNames=["ApproximateNumberOfMessages"]
    )
    return int(asked["Attributes"]["ApproximateNumberOfMessages"])


def stream(scene: Scene, runs: bool) -> None:
    """Let the table's stream stand still, or go on from where it was."""
    functions = scene.stack.client("lambda")
    for mapping in functions.list_event_source_mappings()["EventSourceMappings"]:
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=runs)


def processes_below(pid: int) -> list[int]:
    """The processes that this one has started: functions."""
    found: list[int] = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in children.read_text("utf-8").split()]
    return sorted(found)


def warm_up(scene: Scene) -> None:
    """Let a room open and close, so that each function has a process before anything is counted."""
    life = Life(f"warm-{int(scene.now)}", "zego", 0, 0, ())
    scene.doubles["zego"].post(f"rooms/{life.room_id}/enter", {"user_id": HOST})
    scene.say([("RoomOpened", life.detail(scene.iso(scene.now)))])
    scene.eventually(lambda: any(task["room"] == life.room_id for task in scene.tasks("shumei")), PATIENCE_S)
    scene.say([("RoomClosed", life.detail(scene.iso(scene.now)))])
    scene.eventually(lambda: not scene.executions("RUNNING"), PATIENCE_S)
