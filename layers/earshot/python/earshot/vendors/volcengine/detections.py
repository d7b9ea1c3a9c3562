"""The name of an RTC audit: the vendor has none, what is audited is its address. Standard library only.

So whoever audits the same again audits the same, and a result tells enough to stop what it came from.
"""

from dataclasses import dataclass
from urllib.parse import quote, unquote


@dataclass(frozen=True)
class Detection:
    """What is audited: a room of an application, or one user in it."""

    app_id: str
    room_id: str
    user_id: str | None = None

    @property
    def name(self) -> str:
        """One spelling each; parts are percent-encoded."""
        parts = [self.app_id, self.room_id, *([self.user_id] if self.user_id else [])]
        return "/".join(quote(part, safe="", errors="replace") for part in parts)

    @property
    def fields(self) -> dict[str, str]:
        """As the calls take it."""
        user = {"UserId": self.user_id} if self.user_id else {}
        return {"AppId": self.app_id, "RoomId": self.room_id, **user}


def named(name: str) -> Detection | None:
    """The other way; None for what is no such name."""
    parts = [unquote(part) for part in name.split("/")]
    if len(parts) not in {2, 3} or not all(parts):
        return None
    return Detection(parts[0], parts[1], parts[2] if len(parts) == 3 else None)
