"""One stream that is listened to, and its books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field

from local.doubles.model import Json


@dataclass
class Task:
    """A submission that was accepted.

    ``key``: the caller's own id. ``names``: by which scenarios find it. ``pull``: how its credential was received.
    ``by_speaker``: a slice of each who speaks. ``code``: of an end that was scripted or ordered. Seconds are scaled.
    """

    id: str
    owner: str
    key: str
    callback: str
    platform: str
    room: str
    names: tuple[str, ...]
    body: Json
    by_speaker: bool
    started: float
    wall: float
    pull: str = "ok"
    ended: float | None = None
    reason: str | None = None
    code: int | None = None
    last_heard: float = 0.0
    words: list[tuple[float, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def running(self) -> bool:
        """Nobody has ended it yet."""
        return self.ended is None

    @property
    def twin_key(self) -> Hashable:
        """What two submissions of the same stream have in common."""
        return self.owner, self.key

    def billed(self, now: float) -> float:
        """Seconds that cost money: from the start to the end, nothing if it never got in."""
        until = now if self.ended is None else self.ended
        return max(0.0, until - self.started) if self.pull == "ok" else 0.0

    def milliseconds(self, second: float) -> int:
        """A second of the stream as Unix milliseconds: contiguous, but ahead of real time when scaled."""
        return round((self.wall + second) * 1000)

    def facts(self) -> dict[str, tuple[str, ...]]:
        """What a fault order may match."""
        return {"task": (self.id,), "room": (self.room, *self.names), "data_id": (self.key,)}

    def _pushes(self, kind: str) -> dict[str, int]:
        return {how: self.counts[f"{kind}_{how}"] for how in ("pushed", "acknowledged", "given_up")}

    def view(self, now: float) -> Json:
        """For ``GET /_double/state``."""
        return {
            "id": self.id,
            "room": self.room,
            "platform": self.platform,
            "data_id": self.key,
            "state": "running" if self.running else "ended",
            "token": self.pull,
            "started": round(self.started, 3),
            "ended": None if self.ended is None else round(self.ended, 3),
            "end_reason": self.reason,
            "end_code": self.code,
            "billed_seconds": round(self.billed(now), 3),
            "segments": {"made": self.counts["made"]} | self._pushes("segment"),
            "end_notice": self._pushes("end"),
            "push_attempts": self.counts["attempts"],
            "finish_calls": self.counts["finish_calls"],
        }
