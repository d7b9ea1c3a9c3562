"""Rooms, their people and who asks about them: webhooks and reconciliation over one in-memory store."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import permutations
from typing import Any, cast

from earshot.clock import iso
from earshot.contract import room_events
from earshot.domain.attendance import Patience
from earshot.domain.room import Occurrence, Room
from earshot.errors import RetryLater
from earshot.platforms.port import Notice, NoticeKind, RoomQuery
from earshot.store.memory import MemoryStore
from earshot.usecases.bus import Event
from earshot.usecases.reconcile_rooms import ReconcileRooms, Run
from earshot.usecases.take_notice import Said, TakeNotice
from earshot.usecases.track_room import TrackRoom

from tests.unit.support.makers import ROOM, START
from tests.unit.support.world import World

GRACE_S, LOOK_S = 60, 300
PATIENCE = Patience(GRACE_S * 1000, LOOK_S * 1000)
HOUR_S = 3_600
Act = Callable[["Scene"], object]


def ms(seconds: float) -> int:
    """Epoch ms so many seconds after the start."""
    return START + round(seconds * 1000)


def notice(kind: NoticeKind, at: float, user_id: str | None = None, **more: Any) -> Notice:
    """What a webhook said of the sample room, ``at`` seconds after the start; who is later has a higher order."""
    fields = {"order": f"{ms(at):020}" if user_id else "", **more}
    return Notice(f"{kind}-{at}-{user_id}", kind, ROOM.room_id, ms(at), user_id=user_id, **fields)


def entered(at: float, user_id: str = "user-7", **more: Any) -> Notice:
    return notice(NoticeKind.ENTERED, at, user_id, **more)


def left(at: float, user_id: str = "user-7", **more: Any) -> Notice:
    return notice(NoticeKind.LEFT, at, user_id, **more)


def closed(at: float, **more: Any) -> Notice:
    return notice(NoticeKind.CLOSED, at, **more)


def envelope(event: Event) -> dict[str, Any]:
    """As EventBridge delivers it."""
    kind, detail = event
    return {"source": "earshot.rooms", "detail-type": kind, "detail": json.loads(detail)}


class Watched:
    """A store before each call of which something happens."""

    def __init__(self, store: MemoryStore, before: Callable[[], None]) -> None:
        self._store, self._before = store, before

    def __getattr__(self, name: str) -> Any:
        part = getattr(self._store, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            self._before()
            return part(*args, **kwargs)

        return call


@dataclass
class Query:
    """A platform that says who is in its rooms: ``people`` by room id, or the ``errors`` first."""

    people_by_room: dict[str, int] = field(default_factory=dict)
    errors: list[Exception] = field(default_factory=list)
    batch: int = 10
    per_second: float = 10.0
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def people(
        self, app_id: str, room_ids: Sequence[str], is_recorder: Callable[[str | int], bool]
    ) -> dict[str, int]:
        self.asked.append((app_id, tuple(room_ids)))
        self.meanwhile()
        if self.errors:
            raise self.errors.pop(0)
        return {name: self.people_by_room[name] for name in room_ids if name in self.people_by_room}


@dataclass
class Scene:
    """One deployment, an hour after the start; ``before`` happens ahead of each call of the store and of the bus."""

    world: World = field(default_factory=World)
    told: list[Event] = field(default_factory=list)
    rests: list[float] = field(default_factory=list)
    queries: dict[str, RoomQuery] = field(default_factory=dict)
    at_once: bool = False
    before: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.world.clock.now = ms(HOUR_S)

    @property
    def store(self) -> MemoryStore:
        return self.world.store

    @property
    def kinds(self) -> list[str]:
        """What was told, by name."""
        return [kind for kind, _ in self.told]

    def tell(self, events: Sequence[Event]) -> None:
        """Whatever is told is an event in, as the contract has it."""
        self.before()
        for event in events:
            room_events.parse(envelope(event), datetime.fromtimestamp(self.world.clock.now / 1000, UTC))
        self.told += events
        if self.at_once:
            self.track(*events)

    def take(self, said: Notice, *, plan: str = "default", by_stream: bool = False) -> None:
        """A webhook."""
        store = cast(MemoryStore, Watched(self.store, self.before))
        take = TakeNotice(store, self.tell, self.world.clock, PATIENCE.grace)
        take(Said(said, ROOM, plan, by_stream))

    def reconcile(self, for_s: float = 45, is_recorder: Callable[..., bool] = lambda *_: False) -> Run:
        """A run."""
        return ReconcileRooms(
            store=cast(MemoryStore, Watched(self.store, self.before)),
            query=self.queries.get,
            is_recorder=is_recorder,
            tell=self.tell,
            rest=self.rests.append,
            now=self.world.clock,
            patience=PATIENCE,
        )(self.world.clock.now + round(for_s * 1000))

    def track(self, *events: Event, store: MemoryStore | None = None) -> None:
        """Events come through."""
        track = TrackRoom(store or self.store, self.world.starter, lambda: self.world.plans, self.world.clock)
        for event in events:
            track(envelope(event))

    def come_through(self) -> None:
        """All that was told, in its order."""
        self.track(*self.told)
        self.told.clear()

    def open(self, at: float = 1, room: Room = ROOM, **more: Any) -> None:
        """A room that was opened and whose event has come through."""
        detail = {"platform": room.platform, "app_id": room.app_id, "room_id": room.room_id, **more}
        self.track(("RoomOpened", json.dumps({**detail, "occurred_at": iso(ms(at))})))

    def latest(self, room: Room = ROOM) -> Occurrence:
        latest = self.store.room(room).latest
        assert latest
        return latest

    def ends(self) -> set[bool]:
        """Whether the room is open once all that was told has come through, in any order."""
        found = set()
        for order in set(permutations(self.told)):
            store = deepcopy(self.store)
            self.track(*order, store=store)
            found.add(is_open(store))
        return found


def is_open(store: MemoryStore, room: Room = ROOM) -> bool:
    """Whether the room is; nobody listens to one that is not, and one listens to one that is."""
    latest = store.room(room).latest
    listening = [watch for watch in store._watches.values() if watch.last_word is None]
    assert len(listening) == (latest is not None and latest.is_open)
    return bool(listening)


def interleaved(make: Callable[[], Scene], first: Act, second: Act) -> Iterator[Scene]:
    """Scenes in which ``second`` happens before each call that ``first`` makes, and after the last."""
    point, calls = 0, 0
    while point <= calls:
        scene, calls = make(), 0

        def before(scene: Scene = scene, point: int = point) -> None:
            nonlocal calls
            calls += 1
            if calls == point + 1:
                scene.before, was = (lambda: None), scene.before
                second(scene)
                scene.before = was

        scene.before = before
        first(scene)
        scene.before = lambda: None
        if point == calls:
            second(scene)
        yield scene
        point += 1


def crashing(make: Callable[[], Scene], act: Act) -> Iterator[tuple[Scene, bool]]:
    """Scenes in which ``act`` fails at each of its calls in turn and is then repeated; last one in which it does
    not, and is repeated all the same. And whether it failed."""
    point, failed = 0, True
    while failed:
        scene, calls = make(), 0

        def before(point: int = point) -> None:
            nonlocal calls
            calls += 1
            if calls == point + 1:
                raise RetryLater("table_busy")

        scene.before = before
        try:
            act(scene)
            failed = False
        except RetryLater:
            failed = True
        scene.before = lambda: None
        act(scene)
        yield scene, failed
        point += 1


def known_of(store: MemoryStore) -> Mapping[str, Any]:
    """All that is remembered of rooms and people."""
    return {"rooms": store._rooms, "people": store._people, "attendances": store._attendances}


def elsewhere(number: int, platform: str = "zego", app_id: str = "1234567890") -> Room:
    """Another room."""
    return replace(ROOM, platform=platform, app_id=app_id, room_id=f"room-{number}")
