"""What the three interfaces of one organisation share, and what keeps them apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.doubles.scenario import load
from tests.unit.doubles.conftest import Shumei, Time
from tests.unit.doubles.generations import AudioV4, Video

Three = tuple[Shumei, AudioV4, Video]
HOSTS = "api-{}stream-{}.fengkongcloud.com"
AUDIO, VIDEO = "/audiostream/v4", "/videostream/v4"
SCENARIOS = Path(__file__).parents[3] / "local/scenarios"


@pytest.fixture
def three(shumei: Shumei, time: Time) -> Three:
    return shumei, AudioV4(shumei.world, time), Video(shumei.world, time)


def test_each_task_says_its_generation(three: Three) -> None:
    tasks = [caller.start("NORMAL") for caller in three]
    assert [three[0].task(task)["generation"] for task in tasks] == ["v2", "v4", "v4_video"]
    assert [call["generation"] for call in three[0].journal("call")] == ["v2", "v4", "v4_video"]
    assert [("frames" in three[0].task(task)) for task in tasks] == [False, False, True]


def test_rate_is_one_budget(three: Three) -> None:
    three[0].set(max_qps=2, ten_ms_rule=False)
    assert [caller.submit("NORMAL")["code"] for caller in three] == [1100, 1100, 1901]


@pytest.mark.parametrize(
    ("caller", "dialect", "code"),
    [(0, "current", 1901), (0, "seed", 1904), (1, "current", 1901), (1, "seed", 1901), (2, "current", 1904)],
)
def test_streams_are_one_budget_and_each_has_its_code(
    three: Three, caller: int, dialect: str, code: int
) -> None:
    three[0].set(max_streams=2, dialect=dialect)
    other = three[(caller + 1) % 3]
    other.start("NORMAL")
    running = three[caller].start("NORMAL")
    answer = three[caller].submit("AGORA")
    assert (answer["code"], answer["message"]) == (code, "流路数超限")
    three[caller].finish(running)
    assert three[caller].submit("AGORA")["code"] == 1100


@pytest.mark.parametrize("caller", [0, 1, 2])
def test_who_may_call(three: Three, caller: int) -> None:
    assert three[caller].submit(top={"accessKey": "AK_OTHER"})["code"] == 9101
    assert three[caller].finish("x", accessKey="AK_OTHER")["code"] == 9101
    assert three[caller].submit(top={"accessKey": ...})["code"] == 1902
    three[0].set(out_of_balance=True)
    assert three[caller].submit()["code"] == 9100


def test_code_of_no_balance_in_v4_is_a_setting(three: Three) -> None:
    three[0].set(out_of_balance=True, v4_no_balance_code=9101)
    assert [caller.submit("NORMAL")["code"] for caller in three] == [9100, 9101, 9100]


def test_interfaces_do_not_know_the_tasks_of_one_another(three: Three) -> None:
    tasks = [caller.start("NORMAL") for caller in three]
    for place, caller in enumerate(three):
        others = [task for task in tasks if task != tasks[place]]
        assert [caller.finish(task)["code"] for task in others] == [1902, 1902]
    assert [
        caller.finish(task)["requestId"].strip() for caller, task in zip(three, tasks, strict=True)
    ] == tasks


def test_the_same_stream_is_a_duplicate_within_one_interface_only(three: Three) -> None:
    firsts = [caller.submit("NORMAL") for caller in three]
    assert all("detail" not in first for first in firsts)
    seconds = [caller.submit("NORMAL") for caller in three]
    assert [second["detail"] for second in seconds] == [
        {"errorcode": 1001, "dupRequestId": first["requestId"]} for first in firsts
    ]


def test_name_of_the_duplicate_code_is_a_setting(three: Three) -> None:
    three[0].set(duplicate_detail_key="errorCode")
    for caller in three[1:]:
        caller.submit("NORMAL")
        assert caller.submit("NORMAL")["detail"]["errorCode"] == 1001


@pytest.mark.parametrize(
    ("path", "host", "cluster"),
    [
        (AUDIO, "127.0.0.1", "sh"),
        (f"/gg{AUDIO}", "127.0.0.1", "gg"),
        (AUDIO, HOSTS.format("audio", "xjp"), "xjp"),
        (f"/xjp{VIDEO}", "127.0.0.1", "xjp"),
        (VIDEO, HOSTS.format("video", "gg"), "gg"),
    ],
)
def test_cluster(three: Three, path: str, host: str, cluster: str) -> None:
    caller = three[2] if VIDEO in path else three[1]
    task = json.loads(caller.post(path, caller.body(), host).body)["requestId"]
    assert caller.task(task)["cluster"] == cluster
    assert caller.finish(task, cluster)["code"] == 1100


@pytest.mark.parametrize(
    ("path", "host"),
    [
        (AUDIO, HOSTS.format("video", "sh")),
        (VIDEO, HOSTS.format("audio", "sh")),
        (f"/bj{AUDIO}", "127.0.0.1"),
        (f"/yd{VIDEO}", "127.0.0.1"),
        (VIDEO, HOSTS.format("video", "yd")),
        ("/finish_audiostream/v5", "127.0.0.1"),
        ("/v2/saas/anti_fraud/audiostream", HOSTS.format("video", "sh")),
    ],
)
def test_places_that_do_not_exist(three: Three, path: str, host: str) -> None:
    assert three[1].post(path, three[1].body(), host).status == 404


def test_clusters_of_video_are_a_setting(three: Three) -> None:
    video = three[2]
    task = video.start()
    assert video.finish(task, "yd")["code"] == 1902  # there, but not the task's
    video.set(video_clusters="json")
    body = {"accessKey": "AK_EXAMPLE", "requestId": task}
    for cluster in ("gg", "yd"):
        assert video.post(f"/{cluster}/finish_videostream/v4", body).status == 404
    assert video.post(f"/gg{VIDEO}", video.body()).status == 404
    assert video.finish(task)["code"] == 1100


def test_blank_before_the_request_id_is_audio_s(three: Three) -> None:
    tasks = [caller.start("NORMAL") for caller in three]
    answers = [caller.finish(task)["requestId"] for caller, task in zip(three, tasks, strict=True)]
    assert answers == [f" {tasks[0]}", f" {tasks[1]}", tasks[2]]


@pytest.mark.parametrize("caller", [1, 2])
def test_finish_twice_and_of_unknown_tasks(three: Three, caller: int) -> None:
    task = three[caller].start("NORMAL")
    assert three[caller].finish(task)["code"] == 1100
    assert three[caller].finish(task)["code"] == 1100
    three[0].set(finish_ended_code=1909, finish_unknown_code=1909)
    assert three[caller].finish(task)["code"] == 1909
    assert three[caller].finish("0" * 32)["code"] == 1909
    assert three[caller].finish(...)["code"] == 1902


@pytest.mark.parametrize("caller", [1, 2])
@pytest.mark.parametrize("on", ["submit", "finish"])
@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "drop"},
        {"fault": "status", "status": 503},
        {"fault": "code", "code": 1903},
        {"fault": "accept_then_drop"},
        {"fault": "accept_then_timeout", "seconds": 3},
        {"fault": "delay", "seconds": 3},
        {"fault": "forget"},
        {"fault": "die"},
    ],
)
def test_every_fault_of_calls(three: Three, caller: int, on: str, fault: dict[str, object]) -> None:
    """``submit`` and ``finish`` of all interfaces are matched alike; what was done is in the books."""
    vendor = three[caller]
    task = vendor.start("NORMAL")
    vendor.faults({"on": on, **fault})
    if on == "submit":
        vendor.send(vendor.body("AGORA"))
        done = len(vendor.state()["tasks"]) == 2
    else:
        vendor.post(f"/sh{vendor.path_finish}", {"accessKey": "AK_EXAMPLE", "requestId": task})  # type: ignore[attr-defined]
        done = vendor.task(task)["state"] == "ended"
    assert done is (str(fault["fault"]) in {"accept_then_drop", "accept_then_timeout", "delay"})
    assert vendor.journal("call")[-1]["fault"]["fault"] == fault["fault"]


def test_faults_find_v4_by_its_own_fields(three: Three) -> None:
    audio = three[1]
    audio.faults({"on": "submit", "fault": "code", "code": 1903, "match": {"bt_id": "bt-1"}})
    assert audio.submit(btId="bt-2")["code"] == 1100
    assert audio.submit("NORMAL")["code"] == 1903
    audio.faults({"on": "submit", "fault": "code", "code": 1903, "match": {"room": "cloud-room"}})
    assert audio.submit("YUNXIN", {"cname": "cloud-room"})["code"] == 1903


def test_scenario_with_pictures(three: Three) -> None:
    audio, video = three[1], three[2]
    audio.world.runner.play(load(SCENARIOS / "video-room.yaml"), audio.time.now)
    audio.start()
    task = video.start()
    bodies = video.run(60)
    heard = [b["audioDetail"] for b in bodies if "audioDetail" in b]
    assert {d["riskLabel1"] for d in heard} == {"normal", "abuse"}
    frames = [b for b in bodies if "frameDetail" in b and b["frameDetail"]["riskLevel"] != "PASS"]
    assert [(f["frameDetail"]["riskLabel1"], f["frameDetail"]["auxInfo"]["strUserId"]) for f in frames] == [
        ("ad", "user-7"),
        ("porn", "user-8"),
    ]
    assert video.task(task)["frames"] == {"made": 40, "pushed": 40, "acknowledged": 40, "given_up": 0}


def test_v2_neither_sees_nor_judges_pictures(three: Three) -> None:
    v2 = three[0]
    v2.play({"at": 1, "media": "image", "risk_level": "REJECT", "risk_type": 200})
    v2.start()
    (body,) = v2.run(10)
    assert (body["riskLevel"], body["detail"]["vadCode"]) == ("PASS", 0)
