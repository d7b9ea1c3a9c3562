"""What the Yitu double refuses, the life of a stream, and calls that are spoilt to order."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.unit.doubles.conftest import Time
from tests.unit.doubles.test_double_yitu_caller import CLOSE, SUBMIT, Yitu

HEX = re.compile("[0-9a-f]{32}")


@pytest.fixture
def yitu(time: Time) -> Yitu:
    return Yitu(time)


@pytest.mark.parametrize(
    ("headers", "rtn", "field"),
    [
        ({"dev_id": None}, 4003, "x-dev-id"),
        ({"dev_id": "54321"}, 4003, "x-dev-id"),
        ({"signature": None}, 4003, "x-signature"),
        ({"signature": ""}, 4003, "x-signature"),
        ({"signature": "0" * 64}, 4003, "x-signature"),
        ({"signature": "签名"}, 4003, "x-signature"),
        ({"key": "another"}, 4003, "x-signature"),
        ({"stamp": None}, 4004, "x-request-send-timestamp"),
        ({"stamp": "soon"}, 4004, "x-request-send-timestamp"),
        ({"stamp": "1699999699"}, 4004, "x-request-send-timestamp"),
        ({"stamp": "1700000301"}, 4004, "x-request-send-timestamp"),
    ],
)
@pytest.mark.parametrize("path", [SUBMIT, CLOSE])
def test_headers_that_are_refused(yitu: Yitu, headers: Any, rtn: int, field: str, path: str) -> None:
    assert yitu.call(path, yitu.body() | {"audioId": "x"}, **headers)["rtn"] == rtn
    assert yitu.verdict()["field"] == field
    assert yitu.state()["tasks"] == []


def test_the_tolerance_is_a_setting(yitu: Yitu) -> None:
    assert yitu.call(SUBMIT, yitu.body(), stamp="1699999700")["rtn"] == 0
    yitu.set(clock_window=10)
    assert yitu.call(SUBMIT, yitu.body(), stamp="1699999700")["rtn"] == 4004
    yitu.set(clock_window=0)
    assert yitu.call(SUBMIT, yitu.body({"audioId": "b"}), stamp="1600000000")["rtn"] == 0
    assert yitu.call(SUBMIT, yitu.body({"audioId": "c"}), stamp="then")["rtn"] == 4004


def test_any_of_several_keys_signs(time: Time) -> None:
    yitu = Yitu(time, dev_key=["newer", "older"])
    assert [yitu.call(CLOSE, {"audioId": "x"}, key=key)["rtn"] for key in ("newer", "older", "oldest")] == [
        *(4040, 4040),
        4003,
    ]


def test_the_body_is_not_signed(yitu: Yitu) -> None:
    assert json.loads(yitu.raw(SUBMIT, json.dumps(yitu.body(), indent=2).encode()).body)["rtn"] == 0


def test_the_answer_says_what_is_invented(yitu: Yitu) -> None:
    answer = yitu.submit()
    assert list(answer) == ["rtn", "message", "requestId", "taskId", "audioId"]
    assert HEX.fullmatch(answer["taskId"])
    assert HEX.fullmatch(answer["requestId"])
    assert (answer["rtn"], answer["audioId"]) == (0, "room-1-1")
    assert answer["message"] == "SAAS_SUCC (answer, callback and close are invented by this double)"
    yitu.set(success_message="SAAS_SUCC")
    assert yitu.close()["message"] == "SAAS_SUCC"


@pytest.mark.parametrize(
    ("data", "changes", "field"),
    [
        ({}, {"callback": ...}, "callback"),
        ({}, {"callback": 5}, "callback"),
        ({}, {"callback": "ftp://x.example.com"}, "callback"),
        ({}, {"data": ...}, "data"),
        ({}, {"data": "x"}, "data"),
        ({}, {"clientInfo": ...}, "clientInfo"),
        ({}, {"clientInfo": []}, "clientInfo"),
        ({}, {"clientInfo": {"roomId": 7}}, "clientInfo.roomId"),
        ({}, {"lang": 1}, "lang"),
        ({}, {"scene": None}, "scene"),
        ({"audioUrl": ...}, {}, "data.audioUrl"),
        ({"audioUrl": "rtc://room.example.com"}, {}, "data.audioUrl"),
        ({"audioId": ...}, {}, "data.audioId"),
        ({"audioId": ""}, {}, "data.audioId"),
        ({"audioId": 7}, {}, "data.audioId"),
        ({"returnAllText": "true"}, {}, "data.returnAllText"),
        ({"returnBeforeText": 1}, {}, "data.returnBeforeText"),
        ({"returnBeforeAudio": None}, {}, "data.returnBeforeAudio"),
    ],
)
def test_fields(yitu: Yitu, data: Any, changes: Any, field: str) -> None:
    answer = yitu.submit(data, **changes)
    assert answer["rtn"] == 4001
    assert answer["message"].startswith(f"{field}: ")
    assert (yitu.verdict()["field"], yitu.state()["tasks"]) == (field, [])


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff"])
@pytest.mark.parametrize("path", [SUBMIT, CLOSE])
def test_a_body_that_is_no_object(yitu: Yitu, body: bytes, path: str) -> None:
    assert json.loads(yitu.raw(path, body).body)["rtn"] == 4001


def test_unknown_fields_are_let_through_with_a_warning(yitu: Yitu) -> None:
    yitu.start({"volume": 5}, lang="MANDARIN", scene="GENERAL_SCENE", clientInfo={"age": 7, "mac": ""})
    assert yitu.verdict()["warnings"] == [
        "data.volume is not a documented field",
        "clientInfo.age is not a documented field",
    ]


def test_errors_may_have_a_status_of_their_own(yitu: Yitu) -> None:
    yitu.set(error_http_status=400, unknown_rtn=7)
    reply = yitu.raw(CLOSE, b'{"audioId": "none"}')
    assert (reply.status, json.loads(reply.body)["rtn"]) == (400, 7)


def test_a_stream_is_closed_by_its_audio_id(yitu: Yitu) -> None:
    task = yitu.start()
    yitu.run(25)
    answer = yitu.close()
    assert (answer["rtn"], answer["taskId"], answer["audioId"]) == (0, task, "room-1-1")
    view = yitu.task(task)
    assert (view["state"], view["end_reason"], view["billed_seconds"]) == ("ended", "finished", 25)
    assert (view["room"], view["data_id"], view["segments"]["made"]) == ("room-1", "room-1-1", 2)


def test_closing_again(yitu: Yitu) -> None:
    task = yitu.start()
    yitu.close()
    assert yitu.close()["rtn"] == 0
    yitu.set(close_ended_rtn=4041)
    answer = yitu.close()
    assert (answer["rtn"], answer["taskId"]) == (4041, task)
    assert yitu.task(task)["finish_calls"] == 3


def test_unknown_audio_id(yitu: Yitu) -> None:
    assert yitu.close("none")["rtn"] == 4040
    for wrong in ("", 5, None):
        assert yitu.close(wrong)["rtn"] == 4001
    assert yitu.call(CLOSE, {})["rtn"] == 4001


def test_the_path_of_the_close_is_a_setting(yitu: Yitu) -> None:
    yitu.set(close_path="/v1/antispam/streamclose")
    yitu.start()
    assert yitu.raw(CLOSE, b"{}").status == 404
    assert yitu.call("/v1/antispam/streamclose", {"audioId": "room-1-1"})["rtn"] == 0


def test_an_audio_id_that_is_running(yitu: Yitu) -> None:
    first = yitu.start()
    refused = yitu.submit()
    assert (refused["rtn"], refused["taskId"]) == (4009, first)
    yitu.set(duplicate="existing")
    assert yitu.start() == first
    yitu.set(duplicate="more")
    second = yitu.start()
    assert second != first
    yitu.close()
    yitu.close()
    assert [yitu.task(one)["state"] for one in (first, second)] == ["ended", "ended"]
    assert yitu.start() not in (first, second)


def test_calls_and_streams_too_many(yitu: Yitu, time: Time) -> None:
    yitu.set(rate_limit=2, max_streams=1)
    yitu.start()
    assert yitu.submit({"audioId": "b"})["rtn"] == 4030
    assert yitu.close()["rtn"] == 4029
    time.go(1)
    assert yitu.close()["rtn"] == 0
    assert yitu.submit({"audioId": "b"})["rtn"] == 0


@pytest.mark.parametrize(("method", "path", "status"), [("GET", SUBMIT, 405), ("POST", "/v4/lasr", 404)])
def test_elsewhere(yitu: Yitu, method: str, path: str, status: int) -> None:
    assert yitu.raw(path, b"", method).status == status


@pytest.mark.parametrize(
    ("order", "cut", "rtn", "done"),
    [
        ({"fault": "drop"}, "close", None, False),
        ({"fault": "status", "status": 502}, "", None, False),
        ({"fault": "code", "code": 5, "message": "fault"}, "", 5, False),
        ({"fault": "body", "body": '{"rtn":9}'}, "", 9, True),
        ({"fault": "accept_then_drop"}, "close", None, True),
        ({"fault": "accept_then_timeout", "seconds": 9}, "close", None, True),
        ({"fault": "delay", "seconds": 3}, "", 0, True),
        ({"fault": "forget"}, "", 0, False),
    ],
)
@pytest.mark.parametrize("operation", ["submit", "finish"])
def test_orders_for_calls(
    yitu: Yitu, order: Any, cut: str, rtn: int | None, done: bool, operation: str
) -> None:
    task = yitu.start({"audioId": "first"})
    yitu.faults(order | {"on": operation, "match": {"room": "room-1"}})
    if operation == "submit":
        reply = yitu.raw(SUBMIT, json.dumps(yitu.body()).encode())
        assert (len(yitu.state()["tasks"]) == 2) == done
    else:
        reply = yitu.raw(CLOSE, b'{"audioId": "first"}')
        assert (yitu.task(task)["state"] == "ended") == done
    assert reply.cut == cut
    if rtn is not None:
        assert json.loads(reply.body)["rtn"] == rtn


def test_matching_by_audio_id(yitu: Yitu) -> None:
    yitu.faults({"on": "submit", "fault": "code", "code": 5, "match": {"data_id": "b"}})
    yitu.faults({"on": "finish", "fault": "code", "code": 6, "match": {"data_id": "none"}})
    assert [yitu.submit({"audioId": one})["rtn"] for one in ("a", "b", "c")] == [0, 5, 0]
    assert [yitu.close(one)["rtn"] for one in ("a", "none")] == [0, 6]
    yitu.faults({"on": "submit", "fault": "code", "code": 5, "match": {"room": "x"}})
    assert json.loads(yitu.raw(SUBMIT, b'{"data": 5, "clientInfo": []}').body)["rtn"] == 4001


def test_dead_and_revived(yitu: Yitu) -> None:
    yitu.faults({"fault": "die"})
    assert yitu.raw(SUBMIT, b"{}").cut == "reset"
    yitu.faults({"fault": "revive"})
    assert yitu.submit()["rtn"] == 0


def test_admin_ends_a_stream_without_a_code(yitu: Yitu) -> None:
    task = yitu.start()
    assert yitu.admin("POST", f"tasks/{task}/end", {"end_code": 1})[0] == 400
    assert yitu.admin("POST", f"tasks/{task}/end")[1]["end_reason"] == "admin"
