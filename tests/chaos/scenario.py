"""A run made of a seed: rooms and their people, what vendors and platforms do wrong, what AWS does wrong."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.chaos import vendors
from tests.chaos.orders import Kill, Lag, Order, Skew, Throttle, Twice
from tests.chaos.stream import MOST_BACK_OFF_S
from tests.chaos.vendors import BACKENDS, CLOUDS, Heard

HOUR_S = 3_600.0
ROOMS = (1, 1, 2, 2, 3, 3, 4, 5, 6)
STEPS = ("mint_credential", "submit_stream", "advise_watch", "finish_stream", "close_watch")
OFTEN = ("relay_changes", "receive_callback", "ingest_room_webhook", "reconcile_rooms", "reconcile_tasks")
ASKING = "ask_vendors"
KILLABLE = (*STEPS, *STEPS, *STEPS, "track_room", "track_room", *OFTEN)
CLAIMED = 5
"""The effect of track_room before which the room and its watch are certainly on the table."""
END_CODES = (None, 3001, 3002, 3003, 3004, 3005)
DEAD_S = 900.0
BUSY = ("dynamodb", "lambda", "states")
"""Services without which a change of the table is not relayed."""
LIES = os.environ.get("CHAOS_LIES", "1") != "0"
MAX_SKEW_MS = 500


@dataclass(frozen=True)
class Act:
    """At a second: what somebody does (``who`` and ``what`` as ``Playing`` knows them)."""

    at: float
    what: str
    about: tuple[Any, ...] = ()


@dataclass
class Scenario:
    """``vendors`` of the plan, in its order; ``spans``: when backends' rooms are open, by room."""

    seed: int
    plan: dict[str, Any]
    vendors: tuple[Heard, ...]
    acts: list[Act] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    spans: dict[tuple[str, str], list[tuple[float, float]]] = field(default_factory=dict)
    segment_s: float = 30.0

    @property
    def doubles(self) -> list[str]:
        """Those at which anything happens."""
        return list(dict.fromkeys([*CLOUDS, *(one.double for one in self.vendors)]))

    @property
    def last(self) -> float:
        """When the last thing is done."""
        return max(act.at for act in self.acts)

    @property
    def skew_ms(self) -> int:
        """By how much a clock may be off."""
        return max((one.most_ms for one in self.orders if isinstance(one, Skew)), default=0)

    @property
    def lag_s(self) -> float:
        """How long an answer may be on its way."""
        return self._lag_s("http")

    @property
    def late_s(self) -> float:
        """How late what was acknowledged may be understood: the stream's lag, and as long as the table is busy."""
        busy = [one for one in self.orders if isinstance(one, Throttle) and one.service in BUSY]
        return self._lag_s("stream") + sum(one.until - one.since + MOST_BACK_OFF_S for one in busy)

    def _lag_s(self, what: str) -> float:
        lags = [one for one in self.orders if isinstance(one, Lag) and one.what == what]
        return sum(one.most_s for one in lags)


def alone(seed: int, vendor: str, **plan: Any) -> Scenario:
    """One vendor, with its usual options, and nothing that happens."""
    options = vendors.USUAL.get(vendor, {})
    default = {"vendor": vendor, "vendors": {vendor: options}, **plan}
    return Scenario(seed, {"default": default}, (Heard(vendor, vendor, options),))


def scenario(seed: int, *, lies: bool = LIES) -> Scenario:
    """Every fifth seed has no faults at all. ``lies``: the vendor may also say that it did what it did not do."""
    luck = Random(f"scenario/{seed}")
    chosen = vendors.first(luck)
    platforms = [luck.choice(chosen.hears) for _ in range(luck.choice(ROOMS))]
    order = [chosen, *(vendors.others(luck, chosen, platforms) if luck.random() < 0.5 else ())]
    made = Scenario(seed, {"default": _plan(luck, order)}, tuple(order))
    for number, platform in enumerate(platforms):
        _room(made, luck, platform, f"{platform}-{number}")
    if seed % 5:
        for kind in luck.sample(FAULTS, luck.randint(1, 4)):
            kind(made, luck, luck.choice((chosen, chosen, *order)))
        about = vendors.lies(chosen, made.plan["default"]["keep"])
        if lies and about and luck.random() < 0.3:
            lie = {"on": luck.choice(about), "times": _some(luck), "fault": "forget"}
            made.acts.append(Act(luck.uniform(0, HOUR_S / 2), "fault", (chosen.double, lie)))
    made.acts.sort(key=lambda act: act.at)
    return made


def _plan(luck: Random, order: Sequence[Heard]) -> dict[str, Any]:
    return {
        "vendor": order[0].name,
        "failover": [one.name for one in order[1:]],
        "keep": "hits" if luck.random() < 0.2 else "all",
        "look_s": luck.choice((60, 600, 3_600)),
        "settle_s": luck.choice((0, 10)),
        "vendors": {one.name: one.options for one in order if one.options},
    }


# rooms


def _room(made: Scenario, luck: Random, platform: str, room: str) -> None:
    start = luck.uniform(1, 1_200)
    for _ in range(2 if luck.random() < 0.3 else 1):  # some rooms open again under their name
        end = start + luck.uniform(30, 1_800)
        lived = _backed if platform in BACKENDS else _peopled
        made.acts += lived(luck, platform, room, start, end)
        if platform in BACKENDS:
            made.spans.setdefault((platform, room), []).append((start, end))
        start = end + luck.choice((2.0, luck.uniform(10, 600)))


def _peopled(luck: Random, platform: str, room: str, start: float, end: float) -> Iterator[Act]:
    host, closes = "1", luck.random() < 0.4
    yield Act(start, "person", (platform, "person_enters", room, host))
    if platform == "volcengine":  # whose own audit hears only who publishes
        yield Act(start + luck.uniform(0, 60), "person", (platform, "publishes", room, host))
    for guest in range(2, luck.randint(2, 4)):
        came = luck.uniform(start, end)
        yield Act(came, "person", (platform, "person_enters", room, str(guest)))
        if platform == "volcengine" and luck.random() < 0.7:
            yield Act(came + luck.uniform(0, 20), "person", (platform, "publishes", room, str(guest)))
        if not closes or luck.random() < 0.5:
            verb = "person_vanishes" if luck.random() < 0.15 else "person_leaves"
            yield Act(luck.uniform(came, end), "person", (platform, verb, room, str(guest)))
    gone = ("closes", room) if closes else ("person_leaves", room, host)
    yield Act(end, "person", (platform, *gone))


def _backed(luck: Random, platform: str, room: str, start: float, end: float) -> Iterator[Act]:
    """Some things are said twice."""
    for kind, at in (("RoomOpened", start), ("RoomClosed", end)):
        yield Act(at, "room_event", (platform, kind, room, at))
        if luck.random() < 0.3:
            yield Act(at + luck.uniform(0.1, 300), "room_event", (platform, kind, room, at))


# faults


def _some(luck: Random) -> int:
    return luck.choice((1, 1, 2, 5))


def _bad_calls(made: Scenario, luck: Random, vendor: Heard) -> None:
    for _ in range(luck.randint(1, 3)):
        fault = luck.choice(
            (
                {"fault": "drop"},
                {"fault": "status", "status": luck.choice((500, 502, 503, 404))},
                {"fault": "delay", "seconds": luck.uniform(1, 20)},
                {"fault": "accept_then_timeout", "seconds": luck.uniform(5, 20)},
                {"fault": "accept_then_drop"},
                {"fault": "body", "body": "<html>"},
            )
        )
        asked = vendors.QUESTIONS.get(vendor.double)
        order = {"on": luck.choice(("submit", "finish", asked or "submit")), "times": _some(luck), **fault}
        made.acts.append(Act(luck.uniform(0, HOUR_S / 2), "fault", (vendor.double, order)))


def _bad_pushes(made: Scenario, luck: Random, vendor: Heard) -> None:
    for _ in range(luck.randint(1, 3)):
        fault = luck.choice(
            (
                {"fault": "drop"},
                {"fault": "delay", "seconds": luck.uniform(1, 200)},
                {"fault": "duplicate", "copies": luck.choice((1, 11))},
                {"fault": "reorder", "seconds": luck.uniform(10, 120)},
            )
        )
        order = {"on": "push", "times": luck.randint(1, 20), **fault}
        made.acts.append(Act(luck.uniform(0, HOUR_S / 2), "fault", (vendor.double, order)))


def _bad_webhooks(made: Scenario, luck: Random, vendor: Heard) -> None:
    for platform in CLOUDS:
        fault = luck.choice(
            (
                {"fault": "drop"},
                {"fault": "duplicate", "copies": 2},
                {"fault": "reorder", "seconds": luck.uniform(5, 60)},
                {"fault": "delay", "seconds": luck.uniform(1, 60)},
            )
        )
        order = {"on": "webhook", "times": luck.randint(1, 6), **fault}
        made.acts.append(Act(luck.uniform(0, HOUR_S / 2), "fault", (platform, order)))


def _bad_mints(made: Scenario, luck: Random, vendor: Heard) -> None:
    fault = luck.choice(
        ({"fault": "drop"}, {"fault": "status", "status": 500}, {"fault": "delay", "seconds": 8.0})
    )
    order = {"on": "mint", "times": luck.randint(1, 8), **fault}
    made.acts.append(Act(luck.uniform(0, HOUR_S / 3), "fault", ("zego", order)))


def _dead_vendor(made: Scenario, luck: Random, vendor: Heard) -> None:
    at = luck.uniform(0, HOUR_S / 2)
    made.acts.append(Act(at, "fault", (vendor.double, {"fault": "die"})))
    made.acts.append(Act(at + DEAD_S, "fault", (vendor.double, {"fault": "revive"})))


def _ended_tasks(made: Scenario, luck: Random, vendor: Heard) -> None:
    for _ in range(luck.randint(1, 6)):
        about = (vendor.double, luck.choice(END_CODES), luck.random())
        made.acts.append(Act(luck.uniform(60, HOUR_S / 2), "end", about))


def _kills(made: Scenario, luck: Random, vendor: Heard) -> None:
    for _ in range(luck.randint(1, 6)):
        asking = (ASKING,) * 4 if vendor.double in vendors.QUESTIONS and vendor.repeats else ()
        function, effect = luck.choice((*KILLABLE, *asking)), luck.randint(1, 9)
        number = luck.randint(1, 60) if function in (*OFTEN, ASKING) else luck.choice((1, 1, 1, 2, 3))
        if function == "track_room":  # an event has three tries: it may be lost only once its watch is known
            effect = max(effect, CLAIMED)
        made.orders.append(Kill(function, number, effect, luck.random() < 0.5))


def _throttled(made: Scenario, luck: Random, vendor: Heard) -> None:
    since = luck.uniform(0, HOUR_S / 2)
    service = luck.choice(("dynamodb", "dynamodb", "states", "events", "lambda"))
    made.orders.append(Throttle(since, since + luck.uniform(5, 120), service, luck.uniform(0.2, 0.9)))


def _late(made: Scenario, luck: Random, vendor: Heard) -> None:
    since = luck.uniform(0, HOUR_S / 2)
    what, most_s = luck.choice((("stream", 60.0), ("bus", 30.0), ("http", 3.0)))
    made.orders.append(Lag(since, since + luck.uniform(60, 900), what, most_s))


def _twice(made: Scenario, luck: Random, vendor: Heard) -> None:
    made.orders.append(Twice(0.0, HOUR_S, luck.choice(("bus", "stream")), luck.uniform(0.1, 0.6)))


def _skewed(made: Scenario, luck: Random, vendor: Heard) -> None:
    made.orders.append(Skew(0.0, 10 * HOUR_S, "*", luck.randint(10, MAX_SKEW_MS)))


FAULTS: tuple[Callable[[Scenario, Random, Heard], None], ...] = (
    *(_bad_calls, _bad_pushes, _bad_webhooks, _bad_mints, _dead_vendor, _ended_tasks),
    *(_kills, _kills, _throttled, _late, _twice, _skewed),
)
