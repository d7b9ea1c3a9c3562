"""Who may call, how often, how many streams, duplicates, finish, clusters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from local.doubles.model import Json
    from tests.unit.doubles.conftest import Shumei, Time

SUBMIT = "/v2/saas/anti_fraud/audiostream"


def test_accepted_answer(shumei: Shumei) -> None:
    answer = shumei.submit()
    assert list(answer) == ["code", "message", "requestId"]
    assert (answer["code"], answer["message"]) == (1100, "成功")
    assert len(answer["requestId"]) == 32
    assert int(answer["requestId"], 16)


@pytest.mark.parametrize("key", ["AK_OTHER", "ak_example", " AK_EXAMPLE"])
def test_wrong_access_key(shumei: Shumei, key: str) -> None:
    assert shumei.submit(top={"accessKey": key})["code"] == 9101
    assert shumei.finish(shumei.start(), accessKey=key)["code"] == 9101


def test_access_key_is_judged_before_the_fields(shumei: Shumei) -> None:
    assert shumei.submit(top={"accessKey": "AK_OTHER", "btId": ...})["code"] == 9101


@pytest.mark.parametrize("missing", [..., "", None, 7])
def test_missing_access_key(shumei: Shumei, missing: object) -> None:
    assert shumei.submit(top={"accessKey": missing})["code"] == 1902
    assert shumei.finish("x", accessKey=missing)["code"] == 1902


def test_out_of_balance(shumei: Shumei) -> None:
    task = shumei.start()
    shumei.set(out_of_balance=True)
    assert shumei.submit()["code"] == 9100
    assert shumei.finish(task)["code"] == 9100


def test_app_id_is_free_unless_a_code_is_set(shumei: Shumei) -> None:
    assert shumei.submit(top={"appId": "else"})["code"] == 1100
    shumei.set(unknown_app_id_code=9101)
    assert shumei.submit("TRTC", top={"appId": "else"})["code"] == 9101
    assert shumei.submit("TRTC", top={"appId": "default"})["code"] == 1100


def test_error_status_is_a_setting(shumei: Shumei) -> None:
    assert shumei.send(shumei.body(top={"btId": ...})).status == 200
    shumei.set(error_http_status=400)
    assert shumei.send(shumei.body(top={"btId": ...})).status == 400
    assert shumei.send(shumei.body()).status == 200


def codes(shumei: Shumei, count: int) -> list[int]:
    return [shumei.finish("unknown")["code"] for _ in range(count)]


def test_burst_of_ten_milliseconds(shumei: Shumei, time: Time) -> None:
    assert codes(shumei, 31) == [1902] * 30 + [1901]
    time.go(0.01)
    assert codes(shumei, 1) == [1902]


def test_qps_over_any_second(shumei: Shumei, time: Time) -> None:
    shumei.set(ten_ms_rule=False)
    assert codes(shumei, 60) == [1902] * 60
    time.go(0.9)
    assert codes(shumei, 41) == [1902] * 40 + [1901]
    time.go(0.1)
    assert codes(shumei, 60)[:59] == [1902] * 59  # 41 are left of the window


def test_qps_is_one_budget_for_submit_and_finish_on_the_real_clock(shumei: Shumei, time: Time) -> None:
    shumei.set(ten_ms_rule=False, max_qps=2)
    shumei.submit()
    codes(shumei, 1)
    time.scaled += 1000
    answer = shumei.submit()
    assert (answer["code"], answer["message"]) == (1901, "QPS超限")
    time.wall += 1
    assert shumei.submit("TRTC")["code"] == 1100


def test_low_qps_is_not_strangled_by_the_ten_ms_rule(shumei: Shumei) -> None:
    shumei.set(max_qps=2)
    assert shumei.submit()["code"] == 1100


@pytest.mark.parametrize(("dialect", "code"), [("current", 1901), ("seed", 1904)])
def test_too_many_streams(shumei: Shumei, dialect: str, code: int) -> None:
    shumei.set(dialect=dialect, max_streams=2)
    shumei.start(param={"roomId": "a", "isMixingEnabled": False})  # a split room counts as one
    first = shumei.start(param={"roomId": "b"})
    answer = shumei.submit(param={"roomId": "c"})
    assert (answer["code"], answer["message"]) == (code, "流路数超限")
    shumei.finish(first)
    assert shumei.submit(param={"roomId": "c"})["code"] == 1100


def test_default_capacity_is_fifty(shumei: Shumei) -> None:
    shumei.set(ten_ms_rule=False)
    answers = [shumei.submit(param={"roomId": f"r{n}"})["code"] for n in range(51)]
    assert answers == [1100] * 50 + [1901]


# kind, parameters of the second submission, whether it is the same stream (current dialect, seed dialect)
SAME = [
    ("ZEGO", {}, True, True),
    ("ZEGO", {"isMixingEnabled": False}, True, True),
    ("ZEGO", {"roomId": "other"}, False, False),
    ("ZEGO", {"streamId": "room-1"}, False, False),
    ("NORMAL", {}, True, True),
    ("AGORA", {}, True, True),
    ("AGORA", {"uid": 9}, True, True),
    ("AGORA", {"channel": "other"}, False, False),
    ("AGORA", {"appId": "other"}, False, False),
    ("TRTC", {"userSig": "new", "demoSences": 2}, True, True),
    ("TRTC", {"userId": "other"}, False, False),
    ("TRTC", {"sdkAppId": 7}, False, False),
    ("TRTC", {"roomId": 7}, False, False),
    ("TRTC", {"uid": "u"}, False, True),
    ("ALI", {"token": "new", "userId": "other"}, True, True),
    ("ALI", {"room": "other"}, False, False),
    ("VOLC", {}, False, False),
    ("GIN", {}, False, False),
]


@pytest.mark.parametrize("dialect", ["current", "seed"])
@pytest.mark.parametrize("row", SAME)
def test_duplicates(shumei: Shumei, row: tuple[str, Json, bool, bool], dialect: str) -> None:
    kind, change, current, seed = row
    shumei.set(dialect=dialect)
    first = shumei.submit(kind)
    second = shumei.submit(kind, change)
    assert second["code"] == 1100
    if {"current": current, "seed": seed}[dialect]:
        assert second["detail"] == {"errorcode": 1001, "dupRequestId": first["requestId"]}
        assert second["requestId"] != first["requestId"]
        assert len(shumei.state()["tasks"]) == 1
    else:
        assert "detail" not in second
        assert len(shumei.state()["tasks"]) == 2


def test_trtc_with_uid_is_recognised_whatever_the_recorder(shumei: Shumei) -> None:
    first = shumei.submit("TRTC", {"uid": "u"})["requestId"]
    assert shumei.submit("TRTC", {"uid": "u", "userId": "robot2"})["detail"]["dupRequestId"] == first
    assert "detail" not in shumei.submit("TRTC", {"uid": "v"})


def test_numeric_trtc_room_wins(shumei: Shumei) -> None:
    first = shumei.submit("TRTC", {"strRoomId": "a"})["requestId"]
    assert shumei.submit("TRTC", {"strRoomId": "b"})["detail"]["dupRequestId"] == first


def test_zego_stream_wins_over_room(shumei: Shumei) -> None:
    first = shumei.submit(param={"streamId": "s", "roomId": "a"})["requestId"]
    assert shumei.submit(param={"streamId": "s", "roomId": "b"})["detail"]["dupRequestId"] == first


def test_an_ended_task_is_no_duplicate(shumei: Shumei) -> None:
    shumei.finish(shumei.start())
    assert "detail" not in shumei.submit()


def test_duplicates_can_be_switched_off_per_type(shumei: Shumei) -> None:
    shumei.set(duplicate_key={"ZEGO": False})
    assert "detail" not in [shumei.submit() for _ in range(2)][1]
    assert "detail" in [shumei.submit("NORMAL") for _ in range(2)][1]
    shumei.set(duplicate_key={"VOLC": True, "GIN": True})
    assert "detail" in [shumei.submit("VOLC") for _ in range(2)][1]
    assert "detail" in [shumei.submit("GIN") for _ in range(2)][1]


def test_shape_of_a_duplicate_is_a_setting(shumei: Shumei) -> None:
    shumei.set(duplicate_code=1903, duplicate_detail_key="errorCode")
    shumei.submit()
    answer = shumei.submit()
    assert (answer["code"], answer["detail"]["errorCode"]) == (1903, 1001)


def test_finish_ends_the_task(shumei: Shumei) -> None:
    task = shumei.start()
    answer = shumei.finish(task)
    assert answer == {"code": 1100, "message": "成功", "requestId": f" {task}"}
    assert shumei.task(task)["state"] == "ended"
    assert shumei.task(task)["end_reason"] == "finished"


def test_blanks_and_identity_of_request_ids_are_settings(shumei: Shumei) -> None:
    shumei.set(leading_blank_submit=True, leading_blank_finish=False, finish_request_id="new")
    raw = shumei.submit()["requestId"]
    assert raw[0] == " "
    answered = shumei.finish(raw.strip())["requestId"]
    assert answered == answered.strip() != raw.strip()


def test_finish_with_blanks(shumei: Shumei) -> None:
    task = shumei.start()
    assert shumei.finish(f" {task}")["code"] == 1902
    shumei.set(finish_strips_blanks=True)
    assert shumei.finish(f" {task}")["code"] == 1100


@pytest.mark.parametrize("code", [1902, 1100, 1909])
def test_finish_of_an_unknown_task(shumei: Shumei, code: int) -> None:
    assert shumei.finish("0" * 32)["code"] == 1902
    shumei.set(finish_unknown_code=code)
    assert shumei.finish("0" * 32)["code"] == code


@pytest.mark.parametrize("code", [1100, 1902, 1909])
def test_finish_of_an_ended_task(shumei: Shumei, code: int) -> None:
    task = shumei.start()
    shumei.finish(task)
    assert shumei.finish(task)["code"] == 1100
    shumei.set(finish_ended_code=code)
    assert shumei.finish(task)["code"] == code
    assert shumei.task(task)["finish_calls"] == 3


@pytest.mark.parametrize("request_id", [..., "", " ", None, 7])
def test_finish_without_request_id(shumei: Shumei, request_id: object) -> None:
    answer = shumei.finish(request_id)
    assert answer["code"] == 1902
    assert "requestId" in answer["message"]


def test_finish_goes_to_the_cluster_of_the_task(shumei: Shumei) -> None:
    task = shumei.submit(cluster="gg")["requestId"]
    assert shumei.finish(task, cluster="sh")["code"] == 1902
    assert shumei.task(task)["state"] == "running"
    assert shumei.finish(task, cluster="gg")["code"] == 1100


@pytest.mark.parametrize(
    ("path", "host", "cluster"),
    [
        (SUBMIT, "127.0.0.1:9102", "sh"),
        (f"/gg{SUBMIT}", "127.0.0.1:9102", "gg"),
        (f"/xjp{SUBMIT}", "api-audiostream-sh.fengkongcloud.com", "xjp"),
        (SUBMIT, "api-audiostream-xjp.fengkongcloud.com", "xjp"),
        (SUBMIT, "api-audiostream-gg.local:9102", "gg"),
    ],
)
def test_cluster(shumei: Shumei, path: str, host: str, cluster: str) -> None:
    task = json.loads(shumei.post(path, shumei.body(), host).body)["requestId"]
    assert shumei.task(task)["cluster"] == cluster


@pytest.mark.parametrize(
    ("path", "host"),
    [
        (f"/bj{SUBMIT}", "127.0.0.1"),
        (SUBMIT, "api-audiostream-bj.fengkongcloud.com"),
        ("/audiostream/v5", "127.0.0.1"),
        ("/", "127.0.0.1"),
    ],
)
def test_places_that_do_not_exist(shumei: Shumei, path: str, host: str) -> None:
    assert shumei.post(path, shumei.body(), host).status == 404
    assert "nothing that this double plays" in shumei.journal()[-1]["verdict"]["message"]
    assert shumei.state()["tasks"] == []


def test_only_post(shumei: Shumei) -> None:
    assert shumei.post(SUBMIT, shumei.body(), method="GET").status == 405
