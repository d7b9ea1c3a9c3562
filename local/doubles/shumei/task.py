"""One audit task and its books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field

from local.doubles.model import Json
from local.doubles.shumei.generation import V2, VIDEO
from local.doubles.shumei.target import Target

RANK = {"PASS": 0, "REVIEW": 1, "REJECT": 2}


@dataclass
class Task:
    """A submission that was accepted. Seconds are scaled; ``pull`` is how its credential was received.

    ``lost``: since when its stream has not been there while the vendor still tries (V4). ``audible``: its sound is
    audited (video tasks may do without).
    """

    id: str
    access_key: str
    cluster: str
    bt_id: str
    callback: str
    data: Json
    functions: frozenset[str]
    target: Target
    key: Hashable
    started: float
    wall: float
    pull: str = "ok"
    ended: float | None = None
    reason: str | None = None
    error_code: int | None = None
    worst: str = "PASS"
    last_text: dict[str | None, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    generation: str = V2
    language: str = "zh"
    audible: bool = True
    image_callback: str = ""
    worst_image: str = "PASS"
    last_frame: int = 0
    most_users: int | None = None
    lost: float | None = None

    @property
    def running(self) -> bool:
        """Nobody has ended it yet."""
        return self.ended is None

    @property
    def room(self) -> str:
        """The caller's room number, else the platform's."""
        return str(self.data.get("room") or self.target.room or self.target.stream or "")

    @property
    def step(self) -> int:
        """Audited segments are this far apart (1: every one). [S] ``audioDetectStep`` N skips N."""
        return 1 + int(self.data.get("audioDetectStep") or 0)

    def asks(self, switch: str) -> bool:
        """A switch of ``data``, a boolean or (V4) 1, off by default [S]."""
        return bool(self.data.get(switch))

    def see(self, level: str) -> None:
        """Remember the worst level."""
        self.worst = max(self.worst, level, key=RANK.__getitem__)

    def look(self, level: str) -> None:
        """Remember the worst level of a picture."""
        self.worst_image = max(self.worst_image, level, key=RANK.__getitem__)

    def whole(self, second: float) -> bool:
        """Whether the stream was still there at a scaled second."""
        return all(end is None or second <= end for end in (self.ended, self.lost))

    def duration(self, now: float) -> float:
        """Seconds from acceptance to the end (or the loss of the stream), or to now."""
        over = now if self.ended is None else self.ended
        return max(0.0, (over if self.lost is None else min(over, self.lost)) - self.started)

    def billed(self, now: float) -> float:
        """Seconds that cost money: a task that nobody finishes goes on; a failed pull costs nothing [I]."""
        return self.duration(now) if self.pull == "ok" else 0.0

    def audited(self, segment: float) -> int:
        """Whole seconds audited by the end, for ``streamTime``; smaller with interval auditing [S]."""
        total, seconds, index = self.billed(0.0), 0.0, 0
        while index * segment < total:
            seconds += min(segment, total - index * segment)
            index += self.step
        return int(seconds)

    def facts(self) -> dict[str, tuple[str, ...]]:
        """What a fault order may match."""
        return {
            "task": (self.id,),
            "room": (self.room, self.target.room),
            "stream": (self.target.stream,) if self.target.stream else (),
            "bt_id": (self.bt_id,),
            "cluster": (self.cluster,),
        }

    def _pushes(self, kind: str) -> dict[str, int]:
        return {how: self.counts[f"{kind}_{how}"] for how in ("pushed", "acknowledged", "given_up")}

    def view(self, now: float) -> Json:
        """For ``GET /_double/state``; ``frames`` of video tasks only."""
        frames = {"frames": {"made": self.counts["frames"]} | self._pushes("frame")}
        return self._view(now) | (frames if self.generation == VIDEO else {})

    def _view(self, now: float) -> Json:
        return {
            "id": self.id,
            "generation": self.generation,
            "room": self.room,
            "platform_room": self.target.room,
            "stream": self.target.stream,
            "stream_type": self.target.stream_type,
            "split": self.target.split,
            "cluster": self.cluster,
            "bt_id": self.bt_id,
            "state": "running" if self.running else "ended",
            "token": self.pull,
            "started": round(self.started, 3),
            "ended": None if self.ended is None else round(self.ended, 3),
            "end_reason": self.reason,
            "error_code": self.error_code,
            "billed_seconds": round(self.billed(now), 3),
            "segments": {"made": self.counts["made"]} | self._pushes("segment"),
            "end_notice": self._pushes("end"),
            "push_attempts": self.counts["attempts"],
            "finish_calls": self.counts["finish_calls"],
        }
