"""A busy evening, made of a seed: who is when in which room, and what the clouds' webhooks suffer."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

CLOUDS = ("zego", "agora", "trtc", "volcengine")
BACKENDS = ("gin", "url")
"""Platforms without webhooks: somebody's backend sends the events."""
TICK = 30
"""Seconds: everything happens on a multiple."""
HELD = 60
"""Seconds for which a webhook that is to overtake another is held back."""
OPENS = {"zego": "room_create", "agora": "101", "trtc": "101", "volcengine": "RoomCreate"}
CLOSES = {"zego": "room_close", "agora": "102", "trtc": "102", "volcengine": "RoomDestroy"}


@dataclass(frozen=True)
class Act:
    """Something that happens in a room: what a person or an owner does, or a backend says, with the time it says."""

    at: int
    platform: str
    room: str
    verb: str
    user: str = ""
    said_at: int = 0


@dataclass
class Evening:
    """Acts in their order, faults by platform, and the spans in which backends' rooms are open."""

    acts: list[Act] = field(default_factory=list)
    faults: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    spans: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    last: int = 0


def evening(seed: int, rooms: int, platforms: Sequence[str] = (*CLOUDS, *BACKENDS)) -> Evening:
    """``rooms`` rooms within about an hour; the same seed is the same evening."""
    luck, made = random.Random(seed), Evening()
    for number, platform in zip(range(rooms), cycle(platforms), strict=False):
        _room(made, luck, platform, f"{platform}-{number}")
    made.acts.sort(key=lambda act: act.at)
    made.last = made.acts[-1].at
    return made


def _room(made: Evening, luck: random.Random, platform: str, room: str) -> None:
    start = luck.randrange(0, 2_400, TICK)
    for _ in range(2 if luck.random() < 0.15 else 1):  # some rooms open again under their name
        end = start + luck.randrange(300, 1_200, TICK)
        lived = _backed if platform in BACKENDS else _peopled
        made.acts += lived(luck, platform, room, start, end)
        if platform in BACKENDS:
            made.spans.setdefault(room, []).append((start, end))
        start = end + luck.randrange(TICK, 900, TICK)
    if platform in CLOUDS:
        made.faults.setdefault(platform, []).extend(_faults(luck, platform, room))


def _peopled(luck: random.Random, platform: str, room: str, start: int, end: int) -> Iterator[Act]:
    host, closes = "1", luck.random() < 0.4
    yield Act(start, platform, room, "person_enters", host)
    for guest in range(2, luck.randrange(3, 6)):
        came = luck.randrange(start, end - 2 * TICK, TICK)
        went = luck.randrange(came + TICK, end, TICK)
        yield Act(came, platform, room, "person_enters", str(guest))
        if not closes or luck.random() < 0.5:
            verb = "person_vanishes" if luck.random() < 0.15 else "person_leaves"
            yield Act(went, platform, room, verb, str(guest))
    yield Act(end, platform, room, "closes" if closes else "person_leaves", "" if closes else host)


def _backed(luck: random.Random, platform: str, room: str, start: int, end: int) -> Iterator[Act]:
    """Everything is said twice, and late; so an opening may come after the closing."""
    for verb, at in (("RoomOpened", start), ("RoomClosed", end)):
        yield Act(at, platform, room, verb, said_at=at)
        yield Act(at + luck.randrange(0, 600, TICK), platform, room, verb, said_at=at)


def _faults(luck: random.Random, platform: str, room: str) -> Iterator[dict[str, Any]]:
    fate = luck.random()
    if fate < 0.25:
        yield _order("drop", room, CLOSES[platform])
    elif fate < 0.4:
        yield _order("drop", room, OPENS[platform])
    elif fate < 0.6:
        yield _order("duplicate", room) | {"copies": 2}
    elif fate < 0.8:
        yield _order("reorder", room) | {"seconds": HELD, "times": 3}


def _order(fault: str, room: str, event: str | None = None) -> dict[str, Any]:
    match = {"room": room} if event is None else {"room": room, "event": event}
    return {"on": "webhook", "fault": fault, "times": None, "match": match}
