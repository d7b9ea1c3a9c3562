"""Who is in which room, from reports in any order and any number of times; and webhooks that were dealt with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest
from earshot.domain.attendance import Attendance, Person
from earshot.domain.room import Room
from earshot.store.dynamo.store import DynamoStore
from earshot.store.port import KeptNotice

from tests.contract import faults, table
from tests.contract.samples import NOW, ODD_IDS, ROOM, Kept, occurrence
from tests.contract.test_store_dynamo_items import DAY_S, EXPIRY, NOW_S

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LATER = NOW + 1_000
LONG = "x" * 2_000


def person(
    user_id: str = "user-7", *, here: bool = True, at: int = NOW, order: str = "1", **more: Any
) -> Person:
    return Person(user_id, here, at, order, **more)


# --- people


def test_nobody_is_in_a_room_that_nobody_entered(store: Kept) -> None:
    assert store.anybody_in(ROOM, 0) is None


@pytest.mark.parametrize("psid", [None, "6085791336856668982"])
def test_a_person_is_read_back_as_seen(store: Kept, psid: str | None) -> None:
    assert store.see_person(ROOM, person(platform_session_id=psid)) is True
    assert store.anybody_in(ROOM, 0) == person(platform_session_id=psid)


@pytest.mark.parametrize(("since", "found"), [(NOW - 1, True), (NOW, False), (NOW + 1, False)])
def test_only_who_was_seen_after_a_time_counts(store: Kept, since: int, found: bool) -> None:
    store.see_person(ROOM, person())
    assert (store.anybody_in(ROOM, since) is not None) is found


def test_who_has_left_is_gone_and_may_come_back(store: Kept) -> None:
    store.see_person(ROOM, person())
    assert store.see_person(ROOM, person(here=False, order="2")) is True
    assert store.anybody_in(ROOM, 0) is None
    assert store.see_person(ROOM, person(order="3", at=LATER)) is True
    assert store.anybody_in(ROOM, 0) == person(order="3", at=LATER)


REPORTS = [
    person(at=NOW, order="0001"),
    person(here=False, at=NOW + 1, order="0002"),
    person(at=NOW + 2, order="0003"),
]


@pytest.mark.parametrize(
    "reports", list(permutations(REPORTS)), ids=lambda each: "".join(r.order[-1] for r in each)
)
def test_reports_of_a_person_may_come_in_any_order_and_again(
    store: Kept, reports: tuple[Person, ...]
) -> None:
    newest = ""
    for report in (*reports, *reversed(reports), *reports):
        assert store.see_person(ROOM, report) is (report.order >= newest), "the same again is taken"
        newest = max(newest, report.order)
    assert store.anybody_in(ROOM, 0) == REPORTS[2]


def test_an_order_decides_and_not_the_time(store: Kept) -> None:
    store.see_person(ROOM, person(here=False, at=NOW, order="9"))
    assert store.see_person(ROOM, person(at=LATER, order="10")) is False, "as text"
    assert store.anybody_in(ROOM, 0) is None


def test_reports_without_an_order_are_the_latest_each(store: Kept) -> None:
    assert store.see_person(ROOM, person(order="")) is True
    assert store.see_person(ROOM, person(order="", here=False)) is True
    assert store.anybody_in(ROOM, 0) is None
    assert store.see_person(ROOM, person(order="1")) is True
    assert store.see_person(ROOM, person(order="", here=False)) is False


def test_a_person_who_left_leaves_the_others(store: Kept) -> None:
    for name in ("a", "b", "c"):
        store.see_person(ROOM, person(name))
    store.see_person(ROOM, person("a", here=False, order="2"))
    store.see_person(ROOM, person("c", here=False, order="2"))
    assert store.anybody_in(ROOM, 0) == person("b")


def test_people_are_of_their_room(store: Kept) -> None:
    store.see_person(ROOM, person())
    others = (
        Room("agora", ROOM.app_id, ROOM.room_id),
        Room("zego", "2", ROOM.room_id),
        Room("zego", ROOM.app_id, "other"),
    )
    assert [store.anybody_in(room, 0) for room in others] == [None] * 3


@pytest.mark.parametrize("odd", [*ODD_IDS, LONG, "PERSON#", "ATTENDANCE"])
def test_odd_names_of_rooms_and_people(store: Kept, odd: str) -> None:
    room = Room("zego", odd, odd)
    store.see_person(room, person("z"))
    store.see_person(room, person("z", here=False, order="2"))
    assert store.see_person(room, person(odd)) is True
    assert store.anybody_in(room, 0) == person(odd)
    store.note_left(room, NOW, NOW)
    assert [here.room for here in store.due_rooms(NOW, 9)] == [room]


def test_long_names_that_end_differently_are_two_people(store: Kept) -> None:
    store.see_person(ROOM, person(LONG + "a"))
    store.see_person(ROOM, person(LONG + "b", here=False))
    assert store.anybody_in(ROOM, 0) == person(LONG + "a")


@contextmanager
def _small_pages(client: DynamoDBClient) -> Iterator[None]:
    """As with more than a megabyte of people."""

    def limit(params: dict[str, Any], **_: Any) -> None:
        params["Limit"] = 3

    client.meta.events.register("provide-client-params.dynamodb.Query", limit)
    try:
        yield
    finally:
        client.meta.events.unregister("provide-client-params.dynamodb.Query", limit)


def test_one_person_behind_pages_of_departed_ones_is_found(
    client: DynamoDBClient, dynamo: DynamoStore
) -> None:
    for number in range(10):
        dynamo.see_person(ROOM, person(f"user-{number}", here=False))
    with _small_pages(client), faults.counted(client) as calls:
        assert dynamo.anybody_in(ROOM, 0) is None
    assert calls["Query"] == 4
    dynamo.see_person(ROOM, person("zz"))
    with _small_pages(client):
        assert dynamo.anybody_in(ROOM, 0) == person("zz")
        assert dynamo.anybody_in(ROOM, NOW) is None


# --- what is noted of a room


def test_an_attendance_that_nobody_wrote_is_empty(store: Kept) -> None:
    assert store.attendance(ROOM) == Attendance(ROOM)


@pytest.mark.parametrize("times", list(permutations((1, 2, 3))))
def test_the_latest_departure_stands_with_its_look(store: Kept, times: tuple[int, ...]) -> None:
    for at in (*times, *times):
        store.note_left(ROOM, NOW + at, LATER + at)
    assert store.attendance(ROOM) == Attendance(ROOM, left_at=NOW + 3, due_at=LATER + 3)


def test_the_same_departure_again_puts_nothing_off(store: Kept) -> None:
    store.note_left(ROOM, NOW, LATER)
    store.note_left(ROOM, NOW, LATER + 60_000)
    assert store.attendance(ROOM).due_at == LATER


@pytest.mark.parametrize("times", list(permutations((1, 2, 3))))
def test_the_latest_close_stands_and_asks_for_no_look(store: Kept, times: tuple[int, ...]) -> None:
    for at in (*times, *times):
        store.note_closed(ROOM, NOW + at)
    assert store.attendance(ROOM) == Attendance(ROOM, closed_at=NOW + 3)
    assert store.due_rooms(LATER * 2, 9) == []


def test_a_close_and_a_departure_leave_each_other_alone(store: Kept) -> None:
    store.note_closed(ROOM, NOW + 5)
    store.note_left(ROOM, NOW, LATER)
    store.note_closed(ROOM, NOW + 6)
    assert store.attendance(ROOM) == Attendance(ROOM, closed_at=NOW + 6, left_at=NOW, due_at=LATER)


def test_the_room_itself_is_not_touched(store: Kept) -> None:
    store.claim(ROOM, occurrence(), 0, [])
    before = store.room(ROOM)
    store.see_person(ROOM, person())
    store.note_left(ROOM, NOW, NOW)
    store.note_closed(ROOM, NOW)
    assert store.room(ROOM) == before


# --- webhooks that were dealt with


def test_a_notice_is_known_by_platform_app_and_key(store: Kept) -> None:
    assert store.knows_notice("zego", "1", "key") is False
    store.put_notice(KeptNotice("zego", "1", "key", NOW))
    store.put_notice(KeptNotice("zego", "1", "key", LATER))
    assert store.knows_notice("zego", "1", "key") is True
    others = (("agora", "1", "key"), ("zego", "2", "key"), ("zego", "1", "other"), ("zego", "1k", "ey"))
    assert [store.knows_notice(*other) for other in others] == [False] * 4


@pytest.mark.parametrize("odd", [*ODD_IDS, LONG])
def test_odd_keys_of_notices(store: Kept, odd: str) -> None:
    store.put_notice(KeptNotice("zego", odd, odd, NOW))
    assert store.knows_notice("zego", odd, odd) is True


def test_what_was_not_understood_is_kept_with_its_body_and_longer(
    client: DynamoDBClient, dynamo: DynamoStore
) -> None:
    dynamo.put_notice(KeptNotice("zego", "1", "known", NOW))
    dynamo.put_notice(KeptNotice("zego", "1", "odd", NOW, body=b"\xff{", problem="event: is missing"))
    plain, odd = sorted(table.items(client), key=len)
    assert ("body" in plain, int(plain[EXPIRY]["N"])) == (False, NOW_S + DAY_S)
    assert (odd["body"], odd["problem"]) == ({"B": b"\xff{"}, {"S": "event: is missing"})
    assert int(odd[EXPIRY]["N"]) == NOW_S + 30 * DAY_S


# --- what expires


@pytest.mark.parametrize(("here", "days"), [(True, 400), (False, 2)])
def test_who_left_is_forgotten_sooner(
    client: DynamoDBClient, dynamo: DynamoStore, here: bool, days: int
) -> None:
    dynamo.see_person(ROOM, person(here=here))
    (item,) = table.items(client)
    assert int(item[EXPIRY]["N"]) == NOW_S + days * DAY_S
