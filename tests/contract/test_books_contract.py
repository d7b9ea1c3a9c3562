"""The totals of days, levels of spending, and credentials that nobody used."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from earshot.domain.books import Page, Total
from earshot.domain.lifecycle import Advice, Next
from earshot.domain.watch import Status, Watch
from earshot.errors import CredentialClaimed, RetryLater
from earshot.store.dynamo import keys
from earshot.store.dynamo.store import DynamoStore

from tests.contract import faults, table
from tests.contract.samples import NOW, SESSION, WATCH_ID, Kept, credential, open_task, task, watch

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DAY = "2027-01-15"


def total(audited: float = 60.0, **fields: Any) -> Total:
    return Total(
        **{"day": DAY, "vendor": "shumei", "app_id": "1", "plan": "default", "audited_s": audited, **fields}
    )


def page(*totals: Total, until: int = NOW, **booked: Any) -> Page:
    return Page(until, totals, {"days": booked, "in_all": {}})


@pytest.fixture(autouse=True)
def _a_watch(request: pytest.FixtureRequest) -> None:
    name = "store" if "store" in request.fixturenames else "dynamo"
    if name in request.fixturenames:
        request.getfixturevalue(name).add_watch(watch())


def fresh(store: Kept) -> Watch:
    return store.watch(WATCH_ID)


# totals


def test_a_page_is_added_and_the_mark_moves(store: Kept) -> None:
    entry = page(total(59.123, calls=2, watches=1), until=NOW + 5, x={"shumei": {"audited_s": 59.123}})
    assert store.book(watch(), entry, NOW) is True
    assert store.totals(DAY) == [total(59.123, calls=2, watches=1)]
    here = fresh(store)
    assert (here.accrued_until, here.booked) == (NOW + 5, entry.booked)


def test_a_page_that_is_repeated_adds_nothing(store: Kept) -> None:
    """Whoever does not know whether it was written writes it again."""
    entry = page(total())
    assert [store.book(watch(), entry, NOW) for _ in range(3)] == [True, False, False]
    assert store.totals(DAY) == [total(60.0)]


def test_of_two_who_saw_the_same_one_adds(store: Kept) -> None:
    store.book(watch(), page(total()), NOW)
    seen = fresh(store)
    assert store.book(seen, page(total(1.0), until=NOW + 1), NOW) is True
    assert store.book(seen, page(total(1.0), until=NOW + 2), NOW) is False
    assert store.totals(DAY) == [total(61.0)]


def test_a_watch_that_nobody_knows_has_no_totals(store: Kept) -> None:
    assert store.book(watch(f"{SESSION}-shadow"), page(total()), NOW) is False
    assert store.totals(DAY) == []


def test_totals_are_apart_by_day_vendor_app_and_plan(store: Kept) -> None:
    apart = [
        total(1.0),
        total(2.0, day="2027-01-16"),
        total(3.0, vendor="yidun"),
        total(4.0, app_id="2"),
        total(5.0, app_id="2#default", plan="x"),
        total(6.0, app_id="2", plan="default#x"),
        total(7.0, app_id="应" * 256, plan="计划" * 90),
    ]
    store.book(watch(), page(*apart), NOW)
    assert sorted(one.audited_s for one in store.totals(DAY)) == [1.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    assert store.totals("2027-01-16") == [apart[1]]
    assert store.totals("2027-01-17") == []


def test_what_was_added_too_much_is_taken_back(store: Kept) -> None:
    store.book(watch(), page(total(60.0)), NOW)
    taken = total(-20.5, unmoderated_s=20.5)
    store.book(fresh(store), page(taken, until=NOW + 1), NOW)
    assert store.totals(DAY) == [total(39.5, unmoderated_s=20.5)]


def test_many_rooms_come_to_one_total(store: Kept) -> None:
    chance = random.Random(7)
    lasted = [chance.randrange(1, 9_999_999) / 1000 for _ in range(40)]
    for number, seconds in enumerate(lasted):
        one = watch(f"{SESSION}-room{number}")
        store.add_watch(one)
        store.book(one, page(total(seconds, watches=1)), NOW)
    assert store.totals(DAY) == [total(round(sum(lasted), 3), watches=40)]


def test_a_page_without_anything_new_moves_the_mark_alone(store: Kept) -> None:
    assert store.book(watch(), page(until=NOW + 7), NOW) is True
    assert (fresh(store).accrued_until, store.totals(DAY)) == (NOW + 7, [])


def test_booking_leaves_the_rest_of_the_watch_alone(store: Kept) -> None:
    store.resolve(watch(), Advice(Next.MINT, status=Status.INTERRUPTED, reason="why", troubles=3), NOW + 1)
    before = fresh(store)
    store.book(before, page(total()), NOW)
    assert replace(fresh(store), accrued_until=None, booked=None) == before


def test_an_ended_watch_may_still_be_booked(store: Kept) -> None:
    store.close_watch(replace(watch(), reason="room_closed", closed_at=NOW), {}, NOW)
    assert store.book(fresh(store), page(total()), NOW) is True


def test_the_places_of_a_day_share_the_rooms_evenly() -> None:
    chance = random.Random(7)
    names = [
        "".join(chance.choices("abcdefghijklmnopqrstuvwxyz234567", k=26)) + "-primary" for _ in range(4_000)
    ]
    of_each = [sum(keys.place_of(name) == place for name in names) for place in range(keys.PLACES)]
    assert min(of_each) > 400


def test_a_total_expires_after_a_year(dynamo: DynamoStore, client: DynamoDBClient) -> None:
    dynamo.book(watch(), page(total()), NOW)
    (item,) = (item for item in table.items(client) if item["pk"]["S"].startswith("TOTAL#"))
    assert int(item["expires_at"]["N"]) == NOW // 1000 + 400 * 86_400
    assert item["kind"]["S"] == "total", "its changes are told to nobody"


def test_a_busy_total_is_tried_again_later(dynamo: DynamoStore, client: DynamoDBClient) -> None:
    reasons = ("None", "TransactionConflict")
    with (
        faults.answering(client, "TransactionCanceledException", reasons=reasons),
        pytest.raises(RetryLater),
    ):
        dynamo.book(watch(), page(total()), NOW)
    assert dynamo.totals(DAY) == []


# levels


def test_a_level_is_written_with_its_reason(store: Kept) -> None:
    assert store.set_level(watch(), 2, {"cap": "room", "at": NOW}) is True
    assert (fresh(store).level, fresh(store).spend) == (2, {"cap": "room", "at": NOW})


def test_a_level_is_decided_on_the_one_before(store: Kept) -> None:
    assert store.set_level(watch(), 1, {}) is True
    assert store.set_level(watch(), 2, {}) is False
    assert store.set_level(fresh(store), 3, {}) is True
    assert store.set_level(fresh(store), 0, None) is True
    assert (fresh(store).level, fresh(store).spend) == (0, None)
    assert store.set_level(fresh(store), 1, {}) is True


def test_an_ended_watch_and_an_unknown_one_have_no_level(store: Kept) -> None:
    store.close_watch(replace(watch(), reason="room_closed", closed_at=NOW), {}, NOW)
    assert store.set_level(watch(), 1, {}) is False
    assert store.set_level(watch(f"{SESSION}-shadow"), 1, {}) is False


def test_a_task_knows_the_level_that_it_was_submitted_at(store: Kept) -> None:
    store.put_credential(credential(), NOW)
    store.open_task(task(level=2))
    assert store.tasks(WATCH_ID)[0].level == 2


# credentials


def test_credentials_that_nobody_used_are_forgotten_and_counted(store: Kept) -> None:
    open_task(store, 1)
    for number in (2, 3):
        store.put_credential(credential(number), NOW)
    assert store.drop_credentials(WATCH_ID) == 2
    assert store.drop_credentials(WATCH_ID) == 0
    with pytest.raises(CredentialClaimed):
        store.open_task(task(2))


def test_credentials_of_another_watch_stay(store: Kept) -> None:
    other = f"{WATCH_ID}-abcdefghijklmnop"
    store.put_credential(credential(1, other), NOW)
    assert store.drop_credentials(WATCH_ID) == 0
    assert store.drop_credentials(other) == 1
