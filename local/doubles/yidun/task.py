"""One stream that is listened to, and its books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field

from local.doubles.model import Json
from local.doubles.scenario import Line
from local.doubles.yidun.address import Address
from local.doubles.yidun.codes import AUDIO, WALL
from local.doubles.yidun.gate import Owner

AUDIO_ONLY, VIDEO_ONLY = "2", "1"


@dataclass(frozen=True)
class Sentence:
    """Something that was said (断句); seconds are scaled and count from the start of the task."""

    number: int
    line: Line
    starts: float
    ends: float
    before: str = ""

    @property
    def segment_id(self) -> str:
        """Unique in a task only [I]."""
        return f"seg-{self.number:04d}"


@dataclass
class Task:
    """A submission that was accepted. ``pull`` is how its credential was received."""

    id: str
    owner: Owner
    form: dict[str, str]
    address: Address
    key: Hashable
    started: float
    wall: float
    pull: str = "ok"
    entries: int = 0
    entered: float | None = None
    lost: float | None = None
    ended: float | None = None
    reason: str | None = None
    finish_type: int | None = None
    failure: int | None = None
    backlog: int = 0
    sentences: list[Sentence] = field(default_factory=list)
    reviews: list[tuple[str, Json]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def running(self) -> bool:
        """Nobody has ended it yet."""
        return self.ended is None

    @property
    def callback_url(self) -> str:
        """Where results are pushed; empty: they are polled."""
        return self.form.get("callbackUrl", "")

    @property
    def room(self) -> str:
        """The caller's room number, else the platform's."""
        return self.form.get("roomId") or self.form.get("roomNo") or self.address.room

    @property
    def wall_product(self) -> bool:
        """The live audio-video solution."""
        return self.owner.product == WALL

    @property
    def sees(self) -> bool:
        """Whether pictures are looked at."""
        return self.wall_product and self.form.get("detectType") != AUDIO_ONLY

    @property
    def listens(self) -> bool:
        """Whether sound is listened to."""
        return self.owner.product == AUDIO or self.form.get("detectType") != VIDEO_ONLY

    def hears(self, speaker: str) -> bool:
        """``checkSpeakerIds`` are the only ones, ``noCheckSpeakerIds`` are left out [I]."""
        only, never = (
            [one.strip() for one in self.form.get(name, "").split(",") if one.strip()]
            for name in ("checkSpeakerIds", "noCheckSpeakerIds")
        )
        return speaker not in never and (not only or speaker in only)

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
            "room": (self.room, self.address.room),
            "data_id": (self.form.get("dataId", ""),),
        }

    def _pushes(self, kind: str) -> dict[str, int]:
        return {how: self.counts[f"{kind}_{how}"] for how in ("pushed", "acknowledged", "given_up")}

    def view(self, now: float) -> Json:
        """For ``GET /_double/state``."""
        return {
            "id": self.id,
            "product": self.owner.product,
            "room": self.room,
            "platform": self.address.platform,
            "platform_room": self.address.room,
            "data_id": self.form.get("dataId", ""),
            "unique_key": self.form.get("uniqueKey", ""),
            "state": "running" if self.running else "ended",
            "token": self.pull,
            "started": round(self.started, 3),
            "ended": None if self.ended is None else round(self.ended, 3),
            "end_reason": self.reason,
            "finish_type": self.finish_type,
            "failure_reason": self.failure,
            "billed_seconds": round(self.billed(now), 3),
            "segments": {"made": self.counts["made"]} | self._pushes("segment"),
            "end_notice": self._pushes("end"),
            "reviews": {"made": len(self.reviews)} | self._pushes("review"),
            "backlog": self.backlog,
            "polled": self.counts["polled"],
            "push_attempts": self.counts["attempts"],
            "token_fetches": self.counts["fetches"],
            "finish_calls": self.counts["finish_calls"],
        }
