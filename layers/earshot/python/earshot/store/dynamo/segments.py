"""Callbacks as they came. The only module of the store that the webhook imports."""

import zlib
from collections.abc import Sequence
from typing import Any

from earshot.store.dynamo import codec, keys
from earshot.store.dynamo.calls import ConditionFailed, OnTable, translated
from earshot.store.port import Segment

PART_BYTES = 350_000
"""An item ends at 400 KB; a larger body (1 MB of echoed request, compressed) goes over several, in one write."""
RETENTION_S = 30 * 86_400
AT_ONCE = 10
"""Writes side by side: so many connections a client keeps."""


class DynamoInbox(OnTable):
    """See :class:`earshot.store.port.Inbox`."""

    def put_segment(self, segment: Segment) -> bool:
        """The condition makes the key an idempotency key: twelve pushes, one item."""
        packed = zlib.compress(segment.body, 6)
        parts = [packed[at : at + PART_BYTES] for at in range(0, len(packed), PART_BYTES)]
        head = self._head(segment, parts)
        try:
            if len(parts) == 1:
                with translated():
                    self._client.put_item(
                        TableName=self._table, Item=head, ConditionExpression="attribute_not_exists(pk)"
                    )
            else:
                self._put_parts(segment, head, parts)
        except ConditionFailed:
            return False
        return True

    def put_segments(self, segments: Sequence[Segment]) -> int:
        """Side by side: one after the other they would take a poller's whole time."""
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - the webhook does without

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return sum(pool.map(self.put_segment, segments))

    # An item is billed by the kilobyte, and an ordinary one is just below it: what its key says is not said again.
    def _head(self, segment: Segment, parts: list[bytes]) -> dict[str, Any]:
        fields = {
            "kind": _kind(segment),
            "key": None if keys.segment_name(segment.key) == segment.key else segment.key,
            "vendor": segment.vendor,
            "received_at": segment.received_at,
            "problem": segment.problem,
            "parts": len(parts) if len(parts) > 1 else None,
            "body": parts[0],
            "expires_at": segment.received_at // 1000 + RETENTION_S,
        }
        return {**keys.segment(segment.task_ref, segment.key), **codec.item(fields)}

    def _put_parts(self, segment: Segment, head: dict[str, Any], parts: list[bytes]) -> None:
        def put(item: dict[str, Any]) -> dict[str, Any]:
            return {"Put": {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}

        rest = [
            {
                **keys.segment(segment.task_ref, segment.key, number),
                **codec.item({"kind": "part", "body": part}),
                "expires_at": head["expires_at"],
            }
            for number, part in enumerate(parts[1:], start=1)
        ]
        self._transact(put(head), *map(put, rest))


def _kind(segment: Segment) -> str:
    if segment.problem is not None:
        return "quarantine"
    return "batch" if segment.is_batch else "segment"


class DynamoSegments(OnTable):
    """Reading them back."""

    def segment_keys(self, task_ref: str, prefix: str) -> list[str]:
        """Keys that fit a sort key are what they are named by; of others the item tells the key beside it."""
        key = keys.segment(task_ref, prefix)
        heads = self._query(key, key["sk"]["S"], names_only=True)
        return [head["sk"]["S"].removeprefix(keys.SEGMENT) for head in heads if "key" not in head]

    def segment(self, task_ref: str, key: str) -> Segment | None:
        """One segment, whole."""
        item = self._get(keys.segment(task_ref, key))
        return None if item is None else self.assemble(item)

    def assemble(self, item: dict[str, Any]) -> Segment:
        """A segment from its head (an item, or the image of a stream record with its bytes decoded)."""
        row = codec.fields(item)
        task_ref = row["pk"].removeprefix("TASK#")
        key = row.get("key") or row["sk"].removeprefix(keys.SEGMENT)
        packed = bytes(row["body"])
        for number in range(1, row.get("parts", 1)):
            part = self._get(keys.segment(task_ref, key, number))
            packed += bytes(codec.fields(part or {}).get("body", b""))
        return Segment(
            task_ref=task_ref,
            key=key,
            vendor=row["vendor"],
            body=zlib.decompress(packed),
            received_at=row["received_at"],
            problem=row.get("problem"),
            is_batch=row["kind"] == "batch",
        )
