"""What callbacks say: the three tasks, their rules, their times and their spellings."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.doubles.conftest import Time
from tests.unit.doubles.test_double_tupu_caller import (
    INSULT,
    MODERATION,
    TRANSCRIPTION,
    VULGAR,
    Tupu,
    element,
)

MOAN = {"risk_level": "REJECT", "risk_type": 250, "score": 920}
UNSURE = {"text": "不太确定", "risk_level": "REVIEW", "risk_type": 100}
SLICE = {"sliceStartTime": "2023-11-15 06:13:30", "sliceEndTime": "2023-11-15 06:13:40"}


@pytest.fixture
def tupu(time: Time) -> Tupu:
    return Tupu(time)


def test_a_slice_of_the_moderation_task(tupu: Tupu) -> None:
    tupu.play({"at": 12} | INSULT, {"at": 15, "text": "你好"})
    task = tupu.start([MODERATION], forumId="room-1:0007", userId="")
    _, said = tupu.run(20)
    assert list(said) == ["code", "message", "nonce", "timestamp", MODERATION]
    assert (said["code"], said["message"], said["timestamp"]) == (0, "success", 1_700_000_020_000)
    assert element(said, MODERATION) == SLICE | {
        "requestId": task,
        "roomId": "room-1",
        "userId": "",
        "forumId": "room-1:0007",
        "content": "你这个废物，你好",
        "action": "block",
        "label": "Abuse",
        "review": False,
        "rate": 0.87,
        "speechUrl": f"https://media.example.com/tupu/{task}/1.mp3",
        "details": [{"keyword": "废物", "hint": "你这个废物", "mainLabel": "Abuse", "subLabel": ""}],
    }


def test_silence_passes(tupu: Tupu) -> None:
    tupu.start([MODERATION, VULGAR, TRANSCRIPTION])
    (quiet,) = tupu.run(10)
    passed = element(quiet, MODERATION)
    verdict = [passed[name] for name in ("content", "action", "label", "review", "rate", "details")]
    assert verdict == ["", "pass", "Normal", False, 0.02, []]
    assert [element(quiet, VULGAR)[name] for name in ("label", "review", "details")] == ["0", False, []]
    assert element(quiet, TRANSCRIPTION, "texts")["content"] == ""


def test_a_slice_of_the_transcription_task(tupu: Tupu) -> None:
    tupu.play({"at": 12, "text": "你好"})
    task = tupu.start([TRANSCRIPTION], forumId="f")
    assert element(tupu.run(20)[1], TRANSCRIPTION, "texts") == SLICE | {
        "requestId": task,
        "roomId": "room-1",
        "forumId": "f",
        "content": "你好",
        "speechUrl": f"https://media.example.com/tupu/{task}/1.mp3",
    }


def test_a_slice_of_the_vulgar_task(tupu: Tupu) -> None:
    tupu.play({"at": 12} | MOAN)
    task = tupu.start()
    said = tupu.run(20)[1]
    assert element(said, VULGAR) == SLICE | {
        "requestId": task,
        "roomId": "room-1",
        "label": "1",
        "review": False,
        "speechUrl": f"https://media.example.com/tupu/{task}/1.mp3",
        "details": [{"startTime": 10, "endTime": 20, "label": 1, "rate": 0.92}],
    }
    assert element(said, MODERATION)["action"] == "pass"


def test_review(tupu: Tupu) -> None:
    tupu.play({"at": 1} | UNSURE, {"at": 2, "risk_level": "REVIEW", "risk_type": 250})
    tupu.start()
    (said,) = tupu.run(10)
    found = element(said, MODERATION)
    assert [found[n] for n in ("action", "label", "review", "rate")] == ["review", "Politics", True, 0.6]
    assert (element(said, VULGAR)["label"], element(said, VULGAR)["review"]) == ("1", True)


@pytest.mark.parametrize(
    ("risk_type", "label"),
    [
        *((100, "Politics"), (110, "Terror"), (200, "Porn"), (210, "Abuse"), (300, "ADs"), (400, "Nosense")),
        *((520, "Sensitive"), (600, "Sensitive"), (700, "Sensitive"), (900, "UserDefine"), (999, "999")),
        (None, "UserDefine"),
    ],
)
def test_labels(tupu: Tupu, risk_type: int | None, label: str) -> None:
    kind = {} if risk_type is None else {"risk_type": risk_type}
    tupu.play({"at": 1, "text": "x", "risk_level": "REJECT"} | kind)
    tupu.start([MODERATION])
    assert element(tupu.run(10)[0], MODERATION)["label"] == label


def test_the_worst_line_decides_and_every_word_is_told(tupu: Tupu) -> None:
    tupu.play({"at": 1, "matched_item": "确定"} | UNSURE, {"at": 2} | INSULT, {"at": 3, "text": "好"})
    tupu.start([MODERATION])
    found = element(tupu.run(10)[0], MODERATION)
    assert (found["action"], [one["keyword"] for one in found["details"]]) == ("block", ["确定", "废物"])


def told(tupu: Tupu, rules: int | None, tasks: list[str], until: float = 40) -> list[list[str]]:
    """Which tasks were told, by callback."""
    tupu.play({"at": 5, "text": "你好"}, {"at": 15} | INSULT, {"at": 25} | MOAN)
    tupu.start(tasks, callbackRules=... if rules is None else rules)
    return [[name for name in content if len(name) == 24] for content in tupu.run(until)]


ALL = [MODERATION, VULGAR, TRANSCRIPTION]


@pytest.mark.parametrize(
    ("rules", "settings", "expected"),
    [
        (None, {}, [[MODERATION, TRANSCRIPTION], [VULGAR, TRANSCRIPTION]]),
        (0, {}, [[MODERATION, TRANSCRIPTION], [VULGAR, TRANSCRIPTION]]),
        (0, {"plain_text": "nothing"}, [[MODERATION], [VULGAR]]),
        (0, {"plain_text": "text"}, [[TRANSCRIPTION], [MODERATION, TRANSCRIPTION], [VULGAR]]),
        (1, {}, [ALL, ALL, ALL, ALL]),
        (2, {}, [[MODERATION, TRANSCRIPTION], [VULGAR, TRANSCRIPTION]]),
        (2, {"rule_2": "every"}, [ALL, ALL, ALL, ALL]),
        (2, {"rule_2": "nothing"}, []),
        (0, {"callbacks": "apart"}, [[MODERATION], [TRANSCRIPTION], [VULGAR], [TRANSCRIPTION]]),
    ],
)
def test_rules(tupu: Tupu, rules: int | None, settings: Any, expected: list[list[str]]) -> None:
    tupu.set(**settings)
    assert told(tupu, rules, ALL) == expected


def test_a_slice_is_made_even_if_nobody_is_told(tupu: Tupu) -> None:
    task = tupu.start(callbackRules=0)
    assert tupu.run(30) == []
    assert tupu.task(task)["segments"] == {"made": 3, "pushed": 0, "acknowledged": 0, "given_up": 0}


def test_spellings(tupu: Tupu) -> None:
    tupu.set(moderation_array="speechs", vulgar_array="texts", forum_field="dataId", keyword_field="key")
    tupu.set(vulgar_label_as="number", rate_as="text", nonce_as="number", seis=True, model_details=True)
    tupu.play({"at": 1} | INSULT, {"at": 2} | UNSURE, {"at": 3} | MOAN)
    tupu.start(forumId="f")
    (said,) = tupu.run(10)
    found, sound = element(said, MODERATION, "speechs"), element(said, VULGAR, "texts")
    assert (found["dataId"], found["rate"], found["SEIs"], type(said["nonce"])) == ("f", "0.87", [], float)
    assert "forumId" not in found
    assert [(one["key"], one["mainLabel"]) for one in found["details"]] == [
        ("废物", "Abuse"),
        ("", "Politics"),
    ]
    assert (sound["label"], sound["details"][0]["rate"]) == (1, "0.92")


def test_what_is_optional_may_be_missing(tupu: Tupu) -> None:
    tupu.set(rate_as="null", with_request_id=False, echo=False, media_base_url="")
    tupu.start([MODERATION])
    found = element(tupu.run(10)[0], MODERATION)
    assert found["rate"] is None
    assert not {"requestId", "roomId", "speechUrl"} & set(found)


def test_pre_speech_comes_with_violations_only(tupu: Tupu) -> None:
    tupu.play({"at": 12} | INSULT)
    task = tupu.start([MODERATION], returnPreSpeech=True)
    quiet, said = (element(content, MODERATION) for content in tupu.run(20))
    assert "preSpeech" not in quiet
    assert said["preSpeech"] == f"https://media.example.com/tupu/{task}/1-before.mp3"
    tupu.set(pre_speech_field="preSpeechUrl")
    tupu.play({"at": 22} | INSULT)
    assert "preSpeechUrl" in element(tupu.run(30)[0], MODERATION)


def test_a_script_adds_to_every_element(tupu: Tupu) -> None:
    tupu.play({"at": 1, "text": "x", "detail": {"tupu": {"SEIs": [{"a": 1}]}, "other": 1}})
    tupu.start([TRANSCRIPTION])
    found = element(tupu.run(10)[0], TRANSCRIPTION, "texts")
    assert found["SEIs"] == [{"a": 1}]
    assert "other" not in found
    tupu.play({"at": 11, "text": "x", "detail": {"tupu": "no object"}})
    assert len(tupu.run(20)) == 1


def test_times_are_of_the_task_or_of_now(tupu: Tupu, time: Time) -> None:
    tupu.start([TRANSCRIPTION])
    time.wall += 3600
    assert element(tupu.run(10)[0], TRANSCRIPTION, "texts")["sliceEndTime"] == "2023-11-15 06:13:30"
    tupu.set(timeline="real", zone_hours=0)
    found = element(tupu.run(20)[0], TRANSCRIPTION, "texts")
    assert (found["sliceStartTime"], found["sliceEndTime"]) == ("2023-11-14 23:13:30", "2023-11-14 23:13:40")


@pytest.mark.parametrize("room", ["room-1", "s9", "*"])
def test_the_script_is_found_by_room_or_by_the_address(tupu: Tupu, room: str) -> None:
    tupu.play({"at": 1, "text": "你好"}, room=room)
    tupu.start([TRANSCRIPTION], url="rtmp://live.example.net/app/s9?x=1")
    assert element(tupu.run(10)[0], TRANSCRIPTION, "texts")["content"] == "你好"


def test_a_script_by_the_clock_of_its_room(tupu: Tupu) -> None:
    tupu.play({"at": 25, "text": "你好"}, clock="room")
    tupu.start([TRANSCRIPTION])
    tupu.run(20)
    later = tupu.start([TRANSCRIPTION])
    found = [element(content, TRANSCRIPTION, "texts") for content in tupu.run(30)]
    assert [one["content"] for one in found] == ["你好", "你好"]
    assert found[1]["requestId"] == later


def test_several_slices_in_one_callback(tupu: Tupu) -> None:
    tupu.set(slices_per_callback=3)
    tupu.play({"at": 25} | MOAN, {"at": 45} | INSULT)
    task = tupu.start(callbackRules=0)
    every = tupu.start([TRANSCRIPTION], roomId="room-2")
    (three,) = tupu.run(49)
    times = [one["sliceEndTime"][-5:] for one in three[TRANSCRIPTION]["texts"]]
    assert (times, tupu.times()) == (["13:30", "13:40", "13:50"], [30])
    tupu.run(52)
    tupu.close(task)
    tupu.admin("POST", f"tasks/{every}/lose")
    two, both = tupu.run(99)
    assert (len(two[TRANSCRIPTION]["texts"]), set(both) & {MODERATION, VULGAR}) == (2, {MODERATION, VULGAR})
    assert tupu.times() == [30, 52, 53]
    assert tupu.task(every)["segments"] == {"made": 5, "pushed": 2, "acknowledged": 2, "given_up": 0}


def test_latency_and_length(tupu: Tupu) -> None:
    tupu.set(slice_seconds=4.0, slice_latency=1.5)
    tupu.start()
    tupu.run(14)
    assert tupu.times() == [5.5, 9.5, 13.5]
