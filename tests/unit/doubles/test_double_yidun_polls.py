"""Polls: each result once, or again to the same yidunRequestId; stops."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.doubles.conftest import Time
from tests.unit.doubles.test_double_yidun_caller import (
    POLL,
    STOP,
    WALL_POLL,
    WALL_STOP,
    WALL_SUBMIT,
    Yidun,
)

LINES: list[Any] = [{"at": n * 5, "text": f"{n}"} for n in range(6)]


@pytest.fixture
def yidun(time: Time) -> Yidun:
    yidun = Yidun(time)
    yidun.play(*LINES)
    return yidun


def said(items: list[Any]) -> list[str]:
    return [item["antispam"]["evidences"]["content"] for item in items]


def test_every_result_once_in_order(yidun: Yidun) -> None:
    task = yidun.start()
    assert yidun.run(11) == []
    assert yidun.task(task)["backlog"] == 2
    assert said(yidun.poll()) == ["0", "1"]
    assert yidun.poll() == []
    yidun.run(20)
    assert said(yidun.poll()) == ["2", "3"]
    assert (yidun.task(task)["backlog"], yidun.task(task)["polled"]) == (0, 4)


def test_a_poll_sees_what_is_due_by_now(yidun: Yidun, time: Time) -> None:
    yidun.start()
    time.to(5)
    assert said(yidun.poll()) == ["0"]


def test_push_and_poll_exclude_each_other(yidun: Yidun) -> None:
    yidun.pushed()
    yidun.start()
    assert said(yidun.run(5)) == ["0"]
    assert len(yidun.poll()) == 1


def test_products_have_queues_of_their_own(yidun: Yidun) -> None:
    yidun.start(WALL_SUBMIT)
    yidun.run(5)
    assert yidun.poll() == []
    (item,) = yidun.poll(WALL_POLL)
    assert item["antispam"]["evidences"]["audio"]["content"] == "0"


def test_same_request_id_gets_the_same_batch(yidun: Yidun) -> None:
    yidun.start()
    yidun.run(6)
    assert yidun.poll(WALL_POLL, yidunRequestId="one") == []
    first = yidun.poll(yidunRequestId="one")
    yidun.run(11)
    assert yidun.poll(yidunRequestId="one") == first
    assert said(yidun.poll(yidunRequestId="two")) == ["1"]
    yidun.run(3700)
    assert said(yidun.poll(yidunRequestId="one")[:4]) == ["2", "3", "4", "5"]


def test_an_empty_answer_is_no_batch(yidun: Yidun) -> None:
    yidun.start()
    assert yidun.poll(yidunRequestId="one") == []
    yidun.run(5)
    assert said(yidun.poll(yidunRequestId="one")) == ["0"]


def test_request_id_has_a_length(yidun: Yidun) -> None:
    assert yidun.call(POLL, yidunRequestId="r" * 65)["code"] == 414


def test_batch_retention_and_empty_are_settings(yidun: Yidun) -> None:
    yidun.set(poll_batch=2, retention=100, poll_empty="null")
    task = yidun.start()
    yidun.run(20)
    assert said(yidun.poll()) == ["0", "1"]
    yidun.run(117)
    assert said(yidun.poll()) == ["3", "4"]
    yidun.run(200)
    assert json.loads(yidun.send(POLL, yidun.form(POLL)).body)["result"] is None
    assert yidun.task(task)["backlog"] == 0


def test_a_lost_answer_is_handed_out_all_the_same(yidun: Yidun) -> None:
    yidun.start()
    yidun.run(5)
    yidun.faults({"on": "poll", "fault": "accept_then_drop"})
    assert yidun.send(POLL, yidun.form(POLL, yidunRequestId="one")).cut == "close"
    assert yidun.poll() == []
    assert said(yidun.poll(yidunRequestId="one")) == ["0"]


@pytest.mark.parametrize("fault", ["drop", "forget"])
def test_a_poll_that_was_not_done_leaves_everything(yidun: Yidun, fault: str) -> None:
    yidun.start()
    yidun.run(5)
    yidun.faults({"on": "poll", "fault": fault})
    yidun.send(POLL, yidun.form(POLL))
    assert said(yidun.poll()) == ["0"]


def test_backlog_to_order(yidun: Yidun) -> None:
    task = yidun.start()
    yidun.set(blocks={"asr": True})
    assert yidun.admin("POST", "backlog", {"task": task, "count": 10_000})[1]["backlog"] == 10_000
    assert (len(yidun.poll()), yidun.state()["backlog"]) == (200, 9800)
    ids = [item["antispam"]["evidences"]["segmentId"] for item in yidun.poll()]
    assert (len(set(ids)), ids[0]) == (200, "seg-0200")


@pytest.mark.parametrize(
    ("change", "field"), [({"task": "x"}, "task"), ({"count": -1}, "count"), ({"count": "1"}, "count")]
)
def test_backlog_wrongly(yidun: Yidun, change: Any, field: str) -> None:
    body = {"task": yidun.start(), "count": 1}
    status, answer = yidun.admin("POST", "backlog", body | change)
    assert (status, answer["field"]) == (400, field)
    body["task"] = yidun.pushed()
    assert yidun.admin("POST", "backlog", body)[0] == 400


@pytest.mark.parametrize("status", [100, "100"])
def test_stop_is_told_later(yidun: Yidun, status: Any) -> None:
    task = yidun.start(callback="cb")
    yidun.run(12)
    yidun.poll()
    assert yidun.stop(task, status=status) == {
        "code": 200,
        "msg": "ok",
        "result": [{"taskId": task, "result": 0}],
    }
    assert (yidun.task(task)["state"], yidun.poll()) == ("ended", [])
    yidun.run(20)
    (end,) = yidun.poll()
    assert end == {
        "antispam": {
            "taskId": task,
            "dataId": "room-1:1",
            "callback": "cb",
            "status": 2,
            "finishType": 1,
            "duration": 12,
            "billDuration": 12,
            "censorSource": 2,
        }
    }


def test_stops_of_many_unknown_and_stopped(yidun: Yidun) -> None:
    first, second = yidun.start(), yidun.start(WALL_SUBMIT)
    yidun.stop(first)
    assert yidun.stop(first, "unknown", second)["result"] == [
        {"taskId": first, "result": 0},
        {"taskId": "unknown", "result": 2},
        {"taskId": second, "result": 2},
    ]
    assert yidun.task(first)["finish_calls"] == 2
    assert yidun.stop(second, path=WALL_STOP)["result"] == [{"taskId": second, "result": 0}]
    yidun.run(30)
    assert len(yidun.poll()) == 1


def test_update_does_not_stop(yidun: Yidun) -> None:
    task = yidun.start()
    update = json.dumps([{"taskId": task, "viewCount": 5, "strange": 1}])
    assert yidun.call(STOP, feedbacks=update)["result"] == [{"taskId": task, "result": 0}]
    assert (yidun.task(task)["state"], yidun.task(task)["finish_calls"]) == ("running", 0)
    assert yidun.verdict()["warnings"] == ["feedbacks.strange is not a documented field"]


@pytest.mark.parametrize(
    ("feedbacks", "field"),
    [
        (..., "feedbacks"),
        ("", "feedbacks"),
        ("x", "feedbacks"),
        ("{}", "feedbacks"),
        ("[]", "feedbacks"),
        ("[5]", "feedbacks"),
        ("[{}]", "feedbacks.taskId"),
        ('[{"taskId":7}]', "feedbacks.taskId"),
        ('[{"taskId":"x","status":3}]', "feedbacks.status"),
    ],
)
def test_malformed_stops(yidun: Yidun, feedbacks: Any, field: str) -> None:
    assert yidun.call(STOP, feedbacks=feedbacks)["code"] == 405
    assert yidun.verdict()["field"] == field


@pytest.mark.parametrize("code", [405, 414])
def test_at_most_a_hundred(yidun: Yidun, code: int) -> None:
    yidun.set(too_many_code=code)
    assert yidun.stop(*map(str, range(100)))["code"] == 200
    assert yidun.stop(*map(str, range(101)))["code"] == code


def test_server_error_and_forgotten_stop_to_order(yidun: Yidun) -> None:
    task = yidun.start()
    yidun.faults({"on": "finish", "fault": "code", "code": 1, "match": {"task": task}})
    assert yidun.stop("other")["result"] == [{"taskId": "other", "result": 2}]
    assert yidun.stop(task)["result"] == [{"taskId": task, "result": 1}]
    yidun.faults({"on": "finish", "fault": "forget", "match": {"data_id": "room-1:1"}})
    assert yidun.stop(task)["result"] == [{"taskId": task, "result": 0}]
    assert yidun.task(task)["state"] == "running"
    yidun.faults({"on": "finish", "fault": "code", "code": 503, "message": "service unavailable"})
    assert yidun.stop(task) == {"code": 503, "msg": "service unavailable"}


def test_die_and_revive(yidun: Yidun) -> None:
    yidun.faults({"fault": "die"})
    assert yidun.send(POLL, yidun.form(POLL)).cut == "reset"
    yidun.faults({"fault": "revive"})
    assert yidun.poll() == []


@pytest.mark.parametrize(
    ("order", "seen"),
    [
        ({"fault": "delay", "seconds": 2}, (2.0, "", 200)),
        ({"fault": "accept_then_timeout", "seconds": 9}, (9.0, "close", 200)),
        ({"fault": "status", "status": 502}, (0, "", 502)),
        ({"fault": "body", "body": "{oops"}, (0, "", 200)),
    ],
)
def test_other_orders(yidun: Yidun, order: Any, seen: Any) -> None:
    yidun.faults(order | {"on": "submit"})
    reply = yidun.send(
        "/v4/liveaudio/check", yidun.form("/v4/liveaudio/check", url="https://h/x", dataId="d")
    )
    assert (reply.hold, reply.cut, reply.status) == seen
    assert len(yidun.state()["tasks"]) == (order["fault"] != "status")
