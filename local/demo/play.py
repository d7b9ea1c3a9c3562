"""Plays the demo on a running stack."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from rich.console import Console

from local.demo.check import problems
from local.demo.report import report
from local.demo.rooms import APP_ID, STORIES, scenario
from local.demo.story import Heard
from local.demo.view import View, view
from local.double_admin import DoubleAdmin
from local.listener import Listener, open_or_close
from local.stack import Stack

OPEN_FOR = 140.0  # scaled seconds after the first verdict of each room
PATIENCE = 25.0  # real seconds for a thing that must happen


def play(stack: Stack, console: Console) -> list[str]:
    """Open the rooms, listen, close them; what went wrong, in sentences."""
    zego, shumei = DoubleAdmin(stack.doubles["zego"]), DoubleAdmin(stack.doubles["shumei"])
    shumei.post("scenario", scenario())
    shumei.post("faults", [story.fault for story in STORIES if story.fault])
    heard, listener = Heard(), Listener(stack)
    for story in STORIES:
        console.print(f"  opening {story.room_id}: {story.title}", highlight=False)
        _say(stack, "RoomOpened", story.room_id)
    with view(console, heard) as screen:
        _listen(listener, heard, screen, lambda: all(heard.verdicts(s.room_id) for s in STORIES), PATIENCE)
        _listen(listener, heard, screen, lambda: False, OPEN_FOR / stack.time_scale)
        for story in STORIES:
            _say(stack, "RoomClosed", story.room_id)
        _listen(listener, heard, screen, lambda: all(heard.ledger(s.room_id) for s in STORIES), PATIENCE)
    report(console, heard)
    return problems(heard, zego, shumei)


def _say(stack: Stack, kind: str, room_id: str) -> None:
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    detail = {
        "platform": "zego",
        "app_id": APP_ID,
        "room_id": room_id,
        "occurred_at": now,
        "account_id": "host-42",
    }
    open_or_close(stack, kind, detail)


def _listen(
    listener: Listener, heard: Heard, screen: View, enough: Callable[[], bool], seconds: float
) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not enough():
        for event in listener.heard():
            if heard.take(event):
                screen.show(event)
        time.sleep(0.1)
