"""The books of a stack: what its doubles, its table, its machine and its bus have of some rooms."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from local.chaos import journals
from local.chaos.books import Books, Event, Execution, Watch
from local.chaos.journals import Double
from local.chaos.reading import readings
from local.chaos.reading.parts import Reading
from local.chaos.scene import PLATFORMS, Scene
from local.chaos.script import VENDORS

LATENCY_S = 2.0
"""Real seconds that a call and its answer may take here, functions started cold included."""

Json = dict[str, Any]


def gather(scene: Scene, rooms: Collection[str], since: dict[str, int], letters: int) -> Books:
    """Of these rooms. ``since``: where each double's journal is read from."""
    watches = _watches(scene, rooms)
    told = Books(
        until=scene.now,
        lag_s=LATENCY_S * scene.scale,
        late_s=LATENCY_S * scene.scale,
        events=tuple(_event(e) for e in scene.events if e["detail"]["room"]["room_id"] in rooms),
        watches=tuple(watches),
        executions=_executions(scene, watches),
        letters=letters,
    )
    heard = readings(VENDORS)
    doubles = {name: _double(scene, name, since) for name in {*PLATFORMS, *(one.double for one in heard)}}
    for reading in heard:
        told = _with_vendor(told, doubles[reading.double], reading, rooms)
    for name in PLATFORMS:
        found = [room for room in journals.rooms_of(doubles[name]) if room.room_id in rooms]
        told = replace(told, rooms=(*told.rooms, *found))
    refusals = [one for double in doubles.values() for one in journals.refusals_of(double)]
    return replace(told, refusals=tuple(refusals))


def _with_vendor(known: Books, double: Double, reading: Reading, rooms: Collection[str]) -> Books:
    tasks = [task for task in journals.tasks_of(double, reading) if task.room in rooms]
    ours, names = {task.id for task in tasks}, {watch.watch_id for watch in known.watches}
    sent = [one for one in journals.submissions_of(double, reading) if one.watch_id in names]
    pushes = [push for push in journals.pushes_of(double, reading) if push.task_id in ours]
    return replace(
        known,
        tasks=(*known.tasks, *tasks),
        submissions=(*known.submissions, *sent),
        pushes=(*known.pushes, *pushes),
    )


def _executions(scene: Scene, watches: list[Watch]) -> tuple[Execution, ...]:
    names = tuple(watch.watch_id for watch in watches)
    return tuple(
        Execution(one["name"], one["status"]) for one in scene.executions() if one["name"].startswith(names)
    )


def marks(scene: Scene) -> dict[str, int]:
    """Where the doubles' journals are now."""
    return {name: double.get("journal?since=999999999")["last_seq"] for name, double in scene.doubles.items()}


def _double(scene: Scene, name: str, since: dict[str, int]) -> Double:
    admin = scene.doubles[name]
    journal = admin.get(f"journal?since={since.get(name, 0)}")["entries"]
    for entry in journal:
        if entry["kind"] == "call":  # a held answer is held in real seconds
            entry["answer"]["hold"] *= scene.scale
    return Double(name, admin.get("state"), journal, scene.scale)


def _event(event: Json) -> Event:
    return Event(event["second"], event["detail-type"], event["detail"])


def _watches(scene: Scene, rooms: Collection[str]) -> list[Watch]:
    pages = (
        scene.stack.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=scene.stack.table_name,
            ConsistentRead=True,
            FilterExpression="kind = :watch",
            ExpressionAttributeValues={":watch": {"S": "watch"}},
        )
    )
    items = [item for page in pages for item in page["Items"]]
    return [_watch(scene, item) for item in items if item["room_id"]["S"] in rooms]


def _watch(scene: Scene, item: dict[str, Json]) -> Watch:
    row = {name: next(iter(value.values())) for name, value in item.items()}
    closed, plan = row.get("closed_at"), json.loads(row["plan"])
    return Watch(
        watch_id=row["watch_id"],
        platform=row["platform"],
        room_id=row["room_id"],
        status=row["status"],
        failed=row.get("failed", False) is True,
        keeps_hits=plan["keep"] == "hits",
        opened=int(row["opened_at"]) / 1000 - scene.origin,
        closed=None if closed in (None, True) else int(closed) / 1000 - scene.origin,
        ledger=json.loads(row["ledger"]) if "ledger" in row else None,
        signs=frozenset(one.vendor for one in readings(VENDORS) if one.signs(plan)),
    )
