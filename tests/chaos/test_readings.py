"""The readers of vendors' books, on the books of a quiet room: whatever a double says of itself, they find."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from earshot.vendors import registry

from local.chaos.reading import READINGS, doubles_of, limits_of, readings
from tests.chaos import vendors
from tests.chaos.playing import Outcome, Playing
from tests.chaos.scenario import Act, Scenario
from tests.chaos.vendors import Heard

OPENS, CLOSES = 10.0, 700.0
WHOLE = "stream"
"""What Volcengine says of a stream in an answer that has no slice."""
ROOMS = {"volcengine": "volcengine", "yitu": "url"}
"""By double, the platform of its room, if not ZEGO."""
PRODUCTS = {
    "shumei v2": Heard("shumei", "shumei"),
    "shumei v4": Heard("shumei", "shumei", {"generation": "v4"}),
    "shumei v4_video": Heard("shumei", "shumei", {"generation": "v4_video", "detectFrequency": 30}),
    "yidun": Heard("yidun", "yidun"),
    "tupu": Heard("tupu", "tupu", vendors.tupu_options()),
    "volcengine content": Heard("volcengine", "volcengine_content", vendors.content_options()),
    "volcengine news": Heard(
        "volcengine", "volcengine_content", vendors.content_options(), behaves={"poll_returns": "new"}
    ),
    "volcengine rtc": Heard("volcengine", "volcengine", vendors.rtc_options()),
    "volcengine_zego": Heard("volcengine_zego", "volcengine_content", vendors.zego_options()),
    "yitu": Heard("yitu", "yitu"),
    "lyrebird": Heard("lyrebird", "lyrebird"),
}


def play(heard: Heard) -> tuple[Playing, Outcome]:
    """One room, somebody in it who talks, nothing that goes wrong."""
    made = Scenario(1, {"default": {"vendor": heard.name, "vendors": {heard.name: heard.options}}}, (heard,))
    made.acts = sorted(acts(ROOMS.get(heard.double, "zego"), made), key=lambda act: act.at)
    playing = Playing(made)
    return playing, playing.play()


def acts(platform: str, made: Scenario) -> Iterator[Act]:
    if platform == "url":
        made.spans["url", "r"] = [(OPENS, CLOSES)]
        yield Act(OPENS, "room_event", ("url", "RoomOpened", "r", OPENS))
        yield Act(CLOSES, "room_event", ("url", "RoomClosed", "r", CLOSES))
        return
    for user in ("1", "2"):
        yield Act(OPENS, "person", (platform, "person_enters", "r", user))
        yield Act(OPENS + 1, "person", (platform, "publishes", "r", user))
        yield Act(CLOSES, "person", (platform, "person_leaves", "r", user))


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_quiet_room_is_in_the_books_whole(product: str) -> None:
    heard = PRODUCTS[product]
    playing, outcome = play(heard)
    assert not outcome.wrong, "\n".join(outcome.wrong)
    reading = next(one for one in READINGS if (one.vendor, one.double) == (heard.name, heard.double))
    ((task,), (watch,)) = outcome.books.tasks, outcome.books.watches
    assert (task.vendor, task.watch_id, task.entered) == (heard.name, watch.watch_id, True)
    assert (task.how, task.lost) == ("finished", None)
    assert task.answered is not None
    assert 0 <= task.answered - task.started < 1
    assert task.finished is not None
    assert task.ended is not None
    assert 0 <= task.ended - task.finished <= 1
    assert (task.end_told is not None) == reading.tells_end
    assert task.silent_s <= reading.deaf_s + 2 * outcome.books.segment_s
    assert watch.ledger is not None
    assert {entry["task_id"] for entry in watch.ledger["tasks"]} == {task.id}
    _submissions_are_read(outcome, has_credential=_has_credential(heard))
    _results_are_read(outcome, _told(playing, heard.double))


def _has_credential(heard: Heard) -> bool:
    return bool(
        registry.needs_credential(heard.name, registry.check_options(heard.name, "room_mixed", heard.options))
    )


def _submissions_are_read(outcome: Outcome, *, has_credential: bool) -> None:
    (sent,) = outcome.books.submissions
    (task,) = outcome.books.tasks
    assert (sent.watch_id, sent.taken, sent.second) == (task.watch_id, True, task.started)
    assert bool(sent.credential) == has_credential


def _told(playing: Playing, double: str) -> int:
    """How many results were taken, as the double counts them; of Tupu several stand in one push."""
    state = playing.cloud.doubles.worlds[double].state(playing.cloud.clock.now())
    (task,) = state["tasks"]
    pushed: int = task["segments"]["acknowledged"] + task.get("frames", {}).get("acknowledged", 0)
    return pushed or int(task.get("polled", 0))


def _results_are_read(outcome: Outcome, told: int) -> None:
    (task,) = outcome.books.tasks
    assert {push.task_id for push in outcome.books.pushes} == {task.id}
    names = {push.segment_id for push in outcome.books.pushes}
    assert len(names) == len(outcome.books.pushes) >= told > 10
    judged = [event.detail for event in outcome.books.events if event.kind == "SegmentJudged"]
    assert {one["segment_id"] for one in judged} - {WHOLE} == names
    if outcome.books.tasks[0].vendor != "yidun":  # whose hits are not looked at
        hits = {one["segment_id"] for one in judged if one["risk_level"] != "PASS"} - {WHOLE}
        assert {push.segment_id for push in outcome.books.pushes if push.is_hit} == hits != set()


def test_every_vendor_has_a_reader() -> None:
    assert {one.vendor for one in READINGS} == set(registry.names())
    assert set(vendors.SHARES) == set(registry.names())


def test_two_vendors_of_one_double_are_not_read_together() -> None:
    with pytest.raises(ValueError, match="one double"):
        readings(["volcengine", "volcengine_zego"])


@pytest.mark.parametrize(
    ("double", "codes"),
    [
        ("zego", {206, 207}),
        ("shumei", {1901, 1904}),
        ("tupu", {17}),
        ("volcengine", {100018, 100019}),
        ("volcengine_content", {1004}),
        ("lyrebird", {2005, 2006}),
        ("yitu", {4029, 4030}),
        ("gin", set()),
    ],
)
def test_limits_are_told_by_codes(double: str, codes: set[Any]) -> None:
    assert limits_of(double) == codes


def test_a_vendor_of_several_products_has_several_doubles() -> None:
    assert doubles_of("volcengine") == ["volcengine_content", "volcengine"]
