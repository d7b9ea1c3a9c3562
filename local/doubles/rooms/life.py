"""The truth about rooms: who was in which life of which room, from when to when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from local.doubles.model import Json

HOST, AUDIENCE = "host", "audience"
ROLES = (HOST, AUDIENCE)
Gone = Callable[[str, float], None]
"""Told to whoever sent a recorder: why it is out, and at which scaled second."""


@dataclass(frozen=True)
class Moment:
    """A scaled second and the wall's milliseconds."""

    at: float
    ms: int

    def view(self) -> Json:
        """For ``state()``."""
        return {"at": round(self.at, 3), "ms": self.ms}


@dataclass
class Sound:
    """One published audio stream; ``number`` grows over all streams of the double."""

    id: str
    number: int
    began: Moment
    ended: Moment | None = None

    def view(self) -> Json:
        """For ``state()``."""
        return {"stream": self.id, "from": self.began.view(), "to": self.ended and self.ended.view()}


@dataclass
class Stay:
    """One participant from entering to leaving. ``lost``: when a client vanished that the cloud still counts."""

    user: str
    role: str
    number: int
    entered: Moment
    recorder: bool = False
    by: str = ""
    left: Moment | None = None
    reason: str = ""
    lost: Moment | None = None
    sounds: list[Sound] = field(default_factory=list)
    gone: Gone | None = None

    @property
    def publishing(self) -> list[Sound]:
        """What is heard of it now."""
        return [sound for sound in self.sounds if sound.ended is None]

    def view(self) -> Json:
        """For ``state()``."""
        return {
            "user": self.user,
            "role": self.role,
            "by": self.by,
            "from": self.entered.view(),
            "to": self.left and self.left.view(),
            "reason": self.reason,
            "lost": self.lost and self.lost.view(),
            "sounds": [sound.view() for sound in self.sounds],
        }


@dataclass
class Life:
    """One life of a room: the same name opened again is another one."""

    app_id: str
    room_id: str
    id: int
    number: int
    opener: str
    opened: Moment
    stays: list[Stay] = field(default_factory=list)
    destroyed: Moment | None = None
    reason: str = ""
    edition: int = 0
    """Grows with every entering, so that a planned destruction knows that it is out of date."""

    @property
    def present(self) -> list[Stay]:
        """Everybody whom the cloud counts, in order of entering."""
        return [stay for stay in self.stays if stay.left is None]

    @property
    def people(self) -> list[Stay]:
        """Present, recorders left out."""
        return [stay for stay in self.present if not stay.recorder]

    @property
    def recorders(self) -> list[Stay]:
        """Present recorders."""
        return [stay for stay in self.present if stay.recorder]

    def find(self, user: str) -> Stay | None:
        """Who is present under an id."""
        return next((stay for stay in self.present if stay.user == user), None)

    def view(self) -> Json:
        """For ``state()``."""
        return {
            "app_id": self.app_id,
            "room_id": self.room_id,
            "life": self.id,
            "number": self.number,
            "opened_at": self.opened.view(),
            "destroyed_at": self.destroyed and self.destroyed.view(),
            "reason": self.reason,
            "people": [stay.view() for stay in self.stays if not stay.recorder],
            "recorders": [stay.view() for stay in self.stays if stay.recorder],
        }


@dataclass(frozen=True)
class Event:
    """Something that happened in a room. ``kind``: opened, entered, left, published, unpublished, role, closed.

    ``reason`` is the engine's word (left, lost, replaced, kicked, expired, closed, empty); ``last`` is who left
    last, for ``closed``; ``quiet`` means that the platform was asked to say nothing of the close.
    """

    kind: str
    life: Life
    when: Moment
    stay: Stay | None = None
    reason: str = ""
    sound: Sound | None = None
    last: Stay | None = None
    quiet: bool = False
