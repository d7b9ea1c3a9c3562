"""A vendor's push: proved, kept, acknowledged; in this order."""

import json
from typing import Any

import pytest
from earshot import callback_url
from earshot.domain import ids
from earshot.errors import BadInput, Refused, RetryLater, TooLarge
from earshot.store.memory import MemoryStore
from earshot.store.port import Segment
from earshot.usecases.receive_callback import MAX_BODY_BYTES, ReceiveCallback

from tests.unit.support import pushes
from tests.unit.support.makers import START, WATCH_ID
from tests.unit.support.notes import Notes
from tests.unit.support.world import KEY, World

REF = ids.task_ref(WATCH_ID, 1, hits_only=False)
OTHER_REF = ids.task_ref(WATCH_ID, 2, hits_only=False)
HITS_REF = ids.task_ref(WATCH_ID, 1, hits_only=True)


def kept(world: World) -> list[Segment]:
    return list(world.store._segments.values())


def test_a_push_is_kept_byte_for_byte() -> None:
    world = World()
    body = pushes.segment() + b"\n  "
    assert world.receive(REF, body) == "stored"
    (segment,) = kept(world)
    assert (segment.body, segment.task_ref, segment.received_at) == (body, REF, START)
    assert segment.problem is None


def test_the_same_segment_twelve_times_is_one() -> None:
    world = World()
    said = [world.receive(REF, pushes.segment()) for _ in range(12)]
    assert said == ["stored"] + ["duplicate"] * 11
    assert len(kept(world)) == 1


def test_segments_out_of_order_are_all_kept() -> None:
    world = World()
    for number in (7, 2, 9, 1):
        assert world.receive(REF, pushes.segment(number)) == "stored"
    assert len(kept(world)) == 4


def test_a_push_before_anything_is_known_of_its_task_is_kept() -> None:
    """The vendor is faster than our own submit; or the table lost the task. The address proves it all the same."""
    assert World().receive(REF, pushes.segment()) == "stored"


PROOF = callback_url.mac(KEY, "shumei", REF)


@pytest.mark.parametrize(
    "mac",
    ["", "a", PROOF[:-1], PROOF + "a", PROOF.upper(), "b" + PROOF[1:], "ｐ" * 32, "é", "\ud800", "🔑" * 8],
)
def test_a_bad_mac_is_refused_and_leaves_nothing(mac: str, notes: Notes) -> None:
    world = World()
    with pytest.raises(Refused) as refused:
        world.receive(REF, pushes.segment(), mac=mac)
    assert (refused.value.status, kept(world)) == (401, [])
    assert notes.codes == ["ES301"]
    assert REF not in notes.text, "an unproven address is not worth a line that anybody can write"


def test_the_mac_of_another_task_or_vendor_is_refused() -> None:
    world = World()
    for mac in (
        callback_url.mac(KEY, "shumei", OTHER_REF),
        callback_url.mac(KEY, "yidun", REF),
        callback_url.mac("another key", "shumei", REF),
    ):
        with pytest.raises(Refused):
            world.receive(REF, pushes.segment(), mac=mac)
    assert kept(world) == []


def test_an_unknown_vendor_is_refused_however_good_its_mac() -> None:
    world = World()
    for vendor in ("nobody", "", "../shumei", "Shumei"):
        with pytest.raises(Refused):
            world.receive(REF, pushes.segment(), vendor=vendor)
    assert kept(world) == []


def test_a_forged_push_is_not_even_parsed() -> None:
    world = World()
    with pytest.raises(Refused):
        world.receive(REF, b"{ not json", mac="x")
    with pytest.raises(Refused):
        world.receive(REF, b"", mac="x")


def test_keys_are_read_again_when_a_mac_does_not_fit() -> None:
    """A key was rotated a moment ago: the submitter has the new one, our memory the old."""
    asked: list[int | None] = []

    def keys(max_age_ms: int | None) -> tuple[str, ...]:
        asked.append(max_age_ms)
        return ("old",) if max_age_ms is None else ("new", "old")

    receive = ReceiveCallback(MemoryStore(), keys, World.no_secrets, lambda: START)
    newest = callback_url.mac("new", "shumei", REF)
    assert receive("shumei", REF, newest, pushes.segment(), {}) == {"status": "stored"}
    assert asked == [None, 10_000]


def test_a_mac_that_fits_asks_for_no_keys_again() -> None:
    asked: list[int | None] = []

    def keys(max_age_ms: int | None) -> tuple[str, ...]:
        asked.append(max_age_ms)
        return ("new", "old")

    receive = ReceiveCallback(MemoryStore(), keys, World.no_secrets, lambda: START)
    receive("shumei", REF, callback_url.mac("old", "shumei", REF), pushes.segment(), {})
    assert asked == [None]


@pytest.mark.parametrize(
    "body",
    [b"{", b"null", b"[]", b'"text"', b"\xff\xfe", b"code=1100", b"{}", b'{"code": 1100}', b"[" * 100_000],
)
def test_what_cannot_be_understood_is_kept_in_quarantine_and_acknowledged(body: bytes, notes: Notes) -> None:
    world = World()
    assert world.receive(REF, body) == "quarantined"
    (segment,) = kept(world)
    assert segment.body == body
    assert segment.problem
    assert segment.key.startswith("quarantine-")
    assert notes.codes == ["ES302"]


def test_quarantine_knows_repetitions_too() -> None:
    world = World()
    assert [world.receive(REF, b"{"), world.receive(REF, b"{"), world.receive(REF, b"{{")] == [
        "quarantined"
    ] * 3
    assert len(kept(world)) == 2


def test_an_empty_body_is_refused(notes: Notes) -> None:
    with pytest.raises(BadInput, match="body: is empty"):
        World().receive(REF, b"")
    assert notes.codes == ["ES304"]


@pytest.mark.parametrize(
    ("size", "taken"), [(1_048_576, True), (MAX_BODY_BYTES, True), (MAX_BODY_BYTES + 1, False)]
)
def test_a_megabyte_is_taken_and_much_more_is_not(size: int, taken: bool) -> None:
    world = World()
    empty = pushes.segment(detail={"requestParams": {"extra": ""}})
    body = empty.replace(b'"extra": ""', b'"extra": "' + b"x" * (size - len(empty)) + b'"')
    assert len(body) == size
    if taken:
        assert world.receive(REF, body) == "stored"
        assert kept(world)[0].body == body
    else:
        with pytest.raises(TooLarge):
            world.receive(REF, body)
        assert kept(world) == []


def test_the_end_and_a_trouble_are_not_taken_for_the_segment_of_the_same_id() -> None:
    world = World()
    same: dict[str, Any] = {"requestId": "task_1"}
    for body in (pushes.segment(**same), pushes.end(**same), pushes.segment(**same, code=1904)):
        assert world.receive(REF, body) == "stored"
    assert len({segment.key for segment in kept(world)}) == 3


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (pushes.segment(), "stored"),
        (pushes.segment(riskLevel="REVIEW"), "stored"),
        (pushes.segment(riskLevel="PASS"), "skipped"),
        (pushes.silence(), "skipped"),
        (pushes.segment(riskLevel=...), "stored"),
        (pushes.end(), "stored"),
        (pushes.segment(code=1904, riskLevel="PASS"), "stored"),
        (b"{", "quarantined"),
    ],
)
def test_a_hits_only_plan_keeps_everything_but_passes(body: bytes, said: str) -> None:
    world = World()
    assert world.receive(HITS_REF, body) == said
    assert len(kept(world)) == (said != "skipped")


def test_a_store_that_refuses_is_not_acknowledged() -> None:
    class Busy(MemoryStore):
        def put_segment(self, segment: Segment) -> bool:
            raise RetryLater("table_busy")

    for body in (pushes.segment(), b"{"):
        with pytest.raises(RetryLater):
            World(store=Busy()).receive(REF, body)


def test_neither_the_address_nor_what_was_said_is_noted(notes: Notes) -> None:
    world = World()
    for body in (pushes.segment(), json.dumps({"secret words": 1}).encode(), b'{"code": "secret words"'):
        world.receive(REF, body)
    assert callback_url.mac(KEY, "shumei", REF) not in notes.text
    assert "secret words" not in notes.text
    assert "example transcript" not in notes.text
