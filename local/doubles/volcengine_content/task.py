"""One stream that is listened to, and its books."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from local.doubles.model import Json
from local.doubles.scenario import Line
from local.doubles.volcengine.pushing import pushes_of

AUDIO, IMAGE = "audio", "image"
Key = tuple[int, str, str]
"""AppId, Service and ``data_id``."""


@dataclass(frozen=True)
class Target:
    """What is listened to: an address, or a room (``platform`` set)."""

    url: str = ""
    platform: str = ""
    app_id: str = ""
    room_id: str = ""
    stream_id: str = ""
    token: str = ""

    @property
    def room(self) -> str:
        """The platform's room or stream, else the last part of the address."""
        path = urlsplit(self.url).path.rstrip("/") if self.url else ""
        return self.room_id or self.stream_id or path.rpartition("/")[2] or self.url


@dataclass(frozen=True)
class Slice:
    """Some seconds of one user (``user`` empty: of everybody), or one frame; seconds count from the start."""

    number: int
    id: str
    media: str
    user: str
    starts: float
    ends: float
    text: str = ""
    line: Line | None = None

    @property
    def level(self) -> str:
        """Silence is PASS."""
        return self.line.risk_level if self.line else "PASS"


@dataclass
class Task:
    """A submission that was accepted. ``visitor`` is its recorder, ``pull`` how its credential was received."""

    key: Key
    parameters: Json
    target: Target
    visitor: str
    callback: str
    pass_through: str
    started: float
    wall: float
    run: int = 1
    pull: str = "ok"
    entered: float | None = None
    lost: float | None = None
    ended: float | None = None
    reason: str | None = None
    slices: list[Slice] = field(default_factory=list)
    handed: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def id(self) -> str:
        """The caller's ``data_id``: the vendor has no other."""
        return self.key[2]

    @property
    def room(self) -> str:
        """Where it listens."""
        return self.target.room

    @property
    def running(self) -> bool:
        """Nobody has ended it yet."""
        return self.ended is None

    def billed(self, now: float) -> float:
        """Seconds that cost money: from entering to the end, or to the loss of the room [I]."""
        if self.entered is None:
            return 0.0
        until = min(x for x in (self.ended, self.lost, now) if x is not None)
        return max(0.0, until - self.entered)

    def facts(self) -> dict[str, tuple[str, ...]]:
        """What a fault order may match."""
        return {
            "task": (self.id,),
            "data_id": (self.id,),
            "room": (self.room,),
            "stream": (self.target.stream_id,) if self.target.stream_id else (),
            "app_id": (str(self.key[0]),),
        }

    def view(self, now: float) -> Json:
        """For ``GET /_double/state``."""
        app_id, service, data_id = self.key
        return {
            "id": data_id,
            "app_id": app_id,
            "service": service,
            "run": self.run,
            "room": self.room,
            "platform": self.target.platform,
            "platform_room": self.target.room_id,
            "stream": self.target.stream_id,
            "url": self.target.url,
            "data_id": data_id,
            "state": "running" if self.running else "ended",
            "token": self.pull,
            "started": round(self.started, 3),
            "ended": None if self.ended is None else round(self.ended, 3),
            "end_reason": self.reason,
            "billed_seconds": round(self.billed(now), 3),
            "segments": {"made": len(self.slices)} | pushes_of(self.counts),
            "end_notice": {"pushed": 0, "acknowledged": 0, "given_up": 0},
            "polled": self.counts["polled"],
            "push_attempts": self.counts["attempts"],
            "poll_calls": self.counts["poll_calls"],
            "finish_calls": self.counts["finish_calls"],
        }
