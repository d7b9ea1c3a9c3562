"""Watches: signals, decisions, the end."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from earshot.domain.watch import Signal, Status, Watch
from earshot.store.dynamo import codec, keys, records
from earshot.store.dynamo.calls import ConditionFailed, OnTable, translated
from earshot.store.dynamo.live_watches import listed
from earshot.store.port import Conflict, Missing

if TYPE_CHECKING:
    from earshot.domain.lifecycle import Advice

CLOSED_DAYS = 90
SIGNAL = ("signal_id", "signal_name", "signal_at", "signal_reason", "signal_is_last")


class DynamoWatches(OnTable):
    """See :class:`earshot.store.port.Lifecycle`."""

    def watch(self, watch_id: str) -> Watch:
        item = self._get(keys.watch(watch_id))
        if item is None:
            raise Missing(f"watch {watch_id}")
        return records.watch(item)

    def next_number(self, watch_id: str) -> int:
        try:
            counted = self._update_watch(watch_id, "ADD credentials :one", {"one": 1}, "attribute_exists(pk)")
        except ConditionFailed:
            raise Missing(f"watch {watch_id}") from None
        return int(counted["credentials"])

    def token(self, watch_id: str) -> str | None:
        item = self._get(keys.watch(watch_id))
        return None if item is None else item.get("task_token", {}).get("S")

    def queue_watch(self, watch_id: str, now: int) -> None:
        self._update_watch(
            watch_id, "SET queued_at = if_not_exists(queued_at, :now)", {"now": now}, "attribute_exists(pk)"
        )

    def restart(self, watch_id: str, generation: int) -> bool:
        """Invariant: a generation is given once, and the stream starts its execution."""
        try:
            self._update_watch(
                watch_id,
                "SET generation = :next REMOVE task_token",
                {"next": generation + 1, "seen": generation, "ended": Status.ENDED},
                "attribute_exists(pk) AND #status <> :ended AND (generation = :seen"
                f"{'' if generation else ' OR attribute_not_exists(generation)'})",
            )
        except ConditionFailed:
            return False
        return True

    def signal(self, watch_id: str, signal: Signal) -> bool:
        """Invariant: a last word stays until the watch has ended. The parked state refuses to park while any
        signal pends, and this write wakes the relay, so of the two whoever comes second sees the other."""
        fields = (signal.signal_id, signal.name, signal.at, signal.reason, signal.is_last)
        assigned = ", ".join(f"{name} = :{name}" for name in SIGNAL)
        try:
            self._update_watch(
                watch_id,
                f"SET {assigned}",
                {**dict(zip(SIGNAL, fields, strict=True)), "no": False, "ended": Status.ENDED},
                "attribute_exists(pk) AND #status <> :ended"
                " AND (attribute_not_exists(signal_id) OR signal_is_last = :no)",
            )
        except ConditionFailed:
            return False
        return True

    def resolve(self, watch: Watch, advice: "Advice", now: int) -> None:
        """Invariant: only the signal that was looked at is taken away, and a status number is given once; what came
        meanwhile is a conflict."""
        moves = advice.status is not None and advice.status is not watch.status
        changes: dict[str, Any] = {"troubles": advice.troubles, "moved_at": now}
        if moves:
            changes |= {"status": advice.status, "status_at": now, "status_seq": watch.status_seq + 1}
        if advice.reason is not None:
            changes["reason"] = advice.reason
        if advice.hands_over:
            changes["generation"] = watch.generation + 1
        if advice.unheard:
            changes["unheard_at"] = now
        gone = ["task_token", *(SIGNAL if watch.signal and not watch.signal.is_last else ())]
        seen: dict[str, Any] = {"was": watch.status_seq} | (
            {"seen": watch.signal.signal_id} if watch.signal else {}
        )
        condition = "status_seq = :was AND "
        condition += "signal_id = :seen" if watch.signal else "attribute_not_exists(signal_id)"
        assigned = ", ".join(f"#{name} = :{name}" for name in changes)
        try:
            self._update_watch(
                watch.watch_id, f"SET {assigned} REMOVE {', '.join(gone)}", {**changes, **seen}, condition
            )
        except ConditionFailed:
            raise Conflict("signal") from None

    def close_watch(self, watch: Watch, ledger: Mapping[str, Any], now: int) -> None:
        """Invariant: the status moves to ENDED once, so its event is told once."""
        changes: dict[str, Any] = {"ledger": dict(ledger), "expires_at": records.ttl(now, CLOSED_DAYS)}
        if not watch.is_over:
            changes |= {"status": Status.ENDED, "status_at": now, "status_seq": watch.status_seq + 1}
            changes |= {"reason": watch.reason, "closed_at": watch.closed_at, "failed": watch.failed}
        leaves = bool(ledger.get("unfinished"))  # then somebody must go on looking after it
        changes |= listed(watch) if leaves else {}
        changes = {name: value for name, value in changes.items() if value is not None}
        assigned = ", ".join(f"#{name} = :{name}" for name in changes)
        gone = "task_token" if leaves else "task_token, due_queue, due_at"
        try:
            self._update_watch(
                watch.watch_id,
                f"SET {assigned} REMOVE {gone}",
                {**changes, "was": watch.status_seq},
                "status_seq = :was",
            )
        except ConditionFailed:
            raise Conflict("status") from None

    def _update_watch(
        self, watch_id: str, expression: str, values: Mapping[str, Any], condition: str
    ) -> dict[str, Any]:
        both = expression + condition
        names = {f"#{name}": name for name in ("status", *values) if f"#{name}" in both}
        request: dict[str, Any] = {"ExpressionAttributeNames": names} if names else {}
        with translated():
            answer = self._client.update_item(
                TableName=self._table,
                Key=keys.watch(watch_id),
                UpdateExpression=expression,
                ConditionExpression=condition,
                ExpressionAttributeValues=codec.values(values),
                ReturnValues="UPDATED_NEW",
                **request,
            )
        return codec.fields(answer.get("Attributes", {}))
