"""The in-memory twin's people in rooms."""

from dataclasses import replace

from earshot.domain.attendance import Attendance, Finding, Person
from earshot.domain.room import Room
from earshot.store.port import KeptNotice


class MemoryAttendances:
    """See :class:`earshot.store.port.Attendances`."""

    def __init__(self) -> None:
        super().__init__()
        self._notices: dict[tuple[str, str, str], KeptNotice] = {}
        self._people: dict[str, dict[str, Person]] = {}
        self._attendances: dict[str, Attendance] = {}

    def knows_notice(self, platform: str, app_id: str, key: str) -> bool:
        return (platform, app_id, key) in self._notices

    def put_notice(self, notice: KeptNotice) -> None:
        self._notices[notice.platform, notice.app_id, notice.key] = notice

    def see_person(self, room: Room, person: Person) -> bool:
        people = self._people.setdefault(room.key, {})
        held = people.get(person.user_id)
        if held is not None and held.order > person.order:
            return False
        people[person.user_id] = person
        return True

    def anybody_in(self, room: Room, since: int) -> Person | None:
        people = self._people.get(room.key, {}).values()
        return next((person for person in people if person.is_present and person.at > since), None)

    def attendance(self, room: Room) -> Attendance:
        return self._attendances.get(room.key, Attendance(room))

    def note_left(self, room: Room, at: int, due_at: int) -> None:
        held = self.attendance(room)
        if held.left_at is None or held.left_at < at:
            self._attendances[room.key] = replace(held, left_at=at, due_at=due_at)

    def note_closed(self, room: Room, at: int) -> None:
        held = self.attendance(room)
        if held.closed_at is None or held.closed_at < at:
            self._attendances[room.key] = replace(held, closed_at=at)

    def due_rooms(self, now: int, limit: int) -> list[Attendance]:
        due = [(here.due_at, here) for here in self._attendances.values() if here.due_at is not None]
        return [here for at, here in sorted(due, key=lambda pair: pair[0]) if at <= now][:limit]

    def settle_look(self, seen: Attendance, finding: Finding) -> None:
        held = self.attendance(seen.room)
        if held.due_at == seen.due_at:
            self._attendances[seen.room.key] = replace(
                held,
                peopled_at=finding.peopled_at,
                empty_since=finding.empty_since,
                due_at=finding.due_at,
            )
