"""How a task gets into the ZEGO room that it listens to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from local.doubles.model import Now
from local.doubles.rooms.entrance import OK, Visit
from local.doubles.rooms.life import Gone
from local.doubles.tupu.stream import Stream, Zego


class Cloud(Protocol):
    """One platform's double (``rooms.world.RoomWorld``)."""

    def enter(self, visit: Visit, now: Now, gone: Gone | None = None) -> str:
        """Let a recorder in, or say why not."""

    def spend(self, visit: Visit, now: Now) -> None:
        """Use up a credential that is good once."""

    def recorder_leaves(self, by: str, now: Now) -> bool:
        """Take a recorder back."""


class Clouds:
    """ZEGO's double under its name; where it is missing everybody is let in, once with each token."""

    def __init__(self, clouds: Mapping[str, Cloud]) -> None:
        self._cloud = clouds.get("zego")
        self._seen: set[str] = set()

    def enter(self, stream: Stream, task_id: str, now: Now, gone: Gone) -> str:
        """``ok``, or one word that says why nothing will be heard; a plain stream is always there."""
        if stream.zego is None:
            return OK
        if self._cloud is not None:
            return self._cloud.enter(_visit(stream.zego, task_id), now, gone)
        if stream.zego.token in self._seen:
            return "used"
        self._seen.add(stream.zego.token)
        return OK

    def spend(self, stream: Stream, task_id: str, now: Now) -> None:
        """Use up the credential of a submission that does not come in."""
        if stream.zego is None:
            return
        self._seen.add(stream.zego.token)
        if self._cloud is not None:
            self._cloud.spend(_visit(stream.zego, task_id), now)

    def leave(self, task_id: str, now: Now) -> None:
        """Take the recorder back, wherever it is."""
        if self._cloud is not None:
            self._cloud.recorder_leaves(task_id, now)


def _visit(zego: Zego, task_id: str) -> Visit:
    return Visit(zego.app, zego.room, "", zego.token, task_id)
