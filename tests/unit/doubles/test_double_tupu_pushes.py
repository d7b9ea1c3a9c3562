"""Callbacks on their way: shapes, retries, order, and orders to spoil them."""

from __future__ import annotations

import json

import pytest
from cryptography.exceptions import InvalidSignature

from local.doubles.model import Json, Push
from tests.unit.doubles.conftest import Status, Time
from tests.unit.doubles.test_double_tupu_caller import (
    RECEIVER,
    TRANSCRIPTION,
    Tupu,
    check,
    element,
    opened,
)


@pytest.fixture
def tupu(time: Time) -> Tupu:
    return Tupu(time)


def begin(tupu: Tupu, content: Json) -> str:
    return str(element(content, TRANSCRIPTION, "texts")["sliceStartTime"][-5:])


def test_an_envelope_is_the_default(tupu: Tupu) -> None:
    tupu.start()
    (push,) = tupu.raw(10)
    assert (push.url, push.content_type) == (RECEIVER, "application/json; charset=utf-8")
    assert opened(push.body)["code"] == 0


def test_the_other_two_shapes(tupu: Tupu) -> None:
    tupu.set(callback_shape="codeless")
    tupu.start([TRANSCRIPTION])
    (push,) = tupu.raw(10)
    assert list(opened(push.body)) == [TRANSCRIPTION]
    tupu.set(callback_shape="bare")
    (push,) = tupu.raw(20)
    assert list(json.loads(push.body)) == [TRANSCRIPTION]


def test_a_form_with_two_fields(tupu: Tupu) -> None:
    tupu.set(callback_form=True)
    tupu.play({"at": 1, "text": "你好 & x"})
    tupu.start([TRANSCRIPTION])
    (push,) = tupu.raw(10)
    assert push.content_type == "application/x-www-form-urlencoded"
    assert element(opened(push.body), TRANSCRIPTION, "texts")["content"] == "你好 & x"


@pytest.mark.parametrize("status", [500, 404, 201, 302, None])
def test_two_retries_and_then_it_is_dropped(tupu: Tupu, status: Status) -> None:
    task = tupu.start()
    tupu.run(12, status)
    tupu.close(task)
    tupu.run(100, status)
    assert [(at, push.attempt) for at, push in tupu.got] == [(10, 1), (15, 2), (20, 3)]
    found = tupu.task(task)
    assert found["segments"] == {"made": 1, "pushed": 1, "acknowledged": 0, "given_up": 1}
    assert found["push_attempts"] == 3


def test_retries_are_the_same_text_unless_told(tupu: Tupu) -> None:
    tupu.start()
    first, second = tupu.raw(15, lambda push: 500 if push.attempt == 1 else 200)
    assert first.body == second.body
    tupu.set(push_fresh_stamp=True, push_interval=3.0)
    third, fourth = tupu.raw(25, lambda push: 500 if push.attempt == 1 else 200)
    stamps = [opened(push.body)["timestamp"] for push in (third, fourth)]
    assert stamps == [1_700_000_020_000, 1_700_000_023_000]


def test_any_2xx_may_acknowledge(tupu: Tupu) -> None:
    tupu.set(any_2xx=True)
    task = tupu.start()
    tupu.raw(19, 204)
    assert tupu.task(task)["segments"]["acknowledged"] == 1
    tupu.raw(21, 300)
    assert tupu.task(task)["segments"]["acknowledged"] == 1


def test_no_retries_at_all(tupu: Tupu) -> None:
    tupu.set(push_retries=0)
    task = tupu.start()
    tupu.raw(19, 500)
    assert tupu.task(task)["segments"]["given_up"] == 1


def test_drop_counts_as_an_attempt(tupu: Tupu) -> None:
    tupu.faults({"on": "push", "fault": "drop"})
    tupu.start()
    tupu.run(16)
    assert tupu.times() == [15]
    assert [entry["status"] for entry in tupu.journal("push")] == ["dropped", 200]


def test_duplicate(tupu: Tupu) -> None:
    tupu.faults({"on": "push", "fault": "duplicate", "copies": 2})
    task = tupu.start()
    pushes = tupu.raw(10, lambda push: 500 if push.copy else 200)
    assert len({push.body for push in pushes}) == 1
    assert len(pushes) == 3
    assert tupu.task(task)["segments"]["acknowledged"] == 1


def test_delay_lets_the_next_one_overtake(tupu: Tupu) -> None:
    tupu.faults({"on": "push", "fault": "delay", "seconds": 13, "match": {"number": 0}})
    tupu.start([TRANSCRIPTION])
    assert [begin(tupu, one) for one in tupu.run(30)] == ["13:30", "13:20", "13:40"]


def test_reorder_waits_for_the_next_one(tupu: Tupu) -> None:
    tupu.faults({"on": "push", "fault": "reorder", "match": {"number": 1}})
    tupu.start([TRANSCRIPTION])
    assert [begin(tupu, one) for one in tupu.run(40)] == ["13:20", "13:40", "13:30", "13:50"]


def test_reorder_lets_go_in_the_end(tupu: Tupu) -> None:
    tupu.faults({"on": "push", "fault": "reorder", "seconds": 7})
    task = tupu.start()
    tupu.run(11)
    tupu.close(task)
    tupu.run(60)
    assert tupu.times() == [17]


def test_corrupt(tupu: Tupu) -> None:
    tupu.faults({"on": "push", "fault": "corrupt", "times": None, "match": {"attempt": 1}})
    tupu.start()

    def spoilt(until: float) -> Push:
        """A receiver that refuses what is spoilt gets the good one next."""
        first, second = tupu.raw(until, lambda push: 401 if push.attempt == 1 else 200)
        assert opened(second.body)["code"] == 0
        return first

    with pytest.raises(InvalidSignature):
        check(json.loads(spoilt(15).body))
    tupu.set(corrupt_how="unsigned")
    assert list(json.loads(spoilt(25).body)) == ["json"]
    tupu.set(corrupt_how="body")
    with pytest.raises(ValueError, match="Unterminated"):
        json.loads(spoilt(35).body)


def test_faults_by_room_and_data_id(tupu: Tupu) -> None:
    tupu.faults(
        {"on": "push", "fault": "drop", "match": {"room": "room-2"}},
        {"on": "push", "fault": "drop", "match": {"data_id": "f"}},
    )
    tupu.start(), tupu.start(roomId="room-2"), tupu.start(forumId="f")
    tupu.run(10)
    assert [entry["status"] for entry in tupu.journal("push")] == ["dropped", "dropped", 200]


def test_the_journal_of_a_push(tupu: Tupu) -> None:
    task = tupu.start([TRANSCRIPTION], forumId="f")
    (push,) = tupu.raw(10)
    (entry,) = tupu.journal("push")
    assert entry == entry | {
        "push": "segment",
        "task": task,
        "room": "room-1",
        "data_id": "f",
        "number": 0,
        "attempt": 1,
        "url": RECEIVER,
        "status": 200,
        "body": opened(push.body),
        "sent": push.body,
    }


def test_an_answer_that_nobody_waits_for_any_more(tupu: Tupu, time: Time) -> None:
    tupu.start()
    (push,) = tupu.raw(10)
    tupu.world.push_result(push, 200, time.now)
    assert len(tupu.journal("push")) == 1


def test_a_bare_object_has_no_signature_to_spoil(tupu: Tupu) -> None:
    tupu.set(callback_shape="bare", callback_form=True)
    tupu.faults({"on": "push", "fault": "corrupt"})
    tupu.start([TRANSCRIPTION])
    (push,) = tupu.raw(10)
    assert list(json.loads(push.body)) == [TRANSCRIPTION]
