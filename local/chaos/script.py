"""What one seed does: rooms, who hears them, what goes wrong at the doubles, how the stack itself is disturbed.

Seconds are scaled, counted from the beginning of the seed.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.chaos.reading import tupu, volcengine_content
from local.places import SAMPLE_SETTINGS

Json = dict[str, Any]
APPS = {name: next(iter(apps)) for name, apps in json.loads(SAMPLE_SETTINGS.read_text("utf-8")).items()}
APPS["url"] = "radio"
PUBLISHING = ("volcengine",)
"""Platforms whose own audit hears only who publishes."""
SEGMENT_S = 20.0
STREAMS = 1_000
DEAD_S = 900.0
TOLD_WITHIN_S = 45.0


@dataclass(frozen=True)
class Heard:
    """A plan of ``plan.yaml``: the doubles of its vendors in their order, and the platforms whose rooms are given
    it."""

    plan: str
    doubles: tuple[str, ...]
    platforms: tuple[str, ...]


USUAL = Heard("default", ("shumei", "yidun"), ("zego", "zego", "agora"))
OTHERS = (
    Heard("v4", ("shumei", "lyrebird"), ("zego", "agora")),
    Heard("video", ("shumei", "yidun"), ("zego", "agora")),
    Heard("tupu", ("tupu", "shumei"), ("zego", "url")),
    Heard("content", ("volcengine_content", "tupu"), ("zego", "url")),
    Heard("rtc", ("volcengine",), ("volcengine",)),
    Heard("lyrebird", ("lyrebird", "yidun"), ("zego", "agora", "url")),
    Heard("yitu", ("yitu", "shumei"), ("url",)),
)
VENDORS = ("shumei", "yidun", "tupu", "volcengine", "yitu", "lyrebird")
"""Of these plans."""
SETTINGS: dict[str, Json] = {
    **{
        name: {"segment_seconds": SEGMENT_S, "max_streams": STREAMS}
        for name in ("shumei", "yitu", "lyrebird")
    },
    "tupu": {"slice_seconds": SEGMENT_S, "max_streams": STREAMS, "zego_fields": tupu.ROOM_FIELDS},
    "volcengine_content": {"slice_seconds": SEGMENT_S, "room_keys": volcengine_content.ROOM_KEYS},
}
"""Of the vendors' doubles."""


@dataclass(frozen=True)
class Life:
    """A room, open from when to when; ``told``: when each copy of its two events is sent."""

    room_id: str
    platform: str
    opens: float
    closes: float
    told: tuple[tuple[float, str], ...]
    heard: Heard = USUAL

    @property
    def double(self) -> str:
        """Of the vendor that hears it first."""
        return self.heard.doubles[0]

    def detail(self, at: str) -> Json:
        address = {"stream_url": f"rtmp://live.example.com/{self.room_id}"} if self.platform == "url" else {}
        return address | {
            "plan": self.heard.plan,
            "platform": self.platform,
            "app_id": APPS[self.platform],
            "room_id": self.room_id,
            "occurred_at": at,
        }


@dataclass(frozen=True)
class Order:
    """What a double is told to get wrong, and when."""

    at: float
    double: str
    order: Json


@dataclass(frozen=True)
class Script:
    """``kills``: when a function's process is killed. ``pauses``: when the table's stream stands still."""

    seed: int
    lives: tuple[Life, ...]
    orders: tuple[Order, ...]
    ends: tuple[tuple[float, str, int], ...]
    kills: tuple[float, ...]
    pauses: tuple[tuple[float, float], ...]

    @property
    def until(self) -> float:
        """When the last event has been told."""
        return max(at for life in self.lives for at, _kind in life.told)

    def lines(self) -> list[str]:
        """For people."""
        told = [
            f"{o.at:6.0f} {o.double}: {o.order['on']} {o.order['fault']}"
            for o in self.orders
            if "on" in o.order
        ]
        told += [f"{o.at:6.0f} {o.double}: {o.order['fault']}" for o in self.orders if "on" not in o.order]
        told += [f"{at:6.0f} vendor ends the task of {room} ({code})" for at, room, code in self.ends]
        told += [f"{start:6.0f} stream stands still for {end - start:.0f} s" for start, end in self.pauses]
        rooms = [
            f"{x.opens:6.0f} {x.room_id} ({x.platform}, plan {x.heard.plan}) opens for {x.closes - x.opens:.0f} s"
            for x in self.lives
        ]
        return [*sorted(rooms + told), f"       {len(self.kills)} processes killed"]


Maker = Callable[[random.Random, tuple[Life, ...]], list[Order]]


def write(seed: int, run: str) -> Script:
    """The same for the same seed, but for ``run``, which keeps its rooms apart from those of another run."""
    dice = random.Random(seed)
    plans = (USUAL,) if dice.random() < 0.4 else (USUAL, dice.choice(OTHERS), dice.choice(OTHERS))
    lives = tuple(_life(dice, f"c{seed}-{number}-{run}", plans) for number in range(dice.randint(4, 6)))
    orders = [order for make in dice.sample(FAULTS, dice.randint(3, 5)) for order in make(dice, lives)]
    orders += _duplicates(dice, lives)
    if dice.random() < 0.4:
        at = dice.uniform(30, 200)
        double = dice.choice(lives).double
        orders += [Order(at, double, {"fault": "die"}), Order(at + DEAD_S, double, {"fault": "revive"})]
    end = max(life.closes for life in lives)
    ends = tuple(
        (dice.uniform(120, 500), dice.choice(lives).room_id, dice.choice((3001, 3003, 3005)))
        for _ in range(2)
    )
    kills = tuple(sorted(dice.uniform(0, end + 60) for _ in range(dice.randint(3, 6))))
    start = dice.uniform(0, end)
    pauses = ((start, start + dice.uniform(30, 120)),)
    return Script(seed, lives, tuple(sorted(orders, key=lambda o: o.at)), ends, kills, pauses)


def _life(dice: random.Random, room_id: str, plans: tuple[Heard, ...]) -> Life:
    opens = dice.uniform(0, 60)
    closes = opens + (dice.uniform(20, 60) if dice.random() < 0.15 else dice.uniform(400, 1_100))
    told = []
    for kind, at in (("RoomOpened", opens), ("RoomClosed", closes)):
        told += [(at + dice.uniform(0, TOLD_WITHIN_S), kind) for _copy in range(2)]
    heard = dice.choice(plans)
    return Life(room_id, dice.choice(heard.platforms), opens, closes, tuple(sorted(told)), heard)


def _at(dice: random.Random) -> float:
    return dice.uniform(0, 300)


def _call(operation: str, fault: Json) -> Maker:
    """At the vendor of one of the rooms."""

    def make(dice: random.Random, lives: tuple[Life, ...]) -> list[Order]:
        return [Order(_at(dice), dice.choice(lives).double, _some(dice, operation, fault))]

    return make


def _mint(fault: Json) -> Maker:
    def make(dice: random.Random, _lives: tuple[Life, ...]) -> list[Order]:
        return [Order(_at(dice), "zego", _some(dice, "mint", fault))]

    return make


def _some(dice: random.Random, operation: str, fault: Json) -> Json:
    return {"on": operation, "times": dice.randint(1, 3), **fault}


def _push(fault: Json) -> Maker:
    def make(dice: random.Random, lives: tuple[Life, ...]) -> list[Order]:
        life = dice.choice(lives)
        match = {"room": life.room_id}
        return [Order(0, life.double, {"on": "push", "times": dice.randint(3, 10), "match": match, **fault})]

    return make


def _duplicates(dice: random.Random, lives: tuple[Life, ...]) -> list[Order]:
    copies = {"on": "push", "fault": "duplicate", "copies": dice.randint(1, 2), "times": 20}
    return [Order(0, life.double, copies | {"match": {"room": life.room_id}}) for life in lives]


FAULTS = (
    _call("submit", {"fault": "accept_then_drop"}),
    _call("submit", {"fault": "drop"}),
    _call("submit", {"fault": "status", "status": 503}),
    _call("finish", {"fault": "accept_then_drop"}),
    _call("finish", {"fault": "drop"}),
    _call("finish", {"fault": "status", "status": 500}),
    _mint({"fault": "drop"}),
    _mint({"fault": "accept_then_drop"}),
    _mint({"fault": "status", "status": 502}),
    _push({"fault": "drop"}),
    _push({"fault": "reorder", "seconds": 60}),
    _push({"fault": "delay", "seconds": 90}),
)
