"""How tasks end, what is said about it, and what they cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from local.doubles.model import Json
    from tests.unit.doubles.conftest import Shumei, Time


def ends(arrived: list[Json]) -> list[Json]:
    return [body for body in arrived if body.get("statCode") == 1]


def test_finish_makes_an_end_notice(shumei: Shumei) -> None:
    shumei.play({"at": 1, "risk_level": "REVIEW"})
    task = shumei.start(extra={"passThrough": {"a": 1}})
    shumei.run(25)
    shumei.finish(task)
    (end,) = shumei.run(60)
    assert end == {
        "code": 1100,
        "message": "成功",
        "requestId": task,
        "riskLevel": "REVIEW",
        "statCode": 1,
        "detail": {"requestParams": shumei.world.runner.tasks[task].data},
        "auxInfo": {"streamTime": 25},
    }


@pytest.mark.parametrize(
    ("settings", "missing"),
    [({"end_with_detail": False}, "detail"), ({"end_with_risk_level": False}, "riskLevel")],
)
def test_parts_of_the_end_notice_are_settings(shumei: Shumei, settings: Json, missing: str) -> None:
    shumei.set(**settings)
    shumei.finish(shumei.start())
    assert missing not in ends(shumei.run(10))[0]


def test_finish_without_end_notice_is_a_setting(shumei: Shumei) -> None:
    shumei.set(finish_triggers_end=False)
    finished = shumei.start()
    other = shumei.start("NORMAL")
    shumei.finish(finished)
    shumei.admin("POST", f"tasks/{other}/end", {})
    assert [end["requestId"] for end in ends(shumei.run(5))] == [other]


def test_no_end_notice_without_return_finish_info(shumei: Shumei) -> None:
    shumei.finish(shumei.start(returnFinishInfo=False))
    assert shumei.run(60) == []


@pytest.mark.parametrize("code", [3001, 3002, 3003, 3004, 3005])
def test_admin_ends_a_task_with_a_code(shumei: Shumei, code: int) -> None:
    task = shumei.start()
    shumei.run(12)
    status, view = shumei.admin("POST", f"tasks/{task}/end", {"errorCode": code})
    assert (status, view["end_reason"], view["error_code"]) == (200, "admin", code)
    assert ends(shumei.run(60))[0]["auxInfo"] == {"errorCode": code, "streamTime": 12}


def test_admin_ends_a_task_without_a_code(shumei: Shumei) -> None:
    task = shumei.start()
    shumei.admin("POST", f"tasks/{task}/end", {"errorCode": None})
    assert ends(shumei.run(60))[0]["auxInfo"] == {"streamTime": 0}


@pytest.mark.parametrize("code", [3000, 3006, "3005", True, 0])
def test_admin_refuses_other_codes(shumei: Shumei, code: object) -> None:
    task = shumei.start()
    status, answer = shumei.admin("POST", f"tasks/{task}/end", {"errorCode": code})
    assert (status, answer["field"]) == (400, "errorCode")
    assert shumei.admin("POST", "tasks/unknown/end", {})[0] == 404


def test_no_segments_after_the_end_but_a_whole_one_still_comes(shumei: Shumei, time: Time) -> None:
    task = shumei.start()
    time.to(20)
    shumei.finish(task)
    arrived = shumei.run(100)
    assert [body["requestId"] for body in arrived] == [f"{task}_0", f"{task}_1", task]


def test_latency_makes_segments_arrive_after_finish(shumei: Shumei) -> None:
    shumei.set(segment_latency=3.0)
    task = shumei.start()
    shumei.run(10.5)
    shumei.finish(task)
    assert [body["requestId"] for body in shumei.run(100)] == [task, f"{task}_0"]


def test_scripted_end_once(shumei: Shumei) -> None:
    shumei.play(ends={"at": 30, "error_code": 3005, "once": True})
    first = shumei.start()
    assert ends(shumei.run(40))[0]["auxInfo"] == {"errorCode": 3005, "streamTime": 30}
    second = shumei.start()
    other = shumei.start(param={"roomId": "room-2"})
    shumei.run(200)
    assert [shumei.task(task)["state"] for task in (first, second, other)] == ["ended", "running", "ended"]


def test_scripted_end_every_time(shumei: Shumei) -> None:
    shumei.play(ends=[{"at": 30, "error_code": 3004}])
    shumei.start()
    shumei.run(40)
    task = shumei.start()
    shumei.run(80)
    assert shumei.task(task)["error_code"] == 3004


def test_a_failed_pull_is_not_the_first_task_of_the_room(shumei: Shumei) -> None:
    shumei.play(ends={"at": 30, "error_code": 3005, "once": True})
    shumei.start("NORMAL", url="http://a/b")
    shumei.start(param={"tokenId": "t", "roomId": "elsewhere"})
    shumei.start(param={"tokenId": "t"})
    shumei.run(10)
    task = shumei.start()
    shumei.run(60)
    assert shumei.task(task)["end_reason"] == "scripted"


def test_interval_auditing_counts_audited_seconds_only(shumei: Shumei) -> None:
    task = shumei.start(audioDetectStep=1)
    shumei.run(35)
    shumei.finish(task)
    assert ends(shumei.run(60))[0]["auxInfo"]["streamTime"] == 20
    task = shumei.start(audioDetectStep=1)
    shumei.run(shumei.time.scaled + 25)
    shumei.finish(task)
    assert ends(shumei.run(120))[-1]["auxInfo"]["streamTime"] == 15


def test_an_unfinished_task_goes_on_costing(shumei: Shumei) -> None:
    task = shumei.start()
    shumei.run(3600)
    assert shumei.task(task)["billed_seconds"] == 3600
    shumei.finish(task)
    shumei.run(7200)
    assert shumei.task(task)["billed_seconds"] == 3600
    assert shumei.state()["billed_seconds"] == 3600
    assert shumei.state()["running"] == 0
