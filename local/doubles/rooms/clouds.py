"""How a vendor's recorders get into the rooms that they listen to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, Protocol, TypeVar

from local.doubles.model import Now
from local.doubles.rooms.engine import Rooms
from local.doubles.rooms.entrance import OK, Visit
from local.doubles.rooms.life import Gone

ZEGO = "zego"


class Cloud(Protocol):
    """The entrance of one platform's double (``rooms.doors.Doors``)."""

    rooms: Rooms

    def enter(self, visit: Visit, now: Now, gone: Gone | None = None) -> str:
        """Let a recorder in, or say why not."""

    def spend(self, visit: Visit, now: Now) -> None:
        """Use up a credential that is good once."""

    def recorder_leaves(self, by: str, now: Now) -> bool:
        """Take a recorder back."""


W = TypeVar("W")


class Clouds(Generic[W]):
    """The platforms' doubles by name. Where one is missing everybody is let in, at ZEGO once with each token.

    A vendor says what a submission (``W``) asks for.
    """

    def __init__(self, clouds: Mapping[str, Cloud]) -> None:
        self._clouds = clouds
        self._seen: set[str] = set()

    def visit(self, where: W, by: str) -> tuple[str, Visit] | None:
        """The platform, and the recorder that the task ``by`` sends; ``None`` for a plain stream."""
        raise NotImplementedError

    def once(self, platform: str) -> bool:
        """Whether a token is good once where the platform's double is missing."""
        return platform == ZEGO

    def enter(self, where: W, by: str, now: Now, gone: Gone) -> str:
        """``ok``, or one word that says why nothing will be heard; a plain stream is always there."""
        asked = self.visit(where, by)
        if asked is None:
            return OK
        platform, visit = asked
        cloud = self._clouds.get(platform)
        if cloud is not None:
            return cloud.enter(visit, now, gone)
        if visit.token in self._seen and self.once(platform):
            return "used"
        self._seen.add(visit.token)
        return OK

    def spend(self, where: W, by: str, now: Now) -> None:
        """Use up the credential of a submission that does not come in."""
        asked = self.visit(where, by)
        if asked is None:
            return
        platform, visit = asked
        cloud = self._clouds.get(platform)
        if cloud is None:
            self._seen.add(visit.token)
        else:
            cloud.spend(visit, now)

    def leave(self, by: str, now: Now) -> None:
        """Take the recorder back, wherever it is."""
        for cloud in self._clouds.values():
            cloud.recorder_leaves(by, now)
