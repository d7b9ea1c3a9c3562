"""The vendors' health, one item each, all in one partition: whoever asks reads them with one call, and what was never
written costs half a read unit."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from earshot.domain.circuit import Circuit
from earshot.store.dynamo import codec, keys, records
from earshot.store.dynamo.calls import ConditionFailed, OnTable, translated

KEPT_DAYS = 7
"""After that a circuit is as good as one that was never written."""
FIELDS = tuple(field.name for field in fields(Circuit))


class DynamoCircuits(OnTable):
    """See :class:`earshot.store.port.Circuits`."""

    def circuits(self, vendors: Sequence[str]) -> dict[str, Circuit]:
        """Not read consistently: whoever comes a moment too late fails a moment longer, and a write knows."""
        with translated():
            page = self._client.query(
                TableName=self._table,
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": keys.circuit("")["pk"]},
            )
        known = {found.vendor: found for found in map(_circuit, page["Items"])}
        return {vendor: known.get(vendor, Circuit(vendor)) for vendor in vendors}

    def put_circuit(self, seen: Circuit, now_: Circuit) -> bool:
        """Invariant: every version follows from the one before, so that no failure is counted on an old count."""
        row = {
            "kind": "circuit",
            **asdict(now_),
            "version": seen.version + 1,
            "expires_at": records.ttl(max(now_.since, now_.recovered_at or 0), KEPT_DAYS),
        }
        try:
            with translated():
                self._client.put_item(
                    TableName=self._table,
                    Item={**keys.circuit(seen.vendor), **codec.item(row)},
                    ConditionExpression="attribute_not_exists(pk) OR version = :seen"
                    if seen.version == 0
                    else "version = :seen",
                    ExpressionAttributeValues=codec.values({"seen": seen.version}),
                )
        except ConditionFailed:
            return False
        return True


def _circuit(item: dict[str, Any]) -> Circuit:
    row = codec.fields(item)
    return Circuit(**{name: row[name] for name in FIELDS if name in row})
