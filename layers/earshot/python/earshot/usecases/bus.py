"""The bus that events go out on."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from earshot.errors import RetryLater

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

Event = tuple[str, str]
"""Detail-type and detail (JSON)."""

MAX_ENTRIES = 10
MAX_BYTES = 200_000
"""PutEvents takes 10 entries and 256 KB; the rest is for names."""


class Bus:
    """Publishes events and says which were refused: PutEvents succeeds even when entries fail."""

    def __init__(self, client: "EventBridgeClient", name: str, source: str) -> None:
        self._client, self._name, self._source = client, name, source

    def __call__(self, events: Sequence[Event]) -> list[int]:
        """Positions of the refused events, in order."""
        refused: list[int] = []
        for start, batch in _batches(events):
            try:
                answer = self._client.put_events(
                    Entries=[
                        {
                            "EventBusName": self._name,
                            "Source": self._source,
                            "DetailType": kind,
                            "Detail": detail,
                        }
                        for kind, detail in batch
                    ]
                )
            except (ClientError, BotoCoreError):
                refused += range(start, start + len(batch))
                continue
            if answer["FailedEntryCount"]:
                refused += [start + at for at, entry in enumerate(answer["Entries"]) if "ErrorCode" in entry]
        return refused

    def tell(self, events: Sequence[Event]) -> None:
        """All of them. Raises RetryLater if one was refused: repeating those that were not does no harm."""
        if self(events):
            raise RetryLater("bus_busy", "an event was not taken")


def _batches(events: Sequence[Event]) -> Iterator[tuple[int, list[Event]]]:
    batch: list[Event] = []
    size = 0
    for position, event in enumerate(events):
        weight = len(event[1].encode())
        if batch and (len(batch) == MAX_ENTRIES or size + weight > MAX_BYTES):
            yield position - len(batch), batch
            batch, size = [], 0
        batch.append(event)
        size += weight
    if batch:
        yield len(events) - len(batch), batch
