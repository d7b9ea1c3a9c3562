"""Submissions: answers, duplicates, concurrency, life and ends."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.doubles.conftest import Time
from tests.unit.doubles.test_double_yidun_caller import SUBMIT, WALL_SUBMIT, Yidun

URL = "https://live.example.com/one.flv"


@pytest.fixture
def yidun(time: Time) -> Yidun:
    return Yidun(time)


def test_accepted_answer(yidun: Yidun) -> None:
    answer = yidun.submit()
    assert list(answer) == ["code", "msg", "result"]
    assert list(answer["result"]) == ["taskId", "status"]
    assert (answer["msg"], answer["result"]["status"]) == ("ok", 0)
    assert len(answer["result"]["taskId"]) == 32
    assert int(answer["result"]["taskId"], 16)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ({"url": URL}, {"url": URL}, True),
        ({"url": URL}, {"url": f"{URL}?2"}, False),
        ({"url": URL, "uniqueKey": "k"}, {"url": f"{URL}?2", "uniqueKey": "k"}, True),
        ({"url": URL, "uniqueKey": "k"}, {"url": URL, "uniqueKey": "l"}, False),
        ({"url": URL, "uniqueKey": URL}, {"url": URL}, False),
    ],
)
def test_duplicates(yidun: Yidun, first: Any, second: Any, same: bool) -> None:
    task = yidun.start(**first)
    answer = yidun.submit(**second)["result"]
    assert (answer["status"], answer["taskId"] == task) == ((3, True) if same else (0, False))
    assert len(yidun.state()["tasks"]) == 2 - same


def test_products_do_not_share_duplicates_and_the_first_may_end(yidun: Yidun) -> None:
    task = yidun.start(url=URL)
    assert yidun.submit(WALL_SUBMIT, url=URL)["result"]["status"] is True
    assert yidun.submit(WALL_SUBMIT, url=URL)["result"]["status"] is False
    yidun.stop(task)
    assert yidun.submit(url=URL)["result"]["status"] == 0


def test_task_id_of_a_duplicate_is_a_setting(yidun: Yidun) -> None:
    task = yidun.start(url=URL)
    yidun.set(duplicate_task_id="new")
    other = yidun.submit(url=URL)["result"]["taskId"]
    assert other != task
    yidun.set(task_id_with={"3": False})
    assert yidun.submit(url=URL)["result"] == {"status": 3}


def test_concurrency(yidun: Yidun) -> None:
    yidun.set(max_streams=2)
    first, _ = yidun.start(), yidun.start()
    assert yidun.submit()["result"] == {"status": 2}
    yidun.set(task_id_with={"2": True})
    assert set(yidun.submit()["result"]) == {"taskId", "status"}
    yidun.stop(first)
    assert yidun.submit()["result"]["status"] == 0


@pytest.mark.parametrize(("status", "answer"), [(1, {"status": 1}), (2, {"status": 2})])
def test_status_to_order(yidun: Yidun, status: int, answer: Any) -> None:
    yidun.faults({"on": "submit", "fault": "code", "code": status})
    assert yidun.submit() == {"code": 200, "msg": "ok", "result": answer}
    assert yidun.state()["tasks"] == []


def test_code_to_order(yidun: Yidun) -> None:
    yidun.faults({"on": "submit", "fault": "code", "code": 413, "message": "x", "match": {"data_id": "d7"}})
    assert yidun.submit()["code"] == 200
    assert yidun.submit(dataId="d7") == {"code": 413, "msg": "x"}


def test_forgotten_submission(yidun: Yidun) -> None:
    yidun.faults({"on": "submit", "fault": "forget"})
    task = yidun.start()
    assert yidun.stop(task)["result"] == [{"taskId": task, "result": 2}]


def end_of(yidun: Yidun, until: float) -> Any:
    return yidun.run(until)[-1]["antispam"]


def test_reused_identify_token_is_accepted_and_then_fails(yidun: Yidun) -> None:
    url = "rtc://room.zego.im/r?identify_token=once"
    yidun.pushed(url=url, uniqueKey="1")
    task = yidun.pushed(url=url, uniqueKey="2", callback="cb")
    assert (yidun.task(task)["token"], yidun.task(task)["state"]) == ("used", "running")
    assert end_of(yidun, 5) == {
        "taskId": task,
        "dataId": "room-1:1",
        "callback": "cb",
        "status": 3,
        "finishType": 0,
        "failureReason": 2,
        "censorSource": 2,
    }
    state = yidun.task(task)
    assert (state["end_reason"], state["ended"], state["billed_seconds"]) == ("pull_failed", 3, 0)


def test_a_duplicate_uses_its_token_up(yidun: Yidun) -> None:
    url = "rtc://room.zego.im/r?identify_token=second"
    yidun.start(uniqueKey="k")
    assert yidun.submit(url=url, uniqueKey="k")["result"]["status"] == 3
    assert yidun.task(yidun.start(url=url))["token"] == "used"


def test_short_rooms_have_a_limit(yidun: Yidun) -> None:
    task = yidun.pushed()
    end = end_of(yidun, 4000)
    assert (end["finishType"], end["duration"], yidun.task(task)["end_reason"]) == (0, 3600, "limit")
    yidun.set(short_room_limit={"zego": 0})
    other = yidun.pushed()
    yidun.run(10_000)
    assert yidun.task(other)["state"] == "running"


@pytest.mark.parametrize(
    ("code", "status", "failure"), [(None, 2, None), (3004, 2, None), (3003, 3, 2), (3005, 3, 2)]
)
def test_scripted_ends(yidun: Yidun, code: int | None, status: int, failure: int | None) -> None:
    yidun.play(ends={"at": 20, "error_code": code, "once": True})
    task, other = yidun.pushed(), yidun.start()
    end = end_of(yidun, 30)
    assert (end["status"], end.get("failureReason"), end["finishType"]) == (status, failure, 0)
    assert (yidun.task(task)["ended"], yidun.task(other)["state"]) == (20, "running")


@pytest.mark.parametrize(
    ("body", "status"), [({}, 2), ({"failureReason": None}, 2), ({"failureReason": 4}, 3)]
)
def test_admin_ends_a_task(yidun: Yidun, body: Any, status: int) -> None:
    task = yidun.pushed()
    yidun.run(7.5)
    assert yidun.admin("POST", f"tasks/{task}/end", body)[1]["end_reason"] == "admin"
    end = end_of(yidun, 10)
    assert (end["status"], end["finishType"], end.get("failureReason")) == (
        status,
        0,
        body.get("failureReason"),
    )
    assert end.get("duration") == (None if status == 3 else 7)


def test_admin_ends_wrongly(yidun: Yidun) -> None:
    task = yidun.start()
    status, answer = yidun.admin("POST", f"tasks/{task}/end", {"failureReason": 5})
    assert (status, answer["field"]) == (400, "failureReason")
    assert yidun.admin("POST", "tasks/x/end", {})[0] == 404
    assert yidun.admin("POST", "tasks/x/eat", {})[0] == 404


def test_state_of_a_task(yidun: Yidun) -> None:
    task = yidun.start(SUBMIT, uniqueKey="k", roomNo="my-room", callbackUrl="https://h.example.com/p")
    yidun.run(25)
    assert yidun.task(task) == {
        "id": task,
        "product": "liveaudio",
        "room": "my-room",
        "platform": "zego",
        "platform_room": "room-1",
        "data_id": "room-1:1",
        "unique_key": "k",
        "state": "running",
        "token": "ok",
        "started": 0,
        "ended": None,
        "end_reason": None,
        "finish_type": None,
        "failure_reason": None,
        "billed_seconds": 25,
        "segments": {"made": 0, "pushed": 0, "acknowledged": 0, "given_up": 0},
        "end_notice": {"pushed": 0, "acknowledged": 0, "given_up": 0},
        "reviews": {"made": 0, "pushed": 0, "acknowledged": 0, "given_up": 0},
        "backlog": 0,
        "polled": 0,
        "push_attempts": 0,
        "token_fetches": 0,
        "finish_calls": 0,
    }
