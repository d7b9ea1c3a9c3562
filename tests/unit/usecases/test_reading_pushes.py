"""What a stored push comes to: events, facts about its task, signals."""

import json
from typing import Any

import pytest
from earshot.contract.moderation_events import SegmentJudged
from earshot.domain.watch import SignalName, TaskState, Watch
from earshot.errors import OutcomeUnknown
from earshot.vendors.port import Accepted

from tests.unit.support import pushes
from tests.unit.support.makers import TASK_ID, WATCH_ID
from tests.unit.support.notes import Notes
from tests.unit.support.world import World


def heard() -> tuple[World, Watch, str]:
    """A room that the vendor listens to under its sample task id."""
    world = World()
    world.vendor.outcomes = [Accepted(TASK_ID, "sh")]
    watch = world.listening(attributes={"any": {"json": ["回", None]}}, account_id="host-42")
    return world, watch, str(watch.current_task)


def judged(world: World, ref: str, body: bytes, key: str = "k") -> SegmentJudged:
    ((kind, detail),) = world.read(ref, body, key)
    assert kind == "SegmentJudged"
    return SegmentJudged.model_validate(json.loads(detail))


def test_a_verdict_is_told_whole() -> None:
    world, watch, ref = heard()
    event = judged(world, ref, pushes.segment())
    assert (event.watch_id, event.session_id, event.room.room_id) == (
        watch.watch_id,
        watch.session_id,
        "room-1001",
    )
    assert (event.vendor, event.task_id, event.segment_id) == (
        "shumei",
        TASK_ID,
        f"{TASK_ID}_stream-7_3",
    )
    assert (event.risk_level, event.speaker_id, event.text) == ("REJECT", "user-7", "example transcript")
    assert [label.model_dump() for label in event.labels] == [
        {"code": "abuse", "vendor_code": "210", "score": 0.87}
    ]
    assert (event.started_at, event.ended_at) == ("2023-11-14T22:13:40.000Z", "2023-11-14T22:13:50.000Z")
    assert event.audio_url == "https://media.example.com/clip/3.mp3"
    assert event.attributes == {"any": {"json": ["回", None]}}
    assert (event.occurred_at, event.late) == ("2026-11-21T02:00:00.000Z", False)


def test_silence_is_told_without_labels() -> None:
    world, _, ref = heard()
    event = judged(world, ref, pushes.silence())
    assert (event.risk_level, event.labels, event.text) == ("PASS", [], "")


def test_the_same_push_read_again_has_the_same_event_id() -> None:
    world, _, ref = heard()
    first, again = judged(world, ref, pushes.segment()), judged(world, ref, pushes.segment())
    assert first == again
    assert judged(world, ref, pushes.segment(4), key="k4").event_id != first.event_id


def test_late_is_what_came_after_the_room_closed() -> None:
    world, watch, ref = heard()
    world.close_room(60)
    assert judged(world, ref, pushes.segment()).late is False, "in the same millisecond"
    world.clock.forward(1)
    assert judged(world, ref, pushes.segment()).late is True
    world.finish(watch)
    world.close(watch)
    assert judged(world, ref, pushes.segment()).late is True


def test_an_unknown_label_is_kept_counted_and_not_dropped(notes: Notes) -> None:
    world, _, ref = heard()
    event = judged(world, ref, pushes.segment(detail={"riskType": 999}))
    assert [(label.code, label.vendor_code) for label in event.labels] == [("unknown", "999")]
    assert notes.of("ES402")["vendor_code"] == "999"


def test_a_push_for_a_watch_that_nobody_knows_is_kept_and_alarmed(notes: Notes) -> None:
    world, _, _ = heard()
    assert world.read("nosuchsession0000000000000-primary-1a", pushes.segment()) == []
    assert "ES401" in notes.codes


def test_a_push_for_a_task_that_the_watch_does_not_know_is_told_and_alarmed(notes: Notes) -> None:
    world, watch, _ = heard()
    assert judged(world, f"{watch.watch_id}-9a", pushes.segment())
    assert "ES401" in notes.codes


def test_an_unreadable_push_tells_nothing_and_stops_nothing(notes: Notes) -> None:
    world, _, ref = heard()
    assert world.read(ref, pushes.segment(riskLevel=...)) == []
    assert notes.of("ES403")["problem"] == "riskLevel: is missing or not one of PASS, REVIEW, REJECT"


def test_the_end_of_a_task_is_a_fact_and_a_signal(notes: Notes) -> None:
    world, watch, ref = heard()
    assert world.read(ref, pushes.end(3005, 86_390)) == []
    (task,) = world.tasks(watch)
    assert (task.ended_at, task.end_code, task.vendor_seconds) == (world.clock(), 3005, 86_390.0)
    pending = world.fresh(watch).signal
    assert pending
    assert pending.name is SignalName.TASK_ENDED
    assert "ES405" in notes.codes


def test_the_first_report_of_an_end_stands() -> None:
    world, watch, ref = heard()
    world.read(ref, pushes.end(3005, 10))
    world.clock.forward(5)
    world.read(ref, pushes.end(3003, 15), key="another")
    assert world.tasks(watch)[0].end_code == 3005


def test_an_end_that_we_asked_for_wakes_nobody() -> None:
    world, watch, ref = heard()
    world.finish(watch)
    world.read(ref, pushes.end(None, 60))
    assert world.tasks(watch)[0].vendor_seconds == 60.0
    assert world.fresh(watch).signal is None


def test_the_vendors_own_trouble_is_noted_and_ends_nothing(notes: Notes) -> None:
    world, watch, ref = heard()
    assert world.read(ref, pushes.segment(code=1903, riskLevel=...)) == []
    assert world.tasks(watch)[0].ended_at is None
    assert notes.of("ES408")["vendor_code"] == 1903


def test_a_failed_pull_ends_the_task() -> None:
    world, watch, ref = heard()
    bare = pushes.encode({"code": 1904, "message": "拉流失败", "requestId": TASK_ID})
    assert world.read(ref, bare) == []
    assert world.tasks(watch)[0].end_code == 1904
    assert world.fresh(watch).signal


# --- tasks that nobody knew


def lost_submission(*outcomes: Any) -> tuple[World, Watch, str]:
    """The vendor accepted and we never heard; then the other outcomes."""
    world = World()
    watch = world.opened()
    world.vendor.outcomes = [OutcomeUnknown("no_answer"), *outcomes]
    with pytest.raises(OutcomeUnknown):
        world.submit(watch, world.mint(watch))
    return world, watch, f"{watch.watch_id}-1a"


def test_a_push_tells_the_id_of_a_lost_task_and_it_is_a_stray(notes: Notes) -> None:
    world, watch, lost = lost_submission()
    assert judged(world, lost, pushes.segment()).task_id == TASK_ID
    (task,) = world.tasks(watch)
    assert (task.vendor_task_id, task.finished_at) == (TASK_ID, None)
    pending = world.fresh(watch).signal
    assert pending
    assert pending.name is SignalName.STRAY_TASK
    assert "ES404" in notes.codes


def test_a_stray_is_released_while_the_room_goes_on() -> None:
    world, watch, lost = lost_submission()
    world.submit(watch, world.mint(watch))
    world.read(lost, pushes.segment())
    state = world.advise(watch)
    assert (state["next"], state["release"]) == ("watch", True)
    world.finish(watch, release=True)
    assert [call[0] for call in world.vendor.finished] == [TASK_ID]


def test_an_adopted_twin_is_not_a_stray(notes: Notes) -> None:
    """The duplicate was adopted under a second ref; the first one's pushes go on coming to its own address."""
    world, watch, lost = lost_submission(Accepted(TASK_ID, "sh", adopted=True))
    world.submit(watch, world.mint(watch))
    world.read(lost, pushes.segment())
    assert world.fresh(watch).signal is None
    assert "ES404" not in notes.codes
    world.read(lost, pushes.end(3005, 100))
    assert [task.end_code for task in world.tasks(watch)] == [3005, 3005]


def test_a_stray_is_reported_until_it_is_finished_and_not_after() -> None:
    world, watch, lost = lost_submission()
    world.read(lost, pushes.segment())
    world.advise(watch, "RetryLater")
    assert world.fresh(watch).signal is None
    world.clock.forward(10)
    world.read(lost, pushes.segment(4), key="4")
    assert world.fresh(watch).signal, "one lost signal must not cost a night"
    world.finish(watch)
    world.advise(watch, "RetryLater")
    world.read(lost, pushes.segment(5), key="5")
    assert world.fresh(watch).signal is None


def test_a_stray_after_the_watch_ended_starts_a_late_finish_once() -> None:
    world, watch, lost = lost_submission()
    world.close_room()
    world.finish(watch)
    world.close(watch)
    for number in (1, 2):
        world.read(lost, pushes.segment(number), key=str(number))
    assert world.starter.names == [watch.watch_id, f"{watch.watch_id}-late-1"]
    assert world.starter.calls[-1] == (f"{watch.watch_id}-late-1", "finish")
    world.finish(watch)
    assert [call[0] for call in world.vendor.finished] == [TASK_ID]
    world.close(watch)
    ledger = world.fresh(watch).ledger
    assert ledger
    assert (ledger["unresolved"], ledger["unfinished"]) == ([], [])


def test_a_push_between_call_and_answer_loses_nothing() -> None:
    """Its task is still being submitted: the id is learned, and the acceptance that follows is the same task."""
    world = World()
    watch = world.opened()

    def pushed_meanwhile(submission: Any) -> Accepted:
        judged(world, submission.task_ref, pushes.segment(1))
        return Accepted(TASK_ID, "sh")

    world.vendor.outcomes = [pushed_meanwhile]
    world.submit(watch, world.mint(watch))
    (task,) = world.tasks(watch)
    assert (task.state, task.vendor_task_id) == (TaskState.RUNNING, TASK_ID)
    state = world.advise(watch)
    assert (state["next"], state["release"]) == ("watch", False)


def test_the_sample_watch_id_is_the_one_of_the_sample_events() -> None:
    world = World()
    assert world.opened(platform_session_id="6085791336856668982").watch_id == WATCH_ID
