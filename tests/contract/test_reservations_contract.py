"""What a vendor's limits leave: slots in time, and of concurrent streams."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ReadTimeoutError
from earshot.errors import RetryLater
from earshot.store.dynamo.store import DynamoStore

from tests.contract import faults, table
from tests.contract.samples import NOW, Kept

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BUCKET, VENDOR = "mint:zego:1234567890", "shumei"
DAY_S = 86_400

# slots in time


def test_the_first_slot_is_now_and_the_others_follow(store: Kept) -> None:
    assert [store.reserve(BUCKET, NOW, 20_000) for _ in range(4)] == [NOW, NOW + 20, NOW + 40, NOW + 60]


def test_a_slot_that_lies_between_two_milliseconds_is_told_as_the_later_one(store: Kept) -> None:
    slots = [store.reserve(BUCKET, NOW, 1_500) for _ in range(5)]
    assert slots == [NOW, NOW + 2, NOW + 3, NOW + 5, NOW + 6]


def test_what_has_passed_unused_is_nobodys(store: Kept) -> None:
    store.reserve(BUCKET, NOW, 20_000)
    assert store.reserve(BUCKET, NOW + 500, 20_000) == NOW + 500
    assert store.reserve(BUCKET, NOW + 500, 20_000) == NOW + 520


def test_the_slot_at_this_very_moment_is_free(store: Kept) -> None:
    store.reserve(BUCKET, NOW, 20_000)
    assert store.reserve(BUCKET, NOW + 20, 20_000) == NOW + 20
    assert store.reserve(BUCKET, NOW + 20, 20_000) == NOW + 40


def test_a_slot_takes_as_long_as_its_taker_says(store: Kept) -> None:
    store.reserve(BUCKET, NOW, 20_000)
    store.reserve(BUCKET, NOW, 500_000)
    assert store.reserve(BUCKET, NOW, 20_000) == NOW + 520


@pytest.mark.parametrize("skew", [-40, 0, 40])
def test_clocks_that_differ_never_share_a_slot(store: Kept, skew: int) -> None:
    slots = [store.reserve(BUCKET, NOW + 5 * number + skew * (number % 2), 20_000) for number in range(50)]
    assert all(later - sooner >= 20 for sooner, later in pairwise(slots))


def test_buckets_are_apart(store: Kept) -> None:
    assert [store.reserve(name, NOW, 20_000) for name in ("a", "b", "a#b", "a:b")] == [NOW] * 4


def test_a_slot_that_would_come_too_late_is_not_taken(store: Kept) -> None:
    assert store.reserve_by(BUCKET, NOW, 20_000, NOW) == NOW
    assert store.reserve_by(BUCKET, NOW, 20_000, NOW + 19) is None
    assert store.reserve_by(BUCKET, NOW, 20_000, NOW + 20) == NOW + 20
    assert [store.reserve_by(BUCKET, NOW, 20_000, NOW + 39) for _ in range(9)] == [None] * 9
    assert store.reserve(BUCKET, NOW, 20_000) == NOW + 40, "those that were not taken are there"
    assert store.reserve_by(BUCKET, NOW + 500, 20_000, NOW + 499) is None, "it is later than that already"
    assert store.reserve_by(BUCKET, NOW + 500, 20_000, NOW + 500) == NOW + 500


def test_an_idle_bucket_is_gone_after_a_day(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    for now in (NOW, NOW, NOW + 5_000):
        dynamo.reserve(BUCKET, now, 20_000)
    (item,) = table.items(client)
    assert int(item["expires_at"]["N"]) == (NOW + 5_000) // 1000 + DAY_S


def test_a_slot_in_a_line_costs_one_write(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    dynamo.reserve(BUCKET, NOW, 20_000)
    with faults.counted(client) as calls:
        dynamo.reserve(BUCKET, NOW, 20_000)
    assert calls == {"UpdateItem": 1}
    with faults.counted(client) as calls:
        dynamo.reserve(BUCKET, NOW + 900, 20_000)
    assert calls == {"UpdateItem": 2}


def test_a_table_that_is_busy_gives_no_slot(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    with faults.answering(client, "ThrottlingException"), pytest.raises(RetryLater):
        dynamo.reserve(BUCKET, NOW, 20_000)
    assert dynamo.reserve(BUCKET, NOW, 20_000) == NOW


# streams


def test_no_more_streams_than_there_are(store: Kept) -> None:
    assert [store.take_stream(VENDOR, f"task-{n}", 3, NOW) for n in range(5)] == [True] * 3 + [False] * 2
    assert store.streams_held(VENDOR) == 3


def test_a_holder_holds_one_however_often_it_asks(store: Kept) -> None:
    assert [store.take_stream(VENDOR, "task-1", 2, NOW) for _ in range(4)] == [True] * 4
    assert store.streams_held(VENDOR) == 1
    store.take_stream(VENDOR, "task-2", 2, NOW)
    assert store.take_stream(VENDOR, "task-1", 2, NOW) is True, "also when all are taken"


def test_a_stream_is_freed_once(store: Kept) -> None:
    store.take_stream(VENDOR, "task-1", 2, NOW)
    store.take_stream(VENDOR, "task-2", 2, NOW)
    assert [store.free_stream(VENDOR, "task-1") for _ in range(3)] == [True, False, False]
    assert store.streams_held(VENDOR) == 1
    assert store.take_stream(VENDOR, "task-3", 2, NOW) is True
    assert store.take_stream(VENDOR, "task-4", 2, NOW) is False


def test_nobody_frees_what_he_does_not_hold(store: Kept) -> None:
    assert store.free_stream(VENDOR, "task-1") is False
    store.take_stream(VENDOR, "task-1", 2, NOW)
    assert store.free_stream("yidun", "task-1") is False
    assert (store.streams_held(VENDOR), store.streams_held("yidun")) == (1, 0)


def test_a_limit_may_change_while_streams_are_held(store: Kept) -> None:
    for number in range(3):
        store.take_stream(VENDOR, f"task-{number}", 3, NOW)
    store.free_stream(VENDOR, "task-0")
    assert store.take_stream(VENDOR, "task-4", 1, NOW) is False
    assert store.take_stream(VENDOR, "task-4", 9, NOW) is True


def test_of_none_nobody_gets_one(store: Kept) -> None:
    assert store.take_stream(VENDOR, "task-1", 0, NOW) is False
    assert store.streams_held(VENDOR) == 0


@pytest.mark.parametrize("of", ["task-1", "task-2"])
def test_transactions_that_meet_are_tried_again_a_few_times(
    client: DynamoDBClient, dynamo: DynamoStore, of: str
) -> None:
    dynamo.take_stream(VENDOR, "task-1", 2, NOW)
    met = faults.answering(client, "TransactionCanceledException", reasons=("None", "TransactionConflict"))
    with faults.counted(client) as calls, met, pytest.raises(RetryLater):
        dynamo.take_stream(VENDOR, of, 2, NOW)
    assert calls["TransactWriteItems"] == 5
    assert dynamo.take_stream(VENDOR, of, 2, NOW) is True


def test_a_table_that_cannot_be_reached_is_not_asked_again(
    client: DynamoDBClient, dynamo: DynamoStore
) -> None:
    gone = faults.raising(client, ReadTimeoutError(endpoint_url="https://dynamodb"))
    with faults.counted(client) as calls, gone, pytest.raises(RetryLater):
        dynamo.free_stream(VENDOR, "task-1")
    assert calls["TransactWriteItems"] == 1


def test_a_holder_that_is_forgotten_is_gone_some_day_and_the_count_stays(
    client: DynamoDBClient, dynamo: DynamoStore
) -> None:
    dynamo.take_stream(VENDOR, "task-1", 2, NOW)
    expiries = {item["kind"]["S"]: item.get("expires_at") for item in table.items(client)}
    assert expiries == {"stream": {"N": str(NOW // 1000 + 400 * DAY_S)}, "streams": None}


# who waits for one


def wait(store: Kept, *names: str, priority: int = 5, at: int = NOW) -> None:
    for name in names:
        store.await_stream(VENDOR, name, priority, at)


def test_the_line_is_by_priority_then_by_time(store: Kept) -> None:
    wait(store, "late", at=NOW + 9)
    wait(store, "early", "eager")
    wait(store, "last", priority=10, at=NOW - 9)
    wait(store, "first", priority=0, at=NOW + 99)
    assert store.waiting_streams(VENDOR, 9) == ["first", "eager", "early", "late", "last"]
    assert store.waiting_streams(VENDOR, 2) == ["first", "eager"]
    assert store.waiting_streams(VENDOR, 0) == []
    assert store.waiting_streams("yidun", 9) == []


def test_who_waits_keeps_the_place_that_it_came_to_first(store: Kept) -> None:
    wait(store, "a")
    wait(store, "b", at=NOW + 1)
    wait(store, "a", at=NOW + 2)
    wait(store, "b", priority=1, at=NOW + 3)
    assert store.waiting_streams(VENDOR, 9) == ["a", "b"]


def test_who_leaves_waits_no_longer_and_comes_again_as_the_last(store: Kept) -> None:
    wait(store, "a")
    wait(store, "b", at=NOW + 1)
    for _ in range(2):
        store.leave_streams(VENDOR, "a")
    store.leave_streams("yidun", "b")
    assert store.waiting_streams(VENDOR, 9) == ["b"]
    wait(store, "a", at=NOW + 2)
    assert store.waiting_streams(VENDOR, 9) == ["b", "a"]


def test_who_waits_holds_nothing(store: Kept) -> None:
    wait(store, "a", "b")
    assert store.streams_held(VENDOR) == 0
    assert store.free_stream(VENDOR, "a") is False
    assert store.take_stream(VENDOR, "a", 1, NOW) is True
    assert store.waiting_streams(VENDOR, 9) == ["a", "b"]


def test_a_line_leaves_nothing_behind(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    wait(dynamo, "a", "b")
    assert all("expires_at" in item for item in table.items(client))
    for name in ("a", "b"):
        dynamo.leave_streams(VENDOR, name)
    assert table.items(client) == []
