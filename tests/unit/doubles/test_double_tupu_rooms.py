"""Tupu's recorders in ZEGO's rooms, by fields that were agreed on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.doubles.clouds import people
from tests.unit.doubles.conftest import Time
from tests.unit.doubles.test_double_tupu_caller import MODERATION, Tupu

APP = "1234567890"
FIELDS = {"room": "roomId", "app": "appId", "token": "Token"}


@pytest.fixture
def tupu(rooms: Any, time: Time) -> Tupu:
    found = Tupu(time, {"zego": rooms.world})
    found.set(zego_fields=FIELDS)
    return found


def mint(rooms: Any, seconds: int = 3600) -> str:
    token: str = rooms.world.desk.mint(APP, seconds, "scaled", rooms.now)
    return token


def enter(tupu: Tupu, token: str, **fields: Any) -> str:
    return tupu.start(url=..., roomId="room-1", appId=APP, Token=token, **fields)


def test_the_recorder_is_in_the_room_while_the_task_runs(tupu: Tupu, rooms: Any) -> None:
    task = enter(tupu, mint(rooms))
    (life,) = rooms.rooms()
    assert [(one["by"], one["to"]) for one in life["recorders"]] == [(task, None)]
    tupu.run(30)
    tupu.close(task)
    tupu.run(40)
    assert rooms.rooms()[0]["recorders"][0]["to"]["at"] == 31
    assert (tupu.task(task)["token"], tupu.task(task)["billed_seconds"]) == ("ok", 31)
    assert tupu.task(task)["platform_room"] == "room-1"


@pytest.mark.parametrize("why", ["unknown", "used", "expired"])
def test_a_bad_token_is_taken_and_never_heard_of(tupu: Tupu, rooms: Any, time: Time, why: str) -> None:
    token = mint(rooms, 5)
    if why == "used":
        enter(tupu, token)
    if why == "expired":
        time.go(6)
    task = enter(tupu, "invented" if why == "unknown" else token)
    found = tupu.task(task)
    tupu.got.clear()
    tupu.run(60)
    assert found == found | {"token": why, "state": "running", "lost_by": "pull_failed", "billed_seconds": 0}
    assert tupu.task(task)["segments"]["made"] == 0
    assert rooms.journal("entrance")[-1]["result"] == why


def test_or_it_is_refused(tupu: Tupu) -> None:
    tupu.set(bad_token_code=14)
    room = tupu.stream(url=..., roomId="r", appId=APP, Token="invented")
    assert tupu.submit(room)["code"] == 14
    assert (tupu.verdict()["field"], tupu.state()["tasks"]) == ("Token", [])


def test_a_room_that_is_closed(tupu: Tupu, rooms: Any) -> None:
    people(rooms, "u", room="room-1")
    task = enter(tupu, mint(rooms))
    tupu.run(25)
    rooms.world.closes("room-1", rooms.now)
    tupu.run(60)
    found = tupu.task(task)
    assert found == found | {"state": "running", "lost": 25, "lost_by": "gone", "billed_seconds": 25}
    assert found["segments"]["made"] == 2


def test_a_forgotten_submission_uses_its_token_up(tupu: Tupu, rooms: Any) -> None:
    token = mint(rooms)
    tupu.faults({"on": "submit", "fault": "forget", "match": {"room": "room-1"}})
    enter(tupu, token)
    assert (tupu.state()["tasks"], rooms.rooms()) == ([], [])
    assert tupu.task(enter(tupu, token))["token"] == "used"


def test_a_duplicate_uses_its_token_up(tupu: Tupu, rooms: Any) -> None:
    tupu.set(duplicates="first")
    first, token = enter(tupu, mint(rooms)), mint(rooms)
    assert enter(tupu, token) == first
    assert rooms.world.desk.redeem(token, "x", rooms.now) == "used"


def test_a_plain_stream_enters_nothing(tupu: Tupu, rooms: Any) -> None:
    task = tupu.start([MODERATION])
    tupu.faults({"on": "submit", "fault": "forget"})
    tupu.start()
    assert (tupu.task(task)["token"], rooms.rooms()) == ("ok", [])


def test_without_zego_every_token_is_good_once(time: Time) -> None:
    tupu = Tupu(time)
    tupu.set(zego_fields=FIELDS)
    found = [tupu.task(enter(tupu, token))["token"] for token in ("a", "b", "a")]
    assert found == ["ok", "ok", "used"]
    tupu.faults({"on": "submit", "fault": "forget"})
    enter(tupu, "c")
    assert tupu.task(enter(tupu, "c"))["token"] == "used"
    tupu.close(tupu.state()["tasks"][0]["id"])
    tupu.run(2)
    assert tupu.state()["running"] == 3
