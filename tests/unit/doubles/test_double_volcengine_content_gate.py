"""What is refused before anything is done: the gateway's errors, rate, balance, fields."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.doubles.model import Request
from local.doubles.settings import BadField
from tests.unit.doubles.conftest import Time
from tests.unit.doubles.test_double_volcengine_content_caller import (
    AUDIO,
    HOST,
    RECEIVER,
    ROOM_KEYS,
    VIDEO,
    Content,
)


@pytest.fixture
def content(time: Time) -> Content:
    return Content(time)


@pytest.mark.parametrize(
    ("change", "code", "name", "status"),
    [
        ({"key": "AKOTHER"}, 100009, "InvalidAccessKey", 401),
        ({"secret": "wrong"}, 100010, "SignatureDoesNotMatch", 401),
        ({"region": "cn-south-1"}, 100010, "SignatureDoesNotMatch", 401),
        ({"service": "rtc"}, 100010, "SignatureDoesNotMatch", 401),
        ({"signed": "x-date"}, 100010, "SignatureDoesNotMatch", 401),
        ({"signed": "host"}, 100010, "SignatureDoesNotMatch", 401),
        ({"headers": {"X-Content-Sha256": "0" * 64}}, 100010, "SignatureDoesNotMatch", 401),
        ({"stamp": "20231114T221119Z"}, 100006, "InvalidTimestamp", 403),
        ({"stamp": "20231114T221521Z"}, 100006, "InvalidTimestamp", 403),
        ({"version": "2022-04-01"}, 100008, "InvalidActionOrVersion", 404),
        ({"method": "GET"}, 100008, "InvalidActionOrVersion", 404),
        ({"version": ""}, 100002, "MissingParameter", 400),
        ({"version": ...}, 100002, "MissingParameter", 400),
    ],
)
def test_gateway_errors(content: Content, change: Any, code: int, name: str, status: int) -> None:
    reply = content.send(content.request("AsyncLiveAudioRisk", content.body(), **change))
    answer = json.loads(reply.body)
    error = answer["ResponseMetadata"]["Error"]
    assert (reply.status, error["CodeN"], error["Code"]) == (status, code, name)
    assert "Result" not in answer
    assert content.state()["tasks"] == []


@pytest.mark.parametrize(
    ("headers", "code", "status"),
    [
        ({"Authorization": ""}, 100003, 401),
        ({"X-Date": ""}, 100004, 400),
        ({"Authorization": "HMAC-SHA256 Credential=a/20231114/b/c/request"}, 100005, 401),
    ],
)
def test_missing_parts_of_a_signature(content: Content, headers: Any, code: int, status: int) -> None:
    good = content.request("AsyncLiveAudioRisk", content.body())
    bad = Request(good.method, good.path, good.query, dict(good.headers) | headers, good.body)
    reply = content.send(bad)
    error = json.loads(reply.body)["ResponseMetadata"]["Error"]
    assert (reply.status, error["CodeN"]) == (status, code)


def test_a_changed_body_or_query_breaks_the_signature(content: Content) -> None:
    good = content.request("AsyncLiveAudioRisk", content.body())
    headers = {name: value for name, value in good.headers.items() if name != "X-Content-Sha256"}
    for query, body in ((good.query, good.body + b" "), ((*good.query, ("x", "1")), good.body)):
        answer = json.loads(content.send(Request("POST", "/", query, headers, body)).body)
        assert answer["ResponseMetadata"]["Error"]["CodeN"] == 100010


def test_status_of_a_stale_signature_is_a_setting(content: Content) -> None:
    content.set(timestamp_http_status=400)
    reply = content.send(content.request("GetAudioLiveResult", stamp="20231114T220000Z"))
    assert reply.status == 400


def test_go_signs_other_headers_and_a_port_is_left_out(content: Content) -> None:
    content.start()
    form = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    signed = "content-type;host;x-content-sha256;x-date"
    answer = content.call("GetAudioLiveResult", None, content.asked(), headers=form, signed=signed)
    assert answer["Result"]["Code"] == 0
    request = content.request("GetAudioLiveResult", None, content.asked())
    headers = dict(request.headers) | {"Host": f"{HOST}:443"}
    again = content.send(Request("GET", "/", request.query, headers))
    assert json.loads(again.body)["Result"]["Code"] == 0


def test_a_blank_in_the_query_is_signed_as_percent_20(content: Content) -> None:
    content.start(data_id="a b~c")
    assert content.data("a b~c")["DataId"] == "a b~c"


def test_old_secret_is_good_during_a_rotation(time: Time) -> None:
    content = Content(time, secret_access_key=["newer", "c2VjcmV0LXRlc3QtZXhhbXBsZQ=="])
    content.start()
    assert "c2VjcmV0" not in json.dumps(content.journal())


@pytest.mark.parametrize(
    "action", ["AsyncAudioRisk", "GetAudioLiveStatisticsOpen", "CloseAudioLiveRisk", "x"]
)
def test_other_actions_are_not_played(content: Content, action: str) -> None:
    assert content.call(action, {})["ResponseMetadata"]["Error"]["CodeN"] == 100008


def test_another_path(content: Content) -> None:
    assert content.send(Request("POST", "/v1", (), {}, b"")).status == 404


def test_envelope_says_that_it_is_simulated(content: Content) -> None:
    answer = content.call("AsyncLiveAudioRisk", content.body())
    metadata = answer["ResponseMetadata"]
    assert metadata["RequestId"] == answer["Result"]["RequestId"] == "double-000000000001"
    assert metadata["Action"] == "AsyncLiveAudioRisk"
    assert (metadata["Version"], metadata["Service"]) == ("2022-04-25", "BusinessSecurity")
    assert answer["Result"] == {
        "RequestId": "double-000000000001",
        "Code": 0,
        "Message": "success",
        "Data": {"PassThrough": ""},
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"AppId": "12345"}, "AppId"),
        ({"AppId": True}, "AppId"),
        ({"AppId": None}, "AppId"),
        ({"Service": VIDEO}, "Service"),
        ({"Service": ""}, "Service"),
        ({"Parameters": {"data_id": "x"}}, "Parameters"),
        ({"Parameters": "x"}, "Parameters"),
        ({"Parameters": "[]"}, "Parameters"),
        ({"Parameters": "{}"}, "data_id"),
    ],
)
def test_wrong_bodies(content: Content, change: Any, field: str) -> None:
    result = content.call("AsyncLiveAudioRisk", content.body() | change)["Result"]
    assert (result["Code"], result["Message"]) == (1001, "invalid parameters")
    assert "Data" not in result
    assert content.verdict()["field"] == field
    assert content.state()["tasks"] == []


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"\xff"])
def test_a_body_that_is_no_object(content: Content, raw: bytes) -> None:
    assert content.call("AsyncLiveAudioRisk", raw)["Result"]["Code"] == 1001
    assert content.verdict()["field"] == "body"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"data_id": 5}, "data_id"),
        ({"data_id": ""}, "data_id"),
        ({"url": ...}, "url"),
        ({"url": ""}, "url"),
        ({"url": "room-1"}, "url"),
        ({"url": "http://[x"}, "url"),
        ({"operate_time": "now"}, "operate_time"),
        ({"account_id": 7}, "account_id"),
    ],
)
def test_wrong_parameters(content: Content, given: Any, field: str) -> None:
    assert content.submit(**given)["Code"] == 1001
    assert content.verdict()["field"] == field


def test_what_the_samples_have_is_wanted_only_strictly(content: Content) -> None:
    content.start(account_id=..., operate_time="1700000000", biztype=...)
    assert len(content.verdict()["warnings"]) == 2
    content.set(strict_parameters=True)
    content.start(data_id="b", biztype=...)
    assert content.submit(data_id="c", account_id=...)["Code"] == 1001


def test_app_of_somebody_else(content: Content) -> None:
    answer = content.call("AsyncLiveAudioRisk", content.body() | {"AppId": 1})
    assert (answer["Result"]["Code"], answer["Result"]["Message"]) == (1003, "no permission")
    content.set(unknown_app_code=1001)
    assert content.call("AsyncLiveAudioRisk", content.body() | {"AppId": 1})["Result"]["Code"] == 1001


def test_service_that_is_not_opened(content: Content) -> None:
    content.set(services={"video_live_risk": False})
    assert content.submit(VIDEO)["Code"] == 1003
    assert content.submit(AUDIO)["Code"] == 0


def test_no_balance(content: Content) -> None:
    content.start()
    content.set(out_of_balance=True)
    assert content.submit(data_id="b")["Code"] == 1005
    assert (content.poll()["Code"], content.close()["Code"]) == (0, 0)


def test_qps_limit_counts_every_call_of_a_real_second(content: Content) -> None:
    content.set(qps_limit=2)
    codes = [content.submit()["Code"], content.poll()["Code"], content.close()["Code"]]
    assert codes == [0, 0, 1004]
    content.time.go(1)
    assert content.close()["Code"] == 0


def test_calls_that_are_not_signed_do_not_count(content: Content) -> None:
    content.set(qps_limit=1)
    content.call("AsyncLiveAudioRisk", content.body(), secret="x")
    assert content.submit()["Code"] == 0


def test_room_keys_must_mean_something(content: Content) -> None:
    with pytest.raises(BadField):
        content.set(room_keys={"recorder": "uid"})
    assert content.admin("POST", "settings", {"room_keys": 5})[0] == 400
    assert content.admin("POST", "settings", {"room_keys": ROOM_KEYS})[0] == 200


def test_callback_must_be_an_address(content: Content) -> None:
    content.set(callback_key="callback")
    assert content.submit(callback="x")["Code"] == 1001
    content.start(callback=RECEIVER)
