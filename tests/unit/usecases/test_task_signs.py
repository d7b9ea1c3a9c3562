"""What a callback tells besides its verdicts: the ear lives, another hears the same, a finished task listens on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from earshot.domain.verdict import Finding, Review, ReviewAction, RiskLevel, TaskEnd, Verdict
from earshot.domain.watch import Task, TaskState, Watch
from earshot.store.port import Segment
from earshot.usecases.read_segment import ReadSegment
from earshot.usecases.task_signs import is_heard_by
from earshot.vendors.port import Accepted

from tests.unit.support.fakes import SlipDoor
from tests.unit.support.makers import START, task
from tests.unit.support.notes import Notes
from tests.unit.support.world import World

TOKEN = "a-token"


class Room:
    """A room that a vendor hears, parked, and what comes of results of its tasks."""

    def __init__(self, **accepted: Any) -> None:
        self.world = World()
        self.world.vendor.outcomes = [Accepted("task-1", "sh", **{"signs_every_s": 10, **accepted})]
        self.watch = self.world.listening()
        self.world.store._tokens[self.watch.watch_id] = TOKEN
        self.findings: Sequence[Finding] = ()

    def read(self, body: bytes, options: Mapping[str, Any]) -> Sequence[Finding]:
        del body, options
        return self.findings

    def hears(self, *findings: Finding, ref: str | None = None) -> list[tuple[str, str]]:
        self.findings = findings
        world = self.world
        read = ReadSegment(
            world.store, lambda _: SlipDoor(), lambda _: self, world.starter, world.beats.append
        )
        return read(Segment(ref or str(self.fresh.current_task), "key", "shumei", b"", world.clock()))

    @property
    def fresh(self) -> Watch:
        return self.world.fresh(self.watch)

    def task(self, number: int = 1) -> Task:
        return next(one for one in self.world.tasks(self.watch) if one.number == number)


def verdict(began_s: float = 0, task_id: str = "task-1", **fields: Any) -> Verdict:
    """Ten seconds that begin so long after the start."""
    at = START + round(began_s * 1000)
    base = Verdict("segment", task_id, RiskLevel.PASS, started_at=at, ended_at=at + 10_000)
    return replace(base, **fields)


# signs of life


def test_a_segment_is_a_sign_of_life_and_keeps_the_machine_parked() -> None:
    room = Room()
    room.world.clock.forward(10)
    room.hears(verdict())
    assert (room.task().heard_at, room.world.beats) == (START + 10_000, [TOKEN])


def test_one_sign_in_three_is_noted() -> None:
    room = Room()
    for _ in range(13):
        room.world.clock.forward(5)
        room.hears(verdict())
    assert len(room.world.beats) == 4, (
        "within the minute in which silence becomes suspicious, three, and the first"
    )


def test_of_an_ear_that_gives_no_regular_signs_the_first_is_noted() -> None:
    room = Room(signs_every_s=None)
    for _ in range(9):
        room.world.clock.forward(100)
        room.hears(verdict())
    assert (len(room.world.beats), room.task().heard_at) == (1, START + 100_000)


def test_what_is_not_parked_is_not_beaten_for() -> None:
    room = Room()
    room.world.store._tokens.clear()
    room.hears(verdict())
    assert (room.world.beats, room.task().heard_at) == ([], START)


def test_the_end_of_an_ear_is_no_sign_of_life() -> None:
    room = Room()
    room.world.store.end_task(room.task().task_ref, START, 3001, None)
    room.hears(verdict())
    assert room.world.beats == []


def test_under_whatever_ref_its_segments_come_the_ear_lives() -> None:
    """An adopted task is pushed under the ref of the try that opened it."""
    room = Room()
    lost = replace(task(7), task_ref=f"{room.watch.watch_id}-7a", watch_id=room.watch.watch_id)
    lost = replace(lost, state=TaskState.UNKNOWN, vendor_task_id="task-1", accepted_at=None)
    room.world.store._tasks[lost.task_ref] = lost
    room.hears(verdict(), ref=lost.task_ref)
    assert (room.task().heard_at, room.world.beats) == (START, [TOKEN])


# heard twice


def ear(**fields: Any) -> Task:
    return task(2, **{"accepted_at": START + 60_000, "heard_at": START + 75_000, **fields})


def segment(at_s: float, vendor: str = "shumei") -> Segment:
    return Segment(task(1).task_ref, "key", vendor, b"", START + round(at_s * 1000))


@pytest.mark.parametrize(
    ("began_s", "came_s", "twice"),
    [(60, 70, True), (65, 76, True), (59, 69, False), (60, 69, False), (40, 90, False)],
)
def test_a_segment_that_the_next_ear_was_there_for_is_judged_by_that(
    began_s: float, came_s: float, twice: bool
) -> None:
    """By both clocks: the vendor's may be wrong, and its pushes late."""
    assert is_heard_by(ear(), segment(came_s), verdict(began_s)) is twice


@pytest.mark.parametrize(
    "later",
    [ear(heard_at=None), ear(ended_at=START + 80_000), ear(lost_at=START + 80_000), ear(finished_at=START)],
)
def test_not_before_that_has_given_a_sign_nor_after_its_end(later: Task) -> None:
    assert not is_heard_by(later, segment(90), verdict(70))


def test_what_is_no_verdict_on_a_time_is_told() -> None:
    assert not is_heard_by(ear(), segment(90), TaskEnd("task-1", 3001, None))
    assert not is_heard_by(ear(), segment(90), verdict(70, review=Review(ReviewAction.IGNORED)))
    assert not is_heard_by(ear(), segment(90), verdict(70, started_at=None))


@pytest.mark.parametrize("level", list(RiskLevel))
def test_a_hit_that_another_vendor_may_not_have_noticed_is_told(level: RiskLevel) -> None:
    found = verdict(70, risk_level=level)
    assert is_heard_by(ear(vendor="yidun"), segment(90), found) is (level is RiskLevel.PASS)
    assert is_heard_by(ear(), segment(90), found), "the same vendor hears the same"


def test_it_is_kept_and_not_told(notes: Notes) -> None:
    room = Room()
    room.world.vendor.outcomes = [Accepted("task-2", "sh", signs_every_s=10)]
    room.world.clock.forward(60)
    room.world.submit(room.watch, room.world.mint(room.watch))
    room.world.clock.forward(10)
    room.hears(verdict(60, "task-2"))
    room.world.clock.forward(10)
    assert room.hears(verdict(62), ref=room.task(1).task_ref) == []
    assert room.hears(verdict(49), ref=room.task(1).task_ref) != []
    assert notes.codes.count("ES411") == 1


# listening on


def finished(after_s: float = 60) -> Room:
    """A task whose end the vendor has acknowledged, in a room that goes on under another."""
    room = Room()
    room.world.clock.forward(after_s)
    room.world.store.finish_task(room.task().task_ref, room.world.clock())
    return room


def test_a_task_that_judges_what_was_said_long_after_its_end_is_finished_again(notes: Notes) -> None:
    room = finished()
    room.world.clock.forward(45)
    assert [kind for kind, _ in room.hears(verdict(95))] == ["SegmentJudged"]
    again = room.task()
    assert (again.finished_at, again.listened_at) == (None, room.world.clock())
    signal = room.fresh.signal
    assert signal is not None
    assert signal.name == "stray_task"
    assert "ES217" in notes.codes
    assert room.world.fresh(room.watch).last_word is None
    room.world.finish(room.watch)
    assert room.task().finished_at is not None


@pytest.mark.parametrize(("later_s", "began_s"), [(25, 75), (45, 85), (300, 55)])
def test_what_was_on_its_way_or_began_before_is_no_proof(later_s: float, began_s: float) -> None:
    room = finished()
    room.world.clock.forward(later_s)
    room.hears(verdict(began_s))
    assert (room.task().finished_at, room.fresh.signal) == (START + 60_000, None)


def test_in_a_room_that_is_over_an_execution_finishes_it_and_the_reaper_knows() -> None:
    room = finished()
    room.world.close_room(60)
    room.world.finish(room.watch)
    room.world.close(room.watch)
    room.world.clock.forward(100)
    room.hears(verdict(150))
    assert f"{room.watch.watch_id}-late-1" in room.world.starter.names
    assert [live.watch.watch_id for live in room.world.store.live_watches()] == [room.watch.watch_id]
