"""What a room's events mean, in whatever order and however often they come.

The record of a room is the *latest* session known of it. Each event moves the record forwards or leaves it
alone, so the end does not depend on the order of arrival: a close that overtakes its open leaves a grave that
the open finds, and an old open never wakes a closed room.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from earshot.domain import ids

GRAVES_KEPT = 8
"""Closed platform sessions remembered per room: how far a platform may shuffle them."""


@dataclass(frozen=True)
class Room:
    """A place on a platform. Its name is reused; a room is not a lifetime.

    A single stream comes and goes inside its room by the same rules, so it is a place of its own.
    """

    platform: str
    app_id: str
    room_id: str
    stream_id: str | None = None

    @property
    def key(self) -> str:
        return ids.room_key(self.platform, self.app_id, self.room_id, self.stream_id)

    def stream(self, stream_id: str) -> "Room":
        """The place of one stream of this room."""
        return replace(self, stream_id=stream_id)


@dataclass(frozen=True)
class Occurrence:
    """The latest session of a room, times in epoch milliseconds by the platform's clock.

    ``untold`` are sessions (with the reason) that are over and whose watches may not have been signalled yet: the
    debt is written with the record that makes it, and whoever comes next pays it.
    """

    session_id: str
    platform_session_id: str | None = None
    opened_at: int | None = None
    last_open_at: int | None = None
    closed_at: int | None = None
    graves: tuple[str, ...] = ()
    untold: tuple[tuple[str, str], ...] = ()

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Move(StrEnum):
    """What an event does to its room."""

    CLAIM = "claim"
    REPEAT = "repeat"
    CLOSE = "close"
    IGNORE = "ignore"


@dataclass(frozen=True)
class Decision:
    """The record to write (None: leave it), the session to start or signal, the one it displaces."""

    move: Move
    record: Occurrence | None
    session_id: str | None = None
    superseded: str | None = None


def decide_open(room: Room, latest: Occurrence | None, psid: str | None, at: int) -> Decision:
    """An opening of ``room`` at ``at`` (ms); ``psid`` is the platform's own session id, if it has one."""
    name = ids.session_id(room.key, psid if psid is not None else at)
    fresh = Occurrence(name, psid, at, at, graves=latest.graves if latest else ())
    if latest is None:
        return Decision(Move.CLAIM, fresh, name)
    if psid is not None and latest.platform_session_id is not None:
        return _open_named(room, latest, fresh, at)
    if psid is not None and psid in latest.graves:
        return Decision(Move.IGNORE, None)
    if latest.closed_at is None:
        return _open_still(latest, at)
    return _claim_part(room, fresh) if at > latest.closed_at else Decision(Move.IGNORE, None)


def _open_still(latest: Occurrence, at: int) -> Decision:
    newest = max(at, latest.last_open_at or at)
    record = replace(latest, last_open_at=newest) if newest != latest.last_open_at else None
    return Decision(Move.REPEAT, record, latest.session_id)


def _open_again(room: Room, latest: Occurrence, fresh: Occurrence, at: int) -> Decision:
    """The platform's session that we know. If it is closed for us and not for the platform (everybody had left, our
    recorder kept the room alive), who enters later opens a further session of ours in the platform's one."""
    psid = latest.platform_session_id
    if latest.closed_at is None:
        return _open_still(latest, at)
    if psid in latest.graves or at <= latest.closed_at:
        return Decision(Move.IGNORE, None, latest.session_id)
    return _claim_part(room, fresh)


def _claim_part(room: Room, fresh: Occurrence) -> Decision:
    """A platform's session that may have been claimed before: the name says from when on this one is."""
    if fresh.platform_session_id is not None:
        name = ids.session_id(room.key, f"{fresh.platform_session_id} from {fresh.opened_at}")
        fresh = replace(fresh, session_id=name)
    return Decision(Move.CLAIM, fresh, fresh.session_id)


def _open_named(room: Room, latest: Occurrence, fresh: Occurrence, at: int) -> Decision:
    psid = fresh.platform_session_id
    if psid == latest.platform_session_id:
        return _open_again(room, latest, fresh, at)
    newer = at >= latest.closed_at if latest.closed_at is not None else at > (latest.opened_at or 0)
    if not newer:
        return Decision(Move.IGNORE, None)
    displaced = latest.session_id if latest.is_open else None
    if psid in latest.graves:
        # Its close came first: it is over, and so is whatever we still held open before it.
        return Decision(Move.CLOSE, replace(fresh, closed_at=at), None, displaced)
    return Decision(Move.CLAIM, fresh, fresh.session_id, displaced)


def decide_close(room: Room, latest: Occurrence | None, psid: str | None, at: int) -> Decision:
    """A closing of ``room`` at ``at`` (ms)."""
    graves = _bury(latest.graves if latest else (), psid)
    if latest is None:
        name = ids.session_id(room.key, psid if psid is not None else at)
        return Decision(Move.CLOSE, Occurrence(name, psid, closed_at=at, graves=graves), name)
    if psid is not None and latest.platform_session_id is not None:
        return _close_named(latest, psid, at)
    if latest.closed_at is not None:
        record = replace(latest, closed_at=at, graves=graves) if at > latest.closed_at else None
        return Decision(Move.CLOSE, record, latest.session_id)
    if at < (latest.last_open_at or 0):
        return Decision(Move.IGNORE, None)
    return Decision(Move.CLOSE, replace(latest, closed_at=at, graves=graves), latest.session_id)


def _close_named(latest: Occurrence, psid: str, at: int) -> Decision:
    graves = _bury(latest.graves, psid)
    if psid != latest.platform_session_id:
        # Another session's end says nothing certain about this one (clocks, order): it is only remembered,
        # and, in a closed room, that the room was empty then, should an unnamed opening of before come.
        over_at = None if latest.closed_at is None else max(latest.closed_at, at)
        seen = replace(latest, graves=graves, closed_at=over_at)
        return Decision(Move.IGNORE, seen if seen != latest else None)
    if latest.closed_at is not None and psid in latest.graves:
        return Decision(Move.CLOSE, None, latest.session_id)
    # Closed for us it may be already; now it is for the platform, and nobody can enter it again.
    ended = replace(latest, closed_at=max(at, latest.closed_at or at), graves=graves)
    return Decision(Move.CLOSE, ended, latest.session_id)


def _bury(graves: tuple[str, ...], psid: str | None) -> tuple[str, ...]:
    if psid is None or psid in graves:
        return graves
    return (*graves, psid)[-GRAVES_KEPT:]
