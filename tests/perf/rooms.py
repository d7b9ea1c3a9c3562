"""What a room makes of the state machine and of what drives it, by the hour: played on virtual time with the real
handlers, the real machine and the vendors' doubles (tests/chaos). Counts, and some times of the run; no timings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.chaos.playing import Outcome, Playing
from tests.chaos.scenario import Act, Scenario
from tests.chaos.vendors import Heard
from tests.perf import cost

HOUR_S = 3_600.0
BEGINS_S, HOURS = 900.0, 4
"""Counted is between the opening, which is paid once, and the closing."""
STORMY_ROOMS = 60
DEAD_FOR_S = 900.0
LEAVES_S = 10.0
STEPS = ("mint_credential", "submit_stream", "advise_watch", "finish_stream", "close_watch")
READS = ("watch", "watches", "task", "tasks", "token", "circuits", "totals", "credential", "waiting_stops")


@dataclass(frozen=True)
class Hour:
    """Of one room, on average. ``events`` of its history; ``finishes`` of tasks by the second after their room's
    closing, ``heard`` the share of the time in which somebody listened."""

    transitions: float
    events: float
    invocations: float
    reads: float
    writes: float
    heard: float
    finishes: tuple[float, ...] = ()

    @property
    def p99_finish_s(self) -> float:
        """From a room's closing until the vendor had acknowledged its task's end."""
        return sorted(self.finishes)[-(len(self.finishes) // 100) - 1]

    @property
    def usd(self) -> float:
        """Driving alone."""
        return cost.driving(self.transitions, self.invocations, self.reads, self.writes)


class _Tally:
    """What had happened by a moment, counted where it arrives."""

    def __init__(self, playing: Playing) -> None:
        self._cloud = playing.cloud
        self.calls: Counter[str] = Counter()
        tell = self._cloud.table.tell

        def noted(method: str = "") -> None:
            fibre = self._cloud.loop.current
            if not method or (fibre is not None and fibre.about.function in STEPS):
                self.calls["read" if method in READS else "write"] += 1
            tell(method)

        self._cloud.table.tell = noted  # type: ignore[method-assign]

    def sums(self) -> Counter[str]:
        """Of all rooms."""
        executions = self._cloud.machine.executions.values()
        counts = self._cloud.lambdas.counts
        return self.calls + Counter(
            transitions=sum(one.transitions for one in executions),
            events=sum(one.events for one in executions),
            invocations=sum(counts[name] for name in STEPS),
        )


def _play(scenario: Scenario, rooms: int, hours: float, settings: dict[str, dict[str, Any]]) -> Hour:
    playing = Playing(scenario, speech=None)
    playing.settings = settings
    tally, marks = _Tally(playing), list[Counter[str]]()
    for at in (BEGINS_S, BEGINS_S + hours * HOUR_S):
        playing.cloud.loop.at(at, lambda: marks.append(tally.sums()))
    outcome = playing.play()
    assert not outcome.wrong, outcome.wrong[:5]
    before, after = marks
    each = {name: (after[name] - before[name]) / rooms / hours for name in after}
    ledgers = [watch.ledger or {} for watch in outcome.books.watches]
    heard = sum(one["audited_s"] for one in ledgers) / sum(one["open_s"] for one in ledgers)
    figures = (each["transitions"], each["events"], each["invocations"], each["read"], each["write"])
    return Hour(*figures, heard=heard, finishes=tuple(_finishes(playing, outcome)))


def _finishes(playing: Playing, outcome: Outcome) -> list[float]:
    """Of the tasks that listened when the bus was first told that their room is closed."""
    closings = [told for told in playing.cloud.bus if told.kind == "RoomClosed"]
    closed = {told.detail["room_id"]: told.second for told in reversed(closings)}
    rooms = {watch.watch_id: watch.room_id for watch in outcome.books.watches}
    ends = [(task.finished, closed[rooms[task.watch_id]]) for task in outcome.books.tasks]
    return [end - since for end, since in ends if end is not None and end >= since]


def _lived(platform: str, room: str, opens: float, closes: float) -> list[Act]:
    """Somebody enters; a backend says that the room is closed, and whoever is in it leaves."""
    about = (room, "1")
    enters = Act(opens, "person", (platform, "person_enters", *about))
    closed = Act(closes, "room_event", (platform, "RoomClosed", room, closes))
    return [enters, closed, Act(closes + LEAVES_S, "person", (platform, "person_leaves", *about))]


def _usual(vendor: str) -> Heard:
    return Heard(vendor, vendor, {})


def _alone(platform: str, plan: dict[str, Any]) -> Hour:
    made = Scenario(1, {"default": plan}, (_usual(plan.get("vendor", "shumei")),), segment_s=10.0)
    made.acts = _lived(platform, "room", 1.0, BEGINS_S + (HOURS + 0.25) * HOUR_S)
    return _play(made, 1, HOURS, {})


@cache
def quiet() -> Hour:
    """Nothing happens: somebody looks once an hour."""
    return _alone("trtc", {})


@cache
def renewed() -> Hour:
    """Another ear takes over before each hour is out: ZEGO's longest, and Yidun's short rooms."""
    return _alone("zego", {"vendor": "yidun"})


@cache
def stormy() -> Hour:
    """Many rooms lose their ears within a minute, and their vendor takes no call for a quarter of an hour: another
    has to take them all, and hands them back. The hour in which that happens."""
    plan = {"vendor": "shumei", "failover": ["yidun"]}
    made = Scenario(1, {"default": plan}, (_usual("shumei"), _usual("yidun")), segment_s=30.0)
    for number in range(STORMY_ROOMS):
        closes = BEGINS_S + HOUR_S + 300.0 + 60 * number / STORMY_ROOMS
        made.acts += _lived("zego", f"room-{number}", 1.0 + number / STORMY_ROOMS, closes)
    dies = BEGINS_S + 600.0
    made.acts.append(Act(dies, "fault", ("shumei", {"fault": "die"})))
    made.acts += [
        Act(dies + n * 60 / STORMY_ROOMS, "end", ("shumei", 3001, 0.0)) for n in range(STORMY_ROOMS)
    ]
    made.acts.append(Act(dies + DEAD_FOR_S, "fault", ("shumei", {"fault": "revive"})))
    made.acts.sort(key=lambda act: act.at)
    streams = {name: {"max_streams": 3 * STORMY_ROOMS} for name in ("shumei", "yidun")}
    return _play(made, STORMY_ROOMS, 1.0, streams)
