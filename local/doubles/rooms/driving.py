"""What a test does to the people of a room, in process and by ``POST /_double/rooms/{room_id}/{verb}``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from local.doubles.accounts import Accounts
from local.doubles.model import Json, Now
from local.doubles.rooms.engine import Rooms
from local.doubles.rooms.life import HOST, ROLES, Life, Stay
from local.doubles.settings import BadField


class Driving:
    """The people of a world's rooms. ``app_id`` may be left out: the first app of the accounts."""

    name: str
    accounts: Accounts
    rooms: Rooms

    def room_key(self, room_id: str, details: Mapping[str, str] | None = None) -> str:  # noqa: ARG002
        """The name that a room is kept under."""
        return room_id

    def person_enters(
        self, room_id: str, user_id: str, now: Now, role: str = HOST, app_id: str | None = None
    ) -> Stay:
        """Enter, opening the room if nobody is there."""
        if role not in ROLES:
            raise BadField("role", f"must be one of {list(ROLES)}")
        return self.rooms.enter((self._app(app_id), self.room_key(room_id)), user_id, role, now)

    def person_leaves(self, room_id: str, user_id: str, now: Now, app_id: str | None = None) -> None:
        """Leave like one who says goodbye."""
        life, stay = self._who(room_id, user_id, app_id)
        self.rooms.leave(life, stay, "left", now)

    def person_vanishes(self, room_id: str, user_id: str, now: Now, app_id: str | None = None) -> None:
        """The connection breaks: the cloud notices ``lost_after`` scaled seconds later."""
        life, stay = self._who(room_id, user_id, app_id)
        self.rooms.lose(life, stay, now)

    def person_is_kicked(self, room_id: str, user_id: str, now: Now, app_id: str | None = None) -> None:
        """Put out by the owner's backend."""
        life, stay = self._who(room_id, user_id, app_id)
        self.rooms.leave(life, stay, "kicked", now)

    def publishes(
        self, room_id: str, user_id: str, now: Now, stream_id: str = "", app_id: str | None = None
    ) -> None:
        """A microphone opens; ``stream_id`` is ``stream-<user>`` unless said otherwise."""
        life, stay = self._who(room_id, user_id, app_id)
        stream = stream_id or f"stream-{user_id}"
        if stream not in [sound.id for sound in stay.publishing]:
            self.rooms.publish(life, stay, stream, now)

    def stops_publishing(
        self, room_id: str, user_id: str, now: Now, stream_id: str = "", app_id: str | None = None
    ) -> None:
        """A microphone closes; all of the user's, unless one is named."""
        life, stay = self._who(room_id, user_id, app_id)
        for sound in stay.publishing:
            if stream_id in ("", sound.id):
                self.rooms.unpublish(life, stay, sound, now)

    def changes_role(
        self, room_id: str, user_id: str, role: str, now: Now, app_id: str | None = None
    ) -> None:
        """Up to the microphones (``host``) or down (``audience``)."""
        if role not in ROLES:
            raise BadField("role", f"must be one of {list(ROLES)}")
        life, stay = self._who(room_id, user_id, app_id)
        if stay.role != role:
            self.rooms.change_role(life, stay, role, now)

    def closes(self, room_id: str, now: Now, app_id: str | None = None, notify: bool | None = None) -> None:
        """The owner's backend closes the room. ``notify`` False: without a webhook of the close itself."""
        told = self.close_is_told if notify is None else notify
        self.rooms.close(self._room(room_id, app_id), now, quiet=not told)

    @property
    def close_is_told(self) -> bool:
        """Whether a room that its owner closes makes a webhook of the close."""
        return True

    def _app(self, app_id: str | None) -> str:
        known = self.accounts.apps.get(self.name, {})
        chosen = next(iter(known), "") if app_id is None else app_id
        if chosen not in known:
            raise BadField("app_id", f"must be one of {list(known)}")
        return chosen

    def _room(self, room_id: str, app_id: str | None) -> Life:
        life = self.rooms.open(self._app(app_id), self.room_key(room_id))
        if life is None:
            raise BadField("room_id", "no such room is open")
        return life

    def _who(self, room_id: str, user_id: str, app_id: str | None) -> tuple[Life, Stay]:
        life = self._room(room_id, app_id)
        stay = life.find(user_id)
        if stay is None:
            raise BadField("user_id", "is not in the room")
        return life, stay

    def drive(self, verb: str, room_id: str, body: Json, now: Now) -> bool:
        """One admin call; ``False`` for a verb that does not exist."""
        user, app = _text(body, "user_id", verb not in ("close",)), _text(body, "app_id", False) or None
        role, stream = _text(body, "role", verb == "role"), _text(body, "stream_id", False)
        acts: dict[str, Callable[[], object]] = {
            "enter": lambda: self.person_enters(room_id, user, now, role or HOST, app),
            "leave": lambda: self.person_leaves(room_id, user, now, app),
            "vanish": lambda: self.person_vanishes(room_id, user, now, app),
            "kick": lambda: self.person_is_kicked(room_id, user, now, app),
            "publish": lambda: self.publishes(room_id, user, now, stream, app),
            "unpublish": lambda: self.stops_publishing(room_id, user, now, stream, app),
            "role": lambda: self.changes_role(room_id, user, role, now, app),
            "close": lambda: self.closes(room_id, now, app, _flag(body, "notify")),
        }
        if verb not in acts:
            return False
        _only(body, {"user_id", "app_id", "role", "stream_id", "notify"})
        acts[verb]()
        return True


def _text(body: Json, name: str, required: bool) -> str:
    value = body.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or not value:
        raise BadField(name, "must be a string that is not empty")
    return value


def _flag(body: Json, name: str) -> bool | None:
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise BadField(name, "must be true or false")
    return value


def _only(body: Json, known: set[str]) -> None:
    for name in body:
        if name not in known:
            raise BadField(name, f"unknown; known are {sorted(known)}")
