"""Rooms and sessions."""

from collections.abc import Callable, Sequence
from typing import Any

from earshot.domain.room import Occurrence, Room
from earshot.domain.watch import Watch
from earshot.store.dynamo import codec, keys, records
from earshot.store.dynamo.attendances import amendment, due
from earshot.store.dynamo.calls import ConditionFailed, OnTable, translated
from earshot.store.dynamo.live_watches import listed
from earshot.store.port import Conflict, RoomRecord


class DynamoRooms(OnTable):
    """See :class:`earshot.store.port.Rooms`."""

    _now: Callable[[], int]

    def room(self, room: Room) -> RoomRecord:
        item = self._get(keys.room(room.key))
        if item is None:
            return RoomRecord(None, 0)
        return RoomRecord(records.occurrence(item), int(item["version"]["N"]))

    def claim(
        self,
        room: Room,
        record: Occurrence,
        version: int,
        watches: Sequence[Watch],
        due_at: int | None = None,
    ) -> None:
        """Invariant: a room's version counts its records, so of two claims from one version one wins; and a
        close that comes after a claim finds its watches, because they are written with it."""
        session = codec.item(
            {
                "kind": "session",
                "session_id": record.session_id,
                "room_key": room.key,
                "opened_at": record.opened_at,
                "expires_at": records.ttl(self._now(), records.OPEN_DAYS),
            }
        )
        try:
            self._transact(
                {"Put": self._versioned(room, record, version)},
                {"Put": {"Item": {**keys.session(record.session_id), **session}}},
                *({"Put": _new(watch)} for watch in watches),
                *([] if due_at is None else [{"Update": amendment(room, due(room, due_at))}]),
            )
        except ConditionFailed:
            raise Conflict("room") from None

    def amend_room(self, room: Room, record: Occurrence, version: int) -> None:
        try:
            with translated():
                self._client.put_item(TableName=self._table, **self._versioned(room, record, version))
        except ConditionFailed:
            raise Conflict("room") from None

    def add_watch(self, watch: Watch) -> bool:
        try:
            with translated():
                self._client.put_item(TableName=self._table, **_new(watch))
        except ConditionFailed:
            return False
        return True

    def watches(self, session_id: str) -> list[Watch]:
        return [records.watch(item) for item in self._query(keys.session(session_id), "WATCH#")]

    def _versioned(self, room: Room, record: Occurrence, version: int) -> dict[str, Any]:
        item = records.occurrence_item(room, record, version + 1, self._now())
        write: dict[str, Any] = {"Item": {**keys.room(room.key), **item}}
        if version == 0:
            return {**write, "ConditionExpression": "attribute_not_exists(pk)"}
        return {
            **write,
            "ConditionExpression": "#version = :seen",
            "ExpressionAttributeNames": {"#version": "version"},
            "ExpressionAttributeValues": codec.values({"seen": version}),
        }


def _new(watch: Watch) -> dict[str, Any]:
    return {
        "Item": {**keys.watch(watch.watch_id), **records.watch_item(watch), **codec.item(listed(watch))},
        "ConditionExpression": "attribute_not_exists(pk)",
    }
