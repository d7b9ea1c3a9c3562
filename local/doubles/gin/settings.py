"""What can be changed about the GIN double."""

from __future__ import annotations

from dataclasses import dataclass

from local.doubles.rooms.settings import RoomSettings
from local.doubles.settings import setting


@dataclass
class GinSettings(RoomSettings):
    """Nothing of GIN is documented: this plays the operator's service of ``docs/platforms/gin.md``."""

    clock_window: int = setting(300, "[I]", "real seconds a timestamp may be off, either way; more → 401")
    room_must_exist: bool = setting(False, "[?]", "404 for a room in which nobody is")
    ip: str = setting("203.0.113.7", "[I]", "where recorders enter")
    port: int = setting(8000, "[I]", "the port there")
    port_as_text: bool = setting(False, "[D]", "the answer writes the port as text")
    expires_in_s: int = setting(
        3600, "[I]", "life of a token in scaled seconds; 0: it never ends, and is not said"
    )
    single_use: bool = setting(False, "[?]", "a token is good for one entrance")
