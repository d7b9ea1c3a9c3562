"""Close, search, streams that die, faults of calls, admin."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.doubles.model import Reply
from tests.unit.doubles.conftest import Time
from tests.unit.doubles.test_double_tupu_caller import (
    MODERATION,
    SECRET_ID,
    STREAM,
    TRANSCRIPTION,
    Tupu,
    element,
    opened,
)

NOBODY = "0" * 24


@pytest.fixture
def tupu(time: Time) -> Tupu:
    return Tupu(time)


def test_close_ends_the_task_a_little_later(tupu: Tupu) -> None:
    task = tupu.start()
    tupu.run(24)
    answer = tupu.call("close", speechStream=[{"requestId": task}])
    assert list(answer) == ["code", "message", "nonce", "timestamp"]
    assert (answer["code"], tupu.task(task)["state"]) == (0, "running")
    assert tupu.run(60) == []
    ended = tupu.task(task)
    assert ended == ended | {"state": "ended", "end_reason": "finished", "ended": 25, "billed_seconds": 25}
    assert (ended["finish_calls"], ended["segments"]["made"]) == (1, 2)


def test_a_slice_that_is_whole_comes_though_the_task_has_ended(tupu: Tupu) -> None:
    tupu.set(slice_latency=5.0)
    task = tupu.start()
    tupu.run(9)
    tupu.close(task)
    assert len(tupu.run(60)) == 1
    assert tupu.times() == [15]


def test_a_late_slice_after_the_close(tupu: Tupu) -> None:
    tupu.set(late_after=8.0)
    tupu.play({"at": 13, "text": "你好"}, {"at": 19, "text": "nobody hears this"})
    task = tupu.start([TRANSCRIPTION])
    tupu.run(14)
    tupu.close(task)
    (late,) = tupu.run(60)
    found = element(late, TRANSCRIPTION, "texts")
    assert (found["sliceStartTime"], found["sliceEndTime"]) == ("2023-11-15 06:13:30", "2023-11-15 06:13:35")
    assert (found["content"], tupu.times()) == ("你好", [10, 23])


def test_close_of_several(tupu: Tupu) -> None:
    tasks = [tupu.start() for _ in range(3)]
    assert tupu.close(*tasks[:2]) == 0
    tupu.run(2)
    assert [tupu.task(task)["state"] for task in tasks] == ["ended", "ended", "running"]


@pytest.mark.parametrize(
    ("how", "code", "state", "warnings"),
    [
        ("told", 16, "ended", []),
        ("ignored", 0, "ended", ["nothing found: requestId: no such task"]),
        ("refused", 16, "running", []),
    ],
)
def test_close_of_some_that_are_there(
    tupu: Tupu, how: str, code: int, state: str, warnings: list[str]
) -> None:
    tupu.set(close_partly=how)
    task = tupu.start()
    assert tupu.close(task, NOBODY) == code
    assert tupu.verdict()["warnings"] == warnings
    tupu.run(2)
    assert tupu.task(task)["state"] == state
    tupu.set(close_partly="ignored")
    assert tupu.close(NOBODY) == 16


def test_close_twice(tupu: Tupu) -> None:
    task = tupu.start()
    assert [tupu.close(task), tupu.close(task)] == [0, 0]
    tupu.run(5)
    assert tupu.close(task) == 16
    assert (tupu.task(task)["ended"], tupu.task(task)["finish_calls"]) == (1, 3)
    tupu.set(closed_code=0)
    assert tupu.close(task) == 0
    tupu.run(9)
    assert tupu.task(task)["ended"] == 1


def test_unknown_tasks(tupu: Tupu) -> None:
    assert (tupu.close(NOBODY), tupu.search(NOBODY)["code"]) == (16, 16)
    tupu.set(unknown_code=0)
    assert (tupu.close(NOBODY), tupu.search(NOBODY)["code"]) == (0, 0)
    tupu.set(unknown_code=15)
    assert (tupu.close(NOBODY), tupu.search(NOBODY)["code"]) == (15, 15)


@pytest.mark.parametrize(
    "body",
    [
        *({}, {"speechStream": []}, {"speechStream": [{}]}, {"speechStream": ["x"]}),
        {"speechStream": [{"requestId": 5}]},
    ],
)
def test_close_without_ids_is_15(tupu: Tupu, body: Any) -> None:
    assert tupu.call("close", **body)["code"] == 15


@pytest.mark.parametrize("request_id", [..., "", 5, None])
def test_search_without_an_id_is_15(tupu: Tupu, request_id: Any) -> None:
    assert tupu.search(request_id)["code"] == 15


def test_search(tupu: Tupu) -> None:
    task = tupu.start()
    assert list(tupu.search(task)) == ["code", "message", "nonce", "timestamp"]
    tupu.set(search_result=True, closed_code=0)
    assert tupu.search(task)["result"] == {"requestId": task, "status": "running"}
    tupu.close(task)
    tupu.run(2)
    assert tupu.search(task)["result"]["status"] == "ended"


def test_a_stream_that_dies_is_not_told_of(tupu: Tupu) -> None:
    tupu.play(ends={"at": 25, "error_code": 3004})
    tupu.set(max_streams=1)
    task = tupu.start()
    assert len(tupu.run(3600)) == 2
    found = tupu.task(task)
    assert found == found | {"state": "running", "lost": 25, "lost_by": "scripted 3004", "billed_seconds": 25}
    assert tupu.submit()["code"] == 17
    assert tupu.close(task) == 0
    tupu.run(3602)
    assert tupu.task(task)["end_reason"] == "finished"


def test_or_it_ends_after_a_while(tupu: Tupu) -> None:
    tupu.set(dead_stream="ends")
    tupu.play(ends=[{"at": 25, "once": True}])
    first, second = tupu.start(), tupu.start()
    tupu.run(100)
    assert (tupu.task(first)["end_reason"], tupu.task(first)["ended"]) == ("scripted", 85)
    assert tupu.task(second)["state"] == "running"


def test_another_scenario_ends_nothing_of_the_old_one(tupu: Tupu) -> None:
    tupu.play(ends={"at": 25})
    task = tupu.start()
    tupu.run(20)
    body = b"name: other\nrooms: {'*': {lines: [{at: 33, text: hello}], ends: {at: 45}}}"
    assert tupu.admin("POST", "scenario", body) == (200, {"ok": True, "scenario": "other"})
    said = [element(one, MODERATION)["content"] for one in tupu.run(100)]
    assert (said, tupu.task(task)["lost"]) == (["", "hello"], 45)
    assert tupu.state()["scenario"] == "other"


@pytest.mark.parametrize(
    ("how", "rules", "told"), [("off", 2, 0), ("rule_2", 2, 1), ("rule_2", 1, 0), ("always", 0, 1)]
)
def test_end_notice(tupu: Tupu, how: str, rules: int, told: int) -> None:
    tupu.set(end_notice=how)
    task = tupu.start(callbackRules=rules, forumId="f")
    tupu.close(task)
    notices = tupu.run(9)
    assert len(notices) == told
    assert tupu.task(task)["end_notice"]["acknowledged"] == told
    if told:
        named = {"requestId": task, "roomId": "room-1", "forumId": "f", "endStatus": 1}
        assert notices[0] == notices[0] | named
        assert tupu.times() == [2]


def test_admin_ends_loses_and_is_late(tupu: Tupu) -> None:
    task = tupu.start([TRANSCRIPTION])
    tupu.run(12)
    assert tupu.admin("POST", f"tasks/{task}/lose")[1]["lost_by"] == "admin"
    tupu.run(14)
    assert tupu.admin("POST", f"tasks/{task}/lose")[1]["lost"] == 12
    assert tupu.run(40) == []
    assert tupu.admin("POST", f"tasks/{task}/late")[1] == {"ok": True, "number": 1}
    assert len(tupu.run(40)) == 1
    assert tupu.admin("POST", f"tasks/{task}/end")[1]["end_reason"] == "admin"
    assert tupu.admin("POST", f"tasks/{task}/late")[0] == 200
    assert tupu.admin("POST", f"tasks/{NOBODY}/end")[0] == 404
    assert tupu.admin("POST", "tasks")[0] == 404
    assert tupu.admin("POST", "faults", {"on": "webhook", "fault": "drop"})[1]["field"] == "on"


def raw(tupu: Tupu, verb: str = "", **fields: Any) -> Reply:
    path = "/".join(part for part in (STREAM, verb, SECRET_ID) if part)
    return tupu.post(path, tupu.signed(fields or {"speechStream": [tupu.stream()]}))


@pytest.mark.parametrize(
    ("fault", "seen", "tasks"),
    [
        ({"fault": "drop"}, {"cut": "close"}, 0),
        ({"fault": "status", "status": 502, "body": "<html>"}, {"status": 502, "body": "<html>"}, 0),
        ({"fault": "delay", "seconds": 4}, {"hold": 4.0}, 1),
        ({"fault": "accept_then_timeout", "seconds": 9}, {"hold": 9.0, "cut": "close"}, 1),
        ({"fault": "accept_then_drop"}, {"cut": "close"}, 1),
        ({"fault": "body", "body": '{"error":"x"}'}, {"body": '{"error":"x"}'}, 1),
        ({"fault": "forget"}, {"status": 200}, 0),
    ],
)
def test_faults_of_a_submission(tupu: Tupu, fault: Any, seen: Any, tasks: int) -> None:
    tupu.faults({"on": "submit"} | fault)
    reply = raw(tupu)
    assert {name: getattr(reply, name) for name in seen} == seen
    assert len(tupu.state()["tasks"]) == tasks
    assert tupu.journal("call")[-1]["fault"]["fault"] == fault["fault"]
    assert tupu.submit()["code"] == 0


def test_an_ordered_code_is_signed(tupu: Tupu) -> None:
    tupu.faults({"on": "submit", "fault": "code", "code": 100, "message": "server error"})
    answer = tupu.submit()
    assert (answer["code"], answer["message"], tupu.state()["tasks"]) == (100, "server error", [])


def test_a_forgotten_close_has_no_effect(tupu: Tupu) -> None:
    task = tupu.start()
    tupu.faults({"on": "finish", "fault": "forget", "match": {"task": task}})
    assert tupu.close(task) == 0
    tupu.run(5)
    assert tupu.task(task)["state"] == "running"


def test_a_close_that_was_done_and_not_answered(tupu: Tupu) -> None:
    task = tupu.start()
    tupu.faults({"on": "finish", "fault": "accept_then_drop", "match": {"room": "room-1"}})
    assert raw(tupu, "close", speechStream=[{"requestId": task}]).cut == "close"
    tupu.run(5)
    assert tupu.task(task)["state"] == "ended"


def test_faults_find_what_they_are_about(tupu: Tupu) -> None:
    tupu.faults(
        {"on": "submit", "fault": "code", "code": 100, "match": {"room": "a"}},
        {"on": "submit", "fault": "code", "code": 101, "match": {"data_id": "d"}},
        {"on": "submit", "fault": "code", "code": 14, "match": {"stream": "rtmp://h/x"}},
        {"on": "query", "fault": "code", "code": 18, "match": {"task": NOBODY}},
    )
    assert tupu.submit(tupu.stream())["code"] == 0
    assert tupu.submit(tupu.stream(), tupu.stream(roomId="a"))["code"] == 100
    assert tupu.submit(tupu.stream(forumId="d"))["code"] == 101
    assert tupu.submit(tupu.stream(url="rtmp://h/x"))["code"] == 14
    assert tupu.search(NOBODY)["code"] == 18
    assert opened(tupu.post(f"{STREAM}/{SECRET_ID}", b"nothing").body)["code"] == 15


def test_die_and_revive(tupu: Tupu) -> None:
    task = tupu.start()
    tupu.faults({"fault": "die"})
    assert {raw(tupu).cut, raw(tupu, "search", requestId="x").cut} == {"reset"}
    assert len(tupu.run(10)) == 1
    tupu.faults({"fault": "revive"})
    assert tupu.close(task) == 0


def test_health(tupu: Tupu) -> None:
    assert tupu.admin("GET", "health")[1]["double"] == "tupu"
    assert json.loads(json.dumps(tupu.admin("GET", "settings")[1]))["slice_seconds"] == 10.0
