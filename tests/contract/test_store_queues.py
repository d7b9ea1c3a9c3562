"""What all functions share towards one vendor: turns, stops that wait, polls; and many results at once."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from earshot.errors import RetryLater
from earshot.store.dynamo.changes import change_of
from earshot.store.dynamo.store import DynamoStore
from earshot.store.port import SegmentChange, WaitingStop

from tests.contract import faults, table
from tests.contract.samples import NOW, Kept, accepted, open_task, segment, task, watch

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

REF = task().task_ref
QUEUE = "yidun:audio"
SOURCE = "yidun:audio"
NOISE = random.Random(7).randbytes(800_000)

# turns


def test_one_taker_in_an_interval_and_the_others_are_told_how_long_it_lasts(store: Kept) -> None:
    assert store.take_turn("t", NOW, 1_000) == 0
    assert store.take_turn("t", NOW, 1_000) == 1_000
    assert store.take_turn("t", NOW + 400, 1_000) == 600
    assert store.take_turn("t", NOW + 999, 1_000) == 1


def test_the_next_turn_is_taken_when_the_interval_is_over_and_begins_another(store: Kept) -> None:
    store.take_turn("t", NOW, 1_000)
    assert store.take_turn("t", NOW + 1_000, 1_000) == 0
    assert store.take_turn("t", NOW + 1_100, 1_000) == 900


def test_asking_in_vain_postpones_nothing(store: Kept) -> None:
    store.take_turn("t", NOW, 1_000)
    for late in (100, 500, 900):
        store.take_turn("t", NOW + late, 5_000)
    assert store.take_turn("t", NOW + 1_000, 1_000) == 0


def test_the_interval_is_the_takers(store: Kept) -> None:
    store.take_turn("t", NOW, 200)
    assert store.take_turn("t", NOW + 200, 5_000) == 0
    assert store.take_turn("t", NOW + 400, 200) == 4_800


def test_a_clock_that_is_behind_does_not_shorten_the_interval(store: Kept) -> None:
    store.take_turn("t", NOW, 1_000)
    assert store.take_turn("t", NOW - 300, 1_000) == 1_300


def test_turns_of_different_names_are_apart(store: Kept) -> None:
    assert [store.take_turn(name, NOW, 1_000) for name in ("a", "b", "a#b", "a/b")] == [0] * 4


# stops


def ask(store: Kept, *names: str, queue: str = QUEUE) -> None:
    for name in names:
        store.ask_stop(queue, WaitingStop(name, known_ended=False), NOW)


def waiting(store: Kept, first: str, limit: int = 100, queue: str = QUEUE) -> list[str]:
    return [stop.vendor_task_id for stop in store.waiting_stops(queue, first, limit)]


def test_a_stop_waits_until_it_is_settled(store: Kept) -> None:
    assert waiting(store, "") == []
    ask(store, "b")
    assert waiting(store, "") == ["b"]
    store.settle_stop(QUEUE, "b")
    assert waiting(store, "") == []


def test_what_waits_is_known_with_what_it_is_to_us(store: Kept) -> None:
    stop = WaitingStop("b", known_ended=True, task_refs=("ref-1", "ref-2"))
    store.ask_stop(QUEUE, stop, NOW)
    assert store.waiting_stops(QUEUE, "b", 9) == [stop]


def test_asked_twice_it_waits_once_and_what_was_last_known_stands(store: Kept) -> None:
    ask(store, "b")
    store.ask_stop(QUEUE, WaitingStop("b", known_ended=True), NOW + 1)
    assert store.waiting_stops(QUEUE, "b", 10) == [WaitingStop("b", known_ended=True)]


def test_whoever_asks_comes_first_then_those_behind_then_those_before(store: Kept) -> None:
    ask(store, "d", "b", "e", "a", "c")
    assert waiting(store, "c") == ["c", "d", "e", "a", "b"]
    assert waiting(store, "a") == ["a", "b", "c", "d", "e"]
    assert waiting(store, "e") == ["e", "a", "b", "c", "d"]


def test_one_that_waits_no_longer_is_not_first(store: Kept) -> None:
    ask(store, "a", "b", "c", "d")
    store.settle_stop(QUEUE, "c")
    assert waiting(store, "c") == ["d", "a", "b"]


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 6])
def test_no_more_than_the_limit_however_they_lie(store: Kept, limit: int) -> None:
    ask(store, "a", "b", "c", "d", "e")
    assert waiting(store, "d", limit) == ["d", "e", "a", "b", "c"][:limit]


def test_to_settle_what_nobody_asked_for_does_nothing(store: Kept) -> None:
    store.settle_stop(QUEUE, "a")
    ask(store, "a")
    store.settle_stop(QUEUE, "b")
    store.settle_stop("another", "a")
    assert waiting(store, "a") == ["a"]


def test_queues_are_apart(store: Kept) -> None:
    ask(store, "a", "b")
    ask(store, "a", "z", queue="yidun:wall")
    store.settle_stop(QUEUE, "a")
    assert waiting(store, "a", queue="yidun:wall") == ["a", "z"]
    assert waiting(store, "a") == ["b"]


# who fetches results


def lease(store: Kept, holder: str, fresh: str, now: int = NOW, lasts: int = 1_000) -> str | None:
    return store.lease_poll(SOURCE, holder, now, now + lasts, fresh)


def test_the_first_batch_has_the_first_id_and_keeps_it(store: Kept) -> None:
    assert lease(store, "one", "id-1") == "id-1"
    assert lease(store, "one", "id-2", NOW + 10) == "id-1", "it is not known to be kept"


def test_one_holder_at_a_time(store: Kept) -> None:
    lease(store, "one", "id-1")
    assert lease(store, "two", "id-2", NOW + 999) is None
    assert lease(store, "one", "id-3", NOW + 999) == "id-1"


def test_a_lease_that_is_renewed_lasts_longer(store: Kept) -> None:
    lease(store, "one", "id-1")
    lease(store, "one", "id-2", NOW + 900)
    assert lease(store, "two", "id-3", NOW + 1_000) is None


def test_who_takes_over_fetches_the_same_batch_again(store: Kept) -> None:
    lease(store, "one", "id-1")
    assert lease(store, "two", "id-2", NOW + 1_000) == "id-1"
    assert lease(store, "one", "id-3", NOW + 1_001) is None


def test_a_kept_batch_is_followed_by_another_id(store: Kept) -> None:
    lease(store, "one", "id-1")
    assert store.turn_page(SOURCE, "one", "id-2", NOW + 1_000) is True
    assert lease(store, "one", "id-3") == "id-2"
    assert lease(store, "two", "id-4", NOW + 1_000) == "id-2"


def test_a_turned_page_prolongs_the_lease(store: Kept) -> None:
    lease(store, "one", "id-1")
    store.turn_page(SOURCE, "one", "id-2", NOW + 5_000)
    assert lease(store, "two", "id-3", NOW + 4_999) is None


def test_only_the_holder_turns_the_page(store: Kept) -> None:
    assert store.turn_page(SOURCE, "one", "id-0", NOW + 1_000) is False, "nobody holds it"
    lease(store, "one", "id-1")
    assert store.turn_page(SOURCE, "two", "id-2", NOW + 9_000) is False
    assert lease(store, "two", "id-3", NOW + 1_000) == "id-1", "neither its id nor its end has changed"
    assert store.turn_page(SOURCE, "one", "id-4", NOW + 9_000) is False, "the lease was lost"
    assert lease(store, "two", "id-5", NOW + 1_001) == "id-1"


def test_a_lease_that_is_ended_is_free_at_once_with_its_batch(store: Kept) -> None:
    lease(store, "one", "id-1")
    store.end_lease(SOURCE, "one")
    assert lease(store, "two", "id-2") == "id-1"


def test_nobody_ends_somebody_elses_lease(store: Kept) -> None:
    store.end_lease(SOURCE, "two")
    lease(store, "one", "id-1")
    store.end_lease(SOURCE, "two")
    assert lease(store, "two", "id-2") is None


def test_sources_are_apart(store: Kept) -> None:
    lease(store, "one", "id-1")
    assert store.lease_poll("yidun:wall", "two", NOW, NOW + 1_000, "id-2") == "id-2"


# many results at once


def test_those_that_are_new_are_counted(store: Kept) -> None:
    many = [segment(key=f"k{number:02}", body=b"%d" % number) for number in range(40)]
    assert store.put_segments(many[:25]) == 25
    assert store.put_segments(many) == 15
    assert store.put_segments(many) == 0
    assert [store.segment(REF, one.key) for one in many] == many


def test_many_may_be_of_several_tasks_or_none_at_all(store: Kept) -> None:
    assert store.put_segments([segment(), segment(task_ref=task(2).task_ref)]) == 2
    assert store.put_segments([]) == 0


def test_a_large_one_among_them_is_whole(store: Kept) -> None:
    large = segment(key="large", body=NOISE)
    assert store.put_segments([segment(), large]) == 2
    assert store.segment(REF, "large") == large


def test_a_table_that_refuses_is_not_taken_for_a_duplicate(
    client: DynamoDBClient, dynamo: DynamoStore
) -> None:
    with faults.answering(client, "ThrottlingException"), pytest.raises(RetryLater):
        dynamo.put_segments([segment(), segment("another")])
    assert dynamo.put_segments([segment(), segment("another")]) == 2


def test_a_batch_stays_one(store: Kept) -> None:
    batch = segment(key="batch#1", body=b"[{}, {}]", is_batch=True)
    assert store.put_segment(batch) is True
    assert store.segment(REF, "batch#1") == batch
    store.put_segment(segment())
    assert store.segment(REF, segment().key) == segment()


def test_the_stream_tells_of_a_batch_that_it_is_one(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    batch = segment(key="batch#1", body=b"[{}, {}]", is_batch=True)
    dynamo.put_segment(batch)
    (record,) = table.stream(client)
    change = change_of(record, dynamo)
    assert isinstance(change, SegmentChange)
    assert change.load() == batch


def test_keys_are_found_by_how_they_begin(store: Kept) -> None:
    for key in ("10-20#a", "10-20#b", "10-200#a", "110-20#a", "review#10-20#", "10-20", "10_20#c"):
        store.put_segment(segment(key=key))
    assert store.segment_keys(REF, "10-20#") == ["10-20#a", "10-20#b"]
    assert store.segment_keys(REF, "10-20#b") == ["10-20#b"]
    assert store.segment_keys(REF, "10-20#bc") == []


def test_keys_of_other_tasks_are_not_found(store: Kept) -> None:
    store.put_segment(segment(key="10-20#a"))
    store.put_segment(segment(key="10-20#z", task_ref=f"{REF}b"))
    store.put_segment(segment(key="10-20#b", task_ref=task(2).task_ref))
    assert store.segment_keys(REF, "10-20#") == ["10-20#a"]
    assert store.segment_keys(task(3).task_ref, "10-20#") == []


def test_a_large_body_has_one_key_and_a_long_key_is_not_looked_for(store: Kept) -> None:
    store.put_segment(segment(key="10-20#a", body=NOISE))
    store.put_segment(segment(key="10-20#" + "x" * 600))
    assert store.segment_keys(REF, "") == ["10-20#a"]
    assert store.segment_keys(REF, "10-20#") == ["10-20#a"]
    assert store.segment_keys(REF, "10-20#" + "x" * 600) == []


def test_more_keys_than_a_page_holds_are_all_found(client: DynamoDBClient, dynamo: DynamoStore) -> None:
    """A page of a query ends at 1 MB of items, whatever of them is asked for."""
    many = [segment(key=f"k{number}", body=NOISE[:300_000]) for number in range(8)]
    dynamo.put_segments(many)
    with faults.counted(client) as calls:
        assert dynamo.segment_keys(REF, "k") == [one.key for one in many]
    assert calls["Query"] > 1


# the time of a renewal


def test_when_an_ear_is_to_be_replaced_is_kept_with_its_acceptance(store: Kept) -> None:
    store.add_watch(watch())
    open_task(store)
    lasting = replace(accepted(), renew_at=NOW + 3_480_000)
    store.accept_task(watch(), lasting, NOW)
    assert store.task(REF) == lasting
    assert store.tasks(lasting.watch_id) == [lasting]


def test_an_ear_that_nothing_ends_has_no_such_time(store: Kept) -> None:
    store.add_watch(watch())
    open_task(store)
    store.accept_task(watch(), accepted(), NOW)
    held = store.task(REF)
    assert held
    assert held.renew_at is None
