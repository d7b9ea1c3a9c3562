"""What people do in the demo's rooms, at the doubles of their clouds; and what backends say of theirs."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from local.demo.rooms import GUEST, HOST, Story
from local.deploy import STACK_NAME
from local.double_admin import DoubleAdmin
from local.listener import open_or_close
from local.stack import Stack


@dataclass(frozen=True)
class People:
    """The people of a stack's rooms."""

    stack: Stack

    def open(self, story: Story) -> None:
        """They enter, and the cloud tells; or a backend does."""
        if story.ends == "backend":
            self._say("RoomOpened", story, stream_url=story.address, plan=story.plan)
            return
        for person in (HOST, GUEST):
            self._at(story, "enter", user_id=person)
            if story.vendor == story.platform:  # it hears who publishes, and needs no recorder
                self._at(story, "publish", user_id=person)

    def end(self, story: Story) -> None:
        """See :class:`local.demo.rooms.Story`."""
        if story.ends == "backend":
            self._say("RoomClosed", story)
        elif story.ends == "close":
            self._at(story, "close", notify=True)
        else:
            for person in (HOST, GUEST):
                self._at(story, "leave", user_id=person)

    def look_around(self) -> dict[str, int]:
        """What happens every minute on AWS, now: rooms that are believed open are looked at."""
        answer = self.stack.client("lambda").invoke(FunctionName=self._name("ReconcileRooms"), Payload=b"{}")
        looked: dict[str, int] = json.load(answer["Payload"])
        return looked

    def ask_vendors(self) -> None:
        """And this: those that push nothing are asked, for nearly a minute."""
        functions = self.stack.client("lambda")
        functions.invoke(FunctionName=self._name("AskVendors"), InvocationType="Event", Payload=b"{}")

    def _name(self, function: str) -> str:
        formation = self.stack.client("cloudformation")
        found = formation.describe_stack_resource(StackName=STACK_NAME, LogicalResourceId=function)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def _at(self, story: Story, act: str, **what: object) -> None:
        DoubleAdmin(self.stack.doubles[story.platform]).post(f"rooms/{story.room_id}/{act}", what)

    def _say(self, kind: str, story: Story, **more: object) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        place = {"platform": story.platform, "app_id": story.app_id, "room_id": story.room_id}
        open_or_close(self.stack, kind, {**place, "occurred_at": now, **more})
