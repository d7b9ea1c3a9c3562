"""What segment callbacks say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from local.doubles.model import Json
    from tests.unit.doubles.conftest import Shumei, Time

ABUSE = {
    "at": 12,
    "speaker": "user-7",
    "text": "骂人",
    "risk_level": "REJECT",
    "risk_type": 210,
    "score": 870,
}
DOUBT = {"at": 22, "speaker": "user-8", "text": "可疑", "risk_level": "REVIEW", "risk_type": 999}
TALK = {"at": 2, "speaker": "user-7", "text": "你好"}


def test_segments_every_ten_seconds(shumei: Shumei) -> None:
    task = shumei.start()
    arrived = shumei.run(35)
    assert [body["requestId"] for body in arrived] == [f"{task}_{n}" for n in range(3)]
    assert [at for at, _ in shumei.got] == [10, 20, 30]


def test_silence(shumei: Shumei) -> None:
    shumei.start()
    (body,) = shumei.run(10)
    assert body["riskLevel"] == "PASS"
    assert "score" not in body
    detail = body["detail"]
    assert "riskType" not in detail
    assert (detail["vadCode"], detail["audioText"], detail["riskSource"]) == (0, "", 1000)


def test_speech_that_is_fine(shumei: Shumei) -> None:
    shumei.play(TALK)
    shumei.start()
    (body,) = shumei.run(10)
    detail = body["detail"]
    assert (body["riskLevel"], detail["riskType"], detail["vadCode"], detail["audioText"]) == (
        "PASS",
        0,
        1,
        "你好",
    )


def test_reject(shumei: Shumei) -> None:
    shumei.play(TALK, ABUSE | {"matched_item": "骂", "matched_list": "名单"})
    shumei.start()
    body = shumei.run(20)[1]
    detail = body["detail"]
    assert (body["riskLevel"], body["score"], body["code"]) == ("REJECT", 870, 1100)
    assert (detail["riskType"], detail["riskTypeDesc"], detail["riskSource"]) == (210, "辱骂", 1001)
    assert (detail["matchedItem"], detail["matchedList"]) == ("骂", "名单")


def test_every_documented_field_that_is_always_there(shumei: Shumei) -> None:
    shumei.play(ABUSE)
    shumei.start(room="room-1")
    body = shumei.run(20)[1]
    assert body.keys() == {"code", "message", "requestId", "score", "riskLevel", "statCode", "detail"}
    always = {
        "beginProcessTime", "finishProcessTime", "audioUrl", "audio_starttime", "audio_endtime",
        "audioText", "content", "description", "descriptionV2", "hits", "model", "requestParams",
        "riskType", "riskTypeDesc", "room", "vadCode", "businessLabels", "riskSource",
    }  # fmt: skip
    assert body["detail"].keys() == always


def test_review_has_no_score_and_unknown_types_pass_through(shumei: Shumei) -> None:
    shumei.play(DOUBT)
    shumei.start()
    body = shumei.run(30)[2]
    assert (body["riskLevel"], body["detail"]["riskType"]) == ("REVIEW", 999)
    assert "score" not in body


def test_the_worst_line_decides(shumei: Shumei) -> None:
    shumei.play(DOUBT | {"at": 1}, ABUSE | {"at": 2}, TALK | {"at": 3})
    shumei.start()
    (body,) = shumei.run(10)
    assert (body["riskLevel"], body["detail"]["audioText"]) == ("REJECT", "可疑，骂人，你好")


def test_sound_without_words(shumei: Shumei) -> None:
    shumei.play({"at": 1, "risk_level": "REJECT", "risk_type": 250})
    shumei.start()
    (body,) = shumei.run(10)
    assert (body["score"], body["detail"]["riskSource"], body["detail"]["vadCode"]) == (850, 1003, 1)


def test_only_what_is_not_pass_unless_everything_is_asked_for(shumei: Shumei) -> None:
    shumei.play(TALK, ABUSE, DOUBT)
    shumei.start(returnAllText=False)
    assert [body["riskLevel"] for body in shumei.run(60)] == ["REJECT", "REVIEW"]


def test_default_switches_say_nothing_about_a_clean_room(shumei: Shumei) -> None:
    shumei.play(TALK)
    task = shumei.submit()["requestId"]
    arrived = shumei.run(60)
    shumei.finish(task)
    assert arrived + shumei.run(100) == []


def test_times_are_wall_clock_of_utc_plus_eight(shumei: Shumei) -> None:
    shumei.start()
    first, second = (body["detail"] for body in shumei.run(20))
    assert (first["audio_starttime"], first["audio_endtime"]) == (
        "2023-11-15 06:13:20",
        "2023-11-15 06:13:30",
    )
    assert second["audio_starttime"] == first["audio_endtime"]
    assert first["beginProcessTime"] == 1_700_000_010_120
    assert first["finishProcessTime"] == 1_700_000_010_980


@pytest.mark.parametrize(("timeline", "ends"), [("task", "06:13:40"), ("real", "06:13:22")])
def test_times_at_ten_times_the_speed(shumei: Shumei, time: Time, timeline: str, ends: str) -> None:
    shumei.set(timeline=timeline)
    shumei.start()
    time.scaled, time.wall = 20.0, time.wall + 2
    bodies = shumei.run(20)
    assert bodies[1]["detail"]["audio_endtime"] == f"2023-11-15 {ends}"


def test_the_whole_data_is_echoed(shumei: Shumei) -> None:
    sent = shumei.body(returnAllText=True, extra={"passThrough": {"a": [1]}}, callbackParam={"test1": 1})
    shumei.send(sent)
    assert shumei.run(10)[0]["detail"]["requestParams"] == sent["data"]


@pytest.mark.parametrize(("data", "room"), [({"room": "r-9"}, "r-9"), ({}, "room-1")])
def test_room(shumei: Shumei, data: Json, room: str) -> None:
    shumei.start(**data)
    assert shumei.run(10)[0]["detail"]["room"] == room


def test_stat_code_belongs_to_return_finish_info(shumei: Shumei) -> None:
    shumei.start()
    shumei.start("NORMAL", returnFinishInfo=False)
    with_it, without = shumei.run(10)
    assert with_it["statCode"] == 0
    assert "statCode" not in without


def test_previous_text_and_audio(shumei: Shumei) -> None:
    shumei.play(TALK, ABUSE)
    task = shumei.start(returnPreText=True, returnPreAudio=True)
    first, second = (body["detail"] for body in shumei.run(20))
    assert (first["content"], second["content"]) == ("你好", "你好骂人")
    assert "preAudioUrl" not in first
    assert second["preAudioUrl"] == first["audioUrl"] == f"https://media.example.com/clip/{task}/0.mp3"


@pytest.mark.parametrize(("kind", "data"), [("TRTC", {}), ("ZEGO", {"audioDetectStep": 1})])
def test_nothing_previous_for_trtc_or_interval_auditing(shumei: Shumei, kind: str, data: Json) -> None:
    shumei.play(ABUSE | {"at": 21}, TALK)
    shumei.start(kind, returnPreText=True, returnPreAudio=True, **data)
    last = shumei.run(30)[-1]["detail"]
    assert last["content"] == "骂人"
    assert "preAudioUrl" not in last


def test_content_without_pre_text_is_a_setting(shumei: Shumei) -> None:
    shumei.play(TALK)
    shumei.start()
    assert shumei.run(10)[0]["detail"]["content"] == "你好"
    shumei.set(content_without_pre_text=False)
    assert "content" not in shumei.run(20)[0]["detail"]


@pytest.mark.parametrize(("step", "heard"), [(1, [0, 2, 4]), (2, [0, 3]), (36, [0])])
def test_interval_auditing(shumei: Shumei, step: int, heard: list[int]) -> None:
    task = shumei.start(audioDetectStep=step)
    assert [body["requestId"] for body in shumei.run(50)] == [f"{task}_{n}" for n in heard]


PEOPLE = {"speakers": {"user-7": "s_7_main", "user-8": "s-8"}}


def test_split_zego_has_a_segment_per_stream(shumei: Shumei) -> None:
    shumei.play(TALK, **PEOPLE)
    task = shumei.start(param={"isMixingEnabled": False})
    seven, eight = shumei.run(10)
    assert (seven["requestId"], seven["detail"]["strUserId"]) == (f"{task}_s_7_main_0", "user-7")
    assert (eight["requestId"], eight["detail"]["strUserId"]) == (f"{task}_s-8_0", "user-8")
    assert (seven["detail"]["vadCode"], eight["detail"]["vadCode"]) == (1, 0)
    assert "userId" not in seven["detail"]


def test_mixed_zego_blames_nobody(shumei: Shumei) -> None:
    shumei.play(ABUSE, **PEOPLE)
    shumei.start()
    assert not {"strUserId", "userId"} & shumei.run(20)[1]["detail"].keys()


@pytest.mark.parametrize(("script", "texts"), [(PEOPLE, "你好"), ({}, "你好，别人")])
def test_single_stream(shumei: Shumei, script: Json, texts: str) -> None:
    shumei.play(TALK, TALK | {"speaker": "user-8", "text": "别人"}, **script)
    task = shumei.start(param={"streamId": "s_7_main"})
    (body,) = shumei.run(10)
    assert (body["requestId"], body["detail"]["audioText"]) == (f"{task}_s_7_main_0", texts)


@pytest.mark.parametrize(
    ("kind", "param", "key", "value"),
    [
        ("TRTC", {"demoSences": 2}, "strUserId", "user-7"),
        ("VOLC", {}, "strUserId", "user-7"),
        ("GIN", {"isMixingEnabled": False}, "strUserId", "user-7"),
        ("ALI", {"isMixingEnabled": "false"}, "strUserId", "user-7"),
        ("AGORA", {"isMixingEnabled": False}, "userId", 77),
    ],
)
def test_who_spoke_on_other_platforms(
    shumei: Shumei, kind: str, param: Json, key: str, value: object
) -> None:
    speaker = str(value)
    shumei.play(TALK | {"speaker": speaker})
    task = shumei.start(kind, param)
    (body,) = shumei.run(10)
    assert body["requestId"] == f"{task}_{speaker}_0"
    assert body["detail"][key] == value


def test_seed_dialect_names_trtc_users_only(shumei: Shumei) -> None:
    shumei.set(dialect="seed")
    shumei.start("TRTC", {"demoSences": 2})
    shumei.start(param={"isMixingEnabled": False})
    trtc, zego = shumei.run(10)
    assert trtc["detail"]["strUserId"] == "user-1"
    assert "strUserId" not in zego["detail"]


def test_agora_names_become_stable_numbers(shumei: Shumei) -> None:
    shumei.play(TALK)
    shumei.start("AGORA", {"isMixingEnabled": False})
    one, two = (body["detail"]["userId"] for body in shumei.run(20))
    assert one == two
    assert 0 <= one <= 4294967295


def test_agora_mixed_has_speakers(shumei: Shumei) -> None:
    shumei.play(TALK | {"speaker": "5"})
    shumei.start("AGORA")
    assert shumei.run(10)[0]["detail"]["speakers"] == [[{"uid": 5, "volume": 200}]]


@pytest.mark.parametrize(("setting", "middle"), [("recorder", "_12345"), ("plain", "")])
def test_mixed_trtc_segment_id(shumei: Shumei, setting: str, middle: str) -> None:
    shumei.set(trtc_mixed_id=setting)
    task = shumei.start("TRTC")
    assert shumei.run(10)[0]["requestId"] == f"{task}{middle}_0"


@pytest.mark.parametrize(
    ("kind", "param", "heard"),
    [
        ("VOLC", {"subscribeMode": "UNTRUSTED", "untrustedUserIdList": ["7"]}, ["7"]),
        ("VOLC", {"subscribeMode": "TRUSTED", "trustedUserIdList": ["7"]}, ["8"]),
        ("AGORA", {"isMixingEnabled": False, "subscribeMode": "TRUSTED", "trustedUserIdList": ["7"]}, ["8"]),
        ("TRTC", {"demoSences": 2, "uid": "8"}, ["8"]),
        ("TRTC", {"demoSences": 2}, ["7", "8"]),
    ],
)
def test_who_is_listened_to(shumei: Shumei, kind: str, param: Json, heard: list[str]) -> None:
    shumei.play(speakers={"7": "s7", "8": "s8"})
    task = shumei.start(kind, param)
    assert [body["requestId"] for body in shumei.run(10)] == [f"{task}_{user}_0" for user in heard]


def test_business_functions(shumei: Shumei) -> None:
    shumei.play(TALK | {"sing": True, "language": 2}, {"at": 11, "risk_level": "REVIEW", "risk_type": 520})
    shumei.start(top={"type": "MINOR", "businessType": "GENDER_SING_LANGUAGE"})
    first, second = (body["detail"] for body in shumei.run(20))
    assert (first["isSing"], first["language"]) == (1, [{"label": 2, "confidence": 98}])
    assert first["businessLabels"]
    assert (second["isSing"], second["minorLabel"]) == (0, 1)


def test_a_line_may_add_any_detail(shumei: Shumei) -> None:
    shumei.play(TALK | {"detail": {"seiInfo": ["x"], "riskType": 340}})
    shumei.start()
    detail = shumei.run(10)[0]["detail"]
    assert (detail["seiInfo"], detail["riskType"]) == (["x"], 340)
