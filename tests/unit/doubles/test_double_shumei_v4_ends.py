"""Audio stream V4: ends, streams that are not there, retries and orders to spoil pushes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.unit.doubles.conftest import Shumei, Time
from tests.unit.doubles.generations import AudioV4

if TYPE_CHECKING:
    from local.doubles.model import Json

BAD = {"at": 12, "speaker": "user-7", "text": "加微信领红包", "risk_level": "REJECT", "risk_type": 300}


@pytest.fixture
def audio(shumei: Shumei, time: Time) -> AudioV4:
    return AudioV4(shumei.world, time)


def ends(arrived: list[Json]) -> list[Json]:
    return [body for body in arrived if body.get("statCode") == 1]


def test_end_of_stream(audio: AudioV4) -> None:
    task = audio.start(extra={"passThrough": {"a": 1}})
    audio.run(25)
    audio.finish(task)
    assert audio.run(60) == [
        {
            "requestId": task,
            "btId": "bt-1",
            "code": 1100,
            "message": "成功",
            "statCode": 1,
            "requestParams": audio.world.runner.tasks[task].data,
            "auxInfo": {"streamTime": 25},
        }
    ]


def test_end_of_stream_with_a_code_and_audio_detail(audio: AudioV4) -> None:
    audio.set(v4_end_with_audio_detail=True)
    audio.play(BAD)
    task = audio.start()
    audio.run(20)
    audio.admin("POST", f"tasks/{task}/end", {"errorCode": 3005})
    (end,) = audio.run(40)
    assert (end["auxInfo"], end["audioDetail"]) == (
        {"errorCode": 3005, "streamTime": 20},
        {"riskLevel": "REJECT"},
    )


@pytest.mark.parametrize(
    ("kind", "seconds"), [("NORMAL", 390), ("AGORA", 0), ("ZEGO", 300), ("TRTC", 0), ("YUNXIN", 0)]
)
def test_stream_that_never_was_is_given_up_after_the_retries(
    audio: AudioV4, kind: str, seconds: float
) -> None:
    audio.play(ends={"at": 0, "error_code": 3003})
    task = audio.start(kind)
    arrived = audio.run(500)
    assert [body["auxInfo"] for body in arrived] == [{"errorCode": 3003, "streamTime": 0}]
    assert (audio.task(task)["ended"], audio.task(task)["billed_seconds"]) == (seconds, 0)


def test_retried_stream_still_takes_a_slot_and_can_be_finished(audio: AudioV4) -> None:
    audio.set(max_streams=1)
    audio.play(ends={"at": 0, "error_code": 3003})
    task = audio.start()
    audio.run(200)
    assert audio.submit("NORMAL")["code"] == 1901
    audio.finish(task)
    assert [end["auxInfo"] for end in ends(audio.run(500))] == [{"streamTime": 0}]


def test_another_scenario_does_not_revive_a_stream_that_never_was(audio: AudioV4) -> None:
    audio.play(ends={"at": 0, "error_code": 3003})
    task = audio.start()
    audio.play(BAD)
    audio.run(400)
    assert (audio.task(task)["state"], audio.task(task)["error_code"]) == ("ended", 3003)


def test_v2_does_not_retry(shumei: Shumei) -> None:
    shumei.play(ends={"at": 0, "error_code": 3003})
    task = shumei.start()
    shumei.run(1)
    assert shumei.task(task)["ended"] == 0


@pytest.mark.parametrize(("retried", "ended"), [(False, 3), (True, 303)])
def test_bad_credential(audio: AudioV4, retried: bool, ended: float) -> None:
    audio.set(v4_retry_bad_credential=retried)
    audio.start(param={"tokenId": "t"})
    task = audio.start(param={"tokenId": "t", "roomId": "room-2"})
    assert audio.task(task)["token"] == "used"
    audio.run(400)
    assert (audio.task(task)["ended"], audio.task(task)["error_code"]) == (ended, 3005)


@pytest.mark.parametrize(("notice", "codes"), [("code_1904", [1904]), ("both", [1904, 1100])])
def test_failed_pull_as_a_bare_code(audio: AudioV4, notice: str, codes: list[int]) -> None:
    audio.set(pull_failure_notice=notice)
    audio.finish(audio.start(param={"tokenId": "t"}, returnFinishInfo=0))
    task = audio.start(param={"tokenId": "t"})
    arrived = audio.run(60)
    assert [body["code"] for body in arrived] == codes
    assert arrived[0] == {"code": 1904, "message": "拉流失败", "requestId": task}


def push_times(audio: AudioV4, until: float) -> list[float]:
    audio.run(until, status=500)
    return [second for second, _ in audio.got]


def test_twenty_pushes(audio: AudioV4) -> None:
    audio.play(BAD)
    task = audio.start(returnAllText=0, returnFinishInfo=0)
    seconds = push_times(audio, 2000)
    assert [round(b - a) for a, b in pairwise(seconds)] == [*range(5, 61, 5), *[60] * 7]
    assert audio.task(task)["segments"] == {"made": 200, "pushed": 1, "acknowledged": 0, "given_up": 1}


def test_twelve_pushes_by_setting(audio: AudioV4) -> None:
    audio.set(v4_max_pushes=12)
    audio.play(BAD)
    audio.start(returnAllText=0, returnFinishInfo=0)
    assert len(push_times(audio, 2000)) == 12


@pytest.mark.parametrize(
    ("fault", "numbers"),
    [
        ({"fault": "reorder"}, ["1", "0", "2"]),
        ({"fault": "delay", "seconds": 15}, ["1", "0", "2"]),
        ({"fault": "duplicate"}, ["0", "0", "1", "2"]),
        ({"fault": "drop"}, ["0", "1", "2"]),
    ],
)
def test_faults_of_pushes(audio: AudioV4, fault: Json, numbers: list[str]) -> None:
    audio.faults({"on": "push", "match": {"bt_id": "bt-1", "kind": "segment"}, **fault})
    audio.start()
    assert [body["requestId"].rpartition("_")[2] for body in audio.run(30)] == numbers


def test_corrupt_push_is_half_of_its_body(audio: AudioV4) -> None:
    audio.faults({"on": "push", "fault": "corrupt"})
    audio.start()
    audio.time.to(10)
    (push,) = audio.world.advance(audio.time.now)
    assert push.body.startswith('{"requestId"')
    assert not push.body.endswith("}")


def test_pushes_go_out_until_one_copy_is_acknowledged(audio: AudioV4) -> None:
    audio.faults({"on": "push", "fault": "duplicate"})
    task = audio.start(returnFinishInfo=0)
    audio.run(18, status=lambda push: 200 if push.copy else 500)
    assert [push.copy for _, push in audio.got] == [0, 1]
    assert audio.task(task)["segments"]["acknowledged"] == 1


def test_copy_that_arrives_first_is_enough(audio: AudioV4) -> None:
    audio.faults({"on": "push", "fault": "duplicate"})
    task = audio.start(returnFinishInfo=0)
    audio.time.to(10)
    first, copy = audio.world.advance(audio.time.now)
    audio.world.push_result(copy, 200, audio.time.now)
    audio.world.push_result(first, None, audio.time.now, "timed out")
    assert audio.run(19) == []
    assert audio.task(task)["segments"] == {"made": 1, "pushed": 1, "acknowledged": 1, "given_up": 0}
