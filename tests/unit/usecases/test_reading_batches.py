"""Several results in one push: kept as they came, then taken apart, each for itself."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from earshot.domain.verdict import Finding, RiskLevel, Verdict
from earshot.domain.watch import Watch
from earshot.errors import RetryLater
from earshot.store.memory import MemoryStore
from earshot.store.port import Segment
from earshot.usecases.bus import Event
from earshot.usecases.outgoing import segment_event_id
from earshot.usecases.read_segment import ReadSegment
from earshot.vendors import registry

from tests.unit.support.fakes import SlipDoor, slip
from tests.unit.support.makers import START
from tests.unit.support.meddling import dies_at
from tests.unit.support.notes import Notes
from tests.unit.support.world import World


class SlipReader:
    """Every slip is a rejection of what its key names."""

    def read(self, body: bytes, options: Mapping[str, Any]) -> Sequence[Finding]:
        key = json.loads(body)["key"]
        return [Verdict(segment_id=key, vendor_task_id="task-1", risk_level=RiskLevel.REJECT)]


def heard() -> tuple[World, Watch, str]:
    world = World()
    watch = world.listening()
    return world, watch, str(watch.current_task)


def batch(*results: bytes) -> bytes:
    return b"[" + b", ".join(results) + b"]"


def kept_batch(world: World, ref: str, *results: bytes) -> Segment:
    """A batch as the door keeps it."""
    body = batch(*results)
    key = SlipDoor().take(body, {}, lambda: World.no_secrets("shumei", None)).key
    segment = Segment(ref, key, "shumei", body, world.clock(), is_batch=True)
    world.store.put_segment(segment)
    return segment


def relay(world: World, segment: Segment) -> list[Event]:
    read = ReadSegment(
        world.store, lambda _: SlipDoor(), lambda _: SlipReader(), world.starter, world.beats.append
    )
    return read(segment)


def parts(world: World, of: Segment) -> dict[str, Segment]:
    """What is kept beside the batch."""
    return {key: one for (ref, key), one in world.store._segments.items() if one != of and ref == of.task_ref}


# at the door


def test_a_batch_is_kept_whole_in_one_write_and_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "door", lambda _: SlipDoor())
    world, _, ref = heard()
    body = batch(slip(ref, "a"), b'{"no": "slip"}', slip(ref, "b"))
    assert [world.receive(ref, body), world.receive(ref, body)] == ["stored", "duplicate"]
    (segment,) = world.store._segments.values()
    assert (segment.body, segment.is_batch, segment.problem) == (body, True, None)


def test_one_result_is_no_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "door", lambda _: SlipDoor())
    world, _, ref = heard()
    world.receive(ref, slip(ref, "a"))
    (segment,) = world.store._segments.values()
    assert (segment.key, segment.is_batch) == ("a", False)


# taken apart


def test_each_result_becomes_an_item_of_its_own_and_the_batch_itself_tells_nothing(notes: Notes) -> None:
    world, _, ref = heard()
    whole = kept_batch(world, ref, slip(ref, "a"), slip(None, "b"))
    world.clock.forward(30)
    assert relay(world, whole) == []
    assert parts(world, whole) == {
        "a": Segment(ref, "a", "shumei", slip(ref, "a"), START),
        "b": Segment(ref, "b", "shumei", slip(None, "b"), START),
    }, "they came when the batch did"
    assert (notes.of("ES410")["results"], notes.of("ES410")["fresh"]) == (2, 2)


def test_what_became_of_a_batch_is_told_as_if_it_had_come_alone() -> None:
    world, _, ref = heard()
    whole = kept_batch(world, ref, slip(ref, "a"), slip(ref, "b"))
    relay(world, whole)
    told = [event for one in parts(world, whole).values() for event in relay(world, one)]
    assert [(kind, json.loads(detail)["segment_id"]) for kind, detail in told] == [
        ("SegmentJudged", "a"),
        ("SegmentJudged", "b"),
    ]
    assert [json.loads(detail)["event_id"] for _, detail in told] == [
        segment_event_id(ref, "a"),
        segment_event_id(ref, "b"),
    ]


def test_the_malformed_one_is_quarantined_whole_and_costs_the_others_nothing(notes: Notes) -> None:
    world, _, ref = heard()
    whole = kept_batch(world, ref, slip(ref, "a"), b'{"no": "slip"}', slip(ref, "c"))
    relay(world, whole)
    found = parts(world, whole)
    (odd,) = [one for one in found.values() if one.problem]
    assert (odd.body, odd.problem) == (b'{"no": "slip"}', "body: is no slip")
    assert odd.key.startswith("quarantine-")
    assert sorted(found) == ["a", "c", odd.key]
    assert notes.codes.count("ES302") == 1
    assert not odd.is_batch


def test_one_that_names_another_task_is_not_taken_for_this_ones() -> None:
    world, _, ref = heard()
    stranger = slip(f"{ref[:-2]}7a", "b")
    whole = kept_batch(world, ref, slip(ref, "a"), stranger)
    relay(world, whole)
    found = parts(world, whole)
    assert [one.body for one in found.values() if one.problem] == [stranger]
    assert sorted(key for key, one in found.items() if not one.problem) == ["a"]


def test_a_hits_only_task_keeps_the_hits_of_it() -> None:
    world, _, ref = heard()
    hits_ref = f"{ref[:-1]}h"
    results = (slip(hits_ref, "pass", hit=False), slip(hits_ref, "hit"))
    whole = kept_batch(world, hits_ref, *results)
    relay(world, whole)
    assert sorted(parts(world, whole)) == ["hit"]


def test_an_empty_batch_is_nothing() -> None:
    world, _, ref = heard()
    whole = kept_batch(world, ref)
    assert relay(world, whole) == []
    assert parts(world, whole) == {}


def test_a_batch_of_a_watch_that_nobody_knows_is_taken_apart_all_the_same() -> None:
    """Each of its results then says that nobody knows it."""
    world, _, _ = heard()
    ref = f"{'a' * 26}-primary-1a"
    whole = kept_batch(world, ref, slip(ref, "a"))
    relay(world, whole)
    assert sorted(parts(world, whole)) == ["a"]


# more than once


def test_a_batch_that_is_relayed_again_adds_nothing(notes: Notes) -> None:
    world, _, ref = heard()
    whole = kept_batch(world, ref, slip(ref, "a"), b'{"no": "slip"}', slip(ref, "c"))
    relay(world, whole)
    before = dict(world.store._segments)
    world.clock.forward(60)
    assert relay(world, whole) == []
    assert world.store._segments == before
    assert [vars(note)["fresh"] for note in notes.records if vars(note)["code"] == "ES410"] == [3, 0]


def test_a_result_that_came_before_by_itself_or_twice_in_the_batch_is_kept_once(notes: Notes) -> None:
    world, _, ref = heard()
    first = Segment(ref, "a", "shumei", b"as it came first", START)
    world.store.put_segment(first)
    whole = kept_batch(world, ref, slip(ref, "a"), slip(ref, "b"), slip(ref, "b"))
    relay(world, whole)
    assert sorted(parts(world, whole)) == ["a", "b"]
    assert world.store.segment(ref, "a") == first
    assert notes.of("ES410")["fresh"] == 1


def test_a_relay_that_dies_or_finds_the_table_busy_half_way_is_made_good_by_the_next() -> None:
    class Tiring(MemoryStore):
        left = 10**6

        def put_segment(self, segment: Segment) -> bool:
            self.left -= 1
            if self.left == -1:
                raise RetryLater("table_busy")
            return super().put_segment(segment)

    world = World(store=Tiring())
    ref = str(world.listening().current_task)
    whole = kept_batch(world, ref, slip(ref, "a"), slip(ref, "b"), slip(ref, "c"))
    assert isinstance(world.store, Tiring)
    world.store.left = 2
    with pytest.raises(RetryLater):
        relay(world, whole)
    dies_at(world.store, "put_segments")
    with pytest.raises(ConnectionError):
        relay(world, whole)
    relay(world, whole)
    assert sorted(parts(world, whole)) == ["a", "b", "c"]


def test_what_is_said_in_a_batch_is_not_noted(notes: Notes) -> None:
    world, _, ref = heard()
    relay(world, kept_batch(world, ref, slip(ref, "secret words"), b'{"no": "secret words"}'))
    assert "secret words" not in notes.text
