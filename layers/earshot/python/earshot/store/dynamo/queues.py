"""What all functions share towards one vendor: turns, stops that wait, and who fetches results."""

import json
from typing import Any

from earshot.store.dynamo import codec, keys, records
from earshot.store.dynamo.calls import ConditionFailed, OnTable, translated
from earshot.store.port import WaitingStop

KEPT_DAYS = 2
"""Longer than a finish is retried."""


class DynamoQueues(OnTable):
    """See :class:`earshot.store.port.Stops` and :class:`earshot.store.port.Polls`."""

    def take_turn(self, name: str, now: int, every_ms: int) -> int:
        """Invariant: ``next_at`` only grows, and whoever moves it has the turn."""
        try:
            self._assign(
                keys.turn(name),
                {"kind": "turn", "next_at": now + every_ms, "expires_at": records.ttl(now, 1)},
                "attribute_not_exists(pk) OR next_at <= :now",
                {"now": now},
            )
        except ConditionFailed:
            item = self._get(keys.turn(name))
            next_at = int(codec.fields(item)["next_at"]) if item else now
            return max(1, next_at - now)
        return 0

    def ask_stop(self, queue: str, stop: WaitingStop, now: int) -> None:
        fields = {
            "kind": "stop",
            "vendor_task_id": stop.vendor_task_id,
            "known_ended": stop.known_ended,
            "task_refs": list(stop.task_refs),
            "expires_at": records.ttl(now, KEPT_DAYS),
        }
        item = {**keys.stop(queue, stop.vendor_task_id), **codec.item(fields)}
        with translated():
            self._client.put_item(TableName=self._table, Item=item)

    def waiting_stops(self, queue: str, first: str, limit: int) -> list[WaitingStop]:
        key = keys.stop(queue, first)
        found = self._some(key, "sk >= :sk", limit)
        if len(found) < limit:
            found += self._some(key, "sk < :sk", limit - len(found))
        rows = [codec.fields(item) for item in found]
        return [
            WaitingStop(row["vendor_task_id"], row["known_ended"], tuple(json.loads(row["task_refs"])))
            for row in rows
        ]

    def _some(self, key: dict[str, Any], where: str, limit: int) -> list[dict[str, Any]]:
        with translated():
            page = self._client.query(
                TableName=self._table,
                KeyConditionExpression=f"pk = :pk AND {where}",
                ExpressionAttributeValues={":pk": key["pk"], ":sk": key["sk"]},
                ConsistentRead=True,
                Limit=limit,
            )
        return page["Items"]

    def settle_stop(self, queue: str, vendor_task_id: str) -> None:
        with translated():
            self._client.delete_item(TableName=self._table, Key=keys.stop(queue, vendor_task_id))

    def lease_poll(self, source: str, holder: str, now: int, until: int, fresh: str) -> str | None:
        """Invariant: one holder at a time, and a request id lives until its batch is kept, whoever fetches it."""
        try:
            held = self._assign(
                keys.poll(source),
                {"kind": "poll", "holder": holder, "leased_until": until},
                "attribute_not_exists(pk) OR holder = :holder OR leased_until <= :now",
                {"now": now, "fresh": fresh},
                ", request_id = if_not_exists(request_id, :fresh)",
            )
        except ConditionFailed:
            return None
        return str(held["request_id"])

    def turn_page(self, source: str, holder: str, fresh: str, until: int) -> bool:
        try:
            self._assign(
                keys.poll(source),
                {"request_id": fresh, "leased_until": until},
                "holder = :holder",
                {"holder": holder},
            )
        except ConditionFailed:
            return False
        return True

    def end_lease(self, source: str, holder: str) -> None:
        try:
            self._assign(keys.poll(source), {"leased_until": 0}, "holder = :holder", {"holder": holder})
        except ConditionFailed:
            return

    def _assign(
        self,
        key: dict[str, Any],
        fields: dict[str, Any],
        condition: str,
        compared: dict[str, Any],
        also: str = "",
    ) -> dict[str, Any]:
        with translated():
            answer = self._client.update_item(
                TableName=self._table,
                Key=key,
                UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in fields) + also,
                ConditionExpression=condition,
                ExpressionAttributeValues=codec.values({**fields, **compared}),
                ReturnValues="ALL_NEW",
            )
        return codec.fields(answer.get("Attributes", {}))
