"""One stream that is listened to, and its books."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from local.doubles.model import Json
from local.doubles.tupu.stream import Stream


@dataclass
class Task:
    """A stream that was accepted. Seconds are scaled; ``pull`` is how its credential was received.

    ``untold``: results by slice that wait for others to go with them.
    """

    id: str
    secret_id: str
    stream: Stream
    tasks: tuple[str, ...]
    started: float
    wall: float
    pull: str = "ok"
    lost: float | None = None
    lost_by: str = ""
    ended: float | None = None
    reason: str | None = None
    untold: list[tuple[int, Json]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def running(self) -> bool:
        """Nobody has ended it yet; it counts for the concurrency even if it hears nothing any more."""
        return self.ended is None

    @property
    def room(self) -> str:
        """The caller's room, else the stream's."""
        return self.stream.room

    @property
    def place(self) -> str:
        """What tasks of the same room have in common."""
        return self.stream.zego.room if self.stream.zego else self.room

    def hears(self, second: float) -> bool:
        """Whether it has heard everything up to a second."""
        return self.lost is None or second <= self.lost

    def billed(self, now: float) -> float:
        """Seconds that cost money: to the end, or to the loss of the stream [I]."""
        until = min(x for x in (self.ended, self.lost, now) if x is not None)
        return max(0.0, until - self.started)

    def facts(self) -> dict[str, tuple[str, ...]]:
        """What a fault order may match."""
        return {
            "task": (self.id,),
            "room": (self.room, self.place),
            "stream": (self.stream.url,),
            "data_id": (self.stream.forum,),
        }

    def _pushes(self, kind: str) -> dict[str, int]:
        return {how: self.counts[f"{kind}_{how}"] for how in ("pushed", "acknowledged", "given_up")}

    def view(self, now: float) -> Json:
        """For ``GET /_double/state``."""
        return {
            "id": self.id,
            "room": self.room,
            "platform": "zego" if self.stream.zego else "url",
            "platform_room": self.stream.zego.room if self.stream.zego else "",
            "stream": self.stream.url,
            "data_id": self.stream.forum,
            "tasks": list(self.tasks),
            "callback_rules": self.stream.rules,
            "state": "running" if self.running else "ended",
            "token": self.pull,
            "started": round(self.started, 3),
            "lost": None if self.lost is None else round(self.lost, 3),
            "lost_by": self.lost_by,
            "ended": None if self.ended is None else round(self.ended, 3),
            "end_reason": self.reason,
            "billed_seconds": round(self.billed(now), 3),
            "segments": {"made": self.counts["made"]} | self._pushes("segment"),
            "end_notice": self._pushes("end"),
            "push_attempts": self.counts["attempts"],
            "finish_calls": self.counts["finish_calls"],
        }
