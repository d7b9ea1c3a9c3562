"""The vendors' circuits: one read for all of them, and writes that follow from what was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from earshot.domain.circuit import Circuit, Trouble, failed, succeeded
from earshot.errors import RetryLater
from earshot.store.dynamo.changes import change_of
from earshot.store.dynamo.store import DynamoStore

from tests.contract import faults, table
from tests.contract.samples import NOW, Kept

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DAY_S = 86_400


def one(store: Kept, vendor: str = "shumei") -> Circuit:
    return store.circuits([vendor])[vendor]


def test_one_that_was_never_written_is_closed(store: Kept) -> None:
    assert store.circuits(["shumei", "yidun"]) == {"shumei": Circuit("shumei"), "yidun": Circuit("yidun")}
    assert store.circuits([]) == {}


def test_what_was_written_is_read_as_the_next_version(store: Kept) -> None:
    seen = one(store)
    opened = failed(seen, NOW, Trouble.ACCOUNT)
    assert store.put_circuit(seen, opened)
    assert one(store) == Circuit("shumei", 0, NOW, NOW + 300_000, 1, None, version=1)
    assert store.put_circuit(one(store), succeeded(one(store), NOW + 300_000))
    assert one(store) == Circuit("shumei", 0, NOW + 300_000, None, 0, NOW + 300_000, version=2)


def test_of_two_who_saw_the_same_one_writes(store: Kept) -> None:
    for failures in (1, 2, 3):
        seen = one(store)
        assert store.put_circuit(seen, failed(seen, NOW, Trouble.OUTAGE))
        assert not store.put_circuit(seen, failed(seen, NOW, Trouble.OUTAGE))
        assert (one(store).failures, one(store).version) == (failures, failures)


def test_a_version_that_never_was_is_not_followed(store: Kept) -> None:
    assert not store.put_circuit(Circuit("shumei", version=7), Circuit("shumei", failures=1))
    assert one(store) == Circuit("shumei")


def test_vendors_are_apart_and_only_those_that_were_asked_for_are_told(store: Kept) -> None:
    for vendor in ("shumei", "yidun", "tupu"):
        store.put_circuit(Circuit(vendor), failed(Circuit(vendor), NOW, Trouble.OUTAGE))
    store.put_circuit(one(store, "yidun"), failed(one(store, "yidun"), NOW, Trouble.OUTAGE))
    found = store.circuits(["yidun", "shumei", "volcengine"])
    assert [(name, circuit.failures) for name, circuit in found.items()] == [
        ("yidun", 2),
        ("shumei", 1),
        ("volcengine", 0),
    ]


def test_all_are_read_with_one_call_that_waits_for_nobody(
    client: DynamoDBClient, dynamo: DynamoStore
) -> None:
    with faults.counted(client) as calls:
        dynamo.circuits(["shumei", "yidun", "tupu"])
    assert calls == {"Query": 1}


def test_an_item_expires_when_it_says_nothing_any_more(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    dynamo.put_circuit(Circuit("shumei"), failed(Circuit("shumei"), NOW, Trouble.OUTAGE))
    (item,) = table.items(client)
    assert (item["pk"]["S"], item["sk"]["S"]) == ("CIRCUITS", "CIRCUIT#shumei")
    assert item["kind"]["S"] == "circuit"
    assert int(item["expires_at"]["N"]) == NOW // 1000 + 7 * DAY_S
    seen = one(dynamo)
    dynamo.put_circuit(seen, succeeded(seen, NOW + DAY_S * 1000))
    (item,) = table.items(client)
    assert int(item["expires_at"]["N"]) == NOW // 1000 + 8 * DAY_S


def test_the_relay_has_nothing_to_tell_of_it(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    dynamo.put_circuit(Circuit("shumei"), failed(Circuit("shumei"), NOW, Trouble.ACCOUNT))
    (record,) = table.stream(client)
    assert change_of(record, dynamo) is None


def test_a_busy_table_is_not_taken_for_somebody_elses_write(
    client: DynamoDBClient, dynamo: DynamoStore
) -> None:
    with faults.answering(client, "ThrottlingException"):
        with pytest.raises(RetryLater):
            dynamo.put_circuit(Circuit("shumei"), Circuit("shumei", failures=1))
        with pytest.raises(RetryLater):
            dynamo.circuits(["shumei"])
