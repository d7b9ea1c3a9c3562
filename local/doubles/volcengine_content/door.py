"""How a task gets into the room that it listens to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from local.doubles.model import Now
from local.doubles.rooms.entrance import OK, Visit
from local.doubles.rooms.life import Gone
from local.doubles.volcengine_content.task import Target


class Cloud(Protocol):
    """The entrance of one platform's double (``rooms.doors.Doors``)."""

    def enter(self, visit: Visit, now: Now, gone: Gone | None = None) -> str:
        """Let a recorder in, or say why not."""

    def spend(self, visit: Visit, now: Now) -> None:
        """Use up a credential that is good once."""

    def recorder_leaves(self, by: str, now: Now) -> bool:
        """Take a recorder back."""


class Clouds:
    """The platforms' doubles by name. Where one is missing everybody is let in, once with each token."""

    def __init__(self, clouds: Mapping[str, Cloud]) -> None:
        self._clouds = clouds
        self._seen: set[str] = set()

    def enter(self, target: Target, visitor: str, now: Now, gone: Gone) -> str:
        """``ok``, or one word that says why the pull will fail. An address is always good."""
        if not target.platform:
            return OK
        cloud = self._clouds.get(target.platform)
        if cloud is not None:
            return cloud.enter(_visit(target, visitor), now, gone)
        if target.token in self._seen:
            return "used"
        self._seen.add(target.token)
        return OK

    def spend(self, target: Target, visitor: str, now: Now) -> None:
        """Use up the credential of a submission that does not come in."""
        cloud = self._clouds.get(target.platform)
        if cloud is not None:
            cloud.spend(_visit(target, visitor), now)
        elif target.platform:
            self._seen.add(target.token)

    def leave(self, visitor: str, now: Now) -> None:
        """Take the recorder back, wherever it is."""
        for cloud in self._clouds.values():
            cloud.recorder_leaves(visitor, now)


def _visit(target: Target, visitor: str) -> Visit:
    details = {"stream": target.stream_id}
    return Visit(target.app_id, target.room_id, "", target.token, visitor, details=details)
