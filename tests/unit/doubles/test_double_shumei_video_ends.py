"""Video stream V4: one end for each medium, streams that are not there, retries."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.unit.doubles.conftest import Shumei, Time
from tests.unit.doubles.generations import Video

if TYPE_CHECKING:
    from local.doubles.model import Json

AUDIO, IMAGES = "https://receiver.example.com/audio", "https://receiver.example.com/images"
SHOWN = {
    "at": 4,
    "media": "image",
    "text": "加微信 abc",
    "risk_level": "REJECT",
    "risk_type": 300,
    "score": 880,
}
SAID = {"at": 12, "text": "你这个废物", "risk_level": "REJECT", "risk_type": 210}


@pytest.fixture
def video(shumei: Shumei, time: Time) -> Video:
    return Video(shumei.world, time)


def frames(arrived: list[Json]) -> list[Json]:
    return [body for body in arrived if "frameDetail" in body]


def test_one_end_per_medium(video: Video) -> None:
    video.play(SHOWN, SAID | {"risk_level": "REVIEW"})
    task = video.start(extra={"passThrough": {"a": 1}})
    video.run(70)
    video.finish(task)
    image, audio = video.run(100)
    data = video.world.runner.tasks[task].data
    same = {"code": 1100, "message": "成功", "requestId": task, "statCode": 1}
    more = {"pullStreamSuccess": True, "auxInfo": {"streamTime": 70}}
    assert image == same | more | {
        "contentType": 1,
        "riskLevel": "REJECT",
        "detail": {"requestParams": data},
    }
    assert audio == same | more | {"contentType": 2, "riskLevel": "REVIEW", "requestParams": data}
    assert video.task(task)["end_notice"] == {"pushed": 2, "acknowledged": 2, "given_up": 0}


def test_silent_end(video: Video) -> None:
    video.finish(video.start(returnFinishInfo=0))
    assert video.run(60) == []


@pytest.mark.parametrize(
    ("told", "aux"),
    [(True, {"errorCode": 3005, "streamTime": 0}), (False, {"streamTime": 0})],
)
@pytest.mark.parametrize("notice", ["end", "code_1904", "both"])
def test_bad_credential(video: Video, told: bool, aux: Json, notice: str) -> None:
    video.set(video_end_error_code=told, pull_failure_notice=notice)
    video.finish(video.start(param={"tokenId": "t"}, returnFinishInfo=0))
    video.start(param={"tokenId": "t"})
    bodies = video.run(30)
    assert [(b["code"], b["pullStreamSuccess"], b["auxInfo"]) for b in bodies] == [(1100, False, aux)] * 2


@pytest.mark.parametrize(
    ("kind", "seconds"), [("NORMAL", 3990), ("ZEGO", 3990), ("AGORA", 300), ("ALI", 0), ("VOLC", 3990)]
)
def test_stream_that_never_was(video: Video, kind: str, seconds: float) -> None:
    video.play(ends={"at": 0, "error_code": 3001})
    task = video.start(kind)
    arrived = video.run(4100)
    assert [body["pullStreamSuccess"] for body in arrived] == [False, False]
    assert (video.task(task)["ended"], video.task(task)["billed_seconds"]) == (seconds, 0)


def test_ladder_of_retries(video: Video) -> None:
    video.play(SHOWN)
    task = video.start("NORMAL", returnAllImg=0, returnAllText=0)
    video.run(1000, status=500)
    seconds = [second for second, _ in video.got]
    assert [b - a for a, b in pairwise(seconds)] == list(range(5, 61, 5))
    assert video.task(task)["frames"]["given_up"] == 1


def test_retries_are_settings(video: Video) -> None:
    video.set(video_max_pushes=20, video_push_intervals=[1.0])
    video.play(SHOWN)
    video.start("NORMAL", returnAllImg=0, returnAllText=0)
    video.run(1000, status=500)
    assert len(video.got) == 20


@pytest.mark.parametrize(("kind", "url"), [("frame", IMAGES), ("segment", AUDIO), ("end", IMAGES)])
def test_faults_find_each_kind_of_push(video: Video, kind: str, url: str) -> None:
    video.faults({"on": "push", "fault": "duplicate", "match": {"kind": kind}})
    task = video.start()
    video.run(12)
    video.finish(task)
    video.run(30)
    (copy,) = [push for _, push in video.got if push.copy]
    assert copy.url == url


def test_frames_stop_at_the_end(video: Video, time: Time) -> None:
    task = video.start("NORMAL")
    time.to(9)
    video.finish(task)
    assert len(frames(video.run(100))) == 3
