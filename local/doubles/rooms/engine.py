"""Rooms come to be with the first who enters and end with the last who leaves."""

from __future__ import annotations

from collections.abc import Callable

from local.doubles.agenda import Agenda
from local.doubles.model import Now
from local.doubles.rooms.life import AUDIENCE, Event, Gone, Life, Moment, Sound, Stay
from local.doubles.rooms.settings import RoomSettings

Hear = Callable[[Event, Now], None]
LifeId = Callable[[Now, int], int]
Linger = Callable[[Life, Stay], float]


def moment(now: Now, at: float | None = None) -> Moment:
    """This instant; ``at`` where the agenda was late."""
    return Moment(now.scaled if at is None else at, round(now.wall * 1000))


class Rooms:
    """All rooms of all apps of one cloud."""

    def __init__(
        self, agenda: Agenda, settings: RoomSettings, hear: Hear, life_id: LifeId, linger: Linger
    ) -> None:
        self._agenda, self._settings, self._hear = agenda, settings, hear
        self._life_id, self._linger = life_id, linger
        self.lives: list[Life] = []
        self._open: dict[tuple[str, str], Life] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        self._entered = self._sounds = 0

    def open(self, app_id: str, room_id: str) -> Life | None:
        """The room that exists now under a name."""
        return self._open.get((app_id, room_id))

    def of(self, app_id: str) -> list[Life]:
        """All rooms of an app that exist now."""
        return [life for life in self._open.values() if life.app_id == app_id]

    def latest(self, app_id: str, room_id: str) -> Life | None:
        """The youngest life under a name, ended ones included."""
        found = [life for life in self.lives if (life.app_id, life.room_id) == (app_id, room_id)]
        return found[-1] if found else None

    def stay_of(self, by: str) -> tuple[Life, Stay] | None:
        """The recorder that somebody sent, if it is still in."""
        return next(((life, s) for life in self._open.values() for s in life.recorders if s.by == by), None)

    def enter(
        self, room: tuple[str, str], user: str, role: str, now: Now, by: str = "", gone: Gone | None = None
    ) -> Stay:
        """Enter, opening the room if need be. ``by`` makes it a recorder's. An id that is in already is put out."""
        life = self._open.get(room)
        twin = life and life.find(user)
        if life is None:
            life = self._begin(room, user, now)
        life.edition += 1
        if twin:
            self._out(life, twin, "replaced", moment(now), now)
        self._entered += 1
        stay = Stay(user, role, self._entered, moment(now), bool(by), by, gone=gone)
        life.stays.append(stay)
        self._hear(Event("entered", life, stay.entered, stay), now)
        return stay

    def leave(self, life: Life, stay: Stay, reason: str, now: Now, at: float | None = None) -> None:
        """Leave; the last one takes the room along."""
        if stay.left is None:
            when = moment(now, at)
            self._out(life, stay, reason, when, now)
            self._settle(life, stay, when, now)

    def lose(self, life: Life, stay: Stay, now: Now) -> None:
        """A client vanishes: the cloud notices later, unless it is back by then."""
        stay.lost = moment(now)
        due = now.scaled + self._settings.lost_after
        self._agenda.at(due, lambda at, then: self._noticed(life, stay, at, then))

    def publish(self, life: Life, stay: Stay, stream: str, now: Now) -> None:
        """A microphone opens."""
        self._sounds += 1
        sound = Sound(stream, self._sounds, moment(now))
        stay.sounds.append(sound)
        self._hear(Event("published", life, sound.began, stay, sound=sound), now)

    def unpublish(self, life: Life, stay: Stay, sound: Sound, now: Now) -> None:
        """A microphone closes while its owner stays."""
        self._silence(life, stay, sound, "", moment(now), now)

    def change_role(self, life: Life, stay: Stay, role: str, now: Now) -> None:
        """Up to the microphones, or down; who goes down is not heard any more."""
        if role == AUDIENCE:
            for sound in stay.publishing:
                self._silence(life, stay, sound, "role", moment(now), now)
        stay.role = role
        self._hear(Event("role", life, moment(now), stay), now)

    def close(self, life: Life, now: Now, quiet: bool = False) -> None:
        """The owner closes the room: everybody is out."""
        when = moment(now)
        last: Stay | None = None
        for last in life.present:
            self._out(life, last, "closed", when, now)
        self._end(life, "closed", when, now, last, quiet)

    def _begin(self, room: tuple[str, str], opener: str, now: Now) -> Life:
        number = self._numbers.get(room, 0) + 1
        self._numbers[room] = number
        life = Life(*room, self._life_id(now, len(self.lives) + 1), number, opener, moment(now))
        self.lives.append(life)
        self._open[room] = life
        self._hear(Event("opened", life, life.opened), now)
        return life

    def _noticed(self, life: Life, stay: Stay, at: float, now: Now) -> None:
        if stay.lost is not None:
            self.leave(life, stay, "lost", now, at)

    def _out(self, life: Life, stay: Stay, reason: str, when: Moment, now: Now) -> None:
        for sound in stay.publishing:
            self._silence(life, stay, sound, reason, when, now)
        stay.left, stay.reason = when, reason
        self._hear(Event("left", life, when, stay, reason), now)
        if stay.gone and reason != "left":
            stay.gone(reason, when.at)

    def _silence(self, life: Life, stay: Stay, sound: Sound, reason: str, when: Moment, now: Now) -> None:
        sound.ended = when
        self._hear(Event("unpublished", life, when, stay, reason, sound), now)

    def _settle(self, life: Life, last: Stay, when: Moment, now: Now) -> None:
        """Whether anybody is left who keeps the room."""
        if life.people or (life.recorders and (self._settings.recorder_keeps_room or last.recorder)):
            return
        wait = self._linger(life, last)
        if not wait:
            self._empty(life, last, when, now)
            return
        edition = life.edition
        self._agenda.at(when.at + wait, lambda at, then: self._lingered(life, last, edition, at, then))

    def _lingered(self, life: Life, last: Stay, edition: int, at: float, now: Now) -> None:
        if life.destroyed is None and life.edition == edition:
            self._empty(life, last, moment(now, at), now)

    def _empty(self, life: Life, last: Stay, when: Moment, now: Now) -> None:
        for recorder in life.recorders:
            self._out(life, recorder, "empty", when, now)
        self._end(life, "empty", when, now, last)

    def _end(
        self, life: Life, reason: str, when: Moment, now: Now, last: Stay | None, quiet: bool = False
    ) -> None:
        life.destroyed, life.reason = when, reason
        del self._open[life.app_id, life.room_id]
        self._hear(Event("closed", life, when, None, reason, last=last, quiet=quiet), now)
