"""The table's stream: events to the bus, signals to parked watches."""

import json
from collections.abc import Mapping
from typing import Any

from earshot import wiring
from earshot.contract.moderation_events import SOURCE
from earshot.settings import require
from earshot.store.dynamo.changes import change_of
from earshot.usecases.bus import Bus
from earshot.usecases.read_segment import ReadSegment
from earshot.usecases.relay_changes import RelayChanges
from earshot.usecases.wake import Wake
from earshot.vendors import registry

store = wiring.store()
dead_letters: Any = wiring.Later(lambda: wiring.client("sqs"))  # few containers ever bury anything
DEAD_LETTER_QUEUE = require("DEAD_LETTER_QUEUE_URL")


def bury(record: Mapping[str, Any], error: Exception) -> None:
    """Where the item is and what kind of error it was: its content may be anybody's words."""
    letter = {"error": {"type": type(error).__name__}, "keys": record["dynamodb"].get("Keys")}
    dead_letters.send_message(QueueUrl=DEAD_LETTER_QUEUE, MessageBody=json.dumps(letter))


start, wake = wiring.starter(), Wake(wiring.client("stepfunctions"))
relay = RelayChanges(
    parse=lambda record: change_of(record, store),
    read_segment=ReadSegment(store, registry.door, registry.reader, start, wake.beat),
    publish=Bus(wiring.client("events"), require("BUS_NAME"), SOURCE),
    wake=wake,
    start=start,
    bury=bury,
)


def handler(event: dict[str, Any], _context: object) -> dict[str, list[dict[str, str]]]:
    """The record to repeat from, if any."""
    failed_at = relay(event["Records"])
    return {"batchItemFailures": [{"itemIdentifier": failed_at}] if failed_at else []}


wiring.ready()
