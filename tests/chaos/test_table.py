"""The twin as the simulation's table: its changes, its parked tokens, its UpdateItem; held against the real store."""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

import pytest
from earshot.domain.room import Room
from earshot.domain.watch import Signal, SignalName, Watch
from earshot.store.dynamo import keys
from earshot.store.dynamo.watches import DynamoWatches
from earshot.store.port import Change, Segment, SegmentChange, WatchChange

from tests.chaos.cloud import definition
from tests.chaos.paths import Unplayed
from tests.chaos.table import TOKEN_TAKERS, Table

SESSION = "a" * 26
WATCH = Watch(f"{SESSION}-primary", SESSION, Room("zego", "1", "r"), "default", {}, 1)
SIGNAL = Signal("s1", SignalName.ROOM_CLOSED, 5, "closed")


def told() -> tuple[Table, list[tuple[str, Change]]]:
    changes: list[tuple[str, Change]] = []
    table = Table(lambda partition, change: changes.append((partition, change)))
    table.add_watch(WATCH)
    table.tell()
    return table, changes


def parking(token: str = "t1") -> dict[str, Any]:
    """The Watch state's own request."""
    (state,) = [
        one for one in definition()["States"].values() if "waitForTaskToken" in str(one.get("Resource"))
    ]
    plain = {name: state["Parameters"][name] for name in ("UpdateExpression", "ConditionExpression")}
    asked = state["Parameters"]["ExpressionAttributeValues"]
    values = {name: {kind[0]: "0"} for name, kinds in asked.items() for kind in kinds}
    values |= {":token": {"S": token}}
    return {**plain, "Key": keys.watch(WATCH.watch_id), "ExpressionAttributeValues": values}


def test_whoever_takes_the_token_is_known() -> None:
    methods = inspect.getmembers(DynamoWatches, inspect.isfunction)
    taking = {
        name
        for name, method in methods
        if re.search(r"REMOVE[^\n]*task_token|gone = ", inspect.getsource(method))
    }
    assert taking == TOKEN_TAKERS


def test_a_parked_watch_and_its_signal_show_in_one_change() -> None:
    table, changes = told()
    assert table.update_item(parking())
    table.signal(WATCH.watch_id, SIGNAL)
    table.tell("signal")
    _, parked, signalled = [change for _, change in changes]
    assert isinstance(parked, WatchChange)
    assert isinstance(signalled, WatchChange)
    assert (parked.token_was, parked.token) == (None, "t1")
    assert (signalled.token, signalled.token_was, signalled.now.signal) == ("t1", "t1", SIGNAL)


def test_who_is_signalled_does_not_park() -> None:
    table, changes = told()
    table.signal(WATCH.watch_id, SIGNAL)
    table.tell("signal")
    assert not table.update_item(parking())
    assert len(changes) == 2


def test_a_close_takes_the_token() -> None:
    table, changes = told()
    table.update_item(parking())
    table.close_watch(WATCH, {}, 9)
    table.tell("close_watch")
    last = changes[-1][1]
    assert isinstance(last, WatchChange)
    assert (last.token, last.token_was) == (None, "t1")


def test_nothing_is_told_of_a_write_that_changes_nothing() -> None:
    table, changes = told()
    table._watches[WATCH.watch_id] = WATCH
    table.tell()
    assert len(changes) == 1


def test_a_result_is_told_once_and_one_in_quarantine_never() -> None:
    table, changes = told()
    for key, problem in (("k", None), ("k", None), ("q", "unreadable")):
        table.put_segment(Segment("ref", key, "shumei", b"{}", 1, problem))
        table.tell("put_segment")
    ((partition, change),) = changes[1:]
    assert isinstance(change, SegmentChange)
    assert (partition, change.load().key) == ("TASK#ref", "k")


def test_another_request_is_refused() -> None:
    table, _ = told()
    with pytest.raises(Unplayed):
        table.update_item(parking() | {"UpdateExpression": "SET nothing = :token"})
    with pytest.raises(Unplayed):
        table.update_item(parking() | {"ConditionExpression": "size(pk) > :token"})


def test_another_machine_is_refused() -> None:
    from random import Random

    from tests.chaos.loop import Loop
    from tests.chaos.machine import Machine

    made = json.loads(json.dumps(definition()))
    name = made["StartAt"]
    for change in ({"Type": "Map"}, {"OutputPath": "$.x"}):
        wrong = {**made, "States": {**made["States"], name: {**made["States"][name], **change}}}
        with pytest.raises(Unplayed):
            Machine(wrong, Loop(), Random(1), None, str)  # type: ignore[arg-type]
