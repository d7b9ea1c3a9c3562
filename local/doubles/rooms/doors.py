"""How recorders come into rooms and out again, and the admin routes of rooms."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import unquote

from local.doubles import admin
from local.doubles.agenda import Agenda
from local.doubles.journal import Journal
from local.doubles.model import Json, Now, Reply, Request
from local.doubles.rooms.driving import Driving
from local.doubles.rooms.entrance import OK, NoEntry, Pass, Visit
from local.doubles.rooms.life import AUDIENCE, Gone
from local.doubles.settings import BadField

WANTED = ("app_id", "user_id", "token")


class Doors(Driving):
    """The entrance of a cloud."""

    agenda: Agenda
    journal: Journal
    recorder_role = AUDIENCE

    def verify(self, visit: Visit, now: Now, warnings: list[str]) -> Pass:
        """Hold a recorder's credential against the platform's rules; raises NoEntry."""
        raise NotImplementedError

    def enter(self, visit: Visit, now: Now, gone: Gone | None = None) -> str:
        """Let a recorder in: ``ok``, or one word that says why not. ``gone`` is told when it is put out again."""
        warnings: list[str] = []
        result, message = OK, ""
        try:
            permit = self.verify(visit, now, warnings)
        except NoEntry as no:
            permit, result, message = None, no.reason, no.message
        self.journal.add(
            "entrance",
            now,
            app_id=visit.app_id,
            room=visit.room_id,
            user=visit.user,
            by=visit.by,
            result=result,
            reason=message,
            warnings=warnings,
        )
        if permit is not None:
            self._let_in(visit, permit, now, gone)
        return result

    def recorder_leaves(self, by: str, now: Now) -> bool:
        """Whoever sent a recorder takes it back; whether it was still in."""
        found = self.rooms.stay_of(by)
        if found:
            self.rooms.leave(*found, "left", now)
        return found is not None

    def spend(self, visit: Visit, now: Now) -> None:
        """Use a credential up without entering; only where it is good once."""

    def visited_room(self, visit: Visit) -> str:
        """The room that a recorder comes into; empty when it is in none that is known."""
        return self.room_key(visit.room_id, visit.details)

    def _let_in(self, visit: Visit, permit: Pass, now: Now, gone: Gone | None) -> None:
        visit = replace(visit, app_id=permit.app_id or visit.app_id, user=permit.user or visit.user)
        room = self.visited_room(visit)
        if not room:
            return
        self.rooms.enter((visit.app_id, room), visit.user, self.recorder_role, now, visit.by, gone)
        if permit.seconds is not None:
            self.agenda.at(now.scaled + permit.seconds, lambda at, then: self._expired(visit.by, at, then))

    def _expired(self, by: str, at: float, now: Now) -> None:
        found = self.rooms.stay_of(by)
        if found:
            self.rooms.leave(*found, "expired", now, at)

    def extra_admin(self, method: str, path: str, body: Json, now: Now) -> Json | None:  # noqa: ARG002
        """Admin calls of this platform only; ``None`` for an unknown one."""
        return None

    def admin(self, request: Request, now: Now) -> Reply | None:
        """``/_double/rooms/{room_id}/{verb}``, and what a platform adds."""
        path = request.path.removeprefix(admin.PREFIX)
        if request.method == "GET" and path == "rooms":
            return Reply.of({"rooms": [life.view() for life in self.rooms.lives]})
        if request.method != "POST":
            return None
        body = admin.read_object(request) if request.body else {}
        if path.startswith("rooms/") and path.count("/") >= 2:
            room_id, verb = path.removeprefix("rooms/").rsplit("/", 1)
            return self._rooms(unquote(room_id), verb, body, now)
        answer = self.extra_admin(request.method, path, body, now)
        return None if answer is None else Reply.of(answer)

    def _rooms(self, room_id: str, verb: str, body: Json, now: Now) -> Reply | None:
        if verb == "recorder":
            return Reply.of({"result": self.enter(_visit(room_id, body), now)})
        if verb == "recorder_leaves":
            if not isinstance(body.get("by"), str):
                raise BadField("by", "must be a string")
            return Reply.of({"ok": self.recorder_leaves(body["by"], now)})
        return Reply.of({"ok": True}) if self.drive(verb, room_id, body, now) else None


def _visit(room_id: str, body: Json) -> Visit:
    for name in WANTED:
        if not isinstance(body.get(name), str):
            raise BadField(name, "must be a string")
    by = str(body.get("by") or f"admin:{body['user_id']}")
    details = {k: str(v) for k, v in body.items() if k not in (*WANTED, "by")}
    return Visit(body["app_id"], room_id, body["user_id"], body["token"], by, details=details)
