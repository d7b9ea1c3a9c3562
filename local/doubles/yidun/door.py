"""How a task gets into the room that it listens to."""

from __future__ import annotations

from local.doubles.model import Now
from local.doubles.rooms import clouds
from local.doubles.rooms.entrance import Visit
from local.doubles.yidun.address import Address


class Clouds(clouds.Clouds[Address]):
    """The platforms' doubles by name; whom they refuse cannot pull."""

    def visit(self, where: Address, by: str) -> tuple[str, Visit]:
        """As the address says."""
        return where.platform, Visit(where.app, where.room, where.uid, where.token, by)

    def spend(self, where: Address, by: str, now: Now) -> None:
        """A long room has no credential of its own: it is fetched when the recorder comes in."""
        if not where.long:
            super().spend(where, by, now)

    def alone_since(self, task_id: str) -> float | None:
        """Scaled second since which the recorder has been alone; ``None`` when it is not, or nobody can tell."""
        for cloud in self._clouds.values():
            found = cloud.rooms.stay_of(task_id)
            if found:
                life, recorder = found
                left = [stay.left.at for stay in life.stays if stay.left and not stay.recorder]
                return None if life.people else max([recorder.entered.at, *left])
        return None
