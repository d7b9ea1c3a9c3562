"""All watches that are live, found through the index of what is to be looked at."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from earshot.domain.room import Occurrence
from earshot.domain.watch import Watch
from earshot.store.dynamo import codec, keys, records
from earshot.store.dynamo.calls import INDEX, ConditionFailed, OnTable, translated

if TYPE_CHECKING:
    from earshot.domain.orphans import LiveWatch

MOST_KEYS = 100
"""In one BatchGetItem."""
TRIES = 3


class DynamoLiveWatches(OnTable):
    """See :class:`earshot.store.live.LiveWatches`."""

    def live_watches(self) -> "list[LiveWatch]":
        from earshot.domain.orphans import LiveWatch  # noqa: PLC0415 - the reaper's alone, of all functions

        found = [LiveWatch(records.watch(item), "task_token" in item) for item in self._listed()]
        return sorted(found, key=lambda live: (live.watch.opened_at, live.watch.watch_id))

    def _listed(self) -> Iterator[dict[str, Any]]:
        for queue in keys.due_queues(keys.WATCHES):
            request: dict[str, Any] = {
                "TableName": self._table,
                "IndexName": INDEX,
                "KeyConditionExpression": "due_queue = :queue",
                "ExpressionAttributeValues": codec.values({"queue": queue}),
            }
            while True:
                with translated():
                    page = self._client.query(**request)
                yield from page["Items"]
                if "LastEvaluatedKey" not in page:
                    break
                request["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def look_after(self, watch_id: str) -> None:
        place = {"due_queue": keys.due_queue(keys.WATCHES, watch_id), "due_at": 0}
        try:
            with translated():
                self._client.update_item(
                    TableName=self._table,
                    Key=keys.watch(watch_id),
                    UpdateExpression="SET due_queue = :due_queue, due_at = :due_at",
                    ConditionExpression="attribute_exists(pk)",
                    ExpressionAttributeValues=codec.values(place),
                )
        except ConditionFailed:
            return

    def latest_sessions(self, room_keys: Sequence[str]) -> Mapping[str, Occurrence | None]:
        held: dict[str, Occurrence | None] = {}
        wanted = list(dict.fromkeys(room_keys))
        for start in range(0, len(wanted), MOST_KEYS):
            held |= self._some_sessions(wanted[start : start + MOST_KEYS])
        return held

    def _some_sessions(self, room_keys: Sequence[str]) -> dict[str, Occurrence | None]:
        by_pk = {keys.room(key)["pk"]["S"]: key for key in room_keys}
        left: Any = [keys.room(key) for key in room_keys]
        held: dict[str, Occurrence | None] = dict.fromkeys(room_keys)
        for _ in range(TRIES):
            with translated():
                answer: Any = self._client.batch_get_item(RequestItems={self._table: {"Keys": left}})
            for item in answer["Responses"].get(self._table, []):
                held[by_pk[item["pk"]["S"]]] = records.occurrence(item)
            left = answer.get("UnprocessedKeys", {}).get(self._table, {}).get("Keys", [])
            if not left:
                return held
        for key in left:  # a busy table's silence says nothing about a room
            del held[by_pk[key["pk"]["S"]]]
        return held


def listed(watch: Watch) -> dict[str, Any]:
    """The index's attributes; without them a watch is not in it."""
    return {"due_queue": keys.due_queue(keys.WATCHES, watch.watch_id), "due_at": watch.opened_at}
