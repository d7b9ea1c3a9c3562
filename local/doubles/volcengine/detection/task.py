"""One audit and its books."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from local.doubles.model import Json
from local.doubles.volcengine.detection.request import BOTH, FRAMES, SOUND, Wish
from local.doubles.volcengine.pushing import pushes_of


@dataclass
class Task:
    """A start that was accepted; ``media`` loses what the audit of the whole room takes over.

    ``hears_from``: the scaled second from which anything is heard; ``billed`` counts whole slices and frames' gaps
    in which somebody published.
    """

    wish: Wish
    run: int
    media: set[int]
    started: float
    wall: float
    hears_from: float
    ended: float | None = None
    reason: str | None = None
    billed: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def id(self) -> str:
        """The vendor has none: AppId, RoomId, UserId (or ``*``), MediaType as asked, then the run if not 1."""
        target = self.wish.target
        name = f"{target.app_id}:{target.room_id}:{target.user or '*'}:{self.wish.media}"
        return name if self.run == 1 else f"{name}~{self.run}"

    @property
    def room(self) -> str:
        """Where it listens."""
        return self.wish.target.room_id

    @property
    def running(self) -> bool:
        """It has not ended."""
        return self.ended is None

    @property
    def media_type(self) -> int:
        """As ``ListDetectionTask`` says it."""
        return next(iter(self.media)) if len(self.media) == 1 else self.wish.media

    def facts(self) -> dict[str, tuple[str, ...]]:
        """What a fault order may match."""
        target = self.wish.target
        users = (target.user,) if target.user else ()
        return {"task": (self.id,), "room": (self.room,), "app_id": (target.app_id,), "user": users}

    def event(self) -> Json:
        """One entry of ``ListDetectionTask``."""
        return {
            "CreateTime": int(self.wall),
            "MediaType": self.media_type,
            "RoomId": self.room,
            "UserId": self.wish.target.user,
            "Status": 1 if self.running else 2,
        }

    def view(self) -> Json:
        """For ``GET /_double/state``."""
        return {
            "id": self.id,
            "run": self.run,
            "app_id": self.wish.target.app_id,
            "room": self.room,
            "platform": "volcengine",
            "platform_room": self.room,
            "user": self.wish.target.user,
            "data_id": "",
            "media_type": self.media_type,
            "callback": self.wish.callback,
            "state": "running" if self.running else "ended",
            "token": "ok",
            "started": round(self.started, 3),
            "hears_from": round(self.hears_from, 3),
            "ended": None if self.ended is None else round(self.ended, 3),
            "end_reason": self.reason,
            "billed_seconds": round(self.billed, 3),
            "segments": {"made": self.counts["made"]} | pushes_of(self.counts),
            "end_notice": {"pushed": 0, "acknowledged": 0, "given_up": 0},
            "push_attempts": self.counts["attempts"],
            "finish_calls": self.counts["finish_calls"],
        }


def media_of(number: int) -> set[int]:
    """``MediaType`` 3 is both."""
    return {FRAMES, SOUND} if number == BOTH else {number}
