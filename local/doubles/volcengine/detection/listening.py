"""Who is heard in a room of this cloud, and what is said while they publish."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from local.doubles.rooms.engine import Rooms
from local.doubles.rooms.life import Sound
from local.doubles.scenario import Line, Script
from local.doubles.volcengine.detection.request import SOUND, Target

RANK = {"PASS": 0, "REVIEW": 1, "REJECT": 2}
Span = tuple[float, float]


@dataclass(frozen=True)
class Heard:
    """What one user's stream had in some seconds (scaled, of the double)."""

    user: str
    media: int
    starts: float
    ends: float
    lines: tuple[Line, ...] = ()

    @property
    def worst(self) -> Line | None:
        """The line that decides; ``None`` for silence."""
        return max(self.lines, key=lambda line: RANK[line.risk_level], default=None)

    @property
    def level(self) -> str:
        """Silence is PASS."""
        return self.worst.risk_level if self.worst else "PASS"

    @property
    def text(self) -> str:
        """What was said; a picture has no transcript."""
        return "，".join(x.text for x in self.lines if x.text) if self.media == SOUND else ""


def published(rooms: Rooms, target: Target, span: Span, most: int) -> dict[str, list[Span]]:
    """Seconds in which somebody published, by user: of one user, or of the first ``most`` streams."""
    found = [
        (sound, stay.user, cut)
        for life in rooms.lives
        if (life.app_id, life.room_id) == (target.app_id, target.room_id)
        for stay in life.stays
        if target.user in ("", stay.user)
        for sound in stay.sounds
        if (cut := _cut(sound, span))
    ]
    found.sort(key=lambda one: one[0].number)
    spans: dict[str, list[Span]] = {}
    for _, user, cut in found[:most]:
        spans.setdefault(user, []).append(cut)
    return spans


def last_sound(rooms: Rooms, target: Target, since: float, now: float) -> float:
    """The last second with media; ``since`` if there was none after it, ``now`` while there is."""
    ends = [
        now if sound.ended is None else sound.ended.at
        for life in rooms.lives
        if (life.app_id, life.room_id) == (target.app_id, target.room_id)
        for stay in life.stays
        if target.user in ("", stay.user)
        for sound in stay.sounds
    ]
    return max([since, *ends])


def heard(
    streams: dict[str, list[Span]], script: Script, media: int, span: Span, origin: float
) -> Iterator[Heard]:
    """What each user said, in the seconds in which they published."""
    everything = script.lines if media == SOUND else script.images
    for user, cuts in streams.items():
        lines = tuple(
            line
            for line in everything
            if line.speaker == user
            and any(line.heard_in(start - origin, end - origin) for start, end in cuts)
        )
        yield Heard(user, media, *span, lines)


def _cut(sound: Sound, span: Span) -> Span | None:
    start, end = max(sound.began.at, span[0]), span[1]
    if sound.ended is not None:
        end = min(end, sound.ended.at)
    return (start, end) if start < end else None
