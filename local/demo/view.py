"""The demo's small terminal view: rooms, states and verdicts as they arrive; plain lines without a terminal."""

from typing import Protocol, Self

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from local.demo.rooms import STORIES
from local.demo.story import Event, Heard, line

COLOURS = {"PASS": "green", "REVIEW": "yellow", "REJECT": "red"}
STATE_COLOURS = {"listening": "green", "listening again": "green", "interrupted": "yellow", "failed": "red"}
LATEST = 10


class View(Protocol):
    """Shows events as they come."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def show(self, event: Event) -> None:
        """One event was heard."""


class Lines:
    """A line an event."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to put away."""

    def show(self, event: Event) -> None:
        self._console.print(latest_line(event), soft_wrap=True)


class Screen:
    """A table of rooms with the latest events below it."""

    def __init__(self, console: Console, heard: Heard) -> None:
        self._heard, self._latest = heard, list[Event]()
        self._live = Live(console=console, refresh_per_second=8, transient=True)

    def __enter__(self) -> Self:
        self._live.start()
        self._live.update(self._frame())
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, event: Event) -> None:
        self._latest = [*self._latest, event][-LATEST:]
        self._live.update(self._frame())

    def _frame(self) -> Group:
        table = Table("room", "state", "segments", "review", "reject", box=None, pad_edge=False)
        for story in STORIES:
            state = self._heard.state(story.room_id)
            levels = [verdict["risk_level"] for verdict in self._heard.verdicts(story.room_id)]
            table.add_row(
                story.room_id,
                Text(state, STATE_COLOURS.get(state, "dim")),
                str(len(levels)),
                Text(str(levels.count("REVIEW")), COLOURS["REVIEW"]),
                Text(str(levels.count("REJECT")), COLOURS["REJECT"]),
            )
        return Group(table, Text(), *map(latest_line, self._latest))


def latest_line(event: Event) -> Text:
    """An event with its room and time."""
    detail = event["detail"]
    text = Text(f"  {detail['occurred_at'][11:23]}  {detail['room']['room_id']:<10} ", "dim")
    return text.append(line(event), COLOURS.get(detail.get("risk_level", ""), "bold"))


def view(console: Console, heard: Heard) -> View:
    """The screen on a terminal, lines elsewhere."""
    return Screen(console, heard) if console.is_terminal else Lines(console)
