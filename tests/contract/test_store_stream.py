"""The table's stream as Lambda delivers it, read back as changes."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest
from earshot.domain.lifecycle import Advice, Next
from earshot.domain.watch import Status
from earshot.store.dynamo.changes import TELLING, change_of
from earshot.store.dynamo.store import DynamoStore
from earshot.store.port import Change, SegmentChange, WatchChange

from tests.contract import table
from tests.contract.samples import (
    NOW,
    ROOM,
    WATCH_ID,
    credential,
    occurrence,
    open_task,
    segment,
    signal,
    task,
    watch,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LARGE = random.Random(5).randbytes(1_048_576)


def _delivered(client: DynamoDBClient) -> list[dict[str, Any]]:
    """Through JSON, as an event is."""
    delivered: list[dict[str, Any]] = json.loads(json.dumps(table.stream(client), default=str))
    return delivered


def _changes(client: DynamoDBClient, dynamo: DynamoStore) -> list[Change | None]:
    return [change_of(record, dynamo) for record in _delivered(client)]


@pytest.mark.parametrize(
    "body",
    [b"{}", bytes(range(256)), b"", b"a" * 1_048_576, LARGE],
    ids=["json", "bytes", "none", "a", "noise"],
)
def test_a_segment_is_told_whole(client: DynamoDBClient, dynamo: DynamoStore, body: bytes) -> None:
    dynamo.put_segment(segment(body=body))
    (change, *parts) = _changes(client, dynamo)
    assert isinstance(change, SegmentChange)
    assert change.load() == segment(body=body)
    assert not any(parts), "parts are told with their head"


@pytest.mark.parametrize("key", ["🎧" * 10, "k" * 5_000, "a#stat1#code1902"], ids=["emoji", "long", "marks"])
def test_a_large_segment_is_found_under_any_key(
    client: DynamoDBClient, dynamo: DynamoStore, key: str
) -> None:
    dynamo.put_segment(segment(key=key, body=LARGE))
    change = _changes(client, dynamo)[0]
    assert isinstance(change, SegmentChange)
    assert change.load() == segment(key=key, body=LARGE)


def test_a_quarantined_callback_is_not_told(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    dynamo.put_segment(segment(problem="body: is not JSON"))
    assert _changes(client, dynamo) == [None]


def test_a_duplicate_is_not_told_again(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    for _ in range(12):
        dynamo.put_segment(segment())
    assert len(_delivered(client)) == 1


def test_a_watch_is_told_before_and_after(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    dynamo.claim(ROOM, occurrence(), 0, [watch()])
    dynamo.resolve(watch(), Advice(Next.MINT, status=Status.FAILED, reason="x", troubles=1), NOW)
    failed = dynamo.watch(WATCH_ID)
    assert [change for change in _changes(client, dynamo) if change] == [
        WatchChange(was=None, now=watch(), token=None, token_was=None),
        WatchChange(was=watch(), now=failed, token=None, token_was=None),
    ]


def test_a_token_and_a_signal_are_told_in_either_order(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    dynamo.add_watch(watch())
    table.park(client, WATCH_ID, "token-1")
    dynamo.signal(WATCH_ID, signal())
    table.park(client, WATCH_ID, "token-2")
    _, parked, signalled, parked_again = _changes(client, dynamo)
    told = watch(signal=signal())
    assert parked == WatchChange(watch(), watch(), "token-1", None)
    assert signalled == WatchChange(watch(), told, "token-1", "token-1")
    assert parked_again == WatchChange(told, told, "token-2", "token-1")


def test_tasks_credentials_and_rooms_are_nobodys_business(
    client: DynamoDBClient, dynamo: DynamoStore
) -> None:
    dynamo.amend_room(ROOM, occurrence(), 0)
    open_task(dynamo)
    dynamo.put_credential(credential(2), NOW)
    dynamo.count_finish(task().task_ref, NOW)
    changes = _changes(client, dynamo)
    assert len(changes) >= 5
    assert not any(changes)


def test_an_expiry_is_not_told(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    dynamo.add_watch(watch())
    dynamo.put_segment(segment())
    told = len(_delivered(client))
    for item in table.items(client):
        client.delete_item(TableName=table.NAME, Key={"pk": item["pk"], "sk": item["sk"]})
    removals = _delivered(client)[told:]
    assert [record["eventName"] for record in removals] == ["REMOVE", "REMOVE"]
    assert not any(change_of(record, dynamo) for record in removals)


def test_what_is_told_is_what_has_a_kind_that_tells(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    dynamo.claim(ROOM, occurrence(), 0, [watch()])
    open_task(dynamo)
    dynamo.put_segment(segment(body=LARGE))
    for record in _delivered(client):
        kind = record["dynamodb"]["NewImage"]["kind"]["S"]
        assert (change_of(record, dynamo) is not None) == (kind in TELLING)
