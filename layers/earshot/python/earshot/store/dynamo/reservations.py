"""A vendor's limits, kept by all functions together: slots in time, and of concurrent streams."""

from typing import Any

from earshot.domain.pacing import slot_ms
from earshot.errors import RetryLater
from earshot.store.dynamo import codec, keys, records
from earshot.store.dynamo.calls import ConditionFailed, OnTable, translated

PACE_DAYS = 1
HOLDER_DAYS = 400
"""Longer than any stream; one whose end nobody was told of must not count for ever."""
WAITING_DAYS = 30
TRIES = 5
"""Of a transaction that met another one on the same item."""


class DynamoReservations(OnTable):
    """See :class:`earshot.store.slots.Reservations`."""

    def reserve(self, name: str, now: int, interval_us: int) -> int:
        slot = self._append(name, now, interval_us) or self._begin(name, now, interval_us)
        # Neither of the first two: somebody else has begun, and from now on the slot only moves away.
        slot = slot or self._append(name, now, interval_us)
        if slot is None:
            raise RetryLater("table_busy", "a reservation was neither before nor after now")
        return slot

    def reserve_by(self, name: str, now: int, interval_us: int, latest: int) -> int | None:
        if now > latest:
            return None
        slot = self._append(name, now, interval_us, latest) or self._begin(name, now, interval_us)
        return slot or self._append(name, now, interval_us, latest)

    def _append(self, name: str, now: int, interval_us: int, latest: int | None = None) -> int | None:
        """Invariant: ``next_us`` only grows, each time by what the slot takes; the slot is where it was."""
        until = {} if latest is None else {"latest": latest * 1_000}
        condition = "next_us >= :now" + (" AND next_us <= :latest" if until else "")
        compared = {"interval": interval_us, "now": now * 1_000, **until}
        was = self._pace(name, now, "SET expires_at = :expires_at ADD next_us :interval", condition, compared)
        return None if was is None else slot_ms(was["next_us"])

    def _begin(self, name: str, now: int, interval_us: int) -> int | None:
        """Invariant: what lies behind us is given away; nobody's slot, by any clock, was later than that."""
        fields = {"kind": "pace", "next_us": now * 1_000 + interval_us}
        begun = self._pace(
            name,
            now,
            "SET kind = :kind, next_us = :next_us, expires_at = :expires_at",
            "attribute_not_exists(next_us) OR next_us < :now",
            {**fields, "now": now * 1_000},
        )
        return None if begun is None else now

    def _pace(
        self, name: str, now: int, expression: str, condition: str, values: dict[str, Any]
    ) -> dict[str, Any] | None:
        """What the item was before; None if the condition did not hold."""
        try:
            with translated():
                answer = self._client.update_item(
                    TableName=self._table,
                    Key=keys.pace(name),
                    UpdateExpression=expression,
                    ConditionExpression=condition,
                    ExpressionAttributeValues=codec.values(
                        {**values, "expires_at": records.ttl(now, PACE_DAYS)}
                    ),
                    ReturnValues="UPDATED_OLD",
                )
        except ConditionFailed:
            return None
        return codec.fields(answer.get("Attributes", {}))

    def take_stream(self, vendor: str, holder: str, most: int, now: int) -> bool:
        """Invariant: ``held`` counts the holders; a holder counts once."""
        held = {"kind": "stream", "holder": holder, "since": now, "expires_at": records.ttl(now, HOLDER_DAYS)}
        item = {**keys.stream_holder(vendor, holder), **codec.item(held)}
        put = {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}
        count = {
            "Key": keys.streams(vendor),
            "UpdateExpression": "SET kind = :kind ADD held :one",
            "ConditionExpression": ("attribute_not_exists(held) OR " if most > 0 else "") + "held < :most",
            "ExpressionAttributeValues": codec.values({"kind": "streams", "one": 1, "most": most}),
        }
        try:
            self._together({"Put": put}, {"Update": count})
        except ConditionFailed as failed:
            return failed.index == 0  # it holds one already
        return True

    def free_stream(self, vendor: str, holder: str) -> bool:
        gone = {
            "Key": keys.stream_holder(vendor, holder),
            "ConditionExpression": "attribute_exists(pk)",
        }
        count = {
            "Key": keys.streams(vendor),
            "UpdateExpression": "ADD held :less",
            "ExpressionAttributeValues": codec.values({"less": -1}),
        }
        try:
            self._together({"Delete": gone}, {"Update": count})
        except ConditionFailed:
            return False
        return True

    def streams_held(self, vendor: str) -> int:
        item = self._get(keys.streams(vendor))
        return 0 if item is None else int(codec.fields(item)["held"])

    def await_stream(self, vendor: str, watch_id: str, priority: int, now: int) -> None:
        """Invariant: a watch stands in the line once, at the place that it came to first."""
        fields = {"kind": "waiting", "watch_id": watch_id, "expires_at": records.ttl(now, WAITING_DAYS)}
        place = keys.stream_place(vendor, priority, now, watch_id)
        slip = {**keys.stream_waiter(vendor, watch_id), **codec.item({**fields, "place": place["sk"]["S"]})}
        try:
            self._together(
                {"Put": {"Item": slip, "ConditionExpression": "attribute_not_exists(pk)"}},
                {"Put": {"Item": {**place, **codec.item(fields)}}},
            )
        except ConditionFailed:
            return

    def waiting_streams(self, vendor: str, limit: int) -> list[str]:
        if limit <= 0:
            return []
        with translated():
            page = self._client.query(
                TableName=self._table,
                KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
                ExpressionAttributeValues={
                    ":pk": keys.streams(vendor)["pk"],
                    ":prefix": {"S": keys.PLACE},
                },
                ConsistentRead=True,
                Limit=limit,
            )
        return [str(codec.fields(item)["watch_id"]) for item in page["Items"]]

    def leave_streams(self, vendor: str, watch_id: str) -> None:
        slip = self._get(keys.stream_waiter(vendor, watch_id))
        if slip is None:
            return
        place = {"pk": slip["pk"], "sk": slip["place"]}
        same = {
            "Key": keys.stream_waiter(vendor, watch_id),
            "ConditionExpression": "place = :place",
            "ExpressionAttributeValues": {":place": slip["place"]},
        }
        try:
            self._together({"Delete": same}, {"Delete": {"Key": place}})
        except ConditionFailed:
            return  # it has left, and perhaps come again, meanwhile

    def _together(self, *actions: dict[str, Any]) -> None:
        """All or nothing; others on the same item are over in a moment."""
        for _ in range(TRIES - 1):
            try:
                return self._transact(*actions)
            except RetryLater as busy:
                if busy.reason != "table_busy":
                    raise
        return self._transact(*actions)
