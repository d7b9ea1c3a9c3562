"""Who is in which room. Kept beside the room's record and not on it: joins and leaves must not race with sessions."""

from typing import Any

from earshot.domain.attendance import Attendance, Finding, Person
from earshot.domain.room import Room
from earshot.store.dynamo import codec, keys, records
from earshot.store.dynamo.calls import ConditionFailed, OnTable, translated
from earshot.store.port import KeptNotice

GONE_DAYS = 2
"""How long the departure of a person is remembered: far longer than a platform repeats an entry."""
KNOWN_DAYS, KEPT_DAYS = 1, 30
"""How long a webhook's key is known, and how long one that was not understood is kept."""


class DynamoAttendances(OnTable):
    """See :class:`earshot.store.port.Attendances`."""

    def knows_notice(self, platform: str, app_id: str, key: str) -> bool:
        return self._get(keys.notice(platform, app_id, key)) is not None

    def put_notice(self, notice: KeptNotice) -> None:
        days = KNOWN_DAYS if notice.problem is None else KEPT_DAYS
        fields = {
            "kind": "notice",
            "platform": notice.platform,
            "app_id": notice.app_id,
            "received_at": notice.received_at,
            "body": notice.body,
            "problem": notice.problem,
            "expires_at": records.ttl(notice.received_at, days),
        }
        item = {**keys.notice(notice.platform, notice.app_id, notice.key), **codec.item(fields)}
        with translated():
            self._client.put_item(TableName=self._table, Item=item)

    def see_person(self, room: Room, person: Person) -> bool:
        """Invariant: a person's order only grows, so reports may come in any order and any number of times."""
        days = records.OPEN_DAYS if person.is_present else GONE_DAYS
        fields = {
            "kind": "person",
            "user_id": person.user_id,
            "is_present": person.is_present,
            "at": person.at,
            "order": person.order,
            "platform_session_id": person.platform_session_id,
            "expires_at": records.ttl(person.at, days),
        }
        return self._written(
            "put_item",
            Item={**keys.person(room.key, person.user_id), **codec.item(fields)},
            ConditionExpression="attribute_not_exists(pk) OR #order <= :order",
            ExpressionAttributeNames={"#order": "order"},
            ExpressionAttributeValues=codec.values({"order": person.order}),
        )

    def anybody_in(self, room: Room, since: int) -> Person | None:
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :prefix)",
            "FilterExpression": "is_present = :yes AND #at > :since",
            "ExpressionAttributeNames": {"#at": "at"},
            "ExpressionAttributeValues": {
                ":pk": keys.attendance(room.key)["pk"],
                **codec.values({"prefix": keys.PERSON, "yes": True, "since": since}),
            },
            "ConsistentRead": True,
        }
        while True:
            with translated():
                page = self._client.query(**request)
            if page["Items"]:
                return records.person(page["Items"][0])
            if "LastEvaluatedKey" not in page:
                return None
            request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def attendance(self, room: Room) -> Attendance:
        item = self._get(keys.attendance(room.key))
        return records.attendance(item) if item else Attendance(room)

    def note_left(self, room: Room, at: int, due_at: int) -> None:
        self._amend(
            room, {"left_at": at, **due(room, due_at)}, "attribute_not_exists(left_at) OR left_at < :left_at"
        )

    def note_closed(self, room: Room, at: int) -> None:
        self._amend(room, {"closed_at": at}, "attribute_not_exists(closed_at) OR closed_at < :closed_at")

    def due_rooms(self, now: int, limit: int) -> list[Attendance]:
        return [records.attendance(item) for item in self._due(keys.ROOMS, now, limit)]

    def settle_look(self, seen: Attendance, finding: Finding) -> None:
        """Invariant: a look decides only about what it saw; a departure meanwhile has set another time."""
        times = {"peopled_at": finding.peopled_at, "empty_since": finding.empty_since}
        fields = {**times, **due(seen.room, finding.due_at)}
        self._amend(seen.room, fields, "due_at = :seen", {"seen": seen.due_at})

    def _amend(
        self, room: Room, fields: dict[str, Any], condition: str, compared: dict[str, Any] | None = None
    ) -> None:
        update = amendment(room, fields, compared)
        self._written("update_item", **update, ConditionExpression=condition)

    def _written(self, operation: str, **request: Any) -> bool:
        try:
            with translated():
                getattr(self._client, operation)(TableName=self._table, **request)
        except ConditionFailed:
            return False
        return True


def due(room: Room, due_at: int | None) -> dict[str, Any]:
    """The index's attributes; without them a room is not in it."""
    return {"due_queue": None if due_at is None else keys.due_queue(keys.ROOMS, room.key), "due_at": due_at}


def amendment(room: Room, fields: dict[str, Any], compared: dict[str, Any] | None = None) -> dict[str, Any]:
    """An update of a room's attendance, which need not exist; None removes a field."""
    place = {"kind": "attendance", "platform": room.platform, "app_id": room.app_id, "room_id": room.room_id}
    times = [value for value in {**(compared or {}), **fields}.values() if isinstance(value, int)]
    kept = {**place, "expires_at": records.ttl(max(times), records.OPEN_DAYS), **fields}
    told = {name: value for name, value in kept.items() if value is not None}
    removed = [name for name in kept if name not in told]
    expression = "SET " + ", ".join(f"#{name} = :{name}" for name in told)
    return {
        "Key": keys.attendance(room.key),
        "UpdateExpression": expression
        + (" REMOVE " + ", ".join(f"#{name}" for name in removed) if removed else ""),
        "ExpressionAttributeNames": {f"#{name}": name for name in kept},
        "ExpressionAttributeValues": codec.values({**told, **(compared or {})}),
    }
