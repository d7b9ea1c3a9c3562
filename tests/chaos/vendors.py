"""Which vendors a run has, by seed: products and options, what their doubles are told, how their tasks end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from earshot.vendors import registry

from local.chaos.reading import tupu, volcengine_content

Options = dict[str, Any]
CLOUDS = ("zego", "agora", "trtc", "volcengine")
BACKENDS = ("gin", "url")
"""Platforms without webhooks: somebody's backend sends the events."""
PLATFORMS = (*CLOUDS, *BACKENDS)
ENTERED = {"volcengine_content": ("zego", "url")}
"""Of the rooms that a vendor hears, those that its double knows a way into."""
ASKED = ("volcengine_content",)
RETURNS = {"volcengine_zego": ("all", "new", "new", "new")}
"""What an answer holds. All that there is takes a description's reader its time."""
SEGMENT_S = 30
CONTENT_APP = 12_345
"""The content security application of the sample settings."""
SHARES = {
    **{"shumei": 38, "yidun": 20},
    **{"tupu": 12, "volcengine": 14, "yitu": 6, "volcengine_zego": 3, "lyrebird": 11},
}
"""How often a run has it for its first vendor, of all together."""
RIVALS = ({"volcengine", "volcengine_zego"},)
"""Played by one double, in whose books they cannot be told apart."""


@dataclass(frozen=True)
class Heard:
    """A vendor as a plan has it. ``hears``: the platforms whose rooms its double enters too; ``behaves``: settings of
    the double."""

    name: str
    double: str
    options: Options = field(default_factory=dict)
    hears: tuple[str, ...] = ()
    behaves: Options = field(default_factory=dict)

    @property
    def repeats(self) -> bool:
        """Whether it tells again, when it is asked again, what it has told."""
        return self.behaves.get("poll_returns") != "new"


def first(luck: Random) -> Heard:
    """The vendor that hears a run's rooms as long as it can."""
    known = [name for name in SHARES if registry.known(name)]
    (name,) = luck.choices(known, [SHARES[name] for name in known])
    return _chosen(luck, name)


def others(luck: Random, chosen: Heard, platforms: Sequence[str]) -> list[Heard]:
    """Up to two that may hear the rooms of these platforms in its stead; each hears some of them at least."""
    found: list[Heard] = []
    names = [name for name in SHARES if registry.known(name)]
    for name in luck.sample(names, len(names)):
        taken = {chosen.name, *(one.name for one in found)}
        if name in taken or any(name in rivals and taken & rivals for rivals in RIVALS):
            continue
        other = _chosen(luck, name)
        if any(platform in other.hears for platform in platforms) and _enters(other, platforms):
            found.append(other)
    return found[: luck.choice((1, 1, 2))]


def _enters(one: Heard, platforms: Sequence[str]) -> bool:
    """Whether its double enters every room that it would be sent to."""
    return all(
        p in one.hears for p in platforms if registry.hears(one.name, p, _complete(one.name, one.options))
    )


def _chosen(luck: Random, name: str) -> Heard:
    options = PLANS[name](luck)
    double = "volcengine" if options.get("product") == "rtc_audit" else DOUBLES.get(name, name)
    complete = _complete(name, options)
    entered = ENTERED.get(double, PLATFORMS)
    hears = tuple(p for p in entered if registry.hears(name, p, complete))
    returns = {"poll_returns": luck.choice(RETURNS.get(name, ("all", "new")))} if double in ASKED else {}
    return Heard(name, double, options, hears, returns)


def _complete(name: str, options: Options) -> Options:
    return registry.check_options(name, "room_mixed", options)


def _shumei(luck: Random) -> Options:
    generation = luck.choice(("v2", "v2", "v4", "v4_video"))
    if generation == "v2":
        return {}
    return {"generation": generation} | ({"detectFrequency": SEGMENT_S} if generation == "v4_video" else {})


def tupu_options() -> Options:
    """With the fields of ZEGO's rooms."""
    rooms = {"room_id": "room", "app_id": "app", "token": "token"}
    return {"zegoFields": {part: tupu.ROOM_FIELDS[name] for part, name in rooms.items()}}


def content_options() -> Options:
    """With the keys of ZEGO's rooms."""
    keys = volcengine_content.ROOM_KEYS
    rooms = {"app_id": keys["app_id"], "room_id": keys["room_id"], "identify_token": keys["token"]}
    return {"roomParameters": rooms}


def rtc_options() -> Options:
    """The audit of Volcengine's own rooms."""
    return {"product": "rtc_audit", "Duration": SEGMENT_S * 1000}


def zego_options() -> Options:
    """The description's names of ZEGO's rooms."""
    return {"app_id": CONTENT_APP, "keys": {**volcengine_content.ROOM_KEYS, "stream_id": ""}}


USUAL: Mapping[str, Options] = {"tupu": tupu_options()}
"""Options without which a vendor hears no rooms of ZEGO, by vendors that hear them with some."""


def _tupu(luck: Random) -> Options:
    tasks = luck.choice((None, ["moderation"]))
    return tupu_options() | ({"tasks": tasks} if tasks else {})


def _volcengine(luck: Random) -> Options:
    if luck.random() < 0.6:
        return rtc_options()
    signs = {"signs_every_s": SEGMENT_S} if luck.random() < 0.6 else {}
    return content_options() | signs


def _zego(_luck: Random) -> Options:
    return zego_options()


def _yitu(luck: Random) -> Options:
    return {"signs_every_s": SEGMENT_S} if luck.random() < 0.6 else {}


def _plain(_luck: Random) -> Options:
    return {}


PLANS: Mapping[str, Callable[[Random], Options]] = {
    **{"shumei": _shumei, "yidun": _plain, "tupu": _tupu, "volcengine": _volcengine},
    **{"yitu": _yitu, "volcengine_zego": _zego, "lyrebird": _plain},
}
DOUBLES = {"volcengine": "volcengine_content", "volcengine_zego": "volcengine_content"}
LENGTHS = {
    **{"shumei": "segment_seconds", "yitu": "segment_seconds", "lyrebird": "segment_seconds"},
    **{"tupu": "slice_seconds", "volcengine_content": "slice_seconds"},
}
"""What each double calls the length of a segment."""
SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "yidun": {"empty_room_ends": False},
    "tupu": {"zego_fields": tupu.ROOM_FIELDS},
    "volcengine_content": {"room_keys": volcengine_content.ROOM_KEYS},
}
QUESTIONS = {"volcengine_content": "poll", "lyrebird": "query", "volcengine": "query"}
"""What a double calls it when it is asked about a task, where it is asked as a matter of course."""


def lies(one: Heard, keep: str) -> tuple[str, ...]:
    """What a vendor may say that it did, and not do: opening a task is found out where signs of life are awaited,
    ending one where results still come. Those that must be asked, and their own rooms, tell neither."""
    if one.name in {"volcengine", "volcengine_zego"}:
        return ()
    if one.name == "tupu":  # whose task stays when its stream is no more, and says nothing
        return () if keep == "hits" else ("submit",)
    if one.name == "yitu" and "signs_every_s" not in one.options:
        return () if keep == "hits" else ("finish",)
    return ("submit", "finish")


def settings(order: Sequence[Heard], segment_s: float) -> dict[str, dict[str, Any]]:
    """Of the doubles, by name."""
    found: dict[str, dict[str, Any]] = {name: {field: segment_s} for name, field in LENGTHS.items()}
    for name, more in [*SETTINGS.items(), *((one.double, one.behaves) for one in order)]:
        found[name] = {**found.get(name, {}), **more}
    return found
