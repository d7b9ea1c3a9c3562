"""Sends rooms to a deployed stack and looks at what became of them."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from earshot.domain import ids
from earshot.domain.room import Room

from local.double_admin import DoubleAdmin
from local.listener import open_or_close
from local.stack import Stack

APP_ID = "1234567890"
OPENED, CLOSED = "2026-11-20T02:00:00.000Z", "2026-11-20T03:00:00.000Z"


class Rooms:
    """Rooms of one stack, each with a name that nobody used before."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.shumei = DoubleAdmin(stack.doubles["shumei"])
        self._sfn = stack.client("stepfunctions")

    @staticmethod
    def new(hint: str = "room") -> str:
        return f"{hint}-{uuid.uuid4().hex[:8]}"

    def send(self, kind: str, room_id: str, **more: Any) -> None:
        at = OPENED if kind == "RoomOpened" else CLOSED
        detail = {"platform": "zego", "app_id": APP_ID, "room_id": room_id, "occurred_at": at} | more
        open_or_close(self.stack, kind, detail)

    def send_at_once(self, events: list[tuple[str, str]]) -> None:
        """All of them from threads of their own."""
        with ThreadPoolExecutor(len(events)) as pool:
            for done in [pool.submit(self.send, kind, room_id) for kind, room_id in events]:
                done.result()

    def execution(self, room_id: str) -> dict[str, Any] | None:
        """The one execution that this room's opening may have started."""
        session = ids.session_id(Room("zego", APP_ID, room_id).key, 1_795_140_000_000)
        arn = self.stack.state_machine_arn.replace(":stateMachine:", ":execution:")
        try:
            found = self._sfn.describe_execution(executionArn=f"{arn}:{ids.watch_id(session, 'primary')}")
        except self._sfn.exceptions.ExecutionDoesNotExist:
            return None
        return dict(found)

    def tasks(self, room_id: str) -> list[dict[str, Any]]:
        """The vendor's tasks of the room, by the double's own books."""
        return [task for task in self.shumei.get("state")["tasks"] if task["room"] == room_id]

    def is_over(self, room_id: str) -> bool:
        execution = self.execution(room_id)
        return execution is not None and execution["status"] != "RUNNING"

    def items_of(self, room_id: str) -> list[dict[str, Any]]:
        """The items that exist for the room's session, for looking at what is left behind."""
        session = ids.session_id(Room("zego", APP_ID, room_id).key, 1_795_140_000_000)
        answer = self.stack.client("dynamodb").query(
            TableName=self.stack.table_name,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": f"SESSION#{session}"}},
        )
        return list(answer["Items"])
