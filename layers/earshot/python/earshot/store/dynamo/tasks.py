"""Credentials and tasks."""

from typing import Any

from earshot.domain.watch import Credential, Status, Task, TaskState, Watch
from earshot.errors import CredentialClaimed
from earshot.store.dynamo import codec, keys, records
from earshot.store.dynamo.calls import ConditionFailed, OnTable, translated
from earshot.store.port import Conflict

ACCEPTED = (
    "state",
    "vendor_task_id",
    "endpoint",
    "accepted_at",
    "adopted",
    "renew_at",
    "silent_s",
    "hears_from",
)


class DynamoTasks(OnTable):
    """See :class:`earshot.store.port.Lifecycle`."""

    def task(self, task_ref: str) -> Task | None:
        item = self._get(keys.task(task_ref))
        return None if item is None else records.task(item)

    def tasks(self, watch_id: str) -> list[Task]:
        found = [records.task(item) for item in self._query(keys.watch(watch_id), f"TASK#{watch_id}-")]
        return sorted((task for task in found if task.watch_id == watch_id), key=lambda task: task.number)

    def put_credential(self, credential: Credential, now: int) -> None:
        key = keys.credential(credential.watch_id, credential.number)
        with translated():
            self._client.put_item(
                TableName=self._table, Item={**key, **records.credential_item(credential, now)}
            )

    def open_task(self, task: Task) -> Credential:
        """Invariant: a credential opens one task. The claim removes the secret and writes the task in one, so a
        try that comes again finds it claimed, and what may be open at the vendor always has an owner."""
        key = keys.credential(task.watch_id, task.number)
        item = self._get(key)
        if item is None or "secrets" not in item:
            raise CredentialClaimed("credential_claimed", f"number {task.number}")
        claim: dict[str, Any] = {
            "Key": key,
            "UpdateExpression": "SET claimed_at = :now REMOVE secrets",
            "ConditionExpression": "attribute_exists(secrets)",
            "ExpressionAttributeValues": codec.values({"now": task.submitted_at}),
        }
        new_task = {**keys.task(task.task_ref), **records.task_item(task)}
        try:
            self._transact({"Update": claim}, {"Put": {"Item": new_task}})
        except ConditionFailed:
            raise CredentialClaimed("credential_claimed", f"number {task.number}") from None
        return records.credential(item)

    def accept_task(self, watch: Watch, task: Task, now: int) -> None:
        told = {name: getattr(task, name) for name in ACCEPTED}
        accepted = {name: value for name, value in told.items() if value is not None}
        moves = watch.status is not Status.MODERATING
        seen = {"status": watch.status_seq}
        changes: dict[str, Any] = {"current_task": task.task_ref, "heard_by": task.vendor}
        if moves:
            changes |= {"status": Status.MODERATING, "status_at": now, "status_seq": watch.status_seq + 1}
        by_watch = _update(keys.watch(watch.watch_id), changes)
        by_watch["UpdateExpression"] += " REMOVE queued_at, unheard_at"
        by_watch |= {"ConditionExpression": "status_seq = :seen"}
        by_watch["ExpressionAttributeValues"] |= codec.values({"seen": seen["status"]})
        try:
            by_task = {
                **_update(keys.task(task.task_ref), accepted),
                "ConditionExpression": "attribute_exists(pk)",
            }
            self._transact({"Update": by_task}, {"Update": by_watch}, {"Put": {"Item": _owner_item(task)}})
        except ConditionFailed:
            raise Conflict("status") from None

    def owner(self, vendor: str, vendor_task_id: str) -> str | None:
        item = self._get(keys.owner(vendor, vendor_task_id))
        return None if item is None else str(codec.fields(item)["watch_id"])

    def drop_task(self, task_ref: str, state: TaskState, detail: str, *, permanent: bool = False) -> None:
        self._update_task(
            task_ref,
            {"state": state, "detail": detail, "permanent": permanent},
            "attribute_exists(pk) AND #state <> :running",
            {"running": TaskState.RUNNING},
        )

    def learn_task(self, task_ref: str, vendor_task_id: str) -> bool:
        return self._update_task(
            task_ref,
            {"vendor_task_id": vendor_task_id},
            "attribute_exists(pk) AND attribute_not_exists(vendor_task_id)",
        )

    def hear_task(self, task_ref: str, now: int, every_ms: int) -> bool:
        return self._update_task(
            task_ref,
            {"heard_at": now},
            "attribute_exists(pk) AND (attribute_not_exists(heard_at) OR heard_at <= :before)",
            {"before": now - every_ms},
            ", first_heard_at = if_not_exists(first_heard_at, :heard_at)",
        )

    def lose_task(self, task_ref: str, at: int) -> None:
        self._update_task(task_ref, {"lost_at": at}, "attribute_exists(pk) AND attribute_not_exists(lost_at)")

    def end_task(self, task_ref: str, now: int, code: int | None, seconds: float | None) -> bool:
        known = {"ended_at": now, "end_code": code, "vendor_seconds": seconds}
        changes = {name: value for name, value in known.items() if value is not None}
        return self._update_task(task_ref, changes, "attribute_exists(pk) AND attribute_not_exists(ended_at)")

    def count_finish(self, task_ref: str, stopped_at: int | None = None) -> None:
        stopped = "" if stopped_at is None else " SET stopped_at = if_not_exists(stopped_at, :stopped_at)"
        values = {"one": 1} | ({} if stopped_at is None else {"stopped_at": stopped_at})
        with translated():
            self._client.update_item(
                TableName=self._table,
                Key=keys.task(task_ref),
                UpdateExpression=f"ADD finish_calls :one{stopped}",
                ConditionExpression="attribute_exists(pk)",
                ExpressionAttributeValues=codec.values(values),
            )

    def finish_task(self, task_ref: str, now: int, due_at: int | None = None) -> None:
        changes: dict[str, Any] = {"finished_at": now}
        if due_at is not None:
            changes |= {"due_at": due_at, "due_queue": keys.due_queue(keys.TASKS, task_ref)}
        self._update_task(task_ref, changes, "attribute_exists(pk) AND attribute_not_exists(finished_at)")

    def reopen_task(self, task_ref: str, now: int, since: int) -> bool:
        request = _update(keys.task(task_ref), {"listened_at": now})
        request["UpdateExpression"] += " REMOVE finished_at, due_at, due_queue"
        request["ExpressionAttributeValues"] |= codec.values({"since": since})
        try:
            with translated():
                self._client.update_item(
                    TableName=self._table, ConditionExpression="finished_at <= :since", **request
                )
        except ConditionFailed:
            return False
        return True

    def due_tasks(self, now: int, limit: int) -> list[Task]:
        return [records.task(item) for item in self._due(keys.TASKS, now, limit)]

    def settle_check(
        self,
        seen: Task,
        due_at: int | None,
        *,
        asked_until: int | None = None,
        listened_at: int | None = None,
    ) -> None:
        """Invariant: a look decides only about what it saw."""
        known = {"due_at": due_at, "asked_until": asked_until, "listened_at": listened_at}
        told = {name: value for name, value in known.items() if value is not None}
        expression = "SET " + ", ".join(f"{name} = :{name}" for name in told) if told else ""
        if due_at is None:
            expression += " REMOVE due_at, due_queue"
        try:
            with translated():
                self._client.update_item(
                    TableName=self._table,
                    Key=keys.task(seen.task_ref),
                    ConditionExpression="due_at = :seen",
                    UpdateExpression=expression.strip(),
                    ExpressionAttributeValues=codec.values({"seen": seen.due_at, **told}),
                )
        except ConditionFailed:
            return

    def _update_task(
        self,
        task_ref: str,
        changes: dict[str, Any],
        condition: str,
        extra: dict[str, Any] | None = None,
        beside: str = "",
    ) -> bool:
        request = _update(keys.task(task_ref), changes)
        request["UpdateExpression"] += beside
        request["ExpressionAttributeValues"] |= codec.values(extra or {})
        try:
            with translated():
                self._client.update_item(TableName=self._table, ConditionExpression=condition, **request)
        except ConditionFailed:
            return False
        return True


def _update(key: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {
        "Key": key,
        "UpdateExpression": "SET " + ", ".join(f"#{name} = :{name}" for name in changes),
        "ExpressionAttributeNames": {f"#{name}": name for name in changes},
        "ExpressionAttributeValues": codec.values(changes),
    }


def _owner_item(task: Task) -> dict[str, Any]:
    expires_at = records.ttl(task.submitted_at, records.OPEN_DAYS)
    fields = {"kind": "owner", "watch_id": task.watch_id, "task_ref": task.task_ref, "expires_at": expires_at}
    return {**keys.owner(task.vendor, str(task.vendor_task_id)), **codec.item(fields)}
