"""Audio stream V4: bodies of callbacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.doubles.conftest import Shumei, Time
from tests.unit.doubles.generations import AudioV4

if TYPE_CHECKING:
    from local.doubles.model import Json

BAD = {"at": 12, "speaker": "user-7", "text": "加微信领红包", "risk_level": "REJECT", "risk_type": 300}
HIT = {"matched_item": "微信", "matched_list": "广告词库"}
LABELS = ("riskLabel1", "riskLabel2", "riskLabel3", "riskDescription")
CONTACT = dict(zip(LABELS, ("ad", "lianxifangshi", "lianxifangshi", "广告:联系方式:联系方式"), strict=True))
PASSED = {"jobId": "job-1"}
AUX = {
    "audioStartTime": "2023-11-15 06:13:30",
    "audioEndTime": "2023-11-15 06:13:40",
    "beginProcessTime": 1_700_000_020_120,
    "finishProcessTime": 1_700_000_020_980,
    "strUserId": "user-7",
    "room": "room-1",
    "passThrough": PASSED,
}


@pytest.fixture
def audio(shumei: Shumei, time: Time) -> AudioV4:
    return AudioV4(shumei.world, time)


def test_whole_segment_of_a_split_room(audio: AudioV4) -> None:
    audio.play({"at": 2, "speaker": "user-7", "text": "你好"}, BAD | HIT)
    task = audio.start(param={"isMixingEnabled": False}, returnPreText=1, extra={"passThrough": PASSED})
    *_, body = audio.run(20)
    assert body == {
        "requestId": f"{task}_stream-user-7_1",
        "btId": "bt-1",
        "code": 1100,
        "message": "成功",
        "statCode": 0,
        "requestParams": audio.world.runner.tasks[task].data,
        "audioDetail": {
            "audioUrl": f"https://media.example.com/clip/{task}/stream-user-7/1.mp3",
            "riskLevel": "REJECT",
            **CONTACT,
            "riskDetail": {
                "riskSource": 1001,
                "audioText": "加微信领红包",
                "matchedLists": [{"name": "广告词库", "words": [{"word": "微信", "position": [1, 2]}]}],
            },
            "allLabels": [CONTACT],
            "audioText": "你好加微信领红包",
            "vadCode": 1,
            "businessLabels": [],
            "auxInfo": AUX,
        },
    }


def test_silence_is_told_when_everything_is_asked_for(audio: AudioV4) -> None:
    audio.start()
    detail = audio.run(10)[0]["audioDetail"]
    assert [detail[name] for name in ("riskLevel", *LABELS)] == ["PASS", "normal", "", "", "正常"]
    assert (detail["vadCode"], detail["audioText"]) == (0, "")
    assert detail["riskDetail"]["riskSource"] == 1000
    assert "passThrough" not in detail["auxInfo"]


@pytest.mark.parametrize(("switch", "levels"), [(0, ["REJECT"]), (1, ["PASS", "REJECT", "PASS"])])
def test_return_all_text(audio: AudioV4, switch: int, levels: list[str]) -> None:
    audio.play(BAD)
    audio.start(returnAllText=switch)
    assert [body["audioDetail"]["riskLevel"] for body in audio.run(30)] == levels


@pytest.mark.parametrize(
    ("number", "labels"),
    [
        (100, ("politics", "shezheng", "shezheng")),
        (110, ("violence", "risk_110", "risk_110")),
        (200, ("porn", "risk_200", "risk_200")),
        (210, ("abuse", "risk_210", "risk_210")),
        (300, ("ad", "ad", "ad")),
        (520, ("minor", "weichengnianren", "weichengnianren")),
        (340, ("risk_340", "risk_340", "risk_340")),
        (None, ("risk_700", "risk_700", "risk_700")),
    ],
)
def test_labels(audio: AudioV4, number: int | None, labels: tuple[str, ...]) -> None:
    line: Json = {"at": 1, "text": "x", "risk_level": "REVIEW"}
    audio.play(line | ({} if number is None else {"risk_type": number}))
    audio.start()
    detail = audio.run(10)[0]["audioDetail"]
    assert tuple(detail[name] for name in LABELS[:3]) == labels
    assert detail["allLabels"][0]["riskLabel3"] == labels[2]


@pytest.mark.parametrize(
    ("line", "language", "description"),
    [
        ({"risk_type": 210}, "zh", "辱骂:辱骂:辱骂"),
        ({"risk_type": 100}, "en", "politics:shezheng:shezheng"),
        ({"risk_type": 900}, "zh", "命中自定义名单"),
        ({"risk_type": 999, "risk_desc": "新风险"}, "zh", "新风险"),
    ],
)
def test_language_of_labels(audio: AudioV4, line: Json, language: str, description: str) -> None:
    audio.play({"at": 1, "text": "x", "risk_level": "REVIEW"} | line)
    audio.start(top={"acceptLang": language})
    assert audio.run(10)[0]["audioDetail"]["riskDescription"] == description


def test_previous_audio_is_twenty_seconds(audio: AudioV4) -> None:
    audio.play(BAD)
    task = audio.start(returnPreAudio=1)
    details = [body["audioDetail"] for body in audio.run(20)]
    assert [detail.get("preAudioUrl") for detail in details] == [
        None,
        f"https://media.example.com/clip/{task}/0-1.mp3",
    ]


def test_tags_and_business_labels(audio: AudioV4) -> None:
    audio.play({"at": 1, "sing": True, "risk_level": "REVIEW", "risk_type": 520, "language": 2})
    audio.start(top={"type": "MINOR", "businessType": "GENDER_SING_LANGUAGE"})
    detail = audio.run(10)[0]["audioDetail"]
    assert detail["audioTags"] == {"song": 1, "language": [{"label": 2, "probability": 98}]}
    assert [label["businessLabel1"] for label in detail["businessLabels"]] == ["sing", "minor"]
    audio.set(v4_language_shape="object")
    audio.play({"at": 12, "text": "x"})
    assert audio.run(20)[0]["audioDetail"]["audioTags"]["language"] == {"label": 0, "probability": 98}


@pytest.mark.parametrize(
    ("kind", "param", "who"),
    [
        ("AGORA", {"isMixingEnabled": False}, {"userId": 42}),
        ("TRTC", {"demoSences": 2}, {"strUserId": "42"}),
        ("VOLC", {}, {"strUserId": "42"}),
        ("GIN", {"isMixingEnabled": False}, {"strUserId": "42"}),
        ("ALI", {"isMixingEnabled": False}, {"strUserId": "42"}),
        ("GIN", {}, {}),
        ("YUNXIN", {}, {}),
        ("ZEGO", {}, {}),
    ],
)
def test_who_spoke(audio: AudioV4, kind: str, param: Json, who: Json) -> None:
    audio.play({"at": 1, "speaker": "42", "text": "x"})
    audio.start(kind, param)
    aux = audio.run(10)[0]["audioDetail"]["auxInfo"]
    assert {name: aux[name] for name in ("userId", "strUserId") if name in aux} == who


def test_loud_ones_of_a_mixed_agora_channel(audio: AudioV4) -> None:
    audio.play({"at": 1, "speaker": "42", "text": "x"})
    audio.start("AGORA")
    assert audio.run(10)[0]["audioDetail"]["speakers"] == [[{"uid": 42, "volume": 200}]]


def test_spelling_and_presence_are_settings(audio: AudioV4) -> None:
    audio.set(v4_bt_id_key="btid", v4_request_params="at_end", v4_stat_code_always=True)
    task = audio.start(returnFinishInfo=0)
    (body,) = audio.run(10)
    assert (body["btid"], body["statCode"]) == ("bt-1", 0)
    assert not {"btId", "requestParams"} & set(body)
    audio.finish(task)
    assert audio.run(19) == []
