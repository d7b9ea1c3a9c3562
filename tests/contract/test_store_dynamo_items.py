"""What is on the table: kinds, expiries, secrets, and how many writes it took."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from earshot.domain.attendance import Person
from earshot.domain.lifecycle import Advice, Next
from earshot.domain.watch import Watch
from earshot.store.dynamo.store import DynamoStore
from earshot.store.port import KeptNotice

from tests.contract import faults, table
from tests.contract.samples import (
    NOW,
    ROOM,
    SECRET,
    WATCH_ID,
    accepted,
    credential,
    occurrence,
    open_task,
    segment,
    signal,
    task,
    watch,
)
from tests.template.bundle import resources

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DAY_S = 86_400
NOW_S = NOW // 1000
TOKEN = "a-task-token"
LARGE = random.Random(3).randbytes(1_048_576)
EXPIRY = resources()["Table"]["Properties"]["TimeToLiveSpecification"]["AttributeName"]


def _everything(dynamo: DynamoStore) -> None:
    dynamo.claim(ROOM, occurrence(), 0, [watch()])
    open_task(dynamo)
    dynamo.accept_task(dynamo.watch(WATCH_ID), accepted(), NOW)
    dynamo.put_credential(credential(2), NOW)
    dynamo.signal(WATCH_ID, signal())
    dynamo.put_segment(segment())
    dynamo.put_segment(segment(key="large", body=LARGE))
    dynamo.put_segment(segment(key="odd", problem="body: is not JSON"))
    dynamo.see_person(ROOM, Person("user-7", True, NOW, "1"))
    dynamo.note_left(ROOM, NOW, NOW + 1)
    dynamo.put_notice(KeptNotice("zego", "1", "key", NOW))


def _by_kind(client: DynamoDBClient) -> dict[str, dict[str, Any]]:
    return {item["kind"]["S"]: item for item in table.items(client)}


def test_every_item_says_what_it_is_and_when_it_expires(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    _everything(dynamo)
    kinds = {"room", "session", "watch", "task", "credential", "owner", "segment", "quarantine", "part"}
    assert set(_by_kind(client)) == kinds | {"person", "attendance", "notice"}
    for item in table.items(client):
        assert NOW_S < int(item[EXPIRY]["N"]) <= NOW_S + 400 * DAY_S, "epoch seconds, not milliseconds"


@pytest.mark.parametrize("kind", ["room", "session", "watch", "task", "person", "attendance"])
def test_what_is_open_outlives_the_longest_execution(
    client: DynamoDBClient, dynamo: DynamoStore, kind: str
) -> None:
    _everything(dynamo)
    assert int(_by_kind(client)[kind][EXPIRY]["N"]) > NOW_S + 366 * DAY_S


def test_a_closed_watch_expires_sooner(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    dynamo.add_watch(watch())
    dynamo.close_watch(watch(reason="room_closed", closed_at=NOW), {}, NOW)
    assert int(_by_kind(client)["watch"][EXPIRY]["N"]) == NOW_S + 90 * DAY_S


@pytest.mark.parametrize(
    ("expires_at", "expected"),
    [(NOW + 60_000, NOW_S + 60), (NOW + 30 * DAY_S * 1000, NOW_S + DAY_S), (None, NOW_S + DAY_S)],
)
def test_a_credential_goes_when_it_is_of_no_use(
    client: DynamoDBClient, dynamo: DynamoStore, expires_at: int | None, expected: int
) -> None:
    dynamo.put_credential(credential(expires_at=expires_at), NOW)
    assert int(_by_kind(client)["credential"][EXPIRY]["N"]) == expected


def test_parts_expire_with_their_segment(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    dynamo.put_segment(segment(body=LARGE))
    assert {item[EXPIRY]["N"] for item in table.items(client)} == {str(NOW_S + 30 * DAY_S)}


def test_a_secret_is_on_the_credential_until_it_is_claimed(
    client: DynamoDBClient, dynamo: DynamoStore
) -> None:
    dynamo.put_credential(credential(), NOW)
    assert [item["kind"]["S"] for item in table.items(client) if SECRET in str(item)] == ["credential"]
    dynamo.open_task(task())
    assert SECRET not in str(table.items(client))
    assert "claimed_at" in _by_kind(client)["credential"]


def test_no_item_comes_near_the_limit(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    """400 KB, names included."""
    dynamo.put_segment(segment(key="🎧" * 200, body=random.Random(4).randbytes(4_000_000)))
    sizes = [
        sum(len(name) + len(_value(value)) for name, value in item.items()) for item in table.items(client)
    ]
    assert len(sizes) > 1
    assert max(sizes) <= 400_000


def _value(attribute: dict[str, Any]) -> bytes:
    ((_, value),) = attribute.items()
    return bytes(value) if isinstance(value, bytes) else str(value).encode()


@pytest.mark.parametrize(
    ("body", "operation"), [(b"{}", "PutItem"), (b"a" * 1_048_576, "PutItem"), (LARGE, "TransactWriteItems")]
)
def test_a_segment_is_one_write_fresh_or_not(
    client: DynamoDBClient, dynamo: DynamoStore, body: bytes, operation: str
) -> None:
    with faults.counted(client) as calls:
        dynamo.put_segment(segment(body=body))
    assert calls == {operation: 1}
    with faults.counted(client) as calls:
        dynamo.put_segment(segment(body=body))
    assert calls == {operation: 1}


def test_a_large_segment_that_is_refused_leaves_no_part(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    dynamo.put_segment(segment())
    assert dynamo.put_segment(segment(body=LARGE)) is False
    assert [item["kind"]["S"] for item in table.items(client)] == ["segment"]


def test_a_decision_takes_the_token_away(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    dynamo.add_watch(watch())
    dynamo.resolve(_parked(client, dynamo), Advice(Next.WATCH), NOW)
    assert TOKEN not in str(table.items(client))
    dynamo.close_watch(replace(_parked(client, dynamo), reason="x", closed_at=NOW), {}, NOW)
    assert TOKEN not in str(table.items(client))


def _parked(client: DynamoDBClient, dynamo: DynamoStore) -> Watch:
    table.park(client, WATCH_ID, TOKEN)
    assert TOKEN in str(table.items(client))
    parked = dynamo.watch(WATCH_ID)
    assert TOKEN not in repr(parked)
    return parked
