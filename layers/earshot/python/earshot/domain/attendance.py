"""Who is in a room, and what it means for one that is believed open.

A platform closes a room when its last participant leaves. Our recorder is one, so a room that nobody is left in may
live for ever: people are counted, recorders are not.
"""

from dataclasses import dataclass, replace

from earshot.domain.room import Occurrence, Room


@dataclass(frozen=True)
class Person:
    """The latest that is known of one person in one room. ``at`` in epoch ms by the platform's clock; ``order`` sorts
    as text and decides between two reports."""

    user_id: str
    is_present: bool
    at: int
    order: str
    platform_session_id: str | None = None


@dataclass(frozen=True)
class Attendance:
    """What is known of a room's people, times in epoch ms. By the platform's clock: ``closed_at``, whoever was there
    until then is gone, and ``left_at``, when one last left. By ours: ``peopled_at`` and ``empty_since``, when the
    platform last said that somebody was there, and first that nobody was; ``due_at``, when to look next."""

    room: Room
    closed_at: int | None = None
    left_at: int | None = None
    peopled_at: int | None = None
    empty_since: int | None = None
    due_at: int | None = None

    def counts(self, latest: Occurrence) -> bool:
        """Whether the platform reports people: one has left since the room was opened."""
        return self.left_at is not None and self.left_at > max(self.closed_at or 0, latest.opened_at or 0)

    def hears_of(self, at: int) -> bool:
        """Whether somebody seen at ``at`` may still be there."""
        return at > (self.closed_at or 0)


@dataclass(frozen=True)
class Patience:
    """Milliseconds: how long a room may be empty; how long, if nobody was ever seen in it; and how long it is between
    two looks at one that is not empty."""

    grace: int
    look: int
    unentered: int = 900_000


@dataclass(frozen=True)
class Finding:
    """Close the room as of ``close_at``, or look again at ``due_at`` (neither: nobody can tell)."""

    close_at: int | None = None
    due_at: int | None = None
    peopled_at: int | None = None
    empty_since: int | None = None


def needs_opening(latest: Occurrence | None, attendance: Attendance, at: int) -> bool:
    """Whether a person in the room at ``at`` is news: the room is not open, or its close is on its way."""
    if not attendance.hears_of(at):
        return False
    if latest is None:
        return True
    if latest.closed_at is not None:
        return at > latest.closed_at
    return not attendance.hears_of(latest.last_open_at or 0)


def find(
    latest: Occurrence, here: Attendance, *, asked: int | None, is_seen: bool, now: int, patience: Patience
) -> Finding:
    """What to do about an open room. ``asked``: the people in it as the platform says, None if it cannot be asked;
    ``is_seen``: whether its webhooks left anybody in it."""
    opened_at = latest.last_open_at or latest.opened_at or 0
    if asked:
        return Finding(due_at=now + patience.look, peopled_at=now)
    if (here.closed_at or 0) >= opened_at and not is_seen and not here.counts(latest):
        # It was closed, and the event has not come through.
        return _empty(here, here.closed_at or 0, 0, now, patience)
    if asked is None and is_seen:
        return Finding(due_at=now + patience.look, peopled_at=here.peopled_at)
    if here.counts(latest) and not is_seen:
        return _empty(here, max(here.left_at or 0, opened_at), patience.grace, now, patience)
    if asked is None:
        return Finding()
    # Said once it may be old news of a room that is being entered. An app may open rooms before anybody comes.
    since = here.empty_since or now
    was_entered = is_seen or (here.peopled_at or 0) > opened_at
    bearable = patience.grace if was_entered else patience.unentered
    return replace(_empty(here, max(since, opened_at), bearable, now, patience), empty_since=since)


def _empty(here: Attendance, since: int, bearable: int, now: int, patience: Patience) -> Finding:
    kept = Finding(peopled_at=here.peopled_at, empty_since=here.empty_since)
    if now < since + bearable:
        return replace(kept, due_at=since + bearable)
    # Looked at once more, should the event be lost on its way.
    return replace(kept, close_at=since, due_at=now + patience.grace)
