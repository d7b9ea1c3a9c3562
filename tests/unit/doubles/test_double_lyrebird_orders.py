"""Lyrebird's pushes that are spoilt to order."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.doubles.conftest import Time
from tests.unit.doubles.test_double_lyrebird_caller import GOOD, Lyrebird, is_genuine
from tests.unit.doubles.test_double_lyrebird_pushes import ZEGO, numbers


@pytest.fixture
def lyrebird(time: Time) -> Lyrebird:
    return Lyrebird(time)


@pytest.mark.parametrize("kind", ["drop", "delay", "duplicate", "reorder"])
def test_orders(lyrebird: Lyrebird, kind: str) -> None:
    more = {"delay": {"seconds": 12}, "duplicate": {"copies": 2}}.get(kind, {})
    lyrebird.faults({"on": "push", "fault": kind, "match": {"number": "0"}} | more)
    stream = lyrebird.start()
    expected = {"drop": [0, 1, 2], "delay": [1, 0, 2], "duplicate": [0, 0, 0, 1, 2], "reorder": [1, 0, 2]}
    assert numbers(lyrebird.run(30)) == expected[kind]
    if kind == "drop":
        assert lyrebird.times()[0] == 12
    assert lyrebird.task(stream)["segments"]["acknowledged"] == 3


def test_copies_decide_nothing(lyrebird: Lyrebird) -> None:
    lyrebird.faults({"on": "push", "fault": "duplicate"})
    stream = lyrebird.start()
    lyrebird.run(11, lambda push: (500, "") if push.copy else (200, GOOD))
    assert [entry["copy"] for entry in lyrebird.journal("push")] == [0, 1]
    assert lyrebird.task(stream)["segments"]["acknowledged"] == 1


def test_a_held_batch_is_let_go_in_the_end(lyrebird: Lyrebird) -> None:
    lyrebird.faults({"on": "push", "fault": "reorder", "seconds": 3})
    lyrebird.start()
    lyrebird.run(15)
    assert lyrebird.times() == [13]


def test_a_batch_that_is_always_dropped_is_given_up(lyrebird: Lyrebird) -> None:
    lyrebird.faults({"on": "push", "fault": "drop", "times": None, "match": {"number": "0"}})
    stream = lyrebird.start()
    lyrebird.run(100)
    assert lyrebird.task(stream)["segments"]["given_up"] == 1


@pytest.mark.parametrize("how", ["signature", "unsigned", "body", "stale"])
def test_corrupt(lyrebird: Lyrebird, time: Time, how: str) -> None:
    lyrebird.set(corrupt_how=how)
    lyrebird.faults({"on": "push", "fault": "corrupt"})
    stream = lyrebird.start()
    time.to(10)
    (push,) = lyrebird.world.advance(time.now)
    stale = "t=1699999409," in push.headers.get("X-Lyrebird-Signature", "")
    assert (is_genuine(push), stale) == (how == "stale", how == "stale")
    lyrebird.world.push_answer(push, 401, "", time.now)
    lyrebird.run(15)
    assert is_genuine(lyrebird.got[0][1])
    assert lyrebird.task(stream)["segments"]["acknowledged"] == 1


@pytest.mark.parametrize(
    ("match", "hit"),
    [
        ({"room": "room-1"}, {"b"}),
        ({"data_id": "a"}, {"a"}),
        ({"data_id": "a", "room": "room-1"}, set()),
        ({"kind": "segment", "attempt": 1, "number": 0}, {"a", "b"}),
        ({"kind": "end"}, set()),
    ],
)
def test_matching(lyrebird: Lyrebird, match: Any, hit: set[str]) -> None:
    lyrebird.faults({"on": "push", "fault": "duplicate", "times": None, "match": match})
    lyrebird.start(stream_key="a")
    lyrebird.start(ZEGO, stream_key="b")
    lyrebird.run(10)
    assert {entry["data_id"] for entry in lyrebird.journal("push") if entry["copy"]} == hit
