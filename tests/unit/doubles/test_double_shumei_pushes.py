"""Delivery: success is 200, else again, twelve times in all; and the orders that spoil it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from local.doubles.model import Json
    from tests.unit.doubles.conftest import Shumei, Time


def times(shumei: Shumei, number: int = 0) -> list[float]:
    return [at for at, push in shumei.got if json.loads(push.body)["requestId"].endswith(f"_{number}")]


def numbers(arrived: list[Json]) -> list[int]:
    return [int(body["requestId"].rsplit("_", 1)[1]) for body in arrived]


def test_twelve_attempts_with_growing_intervals(shumei: Shumei) -> None:
    task = shumei.start(returnFinishInfo=False)
    shumei.run(10, status=500)
    shumei.finish(task)
    shumei.run(10_000, status=500)
    assert times(shumei) == [10, 15, 25, 40, 60, 85, 115, 150, 190, 235, 285, 340]
    assert shumei.task(task)["segments"] == {"made": 1, "pushed": 1, "acknowledged": 0, "given_up": 1}


@pytest.mark.parametrize("status", [201, 204, 301, 302, 400, 404, 429, 500, None])
def test_only_200_is_success(shumei: Shumei, status: int | None) -> None:
    answers = iter([status, 200])
    task = shumei.start(returnFinishInfo=False)
    shumei.run(18, status=lambda _: next(answers))
    assert times(shumei) == [10, 15]
    assert shumei.task(task)["segments"]["acknowledged"] == 1


def test_ladder_and_number_of_attempts_are_settings(shumei: Shumei) -> None:
    shumei.set(max_pushes=4, push_intervals=[1, 2])
    task = shumei.start(returnFinishInfo=False)
    shumei.run(10, status=500)
    shumei.finish(task)
    shumei.run(100, status=500)
    assert times(shumei) == [10, 11, 13, 15]


def test_pushes_carry_what_the_server_needs(shumei: Shumei) -> None:
    shumei.set(push_timeout=2.5, push_content_type="application/json")
    shumei.start(top={"callback": "http://10.141.16.179:8900/"})
    shumei.run(10)
    push = shumei.got[0][1]
    assert (push.url, push.timeout, push.content_type) == (
        "http://10.141.16.179:8900/",
        2.5,
        "application/json",
    )


def test_slow_receiver_does_not_stop_the_world(shumei: Shumei, time: Time) -> None:
    shumei.start()
    time.to(30)
    pushes = shumei.world.advance(time.now)
    assert len(pushes) == 3
    assert shumei.world.advance(time.now) == []


def test_journal_of_attempts(shumei: Shumei) -> None:
    answers = iter([503, None, 200])
    task = shumei.start(returnFinishInfo=False)
    shumei.run(10, status=lambda _: next(answers))
    shumei.finish(task)
    shumei.run(100, status=lambda _: next(answers))
    entries = shumei.journal("push")
    assert [entry["status"] for entry in entries] == [503, "no answer", 200]
    assert [entry["attempt"] for entry in entries] == [1, 2, 3]
    assert {entry["request_id"] for entry in entries} == {f"{task}_0"}
    assert [entry["sent_second"] for entry in entries] == [10, 15, 25]


def test_delayed_push(shumei: Shumei) -> None:
    shumei.faults({"on": "push", "fault": "delay", "seconds": 25, "match": {"number": 0}})
    shumei.start()
    assert numbers(shumei.run(40)) == [1, 2, 0, 3]
    assert times(shumei) == [35]


def test_dropped_push_counts_as_an_attempt(shumei: Shumei) -> None:
    shumei.faults({"on": "push", "fault": "drop", "times": 2})
    shumei.start()
    shumei.run(19.9)
    assert times(shumei) == []
    shumei.run(25)
    assert times(shumei) == [25]
    assert [e["status"] for e in shumei.journal("push")][:2] == ["dropped", "dropped"]
    assert shumei.got[-1][1].attempt == 3


def test_push_that_is_always_dropped_is_lost(shumei: Shumei) -> None:
    shumei.faults({"on": "push", "fault": "drop", "times": None, "match": {"number": "1"}})
    task = shumei.start(returnFinishInfo=False)
    shumei.run(30)
    shumei.finish(task)
    assert numbers([json.loads(p.body) for _, p in shumei.got]) == [0, 2]
    shumei.run(1000)
    assert shumei.task(task)["segments"] == {"made": 3, "pushed": 3, "acknowledged": 2, "given_up": 1}


def test_duplicated_push(shumei: Shumei) -> None:
    shumei.faults({"on": "push", "fault": "duplicate", "copies": 2})
    task = shumei.start()
    assert numbers(shumei.run(10)) == [0, 0, 0]
    assert [entry["copy"] for entry in shumei.journal("push")] == [0, 1, 2]
    assert shumei.task(task)["segments"]["acknowledged"] == 1


def test_copies_decide_nothing(shumei: Shumei) -> None:
    shumei.faults({"on": "push", "fault": "duplicate"})
    shumei.start()
    shumei.run(16, status=lambda push: 500 if push.copy else 200)
    assert times(shumei) == [10, 10]


def test_reordered_push_comes_after_the_next_one(shumei: Shumei) -> None:
    shumei.faults({"on": "push", "fault": "reorder"})
    shumei.start()
    assert numbers(shumei.run(30)) == [1, 0, 2]


def test_held_push_waits_for_the_result_of_the_next(shumei: Shumei, time: Time) -> None:
    shumei.faults({"on": "push", "fault": "reorder"})
    shumei.start()
    time.to(20)
    (next_one,) = shumei.world.advance(time.now)
    assert shumei.world.advance(time.now) == []
    shumei.world.push_result(next_one, 200, time.now)
    (held,) = shumei.world.advance(time.now)
    assert json.loads(held.body)["requestId"].endswith("_0")


def test_held_push_is_let_go_in_the_end(shumei: Shumei) -> None:
    shumei.faults({"on": "push", "fault": "reorder", "seconds": 42})
    task = shumei.start(returnFinishInfo=False)
    shumei.run(10)
    shumei.finish(task)
    shumei.run(100)
    assert times(shumei) == [52]


def test_corrupt_push_is_the_pages_malformed_sample(shumei: Shumei, time: Time) -> None:
    shumei.faults({"on": "push", "fault": "corrupt"})
    shumei.start()
    time.to(10)
    (push,) = shumei.world.advance(time.now)
    with pytest.raises(json.JSONDecodeError):
        json.loads(push.body)
    assert "[http://xxxx.mp3](http://xxxx.mp3/)" in push.body
    shumei.world.push_result(push, 400, time.now)
    time.to(15)
    (again,) = shumei.world.advance(time.now)
    assert json.loads(again.body)["code"] == 1100


@pytest.mark.parametrize(
    ("match", "hit"),
    [
        ({"room": "room-2"}, {"b"}),
        ({"kind": "end"}, set()),
        ({"bt_id": "b"}, {"b"}),
        ({"room": "room-2", "bt_id": "a"}, set()),
        ({"cluster": "sh"}, {"a", "b"}),
        ({"attempt": 2}, set()),
    ],
)
def test_matching(shumei: Shumei, match: Json, hit: set[str]) -> None:
    shumei.faults({"on": "push", "fault": "duplicate", "times": None, "match": match})
    names = {shumei.start(param={"roomId": f"room-{n}"}, top={"btId": b}): b for n, b in ((1, "a"), (2, "b"))}
    shumei.run(10)
    assert {names[entry["task"]] for entry in shumei.journal("push") if entry["copy"]} == hit


def test_after_skips_the_first(shumei: Shumei) -> None:
    shumei.faults({"on": "push", "fault": "duplicate", "after": 1, "times": 1})
    shumei.start()
    assert numbers(shumei.run(30)) == [0, 1, 1, 2]
