"""A room event: claim the session, start or signal its watches.

Every part is safe to repeat, and a repeated event repeats all of them: what a crash cut off is made up for.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from earshot.contract import plan as plans
from earshot.contract import room_events
from earshot.contract.room_events import RoomEvent, RoomEventType
from earshot.domain import ids
from earshot.domain.room import Decision, Move, Occurrence, Room, decide_close, decide_open
from earshot.domain.watch import Signal, SignalName, Watch
from earshot.errors import BadInput, RetryLater
from earshot.log_codes import LogCode
from earshot.platforms.registry import PLATFORMS
from earshot.store.port import Conflict, RoomRecord, Rooms
from earshot.telemetry import note
from earshot.usecases.new_watch import new_watch
from earshot.usecases.start_watch import Starter

ATTEMPTS = 8
"""Tries against other writers of the same room before EventBridge is asked to come again."""

FIRST_LOOK_MS = 60_000
"""When reconciliation looks at a room that was opened: its credential and its people had time to come."""

Decide = Callable[[Room, Occurrence | None, str | None, int], Decision]
Watches = Callable[[str], list[Watch]]
Owed = tuple[tuple[str, str], ...]


class TrackStore(Rooms, Protocol):
    """What this use case needs of the store."""

    def signal(self, watch_id: str, signal: Signal) -> bool:
        """See :class:`earshot.store.port.Lifecycle`."""


@dataclass(frozen=True)
class TrackRoom:
    """See the module. ``plans`` reads the moderation plan; ``now`` in epoch ms."""

    store: TrackStore
    start: Starter
    plans: Callable[[], dict[str, plans.Plan]]
    now: Callable[[], int]

    def __call__(self, event: Mapping[str, Any]) -> Move:
        """The move that was made. Raises BadInput for an event that can never work."""
        kind, detail = room_events.parse(event, datetime.fromtimestamp(self.now() / 1000, UTC))
        if detail.platform not in PLATFORMS:
            raise BadInput("platform", f"unknown platform; known: {', '.join(PLATFORMS)}")
        if kind is RoomEventType.ROOM_CLOSED:
            return self._close_room(detail)
        if kind is RoomEventType.STREAM_STOPPED:
            return self._close_stream(detail)
        plan = self._plan(detail)
        by_stream = plan["target"] == "stream" and detail.platform != "url"
        if kind is RoomEventType.STREAM_STARTED and not by_stream:
            note(LogCode.ES102, move=Move.IGNORE)
            return Move.IGNORE
        return self._open(detail, plan, by_stream=by_stream)

    def _open(self, detail: RoomEvent, plan: dict[str, Any], *, by_stream: bool) -> Move:
        def of_room(session: str) -> list[Watch]:
            watch_id = ids.watch_id(session, "primary")
            return [] if by_stream else [new_watch(detail, plan, session, watch_id, self.now())]

        opened = self._move(detail.room, decide_open, detail.platform_session_id, detail, of_room)
        session = opened.session_id
        if session is None or opened.move is Move.IGNORE:
            note(LogCode.ES102, move=opened.move)
            return opened.move
        if not by_stream:
            self._start(of_room(session))
        elif detail.stream_id:
            return self._open_stream(detail, plan, session, detail.stream_id)
        return opened.move

    def _open_stream(self, detail: RoomEvent, plan: dict[str, Any], session: str, stream_id: str) -> Move:
        def of_stream(occurrence: str) -> list[Watch]:
            watch_id = ids.watch_id(session, "primary", occurrence)
            return [new_watch(detail, plan, session, watch_id, self.now())]

        opened = self._move(detail.room.stream(stream_id), decide_open, None, detail, of_stream)
        if opened.session_id and opened.move is not Move.IGNORE:
            self._start(of_stream(opened.session_id))
        return opened.move

    def _close_room(self, detail: RoomEvent) -> Move:
        closed = self._move(detail.room, decide_close, detail.platform_session_id, detail)
        if closed.move is Move.IGNORE:
            note(LogCode.ES102, move=closed.move)
        return closed.move

    def _close_stream(self, detail: RoomEvent) -> Move:
        place = detail.room.stream(str(detail.stream_id))
        plan = self.plans().get(detail.plan) if "plan" in detail.model_fields_set else None
        if plan is not None and plan.target != "stream" and self.store.room(place).latest is None:
            # By its own word nobody listens to single streams here: webhooks tell of every one of them.
            note(LogCode.ES102, move=Move.IGNORE)
            return Move.IGNORE
        return self._move(place, decide_close, None, detail).move

    def _move(
        self,
        place: Room,
        decide: Decide,
        psid: str | None,
        detail: RoomEvent,
        watches: Watches = lambda _: [],
    ) -> Decision:
        """Read, decide, write against what was read; again if somebody else was first."""
        for _ in range(ATTEMPTS):
            held = self.store.room(place)
            decision = decide(place, held.latest, psid, detail.at_ms)
            owed = dict(held.latest.untold if held.latest else ()) | _ended_by(place, decision)
            try:
                record, version = self._write(place, held, decision, tuple(owed.items()), watches)
            except Conflict:
                continue
            self._pay(place, record, version, owed)
            return decision
        raise RetryLater("room_contended", "too many writers at once")

    def _write(
        self, place: Room, held: RoomRecord, decision: Decision, owed: Owed, watches: Watches
    ) -> tuple[Occurrence | None, int]:
        """The record as it now stands, and its version."""
        if decision.record is None:
            return held.latest, held.version
        record = replace(decision.record, untold=owed)
        if decision.move is Move.CLAIM:
            due_at = self.now() + FIRST_LOOK_MS if place.stream_id is None else None
            self.store.claim(place, record, held.version, watches(record.session_id), due_at)
        else:
            self.store.amend_room(place, record, held.version)
        return record, held.version + 1

    def _pay(self, place: Room, record: Occurrence | None, version: int, owed: Mapping[str, str]) -> None:
        """Signal what is over, then strike it off the record; if that fails, it is signalled again, at no harm."""
        for session, reason in owed.items():
            self._close(place, session, reason)
        if record and record.untold:
            with suppress(Conflict):
                self.store.amend_room(place, replace(record, untold=()), version)

    def _start(self, wanted: list[Watch]) -> None:
        """Start what is not over. A close writes the record and then looks for watches; this writes the watch and
        then looks at the record: whichever comes second sees the other."""
        session = wanted[0].session_id
        for watch in wanted:
            self.store.add_watch(watch)
        latest = self.store.room(wanted[0].room).latest
        if latest is None or latest.session_id != session or not latest.is_open:
            for watch in wanted:
                self._tell(watch.watch_id, "room_closed")
        known = {watch.watch_id: watch for watch in self.store.watches(session)}
        for watch in (known[watch.watch_id] for watch in wanted):
            if watch.last_word is None and not watch.is_over:
                self.start(watch.watch_id, look_s=watch.plan["look_s"])

    def _close(self, place: Room, session_id: str, reason: str) -> None:
        if place.stream_id is None:
            watches = [watch.watch_id for watch in self.store.watches(session_id)]
        else:
            room = self.store.room(replace(place, stream_id=None)).latest
            watches = [ids.watch_id(room.session_id, "primary", session_id)] if room else []
        for watch_id in watches:
            self._tell(watch_id, reason)
        if reason == "superseded":
            note(LogCode.ES105, session_id=session_id)
        note(LogCode.ES103, session_id=session_id, watches=len(watches), reason=reason)

    def _tell(self, watch_id: str, reason: str) -> None:
        signal_id = ids.digest(watch_id, SignalName.ROOM_CLOSED)
        self.store.signal(watch_id, Signal(signal_id, SignalName.ROOM_CLOSED, self.now(), reason))

    def _plan(self, detail: RoomEvent) -> dict[str, Any]:
        known = self.plans()
        if detail.plan not in known:
            raise BadInput("plan", f"unknown plan; known: {', '.join(sorted(known))}")
        return plans.resolve(known[detail.plan], detail.platform)


def _ended_by(place: Room, decision: Decision) -> dict[str, str]:
    """Sessions that a decision ends, with the reason."""
    ended = {decision.superseded: "superseded"} if decision.superseded else {}
    if decision.move is Move.CLOSE and decision.session_id:
        ended[decision.session_id] = "room_closed" if place.stream_id is None else "stream_stopped"
    return ended
