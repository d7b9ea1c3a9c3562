"""How a stream's recorder gets into the room that it listens to."""

from __future__ import annotations

from local.doubles.lyrebird.submission import Source
from local.doubles.rooms import clouds
from local.doubles.rooms.entrance import Visit


class Clouds(clouds.Clouds[Source]):
    """The platforms' doubles by name; whom they refuse ends with end_code 11."""

    def visit(self, where: Source, by: str) -> tuple[str, Visit]:
        """As the source says."""
        return where.kind, Visit(where.app, where.room, where.user, where.token, by)
