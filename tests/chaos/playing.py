"""Plays a scenario, and makes the books of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from earshot.vendors import registry

from local.chaos import journals
from local.chaos.books import Books, Event, Execution, Room, Watch, union
from local.chaos.invariants import violations
from local.chaos.journals import Double
from local.chaos.reading import readings
from local.doubles.model import Request
from local.places import ROOT
from tests.chaos import vendors
from tests.chaos.cloud import Cloud, Told, moment
from tests.chaos.scenario import Act, Scenario
from tests.workflow.wire import DAWN

SAMPLES = json.loads((ROOT / "local" / "settings.json").read_text("utf-8"))
ACCOUNTS: dict[str, Any] = {
    **SAMPLES,
    "gin": {"game-7": {**SAMPLES["gin"]["game-7"], "token_url": "http://gin.double.test/tokens"}},
    # The description's own section, of the account that the double knows.
    "volcengine_zego": {
        name: SAMPLES["volcengine_content"][name] for name in ("access_key_id", "secret_access_key")
    },
}
APPS = {
    platform: next(iter(ACCOUNTS[platform])) for platform in ("zego", "agora", "trtc", "volcengine", "gin")
}
APPS["url"] = "radio"
SECTIONS = frozenset(map(registry.account, vendors.SHARES))
USUAL = ("shumei", "yidun")
"""Vendors whose account every run has."""
PEOPLED = ("zego", "agora", "trtc", "volcengine", "yunxin")
SETTLING_S, PATIENCE_S, CHUNK_S = 1_500.0, 4 * 3_600.0, 300.0
"""After the last act; then in chunks, as long as anything is under way, for four hours at most."""
SPEECH: dict[str, Any] | None = {
    "name": "talk",
    "rooms": {
        "*": {
            "lines": [
                {"at": 4, "every": 30, "speaker": "1", "text": "大家好"},
                {"at": 50, "every": 170, "speaker": "2", "text": "滚", "risk_level": "REJECT"}
                | {"risk_type": 210, "score": 870},
            ]
        }
    },
}


@dataclass
class Outcome:
    """What came of it. ``wrong`` is empty for a run in which everything held."""

    scenario: Scenario
    books: Books
    wrong: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    digest: str = ""
    invocations: int = 0
    steps: int = 0


class Playing:
    """One run."""

    def __init__(
        self, scenario: Scenario, *, lines: bool = False, speech: dict[str, Any] | None = SPEECH
    ) -> None:
        self.scenario = scenario
        self.names = [one.name for one in scenario.vendors]
        self.cloud = Cloud(scenario.seed, scenario.plan, _accounts(scenario), scenario.orders, speech)
        self.settings: dict[str, dict[str, Any]] = {}
        if lines:
            self.cloud.lines = []

    def play(self) -> Outcome:
        """To the end."""
        cloud, loop = self.cloud, self.cloud.loop
        with cloud.deployed():
            usual = vendors.settings(self.scenario.vendors, self.scenario.segment_s)
            for name, changes in [*usual.items(), *self.settings.items()]:
                cloud.doubles.worlds[name].settings.update(changes)
            cloud.pushes.only(self.scenario.doubles)
            for act in self.scenario.acts:
                loop.at(act.at, lambda act=act: self._act(act))  # type: ignore[misc]
            loop.run(self.scenario.last + SETTLING_S)
            until = loop.second + PATIENCE_S
            while loop.second < until and not self._is_quiet():
                loop.run(loop.second + CHUNK_S)
            return self._outcome()

    def _is_quiet(self) -> bool:
        now = self.cloud.clock.now()
        worlds = [self.cloud.doubles.worlds[one.double] for one in self.scenario.vendors]
        busy = any(world.state(now)["running"] for world in worlds)
        return not (busy or self.cloud.running() or self.cloud.stream.waiting)

    # acts

    def _act(self, act: Act) -> None:
        self.cloud.line("act", f"{act.what} {' '.join(str(one) for one in act.about)}")
        getattr(self, f"_{act.what}")(*act.about)

    def _person(self, platform: str, verb: str, *about: str) -> None:
        if verb == "person_enters" or self._is_in(platform, *about):
            self.cloud.doubles.drive(platform, verb, *about)

    def _is_in(self, platform: str, room: str, user: str = "") -> bool:
        """Whoever was put out meanwhile (a room that closed) cannot leave."""
        cloud = self.cloud.doubles.clouds[platform]
        life = cloud.rooms.open(APPS[platform], cloud.room_key(room))
        return life is not None and (not user or life.find(user) is not None)

    def _room_event(self, platform: str, kind: str, room: str, at: float) -> None:
        address = {"stream_url": f"rtmp://live.example.com/{room}"} if platform == "url" else {}
        place = {"platform": platform, "app_id": APPS[platform], "room_id": room, "occurred_at": moment(at)}
        self.cloud.room_event(kind, {**place, **address})

    def _fault(self, name: str, order: Mapping[str, Any]) -> None:
        world = self.cloud.doubles.worlds[name]
        if order.get("on", world.faults.operations[0]) in world.faults.operations:
            world.faults.add(dict(order))

    def _end(self, name: str, code: int | None, luck: float) -> None:
        world, now = self.cloud.doubles.worlds[name], self.cloud.clock.now()
        running = [task["id"] for task in world.state(now)["tasks"] if task["state"] == "running"]
        if running:
            (reading,) = [one for one in readings({*USUAL, *self.names}) if one.double == name]
            verb, said = reading.ending(code)
            task_id = quote(running[int(luck * len(running))], safe="")
            path = f"/_double/tasks/{task_id}/{verb}"
            reply = world.handle(Request("POST", path, body=json.dumps(said).encode()), now)
            assert reply.status == 200, reply.body

    # books

    def _outcome(self) -> Outcome:
        books = self._books()
        bugs = [f"an error that nobody meant: {bug}" for bug in self.cloud.lambdas.bugs]
        trace = [(told.second, told.kind, told.detail) for told in self.cloud.bus]
        digest = hashlib.sha256(json.dumps(trace, sort_keys=True).encode()).hexdigest()
        return Outcome(
            self.scenario,
            books,
            [*violations(books), *bugs],
            self.cloud.lines or [],
            digest,
            sum(self.cloud.lambdas.counts.values()),
            self.cloud.loop.steps,
        )

    def _books(self) -> Books:
        cloud, now = self.cloud, self.cloud.clock.now()
        doubles = {
            name: Double(name, world.state(now), world.journal.since(0))
            for name, world in cloud.doubles.worlds.items()
        }
        known = {*USUAL, *self.names}
        read = [(doubles[one.double], one) for one in readings(known)]
        spans = self.scenario.spans
        return Books(
            until=cloud.loop.second,
            segment_s=self.scenario.segment_s,
            skew_ms=self.scenario.skew_ms,
            lag_s=self.scenario.lag_s,
            late_s=self.scenario.late_s,
            rooms=(
                *(self._backed(where, room, lived) for (where, room), lived in spans.items()),
                *(room for name in PEOPLED for room in journals.rooms_of(doubles[name])),
            ),
            tasks=tuple(task for one in read for task in journals.tasks_of(*one)),
            submissions=tuple(sent for one in read for sent in journals.submissions_of(*one)),
            pushes=tuple(push for one in read for push in journals.pushes_of(*one)),
            refusals=tuple(found for one in doubles.values() for found in journals.refusals_of(one)),
            events=tuple(_event(told) for told in cloud.bus if told.source == "earshot"),
            watches=tuple(_watch(watch, known) for watch in cloud.table.all_watches()),
            executions=tuple(
                Execution(one.name, one.status, one.events) for one in cloud.machine.executions.values()
            ),
            letters=sum("event" not in letter for letter in cloud.letters),
        )

    def _backed(self, platform: str, room: str, spans: list[tuple[float, float]]) -> Room:
        told = [
            one.second
            for one in self.cloud.bus
            if one.source == "earshot.rooms" and one.detail["room_id"] == room
        ]
        return Room(platform, room, tuple(union(spans)), tuple(told))


def _accounts(scenario: Scenario) -> dict[str, Any]:
    """What the settings know: every platform, and the vendors that the run has. Their doubles know the same."""
    kept = {*USUAL, *(name for one in scenario.vendors for name in (registry.account(one.name), one.double))}
    return {name: account for name, account in ACCOUNTS.items() if name not in SECTIONS or name in kept}


def _event(told: Told) -> Event:
    return Event(told.second, told.kind, told.detail)


def _watch(watch: Any, known: Collection[str]) -> Watch:
    return Watch(
        watch.watch_id,
        watch.room.platform,
        watch.room.room_id,
        watch.status.value,
        watch.failed,
        watch.plan["keep"] == "hits",
        watch.opened_at / 1000 - DAWN,
        None if watch.closed_at is None else watch.closed_at / 1000 - DAWN,
        watch.ledger,
        frozenset(one.vendor for one in readings(known) if one.signs(watch.plan)),
    )
