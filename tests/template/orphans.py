"""Watches that nobody looks after: one of each kind."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.contract import table
from tests.template.account import SETTINGS, client

if TYPE_CHECKING:
    from tests.template.scenario import Stage


def orphans(stage: Stage) -> None:
    """Everybody's execution is stopped but that of a stream that was told to end, and does not hear it."""
    rooms = {name: f"room-{name}" for name in ("over", "left")}
    for room in rooms.values():
        assert stage.tell("RoomOpened", room) == "claim"
    told = stage.watch_of("room-3")
    table.park(client("dynamodb"), told, "a-token")
    _stop_all_but(stage, told)
    _queue(stage, rooms["over"])
    _set("room", rooms["over"], "closed_at", {"N": "1"})
    left = stage.watch_of("room-10")
    set_finished(left)
    stage.invoke("close_watch", {"watch_id": left, "abandoned": True})
    first, second = (stage.invoke("reap_watches", {}) for _ in range(2))  # by the second, nobody is young
    found = {"live", "undelivered", "left_running", "room_over", "undriven"}
    assert found <= set(first) | set(second)


def _queue(stage: Stage, room: str) -> None:
    """Of two that wait for a stream, one is gone, and the other does not know that there is one."""
    limited = json.dumps({**SETTINGS, "limits": {"shumei": {"streams": 9}}})
    client("secretsmanager").put_secret_value(
        SecretId=stage.account.refs["SettingsSecret"], SecretString=limited
    )
    from earshot.store.dynamo.store import DynamoStore

    store = DynamoStore(client("dynamodb"), table.NAME, lambda: 1)
    for place, watch_id in enumerate((f"{stage.watch_of(room)}-gone", stage.watch_of(room))):
        store.await_stream("shumei", watch_id, place, 1)
    _set("watch", room, "queued_at", {"N": "1"})


def _stop_all_but(stage: Stage, kept: str) -> None:
    machine = client("stepfunctions")
    arn = stage.account.refs["RoomLifecycle"]
    for execution in machine.list_executions(stateMachineArn=arn, statusFilter="RUNNING")["executions"]:
        if execution["name"] != kept:
            machine.stop_execution(executionArn=execution["executionArn"])


def set_finished(watch_id: str) -> None:
    """As if the vendor had never acknowledged the end of the watch's tasks."""
    for item in table.items(client("dynamodb")):
        if item["kind"]["S"] == "task" and item["watch_id"]["S"] == watch_id:
            client("dynamodb").update_item(
                TableName=table.NAME,
                Key={"pk": item["pk"], "sk": item["sk"]},
                UpdateExpression="REMOVE finished_at, due_at, due_queue",
            )


def _set(kind: str, room: str, field: str, value: Any) -> None:
    for item in table.items(client("dynamodb")):
        if item["kind"]["S"] == kind and item["room_id"]["S"] == room:
            client("dynamodb").update_item(
                TableName=table.NAME,
                Key={"pk": item["pk"], "sk": item["sk"]},
                UpdateExpression="SET #field = :value",
                ExpressionAttributeNames={"#field": field},
                ExpressionAttributeValues={":value": value},
            )
