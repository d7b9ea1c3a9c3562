"""The table's stream: events to the bus, signals to parked watches."""

from typing import Any

from earshot import wiring
from earshot.settings import require
from earshot.store.dynamo.changes import change_of
from earshot.usecases.bus import Bus
from earshot.usecases.read_segment import ReadSegment
from earshot.usecases.relay_changes import RelayChanges
from earshot.usecases.wake import Wake
from earshot.vendors import registry

store = wiring.store()
relay = RelayChanges(
    read_segment=ReadSegment(store, registry.reader, wiring.starter()),
    publish=Bus(wiring.client("events"), require("BUS_NAME")),
    wake=Wake(wiring.client("stepfunctions")),
)


def handler(event: dict[str, Any], _context: object) -> dict[str, list[dict[str, str]]]:
    """The record to repeat from, if any."""
    changes = [change for record in event["Records"] if (change := change_of(record, store))]
    failed_at = relay(changes)
    return {"batchItemFailures": [{"itemIdentifier": failed_at}] if failed_at else []}


wiring.ready()
