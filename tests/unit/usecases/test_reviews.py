"""What a person judged overrides what a machine had; what was found out beside a verdict is told by itself."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from earshot.contract.moderation_events import SegmentDescribed, SegmentJudged
from earshot.domain.verdict import (
    Description,
    Finding,
    Review,
    ReviewAction,
    RiskLevel,
    TaskEnd,
    Verdict,
)
from earshot.domain.watch import Watch
from earshot.store.memory import MemoryStore
from earshot.store.port import Segment
from earshot.usecases.outgoing import segment_event_id
from earshot.usecases.read_segment import ReadSegment

from tests.unit.support.fakes import SlipDoor
from tests.unit.support.makers import START
from tests.unit.support.world import World

EARLY, LATER = "10-20#", "20-30#"
IGNORED = Review(ReviewAction.IGNORED, about=(EARLY,))


def verdict(review: Review | None = None, **fields: Any) -> Verdict:
    return Verdict(
        **{
            "segment_id": "s",
            "vendor_task_id": "task-1",
            "risk_level": RiskLevel.REJECT,
            "review": review,
            **fields,
        }
    )


@dataclass
class Room:
    """A room that is listened to; what its results come to is what the test says."""

    world: World = field(default_factory=World)
    watch: Watch = field(init=False)
    findings: dict[str, Sequence[Finding]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.watch = self.world.listening()

    @property
    def ref(self) -> str:
        return str(self.watch.current_task)

    def read(self, body: bytes, options: Mapping[str, Any]) -> Sequence[Finding]:
        assert options == self.watch.plan["vendor_options"]
        return self.findings[body.decode()]

    def keep(self, key: str, *findings: Finding, ref: str | None = None) -> Segment:
        """A result that has come."""
        segment = Segment(ref or self.ref, key, "shumei", key.encode(), self.world.clock())
        self.findings[key] = findings or [verdict()]
        self.world.store.put_segment(segment)
        return segment

    def tell(self, segment: Segment) -> list[dict[str, Any]]:
        """Its events, with their kinds."""
        world = self.world
        relay = ReadSegment(
            world.store, lambda _: SlipDoor(), lambda _: self, world.starter, world.beats.append
        )
        return [{"kind": kind, **json.loads(detail)} for kind, detail in relay(segment)]

    def judged(self, segment: Segment) -> SegmentJudged:
        (event,) = self.tell(segment)
        assert event.pop("kind") == "SegmentJudged"
        return SegmentJudged.model_validate(event)


# reviews


def test_a_review_names_the_events_of_the_results_that_it_overrides() -> None:
    room = Room()
    told = [room.judged(room.keep(key)) for key in (f"{EARLY}anna", f"{EARLY}ben", f"{LATER}anna")]
    review = room.judged(room.keep("review#1", verdict(IGNORED)))
    assert review.revises == [told[0].event_id, told[1].event_id]


def test_it_may_be_about_several_stretches() -> None:
    room = Room()
    told = [room.judged(room.keep(key)) for key in (f"{EARLY}anna", f"{LATER}anna", "image#10-x")]
    about = Review(ReviewAction.CUT, about=(LATER, "image#10-", "30-40#"))
    review = room.judged(room.keep("review#1", verdict(about)))
    assert review.revises == [told[1].event_id, told[2].event_id]


def test_a_verdict_that_was_kept_and_not_yet_told_is_named_by_the_id_that_it_will_have() -> None:
    room = Room()
    machine = room.keep(f"{EARLY}anna")
    review = room.judged(room.keep("review#1", verdict(IGNORED)))
    assert review.revises == [room.judged(machine).event_id]


def test_a_review_that_came_before_the_verdict_overrides_nothing_yet() -> None:
    room = Room()
    review = room.keep("review#1", verdict(IGNORED))
    first = room.judged(review)
    assert first.revises == []
    late = room.judged(room.keep(f"{EARLY}anna"))
    again = room.judged(review)
    assert (again.event_id, again.revises) == (first.event_id, [late.event_id])


def test_a_review_of_everything_names_nothing() -> None:
    room = Room()
    room.keep(f"{EARLY}anna")
    assert room.judged(room.keep("review#1", verdict(Review(ReviewAction.WARNED)))).revises == []


def test_results_of_another_task_are_not_overridden() -> None:
    room = Room()
    room.keep(f"{EARLY}anna", ref=f"{room.watch.watch_id}-9a")
    assert room.judged(room.keep("review#1", verdict(IGNORED))).revises == []


def test_what_a_reviewer_did_is_told() -> None:
    room = Room()
    done = Review(ReviewAction.WARNED, START + 1_500, "rv-9", by_vendor=False, warnings=2)
    event = room.judged(room.keep("review#1", verdict(done, risk_level=RiskLevel.REVIEW)))
    assert event.review
    assert event.review.model_dump(mode="json") == {
        "action": "warned",
        "acted_at": "2026-11-21T02:00:01.500Z",
        "reviewer": "rv-9",
        "by_vendor": False,
        "warnings": 2,
    }
    assert event.risk_level is RiskLevel.REVIEW


def test_what_a_reviewer_did_not_say_is_null() -> None:
    room = Room()
    event = room.judged(room.keep("review#1", verdict(Review(ReviewAction.HINTED, acted_at=-1))))
    assert event.review
    assert (event.review.acted_at, event.review.reviewer, event.review.warnings) == (None, None, None)


def test_a_machines_verdict_overrides_nothing_and_asks_the_table_for_nothing() -> None:
    class Sealed(MemoryStore):
        def segment_keys(self, task_ref: str, prefix: str) -> list[str]:
            raise AssertionError(prefix)

    room = Room(World(store=Sealed()))
    event = room.judged(room.keep(f"{EARLY}anna"))
    assert (event.review, event.revises) == (None, [])


# descriptions

WHOLE = Description(
    "task-1",
    started_at=START + 10,
    ended_at=START + 20,
    speaker_id="anna",
    text="example transcript",
    language="zh",
    silent=False,
    traits={"gender": "female", "minor": True},
)


def test_a_description_is_told_whole() -> None:
    room = Room()
    ((event),) = room.tell(room.keep("asr#10-20#", WHOLE))
    assert event.pop("kind") == "SegmentDescribed"
    told = SegmentDescribed.model_validate(event)
    assert (told.watch_id, told.vendor, told.task_id) == (room.watch.watch_id, "shumei", "task-1")
    assert (told.started_at, told.ended_at) == ("2026-11-21T02:00:00.010Z", "2026-11-21T02:00:00.020Z")
    assert (told.speaker_id, told.text, told.language) == ("anna", "example transcript", "zh")
    assert (told.silent, told.traits) == (False, {"gender": "female", "minor": True})
    assert told.event_id == segment_event_id(room.ref, "asr#10-20#")


def test_what_is_not_known_is_null() -> None:
    room = Room()
    (event,) = room.tell(room.keep("asr#", Description("task-1")))
    fields = ("started_at", "ended_at", "speaker_id", "text", "language", "silent")
    assert [event[name] for name in fields] == [None] * 6
    assert event["traits"] == {}


def test_a_description_after_the_room_closed_is_late() -> None:
    room = Room()
    room.world.close_room(60)
    assert room.tell(room.keep("asr#1", WHOLE))[0]["late"] is False
    room.world.clock.forward(1)
    assert room.tell(room.keep("asr#2", WHOLE))[0]["late"] is True


# several findings in one result


def test_findings_of_one_result_have_ids_of_their_own_that_never_change() -> None:
    """Who drops repetitions by their id must not drop the description of the verdict before it."""
    room = Room()
    segment = room.keep(f"{EARLY}anna", verdict(), WHOLE, Description("task-1", language="zh"))
    events = room.tell(segment)
    assert [event["kind"] for event in events] == ["SegmentJudged", "SegmentDescribed", "SegmentDescribed"]
    assert len({event["event_id"] for event in events}) == 3
    assert room.tell(segment) == events


def test_a_review_overrides_the_verdict_of_such_a_result() -> None:
    room = Room()
    events = room.tell(room.keep(f"{EARLY}anna", verdict(), WHOLE))
    review = room.judged(room.keep("review#1", verdict(IGNORED)))
    assert review.revises == [events[0]["event_id"]]


def test_the_end_of_the_task_may_stand_between_them() -> None:
    room = Room()
    events = room.tell(room.keep("k", verdict(), TaskEnd("task-1", 3, 12.5), WHOLE))
    assert [event["kind"] for event in events] == ["SegmentJudged", "SegmentDescribed"]
    assert room.world.tasks(room.watch)[0].end_code == 3
