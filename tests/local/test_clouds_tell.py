"""The deployed front door for RTC clouds: what happens at the doubles is heard, and nobody else is believed."""

from __future__ import annotations

import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator

import pytest

from local.double_admin import DoubleAdmin
from local.stack import Stack
from local.webhooks import tell_doubles
from tests.local.emulator_client import eventually

pytestmark = pytest.mark.emulator
HEARD = ("zego", "agora", "trtc", "volcengine")
PATIENCE = 30.0


@pytest.fixture
def clouds(stack: Stack) -> Iterator[dict[str, DoubleAdmin]]:
    """The doubles of the RTC clouds, with their webhooks on."""
    tell_doubles(stack.doubles, stack.room_webhooks)
    yield {name: DoubleAdmin(stack.doubles[name]) for name in stack.room_webhooks}
    # The next test's rooms are told of by its own events alone.
    tell_doubles(stack.doubles, {name: dict.fromkeys(urls, "") for name, urls in stack.room_webhooks.items()})


def task_of(stack: Stack, room: str) -> str | None:
    """How the vendor's only task of a room stands."""
    tasks = DoubleAdmin(stack.doubles["shumei"]).get("state")["tasks"]
    states = [task["state"] for task in tasks if task["room"] == room]
    return states[0] if len(states) == 1 else None


def test_a_room_of_every_cloud_is_heard_while_it_is_open(
    stack: Stack, clouds: dict[str, DoubleAdmin]
) -> None:
    rooms = {name: f"{name}-{uuid.uuid4().hex[:8]}" for name in HEARD}
    for name, room in rooms.items():
        clouds[name].post(f"rooms/{room}/enter", {"user_id": "4711"})
    assert eventually(lambda: {task_of(stack, room) for room in rooms.values()} == {"running"}, PATIENCE)
    for name, room in rooms.items():
        clouds[name].post(f"rooms/{room}/close", {"notify": True})
    assert eventually(lambda: {task_of(stack, room) for room in rooms.values()} == {"ended"}, PATIENCE)


@pytest.mark.parametrize("name", ["zego", "agora", "trtc", "volcengine", "yunxin"])
def test_nobody_else_is_believed(stack: Stack, clouds: dict[str, DoubleAdmin], name: str) -> None:
    room = f"forged-{uuid.uuid4().hex[:8]}"
    clouds[name].post(
        "faults", {"on": "webhook", "fault": "corrupt", "how": "signature", "match": {"room": room}}
    )
    clouds[name].post(f"rooms/{room}/enter", {"user_id": "4711"})

    def statuses() -> set[int | None]:
        entries = clouds[name].get("journal")["entries"]
        return {entry.get("status") for entry in entries if entry["kind"] == "push" and room in str(entry)}

    assert eventually(lambda: statuses() >= {401}, PATIENCE)
    clouds[name].post(f"rooms/{room}/leave", {"user_id": "4711"})


@pytest.mark.parametrize("path", ["zego/1234567890", "nobody/1", "agora/unknown-app", "gin/game-7"])
def test_what_cannot_be_proved_is_refused(stack: Stack, path: str) -> None:
    request = urllib.request.Request(f"{stack.api_url}/room-webhooks/{path}", b"{}", method="POST")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert refused.value.code == 401
