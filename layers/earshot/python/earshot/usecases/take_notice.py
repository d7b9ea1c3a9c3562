"""What a platform's webhook says, to room events on the bus: people are counted, recorders are not.

Every step may be repeated. An entry writes the person and then looks whether the room is open; a close writes that
everybody is gone and then looks for people: whichever comes second sees the other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from earshot.domain.attendance import Person, needs_opening
from earshot.domain.room import Room
from earshot.platforms.port import Notice, NoticeKind
from earshot.store.port import Attendances, Rooms
from earshot.usecases.bus import Event
from earshot.usecases.room_telling import Tell, room_event

TOLD_MS = 86_400_000
"""A room of which no person was reported for a day may have lost the webhooks of people: its making counts again."""


class TakeStore(Rooms, Attendances, Protocol):
    """What this use case needs of the store."""


@dataclass(frozen=True)
class Said:
    """A notice, of which room, under which plan; ``by_stream``: the plan listens to single streams."""

    notice: Notice
    room: Room
    plan: str
    by_stream: bool

    def event(self, kind: str, at: int, **more: Any) -> Event:
        return room_event(kind, self.room, at, plan=self.plan, **more)

    def stream_event(self, kind: str) -> Event:
        """Whose stream it is goes with it: some vendors listen to a stream by its speaker."""
        notice = self.notice
        names = {"stream_id": notice.stream_id, "account_id": notice.user_id}
        return self.event(kind, notice.at, platform_session_id=notice.platform_session_id, **names)


@dataclass(frozen=True)
class TakeNotice:
    """See the module. ``grace_ms``: how long a room may be empty; ``now`` in epoch ms."""

    store: TakeStore
    tell: Tell
    now: Callable[[], int]
    grace_ms: int

    def __call__(self, said: Said) -> None:
        """Raises RetryLater."""
        by_kind: dict[NoticeKind, Callable[[Said], None]] = {
            NoticeKind.OPENED: self._opened,
            NoticeKind.CLOSED: self._closed,
            NoticeKind.ENTERED: self._entered,
            NoticeKind.LEFT: self._left,
            NoticeKind.STREAM_STARTED: self._started,
            NoticeKind.STREAM_STOPPED: self._stopped,
        }
        by_kind[said.notice.kind](said)

    def _opened(self, said: Said) -> None:
        """A recorder of ours that enters after everybody has left makes the room anew, and not every platform says
        who made it. So where people are told of, whoever enters opens the room, and its making does not."""
        notice = said.notice
        if self._are_people_told_of(said.room, notice.at):
            return
        names = {"platform_session_id": notice.platform_session_id, "account_id": notice.user_id}
        self.tell([said.event("RoomOpened", notice.at, **names)])

    def _are_people_told_of(self, room: Room, at: int) -> bool:
        left_at = self.store.attendance(room).left_at
        return (left_at or 0) > at - TOLD_MS or self.store.anybody_in(room, at - TOLD_MS) is not None

    def _closed(self, said: Said) -> None:
        notice = said.notice
        self.store.note_closed(said.room, notice.at)
        self.tell([said.event("RoomClosed", notice.at, platform_session_id=notice.platform_session_id)])
        if since := self.store.anybody_in(said.room, notice.at):
            self.tell([_opened_by(said, since)])

    def _entered(self, said: Said) -> None:
        self.tell(self._news_of(said))

    def _started(self, said: Said) -> None:
        self.tell([*self._news_of(said), said.stream_event("StreamStarted")])

    def _stopped(self, said: Said) -> None:
        self.tell([said.stream_event("StreamStopped")])

    def _news_of(self, said: Said) -> list[Event]:
        """The opening of the room, if nobody knew that somebody is in it."""
        person = _person(said.notice, is_present=True)
        if person is None or not self.store.see_person(said.room, person):
            return []
        latest = self.store.room(said.room).latest
        is_news = needs_opening(latest, self.store.attendance(said.room), person.at)
        return [_opened_by(said, person)] if is_news else []

    def _left(self, said: Said) -> None:
        person = _person(said.notice, is_present=False)
        if person is None or not self.store.see_person(said.room, person):
            return
        self.store.note_left(said.room, person.at, self.now() + self.grace_ms)
        if said.by_stream and said.notice.stream_id:
            self.tell([said.stream_event("StreamStopped")])


def _person(notice: Notice, *, is_present: bool) -> Person | None:
    if notice.user_id is None:
        return None
    return Person(notice.user_id, is_present, notice.at, notice.order, notice.platform_session_id)


def _opened_by(said: Said, person: Person) -> Event:
    return said.event("RoomOpened", person.at, platform_session_id=person.platform_session_id)
