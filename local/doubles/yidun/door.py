"""How a task gets into the room that it listens to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from local.doubles.model import Now
from local.doubles.rooms.engine import Rooms
from local.doubles.rooms.entrance import OK, Visit
from local.doubles.rooms.life import Gone
from local.doubles.yidun.address import Address


class Cloud(Protocol):
    """One platform's double (``rooms.world.RoomWorld``)."""

    rooms: Rooms

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

    def enter(self, address: Address, task_id: str, now: Now, gone: Gone) -> str:
        """``ok``, or one word that says why the pull will fail."""
        cloud = self._clouds.get(address.platform)
        if cloud is not None:
            return cloud.enter(_visit(address, task_id), now, gone)
        if address.platform == "zego" and address.token in self._seen:
            return "used"
        self._seen.add(address.token)
        return OK

    def spend(self, address: Address, task_id: str, now: Now) -> None:
        """Use up the credential of a submission that does not come in."""
        cloud = self._clouds.get(address.platform)
        if address.long:
            return
        if cloud is None:
            self._seen.add(address.token)
        else:
            cloud.spend(_visit(address, task_id), now)

    def leave(self, task_id: str, now: Now) -> None:
        """Take the recorder back, wherever it is."""
        for cloud in self._clouds.values():
            cloud.recorder_leaves(task_id, now)

    def alone_since(self, task_id: str) -> float | None:
        """Scaled second since which the recorder has been alone; ``None`` when it is not, or nobody can tell."""
        for cloud in self._clouds.values():
            found = cloud.rooms.stay_of(task_id)
            if found:
                life, recorder = found
                left = [stay.left.at for stay in life.stays if stay.left and not stay.recorder]
                return None if life.people else max([recorder.entered.at, *left])
        return None


def _visit(address: Address, task_id: str) -> Visit:
    return Visit(address.app, address.room, address.uid, address.token, task_id)
