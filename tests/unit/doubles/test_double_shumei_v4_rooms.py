"""Recorders of V4 audio and video in the rooms of the clouds: let in, put out, tried again, given up."""

from __future__ import annotations

from typing import Any

import pytest

from local.doubles.shumei.door import Clouds
from local.doubles.shumei.world import ShumeiWorld
from tests.unit.doubles.clouds import ACCOUNTS, AGORA_A5, AGORA_APP, YUNXIN_APP, people
from tests.unit.doubles.conftest import Time
from tests.unit.doubles.generations import AudioV4, Video
from tests.unit.doubles.test_room_queries_more import ask_record

AGORA = {"appId": AGORA_APP, "channel": "room-demo-1", "token": AGORA_A5, "uid": 900001}


@pytest.fixture
def everybody(rooms: Any, agora: Any, yunxin: Any) -> dict[str, Any]:
    return {"ZEGO": rooms, "AGORA": agora, "YUNXIN": yunxin}


@pytest.fixture
def world(everybody: dict[str, Any]) -> ShumeiWorld:
    return ShumeiWorld(ACCOUNTS, entrance=Clouds({kind: cloud.world for kind, cloud in everybody.items()}))


@pytest.fixture
def audio(world: ShumeiWorld, time: Time) -> AudioV4:
    return AudioV4(world, time)


@pytest.fixture
def video(world: ShumeiWorld, time: Time) -> Video:
    return Video(world, time)


def zego(everybody: dict[str, Any]) -> dict[str, Any]:
    cloud = everybody["ZEGO"]
    return {"tokenId": cloud.world.desk.mint("1234567890", 3600, "scaled", cloud.now), "roomId": "room-1"}


def test_yunxin_s_record_token(audio: AudioV4, everybody: dict[str, Any]) -> None:
    cloud = everybody["YUNXIN"]
    people(cloud, "7")
    param = {"cname": "r", "uid": 900001, "appKey": YUNXIN_APP, "token": ask_record(cloud)["checksum"]}
    task = audio.start("YUNXIN", param)
    assert audio.task(task)["token"] == "ok"
    assert [r["by"] for r in cloud.rooms()[0]["recorders"]] == [task]
    audio.finish(task)
    assert cloud.rooms()[0]["recorders"][0]["to"] is not None
    wrong = audio.start("YUNXIN", param | {"uid": 5})
    assert audio.task(wrong)["token"] == "user"


def test_video_s_recorder_is_in_the_room(video: Video, everybody: dict[str, Any]) -> None:
    task = video.start("ZEGO", zego(everybody))
    assert [(r["by"], r["to"]) for r in everybody["ZEGO"].rooms()[0]["recorders"]] == [(task, None)]
    video.finish(task)
    assert everybody["ZEGO"].rooms()[0]["destroyed_at"] is not None


def test_audio_goes_on_trying_for_five_minutes_when_a_zego_room_is_gone(
    audio: AudioV4, everybody: dict[str, Any]
) -> None:
    task = audio.start("ZEGO", zego(everybody))
    audio.run(15)
    everybody["ZEGO"].world.closes("room-1", everybody["ZEGO"].now)
    assert audio.run(300) == []
    assert audio.task(task)["state"] == "running"
    (end,) = audio.run(400)
    assert end["auxInfo"] == {"errorCode": 3003, "streamTime": 15}
    view = audio.task(task)
    assert (view["end_reason"], view["ended"], view["billed_seconds"]) == ("gone", 317, 15)


def test_video_goes_on_trying_for_five_minutes_when_an_agora_channel_is_gone(
    video: Video, everybody: dict[str, Any]
) -> None:
    task = video.start("AGORA", AGORA)
    video.run(15)
    everybody["AGORA"].world.closes("room-demo-1", everybody["AGORA"].now)
    image, sound = video.run(400)
    assert (image["pullStreamSuccess"], sound["auxInfo"]) == (True, {"errorCode": 3003, "streamTime": 15})
    assert video.task(task)["ended"] == 317


def test_finish_while_the_vendor_still_tries(audio: AudioV4, everybody: dict[str, Any]) -> None:
    task = audio.start("ZEGO", zego(everybody))
    audio.run(15)
    everybody["ZEGO"].world.closes("room-1", everybody["ZEGO"].now)
    audio.run(60)
    assert audio.finish(task)["code"] == 1100
    (end,) = audio.run(600)
    assert end["auxInfo"] == {"streamTime": 15}


def test_expired_token_ends_at_once(audio: AudioV4, everybody: dict[str, Any]) -> None:
    cloud = everybody["YUNXIN"]
    people(cloud, "7")
    token = ask_record(cloud, expireSeconds="60")["checksum"]
    param = {"cname": "r", "uid": 900001, "appKey": YUNXIN_APP, "token": token}
    audio.set(v4_patience_other=300.0, gone_delay=1.0)
    task = audio.start("YUNXIN", param)
    everybody["YUNXIN"].world.rooms.leave(*cloud.world.rooms.stay_of(task), "expired", audio.time.now, 60.0)
    audio.run(62)
    assert (audio.task(task)["error_code"], audio.task(task)["ended"]) == (3005, 61)
