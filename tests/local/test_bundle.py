"""The deployed bundle as its users meet it: events in, HTTP, events out."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from local.listener import Listener
from local.stack import Stack
from tests.local.emulator_client import eventually
from tests.local.rooms import Rooms

pytestmark = pytest.mark.emulator
SPEECH = {
    "at": 5,
    "speaker": "user-7",
    "text": "滚",
    "risk_level": "REJECT",
    "risk_type": 210,
    "score": 870,
    "every": 10,
}


@pytest.fixture
def rooms(stack: Stack) -> Rooms:
    return Rooms(stack)


class Ear:
    """Collects what the bus tells of one room."""

    def __init__(self, stack: Stack, room: str) -> None:
        self._listener, self._room = Listener(stack), room
        self.details: dict[str, list[dict[str, Any]]] = {}

    def has(self, kind: str) -> bool:
        for event in self._listener.heard():
            if event["detail"]["room"]["room_id"] == self._room:
                self.details.setdefault(event["detail-type"], []).append(event["detail"])
        return kind in self.details


def test_a_room_with_an_odd_name_is_heard_told_and_closed(stack: Stack, rooms: Rooms) -> None:
    room = Rooms.new('语音房 "a/b" #1 🎤')
    rooms.shumei.post("scenario", {"name": "abuse", "rooms": {"*": {"lines": [SPEECH]}}})
    ear = Ear(stack, room)
    rooms.send("RoomOpened", room, attributes={"k": ["v", 1]})
    assert eventually(lambda: ear.has("SegmentJudged"), 30)
    verdict = ear.details["SegmentJudged"][0]
    assert verdict["labels"][0] == {"code": "abuse", "vendor_code": "210", "score": 0.87}
    assert verdict["attributes"] == {"k": ["v", 1]}
    rooms.send("RoomClosed", room)
    assert eventually(lambda: ear.has("ModerationEnded"), 30)
    assert ear.details["ModerationEnded"][0]["ledger"]["unfinished"] == []
    assert [task["end_reason"] for task in rooms.tasks(room)] == ["finished"]


def test_an_event_with_a_bad_field_is_dead_lettered_with_the_field_named(stack: Stack, rooms: Rooms) -> None:
    room = Rooms.new("bad")
    rooms.send("RoomOpened", room, plan=7)
    sqs = stack.client("sqs")
    found: list[dict[str, Any]] = []

    def look() -> bool:
        answer = sqs.receive_message(QueueUrl=stack.dead_letter_queue_url, MaxNumberOfMessages=10)
        found.extend(json.loads(message["Body"]) for message in answer.get("Messages", []))
        return any(letter.get("event", {}).get("detail", {}).get("room_id") == room for letter in found)

    assert eventually(look, 20)
    letter = next(one for one in found if one["event"]["detail"]["room_id"] == room)
    assert letter["error"]["field"] == "plan"
    assert rooms.tasks(room) == []


def test_a_callback_is_answered_200_once_it_is_kept_and_401_if_it_is_forged(
    stack: Stack, rooms: Rooms
) -> None:
    room = Rooms.new("push")
    rooms.send("RoomOpened", room)
    assert eventually(lambda: rooms.tasks(room), 30)
    journal = rooms.shumei.get("journal")["entries"]
    submit = next(e for e in journal if e.get("operation") == "submit" and e["body"]["data"]["room"] == room)
    address = submit["body"]["callback"]
    assert _post(address, b'{"code":1100,"requestId":"by-hand_0","riskLevel":"PASS"}') == (200, "stored")
    assert _post(address, b'{"code":1100,"requestId":"by-hand_0","riskLevel":"PASS"}') == (200, "duplicate")
    assert _post(address, b'{"a": 1,}') == (200, "quarantined")
    assert _post(address[:-1] + ("a" if address[-1] != "a" else "b"), b"{}") == (401, None)
    assert _post(address, b"") == (400, None)
    assert _post(address, b" " * 4_000_001) == (413, None)
    rooms.send("RoomClosed", room)
    assert eventually(lambda: rooms.is_over(room), 30)


def _post(address: str, body: bytes) -> tuple[int, str | None]:
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"}, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer).get("status")
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused).get("status")
