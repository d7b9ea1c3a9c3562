"""What tasks hear, and the items that tell of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local.doubles.scenario import load
from tests.unit.doubles.conftest import START, Time
from tests.unit.doubles.test_double_yidun_caller import Yidun

SCENARIOS = sorted((Path(__file__).parents[3] / "local/scenarios").glob("*.yaml"))
ABUSE = {
    "at": 2,
    "speaker": "user-7",
    "text": "废物",
    "risk_level": "REJECT",
    "risk_type": 210,
    "score": 970,
    "matched_item": "废物",
    "matched_list": "辱骂词库",
}


@pytest.fixture
def yidun(time: Time) -> Yidun:
    return Yidun(time)


def evidence(yidun: Yidun, until: float = 60) -> list[Any]:
    return [item["antispam"]["evidences"] for item in yidun.run(until)]


def test_a_hit(yidun: Yidun) -> None:
    yidun.play({"at": 0, "text": "晚上好"}, ABUSE)
    task = yidun.pushed(callback="cb")
    first, hit = yidun.run(20)
    assert first["antispam"]["evidences"]["content"] == "晚上好"
    front = {"content": "晚上好", "url": f"https://media.example.com/yidun/{task}/seg-0001-front.mp3"}
    keyword = {"word": "废物", "strategyGroupId": "77", "strategyGroupName": "辱骂词库"}
    sub = {"subLabel": "600018", "rate": 0.97, "details": {"keywords": [keyword]}}
    start = round(START * 1000)
    assert hit == {
        "antispam": {
            "taskId": task,
            "dataId": "room-1:1",
            "callback": "cb",
            "censorSource": 2,
            "status": 2,
            "languageCode": "zh",
            "riskLevel": 4,
            "riskScore": 97,
            "evidences": {
                "suggestion": 2,
                "label": 600,
                "startTime": start + 2000,
                "endTime": start + 7000,
                "content": "废物",
                "speakerId": "user-7",
                "segmentId": "seg-0001",
                "url": f"https://media.example.com/yidun/{task}/seg-0001.mp3",
                "frontSegment": front,
                "labels": [{"label": 600, "level": 2, "rate": 0.97, "subLabels": [sub]}],
            },
        }
    }
    assert yidun.times() == [2, 7]  # the next line ends a sentence, or five seconds


@pytest.mark.parametrize(
    ("risk", "label", "sub"),
    [
        (100, 500, "500013"),
        (110, 300, "300016"),
        (200, 100, "100001"),
        (210, 600, "600018"),
        (250, 100, "100004"),
        (300, 200, "200012"),
        (400, 700, "700019"),
        (600, 400, "400017"),
        (260, 500, "500013"),
        (520, 900, "900020"),
        (700, 900, "900020"),
        (900, 900, "900020"),
        (999, 999, None),
        (None, 900, "900020"),
    ],
)
def test_labels(yidun: Yidun, risk: int | None, label: int, sub: str | None) -> None:
    yidun.play({"at": 1, "text": "x", "risk_level": "REVIEW"} | ({"risk_type": risk} if risk else {}))
    yidun.pushed()
    (found,) = evidence(yidun)
    assert (found["suggestion"], found["suggestionLevel"], found["label"]) == (1, 1, label)
    (hit,) = found["labels"]
    assert (hit["label"], hit["level"]) == (label, 1)
    assert [below["subLabel"] for below in hit["subLabels"]] == ([sub] if sub else [])


def test_a_pass(yidun: Yidun) -> None:
    yidun.play({"at": 1, "text": "你好", "risk_type": 100})
    yidun.pushed()
    (found,) = evidence(yidun, 10)
    assert (found["suggestion"], found["label"], found["labels"]) == (0, 0, [])
    assert not {"frontSegment", "suggestionLevel"} & set(found)


def test_passes_may_be_kept_back(yidun: Yidun) -> None:
    yidun.set(passes=False)
    yidun.play({"at": 0, "text": "你好"}, ABUSE)
    yidun.pushed()
    assert [e["suggestion"] for e in evidence(yidun)] == [2]


def test_sound_without_words(yidun: Yidun) -> None:
    """Singing is nothing to tell of; moaning is."""
    yidun.play(
        {"at": 1, "text": "", "sing": True},
        {"at": 9, "text": "", "risk_level": "REJECT", "risk_type": 250},
    )
    yidun.pushed()
    (found,) = evidence(yidun)
    assert (found["content"], found["label"], found["labels"][0]["rate"]) == ("", 100, 0.85)


def test_every_comes_again_and_sentence_length_is_a_setting(yidun: Yidun) -> None:
    yidun.set(sentence_seconds=3)
    yidun.play({"at": 4, "text": "a", "every": 10}, {"at": 15.5, "text": "b"})
    yidun.pushed(url="https://h.example.com/x")
    found = evidence(yidun, 30)
    assert [(e["content"], e["startTime"] / 1000 - START) for e in found] == [
        ("a", 4),
        ("a", 14),
        ("b", 15.5),
        ("a", 24),
    ]
    assert yidun.times() == [7, 15.5, 18.5, 27]


def test_relative_times(yidun: Yidun) -> None:
    yidun.set(times="relative", sentence_latency=2)
    yidun.play(ABUSE)
    yidun.run(100)
    yidun.pushed()
    (found,) = evidence(yidun, 200)
    assert (found["startTime"], found["endTime"], yidun.times()) == (2000, 7000, [109])


def test_clock_of_the_room(yidun: Yidun) -> None:
    yidun.play({"at": 50, "text": "later"}, clock="room")
    yidun.start()
    yidun.run(40)
    yidun.pushed()
    (found,) = evidence(yidun, 100)
    assert found["startTime"] / 1000 == START + 50


def test_speaker_is_known_to_listeners_only(yidun: Yidun) -> None:
    yidun.play(ABUSE)
    yidun.pushed(url="https://h.example.com/x.m3u8")
    assert "speakerId" not in evidence(yidun)[0]


@pytest.mark.parametrize(
    ("fields", "heard"),
    [
        ({}, ["a", "b", "c"]),
        ({"checkSpeakerIds": "1, 2"}, ["a", "b"]),
        ({"noCheckSpeakerIds": "2"}, ["a", "c"]),
        ({"checkSpeakerIds": "1,2", "noCheckSpeakerIds": "2"}, ["a"]),
    ],
)
def test_speakers_that_are_listened_to(yidun: Yidun, fields: Any, heard: list[str]) -> None:
    yidun.play(*({"at": n, "speaker": n, "text": " abc"[n]} for n in (1, 2, 3)))
    yidun.pushed(**fields)
    assert [e["content"] for e in evidence(yidun)] == heard


def test_further_blocks(yidun: Yidun) -> None:
    yidun.set(blocks={"asr": True, "language": True, "voice": True, "quality": True})
    yidun.play(ABUSE)
    task = yidun.pushed(checkLanguageCode="en")
    found = yidun.run(10)
    assert [list(item) for item in found] == [["antispam"], ["asr"], ["language"], ["voice"], ["quality"]]
    start = round(START * 1000)
    assert found[1]["asr"] == {
        "taskId": task,
        "dataId": "room-1:1",
        "startTime": start + 2000,
        "endTime": start + 7000,
        "speakerId": "user-7",
        "content": "废物",
    }
    assert (found[2]["language"]["content"], found[4]["quality"]["details"]) == ("en", {"silent": False})
    yidun.set(blocks_together=True, blocks={"voice": False})
    yidun.pushed()
    assert [list(item) for item in yidun.run(20)] == [["antispam", "asr", "language", "quality"]]


def test_sparse_and_strange_items(yidun: Yidun) -> None:
    yidun.set(sparse=True, extra_fields=True)
    yidun.play(ABUSE)
    task = yidun.pushed(callback="cb")
    (item,) = yidun.run(10)
    assert set(item) == {"antispam", "unheardOfBlock"}
    assert set(item["antispam"]) == {"taskId", "status", "evidences", "unheardOf"}
    found = item["antispam"]["evidences"]
    assert set(found) == {"suggestion", "label", "startTime", "endTime", "content", "labels"}
    assert (item["antispam"]["taskId"], found["labels"]) == (task, [{"label": 600, "level": 2, "rate": 0.97}])


def test_group_id_and_audio_addresses_are_settings(yidun: Yidun) -> None:
    yidun.set(group_id_as_number=True, media_base_url="")
    yidun.play(ABUSE)
    yidun.pushed()
    (found,) = evidence(yidun)
    assert found["labels"][0]["subLabels"][0]["details"]["keywords"][0]["strategyGroupId"] == 77
    assert "url" not in found
    assert found["frontSegment"] == {"content": ""}


def test_what_was_cut_short_comes_late_or_not(yidun: Yidun) -> None:
    yidun.play({"at": 8, "text": "a"})
    first = yidun.pushed()
    yidun.run(10)
    yidun.stop(first)
    assert [list(i["antispam"])[-2:] for i in yidun.run(50)] == [["billDuration", "censorSource"]]
    yidun.set(late_after=30)
    second = yidun.pushed()
    yidun.run(60)
    yidun.stop(second)
    end, late = yidun.run(200)
    assert (end["antispam"]["finishType"], late["antispam"]["evidences"]["content"]) == (1, "a")
    assert late["antispam"]["evidences"]["endTime"] / 1000 == START + 60
    assert yidun.times()[-2:] == [61, 90]


def test_posted_scenario_takes_effect_in_running_tasks(yidun: Yidun) -> None:
    yidun.pushed()
    yidun.run(20)
    script = {
        "name": "n",
        "rooms": {"room-1": {"lines": [{"at": 10, "text": "past"}, {"at": 30, "text": "b"}]}},
    }
    assert yidun.admin("POST", "scenario", script) == (200, {"ok": True, "scenario": "n"})
    assert [e["content"] for e in evidence(yidun)] == ["b"]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_scenarios_of_all_vendors_play(yidun: Yidun, path: Path) -> None:
    yidun.world.runner.play(load(path), yidun.time.now)
    for room in ("room-1", "room-empty", "room-missing", "room-polite"):
        yidun.pushed(url=f"rtc://room.zego.im/{room}?identify_token={room}")
    found = yidun.run(120)
    assert {item["antispam"]["status"] for item in found if "evidences" in item["antispam"]} == {2}
    if path.stem == "mixed-bag":
        labels = {item["antispam"].get("evidences", {}).get("label") for item in found}
        assert {0, 100, 500, 900, 999} <= labels


def test_evidence_of_the_solution(yidun: Yidun) -> None:
    picture = {"evidence": {"url": "https://p.example.com/1.jpg"}, "labels": [{"label": 100, "level": 2}]}
    yidun.play(ABUSE | {"detail": {"video": picture}})
    wall = "/v3/livewallsolution/check"
    for number, kind in enumerate(("0", "1", "2")):
        yidun.pushed(wall, url=f"https://h.example.com/{number}", detectType=kind)
    both, video, audio = evidence(yidun, 10)
    assert [list(e) for e in (both, video, audio)] == [["audio", "video"], ["video"], ["audio"]]
    assert (both["audio"]["label"], both["video"]["labels"][0]["label"]) == (600, 100)
    assert both["video"]["evidence"]["url"] == "https://p.example.com/1.jpg"
    assert both["video"]["evidence"]["suggestion"] == 2
