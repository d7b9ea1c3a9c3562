"""StartDetection, StopDetection, ListDetectionTask: refusals, rules, life."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.doubles.clouds import VOLC_APP
from tests.unit.doubles.conftest import START, Time
from tests.unit.doubles.test_double_volcengine_detection_caller import RECEIVER, Detection

ALREADY = "The task has already been started"


@pytest.fixture
def rtc(time: Time) -> Detection:
    rtc = Detection(time)
    rtc.set(detection_warm_up=0)
    return rtc


@pytest.mark.parametrize(
    ("change", "code", "status"),
    [
        ({"key": "AKOTHER"}, 100009, 401),
        ({"secret": "wrong"}, 100010, 401),
        ({"service": "BusinessSecurity"}, 100010, 401),
        ({"stamp": "20231114T215819Z"}, 100006, 403),
        ({"version": "2022-04-25"}, 100008, 404),
        ({"version": ...}, 100002, 400),
        ({"method": "GET"}, 100008, 404),
    ],
)
@pytest.mark.parametrize("action", ["StartDetection", "StopDetection"])
def test_gateway_errors(rtc: Detection, action: str, change: Any, code: int, status: int) -> None:
    reply = rtc.send(action, rtc.wish(), **change)
    answer = json.loads(reply.body)
    assert (reply.status, answer["ResponseMetadata"]["Error"]["CodeN"]) == (status, code)
    assert "Result" not in answer
    assert rtc.state()["tasks"] == []


def test_list_is_a_get(rtc: Detection) -> None:
    answer = rtc.call("ListDetectionTask", {"AppId": VOLC_APP, "RoomId": "r"})
    assert answer["ResponseMetadata"]["Error"]["CodeN"] == 100008


@pytest.mark.parametrize("version", ["2023-11-01", "2020-12-01"])
def test_both_versions(rtc: Detection, version: str) -> None:
    answer = rtc.call("StartDetection", rtc.wish(), version=version)
    assert answer["Result"] == {"Message": "success"}
    metadata = answer["ResponseMetadata"]
    assert (metadata["Action"], metadata["Version"], metadata["Service"]) == (
        "StartDetection",
        version,
        "rtc",
    )
    assert metadata["RequestId"].startswith("double-")
    query = {"AppId": VOLC_APP, "RoomId": "r"}
    assert len(rtc.call("ListDetectionTask", None, query, version=version)["Result"]["EventData"]) == 1
    assert rtc.call("StopDetection", query, version=version)["Result"] == {"Message": "success"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"AppId": ...}, "AppId"),
        ({"AppId": 5}, "AppId"),
        ({"AppId": "1" * 24}, "AppId"),
        ({"RoomId": ...}, "RoomId"),
        ({"RoomId": ""}, "RoomId"),
        ({"UserId": 7}, "UserId"),
        ({"Callback": 7}, "Callback"),
        ({"CallbackType": 2}, "CallbackType"),
        ({"CallbackType": True}, "CallbackType"),
        ({"MediaType": 0}, "MediaType"),
        ({"MediaType": "2"}, "MediaType"),
        ({"Interval": 99}, "Interval"),
        ({"Interval": 600_001}, "Interval"),
        ({"Duration": 999}, "Duration"),
        ({"Duration": 600_001}, "Duration"),
        ({"IdleSec": 0}, "IdleSec"),
        ({"IdleSec": 10_801}, "IdleSec"),
        ({"IdleSec": 1.5}, "IdleSec"),
    ],
)
def test_wrong_fields(rtc: Detection, fields: Any, field: str) -> None:
    assert rtc.refused(**fields) == "InvalidParameter"
    assert (rtc.verdict()["ok"], rtc.verdict()["field"]) == (False, field)
    assert rtc.state()["tasks"] == []


@pytest.mark.parametrize("raw", [b"[]", b"{", b"\xff"])
def test_wrong_bodies(rtc: Detection, raw: bytes) -> None:
    for action in ("StartDetection", "StopDetection"):
        assert rtc.call(action, raw)["ResponseMetadata"]["Error"]["Code"] == "InvalidParameter"


def test_out_of_range_may_be_clamped(rtc: Detection) -> None:
    rtc.set(detection_out_of_range="clamp")
    assert rtc.start(Duration=1, Interval=1, IdleSec=99_999) == "success"


def test_the_same_start_again_is_a_success_that_says_so(rtc: Detection) -> None:
    assert [rtc.start(), rtc.start(), rtc.start(Callback="")] == ["success", ALREADY, ALREADY]
    assert len(rtc.listed()) == 1
    rtc.stop()
    assert rtc.start() == "success"
    assert [task["id"].rpartition(":")[2] for task in rtc.state()["tasks"]] == ["2", "2~2"]


def test_the_other_media_of_the_same_room_are_started_too(rtc: Detection) -> None:
    rtc.start(MediaType=2)
    assert rtc.start(MediaType=3) == "success"
    assert [event["MediaType"] for event in rtc.listed()] == [2, 1]
    assert rtc.start(MediaType=...) == ALREADY


def test_one_user_after_the_room_is_an_error(rtc: Detection) -> None:
    rtc.start(MediaType=2)
    assert rtc.refused(UserId="7") == "InvalidParameter"
    assert rtc.refused(UserId="7", MediaType=3) == "InvalidParameter"
    assert rtc.start(UserId="7", MediaType=1) == "success"
    rtc.set(in_progress_code="TaskInProgress")
    assert rtc.refused(UserId="8") == "TaskInProgress"


def test_the_room_replaces_its_users_by_media(rtc: Detection) -> None:
    rtc.start(UserId="7", MediaType=2)
    rtc.start(UserId="8", MediaType=3)
    rtc.start(MediaType=2)
    told = [(one["UserId"], one["MediaType"], one["Status"]) for one in rtc.listed()]
    assert told == [("7", 2, 2), ("8", 1, 1), ("", 2, 1)]
    assert rtc.task(0)["end_reason"] == "replaced"
    rtc.start(MediaType=1)
    assert rtc.listed(UserId="8")[0]["Status"] == 2


def test_stop_of_one_user_while_the_room_is_audited_is_an_error(rtc: Detection) -> None:
    rtc.start()
    error = rtc.stop(UserId="7")["ResponseMetadata"]["Error"]
    assert (error["Code"], error["CodeN"]) == ("InvalidParameter", 0)
    assert rtc.stop()["Result"] == {"Message": "success"}
    assert rtc.task()["end_reason"] == "finished"


def test_stop_of_one_user_leaves_the_others(rtc: Detection) -> None:
    rtc.start(UserId="7")
    rtc.start(UserId="8")
    rtc.stop(UserId="7")
    assert [one["Status"] for one in rtc.listed()] == [2, 1]
    rtc.stop()
    assert [one["Status"] for one in rtc.listed()] == [2, 2]


def test_finish_twice_and_unknown(rtc: Detection) -> None:
    rtc.start()
    assert [rtc.stop()["Result"]["Message"] for _ in range(2)] == ["success", "success"]
    assert rtc.task()["finish_calls"] == 2
    assert rtc.stop(RoomId="other")["Result"] == {"Message": "success"}
    rtc.set(stop_unknown="refuse")
    assert rtc.stop()["ResponseMetadata"]["Error"]["Code"] == "InvalidParameter"
    assert rtc.stop(RoomId="")["ResponseMetadata"]["Error"]["Code"] == "InvalidParameter"


def test_list_of_what_was_started(rtc: Detection) -> None:
    assert rtc.listed() == []
    rtc.start(UserId="7", MediaType=3)
    event = {"CreateTime": int(START), "MediaType": 3, "RoomId": "r", "UserId": "7", "Status": 1}
    assert rtc.listed() == [event]
    assert rtc.listed(UserId="8") == []
    answer = rtc.call("ListDetectionTask", None, {"AppId": VOLC_APP})
    assert answer["ResponseMetadata"]["Error"]["Code"] == "InvalidParameter"


def test_rate_limit_is_a_setting(rtc: Detection) -> None:
    rtc.set(detection_rate_limit=2)
    rtc.start()
    rtc.listed()
    reply = rtc.send("StopDetection", {"AppId": VOLC_APP, "RoomId": "r"})
    error = json.loads(reply.body)["ResponseMetadata"]["Error"]
    assert (reply.status, error["Code"]) == (429, "FlowLimitExceeded")
    rtc.time.go(1)
    rtc.stop()
    assert rtc.task()["state"] == "ended"


def test_idle_audits_stop_by_themselves(rtc: Detection) -> None:
    rtc.start(IdleSec=30)
    rtc.start(RoomId="r2", IdleSec=...)
    rtc.run(20)
    rtc.talk("7")
    rtc.run(100)
    assert rtc.task(0)["state"] == "running"
    rtc.world.stops_publishing("r", "7", rtc.now)
    rtc.run(200)
    assert [(one["end_reason"], one["ended"]) for one in rtc.state()["tasks"]] == [
        ("idle", 130),
        ("idle", 180),
    ]
    assert [one["Status"] for one in rtc.listed()] == [2]


def test_only_the_audited_user_keeps_its_audit(rtc: Detection) -> None:
    rtc.talk("8")
    rtc.start(UserId="7", IdleSec=10)
    rtc.run(20)
    assert rtc.task()["ended"] == 10


def test_what_is_due_comes_before_a_call(rtc: Detection) -> None:
    rtc.start(IdleSec=5)
    rtc.time.to(9)
    assert rtc.start() == "success"
    assert rtc.task(0)["ended"] == 5


def test_ends_of_scripts_and_of_the_admin(rtc: Detection) -> None:
    rtc.play(ends={"at": 7})
    rtc.start()
    rtc.run(10)
    assert (rtc.task()["end_reason"], rtc.task()["ended"]) == ("scripted", 7)
    rtc.start()
    assert rtc.admin("POST", f"tasks/{rtc.task()['id']}/end")[1]["end_reason"] == "admin"
    assert rtc.admin("POST", "tasks/x/end")[0] == 404
    status, answer = rtc.admin("POST", "scenario", {"name": "n", "rooms": {}})
    assert (status, answer["scenario"], rtc.state()["scenario"]) == (200, "n", "n")


def test_the_query_of_a_room_is_still_there(rtc: Detection) -> None:
    rtc.talk("7")
    query = {"AppId": VOLC_APP, "RoomId": "r"}
    assert rtc.call("GetRoomOnlineUsers", None, query)["Result"]["VisibleUserList"] == ["7"]
    assert [entry["operation"] for entry in rtc.journal("call")] == ["online_users"]


# Orders.


@pytest.mark.parametrize("fault", ["drop", "accept_then_drop", "forget"])
def test_faults_of_calls(rtc: Detection, fault: str) -> None:
    rtc.faults({"on": "submit", "fault": fault, "match": {"room": "r"}})
    reply = rtc.send("StartDetection", rtc.wish())
    done = fault == "accept_then_drop"
    assert reply.cut == ("" if fault == "forget" else "close")
    assert len(rtc.state()["tasks"]) == done
    assert rtc.start() == (ALREADY if done else "success")
    rtc.faults({"on": "finish", "fault": fault, "match": {"app_id": VOLC_APP}})
    rtc.send("StopDetection", {"AppId": VOLC_APP, "RoomId": "r"})
    assert rtc.task()["state"] == ("ended" if done else "running")


def test_codes_delays_and_statuses_to_order(rtc: Detection) -> None:
    rtc.faults(
        {"on": "submit", "fault": "code", "code": 100014},
        {"on": "submit", "fault": "status", "status": 502},
        {"on": "submit", "fault": "delay", "seconds": 2},
        {"on": "query", "fault": "code", "code": 100018},
    )
    replies = [rtc.send("StartDetection", rtc.wish()) for _ in range(3)]
    assert [(one.status, one.hold) for one in replies] == [(500, 0.0), (502, 0.0), (200, 2.0)]
    reply = rtc.send("ListDetectionTask", None, {"AppId": VOLC_APP, "RoomId": "r"})
    assert json.loads(reply.body)["ResponseMetadata"]["Error"]["Code"] == "FlowLimitExceeded"


def test_die_and_revive(rtc: Detection) -> None:
    rtc.faults({"fault": "die"})
    assert rtc.send("StartDetection", rtc.wish()).cut == "reset"
    rtc.faults({"fault": "revive"})
    rtc.start()


def test_journal_of_calls(rtc: Detection) -> None:
    rtc.start(Callback="")
    rtc.listed()
    rtc.stop()
    calls = rtc.journal("call")
    assert [entry["operation"] for entry in calls] == ["submit", "query", "finish"]
    assert calls[0]["verdict"]["warnings"] == ["Callback is empty: nothing will be delivered"]
    assert calls[0]["body"]["RoomId"] == "r"
    assert RECEIVER not in json.dumps(calls)


def test_books_of_a_task(rtc: Detection) -> None:
    rtc.talk("7")
    rtc.start()
    rtc.run(25)
    rtc.stop()
    rtc.run(60)
    task = rtc.task()
    assert (task["id"], task["room"], task["token"]) == (f"{VOLC_APP}:r:*:2", "r", "ok")
    assert (task["started"], task["ended"], task["billed_seconds"]) == (0, 25, 30)
    assert task["segments"] == {"made": 2, "pushed": 2, "acknowledged": 2, "given_up": 0}
    assert Path(task["callback"]).name == "push"
