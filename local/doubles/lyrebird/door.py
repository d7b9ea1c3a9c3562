"""How a stream's recorder gets into the room that it listens to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from local.doubles.lyrebird.submission import Source
from local.doubles.model import Now
from local.doubles.rooms.entrance import OK, Visit
from local.doubles.rooms.life import Gone


class Cloud(Protocol):
    """One platform's double (``rooms.doors.Doors``)."""

    def enter(self, visit: Visit, now: Now, gone: Gone | None = None) -> str:
        """Let a recorder in, or say why not."""

    def spend(self, visit: Visit, now: Now) -> None:
        """Use up a credential that is good once."""

    def recorder_leaves(self, by: str, now: Now) -> bool:
        """Take a recorder back."""


class Clouds:
    """The platforms' doubles by name. Where one is missing everybody is let in, at ZEGO once with each token."""

    def __init__(self, clouds: Mapping[str, Cloud]) -> None:
        self._clouds = clouds
        self._seen: set[str] = set()

    def enter(self, source: Source, task_id: str, now: Now, gone: Gone) -> str:
        """``ok``, or one word that says why it will end with end_code 11."""
        cloud = self._clouds.get(source.kind)
        if cloud is not None:
            return cloud.enter(_visit(source, task_id), now, gone)
        if source.kind == "zego" and source.token in self._seen:
            return "used"
        self._seen.add(source.token)
        return OK

    def spend(self, source: Source, task_id: str, now: Now) -> None:
        """Use up a credential without entering."""
        cloud = self._clouds.get(source.kind)
        if cloud is not None:
            cloud.spend(_visit(source, task_id), now)
        self._seen.add(source.token)

    def leave(self, task_id: str, now: Now) -> None:
        """Take the recorder back, wherever it is."""
        for cloud in self._clouds.values():
            cloud.recorder_leaves(task_id, now)


def _visit(source: Source, task_id: str) -> Visit:
    return Visit(source.app, source.room, source.user, source.token, task_id)
