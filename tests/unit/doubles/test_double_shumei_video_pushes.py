"""Video stream V4: frames and sound."""

from __future__ import annotations

import json
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
LABELS = ("riskLabel1", "riskLabel2", "riskLabel3", "riskDescription")
CONTACT = dict(zip(LABELS, ("ad", "lianxifangshi", "lianxifangshi", "广告:联系方式:联系方式"), strict=True))
ABUSE = dict(zip(LABELS, ("abuse", "risk_210", "risk_210", "辱骂:辱骂:辱骂"), strict=True))
MATCHED = [{"name": "广告词库", "words": [{"word": "微信", "position": [1, 2]}]}]
AUX = {
    "audioStartTime": "2023-11-15 06:13:30",
    "audioEndTime": "2023-11-15 06:13:40",
    "beginProcessTime": 1_700_000_020_120,
    "finishProcessTime": 1_700_000_020_980,
    "room": "rtmp://live.example.com/app/one",
    "passThrough": {"a": 1},
}


@pytest.fixture
def video(shumei: Shumei, time: Time) -> Video:
    return Video(shumei.world, time)


def frames(arrived: list[Json]) -> list[Json]:
    return [body for body in arrived if "frameDetail" in body]


def sounds(arrived: list[Json]) -> list[Json]:
    return [body for body in arrived if "audioDetail" in body]


def test_whole_frame(video: Video) -> None:
    video.play(SHOWN | {"speaker": "user-7", "matched_item": "微信", "matched_list": "广告词库"})
    task = video.start(extra={"passThrough": {"a": 1}})
    frame = frames(video.run(6))[1]
    assert frame == {
        "requestId": f"{task}_vs130_1700000006000000000",
        "code": 1100,
        "message": "成功",
        "statCode": 0,
        "contentType": 1,
        "auxInfo": {"passThrough": {"a": 1}},
        "frameDetail": {
            "imgUrl": f"https://media.example.com/clip/{task}/stream-user-7/1700000006000000000.jpg",
            "riskLevel": "REJECT",
            **CONTACT,
            "riskDetail": {
                "riskSource": 1001,
                "ocrText": {"text": "加微信 abc", "matchedLists": MATCHED},
            },
            "allLabels": [CONTACT | {"riskLevel": "REJECT", "probability": 0.88}],
            "businessLabels": [],
            "auxInfo": {
                "imgTime": "2023-11-15 06:13:26",
                "beginProcessTime": 1_700_000_006_120,
                "finishProcessTime": 1_700_000_006_980,
                "room": "room-1",
                "strUserId": "user-7",
            },
        },
    }


def test_picture_without_words(video: Video) -> None:
    video.play({"at": 1, "media": "image", "risk_level": "REVIEW", "risk_type": 200})
    video.start()
    (frame,) = frames(video.run(3))
    assert frame["frameDetail"]["riskDetail"] == {"riskSource": 1002}
    assert frame["frameDetail"]["allLabels"][0]["probability"] == 0.95


def test_whole_segment_of_sound(video: Video) -> None:
    video.play({"at": 2, "text": "你好"}, SAID)
    task = video.start("NORMAL", extra={"passThrough": {"a": 1}}, returnPreText=1, returnPreAudio=1)
    *_, body = sounds(video.run(20))
    assert body == {
        "requestId": f"{task}_1",
        "code": 1100,
        "message": "成功",
        "statCode": 0,
        "contentType": 2,
        "auxInfo": {"passThrough": {"a": 1}},
        "audioDetail": {
            "audioUrl": f"https://media.example.com/clip/{task}/1.mp3",
            "vadCode": 1,
            "riskLevel": "REJECT",
            **ABUSE,
            "riskDetail": {"riskSource": 1001, "audioText": "你这个废物"},
            "allLabels": [ABUSE],
            "businessLabels": [],
            "content": "你好你这个废物",
            "preAudioUrl": f"https://media.example.com/clip/{task}/0-1.mp3",
            "auxInfo": AUX,
        },
    }


def test_what_came_before_is_for_rejects_only(video: Video) -> None:
    video.play({"at": 2, "text": "你好"}, SAID | {"risk_level": "REVIEW"})
    video.start("NORMAL", returnPreText=1, returnPreAudio=1)
    *_, body = sounds(video.run(20))
    assert body["audioDetail"]["content"] == "你这个废物"
    assert "preAudioUrl" not in body["audioDetail"]


def test_names_of_times_are_a_setting(video: Video) -> None:
    video.set(video_time_keys="snake")
    video.start()
    aux = sounds(video.run(10))[0]["audioDetail"]["auxInfo"]
    assert aux["audio_starttime"] == "2023-11-15 06:13:20"
    assert "audioStartTime" not in aux


def test_each_medium_has_its_own_address(video: Video) -> None:
    video.finish(video.start("NORMAL"))
    video.start()
    video.run(20)
    by_address = {AUDIO: 2, IMAGES: 1}
    assert {push.url for _, push in video.got} == set(by_address)
    for _, push in video.got:
        assert json.loads(push.body)["contentType"] == by_address[push.url]


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [(None, 3), (1, 1), (0, 1), (0.4, 1), (-2, 1), (3.9, 3), (10, 10), (60, 60)],
)
def test_frequency(video: Video, asked: float | None, seconds: int) -> None:
    wish: Json = {} if asked is None else {"detectFrequency": asked}
    task = video.start("NORMAL", **wish)
    taken = [int(f["requestId"].rpartition("_")[2]) // 10**9 - 1_700_000_000 for f in frames(video.run(60))]
    assert taken == list(range(seconds, 61, seconds))
    assert video.task(task)["frames"]["made"] == 60 // seconds


def test_clamped_frequency(video: Video) -> None:
    video.set(video_frequency_above="clamp")
    video.start("NORMAL", detectFrequency=600)
    assert len(frames(video.run(60))) == 1


@pytest.mark.parametrize(
    ("data", "seen", "heard"),
    [
        ({"returnAllImg": 0, "returnAllText": 0}, 1, 1),
        ({"returnAllImg": 1, "returnAllText": 0}, 6, 1),
        ({"returnAllImg": 0, "returnAllText": 1}, 1, 2),
        ({"returnAllImg": 1, "returnAllText": 1}, 6, 2),
    ],
)
def test_what_is_asked_for(video: Video, data: Json, seen: int, heard: int) -> None:
    video.play(SHOWN, SAID)
    video.start("NORMAL", **data)
    arrived = video.run(20)
    assert (len(frames(arrived)), len(sounds(arrived))) == (seen, heard)


def test_without_audio(video: Video) -> None:
    video.play(SAID)
    task = video.start("NORMAL", top={"audioType": "NONE", "audioCallback": ...})
    video.run(20)
    video.finish(task)
    video.run(40)
    assert {push.url for _, push in video.got} == {IMAGES}
    assert video.task(task)["segments"]["made"] == 0


def test_skipped_frames_are_not_judged(video: Video) -> None:
    video.play(SHOWN)
    video.start("NORMAL", detectStep=1)
    details = [f["frameDetail"] for f in frames(video.run(12))]
    assert [d["auxInfo"]["detectType"] for d in details] == [1, 2, 1, 2]
    assert {d["riskLevel"] for d in details} == {"PASS"}


@pytest.mark.parametrize(
    ("kind", "param", "who"),
    [
        ("ZEGO", {}, {"strUserId": "42"}),
        ("TRTC", {"demoSences": 2}, {"strUserId": "42"}),
        ("VOLC", {}, {"strUserId": "42"}),
        ("ALI", {}, {"strUserId": "42"}),
        ("AGORA", {}, {"userId": 42}),
        ("TRTC", {}, {}),
        ("NORMAL", {}, {}),
    ],
)
def test_who_was_seen_and_heard(video: Video, kind: str, param: Json, who: Json) -> None:
    video.play({"at": 1, "speaker": "42", "text": "x"})
    video.start(kind, param)
    arrived = video.run(10)
    for aux in (
        frames(arrived)[0]["frameDetail"]["auxInfo"],
        sounds(arrived)[0]["audioDetail"]["auxInfo"],
    ):
        assert {name: aux[name] for name in ("userId", "strUserId") if name in aux} == who


def test_several_cameras_have_several_names(video: Video) -> None:
    video.play(speakers={f"u{n}": f"s{n}" for n in range(12)})
    video.set(timeline="real")
    task = video.start()
    video.time.scaled += 30  # all at one real instant
    names = [body["requestId"] for body in video.run(30)]
    assert len(names) == len(set(names)) == 12 * 13
    assert f"{task}_s11_2" in names


@pytest.mark.parametrize(("kind", "users"), [("TRTC", 8), ("VOLC", 12)])
def test_trtc_rooms_have_eight_audited_users(video: Video, kind: str, users: int) -> None:
    video.play(speakers={f"u{n}": f"s{n}" for n in range(12)})
    video.start(kind, {"demoSences": 2} if kind == "TRTC" else {})
    assert len(frames(video.run(3))) == users


@pytest.mark.parametrize(
    ("param", "seen"),
    [
        ({"subscribeMode": "UNTRUSTED", "untrustedUserIdList": [42]}, [42]),
        ({"subscribeMode": "TRUSTED", "trustedUserIdList": [42]}, [7]),
    ],
)
def test_agora_lists(video: Video, param: Json, seen: list[int]) -> None:
    video.play(speakers={"42": "a", "7": "b"})
    video.start("AGORA", param)
    assert [f["frameDetail"]["auxInfo"]["userId"] for f in frames(video.run(3))] == seen
